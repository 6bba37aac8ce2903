"""Documents as people have them: HTML, Markdown, DOCX and PDF become text, with a map of where each piece stood.

The map lies in the document's metadata under `source_map.MAP`. For HTML and Markdown it leads back into the source's text, so
that `into_source` can write spans there; for DOCX it says where paragraphs begin, for PDF where pages do. What was left out
(scripts, pictures) or is laid out otherwise (tables) is told.
"""

from __future__ import annotations

from annotator.formats.articles.docx import read as read_docx
from annotator.formats.articles.docx import sniff as sniff_docx
from annotator.formats.articles.html import read as read_html
from annotator.formats.articles.html import sniff as sniff_html
from annotator.formats.articles.markdown import read as read_markdown
from annotator.formats.articles.markdown import sniff as sniff_markdown
from annotator.formats.articles.pdf import read as read_pdf
from annotator.formats.articles.pdf import sniff as sniff_pdf

__all__ = [
    "read_docx",
    "read_html",
    "read_markdown",
    "read_pdf",
    "sniff_docx",
    "sniff_html",
    "sniff_markdown",
    "sniff_pdf",
]
