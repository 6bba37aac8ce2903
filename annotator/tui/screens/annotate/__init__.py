"""The annotate screen."""
