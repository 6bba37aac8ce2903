"""How a plug-in is named where a model is asked for, and in answers."""

from __future__ import annotations

from typing import NamedTuple

PLUGIN_PREFIX = "plugin:"
"""What stands before a plug-in's name where a model is asked for."""


class ResolvedPlugin(NamedTuple):
    """An installed plug-in, by the name of its entry point, and the version of the package that it is in."""

    name: str
    version: str
