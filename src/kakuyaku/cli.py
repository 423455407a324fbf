"""The command line: its commands, and how every failure becomes a message and an exit code."""

from __future__ import annotations

import io
import os
import signal
import sys
from types import FrameType
from typing import Annotated, NoReturn

import typer

from kakuyaku import __version__
from kakuyaku.commands.add import add
from kakuyaku.commands.adjudicate import adjudicate
from kakuyaku.commands.agree import agree
from kakuyaku.commands.anchor import anchor
from kakuyaku.commands.build import build
from kakuyaku.commands.check import check
from kakuyaku.commands.clean import clean
from kakuyaku.commands.console import report
from kakuyaku.commands.explain import explain
from kakuyaku.commands.reanchor import reanchor
from kakuyaku.commands.studio import studio
from kakuyaku.commands.sync import sync
from kakuyaku.files import environment_failure
from kakuyaku.findings import EXIT_BUG, EXIT_INTERRUPTED, EXIT_PIPE, EXIT_USAGE, Failure, Finding, visible

DEBUG = "KAKUYAKU_DEBUG"
BUG_FIX = f"Report it with the command and the input; {DEBUG}=1 shows more."

app = typer.Typer(
    name="kakuyaku",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for command in (build, clean, explain, check, add, anchor, agree, adjudicate, reanchor, sync):
    app.command()(command)
app.add_typer(studio)


def _show_version(wanted: bool) -> None:
    if wanted:
        print(f"kakuyaku {__version__}")
        raise typer.Exit


@app.callback()
def kakuyaku(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Raw Japanese news pages to an annotated dataset: clean, check, build.

    Exit codes: 0 fine, 1 findings in the data, 2 wrong usage, 3 environment (files, disk, server), 4 a bug of ours,
    130 interrupted (143 and 129 by SIGTERM and SIGHUP), 141 the reader of a pipe has gone.
    """


class Ended(BaseException):
    """A signal has asked the program to end; what is half done is put away on the way out."""


def _end(number: int, frame: FrameType | None) -> NoReturn:
    raise Ended(128 + number)  # the exit code that a shell gives to what a signal has ended


def main() -> NoReturn:
    """Run the command line. Bad input never gives a traceback; ``KAKUYAKU_DEBUG=1`` shows that of a bug."""
    if sys.stdout is None:  # closed by the caller; else the next file to be opened would take its number
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115 (until the process ends)
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is signal.SIG_DFL:  # `nohup` has it ignored
            signal.signal(number, _end)
    for stream in (sys.stdout, sys.stderr):  # an ASCII terminal must not turn a message into a crash
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        code = _run()
        sys.stdout.flush()
    except BrokenPipeError:  # `kakuyaku clean … | head`: whoever read has enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = EXIT_PIPE
    sys.exit(code)


def _run() -> int:  # noqa: PLR0911 (one return for each way a command can end)
    try:
        # not `app()`, which makes exit code 1 of a closed pipe
        with typer.main.get_command(app).make_context("kakuyaku", sys.argv[1:]) as context:
            context.command.invoke(context)
        return 0
    except typer.Exit as end:
        return end.exit_code
    except Failure as failure:
        report(failure.findings)
        return failure.exit_code
    except Ended as ended:
        print("interrupted", file=sys.stderr)
        return int(ended.args[0])
    except (KeyboardInterrupt, typer.Abort):
        print("interrupted", file=sys.stderr)
        return EXIT_INTERRUPTED
    except BrokenPipeError:
        raise
    except OSError as error:
        environment = environment_failure(error, error.filename or "")
        report(environment.findings)
        return environment.exit_code
    except Exception as error:
        if (show := getattr(error, "show", None)) is not None:  # a usage error; Typer has no public class for it
            message = io.StringIO()
            show(message)
            print(visible(message.getvalue().rstrip()), file=sys.stderr)
            return EXIT_USAGE
        if os.environ.get(DEBUG):
            raise
        report([Finding("BUG001", "kakuyaku", f"{type(error).__name__}: {str(error)[:200]}", fix=BUG_FIX)])
        return EXIT_BUG
