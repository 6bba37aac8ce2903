"""Exports in parts: all of them or none, called as the target says, with a configuration that fits."""

from __future__ import annotations

from itertools import chain
from pathlib import Path

import pytest

from annotator.errors import InputError, OutputError, UsageError
from annotator.formats.choices import SplitBy
from annotator.formats.exchange import AnnotatedDocument, Report, WriteOptions
from annotator.formats.registry import read
from annotator.formats.splits import parse_ratios
from annotator.model.decisions import Status
from annotator.model.documents import new_document
from annotator.model.labels import Label, LabelSet
from annotator.model.spans import Span
from annotator.model.tokens import stand_in_tokens
from annotator.store.repository import Store
from annotator.store.sets import SetSnapshot
from annotator.workspace.training.preparation import Preparation, TrainingRequest
from annotator.workspace.transfer.importing import imported_set
from annotator.workspace.transfer.splitting import plan_split, write_parts

RATIOS = parse_ratios("60/20/20")
LABELS = LabelSet.from_names("two", ["PER", "LOC"])
NESTED = LabelSet(name="two", labels=(Label(name="PER"), Label(name="LOC")), nested=True)


@pytest.fixture
def make(tmp_path: Path):
    """A store with ten finished documents, each with two spans; `source` in their metadata is a or b."""

    def store(label_set: LabelSet = LABELS) -> Store:
        made = Store.create(tmp_path / "S", label_set=label_set, model="blank:en")
        for number in range(10):
            text = f"Ada {number} saw Rome and the far sea"
            document = new_document(
                text, id=f"d{number}", meta={"source": "ab"[number % 2]} if number else {}
            )
            made.add_document(document)
            start = text.index("Rome")
            spans = (Span(0, 3, "PER"), Span(start, start + 4, "LOC"))
            if label_set.nested:
                spans += (Span(start, len(text), "LOC"),)
            item = AnnotatedDocument(document, spans=spans, status=Status.DONE)
            with made.batch() as batch:
                batch.save(SetSnapshot.of(imported_set(item, "ada")))
        return made

    return store


def _write(store: Store, target: Path | str, *, format: str | None = None, **options) -> dict[str, Path]:
    plan = plan_split(store, ratios=RATIOS, **options)
    return write_parts(
        store,
        plan,
        str(target),
        format=format,
        tokens=lambda document: stand_in_tokens(document.text),
        options=WriteOptions(nested=store.info.label_set.nested),
        report=Report(),
    )


def _ids(paths: dict[str, Path], format: str | None = None) -> dict[str, list[str]]:
    return {part: [each.document.id for each in read([path], format=format)] for part, path in paths.items()}


@pytest.mark.parametrize("by", SplitBy)
def test_every_document_is_in_one_part(make, tmp_path, by):
    paths = _write(make(), tmp_path / "gold.jsonl", by=by, seed=0)
    assert [path.name for path in paths.values()] == ["gold-train.jsonl", "gold-dev.jsonl", "gold-test.jsonl"]
    ids = _ids(paths)
    assert sorted(chain(*ids.values())) == [f"d{number}" for number in range(10)]
    assert {path.name for path in tmp_path.iterdir()} == {"S", *(path.name for path in paths.values())}


def test_the_whole_of_a_double_ending_stays_at_the_end(make, tmp_path):
    paths = _write(make(), tmp_path / "gold.label-studio.json")
    assert paths["dev"].name == "gold-dev.label-studio.json"
    assert _ids(paths)["dev"]


@pytest.mark.parametrize("format", ["spacy", "conll", "brat", "webanno-tsv"])
def test_a_name_without_ending_is_a_folder_of_parts(make, tmp_path, format):
    paths = _write(make(), tmp_path / "parts", format=format)
    assert all(path.parent == tmp_path / "parts" for path in paths.values())
    spans = {part: [len(each.spans) for each in read([path], format=format)] for part, path in paths.items()}
    assert {part: len(each) for part, each in spans.items()} == {"train": 6, "dev": 2, "test": 2}
    assert set(chain(*spans.values())) == {2}


def test_documents_with_the_same_metadata_stay_together(make, tmp_path):
    store = make()
    plan = plan_split(store, ratios=parse_ratios("50/50"), group="source")
    assert plan.alone == 1
    parts = {item.group: plan.parts[item.id] for item in plan.items if item.group}
    assert all(plan.parts[item.id] == parts[item.group] for item in plan.items if item.group)


def test_a_field_that_no_document_has_is_told_with_those_there_are(make):
    with pytest.raises(InputError, match="no document has the metadata field sauce") as caught:
        plan_split(make(), ratios=RATIOS, group="sauce")
    assert caught.value.hint == "the fields here are source"


def test_an_empty_store_has_nothing_to_split(tmp_path):
    store = Store.create(tmp_path / "S", label_set=LABELS)
    with pytest.raises(OutputError, match="nothing to split"):
        plan_split(store, ratios=RATIOS)


def test_a_pipe_and_a_folder_that_is_full_are_refused(make, tmp_path):
    store = make()
    with pytest.raises(UsageError, match="a pipe takes one file"):
        _write(store, "-", format="jsonl")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine").touch()
    with pytest.raises(OutputError, match="is there already"):
        _write(store, tmp_path / "full", format="jsonl")


@pytest.mark.parametrize("target", ["gold.conll", "gold"])
def test_when_one_part_cannot_be_written_none_is(make, tmp_path, target):
    """A span within a token, in whatever part it is."""
    store = make()
    document = new_document("Rome", id="off")
    store.add_document(document)
    item = AnnotatedDocument(document, spans=(Span(1, 2, "LOC"),), status=Status.DONE)
    with store.batch() as batch:
        batch.save(SetSnapshot.of(imported_set(item, "ada")))
    with pytest.raises(OutputError, match="off the tokens' edges"):
        _write(store, tmp_path / target, format="conll")
    assert [path.name for path in tmp_path.iterdir()] == ["S"]


@pytest.mark.parametrize(("label_set", "kind"), [(LABELS, "ner"), (NESTED, "spancat")])
def test_the_configuration_fits_the_label_set_and_its_longest_span(make, tmp_path, label_set, kind):
    store = make(label_set)
    plan = plan_split(store, ratios=RATIOS)
    request = TrainingRequest(ratios=RATIOS, base="blank:en", max_steps=10)
    preparation = Preparation(store, plan, request, lambda document: stand_in_tokens(document.text))
    write_parts(
        store,
        plan,
        str(tmp_path / "out"),
        format="spacy",
        tokens=preparation.tokens,
        options=WriteOptions(nested=label_set.nested),
        report=Report(),
        beside=preparation.write_config,
        on_document=preparation.see,
    )
    config = (tmp_path / "out" / "config.cfg").read_text(encoding="utf-8")
    assert f'pipeline = ["tok2vec", "{kind}"]' in config
    assert f'train = "{tmp_path / "out" / "train.spacy"}"' in config
    assert ("max_size = 5" in config) is (kind == "spancat")
