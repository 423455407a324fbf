"""The published dataset: its tables and card, built, checked and loaded."""
