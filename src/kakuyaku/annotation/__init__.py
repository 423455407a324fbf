"""Annotation: its files, the rules they obey, the actors they name, and moving them to a changed text."""
