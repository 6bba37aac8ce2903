"""How a table parts its cells is found by looking at its first lines."""

from __future__ import annotations

import pytest

from annotator.formats.tables.dialect import find_dialect


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_each_mark_is_found(mark: str) -> None:
    dialect, rows = find_dialect(f"id{mark}text\n1{mark}Ana\n")
    assert dialect.mark == mark
    assert rows == [["id", "text"], ["1", "Ana"]]


def test_marks_within_quotes_part_nothing() -> None:
    dialect, rows = find_dialect('id;text\n1;"a, b; c, d"\n2;"e, f"\n')
    assert dialect.mark == ";"
    assert rows[1] == ["1", "a, b; c, d"]


def test_a_quote_that_is_a_token_holds_nothing_together() -> None:
    dialect, rows = find_dialect('Ana\tB-PER\n"\tO\nsings\tO\n"\tO\n')
    assert not dialect.has_quotes
    assert rows[1:] == [['"', "O"], ["sings", "O"], ['"', "O"]]


def test_a_doubled_quote_is_one() -> None:
    _, rows = find_dialect('word,tag\n"""",O\nAna,B-PER\n')
    assert rows[1] == ['"', "O"]


def test_excel_names_the_mark_in_a_first_line() -> None:
    dialect, rows = find_dialect("sep=;\r\nid;text\r\n1;a,b,c\r\n")
    assert (dialect.mark, dialect.is_declared) == (";", True)
    assert rows[0] == ["id", "text"]


def test_lines_may_end_in_carriage_returns_alone() -> None:
    dialect, rows = find_dialect("id,text\r1,Ana\r")
    assert dialect.line_end == "\r"
    assert rows == [["id", "text"], ["1", "Ana"]]


def test_a_column_alone_is_a_table_too() -> None:
    _, rows = find_dialect('text\nAna\n"two\nlines"\n')
    assert rows == [["text"], ["Ana"], ["two\nlines"]]


def test_nothing_has_no_rows() -> None:
    assert find_dialect("")[1] == []
