"""The entry point: parses the arguments, runs the command, and handles its errors."""

from __future__ import annotations

import os
import signal
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Protocol

from codebook import __version__
from codebook.authoring.new import RefusalError
from codebook.cli import build, check, clean, explain, init, new, schemas, serve
from codebook.cli.arguments import DEFAULTS, UsageError, declare_site_arguments
from codebook.cli.console import FAILURE
from codebook.cli.paths import PROGRAM
from codebook.io.disk import AccessError


class _Command(Protocol):
    """The module of a command."""

    def declare_arguments(self, parser: ArgumentParser, /) -> None: ...

    def run(self, arguments: Namespace, /) -> int: ...


_COMMANDS: Mapping[str, tuple[_Command, str]] = {
    "build": (build, "build the site (default)"),
    "check": (check, "report errors and warnings without writing the site"),
    "serve": (serve, "preview the book while you edit it"),
    "explain": (explain, "explain a rule, with examples"),
    "init": (init, "start a new book with a few example codes"),
    "new": (new, "create an article, a guide, or a table"),
    "clean": (clean, "remove the files that builds wrote"),
    "schemas": (schemas, "write JSON Schemas for editors"),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code.

    0 is success; 1, errors in the content; 2, invalid usage, or a file that can't be read or
    written; 130 and 143, a run stopped by Ctrl-C or SIGTERM.
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        with _stopped_by_sigterm():
            parser = _parser()
            parsed = parser.parse_args(arguments)
            command, _ = _COMMANDS[parsed.command or "build"]
            try:
                return command.run(parsed)
            except UsageError as error:
                parser.error(str(error))
    except RefusalError as refusal:
        print(refusal, file=sys.stderr)
        return FAILURE
    except AccessError as error:
        print(f"error: {error}", file=sys.stderr)
        return FAILURE
    except BrokenPipeError:
        # The reader closed the pipe early, as `head` does. Without this, Python would print another
        # error when it flushes stdout at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILURE
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        return 128 + signal.SIGINT
    except _Terminated:
        print("stopped", file=sys.stderr)
        return 128 + signal.SIGTERM


def _parser() -> ArgumentParser:
    parser = ArgumentParser(
        prog=PROGRAM,
        description="Turn a book of codes, written in Markdown, into a static site.",
        epilog="exit status: 0 (success), 1 (errors in the content), 2 (invalid usage, or a file "
        "that can't be read or written)",
    )
    parser.add_argument("--version", action="version", version=f"codebook {__version__}")
    declare_site_arguments(parser)
    parser.set_defaults(**DEFAULTS)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    for name, (command, summary) in _COMMANDS.items():
        command.declare_arguments(
            commands.add_parser(
                name, help=summary, description=f"{summary[:1].upper()}{summary[1:]}."
            )
        )
    return parser


class _Terminated(BaseException):
    """SIGTERM arrived. `except Exception` must not catch it, because it isn't an error."""


@contextmanager
def _stopped_by_sigterm() -> Iterator[None]:
    """Make SIGTERM unwind the stack as Ctrl-C does, so that locks are released."""

    def stop(*_: object) -> None:
        raise _Terminated

    previous = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, previous)
