"""The application that annotates: puts its screens and dialogs together."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from textual import on, work
from textual.screen import Screen

from annotator.settings import Settings
from annotator.tui.actions.annotate import ANNOTATE
from annotator.tui.base_app import BaseApp, keymap, show
from annotator.tui.screens.annotate import AnnotateScreen
from annotator.workspace import Workspace

if TYPE_CHECKING:
    from annotator.tui.agreement import AgreementDesk
    from annotator.tui.auditing import AuditDesk
    from annotator.tui.document_list import ListState
    from annotator.tui.everywhere import EverywhereDesk
    from annotator.tui.feedback import FeedbackDesk
    from annotator.workspace.agreement import FinishedSets
    from annotator.workspace.auditing import AuditOf
    from annotator.workspace.feedback import FeedbackReport


class AnnotatorApp(BaseApp):
    """One workspace on the terminal, from the document `first` on, below the screen with `feedback` if that is given."""

    _workspace: Workspace

    def __init__(
        self,
        workspace: Workspace,
        *,
        first: str,
        feedback: FeedbackReport | None = None,
        agreement: FinishedSets | None = None,
    ) -> None:
        self._first = first
        self._agreement_first = agreement
        self._feedback_first = feedback
        self._feedback_desk: FeedbackDesk | None = None
        self.audit_of: AuditOf | None = None
        self._audit_desk: AuditDesk | None = None
        self._list_state: ListState | None = None
        super().__init__(workspace)
        self._annotate_keys = keymap(workspace.settings, ANNOTATE)
        if workspace.settings.keys:
            _check_keys(workspace.settings)

    @property
    def desk(self) -> AnnotateScreen:
        """The annotate screen."""
        return self._annotate

    def get_default_screen(self) -> Screen[None]:
        """The annotate screen: one pushed later would be styled and laid out after an empty one."""
        self._annotate = AnnotateScreen(self._workspace, self._annotate_keys, first=self._first)
        return self._annotate

    @on(AnnotateScreen.Wanted)
    def _on_wanted(self, message: AnnotateScreen.Wanted) -> None:
        wanted: dict[str, Callable[[], object]] = {
            "labels": self.pick_label,
            "everywhere": lambda: self._everywhere_desk().ask(),
            "undo": lambda: self._everywhere_desk().ask_undo(),
            "undo everywhere": lambda: self._everywhere_desk().ask_last_undo(),
            "why": self._why,
            "documents": self._documents,
            "audit": self.show_audit,
            "feedback": self._feedback,
            "agreement": self._agreement,
            "statistics": self._statistics,
            "adapting": self._adapting,
            "versions": self.choose_version,
        }
        wanted[message.name]()

    def _why(self) -> None:
        from annotator.tui.screens.dialogs import comments_dialog, why_dialog

        editor, told = self._annotate.editor, self._annotate.told
        mark = editor.focus
        start, end = (mark.start, mark.end) if mark else editor.cursor.word
        comments, text = told.on(start, end), editor.text(start, end)
        if mark is not None:
            source = None if mark.decided is not None else mark.suggestion
            proposal = None if source is None else self._workspace.proposal(editor, source)
            self.push_screen(
                why_dialog(
                    mark,
                    text,
                    editor.label_set,
                    comments=comments,
                    returned=told.returned,
                    proposal=proposal,
                )
            )
        elif comments or told.returned:
            self.push_screen(comments_dialog(text, comments, told.returned))
        else:
            self._annotate.say("no suggestion or span here")

    def _adapting(self) -> None:
        from annotator.tui.adapting import show_adapting

        show_adapting(self, self._workspace, self._annotate)

    def _documents(self) -> None:
        from annotator.tui.actions.documents import DOCUMENTS
        from annotator.tui.document_list import ListState
        from annotator.tui.screens.documents import DocumentsScreen

        workspace, annotate = self._workspace, self._annotate
        self._list_state = self._list_state or ListState()
        annotate.leave()
        here = annotate.editor.document.id

        def open_document(document_id: str | None) -> None:
            if document_id is not None and document_id != here:
                annotate.open(document_id)

        self.push_screen(
            DocumentsScreen(
                workspace.rows(),
                keymap=keymap(workspace.settings, DOCUMENTS),
                current=here,
                next_unfinished=lambda: workspace.following(here),
                show_agreement=self._agreement,
                state=self._list_state,
                returned={each: workspace.returns[each] for each in workspace.returned()},
            ),
            open_document,
        )

    def _statistics(self) -> None:
        self._ask_statistics()

    @work(exclusive=True, group="statistics")
    async def _ask_statistics(self) -> None:
        from annotator.tui.counting import counted_work
        from annotator.tui.screens.dialogs.statistics import StatisticsDialog

        self._annotate.say("counting")
        found = await counted_work(self, self._workspace)
        self._annotate.say(found if isinstance(found, str) else "")
        if not isinstance(found, str):
            self.push_screen(StatisticsDialog(found, self._workspace.label_set))

    def _everywhere_desk(self) -> EverywhereDesk:
        from annotator.tui.everywhere import EverywhereDesk

        return EverywhereDesk(self, self._workspace, self._annotate)

    # Audit

    def show_audit(self) -> None:
        """Show what is not treated alike in the store."""
        self._ask_audit()

    @work(exclusive=True, group="audit")
    async def _ask_audit(self) -> None:
        from annotator.tui.actions.audit import AUDIT
        from annotator.tui.auditing import AuditDesk
        from annotator.workspace.auditing import AuditOf

        if self._audit_desk is None:
            keys = keymap(self._workspace.settings, AUDIT)
            self._audit_desk = AuditDesk(
                self, self._workspace, self._annotate, keys, self.audit_of or AuditOf()
            )
        await self._audit_desk.ask()

    # Feedback

    def on_mount(self) -> None:
        """Show the feedback, or the agreement, that the program was started for."""
        super().on_mount()
        if self._feedback_first is not None:
            self._desk_of_feedback().show(self._feedback_first)
        if self._agreement_first is not None:
            self._agreement_desk().show(self._agreement_first)

    def _desk_of_feedback(self) -> FeedbackDesk:
        from annotator.tui.actions.feedback import FEEDBACK
        from annotator.tui.feedback import FeedbackDesk

        if self._feedback_desk is None:
            keys = keymap(self._workspace.settings, FEEDBACK)
            self._feedback_desk = FeedbackDesk(self, self._workspace, self._annotate, keys)
        return self._feedback_desk

    def _feedback(self) -> None:
        self._ask_feedback()

    @work(exclusive=True)
    async def _ask_feedback(self) -> None:
        await self._desk_of_feedback().ask()

    # Agreement

    def _agreement(self) -> None:
        self._agreement_desk().ask()

    def _agreement_desk(self) -> AgreementDesk:
        from annotator.tui.actions.agreement import AGREEMENT, CASES
        from annotator.tui.agreement import AgreementDesk

        keys = (keymap(self._workspace.settings, each) for each in (AGREEMENT, CASES))
        return AgreementDesk(self, self._workspace, self._annotate, *keys)


def _check_keys(settings: Settings) -> None:
    """SettingsError if two actions of one screen would have the same key."""
    from annotator.tui.actions.everywhere import OF_ANNOTATING

    for actions in OF_ANNOTATING:
        keymap(settings, actions)


def run(
    workspace: Workspace, *, feedback: FeedbackReport | None = None, agreement: FinishedSets | None = None
) -> int:
    """Show the workspace on the terminal until the person quits, and close it; 1 if something was left unsaved.

    It begins with `feedback`, or with the `agreement` of some sets, if that is given.
    """
    return show(
        workspace,
        lambda: AnnotatorApp(workspace, first=workspace.first(), feedback=feedback, agreement=agreement),
    )
