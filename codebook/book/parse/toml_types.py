"""The shapes of heads and settings as they are written; the records are made from them.

Keys with a default may be left out. Any key that is not here is a problem. What a key is for is
said here once: editors show it beside the key.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from msgspec import Meta, Struct

from codebook.book.layout import SLUG


def _is(description: str, **more: Any) -> Meta:  # noqa: ANN401 - any keyword of JSON Schema
    """What a key is for, and what JSON Schema can say of its value beyond its type.

    The program does not judge by `more`: the modules that read the value do, and say what to do.
    """
    return Meta(description=description, extra_json_schema=more)


ADDRESS = rf"(?:{SLUG.pattern}/)+(?:#[\w-]+)?"
"""An address of a page, below that of the site."""
LANGUAGE = r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*"
"""The form of a language tag: RFC 5646, Section 2.1, without its rarest parts."""
TAKEN = ("classes", "tables")
"""What stands where the path of the codes stands, in the addresses for programs."""

_PART = f"^{SLUG.pattern}$"
_WEB_ADDRESS = r"""^(?:[Hh][Tt][Tt][Pp][Ss]?://[^\s"'<>\\^`{|}]+)?$"""


class SourcedName(Struct, frozen=True):
    """A former name."""

    name: Annotated[str, _is("What the code was called.")]
    source: Annotated[str, _is("The document and the section that call it so.")]


class FactHead(Struct, frozen=True):
    """A fact as an article states it. `source` is demanded where the fact is judged."""

    value: Annotated[str, _is("What is so: one of the values that facts.toml declares, if any.")]
    source: Annotated[str, _is("The document and the section that say so.")] = ""
    note: Annotated[str, _is("A sentence that goes with the fact wherever it is shown whole.")] = ""
    uncertain: Annotated[str, _is("Why the fact may be wrong; shown on the page.")] = ""


class ArticleHead(Struct, frozen=True):
    """The head of `codes/NUMBER.md`."""

    name: Annotated[str, _is("What the code is called, where the register does not say it.")] = ""
    spec: Annotated[str, _is("The document and the section that define the code.")] = ""
    formerly: Annotated[list[SourcedName], _is("Names that the code had before.")] = []
    see_also: Annotated[
        list[Annotated[int, _is("A code.", minimum=1)]],
        _is("Codes that are taken for this one; they name it in their turn."),
    ] = []
    keywords: Annotated[
        list[str],
        _is("Words that people search for and that the texts of the code do not have."),
    ] = []
    aliases: Annotated[
        list[Annotated[str, _is("A part of an address.", pattern=_PART)]] | None,
        _is(
            "Which names lead to this code, as addresses: for names that two codes have. Without "
            "it all its names do, with [] none."
        ),
    ] = None
    facts: Annotated[dict[str, FactHead], _is("What is so of the code, each with its source.")] = {}


class ClassTextHead(Struct, frozen=True):
    """The head of `classes/LABEL.md`."""

    unassigned: Annotated[
        str,
        _is("What the search says of a number that nobody has registered; {number} stands for it."),
    ] = ""


class TableHead(Struct, frozen=True):
    """The head of `tables/NAME.md`."""

    title: Annotated[str, _is("What the table is called.")]
    source: Annotated[str, _is("Where its rows are from: an address or a document.")]
    read: Annotated[date, _is("The day on which the source was read: 2026-01-31.")]
    licence: Annotated[str, _is("Under which licence the rows may be used.")]
    columns: Annotated[
        dict[str, Annotated[str, _is("What readers see above the column.")]],
        _is(
            'The columns that pages show, in their order, by their names in the CSV. "code" is '
            "among them: it holds the number that a row is about.",
            required=["code"],
        ),
    ]


class ComparisonHead(Struct, frozen=True):
    """The inside of a `compare` fence. What is left out means all that the book has."""

    codes: Annotated[
        list[Annotated[int, _is("A code.", minimum=1)]] | None,
        _is("The codes to set side by side; all of the book without it."),
    ] = None
    facts: Annotated[
        list[Annotated[str, _is("A fact.")]] | None,
        _is("The facts to compare, by their keys in facts.toml; all without it."),
    ] = None


class FactKindShape(Struct, frozen=True):
    """One table of `facts.toml`."""

    label: Annotated[str, _is("What readers see.")]
    about: Annotated[str, _is("What the fact says, in a sentence.")]
    values: Annotated[
        dict[str, Annotated[str, _is("What the value means, in a sentence.")]],
        _is("The allowed values, each with its meaning; without it any words are allowed."),
    ] = {}
    marked: Annotated[
        list[str],
        _is("The values that are shown beside a code wherever the book names it."),
    ] = []


class NamesShape(Struct, frozen=True):
    """Where names come from that no document gives."""

    table: Annotated[str, _is("The table: the name of its file without .md.")]
    column: Annotated[str, _is("The column of the names, as the first line of the CSV calls it.")]


class SearchShape(Struct, frozen=True):
    """A column whose cells lead to their codes in the search."""

    table: Annotated[str, _is("The table: the name of its file without .md.")]
    column: Annotated[str, _is("The column, as the first line of the CSV calls it.")]


class ExchangeShape(Struct, frozen=True):
    """How examples are drawn: the language of their fences, who speaks, what is said."""

    language: Annotated[str, _is("The language of the code blocks that hold one message each.")]
    client: Annotated[str, _is("What the one that asks is called.")]
    server: Annotated[str, _is("What the one that answers is called.")]
    request: Annotated[
        str,
        _is(
            "A regular expression that finds the first line of a request; its group (?P<label>…) "
            "is what the drawing shows of it.",
            pattern=r"\(\?P<label>",
        ),
    ]
    response: Annotated[
        str, _is("The same for the first line of a response.", pattern=r"\(\?P<label>")
    ]
    fields: Annotated[
        str,
        _is(
            "A regular expression that finds the other lines worth showing; the drawing shows the "
            "first of them."
        ),
    ] = ""


class CitationShape(Struct, frozen=True):
    """A way to cite, and its address."""

    pattern: Annotated[
        str,
        _is("A regular expression that finds it, with a group (?P<name>…) for each of its parts."),
    ]
    url: Annotated[
        str,
        _is(
            "The address that it leads to, with the names of the groups in braces: {name}.",
            pattern="^[Hh][Tt][Tt][Pp][Ss]?://",
        ),
    ]


class CreditShape(Struct, frozen=True):
    """Whose words some documents hold."""

    documents: Annotated[list[str], _is("The files with those words, below the content folder.")]
    text: Annotated[str, _is("The credit in Markdown: every page that shows the words shows it.")]


class SecurityShape(Struct, frozen=True):
    """Whom to tell of a weakness of the site."""

    contact: Annotated[
        list[
            Annotated[
                str, _is("An https or mailto address.", pattern="^(?:[Hh][Tt][Tt][Pp][Ss]|mailto):")
            ]
        ],
        _is("Where to tell it, the preferred way first.", minItems=1),
    ]
    expires: Annotated[
        date, _is("The day from which the rest is not to be relied on any more: 2026-01-31.")
    ]
    policy: Annotated[
        str,
        _is(
            "The https address of a page that says what is done about it.",
            pattern="^(?:[Hh][Tt][Tt][Pp][Ss]://.+)?$",
        ),
    ] = ""


class BookShape(Struct, frozen=True):
    """`book.toml`."""

    title: Annotated[str, _is("What the book is called. Without it, what the register is.")] = ""
    description: Annotated[str, _is("What the book is about, for those who find it.")] = ""
    language: Annotated[
        str,
        _is(
            'The language of the book as a tag: "en", "pt-BR".',
            pattern=f"^{LANGUAGE}$",
        ),
    ] = "en"
    path: Annotated[
        str,
        _is(
            "The first part of the addresses of the codes.",
            **{"pattern": _PART, "not": {"enum": [*TAKEN]}},
        ),
    ] = "status"
    url: Annotated[
        str,
        _is(
            "The public address of the site; --url and $CODEBOOK_URL go before it.",
            pattern=_WEB_ADDRESS,
        ),
    ] = ""
    repository: Annotated[
        str, _is("The web address of the repository, for links to edit.", pattern=_WEB_ADDRESS)
    ] = ""
    branch: Annotated[str, _is("The branch that links to edit lead to.")] = "main"
    names: Annotated[
        NamesShape | None,
        _is("What names a code which neither a register nor its article names."),
    ] = None
    search: Annotated[
        list[SearchShape], _is("Columns whose cells lead to their codes in the search.")
    ] = []
    exchange: Annotated[
        ExchangeShape | None, _is("How examples are drawn; without it they are not.")
    ] = None
    headings: Annotated[
        list[str],
        _is("What the sections of an article may be called; without it, anything."),
    ] = []
    references: Annotated[
        list[CitationShape],
        _is(
            "Ways to cite, which become links. At each place the first that matches wins, so the "
            "precise ones come first."
        ),
    ] = []
    credits: Annotated[list[CreditShape], _is("Whose words some documents hold.")] = []
    moved: Annotated[
        dict[str, Annotated[str, _is("The file that is to be found there now.")]],
        _is(
            'Addresses that lead on: "guides/old/" = "guides/new.md".',
            propertyNames={"pattern": f"^{ADDRESS}$"},
        ),
    ] = {}
    security: Annotated[SecurityShape | None, _is("Whom to tell of a weakness of the site.")] = None
