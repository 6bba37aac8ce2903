"""The program's commands, and how their errors are told."""

from __future__ import annotations

import gc
import sys
from typing import Any

import typer
from typer.core import TyperGroup

from annotator import __version__
from annotator.cli import (
    agreement,
    annotate,
    audit,
    care,
    colleagues,
    convert,
    history,
    label_set,
    schema,
    transfer,
)
from annotator.errors import AnnotatorError


class _Commands(TyperGroup):
    """The commands; Ctrl-C in one of them is told as errors are."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt as interrupt:
            raise AnnotatorError(
                "stopped", hint="what was saved is kept; the same command again goes on from there"
            ) from interrupt


app = typer.Typer(
    name="annotator",
    cls=_Commands,
    help="Make gold-standard entity annotations in the terminal, on a spaCy pipeline's suggestions.",
    epilog="Without a command: opens the store in this folder, or offers sample articles on first use.",
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _say_version(asked: bool) -> None:
    if asked:
        typer.echo(f"annotator {__version__}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def start(
    context: typer.Context,
    version: bool = typer.Option(
        False, "--version", callback=_say_version, is_eager=True, help="Say the version."
    ),
) -> None:
    if context.invoked_subcommand is None:
        annotate.open_here()
    elif context.invoked_subcommand != "annotate":
        gc.enable()


app.command("annotate")(annotate.annotate)
app.command("import")(transfer.import_files)
app.command("export")(transfer.export)
app.command("convert")(convert.convert)
app.command("merge")(colleagues.merge)
app.command("merge-driver")(colleagues.merge_driver)
app.command("assign")(colleagues.assign)
app.command("agreement")(agreement.agreement)
app.command("labels")(label_set.labels)
app.command("audit")(audit.audit)
app.command("log")(history.log)
app.command("check")(care.check)
app.command("backup")(care.backup)
app.command("remove")(care.remove)
app.command("schema")(schema.schema)


def run(arguments: list[str] | None = None) -> int:
    """Run the command line with `arguments`, by default the process's own; the exit code.

    0 if all went well, 1 for an error, 2 for wrong usage. An error is one message with a hint on stderr.
    """
    command = typer.main.get_command(app)
    try:
        command.main(args=arguments, prog_name="annotator")
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 0
    except AnnotatorError as error:
        return _told(error)
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        return _told(
            AnnotatorError(
                f"the system refuses: {place}{error.strerror or error}",
                hint="is there room on the disk, and may you write there?",
            )
        )
    return 0


def _told(error: AnnotatorError) -> int:
    """Say an error; its exit code."""
    print(f"annotator: {error.message}", file=sys.stderr)
    if error.hint:
        print(f"  {error.hint}", file=sys.stderr)
    return error.exit_code
