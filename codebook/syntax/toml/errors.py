"""Why a text is not TOML, in words for those who write it.

The standard library's reader tells where it stopped, and what was forgotten is often before that.
Only the text and that offset decide here, because the reader's words differ between versions of
Python. Where the text does not show what was meant, the message is general, for none may be wrong.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass

from codebook.diagnostics.diagnostic import Diagnostic, Rule
from codebook.diagnostics.source import Source

HELP = 'write `key = value`, words in "quotes", lists in [brackets]'
"""What to do where the text does not show more."""

_DOUBLE, _SINGLE = "\u201c\u201d\u201e\u201f\u00ab\u00bb", "\u2018\u2019\u201a\u201b\u2039\u203a"
"""Quotes that word processors put in the place of straight ones."""
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
_OPENS_HEADER = re.compile(r"[ \t]*\[")
_HEADER = re.compile(r"""\s*\[+(?:[\w. -]|"[^"\n]*"|'[^'\n]*')+\]+\s*(?:#.*)?$""")

_Judgment = tuple[int, int, str, str]
"""The offset and the length of what is wrong, the message, and what to do."""


@dataclass(frozen=True, slots=True)
class _Stop:
    """Where the reader stopped, and in the middle of what; places are offsets in the text."""

    text: str
    offset: int
    statement: int = 0
    """Where the statement begins."""
    start: int = 0
    """Where the key begins, or the value: behind the `=`, or in a list behind the comma."""
    key: str = ""
    """The key whose value begins at `start`, if any."""
    previous: str = ""
    """The last symbol of the statement before the offset."""
    brackets: tuple[int, ...] = ()
    """Those that are open."""
    quote: int = -1
    """The one that is open, else -1."""

    @property
    def rest(self) -> str:
        """What follows in the line."""
        return self.text[self.offset :].partition("\n")[0].rstrip()

    @property
    def bracket(self) -> str:
        """The innermost bracket that is open."""
        return self.text[self.brackets[-1]] if self.brackets else ""

    def piece(self, start: int) -> str:
        """The text from an offset to where a value or the line ends."""
        ends = {"": "#", "[": r"[,\]#]", "{": r"""[}#]|,\s*[\w."'-]+\s*="""}
        pattern = rf"""(?:"[^"\n]*"|'[^'\n]*'|(?!{ends[self.bracket]}).)*"""
        match = re.compile(pattern).match(self.text, start)
        return match[0].rstrip() if match else ""


def stop_offset(error: Exception, text: str) -> int:
    """Where the reader stopped; the end of the text where it does not say so."""
    offset = int(getattr(error, "pos", len(text)))
    if match := re.search(r"\(at line (\d+), column (\d+)\)$", str(error)):
        above = text.split("\n")[: int(match[1]) - 1]
        offset = sum(len(line) + 1 for line in above) + int(match[2]) - 1
    return min(offset, len(text.rstrip("\n")))


def syntax_error(source: Source, first: int, text: str, offset: int) -> Diagnostic:
    """What is wrong with the text from line `first` of `source`, which the reader left there."""
    stop = _stop(text, offset)
    judgment = _judge(stop) or (offset, len(stop.rest), "this is not TOML", HELP)
    start, length, message, help_text = judgment
    above = text[:start].split("\n")
    span = source.at(first + len(above) - 1, len(above[-1]) + 1, length)
    return Diagnostic(Rule.INVALID_TOML, span, message, help=help_text)


def _stop(text: str, offset: int) -> _Stop:
    """Follow the symbols up to the offset, which the reader has accepted."""
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
    return _Stop(text, offset, statement, start, key, previous, brackets, quote)


def _is_toml(text: str) -> bool:
    try:
        tomllib.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _judge(stop: _Stop) -> _Judgment | None:
    """What is wrong, where the text shows it."""
    character = stop.rest[:1]
    if stop.quote >= 0:
        return _in_quotes(stop)
    if character.isspace() and not character.isascii():
        message = f"U+{ord(character):04X} stands here, which is no plain blank"
        return stop.offset, 1, message, "write a plain blank in its place"
    if _OPENS_HEADER.match(stop.text, stop.statement):
        return _in_header(stop)
    if unclosed := _unclosed_bracket(stop):
        return unclosed
    if stop.previous == "=" or (stop.bracket == "[" and stop.previous in {"[", ","}):
        return _before_value(stop)
    return _after_value(stop) if stop.key or stop.bracket == "[" else _after_key(stop)


def _in_quotes(stop: _Stop) -> _Judgment | None:
    """A quote is never closed, or a backslash in it means nothing."""
    match = _SYMBOL.match(stop.text, stop.quote)
    if match and match["unclosed"]:
        return _unclosed_quote(stop, stop.quote, match[0])
    escape = stop.text[stop.offset - 2 : stop.offset]
    if stop.text[stop.quote] != '"' or not re.fullmatch(r"\\[^btnfreuUx\"\\\s]", escape):
        return None
    help_text = "write \\\\ for a backslash, or put the words in 'single quotes'"
    return stop.offset - 2, 2, f'{escape} means nothing in "quotes"', help_text


def _unclosed_quote(stop: _Stop, start: int, quote: str) -> _Judgment:
    message, help_text = "this quote is never closed", f"write {quote} where the words end"
    if len(quote) > 1:
        message = "these three quotes are never closed"
    elif curly := re.search(_CURLY_END, stop.text[start:].partition("\n")[0]):
        help_text = f"write a straight {quote} for {curly[0]}"
    return start, len(quote), message, help_text


def _in_header(stop: _Stop) -> _Judgment | None:
    """The brackets around the name of a table do not match."""
    line = stop.text[stop.statement :].partition("\n")[0]
    header = line.partition("#")[0].strip()
    closing = "]" * (len(header) - len(header.lstrip("[")))
    fixed = f"{'[' * len(closing)}{header.strip('[] ')}{closing}"
    if header.endswith(closing) or not _is_toml(fixed):
        return None
    message = f"this name of a table does not end in {closing}"
    return stop.statement + line.index("["), len(header), message, f"write {fixed}"


def _unclosed_bracket(stop: _Stop) -> _Judgment | None:
    """The text ends, or another statement begins, in a list or in a table in braces."""
    begin = stop.text.rfind("\n", 0, stop.offset) + 1
    line = stop.text[begin:].partition("\n")[0]
    brackets = [bracket for bracket in stop.brackets if bracket < begin]
    if not (brackets and (_KEY.match(line) or _HEADER.match(line))):
        begin, brackets = stop.offset, list(stop.brackets) if stop.rest[:1] in {"", "#"} else []
    if not brackets:
        return None
    bracket = stop.text[brackets[-1]]
    closing, what = ("]", "list") if bracket == "[" else ("}", "table")
    after = [match[0] for match in _SYMBOL.finditer(stop.text, begin)]
    is_incomplete = stop.previous == "=" or (bracket == "{" and not stop.key)
    if is_incomplete or after.count(closing) > after.count(bracket):
        return None
    message = f"this {what} is never closed"
    return brackets[-1], 1, message, f"write {closing} behind its last value"


def _before_value(stop: _Stop) -> _Judgment | None:
    """Something stands where a value is expected, and is none."""
    rest = stop.rest
    if curly := _CURLY.match(rest):
        help_text = f'write straight quotes: "{curly[1] or curly[2] or ""}"'
        return stop.offset, len(curly[0]), f"{rest[0]} is no quote in TOML", help_text
    if stop.key and rest[:1] in {"", "#", ",", "}"}:
        help_text = 'write one behind the =, words in "quotes"'
        return stop.offset, 1, f'"{stop.key}" has no value', help_text
    if rest.startswith(","):
        return stop.offset, 1, "a value is missing before this comma", "remove the comma"
    return _unquoted(stop, stop.offset)


def _unquoted(stop: _Stop, start: int) -> _Judgment | None:
    """Words without quotes, or a number or a date that is none."""
    words = stop.piece(start)
    bare = words.strip("\"'")
    if words.lower() in {"true", "false"}:
        help_text = f"write {words.lower()} in small letters"
    elif re.match(r"[+-]?\.?[0-9]", words):
        help_text = 'write a date like 2026-01-31, a number in digits alone, words in "quotes"'
    elif re.match(rf"[^=>:,{_DOUBLE}{_SINGLE}\"'\[\]{{}}]", words) and _is_toml(f'x = "{bare}"'):
        help_text = f'put it in quotes: "{bare}"'
    else:
        return None
    return start, len(words), f"a value is expected here, not {words}", help_text


def _after_value(stop: _Stop) -> _Judgment | None:
    """Something follows a value that is complete."""
    text, rest, before = stop.text, stop.rest, stop.text[stop.offset - 1]
    if before in {'"', "'"} and re.match(r"\w", rest) and before in rest:
        if stop.bracket and re.search(r"[,=]\s*$", stop.previous[:-1]):
            return _unclosed_quote(stop, stop.offset - len(stop.previous), before)
        help_text = 'write \\" for a quote within "quotes"'
        if before == "'":
            help_text = 'put words with an apostrophe in "quotes"'
        message = "this quote ends the words, and more of them follow"
        return stop.offset - 1, 1, message, help_text
    following = (_VALUE if stop.bracket == "[" else _KEY).match(rest) if stop.bracket else None
    if following and not re.match(r"[\w.+:-]", before):
        word = following["text"]
        if stop.bracket == "{" or word in {"[", "{"} or _is_toml(f"x = {word}"):
            message = f"a comma is missing before {word}"
            return stop.offset, len(word), message, "put a comma before it"
    start = stop.offset - len(text[stop.start : stop.offset].lstrip())
    values = text[start : stop.offset] + rest.partition("#")[0].rstrip()
    is_list = not stop.bracket and rest.startswith(",") and not values.endswith(",")
    if is_list and _is_toml(f"x = [{values}]"):
        help_text = f"put several values in brackets: {stop.key} = [{values}]"
        return start, len(values), "several values follow one key", help_text
    if "=" in rest or values.endswith(",") or "\n" in values or not stop.piece(stop.offset).strip():
        return None
    return _unquoted(stop, start)


def _after_key(stop: _Stop) -> _Judgment | None:
    """A key is not followed by `=`."""
    key, rest = stop.text[stop.start : stop.offset].strip(), stop.piece(stop.offset)
    match = re.match(r":=?|->", rest)
    marker = match[0] if match else ""
    value = rest.removeprefix(marker).strip()
    is_spaced = stop.text[stop.offset - 1].isspace() and _is_toml(f"x = {value}")
    if (value and not marker and not is_spaced) or "\n" in key:
        return None
    if not re.search(r"\w", key) or not _is_toml(f"{key} = 0"):
        return None
    help_text = f"write {key} = {value or 'and a value'}"
    return stop.offset, len(marker), f'"{key}" is not followed by =', help_text
