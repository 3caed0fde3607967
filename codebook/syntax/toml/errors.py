"""Syntax errors in TOML, explained for authors.

The parser of the standard library reports where it stopped, but the cause is often before that
position. This module uses only the text and the position, because the parser's messages differ
between versions of Python. If the cause isn't clear, the message is general rather than wrong.
"""

from __future__ import annotations

import re
import tomllib

from msgspec import Struct

from codebook.diagnostics.diagnostic import Diagnostic, Rule
from codebook.diagnostics.source import Source

_HELP = 'write `key = value`, with strings in "quotes" and lists in [brackets]'
"""The help where the text doesn't show the cause."""

_DOUBLE, _SINGLE = "\u201c\u201d\u201e\u201f\u00ab\u00bb", "\u2018\u2019\u201a\u201b\u2039\u203a"
"""The curly quotes that word processors insert."""
_CURLY_END = rf"[{_DOUBLE}{_SINGLE}](?=\s*(?:[,\]}}#]|$))"
_CURLY = re.compile(
    rf"""(?:[{_DOUBLE}]([^{_DOUBLE}"\\]*)|[{_SINGLE}]([^{_SINGLE}"\\]*))(?:$|{_CURLY_END})"""
)
_SYMBOL = re.compile(
    r"""\"{3}(?:\\[\s\S]|[^\\])*?\"{3,5}|'{3}[\s\S]*?'{3,5}"""
    r"""|"(?!"")(?:\\.|[^"\\\n])*"|'(?!'')[^'\n]*'|(?P<unclosed>"(?:"")?|'(?:'')?)"""
    r"""|\#.*|[\[\]{}=,\n]|[^\s"'#\[\]{}=,]+"""
)
_KEY = re.compile(r"""\s*(?P<text>(?:[\w.-]|"[^"\n]*"|'[^'\n]*')+)[ \t]*=""")
_VALUE = re.compile(r"""(?P<text>"[^"]*"|'[^']*'|[\w.+:-]+|[\[{])""")
_WITH_ZEROS = re.compile(
    r"(?<![\w.:+-])(?P<sign>[+-]?)0[0_]*(?P<rest>[0-9][0-9_]*(?:\.[0-9]+)?)"
    r"(?=\s*(?:[,\]}#]|$))",
    re.MULTILINE,
)
"""A value that is a number with zeros at its start, not a date or the start of a string."""
_OPENS_HEADER = re.compile(r"[ \t]*\[")
_HEADER = re.compile(r"""\s*\[+(?:[\w. -]|"[^"\n]*"|'[^'\n]*')+\]+\s*(?:#.*)?$""")

_Cause = tuple[int, int, str, str]
"""The offset and length of the error, the message, and the help."""


class _ErrorContext(Struct, frozen=True):
    """The position where the parser stopped, and its context; positions are offsets in the text."""

    text: str
    offset: int
    statement: int = 0
    """The start of the statement."""
    start: int = 0
    """The start of the key or value: after the `=`, or in a list after the comma."""
    key: str = ""
    """The key whose value starts at `start`, if any."""
    previous: str = ""
    """The last symbol of the statement before the offset."""
    brackets: tuple[int, ...] = ()
    """The brackets that are open."""
    quote: int = -1
    """The quote that is open, or -1."""

    @property
    def rest(self) -> str:
        """The rest of the line."""
        return self.text[self.offset :].partition("\n")[0].rstrip()

    @property
    def bracket(self) -> str:
        """The innermost bracket that is open."""
        return self.text[self.brackets[-1]] if self.brackets else ""

    def piece(self, start: int) -> str:
        """Return the text from an offset to the end of the value or line."""
        ends = {"": "#", "[": r"[,\]#]", "{": r"""[}#]|,\s*[\w."'-]+\s*="""}
        pattern = rf"""(?:"[^"\n]*"|'[^'\n]*'|(?!{ends[self.bracket]}).)*"""
        match = re.compile(pattern).match(self.text, start)
        return match[0].rstrip() if match else ""


def stop_offset(error: Exception, text: str) -> int:
    """Return where the parser stopped, or the end of the text if it doesn't report a position."""
    offset = int(getattr(error, "pos", len(text)))
    if match := re.search(r"\(at line (\d+), column (\d+)\)$", str(error)):
        above = text.split("\n")[: int(match[1]) - 1]
        offset = sum(len(line) + 1 for line in above) + int(match[2]) - 1
    return min(offset, len(text.rstrip("\n")))


def syntax_error(source: Source, first: int, text: str, offset: int) -> Diagnostic:
    """Return the diagnostic for a text at line `first` of `source`, where the parser stopped."""
    context = _error_context(text, offset)
    cause = _find_cause(context) or (offset, len(context.rest), "invalid TOML", _HELP)
    start, length, message, help_text = cause
    above = text[:start].split("\n")
    span = source.at(first + len(above) - 1, len(above[-1]) + 1, length)
    return Diagnostic(Rule.INVALID_TOML, span, message, help=help_text)


def _error_context(text: str, offset: int) -> _ErrorContext:
    """Scan the symbols up to the offset, which the parser has accepted."""
    statement = start = 0
    key = previous = ""
    opened: list[tuple[int, int, str]] = []
    quote = -1
    for match in _SYMBOL.finditer(text, 0, offset):
        symbol, end = match[0], match.end()
        if match["unclosed"]:
            quote = match.start()
            break
        if symbol == "\n" and not opened:
            statement, start, key, previous = end, end, "", ""
        if symbol == "\n" or symbol.startswith("#"):
            continue
        if symbol in {"[", "{"} and not _OPENS_HEADER.match(text, statement):
            opened.append((match.start(), start, key))
            start, key = end, ""
        elif symbol in {"]", "}"} and opened:
            _, start, key = opened.pop()
        elif symbol in {"=", ","}:
            start, key = end, text[start : match.start()].strip() if symbol == "=" else ""
        previous = symbol
    brackets = tuple(bracket for bracket, _, _ in opened)
    return _ErrorContext(text, offset, statement, start, key, previous, brackets, quote)


def _is_toml(text: str) -> bool:
    try:
        tomllib.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _find_cause(context: _ErrorContext) -> _Cause | None:
    """Return the cause of the error, if the text shows it."""
    character = context.rest[:1]
    if context.quote >= 0:
        return _in_quotes(context)
    if character.isspace() and not character.isascii():
        message = f"U+{ord(character):04X} is not a plain space"
        return context.offset, 1, message, "replace it with a plain space"
    if _OPENS_HEADER.match(context.text, context.statement):
        return _in_header(context)
    if cause := _leading_zeros(context) or _unclosed_bracket(context):
        return cause
    if context.previous == "=" or (context.bracket == "[" and context.previous in {"[", ","}):
        return _before_value(context)
    return _after_value(context) if context.key or context.bracket == "[" else _after_key(context)


def _in_quotes(context: _ErrorContext) -> _Cause | None:
    """An unclosed quote, or an invalid escape sequence."""
    match = _SYMBOL.match(context.text, context.quote)
    if match and match["unclosed"]:
        return _unclosed_quote(context, context.quote, match[0])
    escape = context.text[context.offset - 2 : context.offset]
    if context.text[context.quote] != '"' or not re.fullmatch(r"\\[^btnfreuUx\"\\\s]", escape):
        return None
    help_text = "write \\\\ for a backslash, or put the string in 'single quotes'"
    return context.offset - 2, 2, f"{escape} is not a valid escape sequence", help_text


def _unclosed_quote(context: _ErrorContext, start: int, quote: str) -> _Cause:
    message, help_text = "this quote is never closed", f"add {quote} at the end of the string"
    if len(quote) > 1:
        message = "these three quotes are never closed"
    elif curly := re.search(_CURLY_END, context.text[start:].partition("\n")[0]):
        help_text = f"replace {curly[0]} with a straight {quote}"
    return start, len(quote), message, help_text


def _in_header(context: _ErrorContext) -> _Cause | None:
    """A table header with brackets that don't match."""
    line = context.text[context.statement :].partition("\n")[0]
    header = line.partition("#")[0].strip()
    closing = "]" * (len(header) - len(header.lstrip("[")))
    fixed = f"{'[' * len(closing)}{header.strip('[] ')}{closing}"
    if header.endswith(closing) or not _is_toml(fixed):
        return None
    message = f"this table header does not end with {closing}"
    return context.statement + line.index("["), len(header), message, f"write {fixed}"


def _leading_zeros(context: _ErrorContext) -> _Cause | None:
    """A number that begins with zeros: the parser accepts only the first of them."""
    before = re.search(r"[+-]?0$", context.text[: context.offset])
    match = _WITH_ZEROS.match(context.text, before.start()) if before else None
    if match is None:
        return None
    number = match[0]
    help_text = f'write {match["sign"]}{match["rest"]}; for a string, write "{number}"'
    return match.start(), len(number), f"a number cannot have leading zeros: {number}", help_text


def _unclosed_bracket(context: _ErrorContext) -> _Cause | None:
    """The end of the text or a new statement inside a list or an inline table."""
    begin = context.text.rfind("\n", 0, context.offset) + 1
    line = context.text[begin:].partition("\n")[0]
    brackets = [bracket for bracket in context.brackets if bracket < begin]
    if not (brackets and (_KEY.match(line) or _HEADER.match(line))):
        begin, brackets = (
            context.offset,
            list(context.brackets) if context.rest[:1] in {"", "#"} else [],
        )
    if not brackets:
        return None
    bracket = context.text[brackets[-1]]
    closing, what = ("]", "list") if bracket == "[" else ("}", "table")
    after = [match[0] for match in _SYMBOL.finditer(context.text, begin)]
    is_incomplete = context.previous == "=" or (bracket == "{" and not context.key)
    if is_incomplete or after.count(closing) > after.count(bracket):
        return None
    message = f"this {what} is never closed"
    return brackets[-1], 1, message, f"add {closing} after its last value"


def _before_value(context: _ErrorContext) -> _Cause | None:
    """Something other than a value where a value is expected."""
    rest = context.rest
    if curly := _CURLY.match(rest):
        help_text = f'use straight quotes: "{curly[1] or curly[2] or ""}"'
        return context.offset, len(curly[0]), f"{rest[0]} is not a quote in TOML", help_text
    if context.key and rest[:1] in {"", "#", ",", "}"}:
        help_text = 'add a value after the =, with strings in "quotes"'
        return context.offset, 1, f'"{context.key}" has no value', help_text
    if rest.startswith(","):
        return (
            context.offset,
            1,
            "missing value before this comma",
            "add a value, or remove the comma",
        )
    return _unquoted(context, context.offset)


def _unquoted(context: _ErrorContext, start: int) -> _Cause | None:
    """A string without quotes, or an invalid number or date."""
    words = context.piece(start)
    bare = words.strip("\"'")
    if words.lower() in {"true", "false"}:
        help_text = f"write it in lowercase: {words.lower()}"
    elif re.match(r"[+-]?\.?[0-9]", words):
        help_text = 'write dates like 2026-01-31, numbers as digits, and strings in "quotes"'
    elif re.match(rf"[^=>:,{_DOUBLE}{_SINGLE}\"'\[\]{{}}]", words) and _is_toml(f'x = "{bare}"'):
        help_text = f'put it in quotes: "{bare}"'
    else:
        return None
    return start, len(words), f"expected a value, found {words}", help_text


def _after_value(context: _ErrorContext) -> _Cause | None:
    """Unexpected text after a complete value."""
    text, rest, before = context.text, context.rest, context.text[context.offset - 1]
    if before in {'"', "'"} and re.match(r"\w", rest) and before in rest:
        if context.bracket and re.search(r"[,=]\s*$", context.previous[:-1]):
            return _unclosed_quote(context, context.offset - len(context.previous), before)
        help_text = 'write \\" for a quote inside "quotes"'
        if before == "'":
            help_text = 'put strings that contain an apostrophe in "quotes"'
        message = "this quote ends the string, but more text follows"
        return context.offset - 1, 1, message, help_text
    following = (
        (_VALUE if context.bracket == "[" else _KEY).match(rest) if context.bracket else None
    )
    if following and not re.match(r"[\w.+:-]", before):
        word = following["text"]
        if context.bracket == "{" or word in {"[", "{"} or _is_toml(f"x = {word}"):
            message = f"missing comma before {word}"
            return context.offset, len(word), message, "add a comma before it"
    start = context.offset - len(text[context.start : context.offset].lstrip())
    values = text[start : context.offset] + rest.partition("#")[0].rstrip()
    is_list = not context.bracket and rest.startswith(",") and not values.endswith(",")
    if is_list and _is_toml(f"x = [{values}]"):
        help_text = f"put the values in brackets: {context.key} = [{values}]"
        return start, len(values), "this key has several values", help_text
    if (
        "=" in rest
        or values.endswith(",")
        or "\n" in values
        or not context.piece(context.offset).strip()
    ):
        return None
    return _unquoted(context, start)


def _after_key(context: _ErrorContext) -> _Cause | None:
    """A key without `=`."""
    key, rest = context.text[context.start : context.offset].strip(), context.piece(context.offset)
    match = re.match(r":=?|->", rest)
    marker = match[0] if match else ""
    value = rest.removeprefix(marker).strip()
    is_spaced = context.text[context.offset - 1].isspace() and _is_toml(f"x = {value}")
    if (value and not marker and not is_spaced) or "\n" in key:
        return None
    if not re.search(r"\w", key) or not _is_toml(f"{key} = 0"):
        return None
    help_text = f"write {key} = {value or '…'}"
    return context.offset, len(marker), f'"{key}" is not followed by =', help_text
