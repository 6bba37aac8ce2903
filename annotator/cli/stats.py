"""`annotator stats`: how far the work is, what it costs, and how good the suggestions were."""

from __future__ import annotations

import shutil

from annotator.cli.opening import opened_store
from annotator.cli.options import AnnotatorOption, JsonOption, StoreOption, store_path
from annotator.cli.output import print_json, print_lines, print_message, progress

_WIDEST = 100


def stats(store: StoreOption = None, annotator: AnnotatorOption = None, as_json: JsonOption = False) -> None:
    """Show progress, labels, what became of suggestions, and time and keys a document, blind and assisted apart.

    Example: annotator stats --store news --annotator ada
    """
    from annotator.settings import annotator_name, read_settings
    from annotator.tui.screens.dialogs.statistics_rows import statistics_lines
    from annotator.workspace.statistics import Counting

    opened = opened_store(store_path(store))
    counting = Counting(opened, annotator_name(annotator, read_settings()))
    statistics = counting.run(progress=progress("counting"))
    opened.close()
    if as_json:
        print_json(statistics.as_json())
    else:
        width = min(_WIDEST, shutil.get_terminal_size((_WIDEST, 24)).columns)
        print_lines(f"{statistics.annotator} in {opened.path}", "")
        for line in statistics_lines(statistics, opened.info.label_set, width=width):
            print_lines("".join(text for text, _ in line).rstrip())
    for document_id, reason in counting.left_out.items():
        print_message(f"{document_id} is left out: {reason}")
