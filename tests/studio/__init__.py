"""The round trip through a real Label Studio: `make test-studio`."""
