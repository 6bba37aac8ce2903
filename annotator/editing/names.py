"""Names by their looks: where a capitalised name runs to, and which names nobody has marked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property

from annotator.model.spans import Interval
from annotator.model.tokens import Tokens

PARTICLES = frozenset(
    "& of for the de del della dello da do dos das di du des la le les el los las van von der den ter ten "
    "zu zum zur für y e al bin ibn na nad och og".split()
)
"""Lower-case words that a name runs through when a capitalised word or a number follows."""
_LINKS = frozenset("-–’'./&")
"""Marks that a name runs through when nothing but letters and digits touches them."""
_FUNCTION_WORDS = frozenset(  # as one text, since a list of these would run over two pages
    "a about above after again against all also although among an and another any are around as at back "
    "be because been before behind being below between both but by can could despite did do does during "
    "each early either even every few first following for from further had has have he her here hers his "
    "how however i if in inside instead into is it its just last late later least less many may meanwhile "
    "might more most much must my near neither never next no nor not nothing now of off on once one only "
    "onto or other others our out outside over own past perhaps rather same several shall she should "
    "since so some still such than that the their them then there these they this those though three "
    "through throughout thus to today together tomorrow too toward towards two under unless until up upon "
    "us very was we were what when whenever where whether which while who whoever whom whose why will "
    "with within without would yesterday yet you your".split()
)


class Names:
    """The words of one text as its tokens cut them, with an eye on capital letters."""

    def __init__(self, text: str, tokens: Tokens) -> None:
        self._text = text
        self._tokens = tokens

    def grown(self, offset: int, *, limit: int | None = None) -> tuple[int, int] | None:
        """The name that begins at the word at `offset`, running rightwards; None where there are no tokens.

        It runs on through capitalised words, numbers after them, and particles that lead to one of these; it
        stops at punctuation, at a line's end and before `limit`. A word in small letters stands alone, but for
        an article or number that leads into a name.
        """
        if not len(self._tokens):
            return None
        first = self._tokens.at(offset)
        start, end = self._tokens[first]
        index = first
        while (index := self._next_of_name(index, first)) >= 0:
            if limit is not None and self._tokens.ends[index] > limit:
                break
            end = self._tokens.ends[index]
        return start, end

    def _next_of_name(self, index: int, first: int) -> int:
        """The next token that belongs to the name that has run to `index`; -1 if the name ends there."""
        starts_low = index == first and not self._is_name_word(index)
        if starts_low and not (self._word(index).lower() == "the" or self._word(index)[0].isdigit()):
            return -1
        follower = index + 1
        if self._gap(index) == "":
            # Glued on: a dot after an initial, a hyphen or apostrophe inside a name.
            mark = self._word(follower)
            if mark not in _LINKS or self._gap(follower) != "" or not self._is_name_word(follower + 1):
                is_initial = mark == "." and len(self._word(index)) == 1 and self._is_name_word(index)
                if not (is_initial and self._gap(follower) == " " and self._is_name_word(follower + 1)):
                    return -1
            return follower + 1
        for _ in range(3):
            if self._gap(follower - 1) != " ":
                return -1
            if self._is_name_word(follower):
                return follower
            if self._word(follower).isdigit() and follower == index + 1 and not starts_low:
                return follower
            if self._word(follower) not in PARTICLES:
                return -1
            follower += 1
        return -1

    def unmarked(self, start: int, end: int, marks: Iterable[Interval] = ()) -> Iterator[tuple[int, int]]:
        """The capitalised names that begin between the offsets, outside of `marks`, each as far as it runs.

        What a name runs over before a mark and behind it are names of their own. A word that stands alone does not
        count if it is the pronoun I or, at a sentence's beginning, a function word, an adverb in -ly, or written in
        small letters elsewhere in the text.
        """
        index = -1
        covered = sorted(((mark.start, mark.end) for mark in marks), reverse=True)
        for token in self._tokens.within(start, end):
            offset = self._tokens.starts[token]
            while covered and covered[-1][1] <= offset:
                covered.pop()
            if token <= index or not self._is_name_word(token) or (covered and covered[-1][0] <= offset):
                continue
            run_start, run_end = self.grown(offset, limit=covered[-1][0] if covered else None) or (0, 0)
            index = self._tokens.within(run_start, run_end)[-1]
            if index == token and self._is_no_name(token, begins_sentence=run_start in self._sentence_starts):
                continue
            yield run_start, run_end

    def _is_no_name(self, index: int, *, begins_sentence: bool) -> bool:
        """True if a capitalised word that stands alone is most likely no name."""
        word = self._word(index)
        if word == "I" or not begins_sentence:
            return word == "I"
        small = word.lower()
        return small in _FUNCTION_WORDS or small in self._small_words or small.endswith("ly")

    @cached_property
    def _sentence_starts(self) -> frozenset[int]:
        from annotator.model.segments import sentences

        names = []
        for start in sentences(self._text).starts:
            index = self._tokens.at(start)
            while index + 1 < len(self._tokens) and not self._word(index)[0].isalnum():
                index += 1
            names.append(self._tokens.starts[index])
        return frozenset(names)

    @cached_property
    def _small_words(self) -> frozenset[str]:
        return frozenset(word for word in map(self._word, range(len(self._tokens))) if word.islower())

    def _word(self, index: int) -> str:
        if not 0 <= index < len(self._tokens):
            return ""
        start, end = self._tokens[index]
        return self._text[start:end]

    def _gap(self, index: int) -> str | None:
        """What stands between a token and the next one; None at the end."""
        if index + 1 >= len(self._tokens):
            return None
        return self._text[self._tokens.ends[index] : self._tokens.starts[index + 1]]

    def _is_name_word(self, index: int) -> bool:
        word = self._word(index)
        return bool(word) and (word[0].isupper() or word[0].istitle())
