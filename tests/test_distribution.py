"""The distribution: its name, what its wheel holds, and that the command works as `pipx` and `uv tool` install it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import sysconfig
import tomllib
import venv
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

import annotator
from annotator.formats.extras import DISTRIBUTION

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

OTHERS_PROJECT = re.compile(
    r"\b(?:pip|pipx|uv|uvx)\b[^\n;&|]*?\b(?:install|inject|add|run|upgrade)\b[^\n;&|]*?[\s'\"`]annotator(?![\w./-])"
)
"""An instruction that would install the project called `annotator` on PyPI."""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    _run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder), cwd=ROOT)
    [path] = folder.glob("*.whl")
    return path


def _run(
    *command: str | Path, cwd: Path | None = None, env: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    done = subprocess.run([*map(str, command)], cwd=cwd, env=env, capture_output=True, text=True, timeout=900)
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done


def _clean_environment(home: Path) -> dict[str, str]:
    """Nothing of this process's Python or of its user, but how packages are reached."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if name.startswith(("PIP_", "UV_", "SSL_", "LC_"))
        or name.lower().endswith("_proxy")
        or name == "LANG"
    }
    return {**kept, "HOME": str(home), "PATH": os.defpath}


def _use(command: Path, tmp_path: Path) -> None:
    """The installed command says its version and its help, and finds its label sets and sample corpus."""
    folder = tmp_path / "work"
    folder.mkdir()
    environment = _clean_environment(tmp_path)
    assert _run(command, "--version", cwd=folder, env=environment).stdout.split() == [
        "annotator",
        annotator.__version__,
    ]
    assert "Usage: annotator" in _run(command, "--help", cwd=folder, env=environment).stdout
    (folder / "text.txt").write_text("Barack Obama met Angela Merkel.\n", encoding="utf-8")
    _run(command, "import", "text.txt", "--labels", "news", cwd=folder, env=environment)
    assert "PERSON" in _run(command, "labels", "show", cwd=folder, env=environment).stdout


def test_the_name_is_one_that_can_be_installed() -> None:
    assert PROJECT["name"] == DISTRIBUTION != "annotator"
    assert PROJECT["version"] == annotator.__version__
    assert PROJECT["scripts"] == {"annotator": "annotator.__main__:main"}


def _written_for_people() -> Iterator[Path]:
    yield from ROOT.glob("*.md")
    yield ROOT / ".ci" / "run"
    for folder in ("annotator", "docs"):
        yield from (path for path in (ROOT / folder).rglob("*") if path.suffix in {".py", ".md", ".tcss"})


def test_nothing_says_to_install_the_other_project() -> None:
    told = {
        path.relative_to(ROOT).as_posix(): OTHERS_PROJECT.findall(path.read_text(encoding="utf-8"))
        for path in _written_for_people()
    }
    assert len(told) > 100
    assert {path: lines for path, lines in told.items() if lines} == {}


@pytest.mark.parametrize(
    ("instruction", "is_wrong"),
    [
        ("pip install annotator", True),
        ("pip install 'annotator[cas]'", True),
        ("`pipx install annotator`", True),
        ("uv tool install --python 3.12 annotator", True),
        ("uv pip install -U annotator==0.1", True),
        ("pip install annotator-tui", False),
        ("pipx inject annotator-tui spacy", False),
        ("pip install . && .venv/bin/annotator annotate corpora/news", False),
        ("pip install ./annotator/", False),
    ],
)
def test_the_search_for_such_instructions_sees_them(instruction: str, is_wrong: bool) -> None:
    assert bool(OTHERS_PROJECT.search(instruction)) is is_wrong


def test_the_wheel_holds_the_package_its_styles_and_its_data(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    sources = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "annotator").rglob("*")
        if path.suffix in {".py", ".tcss"}
    }
    data = {
        f"annotator/_data/{path.relative_to(ROOT).as_posix()}"
        for folder in ("schemas", "corpora")
        for path in (ROOT / folder).rglob("*")
        if path.is_file()
    }
    assert sources - names == set()
    assert data - names == set()
    assert {name for name in names if name.startswith("tests/")} == set()


def test_the_command_works_in_an_environment_of_its_own(wheel: Path, tmp_path: Path) -> None:
    """As installers of programs do it, but for the dependencies, which are those of this environment."""
    home = tmp_path / "venv"
    venv.create(home, with_pip=False)
    _run(sys.executable, "-m", "pip", f"--python={home}", "install", "--no-deps", "--no-index", wheel)
    [packages] = home.glob("lib/python*/site-packages")
    ours = Path(annotator.__file__).parents[1]
    paths = [path for path in sys.path if path.endswith("site-packages") and Path(path) != ours]
    (packages / "dependencies.pth").write_text("\n".join(paths) + "\n", encoding="utf-8")
    program = "import annotator; print(annotator.__file__)"
    assert _run(home / "bin" / "python", "-I", "-c", program).stdout.startswith(str(home))
    _use(home / "bin" / "annotator", tmp_path)


def _installer(name: str) -> Path:
    program = Path(sysconfig.get_path("scripts")) / name
    candidates = [
        program,
        *(Path(path).parents[2] / "bin" / name for path in sys.path if "site-packages" in path),
    ]
    for candidate in candidates:
        if candidate.is_file():
            return candidate
    pytest.skip(f"{name} is not installed; the extra `oracles` brings it")


@pytest.mark.slow
@pytest.mark.parametrize("installer", ["pipx", "uv"])
def test_the_command_works_as_an_installer_of_programs_installs_it(
    wheel: Path, tmp_path: Path, installer: str
) -> None:
    program = _installer(installer)
    environment = {
        **_clean_environment(tmp_path),
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.defpath]),
        "PIPX_HOME": str(tmp_path / "pipx"),
        "PIPX_BIN_DIR": str(tmp_path / "bin"),
        "UV_TOOL_DIR": str(tmp_path / "uv"),
        "UV_TOOL_BIN_DIR": str(tmp_path / "bin"),
        "UV_NO_CONFIG": "1",
    }
    python = ["--python", sys.executable]
    if installer == "uv":
        environment |= _pip_settings_for_uv()
        _run(program, "tool", "install", *python, wheel, env=environment)
    else:
        _run(program, "install", *python, wheel, env=environment)
    _use(tmp_path / "bin" / "annotator", tmp_path)


def _pip_settings_for_uv() -> dict[str, str]:
    """Where pip finds packages here, in the words of uv."""
    listed = _run(sys.executable, "-m", "pip", "config", "list").stdout
    settings = dict(re.findall(r"^(?:global|user|site|:env:)\.([\w-]+)='(.*)'$", listed, re.MULTILINE))
    names = {
        "index-url": "UV_DEFAULT_INDEX",
        "find-links": "UV_FIND_LINKS",
        "cert": "SSL_CERT_FILE",
        "constraint": "UV_CONSTRAINT",
    }
    return {variable: settings[name] for name, variable in names.items() if name in settings}
