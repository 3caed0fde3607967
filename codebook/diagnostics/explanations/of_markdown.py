"""The rules of Markdown, explained."""

from codebook.diagnostics.diagnostic import Rule
from codebook.diagnostics.explanations.shapes import Explanation, content

_GUIDE = "guides/coming-in.md"

OF_MARKDOWN = (
    Explanation(
        Rule.FORBIDDEN_LINK,
        "A link leads neither to a file of the book nor to a whole https, http or mailto address.",
        "Other kinds of links run code, open files of the reader, or pretend to lead elsewhere.",
        content(_GUIDE, "# Coming in\n\nCall [the pilot](htpps://harbour.example/pilot).\n"),
        content(_GUIDE, "# Coming in\n\nCall [the pilot](https://harbour.example/pilot).\n"),
    ),
    Explanation(
        Rule.RAW_HTML,
        "A text holds HTML. It is shown as it is written, not obeyed.",
        "The same text becomes pages, records and plain words, and HTML fits one of them alone. "
        "A warning: the page is right, but shows the tags.",
        content(_GUIDE, "# Coming in\n\nCome in <b>slowly</b>.\n"),
        content(_GUIDE, "# Coming in\n\nCome in **slowly**.\n"),
    ),
    Explanation(
        Rule.SKIPPED_LEVEL,
        "A heading is more than one level below the heading above it.",
        "Those who hear the page go from level to level, and believe that they missed one.",
        content(_GUIDE, "# Coming in\n\n### By night\n\nSlowly.\n"),
        content(_GUIDE, "# Coming in\n\n## By night\n\nSlowly.\n"),
    ),
    Explanation(
        Rule.TOO_DEEP,
        "Lists or quotes stand in one another more than twenty levels deep.",
        "Nobody can read that; it comes from signs at the start of a line that were not meant.",
        content(_GUIDE, "# Coming in\n\n>>>>>>>>>>>>>>>>>>>>>>>> Slowly.\n"),
        content(_GUIDE, "# Coming in\n\n> Slowly.\n"),
    ),
    Explanation(
        Rule.UNEXPECTED_BLOCK,
        "A part of a text stands where it has no place, or would be lost: a text between two codes "
        "that belongs to neither, a fence that is never closed, a second title.",
        "What has no place would be shown under the wrong code, or nowhere.",
        content(
            "signals.md",
            "# Signals\n\n1. Entry signals (10–19)\n\n## 1. Entry signals\n\n"
            "- 11\n  Come in.\n\nAsk the pilot.\n",
        ),
        content(
            "signals.md",
            "# Signals\n\n1. Entry signals (10–19)\n\n## 1. Entry signals\n\n"
            "- 11\n  Come in.\n\n  Ask the pilot.\n",
        ),
    ),
    Explanation(
        Rule.UNEXPECTED_IMAGE,
        "A text shows a picture.",
        "A book of codes is words: they can be searched, read aloud, and printed everywhere.",
        content(_GUIDE, "# Coming in\n\nThis flag is up: ![green](green.png)\n"),
        content(_GUIDE, "# Coming in\n\nThe green flag is up.\n"),
    ),
    Explanation(
        Rule.UNEXPECTED_MARKUP,
        "A title, or the name of a class or a code, holds signs of Markdown.",
        "Names stand in lists, tabs of a browser and cards, where there are words alone.",
        content(_GUIDE, "# Coming *in*\n\nSlowly.\n"),
        content(_GUIDE, "# Coming in\n\nSlowly.\n"),
    ),
    Explanation(
        Rule.UNREAD_MARKUP,
        "Signs of Markdown are shown as they are written: a heading without a blank after its "
        "signs, a link with a blank in its address or with its brackets turned.",
        "A heading or a link was meant, and readers see neither. A warning, since such signs can "
        "be meant as well; a backslash before the first of them says so.",
        content(_GUIDE, "# Coming in\n\n##By night\n\nSlowly.\n"),
        content(_GUIDE, "# Coming in\n\n## By night\n\nSlowly.\n"),
    ),
)
"""One for each rule, in the order of their names."""
