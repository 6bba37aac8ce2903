"""Arabic letters in the forms that they take next to one another, one letter a cell.

Text that is put into visual order here can no longer be shaped by the terminal, and most terminals never do. So
letters are drawn as Unicode's presentation forms; letters that have none (in some languages) stay as they are. Lam
and alef are joined but not made one, so that each keeps its cell.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import cache

_KINDS = ("<isolated>", "<final>", "<initial>", "<medial>")
_ISOLATED, _FINAL, _INITIAL, _MEDIAL = range(4)
_JOINER, _NON_JOINER = "\u200d", "\u200c"
_TATWEEL = "\u0640"


@cache
def _forms() -> dict[str, dict[int, str]]:
    """The presentation forms of each letter, by kind."""
    forms: dict[str, dict[int, str]] = {_TATWEEL: dict.fromkeys(range(4), _TATWEEL)}
    for code in (*range(0xFB50, 0xFC00), *range(0xFE80, 0xFEF5)):
        kind, _, letters = unicodedata.decomposition(chr(code)).partition(" ")
        if kind in _KINDS and len(letters) == 4:
            forms.setdefault(chr(int(letters, 16)), {})[_KINDS.index(kind)] = chr(code)
    return forms


def shaped(graphemes: Sequence[str]) -> list[str]:
    """The first character of each of a paragraph's graphemes, in the form that its neighbours give it."""
    forms = [_forms().get(grapheme[0], {}) for grapheme in graphemes]
    is_joined = False
    drawn = []
    for index, grapheme in enumerate(graphemes):
        following = forms[index + 1] if index + 1 < len(forms) else {}
        joins_on = (
            _INITIAL in forms[index]
            and _NON_JOINER not in grapheme
            and (_FINAL in following or grapheme.endswith(_JOINER))
        )
        kind = (_MEDIAL if is_joined else _INITIAL) if joins_on else (_FINAL if is_joined else _ISOLATED)
        drawn.append(forms[index].get(kind, grapheme[0]))
        is_joined = joins_on
    return drawn
