"""Agreement between annotators, computed from their stored passes."""
