"""Benchmarks: accuracy beside the peers (``peers``) and speed (``speed``). Run as ``python -m benchmarks.NAME``."""
