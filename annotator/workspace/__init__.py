"""One project opened: store, label set, settings and suggestion worker; tokens and sets to whoever needs them."""

from annotator.store.writer import SaveState
from annotator.suggest.worker.states import ServiceKind, ServiceState
from annotator.workspace.events import (
    Adapted,
    BackupFailed,
    Event,
    Learned,
    LearnerFailed,
    MemoryLoaded,
    Saved,
    Suggested,
    SuggesterChanged,
)
from annotator.workspace.opening import open_store
from annotator.workspace.workspace import Workspace

__all__ = [
    "Adapted",
    "BackupFailed",
    "Event",
    "Learned",
    "LearnerFailed",
    "MemoryLoaded",
    "SaveState",
    "Saved",
    "ServiceKind",
    "ServiceState",
    "Suggested",
    "SuggesterChanged",
    "Workspace",
    "open_store",
]
