"""Files that others made: all of them read, or fail with a message that names the place."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from annotator.errors import InputError
from annotator.formats.choices import OnError
from annotator.formats.exchange import AnnotatedDocument
from annotator.formats.registry import read, write
from annotator.model.decisions import Status
from annotator.model.documents import Document
from annotator.model.tokens import Tokens, stand_in_tokens


def _tokens(document: Document) -> Tokens:
    return document.tokens if document.tokens is not None else stand_in_tokens(document.text)


def _labels(documents: list[AnnotatedDocument]) -> Counter[str]:
    return Counter(span.label for each in documents for span in each.spans)


@pytest.mark.parametrize(
    ("name", "documents", "labels"),
    [
        ("wikigold/wikigold-a.conll", 72, {"LOC": 601, "ORG": 512, "PER": 466, "MISC": 347}),
        (
            "wnut17/wnut17train.conll",
            1,
            {
                "person": 660,
                "location": 548,
                "group": 264,
                "corporation": 221,
                "product": 142,
                "creative-work": 140,
            },
        ),
        (
            "wnut17/emerging.dev.conll",
            1,
            {
                "person": 470,
                "product": 114,
                "creative-work": 105,
                "location": 74,
                "group": 39,
                "corporation": 34,
            },
        ),
        ("hindi/hiner-validation-head.conll", 1, {"LOCATION": 1143, "PERSON": 196, "ORGANIZATION": 148}),
    ],
)
def test_conll_files_read_with_every_entity(
    external: Path, read_all, name: str, documents: int, labels: dict[str, int]
) -> None:
    found, report = read_all(external / name)
    assert len(found) == documents
    assert _labels(found) == labels
    assert [problem.message.split(",")[0] for problem in report.problems] == [
        "no line -DOCSTART- begins a document"
    ] * (documents == 1)


def test_iob1_entities_are_those_of_its_lines(external: Path, read_all) -> None:
    """Counted apart from the decoder: in a file without B-, an entity is a run of lines with the same tag."""
    path = external / "wikigold" / "wikigold-a.conll"
    tags = [line.rpartition(" ")[2] for line in path.read_text(encoding="utf-8").split("\n")]
    runs = Counter(
        tag[2:] for tag, before in zip(tags, ["", *tags], strict=False) if tag[:2] == "I-" and tag != before
    )
    found, _ = read_all(path)
    assert _labels(found) == runs


def test_sentences_of_tweets_can_be_documents(external: Path, read_all) -> None:
    path = external / "wnut17" / "wnut17train.conll"
    found, report = read_all(path, group=1)
    repeated = report.problem_count
    assert len(found) + repeated == 3394
    assert all("has the text of" in problem.message for problem in report.problems)


def test_japanese_columns_and_mixed_beginnings(external: Path, read_all) -> None:
    found, report = read_all(external / "japanese" / "hironsan.txt")
    assert sum(_labels(found).values()) == 1284
    assert [problem.message.split(":")[0] for problem in report.problems] == [
        "columns that are not read",
        "entities that begin with B-",
        "no line -DOCSTART- begins a document, so 500 sentences are one; --group 20 makes a document of every 20",
    ]
    assert "B-: 1278, with I-: 2; both were taken" in report.problems[1].message


def test_thai_tokens_as_conll(external: Path, read_all, tmp_path: Path) -> None:
    sentences = json.loads((external / "thai" / "sample_dev.json").read_text(encoding="utf-8"))[:20]
    content = "\n\n".join(
        "\n".join(f"{token}\tO" for token in each["tokens"] if token.strip()) for each in sentences
    )
    (tmp_path / "thai.conll").write_text(content, encoding="utf-8")
    (annotated,), _ = read_all(tmp_path / "thai.conll")
    expected = [token for each in sentences for token in each["tokens"] if token.strip()]
    assert annotated.document.tokens is not None
    text = annotated.document.text
    assert [text[start:end] for start, end in annotated.document.tokens] == expected


def test_prodigy_rows_read_and_come_back_as_they_were(external: Path, read_all, tmp_path: Path) -> None:
    for path in sorted((external / "prodigy").glob("*.jsonl")):
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        found, report = read_all(path)
        assert (len(found), report.problem_count) == (len(rows), 0)
        assert all(each.status is Status.DONE for each in found)
        assert [len(each.spans) for each in found] == [len(row.get("spans", [])) for row in rows]
        write(found, tmp_path / "out.jsonl")
        back = [
            json.loads(line) for line in (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()
        ]
        for row, again in zip(rows, back, strict=True):
            for key in ("text", "meta", "_input_hash", "_task_hash", "_session_id", "answer", "sessions"):
                assert again.get(key) == row.get(key)
            assert [(token["start"], token["end"], token["id"]) for token in again["tokens"]] == [
                (token["start"], token["end"], token["id"]) for token in row["tokens"]
            ]
            keys = ("start", "end", "label", "token_start", "token_end")
            assert [[span[key] for key in keys] for span in again["spans"]] == [
                [span[key] for key in keys] for span in row.get("spans", [])
            ]


def test_a_prodigy_file_without_rows_reads_as_none(external: Path, read_all) -> None:
    found, report = read_all(external / "prodigy" / "*drug*-head.jsonl")
    assert (found, report.documents) == ([], 0)


def test_doccano_examples_read_or_name_the_line(external: Path, read_all) -> None:
    folder = external / "doccano" / "sequence_labeling"
    (example,), _ = read_all(folder / "example.conll")
    assert _labels([example]) == {"LOC": 1, "PER": 1}
    (trailing,), _ = read_all(folder / "labeling.trailing.conll")
    assert trailing.document.text == "SOCCER - JAPAN GET LUCKY WIN , CHINA IN SURPRISE DEFEAT ."
    with pytest.raises(InputError, match=r"labeling\.invalid\.conll:1: 'SOCCERO' is not a tag"):
        read_all(folder / "labeling.invalid.conll")
    (invalid,), report = read_all(folder / "labeling.invalid.conll", on_error=OnError.SKIP)
    assert _labels([invalid]) == {"LOC": 3, "PER": 2}
    assert report.problem_count == 1


@pytest.mark.parametrize(
    "name",
    [
        "ner-token-per-line",
        "ner-token-per-line-with-pos",
        "ner-token-per-line-conll2003",
        "ner-sent-per-line",
    ],
)
def test_spacys_own_examples_have_its_entities(external: Path, read_all, name: str) -> None:
    path = external / "spacy" / "ner_example_data" / f"{name}.iob"
    (annotated,), _ = read_all(path)
    text = annotated.document.text
    assert [(text[span.start : span.end], span.label) for span in annotated.spans] == [
        ("Sebastian Thrun", "PERSON"),
        ("Google", "ORG"),
        ("2007", "DATE"),
        ("American", "NORP"),
        ("Thrun", "PERSON"),
        ("Recode", "ORG"),
        ("earlier this week", "DATE"),
    ]


def test_the_venezuela_article_and_a_folder_of_articles(external: Path, read_all) -> None:
    (article,), _ = read_all(external / "venezuela-protests.txt")
    assert article.document.title.startswith("Anti-government protests in Venezuela")
    assert article.document.text == (external / "venezuela-protests.txt").read_bytes().decode()
    found, report = read_all(external / "wikinews-en")
    assert (len(found), report.problem_count) == (26, 0)
    assert [each.document.meta["source"] for each in found] == sorted(
        each.document.meta["source"] for each in found
    )


@pytest.mark.parametrize(
    "name",
    [
        "venezuela-protests.txt",
        "wikigold/wikigold-a.conll",
        "wnut17/emerging.dev.conll",
        "hindi/hiner-validation-head.conll",
        "japanese/hironsan.txt",
        "prodigy/restaurant-review-head.jsonl",
    ],
)
@pytest.mark.parametrize("suffix", ["jsonl", "conll", "spacy"])
def test_everything_survives_every_format(external: Path, tmp_path: Path, name: str, suffix: str) -> None:
    found = list(read([external / name]))
    target = tmp_path / f"out.{suffix}"
    report = write(found, target, tokens=_tokens)
    back = list(read([target]))
    assert (report.documents, report.skipped) == (len(found), 0)
    assert _labels(back) == _labels(found)
    if suffix != "conll":
        assert [each.document.text for each in back] == [each.document.text for each in found]
        assert [each.spans for each in back] == [each.spans for each in found]
        assert [each.document.tokens for each in back] == [_tokens(each.document) for each in found]
    elif name.endswith("conll"):
        assert back == found


@pytest.mark.parametrize("folder", ["brat", "brat/genia-sample"])
def test_every_brat_document_is_read_and_its_offsets_are_the_usual_ones(
    external: Path, read_all, folder: str
) -> None:
    found, report = read_all(external / folder, format="brat", on_error=OnError.SKIP)
    assert len(found) == len(list((external / folder).rglob("*.txt")))
    assert not any("offsets count" in problem.message for problem in report.problems)


def test_every_cas_is_read_or_refused_for_having_no_text(external: Path, read_all) -> None:
    pytest.importorskip("cassis", reason="the extra cas is not installed")
    paths = sorted((external / "uima-cas").rglob("*.xmi"))
    assert paths
    for path in paths:
        if "sofaString" not in path.read_text(encoding="utf-8"):
            with pytest.raises(InputError, match="holds no text"):
                read_all(path)
            continue
        (annotated,), _ = read_all(path)
        assert annotated.document.text
