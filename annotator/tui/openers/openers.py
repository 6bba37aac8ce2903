"""What opens over the annotate screen: screens and dialogs, each imported when it is wanted for the first time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.app import App

from annotator.tui.base_app import keymap
from annotator.tui.openers.document import LabelAndVersionOpener
from annotator.tui.screens.annotate.screen import AnnotateScreen
from annotator.workspace import Workspace

if TYPE_CHECKING:
    from annotator.tui.openers.agreement import AgreementOpener
    from annotator.tui.openers.audit import AuditOpener
    from annotator.tui.openers.correct_everywhere import EverywhereOpener
    from annotator.tui.openers.feedback import FeedbackOpener
    from annotator.tui.openers.find import FindOpener
    from annotator.tui.screens.documents.rows import ListState
    from annotator.workspace.agreement.selection import FinishedSets
    from annotator.workspace.audit.search import AuditOf
    from annotator.workspace.review.feedback import FeedbackReport


class Openers:
    """Opens each as often as it is wanted; lists and audits come back as they were left."""

    def __init__(self, app: App[None], workspace: Workspace, annotate: AnnotateScreen) -> None:
        self._app = app
        self._workspace = workspace
        self._annotate = annotate
        self._labels_and_versions = LabelAndVersionOpener(app, workspace, annotate)
        self._list_state: ListState | None = None
        self._audit_opener: AuditOpener | None = None
        self._feedback_opener: FeedbackOpener | None = None
        self._find_opener: FindOpener | None = None

    # What any screen with a document opens

    def pick_label(self) -> None:
        """Ask for a label by its name, and give it."""
        self._labels_and_versions.pick_label()

    def choose_version(self) -> None:
        """Ask which of several versions of the set on screen shall hold."""
        self._labels_and_versions.choose_version()

    # What a program can begin with

    def show_audit(self, of: AuditOf | None = None) -> None:
        """Show what is not treated alike in the store, behind the next paint; `of` says whose work from now on."""
        opener = self._audit(of)
        self._app.call_after_refresh(
            lambda: self._app.run_worker(opener.ask(), exclusive=True, group="audit")
        )

    def show_feedback(self, report: FeedbackReport) -> None:
        """Show a report that there is already."""
        self._feedback().show(report)

    def show_agreement(self, sets: FinishedSets) -> None:
        """Show the agreement of some sets."""
        self._agreement().show(sets)

    # What the annotate screen asks for

    def correct_everywhere(self) -> None:
        """Do the last correction in all documents, once it is confirmed."""
        self._everywhere().ask()

    def undo_step(self) -> None:
        """Take back the step over several documents that an undo on screen is about, once it is confirmed."""
        self._everywhere().ask_undo()

    def undo_last_step(self) -> None:
        """Take back the last step over several documents, once it is confirmed."""
        self._everywhere().ask_last_undo()

    def audit(self) -> None:
        """Show texts that are labelled inconsistently."""
        self.show_audit()

    def find(self, words: str = "") -> None:
        """Search all texts, at once for `words` if there are any."""
        self._app.run_worker(self._find().ask(words), exclusive=True, group="find")

    def feedback(self) -> None:
        """Show what reviews found in finished documents."""
        self._app.run_worker(self._feedback().ask(), exclusive=True)

    def agreement(self) -> None:
        """Show how far annotators agree."""
        self._agreement().ask()

    def why(self) -> None:
        """Show where the suggestion at the cursor comes from."""
        from annotator.tui.screens.dialogs import comments_dialog, why_dialog

        annotate, messages = self._annotate, self._annotate.messages
        editor, mark = annotate.editor, annotate.editor.focus
        start, end = (mark.start, mark.end) if mark else editor.cursor.word
        comments, text = messages.on(start, end), editor.text(start, end)
        if mark is not None:
            source = None if mark.decided is not None else mark.suggestion
            dialog = why_dialog(
                mark,
                text,
                editor.label_set,
                comments=comments,
                returned=messages.returned,
                proposal=None if source is None else self._workspace.proposal(editor, source),
            )
            self._app.push_screen(dialog)
        elif comments or messages.returned:
            self._app.push_screen(comments_dialog(text, comments, messages.returned))
        else:
            annotate.say("no suggestion or span here")

    def adapting(self) -> None:
        """Show how a copy of the model has adapted."""
        from annotator.tui.openers.adapting import show_adapting

        show_adapting(self._app, self._workspace, self._annotate)

    def documents(self) -> None:
        """Show all documents."""
        from annotator.tui.screens.documents.actions import DOCUMENTS
        from annotator.tui.screens.documents.rows import ListState
        from annotator.tui.screens.documents.screen import DocumentsScreen

        workspace, annotate = self._workspace, self._annotate
        self._list_state = self._list_state or ListState()
        annotate.leave()
        here = annotate.editor.document.id

        def open_document(document_id: str | None) -> None:
            if document_id is not None and document_id != here:
                annotate.open(document_id)

        screen = DocumentsScreen(
            workspace.rows(),
            keymap=keymap(workspace.settings, DOCUMENTS),
            current=here,
            next_unfinished=lambda: workspace.following(here),
            show_agreement=lambda: self._agreement().ask(),
            state=self._list_state,
            returned={each: workspace.returns[each] for each in workspace.returned()},
        )
        self._app.push_screen(screen, open_document)

    def statistics(self) -> None:
        """Show how far the work is and what it costs."""
        self._app.run_worker(self._count(), exclusive=True, group="statistics")

    async def _count(self) -> None:
        from annotator.tui.openers.statistics_job import counted_work
        from annotator.tui.screens.dialogs.statistics import StatisticsDialog

        self._annotate.say("counting")
        found = await counted_work(self._app, self._workspace)
        self._annotate.say(found if isinstance(found, str) else "")
        if not isinstance(found, str):
            self._app.push_screen(StatisticsDialog(found, self._workspace.label_set))

    def _everywhere(self) -> EverywhereOpener:
        from annotator.tui.openers.correct_everywhere import EverywhereOpener

        return EverywhereOpener(self._app, self._workspace, self._annotate)

    def _audit(self, of: AuditOf | None) -> AuditOpener:
        from annotator.tui.openers.audit import AuditOpener
        from annotator.tui.screens.audit.actions import AUDIT
        from annotator.workspace.audit.search import AuditOf

        if self._audit_opener is None or of is not None:
            keys = keymap(self._workspace.settings, AUDIT)
            self._audit_opener = AuditOpener(
                self._app, self._workspace, self._annotate, keys, of or AuditOf()
            )
        return self._audit_opener

    def _find(self) -> FindOpener:
        from annotator.tui.openers.find import FindOpener
        from annotator.tui.screens.find.actions import FIND

        if self._find_opener is None:
            keys = keymap(self._workspace.settings, FIND)
            self._find_opener = FindOpener(self._app, self._workspace, self._annotate, keys)
        return self._find_opener

    def _feedback(self) -> FeedbackOpener:
        from annotator.tui.openers.feedback import FeedbackOpener
        from annotator.tui.screens.feedback.actions import FEEDBACK

        if self._feedback_opener is None:
            keys = keymap(self._workspace.settings, FEEDBACK)
            self._feedback_opener = FeedbackOpener(self._app, self._workspace, self._annotate, keys)
        return self._feedback_opener

    def _agreement(self) -> AgreementOpener:
        from annotator.tui.openers.agreement import AgreementOpener
        from annotator.tui.screens.agreement.actions import AGREEMENT, CASES

        keys = (keymap(self._workspace.settings, each) for each in (AGREEMENT, CASES))
        return AgreementOpener(self._app, self._workspace, self._annotate, *keys)
