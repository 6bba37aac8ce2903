"""CoNLL-U: the text that its words spell, entities in MISC, and the conllu library reading the same."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotator.errors import InputError
from annotator.formats.registry import read, reader_for
from annotator.formats.sources import file_source
from annotator.model.decisions import Status
from tests.formats.generated import span_facts

SAMPLE = """\
# newdoc id = news-1
# sent_id = 1
1\tAna\tAna\tPROPN\t_\t_\t2\tnsubj\t_\tner=B-PER
2\tvive\tvivir\tVERB\t_\t_\t0\troot\t_\tner=O
3-4\tdel\t_\t_\t_\t_\t_\t_\t_\t_
3\tde\tde\tADP\t_\t_\t5\tcase\t_\tner=B-LOC
4\tel\tel\tDET\t_\t_\t5\tdet\t_\tner=I-LOC
5\tRío\trío\tPROPN\t_\t_\t2\tobl\t_\tner=I-LOC|SpaceAfter=No
5.1\tx\t_\t_\t_\t_\t_\t_\t_\t_
6\t.\t.\tPUNCT\t_\t_\t2\tpunct\t_\tner=O

1\tSí\tsí\tINTJ\t_\t_\t0\troot\t_\tSpaceAfter=No
2\t.\t.\tPUNCT\t_\t_\t1\tpunct\t_\t_

# newdoc
1\tBo\tBo\tPROPN\t_\t_\t0\troot\t_\tEntity=(1-person-new)
"""


def test_words_spell_the_text_and_misc_the_entities(written, read_all) -> None:
    path = written("a.conllu", SAMPLE)
    (first, second), report = read_all(path)
    assert (first.document.id, first.document.text) == ("news-1", "Ana vive del Río.\nSí.")
    assert first.document.sentences == (0, 18)
    assert span_facts(first) == [(0, 3, "PER", ""), (9, 16, "LOC", "")]
    assert (first.status, second.status) == (Status.DONE, Status.TODO)
    assert [str(each).rpartition("/")[2] for each in report.problems] == [
        "a.conllu:15: entities that MISC spells with brackets, left out: 1"
    ]


def test_the_content_tells_the_format(written) -> None:
    assert reader_for(file_source(written("a", SAMPLE))).name == "conllu"
    assert reader_for(file_source(written("b.txt", SAMPLE.partition("\n")[2]))).name == "conllu"


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("1\tAna\tB-PER", "is no row of 10 columns"),
        ("x\tAna\t_\t_\t_\t_\t_\t_\t_\t_", "is no row of 10 columns"),
        ("1\tAna\t_\t_\t_\t_\t_\t_\t_\tNER=PER", "'PER' is not a tag"),
        ("1\t\t_\t_\t_\t_\t_\t_\t_\t_", "has no form"),
    ],
)
def test_a_broken_row_is_named_or_left_out(written, read_all, row: str, message: str) -> None:
    path = written("a.conllu", f"{row}\n2\tBo\t_\t_\t_\t_\t_\t_\t_\tNER=B-PER\n")
    with pytest.raises(InputError) as caught:
        read_all(path)
    assert f"a.conllu:1: {message}" in caught.value.message
    (annotated,), report = read_all(path, on_error="skip")
    assert annotated.document.text.endswith("Bo")
    assert [each.message for each in report.problems] == [report.problems[0].message]


_forms = st.text(min_size=1, max_size=5, alphabet="aé中א😊.").filter(lambda form: form not in "_")
_tags = st.sampled_from(
    ["_", "NER=O", "NER=B-PER", "NER=I-PER", "NER=S-LOC", "SpaceAfter=No", "NER=B-X|SpaceAfter=No"]
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.lists(st.tuples(_forms, _tags), min_size=1, max_size=5), min_size=1, max_size=3))
def test_the_conllu_library_reads_the_same_words(
    tmp_path: Path, sentences: list[list[tuple[str, str]]]
) -> None:
    conllu = pytest.importorskip("conllu", reason="the extra oracles is not installed")
    content = "".join(
        "".join(
            f"{number}\t{form}\t_\t_\t_\t_\t_\t_\t_\t{misc}\n" for number, (form, misc) in enumerate(rows, 1)
        )
        + "\n"
        for rows in sentences
    )
    (tmp_path / "a.conllu").write_text(content, encoding="utf-8")
    (annotated,) = read([tmp_path / "a.conllu"])
    document = annotated.document
    assert document.tokens is not None
    theirs = [token["form"] for sentence in conllu.parse(content) for token in sentence]
    assert [document.text[start:end] for start, end in document.tokens] == theirs
    assert document.text.count("\n") == len(sentences) - 1


_ROW = "{number}\t{form}\t_\t_\t_\t_\t_\t_\t_\t{misc}\n"


@pytest.mark.parametrize(
    "misc",
    [
        "name={tag}",
        "NE={tag}",
        "Tag={tag}",
        "{tag}",
        "SpaceAfter=Yes|{tag}",
        "Gloss=x|Name={tag}",
        "Nerus={tag}",
    ],
)
def test_tags_stand_under_many_keys_and_under_none(written, read_all, misc: str) -> None:
    tags = [("Ada", "B-PER"), ("Byron", "I-PER"), ("sat", "O"), ("here", "I-O")]
    rows = [
        _ROW.format(number=number, form=form, misc=misc.format(tag=tag))
        for number, (form, tag) in enumerate(tags, 1)
    ]
    (annotated,), _ = read_all(written("a.conllu", "".join(rows)))
    assert span_facts(annotated) == [(0, 9, "PER", "")]
    assert annotated.status is Status.DONE


def test_a_name_that_is_no_tag_is_no_entity(written, read_all) -> None:
    (annotated,), report = read_all(
        written("a.conllu", _ROW.format(number=1, form="Ada", misc="Name=Ada|Gloss=S-Bahn"))
    )
    assert (annotated.spans, annotated.status, report.problem_count) == ((), Status.TODO, 0)


def test_conll_u_plus_names_its_columns(written, read_all) -> None:
    content = (
        "# global.columns = ID FORM UPOS X:NER\n# newdoc id = a\n1\tAda\tPROPN\tB-PER\n2\tsat\tVERB\tO\n"
    )
    (annotated,), _ = read_all(written("a.conllup", content))
    assert (annotated.document.id, span_facts(annotated)) == ("a", [(0, 3, "PER", "")])
    with pytest.raises(InputError, match="of which ID or FORM is missing"):
        read_all(written("b.conllup", "# global.columns = LEMMA NER\nAda\tB-PER\n"))


def test_a_byte_order_mark_within_a_joined_file_is_no_row(written, read_all) -> None:
    part = "\ufeff# newdoc id = {id}\n" + _ROW.format(number=1, form="Ada", misc="NER=B-PER") + "\n"
    found, _ = read_all(written("a.conllu", part.format(id="a") + part.format(id="b")))
    assert [each.document.id for each in found] == ["a", "b"]


@pytest.mark.parametrize("misc", ["name=PER", "Label=PERSON", "SpaceAfter=No|EntityType=LOC"])
def test_a_label_without_prefix_is_told(written, read_all, misc: str) -> None:
    path = written("a.conllu", f"1\tAna\t_\t_\t_\t_\t_\t_\t_\t{misc}\n")
    with pytest.raises(InputError, match="may be an entity, but is not a tag such as B-"):
        read_all(path)
    (annotated,), report = read_all(path, on_error="skip")
    assert (annotated.status, report.problem_count) == (Status.TODO, 1)


def test_tags_in_a_column_that_is_not_read_are_lost_and_told(written, read_all) -> None:
    path = written("a.conllu", "1\tAna\t_\t_\t_\tCase=Nom|NER=B-PER\t_\t_\t_\t_\n")
    (annotated,), report = read_all(path)
    assert annotated.status is Status.TODO
    assert report.lost == {"span": 1}
