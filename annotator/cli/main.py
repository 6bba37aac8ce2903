"""The program's commands, and how their errors are told."""

from __future__ import annotations

import gc
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup
from typer.models import CommandInfo

from annotator import __version__
from annotator.cli.output import discard_output, flush_output, prepare_streams, print_lines, print_message
from annotator.errors import AnnotatorError, OutputClosedError, OutputError

_CONTEXT = {"help_option_names": ["-h", "--help"]}
_COMMANDS = {
    "annotate": "annotate:annotate",
    "tour": "tour:tour",
    "import": "transfer:import_files",
    "export": "transfer:export",
    "convert": "convert:convert",
    "formats": "formats:formats",
    "suggest": "suggest:suggest",
    "train": "train:train",
    "merge": "colleagues:merge",
    "merge-driver": "colleagues:merge_driver",
    "git-setup": "git:git_setup",
    "assign": "assign:assign",
    "review": "review:review",
    "agreement": "agreement:agreement",
    "feedback": "feedback:feedback",
    "labels": "label_set:labels",
    "stats": "stats:stats",
    "find": "find:find",
    "audit": "audit:audit",
    "memory": "memory:memory",
    "log": "history:log",
    "check": "care:check",
    "backup": "care:backup",
    "remove": "care:remove",
    "schema": "schema:schema",
    "trust": "trust:trust",
    "serve": "serve:serve",
}
"""Each command's module here, and the function in it: imported when it is called, since each costs a start some
milliseconds."""


_CLICK_ERROR: Any = typer.BadParameter.__bases__[0].__bases__[0]
"""ClickException. Typer carries a copy of click in a private module; this is the way to it by public names."""


class _Commands(TyperGroup):
    """The commands; Ctrl-C in one of them is told as errors are."""

    def list_commands(self, ctx: Any) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name not in _COMMANDS:
            return None
        module, function = _COMMANDS[cmd_name].split(":")
        callback = getattr(import_module(f"annotator.cli.{module}"), function)
        return typer.main.get_command_from_info(
            CommandInfo(name=cmd_name, callback=callback, context_settings=_CONTEXT),
            pretty_exceptions_short=True,
            rich_markup_mode=None,
        )

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
    epilog="Without a command: opens the store in this folder, or a start page where there is none.",
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings=_CONTEXT,
)


def _say_version(asked: bool) -> None:
    if asked:
        print_lines(f"annotator {__version__}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def start(
    context: typer.Context,
    version: bool = typer.Option(
        False, "--version", callback=_say_version, is_eager=True, help="Say the version."
    ),
) -> None:
    if context.invoked_subcommand is None:
        from annotator.cli.start import open_here

        open_here()
    elif context.invoked_subcommand != "annotate":
        gc.enable()


def run(arguments: list[str] | None = None) -> int:
    """Run the command line with `arguments`, by default the process's own; the exit code.

    0 if all went well, 1 for an error or Ctrl-C, 2 for wrong usage, and 141 if nobody reads the output any more. An
    error is one message with a hint on stderr.
    """
    prepare_streams()
    try:
        code = _run(arguments)
        flush_output()
        return code
    except OutputClosedError as error:
        discard_output()
        return error.exit_code
    except AnnotatorError as error:
        return _report(error)
    except OSError as error:
        origin = f"{error.filename}: " if error.filename else ""
        return _report(
            AnnotatorError(
                f"the system refuses: {origin}{error.strerror or error}",
                hint="is there room on the disk, and may you write there?",
            )
        )


def _run(arguments: list[str] | None) -> int:
    """The exit code of the command that `arguments` ask for; its errors as AnnotatorError or OSError."""
    command = typer.main.get_command(app)
    try:
        code = command.main(args=arguments, prog_name="annotator", standalone_mode=False)
    except _CLICK_ERROR as error:
        # What a person has typed may hold anything: click would print it as it is.
        context = getattr(error, "ctx", None)
        if context is not None:
            way = f"Try '{context.command_path} {context.help_option_names[0]}' for help."
            print_message(*context.get_usage().splitlines(), way, "")
        print_message(f"Error: {error.format_message()}")
        return int(error.exit_code)
    except SystemExit as end:  # a screen's exit code
        return end.code if isinstance(end.code, int) else 0
    except typer.Abort as abort:
        raise AnnotatorError("stopped") from abort
    return code if isinstance(code, int) else 0


def _report(error: AnnotatorError) -> int:
    """Print an error; its exit code."""
    first, *more = error.lines
    print_message(f"annotator: {first}", *more, *([f"  {error.hint}"] if error.hint else []))
    if isinstance(error, OutputError):
        discard_output()
    return error.exit_code
