"""The tour: what the annotate screen is for, a key at a time."""
