"""The types of the TOML that authors write: heads, `compare` fences, `book.toml`, `facts.toml`.

Keys with a default may be left out; a key that is not here is an error. The descriptions and the
docstrings of these types are published in the editor schemas.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from msgspec import Meta, Struct

from codebook.book.layout import SLUG


def doc(description: str, **more: Any) -> Meta:  # noqa: ANN401 - any keyword of JSON Schema
    """The description of a key, and more JSON Schema keywords for its value.

    Only editors use `more`: the modules that parse the value check it with better messages.
    """
    return Meta(description=description, extra_json_schema=more)


MOVED_URL = rf"(?:{SLUG.pattern}/)+(?:#[\w-]+)?"
"""A URL that a page had, relative to that of the site."""
LANGUAGE_TAG = r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*"
"""The syntax of a language tag: RFC 5646, Section 2.1, without its rarest parts."""
RESERVED_PATHS = ("classes", "tables")
"""Paths that the JSON API uses next to the path of the codes."""

_SLUG = f"^{SLUG.pattern}$"
_WEB_URL = r"""^(?:[Hh][Tt][Tt][Pp][Ss]?://[^\s"'<>\\^`{|}]+)?$"""


class SourcedName(Struct, frozen=True):
    """A former name."""

    name: Annotated[str, doc("What the code was called.")]
    source: Annotated[str, doc("The document and the section that call it so.")]


class FactHead(Struct, frozen=True):
    """A fact as an article states it. `source` is demanded where the fact is judged."""

    value: Annotated[str, doc("What is so: one of the values that facts.toml declares, if any.")]
    source: Annotated[str, doc("The document and the section that say so.")] = ""
    note: Annotated[str, doc("A sentence that goes with the fact wherever it is shown whole.")] = ""
    uncertain: Annotated[str, doc("Why the fact may be wrong; shown on the page.")] = ""


class ArticleHead(Struct, frozen=True):
    """The head of `codes/NUMBER.md`."""

    name: Annotated[str, doc("What the code is called, where the register does not say it.")] = ""
    spec: Annotated[str, doc("The document and the section that define the code.")] = ""
    formerly: Annotated[list[SourcedName], doc("Names that the code had before.")] = []
    see_also: Annotated[
        list[Annotated[int, doc("A code.", minimum=1)]],
        doc("Codes that are taken for this one; they name it in their turn."),
    ] = []
    keywords: Annotated[
        list[str],
        doc("Words that people search for and that the texts of the code do not have."),
    ] = []
    aliases: Annotated[
        list[Annotated[str, doc("A part of an address.", pattern=_SLUG)]] | None,
        doc(
            "Which names lead to this code, as addresses: for names that two codes have. Without "
            "it all its names do, with [] none."
        ),
    ] = None
    facts: Annotated[dict[str, FactHead], doc("What is so of the code, each with its source.")] = {}


class ClassTextHead(Struct, frozen=True):
    """The head of `classes/LABEL.md`."""

    unassigned: Annotated[
        str,
        doc("What the search says of a number that nobody has registered; {number} stands for it."),
    ] = ""


class TableHead(Struct, frozen=True):
    """The head of `tables/NAME.md`."""

    title: Annotated[str, doc("What the table is called.")]
    source: Annotated[str, doc("Where its rows are from: an address or a document.")]
    read: Annotated[date, doc("The day on which the source was read: 2026-01-31.")]
    license: Annotated[str, doc("The license of the rows.")]
    columns: Annotated[
        dict[str, Annotated[str, doc("What readers see above the column.")]],
        doc(
            'The columns that pages show, in their order, by their names in the CSV. "code" is '
            "among them: it holds the number that a row is about.",
            required=["code"],
        ),
    ]


class ComparisonHead(Struct, frozen=True):
    """The inside of a `compare` fence. What is left out means all that the book has."""

    codes: Annotated[
        list[Annotated[int, doc("A code.", minimum=1)]] | None,
        doc("The codes to set side by side; all of the book without it."),
    ] = None
    facts: Annotated[
        list[Annotated[str, doc("A fact.")]] | None,
        doc("The facts to compare, by their keys in facts.toml; all without it."),
    ] = None


class FactKindToml(Struct, frozen=True):
    """One table of `facts.toml`."""

    label: Annotated[str, doc("What readers see.")]
    about: Annotated[str, doc("What the fact says, in a sentence.")]
    values: Annotated[
        dict[str, Annotated[str, doc("What the value means, in a sentence.")]],
        doc("The allowed values, each with its meaning; without it any words are allowed."),
    ] = {}
    marked: Annotated[
        list[str],
        doc("The values that are shown beside a code wherever the book names it."),
    ] = []


class NameColumnToml(Struct, frozen=True):
    """Where names come from that no document gives."""

    table: Annotated[str, doc("The table: the name of its file without .md.")]
    column: Annotated[str, doc("The column of the names, as the first line of the CSV calls it.")]


class SearchColumnToml(Struct, frozen=True):
    """A column whose cells lead to their codes in the search."""

    table: Annotated[str, doc("The table: the name of its file without .md.")]
    column: Annotated[str, doc("The column, as the first line of the CSV calls it.")]


class ExchangeToml(Struct, frozen=True):
    """How examples are drawn: the language of their fences, who speaks, what is said."""

    language: Annotated[str, doc("The language of the code blocks that hold one message each.")]
    client: Annotated[str, doc("What the one that asks is called.")]
    server: Annotated[str, doc("What the one that answers is called.")]
    request: Annotated[
        str,
        doc(
            "A regular expression that finds the first line of a request; its group (?P<label>…) "
            "is what the drawing shows of it.",
            pattern=r"\(\?P<label>",
        ),
    ]
    response: Annotated[
        str, doc("The same for the first line of a response.", pattern=r"\(\?P<label>")
    ]
    fields: Annotated[
        str,
        doc(
            "A regular expression that finds the other lines worth showing; the drawing shows the "
            "first of them."
        ),
    ] = ""


class CitationToml(Struct, frozen=True):
    """A way to cite, and its address."""

    pattern: Annotated[
        str,
        doc("A regular expression that finds it, with a group (?P<name>…) for each of its parts."),
    ]
    url: Annotated[
        str,
        doc(
            "The address that it leads to, with the names of the groups in braces: {name}.",
            pattern="^[Hh][Tt][Tt][Pp][Ss]?://",
        ),
    ]


class CreditToml(Struct, frozen=True):
    """Whose words some documents hold."""

    documents: Annotated[list[str], doc("The files with those words, below the content folder.")]
    text: Annotated[str, doc("The credit in Markdown: every page that shows the words shows it.")]


class SecurityToml(Struct, frozen=True):
    """Whom to tell of a weakness of the site."""

    contact: Annotated[
        list[
            Annotated[
                str, doc("An https or mailto address.", pattern="^(?:[Hh][Tt][Tt][Pp][Ss]|mailto):")
            ]
        ],
        doc("Where to tell it, the preferred way first.", minItems=1),
    ]
    expires: Annotated[
        date, doc("The day from which the rest is not to be relied on any more: 2026-01-31.")
    ]
    policy: Annotated[
        str,
        doc(
            "The https address of a page that says what is done about it.",
            pattern="^(?:[Hh][Tt][Tt][Pp][Ss]://.+)?$",
        ),
    ] = ""


class BookToml(Struct, frozen=True):
    """`book.toml`."""

    title: Annotated[str, doc("What the book is called. Without it, what the register is.")] = ""
    description: Annotated[str, doc("What the book is about, for those who find it.")] = ""
    language: Annotated[
        str,
        doc(
            'The language of the book as a tag: "en", "pt-BR".',
            pattern=f"^{LANGUAGE_TAG}$",
        ),
    ] = "en"
    path: Annotated[
        str,
        doc(
            "The first part of the addresses of the codes.",
            **{"pattern": _SLUG, "not": {"enum": [*RESERVED_PATHS]}},
        ),
    ] = "status"
    url: Annotated[
        str,
        doc(
            "The public address of the site; --url and $CODEBOOK_URL go before it.",
            pattern=_WEB_URL,
        ),
    ] = ""
    repository: Annotated[
        str, doc("The web address of the repository, for links to edit.", pattern=_WEB_URL)
    ] = ""
    branch: Annotated[str, doc("The branch that links to edit lead to.")] = "main"
    names: Annotated[
        NameColumnToml | None,
        doc("What names a code which neither a register nor its article names."),
    ] = None
    search: Annotated[
        list[SearchColumnToml], doc("Columns whose cells lead to their codes in the search.")
    ] = []
    exchange: Annotated[
        ExchangeToml | None, doc("How examples are drawn; without it they are not.")
    ] = None
    headings: Annotated[
        list[str],
        doc("What the sections of an article may be called; without it, anything."),
    ] = []
    references: Annotated[
        list[CitationToml],
        doc(
            "Ways to cite, which become links. At each place the first that matches wins, so the "
            "precise ones come first."
        ),
    ] = []
    credits: Annotated[list[CreditToml], doc("Whose words some documents hold.")] = []
    moved: Annotated[
        dict[str, Annotated[str, doc("The file that is to be found there now.")]],
        doc(
            'Addresses that lead on: "guides/old/" = "guides/new.md".',
            propertyNames={"pattern": f"^{MOVED_URL}$"},
        ),
    ] = {}
    security: Annotated[SecurityToml | None, doc("Whom to tell of a weakness of the site.")] = None
