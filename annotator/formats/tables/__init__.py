"""Tables as spreadsheets have them: CSV, TSV and XLSX, of tokens, of texts or of spans.

Which of the three a table is, and which columns hold what, follows from the names of its columns and from what they
hold (`columns`). A table of tokens is read as CoNLL is, a row of texts as a row of JSON is. What is written is a table
of spans: a row a span, with the document's text in the first row of each document, so that it can be read back.
"""

from __future__ import annotations

from annotator.formats.tables.csv_table import read_csv, sniff_csv, sniff_tsv, write_csv, write_tsv
from annotator.formats.tables.span_rows import HOLDS
from annotator.formats.tables.xlsx_table import read_xlsx, sniff_xlsx, write_xlsx

__all__ = [
    "HOLDS",
    "read_csv",
    "read_xlsx",
    "sniff_csv",
    "sniff_tsv",
    "sniff_xlsx",
    "write_csv",
    "write_tsv",
    "write_xlsx",
]
