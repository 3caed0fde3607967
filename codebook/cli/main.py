"""The entry point: parses the arguments, runs the command, and handles its errors."""

from __future__ import annotations

import os
import signal
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib import import_module
from typing import Protocol

from codebook import __version__
from codebook.authoring.refusal import RefusalError
from codebook.cli import startup  # noqa: F401 - must come before msgspec is imported
from codebook.cli.arguments import DEFAULTS, UsageError, declare_site_arguments
from codebook.cli.console import FAILURE
from codebook.cli.paths import PROGRAM
from codebook.io.disk import AccessError


class _Command(Protocol):
    """The module of a command."""

    def declare_arguments(self, parser: ArgumentParser, /) -> None: ...

    def run(self, arguments: Namespace, /) -> int: ...


_COMMANDS: Mapping[str, str] = {
    "build": "build the site (default)",
    "check": "report errors and warnings without writing the site",
    "serve": "preview the book while you edit it",
    "explain": "explain a rule, with examples",
    "init": "start a new book with a few example codes",
    "new": "create an article, a guide, or a table",
    "clean": "remove the files that builds wrote",
    "schemas": "write JSON Schemas for editors",
}
_DEFAULT = "build"


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
            arguments = sys.argv[1:] if arguments is None else arguments
            parser = _parser(arguments)
            parsed = parser.parse_args(arguments)
            command = _command(parsed.command or _DEFAULT)
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


def _command(name: str) -> _Command:
    """The module of a command. It's imported when it's needed, because that takes a while."""
    module: _Command = import_module(f"codebook.cli.{name}")
    return module


def _parser(arguments: Sequence[str]) -> ArgumentParser:
    """The parser, with all arguments of those commands that these can select."""
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
    for name, summary in _COMMANDS.items():
        description = f"{summary[:1].upper()}{summary[1:]}."
        command = commands.add_parser(name, help=summary, description=description)
        if name in arguments:
            _command(name).declare_arguments(command)
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
