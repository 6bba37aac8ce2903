"""Packages with plug-ins, written as an installer would leave them in a folder on the search path."""

from __future__ import annotations

import itertools
import textwrap
from pathlib import Path

_numbers = itertools.count()


def write_package(folder: Path, body: str, *, version: str = "1.2", **plugins: str) -> str:
    """A package in `folder` whose module is `body`; `plugins` name objects in it. The module's name, new each time."""
    module = f"toy_suggester_{next(_numbers)}"
    (folder / f"{module}.py").write_text(textwrap.dedent(body), encoding="utf-8")
    info = folder / f"{module}-{version}.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {module}\nVersion: {version}\n")
    lines = [f"{name} = {module}:{target}" for name, target in plugins.items()]
    (info / "entry_points.txt").write_text("\n".join(["[annotator.suggesters]", *lines, ""]))
    return module


WORDS = """
    import re

    def suggest(texts, labels):
        return [
            [(m.start(), m.end(), labels[0], 0.5 if m[0] == "Half" else None) for m in re.finditer(r"[A-Z]\\w+", text)]
            for text in texts
        ]

    class Counting:
        def __init__(self):
            self.calls = 0

        def suggest(self, texts, labels):
            self.calls += 1
            return [[(0, 1, labels[-1], self.calls / 10)] for _ in texts]
"""
"""`suggest` finds capitalised words, `Counting` scores its calls."""
