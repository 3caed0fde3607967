"""The rules of files and characters, explained."""

from codebook.diagnostics.diagnostic import Rule
from codebook.diagnostics.explanations.shapes import Explanation, Kind, content

_GUIDE = "guides/coming-in.md"

OF_FILES = (
    Explanation(
        Rule.CONTROL_CHARACTER,
        "A text holds a character that commands a terminal or a printer, and shows nothing.",
        "Such characters come from copying. They change what a terminal shows, unseen. "
        "In TOML they can be spelled, as in the example.",
        content("codes/11.md", '```toml\nname = "Open\\u0007"\n```\n'),
        content("codes/11.md", '```toml\nname = "Open"\n```\n'),
    ),
    Explanation(
        Rule.HIDDEN_CHARACTER,
        "A text holds a character that is not seen, such as a joiner of words.",
        "Words with such a character inside are not found by a search, and can be made to show "
        "what they do not say. It can also be spelled, as in the example.",
        content(_GUIDE, "# Coming in\n\nSlow&#x2060;ly.\n"),
        content(_GUIDE, "# Coming in\n\nSlowly.\n"),
    ),
    Explanation(
        Rule.INVALID_NAME,
        "A file has a name that cannot be its address: an article is named by its code, a guide or "
        "a table by lower-case letters, digits and single hyphens.",
        "The name of the file is the address of the page, which people type and which must last.",
        content("guides/Going Out.md", "# Going out\n\nSlowly.\n"),
        content("guides/going-out.md", "# Going out\n\nSlowly.\n"),
    ),
    Explanation(
        Rule.NOT_UTF8,
        "A file is saved in another encoding than UTF-8.",
        "Its letters would be shown as others, or not at all. Every editor can save in UTF-8.",
        content(_GUIDE, "# Coming in\n\nSee the café.\n", Kind.LATIN_1),
        content(_GUIDE, "# Coming in\n\nSee the café.\n"),
    ),
    Explanation(
        Rule.SYMLINK,
        "A file is a symbolic link. It is not read, wherever it leads.",
        "A link can lead out of the book, and would publish a file that nobody meant to publish.",
        content("guides/going-out.md", "coming-in.md", Kind.LINK),
        content("guides/going-out.md", "# Going out\n\nSlowly.\n"),
    ),
    Explanation(
        Rule.TOO_LARGE,
        "A file, a paragraph, or the page that is made of it is larger than any that people read.",
        "Such a file was mostly put there by mistake, and would make every build slow.",
        content(_GUIDE, "# Coming in\n\nSlowly, slowly.", Kind.LONG),
        content(_GUIDE, "# Coming in\n\nSlowly, slowly.\n"),
    ),
    Explanation(
        Rule.UNEXPECTED_FILE,
        "A file of the content has a place or an ending that no document has, and is not read.",
        "Whoever wrote it believes that it is published. A warning: the site is right without it. "
        "Licences and files whose names begin with a dot may lie there.",
        content("guides/going-out.txt", "# Going out\n\nSlowly.\n"),
        content("guides/going-out.md", "# Going out\n\nSlowly.\n"),
    ),
)
"""One for each rule, in the order of their names."""
