"""Plug-ins: sources of suggestions that other packages offer, found by their entry points without importing them.

A package offers one under the group "annotator.suggesters"; `plugin_calls` tells what it must be. The worker imports
and calls it, never the interface's process.
"""

from __future__ import annotations

import re
from importlib.metadata import EntryPoint, entry_points

from annotator.errors import ModelError
from annotator.suggest.sources.plugin_reference import PLUGIN_PREFIX, ResolvedPlugin

GROUP = "annotator.suggesters"
RESERVED = frozenset(
    {"model", "pattern", "memory", "learner", "document", "unanimous", "majority", "weighted", "version"}
)
"""Sources that mean something else here: a suggestion's source is its plug-in's name."""

_NAME = re.compile(r"[A-Za-z][\w.-]{0,63}", re.ASCII)
_UNFIT = re.compile(r"[^\w.-]", re.ASCII)


def resolve_plugin(name: str) -> ResolvedPlugin:
    """The installed plug-in called `name`, with its version; ModelError as for `find`."""
    entry_point = find(name)
    return ResolvedPlugin(
        name, _UNFIT.sub("-", entry_point.dist.version) if entry_point.dist is not None else "0"
    )


def find(name: str) -> EntryPoint:
    """The entry point called `name`.

    ModelError if there is none, if two packages offer one, or if it is called as no plug-in may be.
    """
    if name in RESERVED or not _NAME.fullmatch(name):
        raise ModelError(
            f"{name!r} cannot name a plug-in",
            hint=f"letters, digits and . _ - will do; not {', '.join(sorted(RESERVED))}",
        )
    offered = tuple(entry_points(group=GROUP))
    # A folder that stands in the search path twice, or twice on it, offers everything twice.
    distinct = {
        (_package(entry_point), entry_point.value): entry_point
        for entry_point in reversed(offered)
        if entry_point.name == name
    }
    if not distinct:
        names = sorted({entry_point.name for entry_point in offered})
        installed = f"installed are {', '.join(names)}" if names else "none is installed"
        raise ModelError(
            f"there is no plug-in {name}", hint=f"{installed}; --model {PLUGIN_PREFIX}NAME takes one"
        )
    if len(distinct) > 1:
        packages = " and ".join(sorted(package for package, _ in distinct))
        raise ModelError(
            f"more than one plug-in is called {name}: by {packages}", hint="uninstall the others"
        )
    return next(iter(distinct.values()))


def _package(entry_point: EntryPoint) -> str:
    return entry_point.dist.name if entry_point.dist is not None else entry_point.value
