"""What the project promises under bad input and faults, tried out and counted: ``python -m tests.reliability``."""
