"""What the suggestion service is doing, as a value."""

from __future__ import annotations

import enum
from typing import NamedTuple


class ServiceKind(enum.StrEnum):
    """What the service is doing."""

    STARTING = "starting"
    READY = "ready"
    WORKING = "working"
    NO_MODEL = "no model"
    FAILED = "failed"


class ServiceState(NamedTuple):
    """What the service is doing, with which pipeline (its title), and why.

    NO_MODEL: only tokens come, at work or not. FAILED: nothing comes any more. `given_up` holds the ids of documents
    that the pipeline cannot do; `detail` is the last reason for anything that went wrong, in words for a person.
    """

    kind: ServiceKind
    pipeline: str
    detail: str = ""
    given_up: frozenset[str] = frozenset()
