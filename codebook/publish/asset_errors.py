"""Reports errors in scripts and style sheets that browsers would ignore in silence."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from codebook.cache import Cache, each
from codebook.diagnostics.diagnostic import Diagnostic, Rule
from codebook.diagnostics.source import Folder, Source, Span
from codebook.publish.assets import FOLDER, asset_files
from codebook.publish.imports import all_imports, imports
from codebook.syntax.decode import decode_file

_CLOSING: Mapping[str, str] = {"(": ")", "[": "]", "{": "}"}
_TOKEN = re.compile(
    r"/\*(?:.*?\*/|(?P<comment>.*))"
    r"""|(?P<quote>["'])(?:\\.|(?!(?P=quote))[^\\\n])*(?:(?P=quote)|(?P<string>))"""
    r"""|\burl\(\s*[^"'()\s]+\s*\)|\\."""
    r"|(?P<open>[(\[{])|(?P<close>[)\]}])",
    re.DOTALL,
)
"""Brackets, and the tokens that can contain them: CSS Syntax Module Level 3, Section 4."""


def asset_errors(cache: Cache, templates: Folder) -> tuple[Diagnostic, ...]:
    """Report assets that load themselves or a missing file, and incomplete style sheets.

    Scripts aren't parsed; browsers report their errors.
    """
    work = {FOLDER: (templates.display_path, asset_files(templates))}
    return each(cache, _asset_errors, work, tuple[Diagnostic, ...])[FOLDER]


def _asset_errors(
    _folder: PurePosixPath, display_path: str, files: Mapping[PurePosixPath, bytes]
) -> tuple[Diagnostic, ...]:
    return tuple(_errors(Folder(display_path, {}), files))


def _errors(templates: Folder, files: Mapping[PurePosixPath, bytes]) -> Iterator[Diagnostic]:
    for path, data in files.items():
        file = FOLDER / path
        if path in all_imports(path, files):
            yield Diagnostic(
                Rule.TEMPLATE_ERROR,
                Span(templates.show(file)),
                "the asset imports itself, directly or through other assets",
                help="move the code that both files need to a third file",
            )
        missing = [it for it in imports(path, data) if it.is_certain and it.path not in files]
        if missing or path.suffix == ".css":
            for source in decode_file(templates.show(file), file, data).value:
                for it in missing:
                    yield _missing(data.decode()[it.start : it.end], source)
                yield from _incomplete(source) if path.suffix == ".css" else ()


def _missing(written: str, source: Source) -> Diagnostic:
    return Diagnostic(
        Rule.TEMPLATE_ERROR,
        source.find(written, 1, len(source.lines)),
        f'the templates have no asset "{written}"',
        help="correct the path, which is relative to this file, or add the file to the assets",
    )


def _incomplete(source: Source) -> Iterator[Diagnostic]:
    """Report the first comment, string, or bracket without its end, or an end without a start."""
    opened: list[re.Match[str]] = []
    for match in _TOKEN.finditer(source.text):
        if match["comment"] is not None:
            yield _unclosed(match, "comment", "*/", source)
            return
        if match["string"] is not None:
            yield _unclosed(match, "string", match["quote"], source)
            return
        if match["open"]:
            opened.append(match)
        elif match["close"]:
            if not opened or _CLOSING[opened[-1]["open"]] != match["close"]:
                help_text = "remove it, or add the bracket that it closes"
                yield _error(match.start(), f'"{match[0]}" closes nothing', help_text, source)
                return
            opened.pop()
    if opened:
        bracket = opened[-1]
        yield _unclosed(bracket, "bracket", _CLOSING[bracket[0]], source)


def _unclosed(match: re.Match[str], kind: str, end: str, source: Source) -> Diagnostic:
    help_text = f"add {end} at its end"
    return _error(match.start(), f"this {kind} is never closed", help_text, source)


def _error(offset: int, message: str, help_text: str, source: Source) -> Diagnostic:
    line = source.text.count("\n", 0, offset) + 1
    column = offset - source.text.rfind("\n", 0, offset)
    return Diagnostic(Rule.TEMPLATE_ERROR, source.at(line, column), message, help=help_text)
