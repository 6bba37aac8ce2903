"""One project opened: store, label set, settings and suggestion worker; tokens and sets to whoever needs them."""

from annotator.store.writer import SaveState
from annotator.suggest.service import ServiceKind, ServiceState
from annotator.workspace.events import Event, Saved, Suggested, SuggesterChanged
from annotator.workspace.opening import open_store
from annotator.workspace.workspace import Workspace

__all__ = [
    "Event",
    "SaveState",
    "Saved",
    "ServiceKind",
    "ServiceState",
    "Suggested",
    "SuggesterChanged",
    "Workspace",
    "open_store",
]
