"""Searching all texts and annotations of a store, and changing what was found in one step."""
