"""Writing CoNLL-U: a word a line with its tag in the column MISC, as `NER=B-PER`, under `# newdoc id = …`.

`SpaceAfter=No` says where no white space follows; other white space than one space is not kept. The other columns are
empty: nobody here decides on them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from annotator.formats.alignment import Fitting, tokens_for
from annotator.formats.conll.writing import sentence_beginnings, tokens_without_space, with_plain_labels
from annotator.formats.exchange import AnnotatedDocument, Part, Problem, Report, TokensOf, WriteOptions
from annotator.formats.iob import Entity, tags_of
from annotator.formats.label_names import EscapedLabels
from annotator.formats.losses import IDS, SENTENCES, TOKENS
from annotator.formats.targets import replacing, utf8
from annotator.model.documents import Document
from annotator.model.spans import Span
from annotator.model.tokens import Tokens

HOLDS = frozenset({IDS, SENTENCES, TOKENS})
_EMPTY = "\t".join("_" * 7)


def write(
    documents: Iterable[AnnotatedDocument],
    target: Path | None,
    tokens: TokensOf | None,
    options: WriteOptions,
    report: Report,
) -> None:
    """Words with their tags, sentence by sentence.

    OutputError lists the spans that words or flat tags cannot hold, as the options say.
    """
    fitting = Fitting(options.on_misaligned, report)
    labels = EscapedLabels()
    with replacing(target) as file:
        for annotated in documents:
            document = annotated.document
            given = tokens_without_space(document, tokens_for(annotated, tokens, format="conllu"), report)
            if not len(given):
                message = "has no tokens, and is left out"
                report.add(Problem(document.id, document.title, message, loses=Part.DOCUMENT))
                continue
            flat = fitting.flat(document, fitting.aligned(annotated, given))
            spans = [
                span
                for span in with_plain_labels(document, flat, labels, fitting, report)
                if _is_plain(document, span, fitting)
            ]
            file.write(utf8("".join(_lines(document, given, spans, options)), document))
            report.count(document, spans=len(spans))
        fitting.finish()


def _is_plain(document: Document, span: Span, fitting: Fitting) -> bool:
    """True if a label can stand in MISC, whose values hold no bars."""
    if "|" not in span.label:
        return True
    fitting.refuse(document, span, "has a label with a bar, which parts the values of the column MISC")
    return False


def _lines(document: Document, tokens: Tokens, spans: list[Span], options: WriteOptions) -> Iterator[str]:
    covered = [tokens.within(span.start, span.end) for span in spans]
    found = [Entity(place[0], place[-1] + 1, span.label) for place, span in zip(covered, spans, strict=True)]
    beginnings = sentence_beginnings(document, tokens) - {index for place in covered for index in place[1:]}
    tags = tags_of(found, len(tokens), options.tags, beginnings=beginnings)
    id = " ".join(document.id.split())
    yield f"# newdoc id = {id}\n"
    firsts = [0, *sorted(beginnings)]
    for number, (first, end) in enumerate(zip(firsts, [*firsts[1:], len(tokens)], strict=True), start=1):
        words = [document.text[slice(*tokens[index])] for index in range(first, end)]
        spaces = [
            index + 1 == end or tokens.starts[index + 1] > tokens.ends[index] for index in range(first, end)
        ]
        text = "".join(f"{word}{' ' * space}" for word, space in zip(words, spaces, strict=True)).rstrip()
        yield f"# sent_id = {id}-{number}\n# text = {text}\n"
        for place, (word, space) in enumerate(zip(words, spaces, strict=True)):
            tag = f"NER={tags[first + place]}"
            misc = tag if space else f"{tag}|SpaceAfter=No"
            yield f"{place + 1}\t{word}\t{_EMPTY}\t{misc}\n"
        yield "\n"
