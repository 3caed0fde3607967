"""The types of all TOML: front matter, `compare` blocks, `book.toml`, and `facts.toml`.

Keys with a default are optional, and unknown keys are errors. The descriptions and docstrings of
these types are part of the editor schemas.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from msgspec import Meta, Struct

from codebook.book.layout import SLUG
from codebook.book.settings import MAX_SUMMARY
from codebook.syntax import toml


def doc(description: str, **more: Any) -> Meta:  # noqa: ANN401 - any keyword of JSON Schema
    """Return the description of a key, and more JSON Schema keywords for its value.

    `more` is only for editors: the parsers check values themselves, with better messages.
    """
    return Meta(description=description, extra_json_schema=more)


MOVED_URL = rf"(?:{SLUG.pattern}/)+(?:#[\w-]+)?"
"""The former URL of a page, relative to the URL of the site."""
LANGUAGE_TAG = r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*"
"""The syntax of language tags: RFC 5646, Section 2.1, without its rarest parts."""
RESERVED_PATHS = ("classes", "guides", "tables")
"""Path segments that other pages or records of the JSON API use."""

_SLUG = f"^{SLUG.pattern}$"
_WEB_URL = r"""^(?:[Hh][Tt][Tt][Pp][Ss]?://[^\s"'<>\\^`{|}]+)?$"""


class SourcedName(Struct, frozen=True):
    """A former name."""

    name: Annotated[str, doc("The former name.")]
    source: Annotated[str, doc("The document and section that use the name.")]


class FactHead(Struct, frozen=True):
    """A fact of a code, with its source."""

    value: Annotated[str, doc("The value: one of those in facts.toml, if it declares any.")]
    source: Annotated[
        str, doc("The document and section that support the fact."), toml.EXPECTED
    ] = ""
    note: Annotated[str, doc("A sentence to show with the fact.")] = ""
    uncertain: Annotated[str, doc("Why the fact may be wrong. The page shows this text.")] = ""


class SymptomToml(Struct, frozen=True):
    """A message that people see when they get the code."""

    message: Annotated[
        str, doc("The message as it appears, without the parts that vary, such as dates.")
    ]
    program: Annotated[str, doc("The program that writes the message.")]
    where: Annotated[str, doc("Where the message appears, such as an error log.")]
    cause: Annotated[str, doc("What happened, in a paragraph of Markdown.")]
    source: Annotated[str, doc("The document that contains the message.")]
    reproduced: Annotated[
        str, doc("The version of the program that wrote the message in a test.")
    ] = ""


class ArticleHead(Struct, frozen=True):
    """The front matter of `codes/NUMBER.md`."""

    name: Annotated[str, doc("The name of the code, if the register doesn't contain it.")] = ""
    known_as: Annotated[
        str,
        doc(
            "The name that people know, if it's another one or the code has none. Pages show it as "
            "the name of the code, and the other one next to it."
        ),
    ] = ""
    summary: Annotated[
        str,
        doc(
            "What the code means, in a sentence of plain text. Pages show it first, and link "
            "previews and search results only it. By default, they show the text in the register.",
            maxLength=MAX_SUMMARY,
        ),
    ] = ""
    spec: Annotated[str, doc("The document and section that define the code.")] = ""
    formerly: Annotated[list[SourcedName], doc("Former names of the code.")] = []
    see_also: Annotated[
        list[Annotated[int, doc("A code.", minimum=0)]],
        doc("Related codes, whose articles should list this code in turn."),
    ] = []
    keywords: Annotated[
        list[str],
        doc("Additional search terms that the texts of the code don't contain."),
    ] = []
    aliases: Annotated[
        list[Annotated[str, doc("A path segment of a URL.", pattern=_SLUG)]] | None,
        doc(
            "The names that redirect to this code, as path segments, for names that several codes "
            "share. By default, all names of the code redirect to it; with [], none."
        ),
    ] = None
    facts: Annotated[dict[str, FactHead], doc("Facts about the code, with their sources.")] = {}
    symptoms: Annotated[
        list[SymptomToml],
        doc("The messages that people see when they get the code, the most common first."),
    ] = []


class ClassTextHead(Struct, frozen=True):
    """The front matter of `classes/LABEL.md`."""

    unassigned: Annotated[
        str,
        doc("The search result for an unassigned code. {number} is a placeholder for the code."),
    ] = ""


class GuideHead(Struct, frozen=True):
    """The front matter of `guides/NAME.md`, which is optional."""

    keywords: Annotated[
        list[str],
        doc("Additional search terms that the title and the headings don't contain."),
    ] = []


class OutcomeToml(Struct, frozen=True):
    """An outcome of a survey."""

    mark: Annotated[
        str, doc("The character that stands for it in a matrix.", minLength=1, maxLength=1)
    ]
    text: Annotated[
        str, doc("What the subject does, without the subject, such as “returns the redirect”.")
    ]
    color: Annotated[
        int,
        doc("The number of its color. The default is its position in the list.", minimum=1),
    ] = 0
    deviates: Annotated[
        bool,
        doc("With false, it is never marked as different from what is expected."),
    ] = True


class SubjectToml(Struct, frozen=True):
    """A subject of a survey: a column of the CSV file."""

    name: Annotated[str, doc("Its name, without the version.")]
    version: Annotated[str, doc("The version that was measured.")] = ""


class TableHead(Struct, frozen=True):
    """The front matter of `tables/NAME.md`."""

    title: Annotated[str, doc("The title of the table.")]
    source: Annotated[str, doc("The source of the rows: a URL or a document.")]
    read: Annotated[date, doc("The date when the source was retrieved, such as 2026-01-31.")]
    license: Annotated[str, doc("The license of the rows.")]
    columns: Annotated[
        dict[str, Annotated[str, doc("The column header.")]],
        doc(
            "The columns to show, in order, by their names in the CSV file. One of them must be "
            '"code", which contains the code of each row.',
            required=["code"],
        ),
    ]
    choose: Annotated[
        str,
        doc(
            "The label of a menu in which readers choose one of the other columns, such as "
            '"Constant in…". The site remembers the choice. The cells of these columns are code: '
            "values, separated by semicolons, each of which can have a note in parentheses."
        ),
    ] = ""
    section: Annotated[
        str, doc("In a survey, the heading of the section on pages of codes, which surveys share.")
    ] = ""
    repeat: Annotated[
        str,
        doc(
            "In a survey, the command that repeats a row. {scenario} is a placeholder for the "
            "scenario of the row."
        ),
    ] = ""
    outcomes: Annotated[
        dict[str, OutcomeToml],
        doc(
            "Makes the table a survey: what its subjects can do. The other columns contain their "
            "keys. Its columns are code, group, scenario, section, and expected."
        ),
    ] = {}
    subjects: Annotated[
        dict[str, SubjectToml],
        doc("In a survey, the other columns of the CSV file, in order: what was measured."),
    ] = {}


class ComparisonHead(Struct, frozen=True):
    """The content of a `compare` block. By default, it compares everything."""

    codes: Annotated[
        list[Annotated[int, doc("A code.", minimum=0)]] | None,
        doc("The codes to compare. The default is all codes with one of the facts."),
    ] = None
    facts: Annotated[
        list[Annotated[str, doc("The key of a fact.")]] | None,
        doc("The facts to compare, by their keys in facts.toml. The default is all facts."),
    ] = None


class FactKindToml(Struct, frozen=True):
    """A fact in `facts.toml`."""

    label: Annotated[str, doc("The label on pages.")]
    about: Annotated[str, doc("A sentence that explains the fact.")]
    values: Annotated[
        dict[str, Annotated[str, doc("A sentence that explains the value.")]],
        doc("The allowed values with their meanings. By default, any text is allowed."),
    ] = {}
    marked: Annotated[
        list[str],
        doc("The values to show next to a code wherever the book mentions it."),
    ] = []
    usual: Annotated[
        list[str],
        doc("The values that most codes have. Pages of codes show them together in one line."),
    ] = []


class NameColumnToml(Struct, frozen=True):
    """The column with names for codes that have no name in a register or article."""

    table: Annotated[str, doc("The table: its file name without .md.")]
    column: Annotated[str, doc("The name of the column in the CSV file.")]


class SearchColumnToml(Struct, frozen=True):
    """A column to search."""

    table: Annotated[str, doc("The table: its file name without .md.")]
    column: Annotated[str, doc("The name of the column in the CSV file.")]


class ExchangeToml(Struct, frozen=True):
    """Settings for diagrams of exchanges."""

    language: Annotated[str, doc("The language of code blocks that contain a message.")]
    client: Annotated[str, doc("The name of the client.")]
    server: Annotated[str, doc("The name of the server.")]
    request: Annotated[
        str,
        doc(
            "A regular expression for the first line of a request. The diagram shows its group "
            "(?P<label>…).",
            pattern=r"\(\?P<label>",
        ),
    ]
    response: Annotated[str, doc("The same for responses.", pattern=r"\(\?P<label>")]
    fields: Annotated[
        str,
        doc(
            "A regular expression for other important lines. The diagram shows the first line that "
            "matches."
        ),
    ] = ""


class CitationToml(Struct, frozen=True):
    """A citation style, and the URL of the source."""

    pattern: Annotated[
        str,
        doc("A regular expression for the citation, with a group (?P<name>…) for each part."),
    ]
    url: Annotated[
        str,
        doc(
            "The URL of the source, with the names of the groups in braces: {name}.",
            pattern="^[Hh][Tt][Tt][Pp][Ss]?://",
        ),
    ]


class CreditToml(Struct, frozen=True):
    """The attribution for the text of some documents."""

    documents: Annotated[list[str], doc("The files with the text, relative to the content folder.")]
    text: Annotated[str, doc("The attribution in Markdown, shown on every page with the text.")]
    codes: Annotated[
        list[Annotated[int, doc("A code.", minimum=0)]],
        doc("The codes whose texts need it, so that pages of others don't show it. Default: all."),
    ] = []


class SecurityToml(Struct, frozen=True):
    """The contact for vulnerability reports."""

    contact: Annotated[
        list[
            Annotated[
                str, doc("An https or mailto URL.", pattern="^(?:[Hh][Tt][Tt][Pp][Ss]|mailto):")
            ]
        ],
        doc("URLs for reports, in order of preference.", minItems=1),
    ]
    expires: Annotated[
        date, doc("The date when the contact information expires, such as 2026-01-31.")
    ]
    policy: Annotated[
        str,
        doc(
            "The https URL of the disclosure policy.",
            pattern="^(?:[Hh][Tt][Tt][Pp][Ss]://.+)?$",
        ),
    ] = ""


class BookToml(Struct, frozen=True):
    """`book.toml`."""

    title: Annotated[
        str, doc("The title of the book. The default is the title of the first register.")
    ] = ""
    description: Annotated[str, doc("A description for search engines and link previews.")] = ""
    language: Annotated[
        str,
        doc(
            'The language of the book, such as "en" or "pt-BR".',
            pattern=f"^{LANGUAGE_TAG}$",
        ),
    ] = "en"
    path: Annotated[
        str,
        doc(
            "The first path segment of the URLs of codes.",
            **{"pattern": _SLUG, "not": {"enum": [*RESERVED_PATHS]}},
        ),
    ] = "status"
    url: Annotated[
        str,
        doc(
            "The public URL of the site. --url and $CODEBOOK_URL override it.",
            pattern=_WEB_URL,
        ),
    ] = ""
    repository: Annotated[
        str, doc("The URL of the repository, for edit links.", pattern=_WEB_URL)
    ] = ""
    branch: Annotated[str, doc("The branch for edit links.")] = "main"
    names: Annotated[
        NameColumnToml | None,
        doc("The column with names for codes that have no name in a register or article."),
    ] = None
    search: Annotated[list[SearchColumnToml], doc("Columns to include in the search.")] = []
    stop_words: Annotated[
        list[str], doc("Words that the search ignores if a query has others, in lowercase.")
    ] = []
    suggestions: Annotated[
        list[Annotated[int, doc("A code.", minimum=0)]],
        doc("The codes that the search suggests before anything is typed, in order."),
    ] = []
    exchange: Annotated[
        ExchangeToml | None,
        doc("Settings for diagrams of exchanges. By default, no diagrams are drawn."),
    ] = None
    headings: Annotated[
        list[str],
        doc(
            "The allowed level-2 headings of articles, in order. By default, any heading is "
            "allowed in any order."
        ),
    ] = []
    guides: Annotated[
        list[str],
        doc(
            "The guides that lists of pages show first, in order, by their file names without .md. "
            "The others follow in order of their file names."
        ),
    ] = []
    tables: Annotated[
        list[str],
        doc("The tables that lists of pages show first, like `guides`."),
    ] = []
    references: Annotated[
        list[CitationToml],
        doc(
            "Citation styles, which become links. The first match at a position wins, so list "
            "specific patterns first."
        ),
    ] = []
    credits: Annotated[
        list[CreditToml], doc("The attribution for the text of some documents.")
    ] = []
    moved: Annotated[
        dict[str, Annotated[str, doc("The file to redirect to.")]],
        doc(
            'Redirects from former URLs: "guides/old/" = "guides/new.md".',
            propertyNames={"pattern": f"^{MOVED_URL}$"},
        ),
    ] = {}
    security: Annotated[SecurityToml | None, doc("The contact for vulnerability reports.")] = None
