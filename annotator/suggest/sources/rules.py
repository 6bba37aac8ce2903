"""Rules: patterns of tokens, matched by spaCy in the worker."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from annotator.suggest.sources.patterns import PatternProblem, TokenPattern

_SAMPLE = "One sample, of 2 words."
_LEXICAL = frozenset(
    "ORTH TEXT NORM LOWER SHAPE PREFIX SUFFIX LENGTH LANG SPACY OP ENT_TYPE ENT_IOB ENT_ID ENT_KB_ID IS_ALPHA IS_ASCII "
    "IS_DIGIT IS_LOWER IS_UPPER IS_TITLE IS_PUNCT IS_SPACE IS_BRACKET IS_QUOTE IS_LEFT_PUNCT IS_RIGHT_PUNCT "
    "IS_CURRENCY IS_STOP LIKE_NUM LIKE_URL LIKE_EMAIL".split()
)
"""What a token tells without a tagger, a parser or a lemmatizer."""


def need_annotation(rules: Sequence[TokenPattern]) -> bool:
    """True if a rule asks for what only components set that suggestions can else do without, such as POS."""
    return any(key.upper() not in _LEXICAL for rule in rules for token in rule.tokens for key in token)


class Rules:
    """The rules that spaCy can match; `problems` tells of the others."""

    def __init__(self, nlp: Any, rules: Sequence[TokenPattern]) -> None:
        from spacy.matcher import Matcher

        self.problems: list[PatternProblem] = []
        self._rules: dict[str, TokenPattern] = {}
        self._matcher = Matcher(nlp.vocab, validate=True)
        sample = nlp(_SAMPLE) if rules else None
        for rule in rules:
            if reason := _trouble(Matcher(nlp.vocab, validate=True), rule, sample):
                self.problems.append(PatternProblem(rule.line, reason))
                continue
            key = str(rule.line)
            self._rules[key] = rule
            self._matcher.add(key, [list(rule.tokens)], greedy="LONGEST")

    def spans(self, doc: Any) -> Iterator[tuple[Any, TokenPattern]]:
        """What the rules match in `doc`, of overlapping matches of one rule the longest."""
        if not self._rules:
            return
        for span in self._matcher(doc, as_spans=True):
            yield span, self._rules[span.label_]


def _trouble(matcher: Any, rule: TokenPattern, sample: Any) -> str:
    """Why spaCy cannot match a rule, in its own words; empty if it can. Some errors show only when it is tried."""
    import re

    try:
        matcher.add("rule", [list(rule.tokens)])
        matcher(sample)
    except (ValueError, AttributeError, TypeError, KeyError, re.error) as error:
        lines = [line.strip(" -") for line in str(error).splitlines() if line.strip().startswith("- ")]
        return lines[0] if lines else str(error).strip().partition("\n")[0]
    return ""
