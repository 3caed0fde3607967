"""The `serve` command, which previews the book in a browser while you edit it."""

from __future__ import annotations

import gc
import os
import sys
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import cache, partial
from pathlib import Path
from time import monotonic, time

from msgspec import Struct
from msgspec.structs import replace

from codebook import preview
from codebook.build.options import Options
from codebook.build.rebuild import Rebuild
from codebook.cache import Cache
from codebook.cli.arguments import UsageError, declare_site_arguments, read_options
from codebook.cli.console import SUCCESS, say
from codebook.cli.content import read_content
from codebook.cli.paths import FOLDERS
from codebook.diagnostics.causes import Group, ungrouped
from codebook.diagnostics.reports import report, tally
from codebook.diagnostics.source import Span
from codebook.io.disk import AccessError, MissingFolderError, NotAFolderError, display_path
from codebook.io.sources import read_folder
from codebook.preview import editor_links
from codebook.preview.overlay import access_error_item, overlay_item
from codebook.preview.state import PreviewState, changed_files, next_state
from codebook.site.load_words import load_words
from codebook.site.words import Words, keys

_CLIENT = Path(preview.__file__).parent / "client"
_PORT = 8000
_LAST_PORT = 65535
_MILLISECONDS = 1000
"""Per second."""


class _Preview(Struct, frozen=True):
    """The options of a preview, and how it builds the book."""

    options: Options
    editor: str
    rebuild: Callable[[], Rebuild]
    """Returns the same instance on every call; the first call reads the book."""


def declare_arguments(parser: ArgumentParser) -> None:
    """Add where to listen and how to open source files."""
    declare_site_arguments(parser)
    parser.add_argument(
        "--port",
        type=_port,
        default=_PORT,
        help=f"the port to listen on, or the next free port if it is in use (default: {_PORT})",
    )
    parser.add_argument(
        "--host",
        default=preview.LOOPBACK,
        help="the IP address or host name to listen on (default: %(default)s, this machine only); "
        "anyone who can reach it can read the book",
    )
    parser.add_argument(
        "--allow-host",
        type=_host,
        action="append",
        default=[],
        metavar="NAME",
        help="a host name, or NAME:PORT, under which browsers reach the preview through a proxy or "
        "in a codespace; can be repeated (localhost and the IP addresses that it listens on are "
        "always allowed)",
    )
    parser.add_argument(
        "--editor",
        metavar="PATTERN",
        help="the URL that opens a file in your editor, with {path}, {line}, and {column} "
        f"(default: $CODEBOOK_EDITOR, then {editor_links.DEFAULT})",
    )


def run(arguments: Namespace) -> int:
    """Build and serve until Ctrl-C, which isn't an error."""
    gc.enable()
    options = read_options(arguments)
    pattern = arguments.editor or os.environ.get("CODEBOOK_EDITOR") or editor_links.DEFAULT
    if error := editor_links.validation_error(pattern):
        name = "--editor" if arguments.editor else "CODEBOOK_EDITOR"
        raise UsageError(f"invalid {name}: {error}")
    client = read_folder(_CLIENT, display_path(_CLIENT)).files
    # Report a missing folder before serving.
    read_content(options.content)
    read_folder(options.templates, display_path(options.templates))
    with preview.listen(arguments.host, arguments.port) as listener:
        listening = preview.listen_address(listener, arguments.host, arguments.allow_host)
        is_in_use = arguments.port not in {0, listening.port}
        prefix = f"port {arguments.port} is in use; " if is_in_use else ""
        say(f"{prefix}serving at {', '.join(listening.urls)}", quiet=options.quiet)
        context = _Preview(options, pattern, cache(lambda: Rebuild(options)))
        # Starting from the clock, so that a restart never reuses a version.
        version = int(time() * _MILLISECONDS)
        live_state = preview.LiveState(PreviewState(version, build=0, words=_own_words()))
        with suppress(KeyboardInterrupt):
            preview.serve(
                listener,
                preview.application(live_state, listening, client),
                live_state,
                preview.Sources(
                    (options.content, options.templates),
                    partial(_build, context),
                    lambda text: say(f"warning: {text}", quiet=options.quiet),
                ),
            )
        say("stopped", quiet=options.quiet)
    return SUCCESS


def _own_words() -> Words:
    """Return the words of the program's own templates, for an overlay before the first build."""
    try:
        templates = read_folder(FOLDERS["templates"], "templates")
    except AccessError:
        return keys()
    return load_words(Cache(), templates).value or keys()


def _build(context: _Preview, changed: frozenset[Path], before: PreviewState) -> preview.Built:
    """Build the next state, which a second build with the same file system error doesn't change."""
    started = monotonic()
    options = context.options
    try:
        result = context.rebuild()(changed)
    except AccessError as error:
        if before.build == 0:
            raise
        # A folder that is back is a change. Until then it may be incomplete, so don't read it.
        is_final = isinstance(error, MissingFolderError | NotAFolderError)
        after = next_state(before, None, [access_error_item(str(error))])
        if after.items == before.items:
            return preview.Built(before, lambda: None, is_final=is_final)
        message = partial(say, f"error: {error}", quiet=options.quiet)
        return preview.Built(after, message, is_final=is_final)
    if options.strict and result.diagnostics:
        result = replace(result, files=None)
    open_at = _editor_opener(context)
    groups = result.groups
    shown = ungrouped(groups) if options.shows_all else groups
    items = [overlay_item(group, result.sources, open_at) for group in shown]
    after = next_state(before, result.files, items, result.base, result.words)
    elapsed = round((monotonic() - started) * _MILLISECONDS)

    def report_result() -> None:
        sys.stdout.write(report(shown, result.sources, options.report_format))
        sys.stdout.flush()
        summary = f"{_change_prefix(changed)}{_summary(before, after, groups)}, in {elapsed} ms"
        say(summary, quiet=options.quiet)

    return preview.Built(after, report_result)


def _summary(before: PreviewState, after: PreviewState, groups: Sequence[Group]) -> str:
    counts = tally(groups)
    if not after.is_good:
        return counts + ("; still showing the last good build" if after.files else "")
    number = len(changed_files(before, after))
    return f"{number} file{'' if number == 1 else 's'} updated{counts and '; '}{counts}"


def _change_prefix(changed: frozenset[Path]) -> str:
    """The names of the changed files as a prefix; empty for the first build."""
    if not changed:
        return ""
    first, *rest = sorted(display_path(path) for path in changed)
    return f"{first}{f' and {len(rest)} more' if rest else ''} changed: "


def _editor_opener(context: _Preview) -> Callable[[Span], str]:
    """A function that returns the editor URL of a span in a source; empty for built pages."""
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


def _host(text: str) -> preview.Host:
    host = preview.parse_host(text)
    if not host:
        raise ArgumentTypeError(
            f"invalid host: {text!r} (use a name such as book.example or book.example:8000)"
        )
    return host


def _port(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or int(text) > _LAST_PORT:
        raise ArgumentTypeError(f"invalid port: {text!r} (use a number from 0 to {_LAST_PORT})")
    return int(text)
