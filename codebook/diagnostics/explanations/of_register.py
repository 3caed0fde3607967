"""The rules of registers, explained."""

from codebook.diagnostics.diagnostic import Rule
from codebook.diagnostics.explanations.shapes import Explanation, Kind, content

_REGISTER = "signals.md"
_TITLE = "# Signals\n\n"
_CLASSES = "1. Entry signals (10–19)\n\n"
_SECTION = "## 1. Entry signals\n\n"
_TOP = f"{_TITLE}{_CLASSES}{_SECTION}"
_GOOD = content(_REGISTER, f"{_TOP}- 11\n  Come in.\n\n- 12\n  Stay out.\n")

OF_REGISTER = (
    Explanation(
        Rule.DUPLICATE_CODE,
        "A code is described twice, in one register or in two.",
        "A code has one page, and it can say one thing. Mostly one of the numbers is mistyped.",
        content(_REGISTER, f"{_TOP}- 11\n  Come in.\n\n- 11\n  Stay out.\n"),
        _GOOD,
    ),
    Explanation(
        Rule.DUPLICATE_SECTION,
        "A class has two sections in one register.",
        "Whoever looks for a code of the class would look in the first of them alone.",
        content(_REGISTER, f"{_TOP}- 11\n  Come in.\n\n{_SECTION}- 12\n  Stay out.\n"),
        _GOOD,
    ),
    Explanation(
        Rule.INVALID_CLASS,
        "The list of classes below the title of a register is missing, or a line of it has no name "
        "and range, or the range is not all numbers that begin alike.",
        "The list says which codes there can be, and in what order the classes are shown.",
        content(_REGISTER, f"{_TITLE}1. Entry signals (10–18)\n\n{_SECTION}- 11\n  Come in.\n"),
        content(_REGISTER, f"{_TITLE}1. Entry signals (10–19)\n\n{_SECTION}- 11\n  Come in.\n"),
    ),
    Explanation(
        Rule.INVALID_CODE,
        "A bullet of a register does not begin with a code, or a row of a table has none.",
        "A code is a number alone, without a nought in front; then its name, if it has one.",
        content(_REGISTER, f"{_TOP}- 11: Open\n  Come in.\n"),
        content(_REGISTER, f"{_TOP}- 11 Open\n  Come in.\n"),
    ),
    Explanation(
        Rule.MISNUMBERED_SECTION,
        "A section has another number than its class has in the list.",
        "One of the two numbers is wrong, and readers cannot know which.",
        content(_REGISTER, f"{_TITLE}{_CLASSES}## 2. Entry signals\n\n- 11\n  Come in.\n"),
        content(_REGISTER, f"{_TITLE}{_CLASSES}## 1. Entry signals\n\n- 11\n  Come in.\n"),
    ),
    Explanation(
        Rule.MISPLACED_CODE,
        "A code is described in the section of a class that it does not belong to.",
        "It would be shown under the wrong class. Mostly the number is mistyped.",
        content(_REGISTER, f"{_TOP}- 11\n  Come in.\n\n- 21\n  Stay out.\n"),
        _GOOD,
    ),
    Explanation(
        Rule.MISSING_REGISTER,
        "The book has no register: no Markdown file beside `index.md` that describes codes.",
        "Without a register there are no codes, and so there is no book.",
        content(_REGISTER, "", Kind.GONE),
        _GOOD,
    ),
    Explanation(
        Rule.MISSING_SECTION,
        "A class is in the list of a register, and no section describes its codes.",
        "A warning: a class may be announced before there are any codes in it.",
        content(
            _REGISTER,
            f"{_TITLE}1. Entry signals (10–19)\n2. Exit signals (20–29)\n\n{_SECTION}"
            "- 11\n  Come in.\n",
        ),
        content(
            _REGISTER,
            f"{_TITLE}1. Entry signals (10–19)\n2. Exit signals (20–29)\n\n{_SECTION}"
            "- 11\n  Come in.\n\n## 2. Exit signals\n\n- 21\n  Go out.\n",
        ),
    ),
    Explanation(
        Rule.MISSING_TEXT,
        "A code has no text, or the text stands in the line of the number, where its name is read.",
        "A page that says nothing of its code helps nobody.",
        content(_REGISTER, f"{_TOP}- 11 Come in.\n"),
        content(_REGISTER, f"{_TOP}- 11\n  Come in.\n"),
    ),
    Explanation(
        Rule.MISSING_TITLE,
        "A register or a guide does not begin with a heading of one #.",
        "The title is what links to the page and tabs of browsers say.",
        content("guides/coming-in.md", "Slowly.\n"),
        content("guides/coming-in.md", "# Coming in\n\nSlowly.\n"),
    ),
    Explanation(
        Rule.OVERLAPPING_CLASS,
        "Two classes share some numbers, but are not the same range.",
        "A code would belong to both.",
        content(
            _REGISTER,
            f"{_TITLE}1. Entry signals (10–19)\n2. Exit signals (10–19)\n\n{_SECTION}"
            "- 11\n  Come in.\n\n## 2. Exit signals\n\n- 12\n  Go out.\n",
        ),
        content(
            _REGISTER,
            f"{_TITLE}1. Entry signals (10–19)\n2. Exit signals (20–29)\n\n{_SECTION}"
            "- 11\n  Come in.\n\n## 2. Exit signals\n\n- 22\n  Go out.\n",
        ),
    ),
    Explanation(
        Rule.UNANNOUNCED_SECTION,
        "A section bears a name that no class of the list has.",
        "Its codes would belong to no class. Mostly the name is misspelt in one of the two places.",
        content(_REGISTER, f"{_TITLE}{_CLASSES}## 1. Etnry signals\n\n- 11\n  Come in.\n"),
        content(_REGISTER, f"{_TITLE}{_CLASSES}## 1. Entry signals\n\n- 11\n  Come in.\n"),
    ),
)
"""One for each rule, in the order of their names."""
