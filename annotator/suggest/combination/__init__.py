"""Combining what several sources propose into one set of suggestions."""
