"""Report markup that is shown as text: typing errors, and the marks of other dialects.

GitHub renders some of these marks; the others belong to Pandoc, MkDocs, Obsidian, Jekyll, MyST,
wikis, and word processors. A mark is reported only where prose has no other use for it. Code and
escaped characters are never reported.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType

from markdown_it.token import Token
from msgspec import Struct

from codebook.diagnostics.diagnostic import Diagnostic, Rule, did_you_mean
from codebook.diagnostics.source import Source, Span
from codebook.syntax.markdown.alerts import KINDS
from codebook.syntax.markdown.blocks import CUSTOM_IDS, lines
from codebook.syntax.markdown.engine import HIDDEN

_CODE = re.compile(r"(?<!`)(`+)(?!`).+?(?<!`)\1(?!`)|\\.")
"""Code and escaped characters in a line of the source."""
_IN_QUOTE = 2
"""The number of parents of a text in a block quote that isn't nested."""
_ALERT = re.compile(r"^\[!(?P<kind>[A-Za-z]+)\](?P<rest>[^\n]*)", re.MULTILINE)
_MAX_QUOTED = 40
"""The maximum number of characters that a message quotes."""

Lines = tuple[int, int]
"""The first and the last line of a range."""


class _Place(Struct, frozen=True):
    """The lines of a text in the file."""

    source: Source
    first: int
    last: int

    def find(self, text: str, after: Span | None = None) -> Span:
        """Return the location of the first line of a match, or else the first line of the text.

        It isn't in code, and not before the end of `after`.
        """
        piece = max(text.partition("\n")[0].split(HIDDEN), key=len)
        for number in range(after.line if after else self.first, self.last + 1):
            line = "".join(self.source.lines[number - 1 : number])
            masked = _without_code(line)
            begin = after.column + after.length - 1 if after and after.line == number else 0
            start = masked.find(piece, begin)
            if start >= 0 and piece:
                return self.source.at(number, start + 1, len(piece))
        return self.source.whole(self.first)


@lru_cache(maxsize=8)
def _without_code(line: str) -> str:
    """The line with code and escaped characters hidden. A line can have many marks."""
    return _CODE.sub(lambda it: HIDDEN * len(it[0]), line)


class _Mark(Struct, frozen=True):
    """Markup that is shown as text. `{0}` and the groups of the pattern fill its texts."""

    pattern: str
    """Compiled only when a text is suspicious."""
    message: str
    help: str
    rule: Rule = Rule.UNREAD_MARKUP
    once: str = ""
    """Report it only once for each value of this text in a file; always, if it's empty."""


def _mark(
    pattern: str, message: str, help_text: str, rule: Rule = Rule.UNREAD_MARKUP, once: str = ""
) -> _Mark:
    return _Mark(pattern, message, help_text, rule, once)


_WRITE_ALERT = "write an alert: a line > [!{alert}], and > before each line of its text"
_TEXT = r"(?P<text>[^\[\]\n]+)"
_URL = r"(?P<url>(?:https?://|mailto:|#|[\w./-]+\.md)[^()\s]*)"
_ALERT_KINDS: Mapping[str, str] = MappingProxyType(
    {
        **{kind: kind for kind in KINDS},
        **dict.fromkeys(("hint", "success"), "tip"),
        **dict.fromkeys(("attention", "question"), "important"),
        **dict.fromkeys(("danger", "error", "failure", "bug"), "caution"),
    }
)
"""The names of alerts in other dialects, with GitHub's kinds; any other name is a note."""

_MARKS = (
    # Links
    _mark(
        r"!\[\[[^\[\]\n]+\]\]|!\[[^\[\]\n]*\]\[[^\[\]\n]*\]",
        "images are not supported",
        "describe the image in words",
        Rule.UNEXPECTED_IMAGE,
    ),
    _mark(
        r"^\[\[?_?(?:TOC|toc)_?\]\]?$",
        "a table of contents is shown as text: {0}",
        "remove it: every page links to its sections",
    ),
    _mark(
        r"\[\[(?P<target>[^\[\]|\n]+)(?:\|(?P<text>[^\[\]\n]+))?\]\]",
        "a wiki link is shown as text: {0}",
        "write a link with the path of a file: [{text}](PATH.md)",
    ),
    _mark(
        r"\[\^(?P<id>[^\[\]\s]+)\]:?|(?<!\w)(?P<inline>\^\[[^\[\]\n]+\])",
        "a footnote is shown as text: {0}",
        "write the note in the sentence, in parentheses",
        once="footnote {id}{inline}",
    ),
    _mark(
        rf"(?<![\w\])!{HIDDEN}])\[{_TEXT}\]\[[^\[\]\n^]*\]",
        "this link has no URL: {0} refers to a definition that does not exist",
        "write the URL in place: [{text}](URL)",
        Rule.BROKEN_LINK,
    ),
    _mark(
        rf"\[{_TEXT}\](?:\s|:)+\({_URL}\)",
        "this is not a link: ] and ( are not next to each other",
        "write [{text}]({url})",
    ),
    _mark(
        r"\[[^\[\]]*\]\((?P<url>[^()\s]+(?: [^()\s]+)+)\)",
        "this is not a link: its URL contains a space",
        "write %20 for each space: {url}",
    ),
    _mark(
        rf"\[{_TEXT}\]\({_URL}(?=\s|$)",
        "this is not a link: there is no ) after its URL",
        "write [{text}]({url})",
    ),
    _mark(
        r"\((?P<text>[^()]+)\)\[(?P<url>[^\[\]\s]*(?:/|\.md)[^\[\]\s]*)\]",
        "this is not a link: its brackets and parentheses are swapped",
        "write [{text}]({url})",
    ),
    # Blocks
    _mark(
        rf"^(?P<hashes>#{{2,6}})(?P<text>[^\s#{HIDDEN}][^\n{HIDDEN}]*)",
        "this is not a heading: there is no space after {hashes}",
        "add a space: {hashes} {text}",
    ),
    _mark(
        r"^(?P<hashes>#{2,6})[ \t]+\S[^\n]*",
        "this is not a heading: it is indented by four or more spaces",
        "remove the spaces before {hashes}",
    ),
    _mark(
        r"^#{7,}\s[^\n]*",
        "this is not a heading: it starts with more than six #",
        "write two to six #",
    ),
    _mark(
        r"^(?P<hashes>\uff03+)\s*(?P<text>[^\n]+)",
        "this is not a heading: {hashes} is a full-width character",
        "write # for each: {ascii} {text}",
    ),
    _mark(
        r"^={2,6} (?P<text>[^=\n]+?)(?: =+)?$|^h[1-6]\. (?P<other>[^\n]+)",
        "a heading of another dialect is shown as text: {0}",
        "start the line with ## instead",
    ),
    _mark(
        r"(?<=\n)={3,}[ \t]*$",
        "this line does not make a heading: the text above is in a list or block quote",
        "start the heading with ## instead, and add an empty line above it",
    ),
    _mark(
        r"\A\[[ xX]\](?=\s|$)",
        "a task list is shown as text: {0}",
        "remove the brackets, or say in words what is done",
        once="task {block}",
    ),
    _mark(
        r"^[•·▪▫◦‣●○■□➢➤](?=\s+\D)|\A–(?=\s+\D)|\A—(?=[ \t][^\n]*\n—[ \t])",
        "a list is shown as text: its bullets are {0}",
        "start each item with a hyphen and a space: -",
        once="bullet {block}",
    ),
    _mark(
        r"^(?P<bullet>[-+]|\d{1,2}[.)])(?=[^\W\d_])[^\n]*(?=\n(?:[-+]|\d{1,2}[.)])[^\W\d_])",
        "a list is shown as text: there is no space after {bullet}",
        "add a space after {bullet}, and in the lines below",
        once="space {block}",
    ),
    _mark(
        r"^a[.)](?= [^\n]+\n(?:[^\n]+\n)*?b[.)] )",
        "a list with letters is shown as text: {0}",
        "use numbers: 1., 2., and so on",
    ),
    _mark(
        r"^: {1,3}(?=\S)",
        "a definition list is shown as text",
        "write each term and its definition as a list item: - term: definition",
        once="definition {block}",
    ),
    _mark(
        r"\A\|[^\n]*\|[ \t]*(?=\n\|[^\n]*\|)",
        "this is not a table: its second line does not separate the head from the rows",
        "add a line below the first one, with |---| for each column",
    ),
    _mark(
        r"^:{3,}\s*\{?(?P<kind>[A-Za-z][\w-]*)[^\n]*",
        "an admonition is shown as text: {0}",
        _WRITE_ALERT,
    ),
    _mark(r"^:{3,}$", "an admonition is shown as text: {0}", "remove this line", once=":::"),
    _mark(
        r"^(?:!!!|\?\?\?\+?) +(?P<kind>[A-Za-z][\w-]*)[^\n]*|^\.\. +[A-Za-z][\w-]*::",
        "an admonition is shown as text: {0}",
        _WRITE_ALERT,
    ),
    _mark(
        r"^\{(?P<kind>note|info|tip|warning|code|quote|panel)(?::[^{}\n]*)?\}$",
        "a macro is shown as text: {0}",
        _WRITE_ALERT,
    ),
    # Words
    _mark(
        r"\{\{[^\n]+?\}\}|\{%[^\n]+?%\}|\{#[ \t][^\n]+?#\}|<%[^\n]+?%>",
        "a template tag is shown as text: {0}",
        "write what it stands for, or put it in `backticks` to show it",
    ),
    _mark(
        r"\{#[a-z0-9-]+(?:[,\s]+#?[a-z0-9-]+)*\}",
        "an ID is shown as text: {0}",
        "write all IDs after a heading, in one pair of braces, with spaces between them: {{#a #b}}",
    ),
    _mark(
        rf"\{{:?\s*[.#][A-Za-z][^{{}}\n]*\}}|\{{:[^{{}}\n]+\}}|(?<={HIDDEN})\{{[^{{}}\n]*=[^{{}}\n]*\}}",
        "an attribute is shown as text: {0}",
        "remove it; the ID of a heading consists of lowercase letters, digits, and single hyphens",
    ),
    _mark(
        r"(?<!\w)%%[^%\n]+%%(?!\w)",
        "a comment is shown as text: {0}",
        "move it out of the book, or remove it",
    ),
    _mark(
        r"(?<![=\w!<>])==(?P<text>[^\s=](?:[^=\n]*[^\s=])?)==(?![=\w])"
        r"|(?<![+\w])\+\+(?P<inserted>[^\s+](?:[^+\n]*[^\s+])?)\+\+(?![+\w])"
        r"|(?<![\w'])'''(?P<wiki>[^\s'][^'\n]*)'''(?![\w'])",
        "highlighting is shown as text: {0}",
        "write **{text}**",
    ),
    _mark(
        r"(?<=\w)\^[^\s^]+\^(?!\^)",
        "a superscript is shown as text: {0}",
        "write the characters themselves, such as ², or words",
    ),
    _mark(
        r"\$\$[^$]+\$\$|(?<![\w$])\$(?:(?=\S)[^$\n]*[\\^_{}=][^$\n]*(?<=\S)|[A-Za-z])\$(?![\w$])",
        "a formula is shown as text: {0}",
        "write it in words, or as code in `backticks`",
    ),
    _mark(
        r"(?<![\w:/.-]):(?:[+-]1|[a-z][a-z0-9_+-]+):(?![\w:/])",
        "an emoji code is shown as text: {0}",
        "write the emoji itself, or remove it",
    ),
    _mark(
        r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});",
        "there is no HTML entity {0}",
        "write the character itself",
    ),
    _mark(
        r"(?<!\*)(?P<stars>\*{1,3})(?P<text>[^*\s](?:[^*\n]*[^*\s])?)(?P=stars)(?!\*)",
        "this text is not {emphasis}: {stars} stands between a letter and punctuation",
        "{moved}",
    ),
    _mark(
        r"(?<!\*)\*\*(?P<text>[ \t][^*\n]*|[^*\n]*[ \t])\*\*(?!\*)",
        "this text is not bold: there is a space inside of **",
        "write **{stripped}**",
    ),
    _mark(
        r"(?<![\w*/~])(?:\*\*|~~)(?=[\w“\"(])",
        "{0} is shown as text: it has no counterpart",
        "add another {0}, remove this one, or add a backslash before it to show it",
    ),
    _mark(
        r"(?<!`)`+(?!`)",
        "{0} is shown as text: it has no counterpart",
        "add another {0}, remove this one, or add a backslash before it to show it",
        once="code {block}",
    ),
)

_SIGNS = r"\[{$^`*~#\uff03&|•·▪▫◦‣●○■□➢➤%"
_SUSPICIOUS = re.compile(
    rf"[\n=+'!?:{_SIGNS}](?:(?<=[{_SIGNS}])|(?<==)=|(?<=\+)\+|(?<=')''|(?<=!)!!|(?<=\?)\?\?"
    r"|(?<=:)[\w:+-]|(?<=\n)(?:[:=–—]|\.\. |h\d\. |(?:[-+]|\d{1,2}[.)])[^\W\d_]|a[.)] ))"
)
"""What every mark contains; most paragraphs have nothing of it. Searching for sets of single
characters is fast."""


def unread_markup(
    tokens: Sequence[Token], source: Source, within: Lines | None = None
) -> Iterator[Diagnostic]:
    """Report the markup that is shown as text, in order.

    `within` is the lines of the file to search for locations, if not those of the tokens.
    """
    if not any(token.type == "inline" and _is_suspicious(token) for token in tokens):
        return
    reported: set[str] = set()
    parents: list[str] = []
    block = 0
    for index, token in enumerate(tokens):
        if token.level == 0 and token.map:
            block = token.map[0]
        if token.nesting < 0:
            parents.pop()
        elif token.nesting > 0:
            parents.append(token.type)
        elif token.type == "inline" and _is_suspicious(token):
            typed = str(token.meta["typed"])
            if tokens[index - 1].tag in {"h2", "h3", "h4", "h5", "h6"}:
                typed = CUSTOM_IDS.sub("", typed)
            place = _Place(source, *(within or lines(token)))
            is_first = tokens[index - 2].type == "blockquote_open"
            yield from _subscripts(token.children or (), place)
            yield from _wrong_alerts(typed, parents, place, is_first=is_first)
            yield from _unread(typed, place, f"{block}", reported)


def _is_suspicious(inline: Token) -> bool:
    """Whether a text can contain a mark, or strikethrough that isn't."""
    return "~" in inline.content or _SUSPICIOUS.search(f"\n{inline.meta['typed']}") is not None


def _unread(typed: str, place: _Place, block: str, reported: set[str]) -> Iterator[Diagnostic]:
    span = None
    for match, mark in _matches(typed):
        values = _values(match) | {"block": block}
        once = mark.once.format_map(values)
        if once and once in reported:
            continue
        reported.add(once)
        if match[0].startswith(":::"):
            reported.add(":::")
        texts = (text.format(_shown(match[0]), **values) for text in (mark.message, mark.help))
        message, help_text = texts
        span = place.find(match[0], span)
        yield Diagnostic(mark.rule, span, message, help=help_text)


def _matches(typed: str) -> Sequence[tuple[re.Match[str], _Mark]]:
    """The marks in a text, in order. Where several match, the first in the list counts."""
    found: list[tuple[re.Match[str], _Mark]] = []
    is_taken = bytearray(len(typed))
    for mark in _MARKS:
        for match in re.finditer(mark.pattern, typed, re.MULTILINE):
            start, end = match.span()
            if not any(is_taken[start:end]):
                is_taken[start:end] = bytes([1]) * (end - start)
                found.append((match, mark))
    return sorted(found, key=lambda it: it[0].start())


def _values(match: re.Match[str]) -> dict[str, str]:
    """The values of the placeholders."""
    groups = {name: value or "" for name, value in match.groupdict().items()}
    names = ("text", "target", "inserted", "wiki")
    text = next(filter(None, map(groups.get, names)), "").replace(HIDDEN, "…")
    stars = groups.get("stars", "")
    return groups | {
        "text": text,
        "url": groups.get("url", "").replace(" ", "%20"),
        "ascii": "#" * len(groups.get("hashes", "")),
        "alert": _ALERT_KINDS.get(groups.get("kind", "").lower(), "note").upper(),
        "emphasis": "emphasized" if len(stars) == 1 else "bold",
        "moved": _moved(text, stars),
        "stripped": text.strip(),
    }


def _moved(text: str, stars: str) -> str:
    """The help for asterisks next to punctuation, which CommonMark doesn't read as emphasis."""
    core = text
    while core and _is_punctuation(core[0]):
        core = core[1:]
    before = text.removesuffix(core)
    while core and _is_punctuation(core[-1]):
        core = core[:-1]
    after = text[len(before) + len(core) :]
    if not core or "…" in text or before + after == "":
        return f"add a space on the outer side of {stars}"
    return f"write {before}{stars}{core}{stars}{after}"


def _is_punctuation(character: str) -> bool:
    return unicodedata.category(character)[0] in "PS"


def _shown(text: str) -> str:
    """A match as messages quote it."""
    line = text.partition("\n")[0].strip().replace(HIDDEN, "…")
    return line if len(line) <= _MAX_QUOTED else line[: _MAX_QUOTED - 1] + "…"


def _wrong_alerts(
    typed: str, parents: Sequence[str], place: _Place, *, is_first: bool
) -> Iterator[Diagnostic]:
    """Report alerts that GitHub doesn't render either."""
    for match in _ALERT.finditer(typed):
        kind, is_start = match["kind"].upper(), match.start() == 0
        reason = "it is part of a list or of another block quote"
        help_text = "move it out of the list or block quote"
        if kind.lower() not in KINDS:
            reason = f"{kind} is not one of its kinds"
            help_text = did_you_mean(kind, [known.upper() for known in KINDS])
        elif match["rest"].strip():
            reason = f"there is text after [!{kind}]"
            help_text = "move the text to the next line, after >"
        elif "blockquote_open" not in parents:
            reason = "it is not a block quote"
            help_text = "start this line, and each line of its text, with >"
        elif not is_first or not is_start:
            reason = f"[!{kind}] is not the first line of its block quote"
            help_text = "start a new block quote: add an empty line, without >, above this one"
        elif len(parents) == _IN_QUOTE:
            reason, help_text = "it has no text", "write its text on the next line, after >"
        message = f"this is not an alert: {reason}"
        yield Diagnostic(Rule.UNREAD_MARKUP, place.find(match[0]), message, help=help_text)


def _subscripts(children: Sequence[Token], place: _Place) -> Iterator[Diagnostic]:
    """Report `H~2~O`, which Pandoc reads as a subscript."""
    for before, token, text in zip(children, children[1:], children[2:], strict=False):
        is_single = token.type == "s_open" and token.markup == "~"
        if is_single and before.type == "text" and before.content[-1:].isalnum():
            yield Diagnostic(
                Rule.UNREAD_MARKUP,
                place.find(f"~{text.content}~"),
                f"this is not a subscript: ~{text.content}~ is struck out",
                help="write the character itself, such as ₂, or ~~ on both sides to strike it out",
            )
