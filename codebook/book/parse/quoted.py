"""Read Markdown in TOML strings."""

from __future__ import annotations

from codebook.diagnostics.diagnostic import Parsed
from codebook.diagnostics.source import Source
from codebook.syntax import markdown, toml


def read_quoted(
    text: str, quoting: toml.TomlText, path: toml.KeyPath
) -> Parsed[markdown.Document | None]:
    """Read the Markdown in the value of a key; None if it can't be read.

    Line numbers are exact if the text is a multi-line string without escapes; otherwise, locations
    are searched in the lines of the whole statement.
    """
    first, last = quoting.lines(path)
    source = quoting.source
    padded = "\n" * (first - 1) + text
    quoted = Source(source.path, source.display_path, padded, source.lines)
    return markdown.read(quoted, within=(first, last))
