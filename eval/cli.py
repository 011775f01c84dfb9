"""The command line of evaluators: `kordon-eval`. Commands import what they need when they run.

Exit codes: 0 done, 1 the request failed or the gate is shut, 2 wrong usage, 130 stopped by Ctrl-C.
A run that was stopped goes on with the same command.
"""

import sys
from collections.abc import Sequence

import click

from eval.cli_reports import compare, gate, report, score
from eval.cli_runs import calibrate, datasets, import_feedback, run
from rag.cli_common import complain, use_utf8
from rag.interrupt import INTERRUPTED, interrupt_once, no_more_interrupts


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="kordon", message="%(prog)s %(version)s")
def kordon_eval() -> None:
    """How good search, answers, citations and refusals are, on standard data and on your own."""


for command in (datasets, run, compare, report, score, gate, calibrate, import_feedback):
    kordon_eval.add_command(command)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and leave the process with its exit code."""
    use_utf8()
    interrupt_once()
    code = run_command(arguments)
    no_more_interrupts()
    sys.exit(code)


def run_command(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; every failure has become one sentence."""
    from corpus.errors import KordonError

    try:
        result = kordon_eval.main(args=arguments, prog_name="kordon-eval", standalone_mode=False)
    except (click.Abort, KeyboardInterrupt):
        complain("Stopped; the same command goes on where it was.")
        return INTERRUPTED
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except KordonError as error:
        complain(str(error))
        for row in getattr(error, "rows", ())[1:20]:
            complain(f"  {row}")
        return 1
    return result if isinstance(result, int) else 0


if __name__ == "__main__":
    main()
