"""Notices that are shown once on a machine and not at each start."""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress

from annotator.state_folder import replace_file, state_path

_KEPT = 100
"""So many notices are remembered, the newest."""


def is_first_showing(notice: str) -> bool:
    """True if a notice was not shown on this machine before; it counts as shown from now on.

    Where that cannot be remembered, the notice is shown each time.
    """
    path, digest = state_path("notices.json"), hashlib.sha256(notice.encode()).hexdigest()
    shown: list[str] = []
    with suppress(OSError, ValueError):
        content = json.loads(path.read_bytes())
        shown = [entry for entry in content if isinstance(entry, str)] if isinstance(content, list) else []
    if digest in shown:
        return False
    with suppress(OSError):
        replace_file(path, json.dumps([*shown, digest][-_KEPT:]).encode())
    return True
