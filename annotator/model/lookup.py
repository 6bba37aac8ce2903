"""Lookup: surface forms, and where many of them stand in a text, word by word, the longest first."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator
from typing import NamedTuple

from annotator.model.tokens import Tokens, stand_in_tokens

_SHORTEST_VARIANT = 4
"""A form of fewer letters is met in its own case only: US is not us, and MAY is seldom May."""
_WHITE_SPACE = re.compile(r"\s")


def surface_of(text: str, start: int, end: int) -> str:
    """The text of a span with each run of white space as one blank, so that a line break does not matter."""
    return " ".join(text[start:end].split())


class Words:
    """A text cut for lookup, made once a document: the words that it consists of, in folded case, and their places.

    The cut is the stand-in's, so that a form is found whatever tokenizer a document has; `tokens` says where a
    mention may begin and end. A long text may be cut bit by bit, with `begun` and then `cut`.
    """

    __slots__ = ("_reached", "_token_ends", "_token_starts", "ends", "folded", "starts", "text")

    def __init__(self, text: str, tokens: Tokens | None = None) -> None:
        self._begin(text, tokens)
        self.cut(len(text))

    def _begin(self, text: str, tokens: Tokens | None) -> None:
        self.text = text
        self.starts = array("I")
        self.ends = array("I")
        self.folded: list[str] = []
        self._reached = 0
        self._token_starts = self.starts if tokens is None else tokens.starts
        self._token_ends = self.ends if tokens is None else tokens.ends

    @classmethod
    def begun(cls, text: str, tokens: Tokens | None = None) -> Words:
        """The words of a text that is still to be cut."""
        words = cls.__new__(cls)
        words._begin(text, tokens)
        return words

    @property
    def is_whole(self) -> bool:
        """True if all of the text is cut."""
        return self._reached == len(self.text)

    def cut(self, length: int) -> None:
        """Cut some `length` code points more, up to the next white space."""
        start = self._reached
        behind = _WHITE_SPACE.search(self.text, start + length) if start + length < len(self.text) else None
        self._reached = len(self.text) if behind is None else behind.start()
        piece = self.text[start : self._reached]
        cut = stand_in_tokens(piece)
        self.starts.extend(start_in_piece + start for start_in_piece in cut.starts)
        self.ends.extend(end + start for end in cut.ends)
        self.folded += [piece[first:last].casefold() for first, last in cut]

    def with_tokens(self, tokens: Tokens) -> Words:
        """The same words, with mentions that begin and end with other tokens. Only one of the two is cut further."""
        words = self._like(self.starts, self.ends, self.folded)
        words._token_starts, words._token_ends = tokens.starts, tokens.ends
        return words

    def part(self, start: int, end: int) -> Words:
        """The words that begin in `[start, end)`, as if there were no others; offsets stay those of the whole text."""
        indices = self.within(start, end)
        piece = slice(indices.start, indices.stop)
        return self._like(self.starts[piece], self.ends[piece], self.folded[piece])

    def _like(self, starts: array[int], ends: array[int], folded: list[str]) -> Words:
        words = Words.__new__(Words)
        words.text = self.text
        words.starts, words.ends, words.folded = starts, ends, folded
        words._reached = self._reached
        words._token_starts, words._token_ends = self._token_starts, self._token_ends
        return words

    def is_aligned(self, start: int, end: int) -> bool:
        """True if `[start, end)` begins where a token begins and ends where one ends."""
        return _holds(self._token_starts, start) and _holds(self._token_ends, end)

    def within(self, start: int, end: int) -> range:
        """The indices of the words that begin in `[start, end)`."""
        return range(bisect_left(self.starts, start), bisect_left(self.starts, end))


def _holds(offsets: array[int], offset: int) -> bool:
    index = bisect_left(offsets, offset)
    return index < len(offsets) and offsets[index] == offset


class Mention(NamedTuple):
    """A place where the form `surface` stands, and how it is written there, which may differ in case."""

    start: int
    end: int
    surface: str
    written: str

    @property
    def is_exact(self) -> bool:
        """True if it is written just as it is known."""
        return self.written == self.surface


class FormIndex:
    """Surface forms by their words. Adding, taking out and one look cost a form's own words, however many there are."""

    def __init__(self) -> None:
        self._forms: dict[tuple[str, ...], set[str]] = {}
        self._lengths: dict[str, Counter[int]] = {}
        self._longest = 0

    def __contains__(self, surface: str) -> bool:
        return surface in self._forms.get(folded_words(surface), ())

    def add(self, surface: str) -> None:
        """Know a form; once is enough."""
        words = folded_words(surface)
        if not words:
            return
        forms = self._forms.setdefault(words, set())
        if not forms:
            self._lengths.setdefault(words[0], Counter())[len(words)] += 1
            self._longest = max(self._longest, len(words))
        forms.add(surface)

    def discard(self, surface: str) -> None:
        """Know a form no more."""
        words = folded_words(surface)
        forms = self._forms.get(words)
        if forms is None:
            return
        forms.discard(surface)
        if not forms:
            del self._forms[words]
            lengths = self._lengths[words[0]]
            lengths[len(words)] -= 1
            if not lengths[len(words)]:
                del lengths[len(words)]
            if not lengths:
                del self._lengths[words[0]]

    def find(
        self, words: Words, is_wanted: Callable[[Mention], bool], *, nested: bool = False
    ) -> Iterator[Mention]:
        """The mentions that are wanted, in the order of the text: at each word the longest, and the next one behind it.

        With `nested` every wanted one, also within others. A form in its own case comes before its variants, and
        hides them even where it is not wanted.
        """
        free = 0
        for index, first in enumerate(words.folded):
            if index < free or first not in self._lengths:
                continue
            for length in sorted(self._lengths[first], reverse=True):
                mention = self._mention(words, index, length)
                if mention is not None and is_wanted(mention):
                    yield mention
                    if not nested:
                        free = index + length
                        break

    def crosses(self, words: Words, index: int) -> bool:
        """True if some form that is known stands on the words just before `index` and at it."""
        folded = words.folded
        for first in range(max(index - self._longest + 1, 0), index):
            for length in self._lengths.get(folded[first], ()):
                if first + length > index and tuple(folded[first : first + length]) in self._forms:
                    return True
        return False

    def _mention(self, words: Words, index: int, length: int) -> Mention | None:
        if index + length > len(words.folded):
            return None
        forms = self._forms.get(tuple(words.folded[index : index + length]))
        if forms is None:
            return None
        start, end = words.starts[index], words.ends[index + length - 1]
        if not words.is_aligned(start, end):
            return None
        surface = surface_of(words.text, start, end)
        if surface in forms:
            return Mention(start, end, surface, surface)
        variant = min((form for form in forms if _is_variant(surface, form)), default=None)
        return None if variant is None else Mention(start, end, variant, surface)


def folded_words(surface: str) -> tuple[str, ...]:
    """A form's words as an index knows them."""
    return tuple(surface[start:end].casefold() for start, end in stand_in_tokens(surface))


def _is_variant(surface: str, form: str) -> bool:
    """True if `there` is `form` in capitals, as in a headline, or the other way round; small letters never match."""
    if sum(map(str.isalpha, form)) < _SHORTEST_VARIANT or surface.casefold() != form.casefold():
        return False
    return (surface.isupper() and _is_titled(form)) or (form.isupper() and _is_titled(surface))


def _is_titled(text: str) -> bool:
    """True if each word that is long enough to count begins with a capital."""
    return not text.isupper() and all(word[0].isupper() for word in text.split() if len(word) > 3)
