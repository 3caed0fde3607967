"""The rules of the book as a whole, of templates and of built pages, explained."""

from codebook.diagnostics.diagnostic import Rule
from codebook.diagnostics.explanations.shapes import Explanation, content, template

_GUIDE = "guides/coming-in.md"
_TITLE = "<h1>{{ name }}</h1>\n"

OF_SITE = (
    Explanation(
        Rule.BROKEN_ANCHOR,
        "A link leads to a heading that its document does not have.",
        "Readers would be left at the top of the page. A heading is named by its words in small "
        "letters, with hyphens between them.",
        content(_GUIDE, "# Coming in\n\nSee [below](#at-night).\n\n## By night\n\nSlowly.\n"),
        content(_GUIDE, "# Coming in\n\nSee [below](#by-night).\n\n## By night\n\nSlowly.\n"),
    ),
    Explanation(
        Rule.BROKEN_LINK,
        "A link leads to a file that is not in the book.",
        "Readers would meet an error. Links name files by their path from their own file; "
        "the article of a code may be linked to before it is written.",
        content(_GUIDE, "# Coming in\n\nSee [11](../codes/13.md).\n"),
        content(_GUIDE, "# Coming in\n\nSee [11](../codes/11.md).\n"),
    ),
    Explanation(
        Rule.DUPLICATE_ADDRESS,
        "Two pages would be published at one address.",
        "One would take the place of the other.",
        (
            *content("book.toml", 'path = "guides"\n'),
            *content("guides/11.md", "# Eleven\n\nOpen.\n"),
        ),
        (
            *content("book.toml", 'path = "codes"\n'),
            *content("guides/11.md", "# Eleven\n\nOpen.\n"),
        ),
    ),
    Explanation(
        Rule.LOST_ADDRESS,
        "An address that `addresses.txt` lists leads nowhere any more.",
        "Links from elsewhere would die. `[moved]` in `book.toml` says where it leads now.",
        content("addresses.txt", "guides/arriving/\n"),
        (
            *content("addresses.txt", "guides/arriving/\n"),
            *content("book.toml", '[moved]\n"guides/arriving/" = "guides/coming-in.md"\n'),
        ),
    ),
    Explanation(
        Rule.DEAD_LINK,
        "A built page links to an address that the site does not have.",
        "Links of the content are right when pages are made, so the template is wrong.",
        template(f'{_TITLE}<p><a href="../99/">Next</a></p>\n'),
        template(f'{_TITLE}<p><a href="../">All</a></p>\n'),
    ),
    Explanation(
        Rule.DUPLICATE_ID,
        "Two elements of a page, or two headings of a document, have one id.",
        "A link to the id leads to the first of them, never to the other.",
        template(f'{_TITLE}<p id="flag">Green</p>\n<p id="flag">White</p>\n'),
        template(f'{_TITLE}<p id="flag">Green</p>\n<p id="mast">White</p>\n'),
    ),
    Explanation(
        Rule.EMPTY_TEXT,
        "A heading, a link or a button has no words.",
        "Those who hear the page are told that something is there, and not what.",
        content(_GUIDE, "# Coming in\n\nSee [](../signals.md).\n"),
        content(_GUIDE, "# Coming in\n\nSee [the signals](../signals.md).\n"),
    ),
    Explanation(
        Rule.HEADING_COUNT,
        "A page has no <h1>, or more than one.",
        "The <h1> says what the page is about, to search engines and to those who hear it.",
        template("<h2>{{ name }}</h2>\n"),
        template("<h1>{{ name }}</h1>\n"),
    ),
    Explanation(
        Rule.INLINE_CODE,
        "A page holds a script or a style of its own.",
        "Hosts are told to refuse such code, so that nobody can slip any in. It belongs into the "
        "files of templates/assets.",
        template(f"{_TITLE}<p style='color: green'>Open</p>\n"),
        template(f"{_TITLE}<p class='open'>Open</p>\n"),
    ),
    Explanation(
        Rule.MISSING_ALT,
        "A picture has no alt text.",
        "Those who do not see it are not told what it shows. For an ornament it is empty.",
        template(f'{_TITLE}<p><img src="https://harbour.example/flag.svg"></p>\n'),
        template(f'{_TITLE}<p><img src="https://harbour.example/flag.svg" alt="A flag"></p>\n'),
    ),
    Explanation(
        Rule.TEMPLATE_ERROR,
        "A template is not Jinja, uses a name that it is not given, or cannot be drawn.",
        "No page can be made of it. `codebook/site/html/contexts.py` says which names there are.",
        template("<h1>{{ nmae }}</h1>\n"),
        template("<h1>{{ name }}</h1>\n"),
    ),
)
"""One for each rule, in the order of the stages, then of their names."""
