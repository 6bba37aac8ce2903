"""A DocBin written while its documents go by is the one that spaCy would write."""

from __future__ import annotations

import io
import zlib

import pytest
import spacy
import srsly
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.tokens import Doc, DocBin, Span

from annotator.errors import OutputError
from annotator.formats import docbin_spool
from annotator.formats.docbin_spool import DocBinSpool

ATTRIBUTES = ("ORTH", "SPACY", "ENT_IOB", "ENT_TYPE", "ENT_KB_ID", "SENT_START")
_nlp = spacy.blank("xx")
_words = st.lists(st.tuples(st.sampled_from(["Ana", "東京", "😊", "\n", "é"]), st.booleans()), max_size=6)


def _doc(words: list[tuple[str, bool]]) -> Doc:
    doc = Doc(_nlp.vocab, words=[word for word, _ in words], spaces=[space for _, space in words])
    if words:
        doc.set_ents([Span(doc, 0, 1, label="PER", kb_id="Q1")], default="outside")
        doc.spans["sc"] = [Span(doc, 0, len(doc), label="X")]
    doc.user_data["id"] = f"d{len(words)}"
    return doc


def _strings(doc: Doc) -> set[str]:
    return {token.text for token in doc} | {"PER", "Q1", "X"}


def _spooled(docs: list[Doc], **options: object) -> bytes:
    file = io.BytesIO()
    with DocBinSpool(ATTRIBUTES) as spool:
        for doc in docs:
            spool.add(doc, _strings(doc))
        spool.write(file, **options)  # type: ignore[arg-type]
    return file.getvalue()


@settings(deadline=None)
@given(st.lists(_words, max_size=4))
def test_it_unpacks_to_what_spacy_packs(rows: list[list[tuple[str, bool]]]) -> None:
    docs = [_doc(words) for words in rows]
    ours = srsly.msgpack_loads(zlib.decompress(_spooled(docs)))
    theirs = srsly.msgpack_loads(
        zlib.decompress(DocBin(attrs=ATTRIBUTES, store_user_data=True, docs=docs).to_bytes())
    )
    assert set(ours.pop("strings")) <= {*theirs.pop("strings"), "PER", "Q1", "X"}
    assert list(ours) == [key for key in theirs if key != "strings"]
    assert ours == theirs


def test_ents_or_groups_are_left_out_at_the_end() -> None:
    docs = [_doc([("Ana", True), ("é", False)]), _doc([("東京", False)])]
    with_ents = list(DocBin().from_bytes(_spooled(docs, without_groups=True)).get_docs(_nlp.vocab))
    assert [[ent.label_ for ent in doc.ents] for doc in with_ents] == [["PER"], ["PER"]]
    assert [dict(doc.spans) for doc in with_ents] == [{}, {}]
    with_groups = list(DocBin().from_bytes(_spooled(docs, without=ATTRIBUTES[2:5])).get_docs(_nlp.vocab))
    assert [(doc.ents, doc.has_annotation("ENT_IOB")) for doc in with_groups] == [((), False)] * 2
    assert [doc.spans["sc"][0].label_ for doc in with_groups] == ["X", "X"]


def test_more_than_a_docbin_can_hold_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(docbin_spool, "_LARGEST", 100)
    with pytest.raises(OutputError, match="more documents than one DocBin can hold") as caught:
        _spooled([_doc([("Ana", True)] * 5)])
    assert "in parts" in caught.value.hint
