"""The versions of an annotation set, after somebody else has changed its file: which one shall hold?"""

from __future__ import annotations

from collections.abc import Sequence

from annotator.model.counting import counted
from annotator.store.versions import Version
from annotator.tui.screens.dialogs.message import MessageDialog, choice


def versions_dialog(versions: Sequence[Version]) -> MessageDialog:
    """Asks which version to take: the name of its file, or None to leave it as it is. At most nine are offered."""
    offered = versions[:9]
    lines = [f"{number}  {_described(version)}" for number, version in enumerate(offered, 1)]
    return MessageDialog(
        "Two versions of your annotations",
        "\n".join(["Another program has changed them. Nothing is lost; which one shall hold?", "", *lines]),
        choices=[
            choice(version.name, str(number), f"take {number}", "Have this version hold.", bar=number)
            for number, version in enumerate(offered, 1)
            if version.annotation_set is not None
        ],
        stay="later",
    )


def _described(version: Version) -> str:
    where = "in its place" if version.is_main else f"beside it, {version.name}"
    annotation_set = version.annotation_set
    if annotation_set is None:
        return f"{where}: damaged, cannot be taken"
    decisions = annotation_set.decisions
    last = f", the last {decisions[-1].when[:16].replace('T', ' ')} UTC" if decisions else ""
    spans = counted(len(annotation_set.spans), "span")
    return f"{where}: {annotation_set.status.value}, {spans}, {counted(len(decisions), 'decision')}{last}"
