"""Every error that a person may see, as one tree.

AnnotatorError
├── UsageError          wrong words on the command line (exit code 2)
├── InputError          a file or folder that cannot be read as asked
│   └── EncodingError   bytes that are not in the encoding asked for
├── OutputError         a file that cannot be written, or spans that a format cannot hold
│   ├── UnwritableSpansError    spans that a format cannot hold
│   └── OutputClosedError   the program that read standard output has ended (exit code 141)
├── LabelSetError       an unknown or broken label set, or a label that is not in it
├── ModelError          a pipeline that is missing or does not load
├── SettingsError       a settings file with an unknown or wrong field
├── StoreError          a folder that is no store, or cannot be opened
│   ├── LinkError       a link, pipe or device below a store's folder
│   ├── DamageError     a file of the store that does not hold what it must
│   ├── VersionError    a store written by a newer program
│   └── SaveError       decisions that could not be made durable
│       ├── DiskError       a disk that does not take them, now: it may be full, read-only or broken
│       ├── HeldError       annotations that another program holds
│       └── ConflictError   annotations that were changed by somebody else; ours are kept beside them
└── FoldError           decisions that do not follow from one another
"""

from __future__ import annotations


class AnnotatorError(Exception):
    """An error with a message that a person can act on and a hint how.

    `message` says what is wrong in one sentence; `hint` says what to do about it and may be empty.
    """

    exit_code = 1

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    @property
    def lines(self) -> tuple[str, ...]:
        """The message in the lines that it is told in; a line end within one is text, and is drawn."""
        return (self.message,)

    def __reduce__(self) -> tuple[object, ...]:
        """Keep the hint when the error travels between processes."""
        return (_rebuild, (type(self), self.message, self.hint))


def _rebuild(kind: type[AnnotatorError], message: str, hint: str) -> AnnotatorError:
    return kind(message, hint=hint)


class UsageError(AnnotatorError):
    """Wrong words on the command line."""

    exit_code = 2


class InputError(AnnotatorError):
    """A file or folder that cannot be read as asked."""


class EncodingError(InputError):
    """Bytes that are not in the encoding asked for."""


class OutputError(AnnotatorError):
    """A file that cannot be written, or spans that a format cannot hold."""


class UnwritableSpansError(OutputError):
    """Spans that a format cannot hold: a sentence, and each of them on a line of its own."""

    def __init__(self, message: str, *, hint: str = "", spans: tuple[str, ...] = ()) -> None:
        super().__init__("\n  ".join((message, *spans)), hint=hint)
        self._lines = (message, *(f"  {span}" for span in spans))

    @property
    def lines(self) -> tuple[str, ...]:
        return self._lines


class OutputClosedError(OutputError):
    """The program that read standard output has ended, as `head` does; nothing is said about it.

    The exit code is the one that a shell gives to a program that SIGPIPE has ended.
    """

    exit_code = 141

    def __init__(self, message: str = "nobody reads standard output any more", *, hint: str = "") -> None:
        super().__init__(message, hint=hint)


class LabelSetError(AnnotatorError):
    """An unknown or broken label set, or a label that is not in it."""


class ModelError(AnnotatorError):
    """A pipeline that is missing or does not load."""


class SettingsError(AnnotatorError):
    """A settings file with an unknown or wrong field."""


class StoreError(AnnotatorError):
    """A folder that is no store, or cannot be opened."""


class LinkError(StoreError):
    """A link, a device or a pipe below a store's folder: what it leads to is not the store's."""


class DamageError(StoreError):
    """A file of the store that does not hold what it must."""


class VersionError(StoreError):
    """A store written by a newer program."""


class SaveError(StoreError):
    """Decisions that could not be made durable. `reason` says why in few words, by default as the message does."""

    def __init__(self, message: str, *, hint: str = "", reason: str = "") -> None:
        super().__init__(message, hint=hint)
        self.reason = reason or message


class DiskError(SaveError):
    """What a disk does not take now: it is full, read-only or broken, or nobody may write there. Later it may."""


class HeldError(SaveError):
    """Annotations that another program holds, so that nobody else may write them."""


class ConflictError(SaveError):
    """Annotations whose file was changed by somebody else; ours are durable, in a file beside it."""


class FoldError(AnnotatorError):
    """Decisions that do not follow from one another."""
