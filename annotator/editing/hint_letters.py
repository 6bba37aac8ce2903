"""The letters of hints, as their keys lie under the fingers."""

from __future__ import annotations

import string

LETTERS = "fjdkslaghrueiwotyvncmbxqpz"
"""The ones that are typed most easily first. Typed as a capital, a hint of jump mode stretches the focus."""

assert sorted(LETTERS) == list(string.ascii_lowercase)
