"""The rules of articles, facts and tables, explained."""

from codebook.diagnostics.diagnostic import Rule
from codebook.diagnostics.explanations.shapes import Explanation, content

_ARTICLE = "codes/11.md"
_SOURCE = 'source = "Harbour rules, 3"'
_PAGE = (
    '```toml\ntitle = "Lamps"\nsource = "The harbour office"\nread = 2026-05-04\n'
    'licence = "CC0-1.0"\n\n[columns]\ncode = "Code"\nlamp = "Lamp"\n```\n'
)
_DATA = "code,lamp\n11,green\n12,red\n"


def _facts(line: str) -> str:
    return f"```toml\n[facts]\n{line}\n```\n"


OF_ARTICLES = (
    Explanation(
        Rule.INVALID_CSV,
        "A table is not CSV, or a row has more or fewer cells than there are columns.",
        "Cells would stand under the wrong column. A cell that holds a comma stands in quotes.",
        (*content("tables/lamps.md", _PAGE), *content("tables/lamps.csv", "code,lamp\n11\n")),
        (*content("tables/lamps.md", _PAGE), *content("tables/lamps.csv", "code,lamp\n11,green\n")),
    ),
    Explanation(
        Rule.MISSING_SOURCE,
        "A fact has no source.",
        "Readers rely on facts, and must be able to look where they are from.",
        content(_ARTICLE, _facts('crew = { value = "pilot" }')),
        content(_ARTICLE, _facts(f'crew = {{ value = "pilot", {_SOURCE} }}')),
    ),
    Explanation(
        Rule.MISSING_TABLE_DATA,
        "A page of a table has no CSV of the same name beside it.",
        "There is nothing that the page could show.",
        content("tables/lamps.md", _PAGE),
        (*content("tables/lamps.md", _PAGE), *content("tables/lamps.csv", _DATA)),
    ),
    Explanation(
        Rule.MISSING_TABLE_PAGE,
        "A CSV has no page of the same name beside it.",
        "The page says what the table is, where it is from, and who may use it.",
        content("tables/lamps.csv", _DATA),
        (*content("tables/lamps.md", _PAGE), *content("tables/lamps.csv", _DATA)),
    ),
    Explanation(
        Rule.ORPHAN_ARTICLE,
        "An article is named by a code that no register describes.",
        "Nothing would lead to it. Mostly the name of the file is mistyped.",
        content("codes/13.md", "```toml\n```\n\n## What to do\n\nCome in slowly.\n"),
        content("codes/12.md", "```toml\n```\n\n## What to do\n\nCome in slowly.\n"),
    ),
    Explanation(
        Rule.ORPHAN_CLASS_TEXT,
        "The text of a class is named by a class that no register announces.",
        "It would be shown nowhere. A class is named by what its codes begin with, then an x for "
        "each digit that follows.",
        content("classes/2x.md", "```toml\n```\n\nAsk before you enter.\n"),
        content("classes/1x.md", "```toml\n```\n\nAsk before you enter.\n"),
    ),
    Explanation(
        Rule.UNKNOWN_CODE,
        "A head, a comparison or a table names a code that the book does not describe.",
        "It would lead to no page. Mostly the number is mistyped.",
        content(_ARTICLE, "```toml\nsee_also = [21]\n```\n"),
        content(_ARTICLE, "```toml\nsee_also = [12]\n```\n"),
    ),
    Explanation(
        Rule.UNKNOWN_COLUMN,
        "The columns of a CSV and those that its page declares are not the same.",
        "A column without a name cannot be shown, and one column must hold the codes.",
        (*content("tables/lamps.md", _PAGE), *content("tables/lamps.csv", "code,lmap\n11,green\n")),
        (*content("tables/lamps.md", _PAGE), *content("tables/lamps.csv", "code,lamp\n11,green\n")),
    ),
    Explanation(
        Rule.UNKNOWN_FACT,
        "An article or a comparison names a fact that `facts.toml` does not declare.",
        "The declaration says what the fact means; without it nobody can read the value.",
        content(_ARTICLE, _facts(f'cerw = {{ value = "pilot", {_SOURCE} }}')),
        content(_ARTICLE, _facts(f'crew = {{ value = "pilot", {_SOURCE} }}')),
    ),
    Explanation(
        Rule.UNKNOWN_HEADING,
        "An article has a heading of level two that `headings` in `book.toml` does not name.",
        "All articles have the same sections under the same names, so that readers find them.",
        (
            *content("book.toml", 'headings = ["What to do"]\n'),
            *content(_ARTICLE, "```toml\n```\n\n## To do\n\nCome in slowly.\n"),
        ),
        (
            *content("book.toml", 'headings = ["What to do"]\n'),
            *content(_ARTICLE, "```toml\n```\n\n## What to do\n\nCome in slowly.\n"),
        ),
    ),
    Explanation(
        Rule.UNKNOWN_VALUE,
        "A fact has a value that `facts.toml` does not allow.",
        "Codes can be compared by a fact only where the same thing is always said in one way.",
        content(_ARTICLE, _facts(f'crew = {{ value = "the pilot", {_SOURCE} }}')),
        content(_ARTICLE, _facts(f'crew = {{ value = "pilot", {_SOURCE} }}')),
    ),
)
"""One for each rule, in the order of their names."""
