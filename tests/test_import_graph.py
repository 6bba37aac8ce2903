"""The graph of imports within the package: no files import each other, by however long a way.

Imports in functions and those for type checkers count as well: whoever reads one file of a cycle has to read all of it,
whenever the import takes place.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = "annotator"

Graph = Mapping[str, frozenset[str]]
"""The modules that each module imports."""


def read_graph(root: Path, package: str) -> Graph:
    """The imports between the modules of a package whose folder lies in `root`."""
    files = {_module_name(path, root): path for path in (root / package).rglob("*.py")}
    return {
        name: frozenset(imported_modules(path.read_text(encoding="utf-8"), files.keys())) - {name}
        for name, path in files.items()
    }


def _module_name(path: Path, root: Path) -> str:
    parts = path.relative_to(root).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imported_modules(source: str, modules: Collection[str]) -> set[str]:
    """Which of `modules` a source imports, at the top, in a function or for a type checker."""
    names = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"line {node.lineno} imports relatively"
            submodules = {f"{node.module}.{alias.name}" for alias in node.names}
            names |= {name if name in modules else str(node.module) for name in submodules}
    return {name for name in names if name in modules}


def cycles(graph: Graph) -> set[frozenset[str]]:
    """The strongly connected components of more than one module, by Tarjan's algorithm."""
    order: dict[str, int] = {}
    lowest: dict[str, int] = {}
    path: list[str] = []
    components: set[frozenset[str]] = set()

    def visit(module: str) -> None:
        order[module] = lowest[module] = len(order)
        path.append(module)
        for imported in graph[module]:
            if imported not in order:
                visit(imported)
                lowest[module] = min(lowest[module], lowest[imported])
            elif imported in path:
                lowest[module] = min(lowest[module], order[imported])
        if lowest[module] == order[module]:
            start = path.index(module)
            component = frozenset(path[start:])
            del path[start:]
            if len(component) > 1:
                components.add(component)

    for module in graph:
        if module not in order:
            visit(module)
    return components


def test_no_two_files_import_each_other() -> None:
    graph = read_graph(ROOT, PACKAGE)
    assert len(graph) > 300
    assert cycles(graph) == set()


@pytest.mark.parametrize(
    ("sources", "expected"),
    [
        ({"a": "import p.b", "b": "import p.c", "c": ""}, []),
        ({"a": "import p.b", "b": "from p import a"}, ["ab"]),
        ({"a": "from p.b import x", "b": "def f():\n    from p.c import y", "c": "import p.a"}, ["abc"]),
        ({"a": "if TYPE_CHECKING:\n    from p.b import x", "b": "import p.a", "c": "import p.a"}, ["ab"]),
        ({"a": "import p.b", "b": "import p.a", "c": "import p.d, p.a", "d": "import p.c"}, ["ab", "cd"]),
    ],
)
def test_cycles_of_any_length_and_kind_are_seen(
    tmp_path: Path, sources: dict[str, str], expected: list[str]
) -> None:
    (tmp_path / "p").mkdir()
    (tmp_path / "p" / "__init__.py").write_text("", encoding="utf-8")
    for name, source in sources.items():
        (tmp_path / "p" / f"{name}.py").write_text(source + "\n", encoding="utf-8")
    assert cycles(read_graph(tmp_path, "p")) == {
        frozenset(f"p.{name}" for name in component) for component in expected
    }
