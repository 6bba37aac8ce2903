"""The find screen: words and patterns in all texts, and what becomes of the hits."""
