"""Whatever a file holds, a reader yields documents or says what is wrong; nothing else is raised."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotator.errors import AnnotatorError
from annotator.formats.exchange import ReadOptions
from annotator.formats.formats_table import FORMATS
from annotator.formats.registry import read

_EXTRAS = {"parquet": "pyarrow", "uima-xmi": "cassis", "uima-json": "cassis", "xlsx": "openpyxl"}
_KEYS = [
    "text",
    "label",
    "labels",
    "entities",
    "spans",
    "tokens",
    "meta",
    "data",
    "annotations",
    "predictions",
]
_MORE = [
    "result",
    "value",
    "start",
    "end",
    "completed_by",
    "_id",
    "documentId",
    "versions",
    "%TYPES",
    "documents",
]
_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-2, 9)
    | st.floats(allow_nan=False)
    | st.sampled_from(["", "Ana", "PER"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(_KEYS + _MORE), inner, max_size=4)
    ),
    max_leaves=12,
)
_lines = st.lists(
    st.sampled_from(
        [
            "#FORMAT=WebAnno TSV 3.3",
            "#T_SP=a.B|value|identifier",
            "#T_SP=a.B",
            "#T_RL=a.C|x|BT_a.B",
            "#Text=Ana \\\\ Bo",
            "1-1\t0-3\tAna\tX[1]|*[2]\t_\t",
            "1-1.1\t1-2\tn\t\\[\t|\t",
            "1-2\t9-4\tBo\t[1]\tx\t",
            "T1\tPER 0 3;4 5\tAna",
            "#1\tAnnotatorNotes T1\tx",
            "E1\tX:T1",
            "1\tAna\t_\t_\t_\t_\t_\t_\t_\tNER=B-PER|x",
            "3-1\tAna\t_\t_\t_\t_\t_\t_\t_\t_",
            "# newdoc id = a",
            "Ana B-PER",
            "-DOCSTART- O",
            "doc,start,end,label,text",
            "id;text;entities",
            'd,0,3,"PER,Ana',
            "1;Ana;[[0, 9, 'PER']]",
            "",
            "<xmi:XMI xmlns:xmi='http://www.omg.org/XMI'>",
            "</xmi:XMI>",
        ]
    ),
    max_size=8,
).map(lambda lines: "\n".join(lines).encode())
_contents = st.binary(max_size=60) | _values.map(lambda value: json.dumps(value).encode()) | _lines


@pytest.mark.parametrize("name", [name for name, each in FORMATS.items() if each.read])
@pytest.mark.parametrize("on_error", ["fail", "skip"])
@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    deadline=None,
    max_examples=40,
)
@given(content=_contents)
def test_a_reader_raises_nothing_but_our_errors(
    tmp_path: Path, name: str, on_error: str, content: bytes
) -> None:
    if name in _EXTRAS:
        pytest.importorskip(_EXTRAS[name], reason="its extra is not installed")
    path = tmp_path / "in.ann"
    path.with_suffix(".txt").write_text("Ana Bo", encoding="utf-8")
    (tmp_path / "entities.json").write_bytes(content)
    path.write_bytes(content)
    try:
        found = list(read([path], format=name, options=ReadOptions(on_error=on_error, every_set=True)))
    except AnnotatorError:
        return
    for annotated in found:
        for span in (*annotated.spans, *annotated.suggestions):
            assert 0 <= span.start < span.end <= len(annotated.document.text)
