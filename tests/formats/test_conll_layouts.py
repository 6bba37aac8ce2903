"""CoNLL's many layouts: which columns hold tokens and tags, how tags are spelled, and what is no row."""

from __future__ import annotations

import pytest

from annotator.errors import InputError
from annotator.formats.exchange import AnnotatedDocument
from annotator.formats.registry import reader_for
from annotator.formats.sources import file_source
from annotator.model.decisions import Status

_WORDS = "Ada Byron met Bo ."
_SPANS = [("Ada Byron", "PER"), ("Bo", "PER")]


def _spelled(annotated: AnnotatedDocument) -> list[tuple[str, str]]:
    text = annotated.document.text
    return [(text[span.start : span.end], span.label) for span in annotated.spans]


def _rows(*tags: str, form: str = "{word}\t{tag}") -> str:
    lines = (
        form.format(word=word, tag=tag, number=number)
        for number, (word, tag) in enumerate(zip(_WORDS.split(), tags, strict=True), start=1)
    )
    return "".join(f"{line}\n" for line in lines)


_IOB = ("B-PER", "I-PER", "O", "B-PER", "O")


@pytest.mark.parametrize(
    "form",
    [
        "{number}\t{word}\t{tag}",
        "{number} {word} {tag}",
        "{number}\t{word}\tXX\t{tag}",
        "{number}\t{word}\t{tag}\t-\tano",  # Universal NER: a comment and the annotator's name behind
        "{number}-{number}\t{word}\t{tag}",
        "{number}.\t{word}\t{tag}",
        "news-7\t{number}\t{word}\t{tag}",
        "news-7 0 {number} {word} {tag}",
        "{word}\t{tag}\t",
        "{word}\t{tag}  ",
        "{word}   {tag}",
        "{word} XX B-NP {tag}",
        "{word} {tag} B-NP XX",
        "{word}\tXX\t{tag}\t0.98",
        "{tag}\t{word}",
        "{word}|{tag}",
        "{word};{tag}",
        "{word}\t_\t_\t{tag}",
        "Sentence:1\t{word}\tXX\t{tag}",
        "s1 {word} {tag}",
    ],
)
def test_tokens_and_tags_are_found_where_they_stand(written, read_all, form: str) -> None:
    (annotated,), report = read_all(written("a.conll", _rows(*_IOB, form=form)))
    assert annotated.document.text == _WORDS
    assert _spelled(annotated) == _SPANS
    assert annotated.status is Status.DONE
    assert not any("left out" in problem.message for problem in report.problems)


@pytest.mark.parametrize("end", ["\r\n", "  \n", "\t\n"])
def test_line_ends_and_a_missing_last_one_change_nothing(written, read_all, end: str) -> None:
    content = _rows(*_IOB, form="{number}\t{word}\t{tag}").replace("\n", end).rstrip()
    (annotated,), _ = read_all(written("a.conll", content))
    assert (annotated.document.text, _spelled(annotated)) == (_WORDS, _SPANS)


def test_numbers_that_are_the_words_stay_the_words(written, read_all) -> None:
    (annotated,), _ = read_all(written("a.conll", "1 B-X\n2 O\n\n1 O\n"))
    assert annotated.document.text == "1 2\n1"
    (other,), _ = read_all(written("b.conll", "1 CD B-X\n2 CD O\n3 CD O\n"))
    assert other.document.text == "1 2 3"


@pytest.mark.parametrize(
    "tags",
    [
        ("PER", "PER", "O", "PER", "O"),
        ("B_PER", "I_PER", "O", "B_PER", "O"),
        ("b-PER", "i-PER", "o", "b-PER", "o"),
        ("PER-B", "PER-I", "O", "PER-B", "O"),
        ("PER_B", "PER_I", "O", "PER_B", "O"),
        ("B:PER", "I:PER", "O", "B:PER", "O"),
        ("I-PER", "I-PER", "O", "I-PER", "O"),
        ("B-PER", "E-PER", "O", "S-PER", "O"),
        ("B-PER", "L-PER", "O", "U-PER", "O"),
        ("B-PER", "I-PER", "_", "B-PER", "_"),
        ("B-PER", "I-PER", "-", "B-PER", "-"),
        ("B-PER", "I-PER", "I-O", "B-PER", "B-O"),
        ("B_PER", "I_PER", "B_O", "B_PER", "O"),
        ("(PER*", "*)", "*", "(PER)", "*"),
        ("(PER*", "*)", "*", "(PER*)", "*"),
    ],
)
def test_tags_are_read_however_they_are_spelled(written, read_all, tags: tuple[str, ...]) -> None:
    (annotated,), _ = read_all(written("a.conll", _rows(*tags)))
    assert (annotated.document.text, _spelled(annotated)) == (_WORDS, _SPANS)


def test_a_missing_tag_is_outside_where_the_file_has_no_other_mark(written, read_all) -> None:
    (annotated,), report = read_all(written("a.conll", "Ada\tB-PER\nByron\tI-PER\nleft\n\nBo\tB-PER\n"))
    assert _spelled(annotated) == _SPANS
    assert "marked by a missing tag" in report.problems[0].message


def test_tags_without_label_get_one_or_take_it_from_the_column_beside(written, read_all) -> None:
    (annotated,), report = read_all(written("a.conll", _rows("B", "I", "O", "B", "O")))
    assert _spelled(annotated) == [("Ada Byron", "ENTITY"), ("Bo", "ENTITY")]
    assert "without a label" in report.problems[0].message
    content = "Ada\tB\tPER\nByron\tI\tPER\nmet\tO\t_\nBo\tB\tPER\nin\tO\t_\nRome\tB\tLOC\n"
    (annotated,), _ = read_all(written("b.conll", content))
    assert _spelled(annotated) == [*_SPANS, ("Rome", "LOC")]


def test_bare_labels_are_told_of_once_and_may_hold_hyphens(written, read_all) -> None:
    (annotated,), report = read_all(written("a.conll", "Ada person-actor\nmet O\nRome location-GPE\n"))
    assert _spelled(annotated) == [("Ada", "person-actor"), ("Rome", "location-GPE")]
    assert [each.message for each in report.problems] == [
        "the tags have no prefix such as B-, so neighbours of one label are one entity"
    ]


@pytest.mark.parametrize("tag", ["I-O", "B-O", "S-O", "E-O"])
def test_outside_with_a_prefix_is_outside_and_told_once(written, read_all, tag: str) -> None:
    (annotated,), report = read_all(written("a.conll", f"Ada I-PER\nwas {tag}\nhere {tag}\n"))
    assert _spelled(annotated) == [("Ada", "PER")]
    assert [each.message for each in report.problems] == ["tags such as I-O, which are taken as O: 2"]


def test_phrases_are_never_taken_for_entities(written, read_all) -> None:
    path = written("a.conll", "Ada NNP B-NP\nleft VBD B-VP\n")
    with pytest.raises(InputError) as caught:
        read_all(path)
    assert "no column of entities: column 3 holds phrases (NP, VP)" in caught.value.message
    assert "--label-column 3" in caught.value.hint
    (annotated,), _ = read_all(path, label_columns=(2,))
    assert _spelled(annotated) == [("Ada", "NP"), ("left", "VP")]
    (other,), _ = read_all(written("b.conll", "Ada NNP B-NP O\nleft VBD B-VP O\n"))
    assert _spelled(other) == []


def test_a_second_column_of_entities_is_told_or_taken_by_an_option(written, read_all) -> None:
    path = written("a.tsv", "1\tUniversity\tB-ORG\tO\n2\tof\tI-ORG\tO\n3\tUlm\tI-ORG\tB-LOC\n")
    (annotated,), report = read_all(path)
    assert _spelled(annotated) == [("University of Ulm", "ORG")]
    (lost,) = [each for each in report.problems if "column 4" in each.message]
    assert "left out: 1" in lost.message
    assert "--label-column 4" in lost.message
    (both,), report = read_all(path, label_columns=(2, 3))
    assert _spelled(both) == [("University of Ulm", "ORG"), ("Ulm", "LOC")]
    assert both.status is Status.DONE
    assert report.problem_count == 0


def test_a_header_names_the_columns(written, read_all) -> None:
    for name, content in {
        "a.tsv": "token\tner\tpos\n" + _rows(*_IOB, form="{word}\t{tag}\tXX"),
        "b.conll": "Word POS Tag\n" + _rows(*_IOB, form="{word} XX {tag}"),
        "c.conll": "# global.columns = ID FORM X:NER NER\n"
        + _rows(*_IOB, form="{number}\t{word}\tB-NP\t{tag}"),
        "d.conll": "#Token\tNER\n" + _rows(*_IOB),
    }.items():
        (annotated,), _ = read_all(written(name, content), format="conll")
        assert (annotated.document.text, _spelled(annotated)) == (_WORDS, _SPANS), name


def test_a_column_of_sentence_names_begins_sentences(written, read_all) -> None:
    content = "Sentence #\tWord\tPOS\tTag\nSentence: 1\tAda\tNNP\tB-PER\n\tleft\tVBD\tO\nSentence: 2\tBo\tNNP\tB-PER\n"
    (annotated,), _ = read_all(written("a.tsv", content), format="conll")
    assert annotated.document.text == "Ada left\nBo"


def test_columns_can_be_chosen_by_name_and_unknown_names_are_refused(written, read_all) -> None:
    path = written("a.tsv", "TOKEN\tNE-COARSE-LIT\tNE-FINE-LIT\nUlm\tB-loc\tB-loc.adm\n")
    (annotated,), _ = read_all(path, label_columns=("NE-FINE-LIT",))
    assert _spelled(annotated) == [("Ulm", "loc.adm")]
    with pytest.raises(InputError, match="there is no column NE-OTHER: the file names token"):
        read_all(path, label_columns=("NE-OTHER",))


@pytest.mark.parametrize(
    "comment",
    [
        "# id 5f4c domain=train",
        "# sent_id = 7",
        "# text = Ada O",
        "#\thttp://example.org/a [2009-10-17]",
        "#id=7",
        "#",
        "# Ada Byron, B-side",
    ],
)
def test_comments_are_no_rows(written, read_all, comment: str) -> None:
    content = f"{comment}\n{_rows(*_IOB)}\n{comment}\n{_rows(*_IOB)}"
    (annotated,), report = read_all(written("a.conll", content))
    assert annotated.document.text == f"{_WORDS}\n{_WORDS}"
    assert [each.message for each in report.problems] == [f"lines that are comments, such as {comment!r}: 2"]
    (within,), _ = read_all(written("b.conll", _rows(*_IOB).replace("met", f"{comment}\nmet")))
    assert (within.document.text, _spelled(within)) == (_WORDS, _SPANS)


def test_a_hash_with_a_tag_is_a_token(written, read_all) -> None:
    (annotated,), report = read_all(written("a.conll", "# B-X\nAda B-PER\n\n#Ulm B-LOC\n# O\n"))
    assert annotated.document.text == "# Ada\n#Ulm #"
    assert report.problem_count == 0


def test_a_sentence_of_its_own_has_the_id_that_its_comment_names(written, read_all) -> None:
    content = "# id 5f4c domain=train\nAda _ _ B-PER\n\n# sent_id = 7a1b\nUlm _ _ B-LOC\n"
    found, _ = read_all(written("a.conll", content), group=1)
    assert [each.document.id for each in found] == ["5f4c", "7a1b"]


def test_documents_have_the_ids_that_their_first_lines_name(written, read_all) -> None:
    content = (
        "-DOCSTART- (1 EU)\n\nAda B-PER\n\n-docstart- -X- O doc-2\n\nBo B-PER\n\n# newdoc id = c\nUlm B-LOC\n"
    )
    found, report = read_all(written("a.conll", content))
    assert [each.document.id for each in found] == ["1 EU", "doc-2", "c"]
    assert report.problem_count == 0


def test_another_text_under_the_same_id_is_kept_and_told(written, read_all) -> None:
    content = "-DOCSTART- (a)\n\nAda B-PER\n\n-DOCSTART- (a)\n\nBo B-PER\n"
    found, report = read_all(written("a.conll", content))
    assert [each.document.text for each in found] == ["Ada", "Bo"]
    assert found[1].document.id != "a"
    assert "has the id a of" in report.problems[0].message


@pytest.mark.parametrize("first", ["Ada B-PER\n\n", "Ada B-PER\n", "Ada B-PER"])
def test_a_byte_order_mark_within_begins_a_part(written, read_all, first: str) -> None:
    path = written("a.conll", f"\ufeff{first}\ufeff-DOCSTART- O\n\nUlm B-LOC\n")
    found, report = read_all(path)
    assert [each.document.text for each in found] == ["Ada", "Ulm"]
    assert "byte order marks within the file" in report.problems[0].message
    (joined,), _ = read_all(written("b.conll", f"{first}\ufeffUlm B-LOC\n"))
    assert (joined.document.text, _spelled(joined)) == ("Ada\nUlm", [("Ada", "PER"), ("Ulm", "LOC")])


def test_conll_2012_has_its_words_in_the_fourth_column(written, read_all) -> None:
    rows = [
        "bc/x/00 0 0 Ada NNP (TOP(S(NP* - - - A (PERSON* (ARG0* (3",
        "bc/x/00 0 1 Byron NNP *) - - - A *) *) 3)",
        "bc/x/00 0 2 wrote VBD (VP*)) write 01 1 A * (V*) -",
    ]
    content = "#begin document (bc/x/00); part 000\n" + "\n".join(rows) + "\n\n#end document\n"
    (annotated,), _ = read_all(written("a.v4_gold_conll", content), format="conll")
    assert annotated.document.id == "bc/x/00/part_000"
    assert annotated.document.text == "Ada Byron wrote"
    assert _spelled(annotated) == [("Ada Byron", "PERSON")]
    with pytest.raises(InputError, match="the words are hidden"):
        read_all(written("b.conll", content.replace("Ada", "[WORD]")))


def test_aida_gives_mentions_their_links(written, read_all) -> None:
    content = (
        "-DOCSTART- (1 EU)\nEU\tB\tEU\t--NME--\nrejects\nGerman\tB\tGerman\tGermany\thttp://x/Germany\t11867\n"
        "call\n.\n\nAda\tB\tAda Byron\tAda_Lovelace\thttp://x/Ada\t7\nByron\tI\tAda Byron\tAda_Lovelace\thttp://x/Ada\t7\n"
    )
    (annotated,), _ = read_all(written("aida.tsv", content), format="conll")
    text = annotated.document.text
    assert text == "EU rejects German call .\nAda Byron"
    assert [(text[span.start : span.end], span.kb_id) for span in annotated.spans] == [
        ("EU", ""),
        ("German", "Germany"),
        ("Ada Byron", "Ada_Lovelace"),
    ]


def test_hipe_has_comments_links_and_flags(written, read_all) -> None:
    content = (
        "TOKEN\tNE-COARSE-LIT\tNE-COARSE-METO\tNEL-LIT\tMISC\n"
        "# language = de\n# hipe2022:document_id = NZZ-1798\n# date = 1798-01-20\n"
        "Ada\tB-pers\tO\tQ7259\tNoSpaceAfter\n# segment = 2\n,\tO\tO\t_\tEndOfSentence\nUlm\tB-loc\tB-org\tNIL\t_\n"
    )
    (annotated,), report = read_all(written("hipe.tsv", content), format="conll")
    assert (annotated.document.id, annotated.document.text) == ("NZZ-1798", "Ada,\nUlm")
    assert [(span.label, span.kb_id) for span in annotated.spans] == [("pers", "Q7259"), ("loc", "")]
    assert any("entities in column 3 that are left out: 1" in each.message for each in report.problems)


def test_a_sentence_a_line_of_token_and_tag(written, read_all) -> None:
    content = "Ada|NNP|B-PER Byron|NNP|I-PER left|VBD|O\nBo|NNP|B-PER stayed|VBD|O\n"
    (annotated,), _ = read_all(written("a.iob", content))
    assert annotated.document.text == "Ada Byron left\nBo stayed"
    assert _spelled(annotated) == _SPANS


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("Ada NNP\nleft VBD\n", r"no column of tags such as O, B-PER or I-PER: column 2 \(NNP, VBD\)"),
        ("Ada\nleft\n", "no tags: its lines have one column, such as 'Ada'"),
    ],
)
def test_a_file_without_tags_is_refused_as_a_whole(written, read_all, content: str, message: str) -> None:
    path = written("a.conll", content)
    for on_error in ("fail", "skip"):
        with pytest.raises(InputError, match=message):
            read_all(path, on_error=on_error)


def test_a_long_document_is_told_with_the_option_that_splits_it(written, read_all) -> None:
    path = written("a.conll", "Ada B-PER\n\n" * 120)
    (annotated,), report = read_all(path)
    assert len(annotated.spans) == 120
    assert "so 120 sentences are one; --group 20" in report.problems[0].message
    _, report = read_all(path, group=20)
    assert not any("--group" in each.message for each in report.problems)


@pytest.mark.parametrize("form", ["{number}\t{word}\t{tag}", "{word}\t{tag}", "{word} XX B-NP {tag}"])
def test_the_content_tells_the_format(written, form: str) -> None:
    source = file_source(written("a", "# sent_id = 1\n" + _rows(*_IOB, form=form)))
    assert reader_for(source).name == "conll"


@pytest.mark.parametrize(
    "content",
    [
        "Sentence: 1\tAda\tNNP\tB-PER\n\tran\tVBD\tO\nSentence: 2\tBo\tNNP\tB-PER\n\tsat\tVBD\tO\n",
        "s1 Ada NNP B-PER\ns1 ran VBD O\ns2 Bo NNP B-PER\ns2 sat VBD O\n",
    ],
)
def test_a_column_that_names_the_sentence_begins_each(written, read_all, content: str) -> None:
    (annotated,), _ = read_all(written("a.conll", content))
    assert (annotated.document.text, annotated.document.sentences) == ("Ada ran\nBo sat", (0, 8))
    assert _spelled(annotated) == [("Ada", "PER"), ("Bo", "PER")]


def test_tokens_that_repeat_before_a_second_column_of_tags_stay_tokens(written, read_all) -> None:
    (annotated,), _ = read_all(written("a.conll", "A1 B-X O\nA1 O O\nB2 O O\nB2 O O\n"))
    assert annotated.document.text == "A1 A1 B2 B2"


@pytest.mark.parametrize("mark", ["0", "-", "_", "o"])
def test_a_chosen_column_of_bare_tags_knows_its_mark_of_outside(written, read_all, mark: str) -> None:
    path = written("a.tsv", f"Ada\tPER\nByron\tPER\nmet\t{mark}\nRio\tLOC\n")
    (annotated,), _ = read_all(path, label_columns=(1,))
    assert _spelled(annotated) == [("Ada Byron", "PER"), ("Rio", "LOC")]


@pytest.mark.parametrize("comment", ["#id 5f4c domain=train", "## a comment", "% a comment", "#text Ada ran"])
@pytest.mark.parametrize("on_error", ["fail", "skip"])
def test_comments_are_no_tokens_however_they_begin(written, read_all, comment: str, on_error: str) -> None:
    content = f"{comment}\nAda _ _ B-PER\nran _ _ O\n\n{comment}\nBo _ _ B-PER\n"
    (annotated,), report = read_all(written("a.conll", content), on_error=on_error)
    assert annotated.document.text == "Ada ran\nBo"
    assert any("lines that are comments" in problem.message for problem in report.problems)


@pytest.mark.parametrize("token", ["#id", "%", "##"])
def test_tokens_that_begin_as_comments_do_stay_where_they_have_a_tag(written, read_all, token: str) -> None:
    (annotated,), _ = read_all(written("a.conll", f"{token} _ _ B-PER\nran _ _ O\n"))
    assert annotated.document.text == f"{token} ran"
