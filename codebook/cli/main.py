"""The command: which one is meant, and how it ends."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from codebook import io
from codebook.cli import arguments as common
from codebook.cli import build, check, explain, new, schemas, serve
from codebook.cli.arguments import Refuse
from codebook.cli.paths import PROGRAM

_TROUBLE = 2


@dataclass(frozen=True, slots=True)
class _Command:
    about: str
    run: Callable[[argparse.Namespace, Refuse], int]
    declare: Callable[[argparse.ArgumentParser], None] = lambda _: None
    """Lets the parser take what is this command's alone."""
    makes_site: bool = True
    """Whether it takes what `arguments` declares."""


_COMMANDS: Mapping[str, _Command] = {
    "build": _Command("write the site (what is done by default)", build.build),
    "check": _Command("find what is wrong, and write nothing", check.check, check.declare),
    "serve": _Command("show the book while it is being written", serve.serve, serve.declare),
    "explain": _Command(
        "tell what a rule means, with examples",
        explain.explain,
        explain.declare,
        makes_site=False,
    ),
    "new": _Command("begin an article, a guide or a table", new.new, new.declare, makes_site=False),
    "schemas": _Command(
        "tell editors what heads and settings may hold",
        schemas.schemas,
        schemas.declare,
        makes_site=False,
    ),
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
            given = parser.parse_args(arguments)
            command = _COMMANDS[given.command or "build"]
            return command.run(given, parser.error)
    except io.AccessError as trouble:
        print(f"error: {trouble}", file=sys.stderr)
        return _TROUBLE
    except BrokenPipeError:
        # Whoever read the output has seen enough; Python must not complain once more at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _TROUBLE
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        return 128 + signal.SIGINT
    except _Terminated:
        print("stopped", file=sys.stderr)
        return 128 + signal.SIGTERM


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=PROGRAM,
        description="Turn a book of codes, written in Markdown, into a static site.",
        epilog="exit status: 0 done, 1 problems in the content, 2 wrong usage or a file that "
        "cannot be read or written",
    )
    common.declare(parser)
    named = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    for name, command in _COMMANDS.items():
        own = named.add_parser(name, help=command.about, description=f"{command.about}.")
        if command.makes_site:
            common.declare(own, again=True)
        command.declare(own)
    return parser


class _Terminated(BaseException):
    """SIGTERM arrived. Like Ctrl-C it is no error, and nobody may take it for one."""


@contextmanager
def _stopped_by_sigterm() -> Iterator[None]:
    """Let SIGTERM unwind the stack as Ctrl-C does, so that locks are freed."""

    def stop(*_: object) -> None:
        raise _Terminated

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
