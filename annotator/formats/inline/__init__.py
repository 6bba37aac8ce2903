"""Texts with their annotations written into them. Read only; a grammar for each kind of markup.

| kind | looks like |
| --- | --- |
| tags | `<PER>Ada</PER>`, `<ENAMEX TYPE="PERSON">Ada</ENAMEX>`; tags nest, entities such as `&amp;` are resolved |
| TEI | `<persName ref="Q1">Ada</persName>`, `<rs type="place">`, in a file whose root is TEI |
| slashes | `Ada/B-PER Byron/I-PER votes/O`, `Ada/PERSON votes/O` |
| brackets | `[PER Ada Byron]`; they nest |
| Rasa | `[Ada](person)`, `[Ada]{"entity": "person"}` |
| YEDDA | `[@Ada#PER*]`, and `[$Ada#PER*]` for what its recommender proposed |
"""

from __future__ import annotations

from annotator.formats.inline.reading import read, sniff
from annotator.formats.inline.tei import read as read_tei
from annotator.formats.inline.tei import sniff as sniff_tei

__all__ = ["read", "read_tei", "sniff", "sniff_tei"]
"""`read` takes all kinds but TEI, which is XML and has a reader of its own."""
