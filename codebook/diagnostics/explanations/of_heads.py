"""The rules of heads and settings, explained."""

from codebook.diagnostics.diagnostic import Rule
from codebook.diagnostics.explanations.shapes import Explanation, content

_ARTICLE = "codes/11.md"

OF_HEADS = (
    Explanation(
        Rule.INVALID_TOML,
        "A head or a file of settings is not TOML: a quote, a comma or a bracket is missing.",
        "Nothing of it can be read then. Words stand in straight quotes, lists in brackets.",
        content(_ARTICLE, "```toml\nname = Open\n```\n"),
        content(_ARTICLE, '```toml\nname = "Open"\n```\n'),
    ),
    Explanation(
        Rule.INVALID_VALUE,
        "A key has a value of the right kind that still cannot be used, such as an empty one.",
        "The page would show an empty line, or an address that leads nowhere.",
        content("book.toml", 'url = "harbour.example"\n'),
        content("book.toml", 'url = "https://harbour.example/"\n'),
    ),
    Explanation(
        Rule.MISSING_HEAD,
        "An article, a table or a text of a class does not begin with its head.",
        "The head is a block of TOML between lines of three backticks, the first of which says "
        "toml. It may be empty, but it shows where to write what.",
        content(_ARTICLE, "## What to do\n\nCome in slowly.\n"),
        content(_ARTICLE, "```toml\n```\n\n## What to do\n\nCome in slowly.\n"),
    ),
    Explanation(
        Rule.MISSING_KEY,
        "A key is missing that nothing can take the place of.",
        "A fact without a value, or a table without a licence, cannot be published.",
        content(_ARTICLE, '```toml\n[facts]\ncrew = { source = "Harbour rules, 3" }\n```\n'),
        content(
            _ARTICLE,
            '```toml\n[facts]\ncrew = { value = "pilot", source = "Harbour rules, 3" }\n```\n',
        ),
    ),
    Explanation(
        Rule.UNKNOWN_KEY,
        "A key is one that nobody reads; mostly it is misspelt.",
        "What it says would be lost without a word.",
        content(_ARTICLE, '```toml\nnmae = "Open"\n```\n'),
        content(_ARTICLE, '```toml\nname = "Open"\n```\n'),
    ),
    Explanation(
        Rule.WRONG_TYPE,
        "A value is of another kind than its key needs: a number for words, words for a list.",
        "It cannot be shown where the key is shown.",
        content(_ARTICLE, "```toml\nsee_also = 12\n```\n"),
        content(_ARTICLE, "```toml\nsee_also = [12]\n```\n"),
    ),
)
"""One for each rule, in the order of their names."""
