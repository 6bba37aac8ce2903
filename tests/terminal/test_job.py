"""A whole job by keys alone: open a text, decide on its suggestions, finish, export, and import again."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.terminal.harness import Terminal

DATA = os.environ.get("ANNOTATOR_EXTERNAL_DATA")
CORPORA = Path(__file__).parents[2] / "corpora"


@dataclass(frozen=True)
class Job:
    """What to open, what to do to which suggestions in turn, and the spans that must come of it."""

    path: Path
    beginning: str
    suggestions: int
    steps: tuple[tuple[str, tuple[str, ...]], ...]
    correction: str
    spans: tuple[tuple[int, int, str], ...]


VENEZUELA = Job(
    path=Path(DATA or ".") / "venezuela-protests.txt",
    beginning="Anti-government protests in Venezuela",
    suggestions=53,
    steps=(
        ("Nicolás Maduro", ("enter",)),
        ("23", ("jump Enero", "7")),
        ("Hugo Chávez", ("1",)),
        ("Maduro", ("1", "m")),
        ("the State Department", ("d",)),
        ("Twitter", ("x",)),
    ),
    correction="ORG→PERSON · m: 4 more",
    spans=(
        (28, 37, "GPE"), (48, 62, "TIME"), (182, 191, "DATE"), (226, 240, "PERSON"), (243, 289, "ORG"),
        (353, 364, "CARDINAL"), (382, 389, "GPE"), (390, 402, "DATE"), (412, 424, "CARDINAL"), (522, 529, "GPE"),
        (540, 551, "FAC"), (556, 562, "ORG"), (615, 624, "DATE"), (662, 666, "DATE"), (728, 739, "PERSON"),
        (770, 776, "PERSON"), (803, 812, "GPE"), (824, 833, "GPE"), (856, 866, "GPE"), (868, 876, "GPE"),
        (878, 884, "GPE"), (956, 962, "PERSON"), (1018, 1035, "ORG"), (1041, 1048, "DATE"), (1065, 1075, "PERSON"),
        (1225, 1241, "ORG"), (1258, 1263, "PERSON"), (1345, 1359, "PERSON"), (1380, 1391, "PERSON"),
        (1433, 1450, "ORG"), (1453, 1459, "PERSON"), (1467, 1472, "ORG"), (1571, 1574, "GPE"),
        (1585, 1588, "CARDINAL"), (1631, 1635, "DATE"), (1685, 1694, "DATE"), (1717, 1723, "PERSON"),
        (1784, 1801, "ORG"), (1812, 1823, "PERSON"), (1827, 1836, "DATE"), (1885, 1891, "PERSON"),
        (2078, 2086, "CARDINAL"), (2090, 2101, "NORP"), (2116, 2121, "DATE"), (2151, 2160, "GPE"),
        (2169, 2180, "PERSON"), (2237, 2249, "DATE"), (2255, 2262, "GPE"), (2263, 2273, "NORP"), (2281, 2290, "GPE"),
        (2315, 2320, "ORG"), (2361, 2370, "DATE"),
    ),
)  # fmt: skip
AZORES = Job(
    path=CORPORA / "news" / "azores-quota-vote.txt",
    beginning="rejects tuna quota",
    suggestions=64,
    steps=(
        ("Lisbon", ("enter",)),
        ("Azores", ("2", "m")),
        ("31", ("x",)),
        ("Baltazar Quaresma", ("jump Couto", "1")),
        ("the Atlantic Peoples’ Movement", ("d",)),
    ),
    correction="PERSON→GPE · m: 1 more",
    spans=(
        (0, 6, "GPE"), (23, 29, "GPE"), (50, 56, "GPE"), (112, 118, "GPE"), (202, 211, "PERSON"),
        (221, 229, "DATE"), (249, 267, "TIME"), (274, 312, "ORG"), (325, 327, "CARDINAL"),
        (334, 337, "CARDINAL"), (378, 383, "CARDINAL"), (393, 403, "PERCENT"), (458, 462, "DATE"),
        (464, 469, "CARDINAL"), (501, 517, "NORP"), (581, 588, "DATE"), (656, 668, "DATE"),
        (676, 702, "PERSON"), (718, 744, "ORG"), (792, 805, "GPE"), (816, 821, "PERSON"),
        (826, 830, "CARDINAL"), (912, 921, "ORG"), (996, 1004, "GPE"), (1014, 1022, "GPE"),
        (1064, 1087, "ORG"), (1102, 1105, "CARDINAL"), (1131, 1147, "TIME"), (1151, 1160, "DATE"),
        (1182, 1224, "LAW"), (1333, 1336, "CARDINAL"), (1354, 1375, "PERSON"), (1418, 1424, "ORDINAL"),
        (1441, 1446, "CARDINAL"), (1497, 1514, "DATE"), (1542, 1556, "ORG"), (1585, 1591, "MONEY"),
        (1595, 1601, "DATE"), (1603, 1621, "PERSON"), (1636, 1644, "GPE"), (1650, 1659, "CARDINAL"),
        (1721, 1734, "DATE"), (1828, 1845, "PERCENT"), (1863, 1868, "GPE"), (1871, 1877, "GPE"),
        (1899, 1906, "NORP"), (1960, 1963, "CARDINAL"), (1973, 1991, "ORG"), (1996, 2014, "ORG"),
        (2034, 2044, "DATE"), (2065, 2072, "NORP"), (2082, 2089, "NORP"), (2183, 2188, "ORDINAL"),
        (2217, 2223, "DATE"), (2227, 2234, "TIME"), (2319, 2339, "ORG"), (2359, 2383, "ORG"),
        (2391, 2411, "DATE"), (2415, 2435, "WORK_OF_ART"), (2451, 2461, "DATE"), (2481, 2486, "ORG"),
        (2505, 2508, "CARDINAL"), (2556, 2562, "GPE"),
    ),
)  # fmt: skip


@pytest.fixture(
    params=[
        pytest.param(
            VENEZUELA,
            id="venezuela",
            marks=pytest.mark.skipif(not DATA, reason="ANNOTATOR_EXTERNAL_DATA is not set"),
        ),
        pytest.param(AZORES, id="azores"),
    ]
)
def job(request: pytest.FixtureRequest) -> Job:
    return request.param


def do(terminal: Terminal, job: Job) -> None:
    """Do the steps: walk to each suggestion, and press its keys."""
    for text, keys in job.steps:
        for _ in range(job.suggestions):
            shown = terminal.status.strip().split("  ")[0]
            if shown == text or (shown.endswith("…") and text.startswith(shown[:-1])):
                break
            terminal.press_and_see("tab")
        else:
            pytest.fail(f"no suggestion {text!r}:\n{terminal.text}")
        pressed = 0
        for key in keys:
            if key.startswith("jump "):
                pressed += jump(terminal, key.removeprefix("jump "))
            else:
                if key == "m":
                    terminal.wait_for(job.correction)
                terminal.press_and_see(key)
                pressed += 1
        assert pressed <= 4


def jump(terminal: Terminal, word: str) -> int:
    """Stretch the focus to `word` by its hint, typed in capitals; how many keys that took."""
    row, column = terminal.find(word)
    terminal.press_and_see("f")
    hint = terminal.screen.display[row][column : column + 2]
    terminal.press_and_see(hint[0].upper())
    if not terminal.status.startswith(" jump"):
        return 2
    terminal.press_and_see(hint[1].upper())
    return 3


def finish(terminal: Terminal) -> None:
    """Press the space bar until the document is done: it pages through what was not seen first."""
    for _ in range(10):
        terminal.press_and_see("space")
        if "finished" in terminal.text:
            return
    pytest.fail(f"not finished:\n{terminal.text}")


def annotator(*arguments: object, cwd: Path, env: dict[str, str]) -> None:
    """Run a command that must succeed."""
    command = [sys.executable, "-m", "annotator", *map(str, arguments)]
    subprocess.run(command, cwd=cwd, env=env, check=True, capture_output=True)


def spans_of(path: Path) -> list[tuple[int, int, str]]:
    """What spaCy reads from an exported file."""
    import spacy
    from spacy.tokens import DocBin

    (doc,) = DocBin().from_disk(path).get_docs(spacy.blank("en").vocab)
    return [(ent.start_char, ent.end_char, ent.label_) for ent in doc.ents]


def test_a_job_by_keys_alone(
    job: Job, start: Callable[..., Terminal], tmp_path: Path, environment: dict[str, str]
) -> None:
    """The spans decided on, and those accepted by finishing, are what spaCy reads; every format brings them back."""
    terminal = start("annotate", job.path, "--store", "S", "--annotator", "me")
    terminal.wait_for(job.beginning)
    terminal.wait_for(f"of {job.suggestions} decided")

    do(terminal, job)
    finish(terminal)
    terminal.wait_for("saved")
    terminal.press("ctrl+q")
    assert terminal.wait_exit() == 0

    annotator("export", "out.spacy", "--store", "S", cwd=tmp_path, env=environment)
    assert spans_of(tmp_path / "out.spacy") == list(job.spans)

    for name in ("out.jsonl", "out.conll"):
        annotator("export", name, "--store", "S", cwd=tmp_path, env=environment)
        annotator("import", name, "--store", f"from-{name}", cwd=tmp_path, env=environment)
        annotator("export", f"{name}.spacy", "--store", f"from-{name}", cwd=tmp_path, env=environment)
    assert spans_of(tmp_path / "out.jsonl.spacy") == list(job.spans)
    assert texts_and_labels(tmp_path / "out.conll.spacy") == texts_and_labels(tmp_path / "out.spacy")


def texts_and_labels(path: Path) -> list[tuple[str, str]]:
    """The spans by their words: CoNLL keeps tokens, and not the spaces between them."""
    import spacy
    from spacy.tokens import DocBin

    (doc,) = DocBin().from_disk(path).get_docs(spacy.blank("en").vocab)
    return [("".join(ent.text.split()), ent.label_) for ent in doc.ents]
