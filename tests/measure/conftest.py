"""What the tests of this room share: the folder of real data, and the texts in it as documents."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from annotator.measure.corpus import FinishedDocument
from annotator.model.spans import Span


@pytest.fixture(scope="session")
def external() -> Path:
    """The folder of real data by others."""
    folder = os.environ.get("ANNOTATOR_EXTERNAL_DATA")
    if not folder:
        pytest.skip("ANNOTATOR_EXTERNAL_DATA is not set")
    return Path(folder)


@pytest.fixture(scope="session")
def neurotrialner(external: Path) -> list[FinishedDocument]:
    """NeuroTrialNER's first round: three annotators, on the tokens of spaCy's blank English tokenizer, blanks too."""
    import spacy

    nlp = spacy.blank("en")
    rows = map(json.loads, (external / "neurotrialner-r1.jsonl").read_text(encoding="utf-8").splitlines())
    return [
        FinishedDocument(
            row["id"],
            len(row["text"]),
            [(token.idx, token.idx + len(token)) for token in nlp(row["text"])],
            {name: [Span(*span) for span in spans] for name, spans in row["annotators"].items()},
        )
        for row in rows
    ]


@pytest.fixture(scope="session")
def nemo(external: Path) -> dict[str, list[FinishedDocument]]:
    """NEMO's pilot by group: six annotators and the gold each; spans are of tokens, and every token is one character."""
    groups: dict[str, list[FinishedDocument]] = {}
    for line in (external / "nemo-pilot.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        length = len(row["tokens"])
        sets = {**row["annotators"], "gold": row["gold"]}
        groups.setdefault(row["id"].split("-")[0], []).append(
            FinishedDocument(
                row["id"],
                length,
                [(number, number + 1) for number in range(length)],
                {
                    name: [Span(start, end, label) for start, end, label, _ in spans]
                    for name, spans in sets.items()
                },
            )
        )
    return groups
