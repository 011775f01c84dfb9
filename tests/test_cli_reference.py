"""The written reference of the command line is the one that the commands print."""

from pathlib import Path

from rag.cli import kordon
from rag.cli_reference import commands, reference

ROOT = Path(__file__).resolve().parents[1]


def test_the_reference_is_current() -> None:
    written = (ROOT / "docs" / "cli.md").read_text("utf-8")
    assert written == reference(), "type: python -m rag.cli_reference > docs/cli.md"


def test_every_command_says_what_it_does_and_every_option_too() -> None:
    for name, command in commands(kordon, "kordon"):
        assert command.help, name
        for parameter in command.params:
            if parameter.param_type_name == "option":
                assert parameter.get_help_record(
                    command.make_context(name, [], resilient_parsing=True)
                )  # type: ignore[attr-defined]
