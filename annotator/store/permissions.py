"""Who on this machine may read a store."""

from __future__ import annotations

import stat
import sys
from pathlib import Path


def is_readable_by_all(root: Path) -> bool:
    """True if every user of this machine can list the store's folder and come to it; unknown, and so False, on Windows."""
    if sys.platform == "win32":
        return False
    folder = root.resolve()
    may_list = stat.S_IROTH | stat.S_IXOTH
    return folder.stat().st_mode & may_list == may_list and all(
        parent.stat().st_mode & stat.S_IXOTH for parent in folder.parents
    )
