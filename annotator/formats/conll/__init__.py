"""CoNLL: a token a line, its tag in another column, blank lines between sentences.

Read: IOB1, IOB2, BIOES and BILUO, tags without prefix, CoNLL-2012's brackets; columns parted by tabs, spaces or another
mark, a sentence a line of token|tag; documents begun by -DOCSTART- and other lines; a file without these is one
document, or one for each `group` sentences. Written: two columns, each document begun by the line that spaCy and the
CoNLL-2003 tools look for.
"""

from __future__ import annotations

from annotator.formats.conll.reading import read, sniff
from annotator.formats.conll.writing import write

__all__ = ["read", "sniff", "write"]
