"""The formats, by name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from annotator.formats import (
    articles,
    bioc,
    bioc_out,
    brat,
    conll,
    conllu,
    conllu_out,
    displacy,
    doccano,
    gate,
    inline,
    jsonl,
    label_studio,
    label_studio_out,
    parquet,
    parquet_out,
    pubtator,
    re3d,
    spacy_docbin,
    tables,
    tagtog,
    text,
    thai_nner,
    tinydb,
    uima,
    web_annotation,
    webanno_tsv,
    webanno_tsv_out,
    word_rows,
)
from annotator.formats.exchange import AnnotatedDocument, ReadOptions, Report, TokensOf, WriteOptions
from annotator.formats.losses import SENTENCES, SEVERAL, TOKENS
from annotator.formats.sources import Source

Reader = Callable[[Source, ReadOptions, Report], Iterator[AnnotatedDocument]]
Writer = Callable[[Iterable[AnnotatedDocument], Path | None, TokensOf | None, WriteOptions, Report], None]


@dataclass(frozen=True, slots=True)
class Format:
    """One format: what it is called, how its files end and begin, and its two directions, if it has them.

    `suffixes` are its own; `shared` are those of other formats that its files may have too, so that their content
    decides. `is_in_pairs` says that files of one name are one document. `holds` is what of an annotator's work it
    keeps beyond texts and flat spans, in the words of `losses`. `is_token_based` says that it cannot be written without
    tokens, `is_file_each` that several documents make a folder. `extra` is what of the package must be installed for it.
    """

    name: str
    description: str
    suffixes: tuple[str, ...]
    sniff: Callable[[bytes], bool]
    read: Reader | None = None
    write: Writer | None = None
    shared: tuple[str, ...] = ()
    is_in_pairs: bool = False
    holds: frozenset[str] = frozenset()
    is_token_based: bool = False
    is_file_each: bool = False
    extra: str = ""


FORMATS = {
    format.name: format
    for format in (
        Format(
            name="tinydb",
            description="one TinyDB file: a table of documents, and one of spans",
            suffixes=(".tinydb", ".tinydb.json"),
            shared=(".json",),
            sniff=tinydb.sniff,
            read=tinydb.read,
            write=tinydb.write,
            holds=jsonl.HOLDS,
        ),
        Format(
            name="tagtog",
            description="tagtog's ann.json beside its text",
            suffixes=(".ann.json",),
            shared=(".json",),
            sniff=tagtog.sniff,
            read=tagtog.read,
        ),
        Format(
            name="doccano",
            description="doccano's JSONL for sequence labelling",
            suffixes=(".doccano.jsonl",),
            shared=(".jsonl", ".json"),
            sniff=doccano.sniff,
            read=doccano.read,
            write=doccano.write,
            holds=doccano.HOLDS,
        ),
        Format(
            name="label-studio",
            description="Label Studio's JSON: tasks with annotations and predictions; JSON-MIN in",
            suffixes=(".label-studio.json",),
            shared=(".json",),
            sniff=label_studio.sniff,
            read=label_studio.read,
            write=label_studio_out.write,
            holds=label_studio_out.HOLDS,
        ),
        Format(
            name="re3d",
            description="re3d and the like: documents.json beside entities.json",
            suffixes=("documents.json",),
            sniff=re3d.sniff,
            read=re3d.read,
        ),
        Format(
            name="thai-nner",
            description="Thai-NNER's JSON: sentences of tokens, and entities that nest",
            suffixes=(".nner.json",),
            shared=(".json",),
            sniff=thai_nner.sniff,
            read=thai_nner.read,
        ),
        Format(
            name="gliner",
            description="GLiNER's JSON: words, and spans by the numbers of their first and last word",
            suffixes=(".gliner.json",),
            shared=(".json", ".jsonl"),
            sniff=word_rows.sniff_gliner,
            read=jsonl.read,
            write=word_rows.write_gliner,
            holds=word_rows.GLINER_HOLDS,
            is_token_based=True,
        ),
        Format(
            name="tokens-jsonl",
            description="JSONL of words and tags, as Hugging Face's run_ner.py takes it",
            suffixes=(".tokens.jsonl",),
            shared=(".jsonl", ".json"),
            sniff=word_rows.sniff_tagged,
            read=jsonl.read,
            write=word_rows.write_tagged,
            holds=word_rows.TAGGED_HOLDS,
            is_token_based=True,
        ),
        Format(
            name="bioc-json",
            description="BioC's JSON: documents of passages, as PubTator gives them",
            suffixes=(".bioc.json",),
            shared=(".json", ".jsonl"),
            sniff=bioc.sniff_json,
            read=bioc.read_json,
            write=bioc_out.write_json,
            holds=bioc_out.HOLDS,
        ),
        Format(
            name="bioc-xml",
            description="BioC's XML: a collection of documents of passages",
            suffixes=(".bioc.xml", ".bioc"),
            shared=(".xml",),
            sniff=bioc.sniff_xml,
            read=bioc.read_xml,
            write=bioc_out.write_xml,
            holds=bioc_out.HOLDS,
        ),
        Format(
            name="jsonl",
            description="Prodigy's JSONL, a document a line: characters, tokens, answers, metadata",
            suffixes=(".jsonl", ".ndjson"),
            shared=(".json",),
            sniff=jsonl.sniff,
            read=jsonl.read,
            write=jsonl.write,
            holds=jsonl.HOLDS | {SEVERAL},
        ),
        Format(
            name="webanno-tsv",
            description="WebAnno TSV 3, which INCEpTION reads and writes: a document a file",
            suffixes=(".webanno.tsv",),
            shared=(".tsv",),
            sniff=webanno_tsv.sniff,
            read=webanno_tsv.read,
            write=webanno_tsv_out.write,
            holds=webanno_tsv_out.HOLDS,
            is_file_each=True,
            is_token_based=True,
        ),
        Format(
            name="brat",
            description="brat standoff: a folder with NAME.txt and NAME.ann for each document",
            suffixes=(".ann", ".a1", ".a2"),
            shared=(".txt",),
            is_in_pairs=True,
            sniff=brat.sniff,
            read=brat.read,
            write=brat.write,
            holds=brat.HOLDS,
            is_file_each=True,
        ),
        Format(
            name="pubtator",
            description="PubTator: titles, abstracts and their annotations",
            suffixes=(".pubtator",),
            shared=(".txt",),
            sniff=pubtator.sniff,
            read=pubtator.read,
            write=pubtator.write,
            holds=pubtator.HOLDS,
        ),
        Format(
            name="csv",
            description="CSV: rows of texts, tokens or spans in; a row a span out",
            suffixes=(".csv",),
            shared=(".txt",),
            sniff=tables.sniff_csv,
            read=tables.read_csv,
            write=tables.write_csv,
            holds=tables.HOLDS,
        ),
        Format(
            name="tsv",
            description="the same with tabs between the cells",
            suffixes=(".tab", ".spans.tsv"),
            shared=(".tsv", ".txt"),
            sniff=tables.sniff_tsv,
            read=tables.read_csv,
            write=tables.write_tsv,
            holds=tables.HOLDS,
        ),
        Format(
            name="xlsx",
            description="Excel's workbooks, their sheets as CSV",
            extra="office",
            suffixes=(".xlsx",),
            sniff=tables.sniff_xlsx,
            read=tables.read_xlsx,
            write=tables.write_xlsx,
            holds=tables.HOLDS,
        ),
        Format(
            name="conll",
            description="CoNLL, a token a line, tagged by IOB1, IOB2, BIOES or BILUO",
            suffixes=(".conll", ".iob", ".iob2", ".bio", ".bioes", ".tsv"),
            sniff=conll.sniff,
            read=conll.read,
            write=conll.write,
            holds=frozenset({TOKENS, SENTENCES}),
            is_token_based=True,
        ),
        Format(
            name="conllu",
            description="CoNLL-U with entities in the column MISC",
            suffixes=(".conllu", ".conllup"),
            sniff=conllu.sniff,
            read=conllu.read,
            write=conllu_out.write,
            holds=conllu_out.HOLDS,
            is_token_based=True,
        ),
        Format(
            name="spacy",
            description="spaCy's DocBin, which spacy train reads",
            suffixes=(".spacy",),
            sniff=spacy_docbin.sniff,
            read=spacy_docbin.read,
            write=spacy_docbin.write,
            holds=spacy_docbin.HOLDS,
            is_token_based=True,
        ),
        Format(
            name="uima-xmi",
            description="UIMA CAS as XMI: a document a file",
            extra="cas",
            suffixes=(".xmi",),
            sniff=uima.sniff_xmi,
            read=uima.read,
            write=uima.write_xmi,
            holds=uima.HOLDS,
            is_file_each=True,
        ),
        Format(
            name="uima-json",
            description="UIMA CAS as JSON: a document a file",
            extra="cas",
            suffixes=(".cas.json",),
            shared=(".json",),
            sniff=uima.sniff_json,
            read=uima.read,
            write=uima.write_json,
            holds=uima.HOLDS,
            is_file_each=True,
        ),
        Format(
            name="parquet",
            description="Hugging Face's datasets: tokens, tags and spans",
            extra="parquet",
            suffixes=(".parquet",),
            sniff=parquet.sniff,
            read=parquet.read,
            write=parquet_out.write,
            holds=parquet_out.HOLDS,
            is_token_based=True,
        ),
        Format(
            name="web-annotation",
            description="W3C Web Annotation as JSON-LD, an annotation a span",
            suffixes=(".jsonld",),
            sniff=web_annotation.sniff,
            write=web_annotation.write,
            holds=web_annotation.HOLDS,
        ),
        Format(
            name="displacy",
            description="displaCy's HTML, a page to look at",
            suffixes=(".html",),
            sniff=displacy.sniff,
            write=displacy.write,
            holds=displacy.HOLDS,
            is_token_based=True,
        ),
        Format(
            name="html",
            description="HTML pages as text; spans go back in by export --into-source",
            suffixes=(".html", ".htm", ".xhtml"),
            sniff=articles.sniff_html,
            read=articles.read_html,
        ),
        Format(
            name="markdown",
            description="Markdown as text; spans go back in by export --into-source",
            suffixes=(".md", ".markdown"),
            sniff=articles.sniff_markdown,
            read=articles.read_markdown,
        ),
        Format(
            name="docx",
            description="Word's documents as text",
            suffixes=(".docx",),
            sniff=articles.sniff_docx,
            read=articles.read_docx,
        ),
        Format(
            name="pdf",
            description="PDF with a text layer as text",
            extra="office",
            suffixes=(".pdf",),
            sniff=articles.sniff_pdf,
            read=articles.read_pdf,
        ),
        Format(
            name="gate",
            description="GATE's XML: a text with nodes, and sets of annotations",
            suffixes=(".gate.xml",),
            shared=(".xml",),
            sniff=gate.sniff,
            read=gate.read,
        ),
        Format(
            name="tei",
            description="TEI: names marked in the text of an XML edition",
            suffixes=(".tei", ".tei.xml"),
            shared=(".xml",),
            sniff=inline.sniff_tei,
            read=inline.read_tei,
        ),
        Format(
            name="inline",
            description="markup within a text: tags, brackets, slashes, Rasa's, YEDDA's",
            suffixes=(".sgml",),
            shared=(".txt", ".ann", ".xml"),
            sniff=inline.sniff,
            read=inline.read,
        ),
        Format(
            name="text",
            description="plain text, a document a file",
            suffixes=(".txt",),
            sniff=text.sniff,
            read=text.read,
        ),
    )
}
"""Every format. Sniffing asks them in this order, so that plain text, which nearly anything is, comes last."""
