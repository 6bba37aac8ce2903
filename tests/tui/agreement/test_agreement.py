"""The agreement screen: keys lead from a figure to the cases behind it, and from there to the text."""

from __future__ import annotations

import pytest

from annotator.tui.screens.agreement.cases import CasesScreen
from annotator.tui.screens.agreement.screen import AgreementScreen
from annotator.tui.screens.annotate.screen import AnnotateScreen
from annotator.tui.screens.documents.screen import DocumentsScreen
from annotator.workspace.agreement.selection import FinishedSets


async def test_the_first_view_has_pairs_and_figures_over_all(figures) -> None:
    async with figures() as at:
        assert at.bar("title").split() == "Agreement ada, ben, cleo 3 documents compared".split()
        assert at.shows("ada · .400 .333")
        assert at.shows("alpha (tokens, incl. O)")
        assert at.shows("inflated: most tokens are marked by nobody")
        assert at.shows("ada and ben 3 documents 6 and 4 spans strict F1 .400")


@pytest.mark.parametrize(
    ("keys", "shown"),
    [
        ("f", "ada · .600 .667"),
        ("f f", "boundary-only F1: two spans agree"),
        ("f f f", "token kappa: Cohen's"),
        ("f f f f", "strict F1: two spans agree"),
        ("2", "ada, ben 3 6 4 .400"),
        ("3", "PERSON 6"),
        ("tab tab", "PERSON 6"),
        ("4", "All pairs. How often one says this"),
        ("4 f", "ada and ben. Rows: ada, columns: ben"),
        ("4 f f f f", "All pairs."),
        ("5", "ada 1 4 3 .750 1.000"),
        ("6", "A quiet day. n/a"),
        ("shift+tab", "A quiet day. n/a"),
        ("down right", "ben and cleo 1 document"),
        ("down down down down left", "ada and cleo 1 document"),
        ("right up end", "cleo"),
    ],
)
async def test_keys_lead_through_the_views(figures, keys: str, shown: str) -> None:
    async with figures() as at:
        await at.press(keys)
        assert at.shows(shown), "\n".join(at.lines())


async def test_a_view_comes_back_with_the_cursor_where_it_was_left(figures) -> None:
    async with figures() as at:
        await at.press("3 down right 1 3")
        assert (at.screen.grid.row, at.screen.grid.column) == (1, 2)


@pytest.mark.parametrize(
    ("keys", "title", "cases"),
    [
        ("enter", "ada and ben", ["label", "only ada", "boundary", "only ada"]),
        ("f enter", "ada and ben", ["label", "only ada", "only ada"]),
        ("f f enter", "ada and ben", ["only ada", "boundary", "only ada"]),
        ("right enter", "ada and cleo", ["boundary", "only ada", "only ada"]),
        ("enter c", "ada and ben", ["label", "same", "only ada", "boundary", "same", "only ada"]),
        ("enter c c", "ada and ben", ["same", "same"]),
        ("enter c c c c c c", "ada and ben", ["label", "only ada", "boundary", "only ada"]),
        ("4 enter", "both say DATE", None),
        ("4 down down right right enter", "ORG against PERSON", None),
        ("5 end right right right right right enter", "cleo and gold, missed", ["only gold"]),
        ("5 enter", "ada and gold, precision", ["only ada"]),
        ("6 enter", "Maduro spoke in Caracas", None),
    ],
)
async def test_enter_opens_the_cases_behind_a_cell(
    figures, keys: str, title: str, cases: list[str] | None
) -> None:
    async with figures() as at:
        await at.press(keys)
        if cases is None:
            return
        assert at.bar("title").startswith(title)
        from annotator.tui.screens.agreement.rows import kind_word

        assert [kind_word(each) for each in at.cases._shown] == cases


async def test_confusions_of_all_pairs_open_the_cases_of_all(figures) -> None:
    async with figures() as at:
        await at.press("4")
        grid = at.screen.grid.grid
        row = [name for name, _ in grid.rows].index("ORG")
        at.screen.grid.go(row, list(grid.headings).index("PERSON"))
        assert at.screen.grid.cell.text == "2"
        await at.press("enter")
        assert at.bar("title").startswith("ORG against PERSON")
        assert at.shows("ada: Maduro PERSON ben: Maduro ORG label")
        assert at.shows("ben: Maduro ORG cleo: Maduro PERSON label")


async def test_a_cell_without_cases_says_so_and_stays(figures) -> None:
    async with figures() as at:
        await at.press("left enter")
        assert isinstance(at.app.screen, AgreementScreen)
        assert [each.message for each in at.app._notifications] == ["There are no cases behind this."]


async def test_a_case_is_read_in_full_and_esc_leads_back_step_by_step(figures) -> None:
    async with figures() as at:
        await at.press("enter down")
        assert at.shows("Maduro spoke")
        await at.press("enter")
        assert at.cases.is_reading
        assert at.bar("shown").split()[-4:] == ["ada", "2", "of", "4"]
        await at.press("down")
        assert at.bar("shown").split()[-4:] == ["boundary", "3", "of", "4"]
        left, right = at.cases.texts.views
        assert left.overlay.focus is not None
        assert left.text[slice(*left.overlay.focus[:2])] == "Hugo Chávez"
        assert right.overlay.focus is not None
        assert right.text[slice(*right.overlay.focus[:2])] == "Hugo"
        await at.press("escape")
        assert not at.cases.is_reading
        await at.press("escape")
        assert isinstance(at.app.screen, AgreementScreen)
        await at.press("escape")
        assert isinstance(at.app.screen, AnnotateScreen)


async def test_who_has_nothing_there_has_a_box(figures) -> None:
    async with figures() as at:
        await at.press("enter down")
        left, right = at.cases.texts.views
        assert left.overlay.focus is not None
        assert right.overlay.focus is None
        assert [right.text[start:end] for start, end in right.overlay.boxes] == ["Tuesday"]


async def test_text_is_no_markup(figures) -> None:
    async with figures() as at:
        await at.press("enter end")
        assert at.shows("[b]Pence[/b] l…") or at.shows("[b]Pence")


async def test_a_case_opens_in_ones_own_annotations_at_its_place(figures) -> None:
    async with figures(who="ben") as at:
        await at.press("enter end a")
        screen = at.app.screen
        assert isinstance(screen, AnnotateScreen)
        assert screen.editor.document.id == "second"
        assert screen.editor.text(*screen.editor.cursor.word) == "Rome"


async def test_it_opens_from_the_documents_and_from_the_palettes_command(figures) -> None:
    async with figures(is_open=False) as at:
        await at.press("o")
        assert isinstance(at.app.screen, DocumentsScreen)
        await at.press("g")
        assert isinstance(at.app.screen, AgreementScreen)
        assert at.shows("ada · .400")
        await at.press("escape")
        at.app.screen.act("agreement")
        await at.pilot.pause()
        await at.settle()
        assert at.shows("ada · .400")


async def test_where_nothing_can_be_compared_a_dialog_says_why(figures) -> None:
    async with figures((100, 30), "ada", is_open=False) as at:
        at.app.screen.act("agreement")
        await at.pilot.pause()
        assert at.shows("Only ada has finished documents: agreement takes two")


async def test_one_annotator_and_gold_begin_with_gold(figures) -> None:
    async with figures((100, 30), "ada", "gold") as at:
        assert at.shows("ada 1 4 3 .750 1.000")
        await at.press("1")
        assert isinstance(at.app.screen, AgreementScreen)


async def test_an_error_on_the_way_is_told_and_esc_leads_back(figures, monkeypatch) -> None:
    from annotator.errors import InputError

    def broken(self):
        raise InputError("no document is left", hint="annotator check tells of all damage")
        yield

    monkeypatch.setattr(FinishedSets, "measure", broken)
    async with figures() as at:
        assert at.shows("no document is left")
        assert at.shows("annotator check tells of all damage")
        await at.press("enter 3 f escape")
        assert isinstance(at.app.screen, AnnotateScreen)


async def test_leaving_stops_the_work(figures, monkeypatch) -> None:
    import threading

    from annotator.measure.agreement import Progress

    stopped, asked = threading.Event(), threading.Event()

    def endless(self):
        try:
            done = 0
            while True:
                done += 1
                asked.set()
                yield Progress("documents read", done, None)
        finally:
            stopped.set()

    monkeypatch.setattr(FinishedSets, "measure", endless)
    async with figures(is_open=False) as at:
        at.app.screen.act("agreement")
        await at.pilot.pause()
        assert asked.wait(10)
        await at.pilot.press("escape")
        assert isinstance(at.app.screen, AnnotateScreen)
        assert stopped.wait(10)


async def test_no_key_falls_through(figures) -> None:
    async with figures() as at:
        before = at.workspace.store.catalogue.statuses("kim")
        await at.press("x space 7 Q enter x space 1")
        assert isinstance(at.app.screen, CasesScreen)
        assert at.workspace.store.catalogue.statuses("kim") == before


@pytest.mark.parametrize("size", [(120, 40), (80, 24), (40, 12)])
async def test_every_view_fits_any_terminal(figures, size: tuple[int, int]) -> None:
    async with figures(size) as at:
        for view in "123456":
            await at.press(f"{view} down right")
            assert at.screen.grid.cell is not None
        await at.press("1 enter enter escape escape")
        assert isinstance(at.app.screen, AgreementScreen)
