"""Leaving the program: all is saved first, or the person says what becomes of the rest."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from textual.app import App

from annotator.errors import SaveError
from annotator.workspace.saving import SavingWorkspace


@dataclass(frozen=True, slots=True)
class Departure:
    """How the program is left: whether anything is not in the store, and what there is to say about it afterwards."""

    gives_up: bool = False
    message: str = ""


async def departure(app: App[None], workspace: SavingWorkspace) -> Departure | None:
    """Wait until all is saved; where that fails, ask the person. None if they stay."""
    from annotator.tui.screens.dialogs import unsaved_dialog

    while (error := await asyncio.to_thread(workspace.flush)) is not None:
        # In a browser the person would name a file on the server's machine, as the person who runs the server.
        dialog = unsaved_dialog(error, kept=workspace.unsaved_decisions(), can_save_elsewhere=not app.is_web)
        match await app.push_screen_wait(dialog):
            case "quit":
                return Departure(gives_up=True)
            case "elsewhere":
                if (place := await _save_elsewhere(app, workspace)) is not None:
                    return Departure(gives_up=True, message=_told_place(place))
            case None:
                return None
    return Departure()


async def departure_by_signal(workspace: SavingWorkspace) -> Departure:
    """Save all without asking, since nobody can be asked: what the store does not take, in a file of the home folder."""
    if await asyncio.to_thread(workspace.flush) is None:
        return Departure()
    place = _proposed_place()
    try:
        await asyncio.to_thread(workspace.save_elsewhere, place)
    except SaveError as error:
        return Departure(gives_up=True, message=f"Decisions are lost: {error.message}")
    return Departure(gives_up=True, message=_told_place(place))


def _proposed_place() -> Path:
    return Path.home() / f"annotator-unsaved-{datetime.now():%Y-%m-%d-%H%M%S}.zip"


def _told_place(place: Path) -> str:
    return f"What the store did not take is in {place}; annotator merge {place} brings it in."


async def _save_elsewhere(app: App[None], workspace: SavingWorkspace) -> Path | None:
    """Save what the store does not take to a file that the person names; None if that was not done."""
    from annotator.tui.screens.dialogs import PlaceDialog, error_dialog

    proposed = _proposed_place()
    while (place := await app.push_screen_wait(PlaceDialog("Save to a file", proposed))) is not None:
        try:
            await asyncio.to_thread(workspace.save_elsewhere, place)
        except SaveError as error:
            await app.push_screen_wait(error_dialog(error))
            proposed = place
        else:
            return place
    return None
