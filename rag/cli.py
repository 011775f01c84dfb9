"""The command line: `kordon`. Commands import what they need when they run.

Exit codes: 0 done, 1 the request failed (one sentence on stderr), 2 wrong usage, 130 stopped by
Ctrl-C, 141 nobody reads the output any more. Results go to stdout, everything else to stderr.
"""

import os
import sys
from collections.abc import Sequence

import click

import rag.cli_admin  # noqa: F401 - adds its commands to `index`
from rag.cli_ask import ask, search
from rag.cli_common import OutputClosed, complain, use_utf8
from rag.cli_index import index
from rag.cli_llm import llm
from rag.cli_tools import app, doctor, setup
from rag.interrupt import INTERRUPTED, interrupt_once, no_more_interrupts

CLOSED_PIPE = 141


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="kordon", message="%(prog)s %(version)s")
def kordon() -> None:
    """Cited answers over your documents, in English and Russian, without a network."""


for command in (setup, index, search, ask, app, llm, doctor):
    kordon.add_command(command)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and leave the process with its exit code."""
    use_utf8()
    interrupt_once()
    code = run(arguments)
    no_more_interrupts()
    try:
        sys.stdout.flush()
    except OSError:
        # Whoever read our output is gone, or its disk is full; either has been said already.
        _forget_output()
        code = code or 1
    sys.exit(code)


def run(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; every failure has become one sentence."""
    from corpus.errors import KordonError

    try:
        result = kordon.main(args=arguments, prog_name="kordon", standalone_mode=False)
    except OutputClosed:
        _forget_output()
        return CLOSED_PIPE
    except (click.Abort, KeyboardInterrupt):
        complain("Stopped.")
        return INTERRUPTED
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except KordonError as error:
        complain(str(error))
        return 1
    except Exception as error:  # noqa: BLE001 - the one place that may: nobody sees a traceback
        from rag.mishap import report

        complain(report(error))
        return 1
    return result if isinstance(result, int) else 0


def _forget_output() -> None:
    """Point stdout at nothing, so that the interpreter's last flush has nothing to fail on."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    main()
