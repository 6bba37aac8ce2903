"""Files that are kept on this machine for its user, outside of any store: what was allowed, tokens, what was shown."""

from __future__ import annotations

import hmac
import os
import secrets
from pathlib import Path


def state_path(*names: str) -> Path:
    """A file in the user's state folder."""
    from platformdirs import user_state_path

    return user_state_path("annotator").joinpath(*names)


def replace_file(path: Path, content: bytes) -> None:
    """Replace a file, which only this user can read, durably and never by half; OSError if that fails."""
    temporary = path.with_name(f"{path.name}.{secrets.token_hex(4)}.tmp")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
        _sync_folder(path.parent)
    except OSError:
        if path.parent.is_dir():
            temporary.unlink(missing_ok=True)
        raise


def machine_mark(*of: str) -> str:
    """32 hex digits that only this user's machine can name for something; OSError if its secret cannot be kept.

    What lies under such a name in a store was put there here: a stranger's store cannot hold it.
    """
    path = state_path("secret")
    try:
        secret = path.read_bytes()
    except FileNotFoundError:
        replace_file(path, secrets.token_bytes(32))
        secret = path.read_bytes()  # another program's, if that was later
    return hmac.digest(secret, "\0".join(of).encode("utf-8", "surrogateescape"), "sha256").hex()[:32]


def _sync_folder(folder: Path) -> None:
    """Make the names in a folder durable; where a folder cannot be opened, a rename is journalled by the system itself."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
