"""What a screen with a document tells the app, and what reaches it from other threads."""

from __future__ import annotations

from dataclasses import dataclass

from textual.message import Message

from annotator.errors import AnnotatorError
from annotator.workspace import Event


@dataclass
class Happened(Message):
    """Something happened in the workspace, on another thread."""

    event: Event


@dataclass
class Failed(Message):
    """Something could not be done, and a dialog shall say so."""

    error: AnnotatorError
    title: str
