"""The program's commands, and how their errors are told."""

from __future__ import annotations

import sys

import typer

from annotator import __version__
from annotator.cli import annotate, transfer
from annotator.errors import AnnotatorError

app = typer.Typer(
    name="annotator",
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


app.command("annotate")(annotate.annotate)
app.command("import")(transfer.import_files)
app.command("export")(transfer.export)


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
        print(f"annotator: {error.message}", file=sys.stderr)
        if error.hint:
            print(f"  {error.hint}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        print("annotator: stopped", file=sys.stderr)
        return 1
    return 0
