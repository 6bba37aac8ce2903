"""Choices that the command line offers, apart from the records so that it starts without them."""

from __future__ import annotations

import enum


class OnError(enum.StrEnum):
    """What a reader does about a broken line or span: stop there, or leave it out and report it."""

    FAIL = "fail"
    SKIP = "skip"


class OnMisaligned(enum.StrEnum):
    """What a writer of tokens does about spans that are off the tokens' edges."""

    FAIL = "fail"
    EXPAND = "expand"
    SKIP = "skip"


class OnOverlap(enum.StrEnum):
    """What is done about spans that overlap where none may: in a flat label set, or in a format of flat spans.

    LONGEST keeps the longest ones, FIRST those that begin first; NESTED lets the label set or the file have them all.
    """

    FAIL = "fail"
    LONGEST = "longest"
    FIRST = "first"
    NESTED = "nested"


class OnAlikeLabels(enum.StrEnum):
    """What is done about a new label that differs from one of the label set in case or blanks alone."""

    ASK = "ask"
    KEEP = "keep"
    MERGE = "merge"


class Tags(enum.StrEnum):
    """How CoNLL spells entities: which tokens of one are marked apart from the others."""

    IOB1 = "iob1"
    IOB2 = "iob2"
    BIOES = "bioes"
    BILUO = "biluo"


class SplitBy(enum.StrEnum):
    """How documents are shared out among the parts of a split."""

    LABELS = "labels"
    HASH = "hash"
