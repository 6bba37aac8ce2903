"""The program with the audit on top of it from the start."""

from __future__ import annotations

from annotator.tui.app import AnnotatorApp
from annotator.tui.base_app import show
from annotator.workspace import Workspace
from annotator.workspace.auditing import AuditOf


class AuditApp(AnnotatorApp):
    """Shows the audit as soon as the annotate screen is there; from there places are opened."""

    def __init__(self, workspace: Workspace, *, first: str, of: AuditOf) -> None:
        super().__init__(workspace, first=first)
        self.audit_of = of

    def on_mount(self) -> None:
        """Ask for the audit behind the first paint."""
        super().on_mount()
        self.call_after_refresh(self.show_audit)


def run_audit(workspace: Workspace, of: AuditOf) -> int:
    """Show the audit on the terminal, and the workspace below it, until the person quits; as `annotator.tui.app.run`."""
    return show(workspace, lambda: AuditApp(workspace, first=workspace.first(), of=of))
