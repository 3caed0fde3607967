"""Markup that is shown as text is reported by name; ordinary prose never is."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest

from codebook.diagnostics.diagnostic import Diagnostic, Rule, Severity
from codebook.diagnostics.source import Source
from codebook.syntax import markdown

UNREAD = {
    "A[^a] and again[^a].\n\n[^a]: Ask the pilot.": ["1:2+4 a footnote is shown as text: [^a]"],
    "A.^[Ask the pilot.]": ["1:3+17 a footnote is shown as text: ^[Ask the pilot.]"],
    "- [x] done\n- [ ] to do": ["1:3+3 a task list is shown as text: [x]"],
    "[[12]] and [[codes/11.md|the first]]": [
        "1:1+6 a wiki link is shown as text: [[12]]",
        "1:12+25 a wiki link is shown as text: [[codes/11.md|the first]]",
    ],
    "[TOC]": ["1:1+5 a table of contents is shown as text: [TOC]"],
    ":::warning\nCareful.\n:::": ["1:1+10 an admonition is shown as text: :::warning"],
    '!!! danger "Careful"\n    Words.': [
        '1:1+20 an admonition is shown as text: !!! danger "Careful"'
    ],
    ".. note::\n\n   Words.": ["1:1+9 an admonition is shown as text: .. note::"],
    "{note}\n\nWords.": ["1:1+6 a macro is shown as text: {note}"],
    "==a b== and ++c++": [
        "1:1+7 highlighting is shown as text: ==a b==",
        "1:13+5 highlighting is shown as text: ++c++",
    ],
    "'''bold'''": ["1:1+10 highlighting is shown as text: '''bold'''"],
    "H~2~O and x^2^": [
        "1:2+3 this is not a subscript: ~2~ is struck out",
        "1:12+3 a superscript is shown as text: ^2^",
    ],
    "$$x_1 + 2$$, $a^2$, and $x$": [
        "1:1+11 a formula is shown as text: $$x_1 + 2$$",
        "1:14+5 a formula is shown as text: $a^2$",
        "1:25+3 a formula is shown as text: $x$",
    ],
    "Pilot\n: A person on board.": ["2:1+2 a definition list is shown as text"],
    ":smile: and :+1:": [
        "1:1+7 an emoji code is shown as text: :smile:",
        "1:13+4 an emoji code is shown as text: :+1:",
    ],
    "[12](https://example.org/){target=_blank} {.wide}": [
        "1:27+15 an attribute is shown as text: {target=_blank}",
        "1:43+7 an attribute is shown as text: {.wide}",
    ],
    "{{ site.url }} and {% raw %}": [
        "1:1+14 a template tag is shown as text: {{ site.url }}",
        "1:20+9 a template tag is shown as text: {% raw %}",
    ],
    "%%hidden%%": ["1:1+10 a comment is shown as text: %%hidden%%"],
    "&nbps; and &amp;": ["1:1+6 there is no HTML entity &nbps;"],
    "• one\n• two": ["1:1+1 a list is shown as text: its bullets are •"],
    "– one\n\n– two": [
        "1:1+1 a list is shown as text: its bullets are –",
        "3:1+1 a list is shown as text: its bullets are –",
    ],
    "-one\n-two": ["1:1+4 a list is shown as text: there is no space after -"],
    "1.One\n2.Two": ["1:1+5 a list is shown as text: there is no space after 1."],
    "a) one\nb) two": ["1:1+2 a list with letters is shown as text: a)"],
    "港は**「開いている」**と言う。": [
        "1:3+11 this text is not bold: ** stands between a letter and punctuation"
    ],
    "该端口**已关闭。**请等待": [
        "1:4+8 this text is not bold: ** stands between a letter and punctuation"
    ],
    "A **word:**b": ["1:3+9 this text is not bold: ** stands between a letter and punctuation"],
    "** bold **": ["1:1+10 this text is not bold: there is a space inside of **"],
    "A **word": ["1:3+2 ** is shown as text: it has no counterpart"],
    "A ~~word": ["1:3+2 ~~ is shown as text: it has no counterpart"],
    "A `word": ["1:3+1 ` is shown as text: it has no counterpart"],
    "[text] (codes/11.md)": ["1:1+20 this is not a link: ] and ( are not next to each other"],
    "[text](https://example.org/a and more": [
        "1:1+28 this is not a link: there is no ) after its URL"
    ],
    "[text](https://example.org/a b)": ["1:1+31 this is not a link: its URL contains a space"],
    "(text)[codes/11.md]": ["1:1+19 this is not a link: its brackets and parentheses are swapped"],
    "##Words": ["1:1+7 this is not a heading: there is no space after ##"],
    "Words\n    ## Words": ["2:5+8 this is not a heading: it is indented by four or more spaces"],
    "####### Words": ["1:1+13 this is not a heading: it starts with more than six #"],
    "\uff03\uff03 Words": ["1:1+8 this is not a heading: \uff03\uff03 is a full-width character"],
    "== Words ==": ["1:1+11 a heading of another dialect is shown as text: == Words =="],
    "h2. Words": ["1:1+9 a heading of another dialect is shown as text: h2. Words"],
    "- item\nWords\n===": [
        "3:1+3 this line does not make a heading: the text above is in a list or block quote"
    ],
    "| a | b |\n| c | d |": [
        "1:1+9 this is not a table: its second line does not separate the head from the rows"
    ],
    "| `a` | [^1] |\n|---|---|\n| b | c[^2] |": [
        "1:9+4 a footnote is shown as text: [^1]",
        "3:8+4 a footnote is shown as text: [^2]",
    ],
    "`[^1]` and [^1]": ["1:12+4 a footnote is shown as text: [^1]"],
    "> [!FOO]\n> Words.": ["1:3+6 this is not an alert: FOO is not one of its kinds"],
    "> [!NOTE] Title\n> Words.": ["1:3+13 this is not an alert: there is text after [!NOTE]"],
    "> [!NOTE]-\n> Words.": ["1:3+8 this is not an alert: there is text after [!NOTE]"],
    "[!NOTE]\nWords.": ["1:1+7 this is not an alert: it is not a block quote"],
    "> Words.\n> [!TIP]\n> Words.": [
        "2:3+6 this is not an alert: [!TIP] is not the first line of its block quote"
    ],
    "- > [!TIP]\n  > Words.": [
        "1:5+6 this is not an alert: it is part of a list or of another block quote"
    ],
    "> > [!TIP]\n> > Words.": [
        "1:5+6 this is not an alert: it is part of a list or of another block quote"
    ],
    "> [!NOTE]": ["1:3+7 this is not an alert: it has no text"],
}
"""Texts, and the positions and messages of their diagnostics."""
PROSE = (
    "A range [0, 10), an array `a[0][1]`, a[0][1], f(x)[1], [sic], and [12](https://x.org)[13](b.md).",
    "At 12:30:15, in 2:1, a::b, :authority and :path, \\:smile:, http://localhost:80/, urn:b:1.",
    "5 * 3 * 2, 2**3, src/**/*.md, a*, *emphasis*, **bold**, snake_case.",
    "$5 and $6, ($5), $HOME/$USER.",
    "a == b, a != b, x = y, C++ and C++, i++, 5 + 5, '' here, 100%, 50 % of 20 %, x^2 is 4, 10^6.",
    "{code}, /status/{code}/, {name}, { .. }, #1, C#, @mention, R&D; x &amp; y, &c.",
    "~5 and ~6, ~/a and ~/b, a|b, | x |, 3 < 4, ?? ! !! ... ---",
    "- 1.5 seconds\n- .NET and -5 degrees",
    "A dash\n– at the start of a line – then\n— another one.",
    "\\[^1] \\[[12]] \\==a== \\{{ a }} \\`a \\*\\*b \\[a][b] `[^1]` `==a==` `{{ a }}` `**` `<!--`",
    "Note: text. NOTE: text. Item (a) and b) and c). Monday: 5.",
    "    [^1] ==a== {{ a }}",
    "```text\n[^1] ==a== {{ a }}\n[a][b]\n```",
    "> A quote.",
    "1. One\n2. Two",
)
"""Texts that mean what they show."""


def diagnostics(text: str) -> tuple[Diagnostic, ...]:
    """The diagnostics of a text."""
    return markdown.read(Source.of(PurePosixPath("guides/a.md"), "guides/a.md", text)).diagnostics


@pytest.mark.parametrize("text", UNREAD)
def test_markup_that_is_shown_as_text_is_reported_by_name(text: str) -> None:
    """It's underlined where it is, even if the same characters are in code before it."""
    found = diagnostics(text)
    assert {it.rule for it in found} == {Rule.UNREAD_MARKUP}
    spans = [(it.span, it.message) for it in found]
    assert [
        f"{span.line}:{span.column}+{span.length} {message}" for span, message in spans
    ] == UNREAD[text]


@pytest.mark.parametrize("text", PROSE)
def test_prose_code_and_escaped_characters_are_not_reported(text: str) -> None:
    """A backslash or backticks say that the characters are intended."""
    assert not diagnostics(text)


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("See [the rules][rules].", "1:5+18"),
        ("See [rules][].", "1:5+9"),
        ("`[a][b]` and [a][b]", "1:14+6"),
        ("| a |\n|---|\n| [a][b] |", "3:3+6"),
        ("[`code`][b] and words", "1:8+4"),
    ],
)
def test_a_reference_to_no_definition_is_a_lost_link(text: str, position: str) -> None:
    """It's an error, because readers can't follow it."""
    (diagnostic,) = diagnostics(text)
    span = diagnostic.span
    assert (diagnostic.rule, diagnostic.severity) == (Rule.BROKEN_LINK, Severity.ERROR)
    assert f"{span.line}:{span.column}+{span.length}" == position


@pytest.mark.parametrize(
    "text", ["港は**「開いている」**と言う。", "该端口**已关闭。**请等待", "A **word:**b"]
)
def test_the_help_for_bold_text_beside_punctuation_makes_it_bold(text: str) -> None:
    """CommonMark 0.31.2 defines which asterisks can open and close, in Section 6.2."""
    (diagnostic,) = diagnostics(text)
    start = diagnostic.span.column - 1
    fixed = diagnostic.help.removeprefix("write ")
    text = text[:start] + fixed + text[start + diagnostic.span.length :]
    assert not diagnostics(text)
