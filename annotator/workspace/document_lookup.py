"""Finding a document by what a person remembers of it: its id, how the id begins, or words of its title."""

from __future__ import annotations

from annotator.errors import InputError
from annotator.store.catalogue import Catalogue, DocumentEntry

_NAMED = 5
"""So many documents are named where several fit."""


def find_document(catalogue: Catalogue, asked: str) -> DocumentEntry:
    """The one document that `asked` means.

    The one with this id; else the only one whose id begins so; else the only one whose title has all of the words,
    in any case and order. InputError if none or several fit.
    """
    if (exact := catalogue.get(asked)) is not None:
        return exact
    entries = [entry for entry in catalogue if asked and entry.id.startswith(asked)]
    if not entries:
        words = asked.casefold().split()
        entries = [
            entry for entry in catalogue if words and all(word in entry.title.casefold() for word in words)
        ]
    if not entries:
        raise InputError(
            f"no document is called {asked}", hint="give its id, how its id begins, or words of its title"
        )
    if len(entries) > 1:
        named = "; ".join(f"{entry.id} ({entry.title})" for entry in entries[:_NAMED])
        more = f" and {len(entries) - _NAMED} more" if len(entries) > _NAMED else ""
        raise InputError(
            f"{asked} fits {len(entries)} documents: {named}{more}", hint="give one of these ids"
        )
    return entries[0]
