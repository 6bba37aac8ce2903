"""What `--help` says of each command."""

from __future__ import annotations

import re

from annotator.cli.main import run


def _help(capsys, *words: str) -> str:
    assert run([*words, "--help"]) == 0
    return capsys.readouterr().out


def test_each_command_has_an_example_that_calls_it(generate, capsys):
    for name, command in generate.commands().items():
        arguments = r" \S" if list(generate.parameters(command)) else "$"
        assert re.search(rf"^  Example: annotator {name}{arguments}", _help(capsys, name), re.MULTILINE), name


def test_the_program_lists_each_command_with_what_it_does(generate, capsys):
    said = _help(capsys)
    for name, command in generate.commands().items():
        summary = command.help.partition("\n")[0][:30]
        assert re.search(rf"^  {name} +{re.escape(summary)}", said, re.MULTILINE), name


def test_each_option_says_what_it_is_for(generate, capsys):
    for name, command in generate.commands().items():
        said = _help(capsys, name)
        for parameter in generate.parameters(command):
            for option in parameter.names:
                assert option in said, f"{name} {option}"
            assert parameter.help.split()[0] in said, f"{name} {parameter.title}"
