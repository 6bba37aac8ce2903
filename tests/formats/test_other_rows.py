"""Rows of other programs: their spans are read whatever they are called, or told."""

from __future__ import annotations

import json
from typing import Any

import pytest

from annotator.errors import InputError
from annotator.formats.exchange import AnnotatedDocument
from annotator.formats.registry import write

TEXT = "Ana Silva voted in Porto."
EXPECTED = [(0, 9, "PER"), (19, 24, "LOC")]


def facts(annotated: AnnotatedDocument) -> list[tuple[int, int, str]]:
    return [(span.start, span.end, span.label) for span in annotated.spans]


SPANS: list[Any] = [
    {"entities": [[0, 9, "PER"], [19, 24, "LOC"]]},
    {"label": [[0, 9, "PER"], [19, 24, "LOC"]]},
    {"ents": [{"start": 0, "end": 9, "label": "PER"}, {"start": 19, "end": 24, "label": "LOC"}]},
    {"entities": [{"start": 0.0, "end": 9.0, "label": "PER"}, {"start": 19, "end": 24.0, "label": "LOC"}]},
    {"annotations": [
        {"start_offset": 0, "end_offset": 9, "label": "PER"},
        {"start_offset": 19, "end_offset": 24, "label": "LOC"},
    ]},
    {"entities": [
        {"entity_group": "PER", "start": 0, "end": 9, "word": "ana silva", "score": 0.9},
        {"entity_group": "LOC", "start": 19, "end": 24},
    ]},
    {"entities": [{"offset": 0, "length": 9, "type": "PER"}, {"offset": 19, "length": 5, "type": "LOC"}]},
    {"entities": {"PER": [[0, 9]], "LOC": [[19, 24]]}},
    {"entities": {"PER": [{"start": 0, "end": 9}], "LOC": [{"start": 19, "end": 24}]}},
    {"entities": [{"start": "0", "end": "9", "label": "PER"}, {"start": "19", "end": "24", "label": "LOC"}]},
    {"entities": [
        {"startIndex": 0, "endIndex": 9, "entityType": "PER"},
        {"Begin_Offset": 19, "End_Offset": 24, "Type": "LOC"},
    ]},
    {"entities": [{"loc": [0, 9], "label": "PER"}, {"offsets": [[19, 24]], "text": ["Porto"], "type": "LOC"}]},
    {"entities": [
        {"span": {"start": 0, "end": 9}, "label": "PER"},
        {"location": {"offset": 19, "length": 5}, "category": "LOC"},
    ]},
    {"entities": [
        {"entity": "B-PER", "word": "Ana", "start": 0, "end": 3},
        {"entity": "I-PER", "word": "Sil", "start": 4, "end": 7},
        {"entity": "I-PER", "word": "##va", "start": 7, "end": 9},
        {"entity": "B-LOC", "word": "Porto", "start": 19, "end": 24},
    ]},
    {"annotation": [
        {"label": ["PER"], "points": [{"start": 0, "end": 8, "text": "Ana Silva"}]},
        {"label": ["LOC"], "points": [{"start": 19, "end": 23, "text": "Porto"}]},
    ]},
]  # fmt: skip


@pytest.mark.parametrize("part", SPANS)
@pytest.mark.parametrize("form", ["line", "array", "indented", "object"])
def test_spans_are_read_whatever_they_are_called(written, read_all, part: Any, form: str) -> None:
    row = {"text": TEXT, **part}
    content = {
        "line": json.dumps(row) + "\n",
        "array": json.dumps([row]),
        "indented": json.dumps([row], indent=1),
        "object": json.dumps(row, indent=1),
    }[form]
    name = "a.jsonl" if form == "line" else "a.json"
    ((annotated,), report) = read_all(written(name, content))
    assert (facts(annotated), annotated.status, report.problems) == (EXPECTED, "done", [])


def test_labels_that_look_like_tags_stay_where_nothing_goes_on(written, read_all) -> None:
    row = {"text": TEXT, "entities": [{"start": 0, "end": 9, "label": "B-52"}]}
    ((annotated,), _) = read_all(written("a.jsonl", json.dumps(row)))
    assert facts(annotated) == [(0, 9, "B-52")]


def test_pieces_that_are_apart_are_entities_of_their_own(written, read_all) -> None:
    pieces = [
        {"entity": "I-PER", "start": 0, "end": 3},
        {"entity": "I-PER", "start": 19, "end": 24},
    ]
    ((annotated,), _) = read_all(written("a.jsonl", json.dumps({"text": TEXT, "entities": pieces})))
    assert facts(annotated) == [(0, 3, "PER"), (19, 24, "PER")]


def test_a_span_in_fragments_is_told(written, read_all) -> None:
    row = {"text": TEXT, "entities": [{"offsets": [[0, 3], [19, 24]], "type": "PER"}]}
    with pytest.raises(InputError, match="span 0 is in 2 fragments"):
        read_all(written("a.jsonl", json.dumps(row)))


def test_inclusive_ends_are_proven_by_all_quotations(written, read_all) -> None:
    def row(*ends: int) -> dict[str, Any]:
        places = zip((0, 19), ends, ("Ana Silva", "Porto"), ("PER", "LOC"), strict=True)
        return {
            "text": TEXT,
            "entities": [{"start": s, "end": e, "text": t, "label": label} for s, e, t, label in places],
        }

    ((annotated,), report) = read_all(written("a.jsonl", json.dumps(row(8, 23))))
    assert facts(annotated) == EXPECTED
    assert "ends are those of the last characters" in report.problems[0].message
    with pytest.raises(InputError, match="holds 'Ana Silv'"):
        read_all(written("b.jsonl", json.dumps(row(8, 24))))


def test_keys_of_spans_that_mean_nothing_here_come_out_again(written, read_all, tmp_path) -> None:
    row = {"text": TEXT, "entities": [{"start": 0, "end": 9, "label": "PER", "certainty": "low", "id": 4}]}
    (documents, _) = read_all(written("a.jsonl", json.dumps(row)))
    write(documents, tmp_path / "out.jsonl")
    written_span = json.loads((tmp_path / "out.jsonl").read_text())["spans"][0]
    assert written_span == {"start": 0, "end": 9, "label": "PER", "certainty": "low", "id": 4}
    write(documents, tmp_path / "out.doccano.jsonl")
    (again, _) = read_all(tmp_path / "out.doccano.jsonl")
    assert facts(again[0]) == EXPECTED[:1]


def test_inclusive_ends_are_told_from_the_words(written, read_all) -> None:
    exclusive = {"label": ["LOC"], "points": [{"start": 19, "end": 24, "text": "Porto"}]}
    ((annotated,), _) = read_all(written("a.json", json.dumps({"content": TEXT, "annotation": [exclusive]})))
    assert facts(annotated) == EXPECTED[1:]


def test_labels_that_are_numbers_need_names(written, read_all) -> None:
    row = {"text": TEXT, "annotations": [{"label": 2, "start_offset": 0, "end_offset": 9}]}
    path = written("a.jsonl", json.dumps(row))
    with pytest.raises(InputError, match="--label-name 2=NAME"):
        read_all(path)
    ((annotated,), _) = read_all(path, label_names={"2": "PER"})
    assert facts(annotated) == EXPECTED[:1]
    ((annotated,), _) = read_all(path, on_error="skip")
    assert annotated.status == "started"


def test_another_key_is_named_by_an_option(written, read_all) -> None:
    path = written("a.jsonl", json.dumps({"text": TEXT, "mentions": [[0, 9, "PER"]]}))
    with pytest.raises(InputError, match='"mentions" holds what looks like annotations'):
        read_all(path)
    for format in ("doccano", "jsonl", None):
        ((annotated,), _) = read_all(path, span_keys=("mentions",), format=format)
        assert (facts(annotated), annotated.status) == (EXPECTED[:1], "done")


@pytest.mark.parametrize(
    ("row", "path"),
    [
        ({"meta": {"entities": [[0, 9, "PER"]]}, "label": []}, "meta.entities"),
        ({"nlp": {"ents": [{"begin": 0, "end": 9, "type": "PER"}]}}, "nlp.ents"),
        (
            {"responses": [{"values": {"v": [{"start": 0, "end": 9, "label": "PER"}]}}]},
            "responses[0].values.v",
        ),
        ({"answer": "accept", "spans": [], "entities": [[0, 9, "PER"]]}, "entities"),
    ],
)
def test_the_hint_names_the_path_by_which_spans_are_read(written, read_all, row, path: str) -> None:
    file = written("a.jsonl", json.dumps({"text": TEXT, **row}))
    with pytest.raises(InputError) as error:
        read_all(file)
    assert f"--span-key {path}," in str(error.value.hint)
    ((annotated,), report) = read_all(file, span_keys=(path,))
    assert (facts(annotated), annotated.status, report.problems) == (EXPECTED[:1], "done", [])


def test_spans_spelled_out_in_a_text_can_only_be_kept(written, read_all) -> None:
    file = written("a.jsonl", json.dumps({"text": TEXT, "entities": "[(0, 9, 'PER')]"}))
    with pytest.raises(InputError) as error:
        read_all(file)
    assert "--span-key" not in str(error.value.hint)
    assert "--keep-key entities" in str(error.value.hint)


def test_a_text_under_another_key_is_named_by_an_option(written, read_all) -> None:
    file = written("a.jsonl", json.dumps({"lang": "en", "tweet": TEXT, "entities": [[0, 9, "PER"]]}))
    with pytest.raises(InputError) as error:
        read_all(file)
    assert "--text-key tweet" in str(error.value.hint)
    ((annotated,), _) = read_all(file, text_key="tweet")
    assert facts(annotated) == EXPECTED[:1]


@pytest.mark.parametrize(
    "row",
    [
        {"tokens": ["Ana", "Silva", "voted"], "ner_tags": ["B-PER", "I-PER", "O"]},
        {"tokens": ["Ana", "Silva", "voted"], "tags": ["B-PER", "L-PER", "O"]},
        {"words": ["Ana", "Silva", "voted"], "labels": ["B-PER", "I-PER", "O"]},
        {"tokenized_text": ["Ana", "Silva", "voted"], "ner": [[0, 1, "PER"]]},
        {"text": ["Ana", "Silva", "voted"], "bio_tags": ["B-PER", "I-PER", "O"]},
        {"text": "Ana Silva voted", "tokens": ["Ana", "Silva", "voted"], "ner_tags": ["B-PER", "I-PER", "O"]},
        {"tokens": ["Ana", "Silva", "voted"], "ner_tags": ["PER", "PER", "O"]},
        {"tokens": ["Ana", "Silva", "voted"], "ner_tags": ["PER-B", "PER-I", "O"]},
    ],
)
def test_words_with_tags_or_spans_of_words(written, read_all, row: dict[str, Any]) -> None:
    ((annotated,), _) = read_all(written("a.jsonl", json.dumps({"id": 7, **row})))
    assert (annotated.document.id, annotated.document.text) == ("7", "Ana Silva voted")
    assert (facts(annotated), annotated.status) == (EXPECTED[:1], "done")


def test_ends_behind_the_last_word_are_told_from_one_that_is_behind_all(written, read_all) -> None:
    spans = [{"start": 0, "end": 2, "type": "PER"}, {"start": 3, "end": 4, "type": "LOC"}]
    row = {"tokens": ["Ana", "Silva", "left", "Porto"], "labels": spans}
    ((annotated,), report) = read_all(written("a.jsonl", json.dumps(row)))
    assert facts(annotated) == [(0, 9, "PER"), (15, 20, "LOC")]
    assert "the ends are those of the word behind" in report.problems[0].message


def test_tags_of_other_layers_are_metadata_beside_those_of_entities(written, read_all) -> None:
    words = {"tokens": ["Ana", "voted"], "chunk_tags": ["B-NP", "B-VP"], "pos_tags": ["NNP", "VBD"]}
    file = written("a.jsonl", json.dumps({**words, "ner_tags": ["B-PER", "O"]}))
    ((annotated,), _) = read_all(file)
    assert facts(annotated) == [(0, 3, "PER")]
    assert annotated.document.meta == {"chunk_tags": ["B-NP", "B-VP"], "pos_tags": ["NNP", "VBD"]}
    with pytest.raises(InputError, match='"chunk_tags" holds what looks like annotations'):
        read_all(written("b.jsonl", json.dumps(words)))


def test_words_that_do_not_follow_in_the_text_are_told(written, read_all) -> None:
    row = {"text": "Ana left", "tokens": ["Ana", "voted"], "ner_tags": ["B-PER", "O"]}
    with pytest.raises(InputError, match="token 1, 'voted', does not follow in the text"):
        read_all(written("a.jsonl", json.dumps(row)))


def test_tags_by_number_are_told_and_named(written, read_all) -> None:
    path = written("a.jsonl", json.dumps({"tokens": ["Ana", "voted"], "ner_tags": [1, 0]}))
    with pytest.raises(InputError, match="--label-name NUMBER=B-PER"):
        read_all(path)
    ((annotated,), _) = read_all(path, label_names={"0": "O", "1": "B-PER"})
    assert facts(annotated) == [(0, 3, "PER")]


PAIRS = [TEXT, {"entities": [[0, 9, "PER"], [19, 24, "LOC"]]}]


@pytest.mark.parametrize(
    "content",
    [
        json.dumps([PAIRS]),
        json.dumps([PAIRS], indent=1),
        json.dumps(PAIRS) + "\n",
        json.dumps({"classes": ["PER", "LOC"], "annotations": [PAIRS, None]}),
        json.dumps({"classes": ["PER", "LOC"], "annotations": [PAIRS]}, indent=2),
    ],
)
def test_spacys_training_data(written, read_all, content: str) -> None:
    ((annotated,), _) = read_all(written("a.json", content))
    assert (facts(annotated), annotated.status) == (EXPECTED, "done")


def test_spacys_json_of_version_2(written, read_all) -> None:
    tokens = [
        ("Ana", "B-PER"),
        ("Silva", "L-PER"),
        ("voted", "O"),
        ("in", "O"),
        ("Porto", "U-LOC"),
        (".", "O"),
    ]
    sentence = {"tokens": [{"id": at, "orth": word, "ner": tag} for at, (word, tag) in enumerate(tokens)]}
    value = [{"id": 0, "paragraphs": [{"raw": TEXT, "sentences": [sentence]}]}]
    ((annotated,), _) = read_all(written("a.json", json.dumps(value)))
    assert (facts(annotated), len(annotated.document.tokens or ())) == (EXPECTED, 6)
    unannotated = {"tokens": [{"orth": "Ana", "ner": "-"}]}
    value = [{"paragraphs": [{"sentences": [unannotated]}]}]
    ((annotated,), _) = read_all(written("b.json", json.dumps(value)))
    assert (annotated.document.text, annotated.status) == ("Ana", "todo")


@pytest.mark.parametrize("letters", ["word ", "слово "])
def test_a_first_text_longer_than_what_is_looked_at_first(written, read_all, letters: str) -> None:
    text = "Ana Silva wrote. " + letters * 30_000
    rows = [
        {"id": 1, "text": text, "label": [[0, 9, "PER"]]},
        {"id": 2, "text": TEXT, "label": [[19, 24, "LOC"]]},
    ]
    path = written("a.jsonl", "\n".join(map(json.dumps, rows)))
    found, report = read_all(path)
    assert [facts(each) for each in found] == [EXPECTED[:1], EXPECTED[1:]]
    assert not report.problems
    region = {"value": {"start": 0, "end": 9, "text": "Ana Silva", "labels": ["PER"]}, "from_name": "label"}
    task = [{"data": {"text": text}, "annotations": [{"result": [region]}]}]
    ((annotated,), _) = read_all(written("b.json", json.dumps(task)))
    assert facts(annotated) == EXPECTED[:1]
