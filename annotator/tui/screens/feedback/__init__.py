"""The feedback screen."""

from annotator.tui.screens.feedback.findings import Entry, FeedbackState
from annotator.tui.screens.feedback.screen import FeedbackScreen, Lead, Place

__all__ = ["Entry", "FeedbackScreen", "FeedbackState", "Lead", "Place"]
