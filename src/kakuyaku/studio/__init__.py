"""The round trip through Label Studio: a local server, articles out, annotation back, adjudication."""
