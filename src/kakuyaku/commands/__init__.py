"""The commands of ``kakuyaku``: each parses, calls one function of the library, and prints."""
