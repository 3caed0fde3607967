"""`serve` shows the book in a browser while it is being written."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path
from time import monotonic, time

from codebook import io, preview
from codebook.build.options import Options
from codebook.build.pipeline import BuildResult
from codebook.build.rebuild import Rebuild
from codebook.cli.arguments import UsageError, declare_site_arguments, read_options
from codebook.cli.console import SUCCESS, say
from codebook.diagnostics.reports import report, tally
from codebook.diagnostics.source import Span
from codebook.io import display_path
from codebook.preview import editor_links
from codebook.preview.overlay import access_error_item, overlay_item
from codebook.preview.state import PreviewState, changed_files, next_state

_CLIENT = Path(preview.__file__).parent / "client"
_PORT = 8000
_LAST_PORT = 65535
_MILLISECONDS = 1000
"""In a second."""


@dataclass(frozen=True, slots=True)
class _Preview:
    """What a preview needs to build the book."""

    options: Options
    editor: str
    rebuild: Callable[[], Rebuild]
    """Returns the same one each time, which reads the book on the first call."""


def declare_arguments(parser: ArgumentParser) -> None:
    """Let the parser take where to listen, and how sources are opened."""
    declare_site_arguments(parser)
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
        f"(default: $CODEBOOK_EDITOR, then {editor_links.DEFAULT})",
    )


def run(arguments: Namespace) -> int:
    """Build and serve until Ctrl-C, which is how it is meant to end."""
    options = read_options(arguments)
    pattern = arguments.editor or os.environ.get("CODEBOOK_EDITOR") or editor_links.DEFAULT
    if error := editor_links.validation_error(pattern):
        name = "--editor" if arguments.editor else "CODEBOOK_EDITOR"
        raise UsageError(f"{name} cannot be used: {error}")
    client = io.read_folder(_CLIENT, "the client of the preview").files
    # A folder that does not exist is reported before anything is served.
    for folder in (options.content, options.templates):
        io.read_folder(folder, display_path(folder))
    with preview.listen(arguments.host, arguments.port) as listener:
        listening = preview.ListenAddress(arguments.host, listener.getsockname()[1])
        is_taken = arguments.port not in {0, listening.port}
        prefix = f"port {arguments.port} is taken; " if is_taken else ""
        say(f"{prefix}serving at {listening.url}", quiet=options.quiet)
        context = _Preview(options, pattern, cache(lambda: Rebuild(options)))
        # The clock goes on while nothing is served, so no version comes again.
        live_state = preview.LiveState(PreviewState(version=int(time() * _MILLISECONDS), build=0))
        with suppress(KeyboardInterrupt):
            preview.serve(
                listener,
                preview.application(live_state, listening, client),
                live_state,
                (options.content, options.templates),
                lambda changed, before: _build(context, changed, before),
            )
        say("stopped", quiet=options.quiet)
    return SUCCESS


def _build(
    context: _Preview, changed: frozenset[Path], before: PreviewState
) -> tuple[PreviewState, Callable[[], None]]:
    """What is shown after a change, and a function that reports it."""
    started = monotonic()
    options = context.options
    try:
        result = context.rebuild()(changed)
    except io.AccessError as error:
        if before.build == 0:
            raise
        message = partial(say, f"error: {error}", quiet=options.quiet)
        return next_state(before, None, [access_error_item(str(error))]), message
    if options.strict and result.diagnostics:
        result = replace(result, files=None)
    open_at = _opener(context)
    items = [overlay_item(problem, result.sources, open_at) for problem in result.diagnostics]
    after = next_state(before, result.files, items, result.base)
    elapsed = round((monotonic() - started) * _MILLISECONDS)

    def report_result() -> None:
        sys.stdout.write(report(result.diagnostics, result.sources, options.report_format))
        sys.stdout.flush()
        summary = f"{_names(changed)}{_summary(before, after, result)}, in {elapsed} ms"
        say(summary, quiet=options.quiet)

    return after, report_result


def _summary(before: PreviewState, after: PreviewState, result: BuildResult) -> str:
    counts = tally(result.diagnostics)
    if result.files is None:
        return counts + ("; the last good site stays" if after.files else "")
    number = len(changed_files(before, after))
    return f"{number} file{'' if number == 1 else 's'} made anew{counts and '; '}{counts}"


def _names(changed: frozenset[Path]) -> str:
    """What has changed, in a few words; nothing at the start."""
    if not changed:
        return ""
    first, *rest = sorted(display_path(path) for path in changed)
    return f"{first}{f' and {len(rest)} more' if rest else ''} changed: "


def _opener(context: _Preview) -> Callable[[Span], str]:
    """Makes the URL that opens a span of a source in an editor; empty for built pages."""
    folders = {
        display_path(folder): folder
        for folder in (context.options.content, context.options.templates)
    }

    def open_at(span: Span) -> str:
        for name, folder in folders.items():
            if span.path.startswith(f"{name}/"):
                path = folder.resolve() / span.path.removeprefix(f"{name}/")
                return editor_links.editor_url(context.editor, path, span.line, span.column)
        return ""

    return open_at


def _port(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or int(text) > _LAST_PORT:
        raise ArgumentTypeError(f"a port is a number from 0 to {_LAST_PORT}")
    return int(text)
