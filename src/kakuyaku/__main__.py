"""``python -m kakuyaku``."""

from kakuyaku.cli import main

main()
