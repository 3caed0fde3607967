"""The command: which one is meant, and how it ends."""

from __future__ import annotations

import os
import signal
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Protocol

from codebook import io
from codebook.cli import build, check, explain, new, schemas, serve
from codebook.cli.arguments import DEFAULTS, UsageError, declare_site_arguments
from codebook.cli.console import FAILURE
from codebook.cli.paths import PROGRAM


class _Command(Protocol):
    """The module of a command."""

    def declare_arguments(self, parser: ArgumentParser, /) -> None: ...

    def run(self, arguments: Namespace, /) -> int: ...


_COMMANDS: Mapping[str, tuple[_Command, str]] = {
    "build": (build, "write the site (what is done by default)"),
    "check": (check, "find what is wrong, and write nothing"),
    "serve": (serve, "show the book while it is being written"),
    "explain": (explain, "tell what a rule means, with examples"),
    "new": (new, "begin an article, a guide or a table"),
    "schemas": (schemas, "tell editors what heads and settings may hold"),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code.

    0 done, 1 problems in the content, 2 wrong usage or a file that cannot be read or written,
    130 and 143 where Ctrl-C or SIGTERM ended it.
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
    except io.AccessError as error:
        print(f"error: {error}", file=sys.stderr)
        return FAILURE
    except BrokenPipeError:
        # The reader of the output has seen enough; Python must not complain once more at exit.
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
        epilog="exit status: 0 done, 1 problems in the content, 2 wrong usage or a file that "
        "cannot be read or written",
    )
    declare_site_arguments(parser)
    parser.set_defaults(**DEFAULTS)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    for name, (command, summary) in _COMMANDS.items():
        command.declare_arguments(
            commands.add_parser(name, help=summary, description=f"{summary}.")
        )
    return parser


class _Terminated(BaseException):
    """SIGTERM arrived. Like Ctrl-C it is no error, and no handler may take it for one."""


@contextmanager
def _stopped_by_sigterm() -> Iterator[None]:
    """Let SIGTERM unwind the stack as Ctrl-C does, so that locks are freed."""

    def stop(*_: object) -> None:
        raise _Terminated

    previous = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, previous)
