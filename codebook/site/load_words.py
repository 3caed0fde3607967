"""Loads the words of the interface."""

from __future__ import annotations

from pathlib import PurePosixPath

from codebook.cache import Cache, each
from codebook.diagnostics.diagnostic import Diagnostic, Parsed, Rule
from codebook.diagnostics.source import Folder, Span
from codebook.site.words import PATH, Words
from codebook.syntax.decode import decode_file


def load_words(cache: Cache, templates: Folder) -> Parsed[Words | None]:
    """Return the words of a templates folder; None if one of them is missing or invalid."""
    if PATH not in templates.files:
        message = "the words of the interface are missing"
        help_text = f"copy {PATH} from the templates that come with codebook, and translate it"
        span = Span(templates.show(PATH))
        return Parsed(None, (Diagnostic(Rule.TEMPLATE_ERROR, span, message, help=help_text),))
    work = {PATH: (templates.show(PATH), templates.files[PATH])}
    return each(cache, _read_words, work, Parsed[Words | None])[PATH]


def _read_words(path: PurePosixPath, display_path: str, data: bytes) -> Parsed[Words | None]:
    # It needs the parser of TOML, and the words rarely change.
    from codebook.site.parse_words import parse_words  # noqa: PLC0415 - see above

    decoded = decode_file(display_path, path, data)
    for source in decoded.value:
        words = parse_words(source)
        is_valid = not decoded.diagnostics
        diagnostics = (*decoded.diagnostics, *words.diagnostics)
        return Parsed(words.value if is_valid else None, diagnostics)
    return Parsed(None, decoded.diagnostics)
