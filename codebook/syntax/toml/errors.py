"""Why a text is not TOML, in words for those who write it.

The standard library's reader knows where it stopped and what it waited for. What was forgotten is
often somewhere before that: this module looks for it there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

_QUOTES = "\u201c\u201d\u201e\u201f\u00ab\u00bb\u2018\u2019\u201a\u201b\u2039\u203a"
"""Quotes that word processors put in the place of straight ones."""
_CURLY = re.compile(f"[{_QUOTES}](?P<words>[^{_QUOTES}]*)[{_QUOTES}]?")
_OPEN = re.compile(r"""(?>[^"'#]|"(?>\\.|[^"\\])*"|'[^']*')*+(?P<quote>["'])""")
"""A line up to a quote that is not closed in it."""
_SKIPPED = re.compile(r"""(?>"(?>\\.|[^"\\])*"|'[^']*'|#.*)""")
_KEY = re.compile(r"""\s*(?P<key>[\w.-]+(?:\.(?:"[^"]*"|[\w-]+))*|"[^"]*"|'[^']*')\s*=""")
_HEADER = re.compile(r"\s*(?P<key>\[+[^\]]*\]*)")
_SHAPE = 'write `key = value`, words in "quotes", lists in [brackets]'


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, and where: line and column count from 1."""

    line: int
    column: int
    length: int
    message: str
    cure: str
    first: tuple[int, int, int] | None = None
    """The line, column and length of what stood there before, of what stands there twice."""


@dataclass(frozen=True, slots=True)
class _Stop:
    """Where the reader stopped."""

    lines: Sequence[str]
    line: int
    column: int

    @property
    def before(self) -> str:
        """What stands before it in its line."""
        return self.lines[self.line - 1][: self.column - 1]

    @property
    def rest(self) -> str:
        """What stands in its line from there on."""
        return self.lines[self.line - 1][self.column - 1 :]

    def here(self, words: str, message: str, cure: str) -> Fault:
        """A fault of the words that stand here."""
        return Fault(self.line, self.column, max(1, len(words)), message, cure)


def fault(text: str, error: str) -> Fault:
    """What is wrong with a text that the reader refused with these words."""
    found = re.search(r" \(at (?:line (\d+), column (\d+)|end of document)\)$", error)
    lines = text.rstrip("\n").split("\n")
    line, column = len(lines), len(lines[-1]) + 1
    if found and found[1] and int(found[1]) <= len(lines):
        line, column = int(found[1]), int(found[2])
    words = error[: found.start()] if found else error
    stop = _Stop(lines, line, column)
    for beginning, judge in _JUDGES.items():
        if words.startswith(beginning) and (made := judge(stop)):
            return made
    said = f"{words[:1].lower()}{words[1:]}" or "it is nested too deeply"
    return stop.here("", f"this is not TOML: {said}", _SHAPE)


def _value(stop: _Stop) -> Fault | None:
    """Something stands where a value is expected, and is none."""
    rest = stop.rest
    opened = _opened(stop)
    if curly := _CURLY.match(rest):
        cure = f'write straight quotes: "{curly["words"]}"'
        return stop.here(curly[0], f"{rest[0]} is no quote in TOML", cure)
    if not rest.strip() or rest.startswith("#"):
        key = stop.before.rpartition("=")[0].strip()
        cure = 'write one behind the =, words in "quotes"'
        return _unclosed_bracket(stop) or stop.here("", f'"{key}" has no value', cure)
    if rest.startswith(","):
        return stop.here(",", "a value is missing before this comma", "remove the comma")
    bare = re.match(r"[^,\]}#]*" if opened else r"[^#]*", rest)
    words = bare[0].rstrip() if bare else ""
    cure = f'put it in quotes: "{words.strip(chr(34) + chr(39))}"'
    if words.lower() in {"true", "false"}:
        cure = f"write {words.lower()} in small letters"
    return stop.here(words, f"a value is expected here, not {words}", cure) if words else None


def _more(stop: _Stop) -> Fault | None:
    """Something follows a value that is complete."""
    rest = stop.rest.rstrip()
    key, _, value = stop.before.partition("=")
    if stop.before[-1:] in {'"', "'"} and re.match(r"\w", rest):
        quote = stop.before[-1]
        cure = 'write \\" for a quote within "quotes"'
        if quote == "'":
            cure = 'put words with an apostrophe in "quotes"'
        at = _Stop(stop.lines, stop.line, stop.column - 1)
        return at.here(quote, "this quote ends the words, and more of them follow", cure)
    whole = f"{value}{rest}".strip()
    start = len(stop.before) - len(value.lstrip()) + 1
    if rest.startswith(","):
        cure = f"put several values in brackets: {key.strip()} = [{whole}]"
        return Fault(stop.line, start, len(whole), "several values follow one key", cure)
    if re.match(r"[+-]?[0-9]", whole):
        cure = 'write a date like 2026-01-31, a number in digits alone, words in "quotes"'
        message = f"a value is expected here, not {whole}"
        return Fault(stop.line, start, len(whole), message, cure)
    return stop.here(rest, f"a value is complete before {rest}", "put this on a line of its own")


def _unclosed_bracket(stop: _Stop) -> Fault | None:
    """A list or a table in braces goes on where it was to end."""
    opened = _opened(stop)
    if opened is None:
        return None
    line, column, sign = opened
    is_list = sign == "["
    rest = stop.rest.strip()
    begins_anew = line != stop.line and (_KEY.match(stop.rest) or rest.startswith("["))
    if rest and not begins_anew and re.match(r"""["'\w\[{]""", rest):
        word = re.match(r"""(?>"[^"]*"|'[^']*'|[\w.-]+|.)""", rest)
        shown = word[0] if word else rest
        return stop.here(shown, f"a comma is missing before {shown}", "put a comma before it")
    closing = "]" if is_list else "}"
    what = "list" if is_list else "table"
    cure = f"write {closing} behind its last value"
    return Fault(line, column, 1, f"this {what} is never closed", cure)


def _key_part(stop: _Stop) -> Fault | None:
    """A table in braces has no key where one is expected."""
    comma = stop.before.rstrip().removesuffix(",")
    if comma == stop.before.rstrip():
        return None
    place = _Stop(stop.lines, stop.line, len(comma) + 1)
    if stop.rest.startswith("}"):
        return place.here(",", "a comma stands before the } of a table", "remove the comma")
    if not stop.rest.strip() and (opened := _opened(stop)):
        message = "a table in braces ends in the line that it begins in"
        cure = "write it in one line, up to the }"
        return Fault(opened[0], opened[1], 1, message, cure)
    return None


def _equals(stop: _Stop) -> Fault | None:
    """A key is not followed by its sign."""
    key, rest = stop.before.strip(), stop.rest
    if not key:
        return None
    if rest[:1] and not rest.isascii() and not rest[0].isalnum() and rest[0] not in _QUOTES:
        message = f"U+{ord(rest[0]):04X} stands here, which is no plain blank"
        return stop.here(rest[0], message, "write a plain blank in its place")
    signs = re.match(r"[:=\-> ]+", rest)
    words = rest.removeprefix(signs[0]) if signs else rest
    cure = f"write {key} = {words}" if words else f"write {key} = and a value"
    return stop.here(signs[0].strip() if signs else "", f'"{key}" is not followed by =', cure)


def _header(stop: _Stop) -> Fault | None:
    """The brackets around the name of a table do not match."""
    header = stop.lines[stop.line - 1].strip()
    signs = len(header) - len(header.lstrip("["))
    name = header.strip("[] ")
    cure = f"write {'[' * signs}{name}{']' * signs}"
    column = stop.lines[stop.line - 1].index("[") + 1 if signs else stop.column
    closing = "]" * signs
    message = f"this name of a table does not end in {closing}"
    return Fault(stop.line, column, len(header), message, cure)


def _backslash(stop: _Stop) -> Fault:
    sign = stop.before[-2:]
    cure = "write \\\\ for a backslash, or put the words in 'single quotes'"
    message = f'{sign} means nothing in "quotes"'
    return Fault(stop.line, max(1, stop.column - len(sign)), max(1, len(sign)), message, cure)


def _unclosed_quote(stop: _Stop) -> Fault | None:
    """A quote is opened and not closed in its line."""
    for quotes in ('"""', "'''"):
        found = [
            (number, match.start() + 1)
            for number, line in enumerate(stop.lines, start=1)
            for match in re.finditer(quotes, line)
        ]
        if len(found) % 2:
            message = "these three quotes are never closed"
            return Fault(*found[-1], len(quotes), message, f"write {quotes} where the words end")
    for number, line in enumerate(stop.lines[: stop.line], start=1):
        if match := _OPEN.match(line):
            quote, words = match["quote"], line[match.end() :]
            cure = f"write {quote} where the words end"
            if curly := re.search(f"[{_QUOTES}]", words):
                cure = f"write a straight {quote} for {curly[0]}"
            message = "this quote is never closed"
            return Fault(number, match.start("quote") + 1, 1, message, cure)
    return None


def _statement(stop: _Stop) -> Fault | None:
    """A line begins as none can."""
    words = stop.rest.strip()
    cure = "write `key = value`, or begin the line with # if it is a remark"
    if words.startswith("="):
        return stop.here("=", "there is no key before this =", "write one before it")
    return stop.here(words, "this line is not TOML", cure) if words else None


def _twice(stop: _Stop) -> Fault | None:
    """A key or a table stands there a second time."""
    line = stop.lines[stop.line - 1]
    pattern = _HEADER if line.lstrip().startswith("[") else _KEY
    found = pattern.match(line)
    if found is None:
        return None
    first = None
    for number, above in enumerate(stop.lines[: stop.line - 1], start=1):
        match = pattern.match(above)
        if match and match["key"] == found["key"]:
            first = (number, match.start("key") + 1, len(match["key"]))
    key = found["key"].strip("[]\"'")
    column, length = found.start("key") + 1, len(found["key"])
    cure = "remove one of the two, or put the lines below them together"
    if pattern is _KEY:
        cure = "remove one of the two"
    return Fault(stop.line, column, length, f'"{key}" stands here a second time', cure, first)


def _opened(stop: _Stop) -> tuple[int, int, str] | None:
    """The innermost bracket or brace that is open: its line, its column and itself."""
    open_ones: list[tuple[int, int, str]] = []
    for number, line in enumerate(stop.lines[: stop.line], start=1):
        plain = _SKIPPED.sub(lambda match: " " * len(match[0]), line)
        if number == stop.line:
            plain = plain[: stop.column - 1]
        for column, sign in enumerate(plain, start=1):
            if sign in "[{":
                open_ones.append((number, column, sign))
            elif sign in "]}" and open_ones:
                open_ones.pop()
    return open_ones[-1] if open_ones else None


_Judge = Callable[[_Stop], Fault | None]

_JUDGES: Mapping[str, _Judge] = {
    "Invalid value": _value,
    "Expected newline": _more,
    "Unclosed": _unclosed_bracket,
    "Invalid initial character": _key_part,
    "Expected '=' after a key": _equals,
    "Expected ']": _header,
    "Unescaped '\\'": _backslash,
    "Illegal character '\\n'": _unclosed_quote,
    "Unterminated string": _unclosed_quote,
    'Expected "\'"': _unclosed_quote,
    "Invalid statement": _statement,
    "Cannot": _twice,
    "Duplicate": _twice,
}
"""By how the reader's words begin."""
