"""TEI: names in the text of an edition, lines for its blocks, what is left out."""

from __future__ import annotations

import pytest

from annotator.errors import InputError
from annotator.formats.registry import reader_for
from annotator.formats.sources import file_source
from tests.formats.hostile_xml import HOSTILE, hostile_xml

TEI = """<?xml version="1.0" encoding="UTF-8"?>
<TEI xmlns="http://www.tei-c.org/ns/1.0"><teiHeader><title>No text</title></teiHeader>
<text><body>
  <head>On <persName ref="#ada" key="x">Ada  <roleName>Countess</roleName> Lovelace</persName></head>
  <p>She met <rs type="person">her
     mother</rs><note>a note</note> in <placeName><settlement>London</settlement></placeName>.</p>
  <l>A verse</l><l>Another <name> Bo </name>verse</l>
</body></text></TEI>
"""


def _facts(annotated) -> list[tuple[str, str, str]]:
    text = annotated.document.text
    return [(text[span.start : span.end], span.label, span.kb_id) for span in annotated.spans]


def test_names_and_lines_are_read_and_the_rest_is_told(written, read_all) -> None:
    (annotated,), report = read_all(written("a.xml", TEI))
    assert annotated.document.text.split("\n") == [
        "On Ada Countess Lovelace",
        "She met her mother in London.",
        "A verse",
        "Another Bo verse",
    ]
    assert _facts(annotated) == [
        ("Ada Countess Lovelace", "persName", "#ada"),
        ("her mother", "person", ""),
        ("London", "placeName", ""),
        ("Bo", "name", ""),
    ]
    assert "elements whose text is left out: note (1)" in [each.message for each in report.problems]


@pytest.mark.parametrize("root", ["TEI", "tei:TEI", "TEI.2"])
def test_it_is_told_by_its_root(written, root: str) -> None:
    assert reader_for(file_source(written("a.xml", f"<{root}><text>x</text></{root}>"))).name == "tei"


def test_other_xml_is_refused(written, read_all) -> None:
    with pytest.raises(InputError, match="holds no <text> of TEI"):
        read_all(written("a.xml", "<a>x</a>"), format="tei")


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_xml_is_refused(written, read_all, kind: str) -> None:
    with pytest.raises(InputError, match=r"a\.tei"):
        read_all(written("a.tei", hostile_xml(kind, "TEI")))
