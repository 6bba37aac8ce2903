"""A person's settings: documented fields, read from one TOML file."""

from __future__ import annotations

import errno
import getpass
import os
import re
from collections.abc import Mapping
from dataclasses import field, fields
from pathlib import Path
from typing import Annotated, Any, Literal

from platformdirs import user_config_path
from pydantic import ConfigDict, Field, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

from annotator.errors import SettingsError

ANNOTATOR_NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}")
"""What an annotator may be called: it names a folder on any disk."""


@dataclass(frozen=True, kw_only=True, config=ConfigDict(extra="forbid", defer_build=True))
class Settings:
    """Everything that a person may set for all projects; what belongs to the data is in the store."""

    annotator: str = ""
    """Your name in the stores; empty for the login name. $ANNOTATOR_NAME goes before it."""

    model: str = ""
    """The spaCy pipeline that suggests, by name or path; empty for the store's, then the English one."""

    theme: str = "annotator-dark"
    """The look: annotator-dark, annotator-light, or any theme of Textual's such as nord or ansi-dark."""

    mode: Literal["compact", "roomy"] = "compact"
    """How labels are shown: a mark before the span, or the name in a row below. `v` changes it for the session."""

    text_width: Annotated[int, Field(ge=40, le=240)] = 100
    """The longest line of text, in terminal cells."""

    keyboard: Literal["", "fr"] = ""
    """ "fr" reads the unshifted top row of a French keyboard as digits."""

    opening_guard_ms: Annotated[int, Field(ge=0, le=5000)] = 400
    """For how long finish and skip are dead after a document opens, since a held key would go on."""

    ahead: Annotated[int, Field(ge=0, le=50)] = 3
    """For how many of the next documents suggestions are made ahead."""

    backups: Annotated[int, Field(ge=0, le=365)] = 7
    """How many daily backups of a store are kept; 0 makes none."""

    order: Literal["imported", "uncertain", "least", "new", "random"] = "imported"
    """Which documents come first: as imported, those with the least certain suggestions, the single least certain one,
    the most new names, or at random."""

    random_share: Annotated[float, Field(ge=0, le=1)] = 0.0
    """The share of documents that come by chance whatever the order, so that an evaluation on them is fair."""

    blind_share: Annotated[float, Field(ge=0, le=1)] = 0.0
    """The share of documents that are shown without suggestions, to compare with those that were shown with them."""

    seed: Annotated[int, Field(ge=0)] = 0
    """What chance begins from: with the same seed the same documents are random, and the same are blind."""

    patterns: str = ""
    """A file of patterns (Prodigy or SpanRuler JSONL) that suggest as well; empty for none."""

    learning: Literal["own", "all", "off"] = "own"
    """Whose decisions in a store suggestions learn from: your own, everybody's and gold, or nobody's."""

    place_hints: bool = True
    """Whether capitals that are no label's key stand before the places where you are likely to go next, and lead there."""

    adapt: Annotated[int, Field(ge=0, le=1000)] = 0
    """After how many newly finished documents a copy of the model learns from them; 0 leaves the model as it is."""

    keys: dict[str, str] = field(default_factory=dict)
    """Other keys for actions, by the action's name: `accept = "enter,ctrl+y"`. The help lists the names."""


def settings_path() -> Path:
    """Where the settings are: $ANNOTATOR_SETTINGS, else settings.toml in the user's configuration folder."""
    if path := os.environ.get("ANNOTATOR_SETTINGS"):
        return Path(path)
    return user_config_path("annotator") / "settings.toml"


def read_settings(path: Path | None = None) -> Settings:
    """The settings in `path`, by default in `settings_path()`; the defaults where there is no file.

    Raises SettingsError for a file that is no TOML, or has an unknown field or a wrong value.
    """
    path = path or settings_path()
    if not path.exists():
        return Settings()
    import tomllib

    try:
        content = tomllib.loads(read_file(path).decode("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise SettingsError(
            f"cannot read the settings in {path}: {reason}",
            hint="correct the file, or move it away to go on with the defaults",
        ) from error
    return settings_of(content, origin=str(path))


def read_file(path: Path) -> bytes:
    """The bytes of a file that a person has named; OSError if it cannot be read, or might never end as a pipe might."""
    if path.exists() and not path.is_file() and not path.is_dir():
        raise OSError(errno.EINVAL, "it is not a file", str(path))
    return path.read_bytes()


def settings_of(content: Mapping[str, Any], *, origin: str) -> Settings:
    """The settings that these fields give; `origin` names the file in the SettingsError for a wrong one."""
    try:
        return TypeAdapter(Settings).validate_python(content)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        names = ", ".join(setting.name for setting in fields(Settings))
        raise SettingsError(f"{origin}: {field}: {first['msg']}", hint=f"the settings are {names}") from error


def annotator_name(asked: str | None, settings: Settings) -> str:
    """Who annotates: as asked, else $ANNOTATOR_NAME, else the settings' name, else the login name.

    A login name is cut to the letters that a name may have; any other must be right, else SettingsError.
    """
    name = asked or os.environ.get("ANNOTATOR_NAME") or settings.annotator
    if name:
        if not ANNOTATOR_NAME.fullmatch(name):
            raise SettingsError(
                f"{name!r} cannot name an annotator",
                hint="letters, digits and . _ - will do; a dot not first",
            )
        return name
    try:
        login = getpass.getuser()
    except (OSError, KeyError):
        login = ""
    return re.sub(r"[^A-Za-z0-9._-]", "-", login).lstrip(".")[:64] or "annotator"
