"""`serve` shows the book in a browser while it is being written."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from time import monotonic, time

from codebook import io, preview
from codebook.build.options import Options
from codebook.build.pipeline import BuildResult
from codebook.build.rebuild import Rebuild
from codebook.cli.arguments import Refuse, options
from codebook.diagnostics.reports import report, tally
from codebook.diagnostics.source import Span
from codebook.io import display_path
from codebook.preview import editor
from codebook.preview.overlay import access_error_item, overlay_item
from codebook.preview.ports import listen
from codebook.preview.showing import PreviewState, changed_files, next_state

_CLIENT = Path(preview.__file__).parent / "client"
_PORT = 8000
_LAST_PORT = 65535
_DONE = 0
_PER_SECOND = 1000
"""Milliseconds."""


@dataclass(frozen=True, slots=True)
class _Preview:
    """What the parts of the preview are told."""

    told: Options
    editor: str
    rebuild: Callable[[], Rebuild]
    """The same one each time, which reads the book when it is first asked for."""


def declare(parser: argparse.ArgumentParser) -> None:
    """Let the parser take where to listen, and how places are opened."""
    parser.add_argument(
        "--port",
        type=_port,
        default=_PORT,
        help=f"the port to listen at, or the next one that is free (default: {_PORT})",
    )
    parser.add_argument(
        "--host",
        default=preview.LOOPBACK,
        help="the address to listen at (default: this machine alone); whoever can reach it can "
        "read the book",
    )
    parser.add_argument(
        "--editor",
        metavar="PATTERN",
        help="the address that opens a place in an editor, with {path}, {line} and {column} "
        f"(default: $CODEBOOK_EDITOR, then {editor.DEFAULT})",
    )


def serve(given: argparse.Namespace, refuse: Refuse) -> int:
    """Build and serve until Ctrl-C, which is how it is meant to end."""
    told = options(given, refuse)
    pattern = given.editor or os.environ.get("CODEBOOK_EDITOR") or editor.DEFAULT
    if why := editor.validation_error(pattern):
        refuse(f"{'--editor' if given.editor else 'CODEBOOK_EDITOR'} cannot be used: {why}")
    client = io.read_folder(_CLIENT, "the client of the preview").files
    # A folder that is not there is to be said before anything is served.
    for folder in (told.content, told.templates):
        io.read_folder(folder, display_path(folder))
    with listen(given.host, given.port) as listener:
        listening = preview.Listening(given.host, listener.getsockname()[1])
        taken = given.port not in {0, listening.port}
        where = f"port {given.port} is taken; " if taken else ""
        _say(told, f"{where}serving at {listening.url}")
        parts = _Preview(told, pattern, cache(lambda: Rebuild(told)))
        # The clock goes on while nothing is served, so no version comes again.
        stage = preview.Stage(PreviewState(version=int(time() * _PER_SECOND), build=0))
        with suppress(KeyboardInterrupt):
            preview.serve(
                listener,
                preview.application(stage, listening, client),
                stage,
                (told.content, told.templates),
                lambda changed, before: _build(parts, changed, before),
            )
        _say(told, "stopped")
    return _DONE


def _build(
    parts: _Preview, changed: frozenset[Path], before: PreviewState
) -> tuple[PreviewState, Callable[[], None]]:
    """What is shown after a change, and what says so."""
    started = monotonic()
    told = parts.told
    try:
        outcome = _strictly(told, parts.rebuild()(changed))
    except io.AccessError as error:
        if before.build == 0:
            raise
        words = f"error: {error}"
        return next_state(before, None, [access_error_item(str(error))]), lambda: _say(told, words)
    faults = [overlay_item(each, outcome.sources, _opener(parts)) for each in outcome.diagnostics]
    after = next_state(before, outcome.files, faults, outcome.base)
    took = round((monotonic() - started) * _PER_SECOND)

    def say() -> None:
        sys.stdout.write(report(outcome.diagnostics, outcome.sources, told.style))
        sys.stdout.flush()
        _say(told, f"{_names(changed)}{_result(before, after, outcome)}, in {took} ms")

    return after, say


def _strictly(told: Options, outcome: BuildResult) -> BuildResult:
    return replace(outcome, files=None) if told.strict and outcome.diagnostics else outcome


def _result(before: PreviewState, after: PreviewState, outcome: BuildResult) -> str:
    found = tally(outcome.diagnostics)
    if outcome.files is None:
        return found + ("; the last good site stays" if after.files else "")
    count = len(changed_files(before, after))
    return f"{count} file{'' if count == 1 else 's'} made anew{found and '; '}{found}"


def _names(changed: frozenset[Path]) -> str:
    """What has changed, in a few words; nothing at the start."""
    if not changed:
        return ""
    first, *rest = sorted(display_path(path) for path in changed)
    return f"{first}{f' and {len(rest)} more' if rest else ''} changed: "


def _opener(parts: _Preview) -> Callable[[Span], str]:
    """The address that opens an editor at a place of a source, and nothing for built pages."""
    folders = {
        display_path(folder): folder for folder in (parts.told.content, parts.told.templates)
    }

    def open_at(span: Span) -> str:
        for name, folder in folders.items():
            if span.path.startswith(f"{name}/"):
                path = folder.resolve() / span.path.removeprefix(f"{name}/")
                return editor.link(parts.editor, path, span.line, span.column)
        return ""

    return open_at


def _port(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or int(text) > _LAST_PORT:
        raise argparse.ArgumentTypeError(f"a port is a number from 0 to {_LAST_PORT}")
    return int(text)


def _say(told: Options, words: str) -> None:
    if not told.quiet:
        print(words, file=sys.stderr, flush=True)
