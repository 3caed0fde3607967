"""The records of the JSON API. Keys can be added, but never renamed or removed.

The published schemas are generated from these types. Docstrings and descriptions document the API
for its users, and class names become the titles of schemas.
"""

# Annotations aren't strings here, because msgspec and typing would have to compile each of them.

from collections.abc import Mapping
from datetime import date
from typing import Annotated

import msgspec
from msgspec import Meta, Struct, field

Url = Annotated[str, Meta(extra_json_schema={"format": "uri-reference"})]
"""Absolute if the site has a base URL; otherwise relative to the record."""
Markdown = Annotated[str, Meta(extra_json_schema={"contentMediaType": "text/markdown"})]

Schema = Annotated[Url, Meta(description="The schema that this record validates against.")]
Marks = Annotated[
    tuple[str, ...],
    Meta(description="Labels to show wherever the code is named; often empty."),
]
Label = Annotated[
    str,
    Meta(
        description="The leading digits, then an x for each other digit, such as 4xx; for other "
        "ranges, the first and last code, such as 0-16."
    ),
]
Slug = Annotated[str, Meta(description="The last part of the page's URL.")]
Lead = Annotated[
    str, Meta(description="The introduction of the page as plain text; empty if there is none.")
]
Title = Annotated[str, Meta(description="The title of the page.")]


class Citation(Struct, frozen=True):
    """A part of a text that cites a source."""

    text: Annotated[str, Meta(description="The citation exactly as it appears in the text.")]
    url: Url


class Cited(Struct, frozen=True):
    """A plain text and the citations in it."""

    text: Annotated[str, Meta(description="The text; empty if nothing is stated.")]
    url: Annotated[Url, Meta(description="The URL of the first citation; empty if there is none.")]
    links: Annotated[
        tuple[Citation, ...], Meta(description="All citations, in order of appearance.")
    ]


Licence = Annotated[
    Cited, Meta(description="Use `license`.", extra_json_schema={"deprecated": True})
]
"""The former name of `license`: published keys are never removed."""


class Words(Struct, frozen=True):
    """A text in two formats."""

    markdown: Annotated[Markdown, Meta(description="As Markdown.")]
    plain: Annotated[str, Meta(description="As plain text.")]


class Section(Struct, frozen=True):
    """The text between one heading and the next."""

    slug: Annotated[
        str, Meta(description="The slug of the heading; empty for text above the first heading.")
    ]
    heading: Annotated[
        str, Meta(description="The heading as plain text; empty for text above the first heading.")
    ]
    level: Annotated[
        int,
        Meta(description="The level of the heading, from 2; 0 for text above the first heading."),
    ]
    markdown: Annotated[Markdown, Meta(description="As Markdown, without the heading.")]
    plain: Annotated[str, Meta(description="As plain text, without the heading.")]
    url: Annotated[Url, Meta(description="The URL of the section on its page.")]


class Body(Struct, frozen=True):
    """A long text. All fields are empty if there is none."""

    markdown: Annotated[Markdown, Meta(description="As Markdown, including headings.")]
    plain: Annotated[str, Meta(description="As plain text, including headings.")]
    sections: Annotated[
        tuple[Section, ...], Meta(description="The same text, split at its headings.")
    ]


class PageLinks(Struct, frozen=True):
    """The URLs of a page."""

    page: Annotated[Url, Meta(description="The HTML page.")]
    markdown: Annotated[Url, Meta(description="The page as Markdown.")]


class Links(Struct, frozen=True):
    """The URLs of a record and its page."""

    itself: Annotated[Url, Meta(description="The record.")] = field(name="self")
    page: Annotated[Url, Meta(description="The HTML page.")]
    markdown: Annotated[Url, Meta(description="The page as Markdown.")]


class TableLinks(Struct, frozen=True):
    """The URLs of a table."""

    itself: Annotated[Url, Meta(description="The record.")] = field(name="self")
    page: Annotated[Url, Meta(description="The HTML page.")]
    markdown: Annotated[Url, Meta(description="The page as Markdown.")]
    csv: Annotated[Url, Meta(description="The rows as CSV.")]


class ClassLink(Struct, frozen=True):
    """A class and its URLs."""

    label: Label
    name: str
    links: Links


class CodeLink(Struct, frozen=True):
    """A code and its URLs."""

    number: int
    name: Annotated[str, Meta(description="The name of the code; empty if it has none.")]
    title: Annotated[str, Meta(description="The number and the name.")]
    marks: Marks
    links: Links


class GuideLink(Struct, frozen=True):
    """A guide: a page about several codes."""

    slug: Slug
    title: Title
    lead: Lead
    links: PageLinks


class FactValue(Struct, frozen=True):
    """A possible value of a fact."""

    value: str
    meaning: str
    is_mark: Annotated[
        bool, Meta(description="Whether codes with this value list it in their marks.")
    ]


class FactKind(Struct, frozen=True):
    """A fact that can be stated about codes."""

    key: Annotated[str, Meta(description="A stable name for programs.")]
    label: Annotated[str, Meta(description="The display name.")]
    about: Annotated[str, Meta(description="What the fact says, in one sentence.")]
    values: Annotated[
        tuple[FactValue, ...],
        Meta(description="All possible values; empty if the fact accepts any text."),
    ]


class Fact(Struct, frozen=True):
    """A property of a code, with its source."""

    key: Annotated[str, Meta(description="The stable name of the fact for programs.")]
    label: Annotated[str, Meta(description="The display name of the fact.")]
    about: Annotated[str, Meta(description="What the fact says, in one sentence.")]
    value: str
    meaning: Annotated[
        str, Meta(description="What the value means; empty if the fact accepts any text.")
    ]
    note: Annotated[str, Meta(description="A remark; empty if there is none.")]
    uncertain: Annotated[
        str, Meta(description="Why the value might be wrong; empty if it isn't in doubt.")
    ]
    source: Cited


class Symptom(Struct, frozen=True):
    """A message that people see when they get a code."""

    message: Annotated[
        str, Meta(description="The message as it appears, without the parts that vary.")
    ]
    program: Annotated[str, Meta(description="The program that writes the message.")]
    where: Annotated[str, Meta(description="Where the message appears, such as an error log.")]
    cause: Annotated[Words, Meta(description="What happened.")]
    reproduced: Annotated[
        str,
        Meta(
            description="The version of the program that wrote the message in a test; empty if it "
            "wasn't tested."
        ),
    ]
    source: Cited


class FormerName(Struct, frozen=True):
    """A former name of a code, with its source."""

    name: str
    source: Cited


class Column(Struct, frozen=True):
    """A column of a table."""

    key: Annotated[str, Meta(description="A stable name for programs, used as the key of cells.")]
    label: Annotated[str, Meta(description="The display name.")]


class Row(Struct, frozen=True):
    """A row of a table."""

    number: Annotated[int, Meta(description="The code that the row is about.")]
    cells: Annotated[Mapping[str, str], Meta(description="The cells, by column key.")]
    citations: Annotated[
        Mapping[str, tuple[Citation, ...]],
        Meta(description="The citations in cells, by column key. Columns without any are omitted."),
    ]
    page: Annotated[Url, Meta(description="The URL of the code's page; empty if it has none.")]
    record: Annotated[Url, Meta(description="The URL of the code's record; empty if it has none.")]


class Excerpt(Struct, frozen=True):
    """The rows of a table that are about a code."""

    slug: Slug
    title: Title
    source: Annotated[Cited, Meta(description="The source of the table.")]
    read: Annotated[date, Meta(description="The date when the source was checked.")]
    license: Cited
    licence: Licence
    columns: Annotated[tuple[Column, ...], Meta(description="In the order of the table.")]
    rows: Annotated[tuple[Row, ...], Meta(description="The rows about the code.")]
    links: Annotated[TableLinks, Meta(description="The URLs of the whole table.")]


Credits = Annotated[
    tuple[Words, ...], Meta(description="The authors and licenses of the texts in the record.")
]


class CodeEntry(Struct, frozen=True):
    """A code in a list."""

    number: int
    name: Annotated[str, Meta(description="The name of the code; empty if it has none.")]
    title: Annotated[str, Meta(description="The number and the name.")]
    text: Annotated[str, Meta(description="The text in the register, as plain text.")]
    marks: Marks
    class_label: Annotated[str, Meta(description="The label of the code's class.")]
    links: Links


class ClassEntry(Struct, frozen=True):
    """A class in a list."""

    label: Label
    name: str
    low: Annotated[int, Meta(description="The lowest number in the range.")]
    high: Annotated[int, Meta(description="The highest number in the range.")]
    links: Links


class TableEntry(Struct, frozen=True):
    """A table in a list."""

    slug: Slug
    title: Title
    lead: Lead
    links: TableLinks


class CodeLinks(Struct, frozen=True):
    """The URLs of a code."""

    itself: Annotated[Url, Meta(description="The record.")] = field(name="self")
    page: Annotated[Url, Meta(description="The HTML page.")]
    markdown: Annotated[Url, Meta(description="The page as Markdown.")]
    short: Annotated[Url, Meta(description="A short URL that redirects to the page.")]
    names: Annotated[
        tuple[Url, ...], Meta(description="URLs made from names that redirect to the page.")
    ]


class IndexLinks(Struct, frozen=True):
    """The URLs of the book."""

    itself: Annotated[Url, Meta(description="The record.")] = field(name="self")
    page: Annotated[Url, Meta(description="The page of all codes.")]
    markdown: Annotated[Url, Meta(description="The page as Markdown.")]
    home: Annotated[Url, Meta(description="The home page.")]
    openapi: Annotated[Url, Meta(description="The description of all records, as OpenAPI.")]


class IndexRecord(Struct, frozen=True):
    """The book: an index of all records, and the facts that can be stated about codes."""

    schema: Schema = field(name="$schema")
    title: Annotated[str, Meta(description="The title of the book.")]
    description: Annotated[
        str, Meta(description="The description of the book as plain text; can be empty.")
    ]
    language: Annotated[
        str, Meta(description="The language of the texts, as a BCP 47 language tag.")
    ]
    codes: Annotated[tuple[CodeEntry, ...], Meta(description="Sorted by number.")]
    classes: Annotated[tuple[ClassEntry, ...], Meta(description="Sorted by range.")]
    guides: tuple[GuideLink, ...]
    tables: tuple[TableEntry, ...]
    facts: Annotated[
        tuple[FactKind, ...], Meta(description="In the order in which pages show them.")
    ]
    credits: Credits
    links: IndexLinks


class CodeRecord(Struct, frozen=True):
    """Everything about a code."""

    schema: Schema = field(name="$schema")
    number: int
    name: Annotated[str, Meta(description="The name of the code; empty if it has none.")]
    title: Annotated[str, Meta(description="The number and the name.")]
    code_class: Annotated[ClassLink, Meta(description="The class of the code.")] = field(
        name="class"
    )
    official_name: Annotated[
        str,
        Meta(description="The official name if people know the code by another; otherwise empty."),
    ]
    summary: Annotated[
        str, Meta(description="What the code means, in a sentence if its article has a summary.")
    ]
    text: Annotated[Words, Meta(description="The text in the register.")]
    marks: Marks
    former_names: tuple[FormerName, ...]
    spec: Annotated[
        Cited, Meta(description="The specification that defines the code; empty if none is stated.")
    ]
    keywords: Annotated[tuple[str, ...], Meta(description="Search terms for the code.")]
    facts: Annotated[
        tuple[Fact, ...], Meta(description="In the order in which the page shows them.")
    ]
    symptoms: Annotated[
        tuple[Symptom, ...],
        Meta(description="The messages that people see when they get the code."),
    ]
    article: Body
    tables: Annotated[
        tuple[Excerpt, ...], Meta(description="The rows about the code in each table.")
    ]
    see_also: Annotated[tuple[CodeLink, ...], Meta(description="Related codes.")]
    guides: Annotated[tuple[GuideLink, ...], Meta(description="Guides that mention the code.")]
    previous: Annotated[
        CodeLink | None, Meta(description="The previous code; null for the first code.")
    ]
    following: Annotated[
        CodeLink | None, Meta(description="The next code; null for the last code.")
    ]
    credits: Credits
    links: CodeLinks


class ClassRecord(Struct, frozen=True):
    """A class and its codes."""

    schema: Schema = field(name="$schema")
    label: Label
    name: str
    low: Annotated[int, Meta(description="The lowest number in the range.")]
    high: Annotated[int, Meta(description="The highest number in the range.")]
    text: Annotated[Body, Meta(description="What the class means.")]
    unassigned: Annotated[
        Cited,
        Meta(
            description="Text about unassigned codes in the range, with the placeholder {number} "
            "for the number; empty if there is none."
        ),
    ]
    codes: Annotated[tuple[CodeEntry, ...], Meta(description="Sorted by number.")]
    credits: Credits
    links: Links


class Outcome(Struct, frozen=True):
    """What a subject of a survey can do."""

    key: Annotated[str, Meta(description="A stable name for programs, used in cells.")]
    mark: Annotated[str, Meta(description="One character, which stands for it in a matrix.")]
    text: Annotated[str, Meta(description="The outcome in words, without the subject.")]
    can_deviate: Annotated[bool, Meta(description="Whether it can differ from what is expected.")]


class Subject(Struct, frozen=True):
    """Something whose behavior a survey measured, such as a program."""

    key: Annotated[str, Meta(description="The key of its cells.")]
    name: str
    version: Annotated[str, Meta(description="The version; empty if it has none.")]


class Scenario(Struct, frozen=True):
    """What a survey measured in a row of the table, which is at the same position."""

    id: Annotated[str, Meta(description="A stable name for programs and links.")]
    code: Annotated[str, Meta(description="The code as sent, which can be invalid.")]
    group: Annotated[str, Meta(description="What else was sent.")]
    expected: Annotated[
        tuple[str, ...],
        Meta(description="The keys of the expected outcomes; empty if none is specified."),
    ]
    deviating: Annotated[
        tuple[str, ...],
        Meta(description="The keys of the subjects with another outcome than those expected."),
    ]
    command: Annotated[str, Meta(description="The command that repeats the measurement.")]
    url: Annotated[Url, Meta(description="The URL of the scenario on the page of the table.")]


class Survey(Struct, frozen=True):
    """What each of many subjects, such as programs, did with each code."""

    outcomes: tuple[Outcome, ...]
    subjects: Annotated[
        tuple[Subject, ...], Meta(description="In the order of the columns of the table.")
    ]
    scenarios: Annotated[tuple[Scenario, ...], Meta(description="In the order of the rows.")]


class TableRecord(Struct, frozen=True):
    """A table with a code in each row."""

    schema: Schema = field(name="$schema")
    slug: Slug
    title: Title
    lead: Lead
    source: Annotated[Cited, Meta(description="The source of the table.")]
    read: Annotated[date, Meta(description="The date when the source was checked.")]
    license: Cited
    licence: Licence
    columns: Annotated[tuple[Column, ...], Meta(description="In order.")]
    rows: Annotated[tuple[Row, ...], Meta(description="In the order of the table.")]
    survey: Annotated[Survey | None, Meta(description="The survey; null if the table isn't one.")]
    text: Annotated[Body, Meta(description="A description of the table.")]
    credits: Credits
    links: TableLinks


def encode(record: object) -> bytes:
    """A record or schema as UTF-8 JSON with one key per line, in order of declaration."""
    return msgspec.json.format(msgspec.json.encode(record), indent=1) + b"\n"
