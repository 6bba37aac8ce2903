"""Sets on their way to the store: who may write them, what is saved of them, and which version holds."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

from annotator.editing.editor import Editor
from annotator.errors import DamageError, SaveError
from annotator.model.annotations import AnnotationSet
from annotator.model.counting import counted
from annotator.model.decisions import By
from annotator.model.labels import LabelSet
from annotator.settings import Settings
from annotator.store.layout import GOLD
from annotator.store.locks import HeldBy, Hold
from annotator.store.repository import Store
from annotator.store.versions import Version
from annotator.store.writer import Acknowledged, SaveState, Writer
from annotator.workspace.effort import EffortCounter
from annotator.workspace.events import Event, Saved


class QueuePosition(NamedTuple):
    """Where a document stands in the queue: its number, of how many, in which order."""

    number: int
    total: int
    order: str


_KEPT_EDITORS = 16
"""So many documents stay open behind the screen, with their cursors; unsaved ones stay in any case."""

_PATIENCE = 10.0
"""Seconds that leaving waits for a save."""


class SavingWorkspace:
    """The sets of one `owner` in a store, held against other programs while they are worked on, and saved.

    The owner is an annotator, or gold. Methods belong to the interface's thread. `listener` is told of `Event`s from
    any thread.
    """

    def __init__(self, store: Store, *, owner: str, settings: Settings) -> None:
        self.store = store
        self.settings = settings
        self.owner = owner
        self.listener: Callable[[Event], None] = _ignore
        self._effort = EffortCounter()
        self._editors: dict[str, Editor] = {}
        self._loaded: dict[str, int] = {}
        self._hold = self._take_hold()
        self.read_only = self._obstacle()
        """Why nothing can be saved here, such as another program that has the same sets open; None if all can be."""
        self._writer = Writer(store, on_saved=self._on_saved)
        self._notices = _notices(store)

    def _damage(self, messages: Iterable[str]) -> DamageError | None:
        """What is known to be damaged, unfinished or unmerged, as one error; None if nothing is."""
        return damage_of([*self._notices, *messages])

    @property
    def label_set(self) -> LabelSet:
        """The label set of the store."""
        return self.store.info.label_set

    def _take_hold(self) -> Hold | HeldBy | None:
        """The right to write the owner's sets, or who has it; None if they are not to be written here at all."""
        return self.store.hold(self.owner)

    def _obstacle(self) -> str | None:
        if isinstance(self._hold, HeldBy):
            return f"open by {self._hold}"
        return self.store.is_read_only

    def try_writing(self) -> bool:
        """Find out anew whether decisions can be saved; True if they can now: every editor is to be asked for again."""
        if self.read_only is not None:
            if isinstance(self._hold, HeldBy):
                self._hold = self._take_hold()
            self.read_only = self._obstacle()
            self._editors.clear()
        return self.read_only is None

    # Editors

    def _load_set(self, document_id: str) -> AnnotationSet:
        """The owner's set: as it was submitted last, else from the store."""
        if (waiting := self._writer.newest(document_id, self.owner)) is not None:
            return waiting
        annotation_set = self.store.load_set(document_id, self.owner, gold=self.owner == GOLD)
        self._loaded[document_id] = annotation_set.revision
        return annotation_set

    def _keep(self, document_id: str, editor: Editor) -> None:
        """Keep an editor open as the one used last, and let go of the oldest saved ones."""
        self._editors.pop(document_id, None)
        self._editors[document_id] = editor
        for old in list(self._editors)[:-_KEPT_EDITORS]:
            if self.save_state(self._editors[old]).is_saved:
                del self._editors[old]

    def _open_questions(self, editor: Editor) -> int:
        """How much is left to decide in a set, for the catalogue."""
        return len(editor.suggestion_state.open)

    def count_key(self, editor: Editor) -> None:
        """Count a key, and the time since the last one, as spent on a document."""
        self._effort.count_key(editor)

    # Saving

    def save(self, editor: Editor) -> None:
        """Have the newest state of a set saved; returns at once. Does nothing while the store is read-only."""
        if self.read_only is None and self._is_decided_on(editor):
            self._writer.submit(editor.annotation_set, undecided=self._open_questions(editor))

    def save_state(self, editor: Editor) -> SaveState:
        """How far the saving of an editor's set is; what was loaded counts as acknowledged, all else as submitted."""
        state = self._writer.state(editor.document.id, self.owner)
        loaded = self._loaded.get(editor.document.id, 0)
        newest = editor.annotation_set.revision if self._is_decided_on(editor) else 0
        return state._replace(
            submitted=max(state.submitted, newest), acknowledged=max(state.acknowledged, loaded)
        )

    def _is_decided_on(self, editor: Editor) -> bool:
        """Whether a set holds anything that the person at the screen has decided, and so is to be saved."""
        return True

    def flush(self) -> SaveError | None:
        """Wait until all is saved or has failed once more, for seconds at most; why something is not saved.

        To be called on a thread of its own.
        """
        unsaved = self._writer.flush(timeout=_PATIENCE)
        if not unsaved:
            return None
        error = self._writer.state(*unsaved[0]).error
        return error or SaveError("saving takes very long", hint="is the disk or share still there?")

    def unsaved_decisions(self) -> int:
        """How many decisions are in memory only."""
        states = [self.save_state(editor) for editor in self._editors.values()]
        return sum(state.submitted - state.acknowledged for state in states)

    def save_elsewhere(self, path: Path) -> int:
        """Save the sets that could not be saved to a zip file as well; how many. SaveError if that fails too."""
        return len(self._writer.save_elsewhere(path))

    def retry(self) -> None:
        """Try at once to save what could not be saved."""
        self._writer.retry()

    def _on_saved(self, acknowledged: Acknowledged) -> None:
        self.listener(Saved(acknowledged))

    # Another program's changes

    def follow_labels(self) -> str | None:
        """Take in a label set that another program has changed; what the person is told, None if none was changed.

        What has been renamed or merged gets its new label in the editors, as one step in each, and is saved; all of them
        are to be asked for again. To be called once a save has ended, for each save looks at `store.json`.
        """
        labels = self.label_set
        behind = [editor for editor in self._editors.values() if editor.label_set != labels]
        if not behind:
            return None
        from annotator.workspace.steps.relabelling import new_names, relabellings

        names = new_names(behind[0].label_set, labels)
        spans = 0
        for editor in behind:
            drafts = relabellings(editor.annotation_set, new_names(editor.label_set, labels))
            if drafts and self.read_only is None:
                spans += sum(draft.span is not None for draft in drafts)
                editor.decide(drafts, by=By.BULK)
                self.save(editor)
            del self._editors[editor.document.id]
        names_now = ", ".join(f"{old} is {new} now" for old, new in names.items()) or "it is another one now"
        return f"label set changed elsewhere: {names_now}" + (
            f"; {counted(spans, 'span')} changed" if spans else ""
        )

    # Versions

    def has_versions(self, document_id: str) -> bool:
        """True if somebody else has changed the owner's set on a document, so that one is to be chosen."""
        return self.store.has_versions(document_id, self.owner)

    def versions(self, document_id: str) -> list[Version]:
        """The versions of the owner's set on a document; more than one after a conflict."""
        self._writer.flush(timeout=_PATIENCE)
        return self.store.versions(document_id, self.owner)

    def choose(self, document_id: str, name: str) -> None:
        """Have one version hold; the document's editor is to be asked for again. Raises as `Store.choose`."""
        self.store.choose(document_id, self.owner, name)
        self._writer.forget(document_id, self.owner)
        self._editors.pop(document_id, None)

    def forget(self, documents: Iterable[str]) -> None:
        """Let go of the owner's sets on these documents, all saved, since a step of the store has changed them.

        Their editors are to be asked for again.
        """
        for document_id in documents:
            self._writer.forget(document_id, self.owner)
            self._editors.pop(document_id, None)

    # Leaving

    def close(self, *, wait: bool = True) -> None:
        """Stop the writer; with `wait`, save first what can be saved."""
        self.listener = _ignore
        if wait:
            for editor in self._editors.values():
                if not self.save_state(editor).is_saved:
                    self.save(editor)
        self._stop()
        self._writer.close(wait=wait, timeout=_PATIENCE)
        self.store.close()
        if isinstance(self._hold, Hold):
            self._hold.release()

    def _stop(self) -> None:
        """Stop what runs beside the writer."""


def _notices(store: Store) -> list[str]:
    """What a person is told who opens a store with a broken-off step, or that git could not merge."""
    notices = [store.unfinished_step]
    if any((folder / ".git").exists() for folder in (store.path, *store.path.parents)):
        from annotator.store.version_control import (
            unmerged_notice,
        )  # not before there is something to ask git

        notices.append(unmerged_notice(store.path))
    return [notice for notice in notices if notice is not None]


def damage_of(messages: list[str]) -> DamageError | None:
    """What is known to be damaged in a store, as one error; None if nothing is."""
    reasons = list(dict.fromkeys(messages))
    if not reasons:
        return None
    more = f" ({len(reasons) - 1} more like this)" if len(reasons) > 1 else ""
    return DamageError(
        f"{reasons[0]}{more}",
        hint="what is damaged is left out here, and nothing of it was changed; annotator check tells of all damage",
    )


def _ignore(event: Event) -> None:
    """Nobody listens."""
