"""A DocBin that is written while its documents go by, so that memory stays flat however many there are.

spaCy's own keeps every document until the end. The layout is that of `DocBin.to_bytes`: one msgpack map, compressed by
zlib, in which the tokens of all documents stand one after the other. What belongs to each key waits in a temporary file.
"""

from __future__ import annotations

import struct
import tempfile
import zlib
from array import array
from collections.abc import Callable, Iterable, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, BinaryIO

from annotator.errors import OutputError

if TYPE_CHECKING:
    from spacy.tokens import Doc

_CHUNK = 1 << 18
_SPAN = struct.Struct(">QQQllll")
_LARGEST = 2**32 - 1
"""msgpack counts the bytes of a value by 32 bits."""


class DocBinSpool:
    """Takes documents one by one and writes them as a DocBin; a context, since it holds temporary files.

    `attributes` are token attributes as DocBin takes them. Entities and groups of spans are both kept, and one of the
    two is left out when the file is written.
    """

    def __init__(self, attributes: Iterable[str]) -> None:
        from spacy.tokens import Doc, DocBin
        from spacy.vocab import Vocab
        from srsly.msgpack import Packer

        self._pack: Callable[[object], bytes] = Packer(use_bin_type=True).pack
        model = DocBin(attrs=attributes, store_user_data=True)
        self._version: str = model.version
        self._attributes: list[int | str] = list(model.attrs)
        self._empty: bytes = Doc(Vocab()).spans.to_bytes()
        self._tokens, self._spaces, self._groups, self._user_data = (
            tempfile.TemporaryFile()  # noqa: SIM115 - closed when the context ends
            for _ in range(4)
        )
        self._lengths = array("i")
        self._strings: set[str] = set()

    def __enter__(self) -> DocBinSpool:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for file in (self._tokens, self._spaces, self._groups, self._user_data):
            file.close()

    def add(self, doc: Doc, strings: Iterable[str]) -> None:
        """Put a document behind the others. `strings` are those that its tokens and spans use."""
        from spacy.attrs import SPACY

        self._tokens.write(doc.to_array(self._attributes).tobytes("C"))
        self._spaces.write(doc.to_array(SPACY).astype(bool).tobytes("C"))
        self._groups.write(self._pack(self._packed_groups(doc)))
        self._user_data.write(self._pack(self._pack(doc.user_data)))
        self._lengths.append(len(doc))
        self._strings.update(strings)

    def write(self, file: BinaryIO, *, without_groups: bool = False, without: Sequence[str] = ()) -> None:
        """Write all documents, without their groups of spans or without the attributes named.

        OutputError if there are more than a DocBin can hold.
        """
        packer, pack = zlib.compressobj(), self._pack

        def put(content: bytes) -> None:
            file.write(packer.compress(content))

        count = struct.pack(">I", len(self._lengths))
        put(b"\x8a" + pack("version") + pack(self._version) + pack("attrs") + pack(self._attributes))
        put(pack("tokens"))
        self._put_tokens(put, without)
        put(pack("spaces"))
        _put_binary(put, self._spaces)
        put(pack("lengths") + pack(self._lengths.tobytes()))
        put(pack("strings") + b"\xdd" + struct.pack(">I", len(self._strings)))
        for string in sorted(self._strings):
            put(pack(string))
        put(pack("cats") + b"\xdd" + count + b"\x80" * len(self._lengths))
        flags = pack({"has_unknown_spaces": False})
        put(pack("flags") + b"\xdd" + count + flags * len(self._lengths))
        put(pack("span_groups") + b"\xdd" + count)
        if without_groups:
            put(pack(self._empty) * len(self._lengths))
        else:
            _put_all(put, self._groups)
        put(pack("user_data") + b"\xdd" + count)
        _put_all(put, self._user_data)
        file.write(packer.flush())

    def _packed_groups(self, doc: Doc) -> bytes:
        """What `SpanGroups.to_bytes` gives, which looks for plug-ins of the packer each time: half a millisecond."""
        if not len(doc.spans):
            return self._empty
        packed: dict[bytes, list[str]] = {}
        for key, group in doc.spans.items():
            spans = [
                _SPAN.pack(
                    span.id, span.kb_id, span.label, span.start, span.end, span.start_char, span.end_char
                )
                for span in group
            ]
            value = self._pack({"name": group.name, "attrs": group.attrs, "spans": spans})
            packed.setdefault(value, []).append(key)
        return self._pack(packed)

    def _put_tokens(self, put: Callable[[bytes], None], without: Sequence[str]) -> None:
        """The attributes of all tokens, a row a token, those that are not wanted as zeros."""
        if not without:
            _put_binary(put, self._tokens)
            return
        import numpy
        from spacy.attrs import intify_attr

        width = len(self._attributes)
        unwanted = [self._attributes.index(intify_attr(name)) for name in without]
        put(_header(self._tokens))
        self._tokens.seek(0)
        while rows := self._tokens.read(_CHUNK * 8 * width):
            values = numpy.frombuffer(rows, dtype="uint64").reshape(-1, width).copy()
            values[:, unwanted] = 0
            put(values.tobytes("C"))


def _header(file: BinaryIO) -> bytes:
    size = file.seek(0, 2)
    if size > _LARGEST:
        raise OutputError(
            "there are more documents than one DocBin can hold: 4 GiB of tokens",
            hint="export the documents in parts; spacy train reads a folder of such files",
        )
    return b"\xc6" + struct.pack(">I", size)


def _put_binary(put: Callable[[bytes], None], file: BinaryIO) -> None:
    put(_header(file))
    _put_all(put, file)


def _put_all(put: Callable[[bytes], None], file: BinaryIO) -> None:
    file.seek(0)
    while chunk := file.read(_CHUNK):
        put(chunk)
