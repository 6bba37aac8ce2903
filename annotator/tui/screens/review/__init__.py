"""The review screen."""

from annotator.tui.screens.review.screen import ReviewScreen

__all__ = ["ReviewScreen"]
