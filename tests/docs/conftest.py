"""The pages of the documentation, cut into what tests look at."""

from __future__ import annotations

import importlib.util
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]
_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True)
class Page:
    """One page of Markdown. `blocks` are its fenced ones as kind and content; `prose` is what is left."""

    path: Path
    text: str

    @property
    def name(self) -> str:
        return self.path.relative_to(ROOT).as_posix()

    @property
    def blocks(self) -> list[tuple[str, str]]:
        return [(match[1], match[2]) for match in _BLOCK.finditer(self.text)]

    @property
    def prose(self) -> str:
        return _BLOCK.sub("", self.text)

    @property
    def commands(self) -> list[str]:
        """The command lines of its `sh` and `console` blocks, continued lines joined."""
        found = []
        for kind, content in self.blocks:
            if kind == "console":
                found += [line[2:] for line in content.splitlines() if line.startswith("$ ")]
            elif kind == "sh":
                found += content.replace("\\\n", " ").splitlines()
        return found


@pytest.fixture(scope="session")
def generate() -> ModuleType:
    """The script docs/generate.py as a module."""
    spec = importlib.util.spec_from_file_location("docs_generate", ROOT / "docs" / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def pages(generate: ModuleType) -> dict[str, Page]:
    """All pages by their path from the project's folder."""
    found = [Page(path, path.read_text(encoding="utf-8")) for path in generate.PAGES]
    return {page.name: page for page in found}
