"""The annotate screen."""

from annotator.tui.screens.annotate.screen import AnnotateScreen

__all__ = ["AnnotateScreen"]
