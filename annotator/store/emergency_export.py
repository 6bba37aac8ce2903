"""Saving to another place: annotation sets that their own store cannot take, as one archive.

The archive has the files of the sets at their places in the store, so that unpacking it over the store brings them
in. It is made without reading anything of the store, which may be gone.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from pathlib import Path

from annotator.errors import InputError, SaveError
from annotator.store.files import Files
from annotator.store.repository import Store
from annotator.store.sets import SetSnapshot


def save_elsewhere(store: Store, snapshots: Iterable[SetSnapshot], path: Path) -> None:
    """Write the sets to a zip file at `path`, which must not be there yet; durable when it returns.

    SaveError if that fails or a set holds what JSON cannot.
    """
    if path.exists():
        raise SaveError(f"{path} is there already", hint="choose another name")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for snapshot in snapshots:
            try:
                place_in_store, data = store.encoded(snapshot)
            except InputError as error:
                raise SaveError(error.message, hint=error.hint) from error
            archive.writestr(place_in_store.as_posix(), data)
    Files(path.parent, disk=store.disk, aside="").write(path, packed.getvalue())
