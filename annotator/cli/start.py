"""`annotator` alone: the store in this folder, or the start page."""

from __future__ import annotations

from annotator.cli.annotate import annotate, check_terminal
from annotator.cli.options import store_path
from annotator.cli.tour import run_tour
from annotator.store.layout import STORE_FILE


def open_here() -> None:
    """Open the store in this folder or, where there is none, ask on the start page how to begin."""
    path = store_path(None)
    if (path / STORE_FILE).exists():
        annotate()
        return
    check_terminal()
    from annotator.model.resources import corpora_path
    from annotator.settings import read_settings
    from annotator.tui.screens.start.choice import Way
    from annotator.tui.start_app import ask

    while (choice := ask(read_settings(), store=path)) is not None:
        if choice.way is Way.TOUR:
            run_tour()
        elif choice.way is Way.SAMPLES:
            annotate([corpora_path() / "news"])
        elif choice.path is not None and choice.way is Way.TEXTS:
            annotate([choice.path], labels=choice.labels)
        else:
            annotate(store=choice.path)
