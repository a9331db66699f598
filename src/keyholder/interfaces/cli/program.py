"""The program around all commands: what goes wrong becomes one line on stderr for each reason and an exit code, never a traceback."""

import sys
from collections.abc import Callable
from typing import Any, NoReturn

import click

from keyholder.interfaces.cli import output
from keyholder.interfaces.cli.failures import INTERRUPTED, explained


class ReaderGoneError(Exception):
    """Whoever read the output has gone."""


class Program(click.Group):
    """A group of commands that ends the process with the exit code of what happened (contract 2)."""

    def main(self, *args: Any, **others: Any) -> NoReturn:  # noqa: ANN401 - click's own arguments go through as they are
        """Run one command and raise SystemExit with 0, 1, 2 or 3."""
        output.prepare()
        others["standalone_mode"] = False
        sys.exit(_code(lambda: super(Program, self).main(*args, **others)))

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; that nobody reads its output any more is told here, before click makes a refusal of it."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError as error:
            raise ReaderGoneError from error


def _code(run: Callable[[], object]) -> int:
    try:
        result = run()
        sys.stdout.flush()
    except (BrokenPipeError, ReaderGoneError):
        return output.close_pipe()
    except (KeyboardInterrupt, click.Abort):
        output.complain("interrupted")
        return INTERRUPTED
    except Exception as error:  # noqa: BLE001 - the last resort: whatever it is, it is one line and a code
        code, lines = explained(error)
        for line in lines:
            output.complain(line)
        return code
    return result if isinstance(result, int) else 0
