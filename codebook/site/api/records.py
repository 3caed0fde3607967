"""The records of the JSON API. Keys are added to them, never renamed or removed.

The published schemas are made from these types: each description is written for whoever reads a
record, and each title is the name of the type.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated

import msgspec
from msgspec import Meta, Struct, field

Address = Annotated[str, Meta(extra_json_schema={"format": "uri-reference"})]
"""A web address: whole where the site's own is known, else relative to the record."""
Markdown = Annotated[str, Meta(extra_json_schema={"contentMediaType": "text/markdown"})]

Schema = Annotated[Address, Meta(description="The schema that this record validates against.")]
Marks = Annotated[
    tuple[str, ...],
    Meta(description="What is to be known of the code wherever it is named; often nothing."),
]
Label = Annotated[str, Meta(description="First digits, and an x for each other digit.")]
Slug = Annotated[str, Meta(description="The last part of the page's address.")]
Lead = Annotated[
    str, Meta(description="What the page begins with, in plain words; empty where nothing is said.")
]
Title = Annotated[str, Meta(description="What the page is called.")]


class Citation(Struct, frozen=True):
    """A part of a text that leads somewhere."""

    text: Annotated[str, Meta(description="The words, as they stand in the text.")]
    url: Address


class Cited(Struct, frozen=True):
    """Plain words, and where the citations in them lead."""

    text: Annotated[str, Meta(description="The words; empty where nothing is said.")]
    url: Annotated[
        Address, Meta(description="Where the first citation leads; empty where there is none.")
    ]
    links: Annotated[tuple[Citation, ...], Meta(description="Every citation, in order.")]


Licence = Annotated[
    Cited, Meta(description="Use `license`.", extra_json_schema={"deprecated": True})
]
"""The former name of `license`: published keys are never removed."""


class Words(Struct, frozen=True):
    """A text in two forms."""

    markdown: Annotated[Markdown, Meta(description="As Markdown.")]
    plain: Annotated[str, Meta(description="Without any markup.")]


class Section(Struct, frozen=True):
    """What stands below one heading, up to the next."""

    slug: Annotated[str, Meta(description="Of its heading; empty above the first.")]
    heading: Annotated[str, Meta(description="In plain words; empty above the first.")]
    level: Annotated[int, Meta(description="Of its heading, from 2; 0 above the first.")]
    markdown: Annotated[Markdown, Meta(description="As Markdown, without the heading.")]
    plain: Annotated[str, Meta(description="Without any markup, and without the heading.")]
    url: Annotated[Address, Meta(description="The section on its page.")]


class Body(Struct, frozen=True):
    """A long text; everything is empty where there is none."""

    markdown: Annotated[Markdown, Meta(description="As Markdown, headings included.")]
    plain: Annotated[str, Meta(description="Without any markup, headings included.")]
    sections: Annotated[tuple[Section, ...], Meta(description="The same, cut at its headings.")]


class PageLinks(Struct, frozen=True):
    """Where a page is to be read."""

    page: Annotated[Address, Meta(description="The page for people.")]
    markdown: Annotated[Address, Meta(description="The same page as Markdown.")]


class Links(Struct, frozen=True):
    """Where something is to be read."""

    itself: Annotated[Address, Meta(description="Its record.")] = field(name="self")
    page: Annotated[Address, Meta(description="Its page for people.")]
    markdown: Annotated[Address, Meta(description="The same page as Markdown.")]


class ClassLink(Struct, frozen=True):
    """A class, named."""

    label: Label
    name: str
    links: Links


class CodeLink(Struct, frozen=True):
    """A code, named."""

    number: int
    name: Annotated[str, Meta(description="Empty where nothing in the book names it.")]
    title: Annotated[str, Meta(description="Number and name.")]
    marks: Marks
    links: Links


class GuideLink(Struct, frozen=True):
    """A guide: a page about several codes."""

    slug: Slug
    title: Title
    lead: Lead
    links: PageLinks


class FactValue(Struct, frozen=True):
    """A value that a fact may have."""

    value: str
    meaning: str
    is_mark: Annotated[bool, Meta(description="Whether it is one of the marks of its code.")]


class FactKind(Struct, frozen=True):
    """A fact that codes may have."""

    key: Annotated[str, Meta(description="Its name for programs; it never changes.")]
    label: Annotated[str, Meta(description="Its name for people.")]
    about: Annotated[str, Meta(description="What it says, in a sentence.")]
    values: Annotated[
        tuple[FactValue, ...], Meta(description="All that it may be; empty for any words.")
    ]


class Fact(Struct, frozen=True):
    """A property of a code, and where that can be read."""

    key: Annotated[str, Meta(description="The name of the fact for programs; it never changes.")]
    label: Annotated[str, Meta(description="The name of the fact for people.")]
    about: Annotated[str, Meta(description="What the fact says, in a sentence.")]
    value: str
    meaning: Annotated[
        str, Meta(description="What the value says; empty where the fact may be any words.")
    ]
    note: Annotated[str, Meta(description="What is to be added; empty where nothing is.")]
    uncertain: Annotated[
        str, Meta(description="Why it may be wrong; empty where nothing speaks against it.")
    ]
    source: Cited


class FormerName(Struct, frozen=True):
    """What a code was once called, and where that can be read."""

    name: str
    source: Cited


class Column(Struct, frozen=True):
    """A column of a table."""

    key: Annotated[str, Meta(description="Its name for programs: the key of its cells.")]
    label: Annotated[str, Meta(description="Its name for people.")]


class Row(Struct, frozen=True):
    """A row of a table."""

    number: Annotated[int, Meta(description="The code that it is about.")]
    cells: Annotated[Mapping[str, str], Meta(description="Its cells, by the key of their column.")]
    citations: Annotated[
        Mapping[str, tuple[Citation, ...]],
        Meta(description="Where citations in cells lead, by column; without those that cite none."),
    ]
    page: Annotated[Address, Meta(description="The code's page; empty where it has none.")]
    record: Annotated[Address, Meta(description="The code's record; empty where it has none.")]


class Excerpt(Struct, frozen=True):
    """What one table says of a code."""

    slug: Slug
    title: Title
    source: Annotated[Cited, Meta(description="Where the table is from.")]
    read: Annotated[date, Meta(description="When it was read there.")]
    license: Cited
    licence: Licence
    columns: Annotated[tuple[Column, ...], Meta(description="In the order of the table.")]
    rows: Annotated[tuple[Row, ...], Meta(description="Those that are about the code.")]
    links: Annotated[Links, Meta(description="Where the whole table is to be read.")]


Credits = Annotated[
    tuple[Words, ...], Meta(description="Whose words the record holds, and under which license.")
]


class CodeEntry(Struct, frozen=True):
    """A code in a list: what it is in short."""

    number: int
    name: Annotated[str, Meta(description="Empty where nothing in the book names it.")]
    title: Annotated[str, Meta(description="Number and name.")]
    text: Annotated[str, Meta(description="What it means, in plain words.")]
    marks: Marks
    class_label: Annotated[str, Meta(description="The label of its class.")]
    links: Links


class ClassEntry(Struct, frozen=True):
    """A class in a list."""

    label: Label
    name: str
    low: Annotated[int, Meta(description="The first number of its range.")]
    high: Annotated[int, Meta(description="The last number of its range.")]
    links: Links


class TableEntry(Struct, frozen=True):
    """A table in a list."""

    slug: Slug
    title: Title
    lead: Lead
    links: Links


class CodeLinks(Struct, frozen=True):
    """Where a code is to be read."""

    itself: Annotated[Address, Meta(description="Its record.")] = field(name="self")
    page: Annotated[Address, Meta(description="Its page for people.")]
    markdown: Annotated[Address, Meta(description="The same page as Markdown.")]
    short: Annotated[Address, Meta(description="A short address that leads to the page.")]
    names: Annotated[
        tuple[Address, ...], Meta(description="Addresses made of names, which lead there too.")
    ]


class IndexLinks(Struct, frozen=True):
    """Where the book is to be read."""

    itself: Annotated[Address, Meta(description="Its record.")] = field(name="self")
    page: Annotated[Address, Meta(description="The page of all codes.")]
    markdown: Annotated[Address, Meta(description="The same page as Markdown.")]
    home: Annotated[Address, Meta(description="The first page of the site.")]
    openapi: Annotated[Address, Meta(description="The description of all records, as OpenAPI.")]


class IndexRecord(Struct, frozen=True):
    """The book: everything that there is a record of, and the facts that codes may have."""

    schema: Schema = field(name="$schema")
    title: Annotated[str, Meta(description="What the book is called.")]
    description: Annotated[str, Meta(description="What it is, in plain words; may be empty.")]
    language: Annotated[str, Meta(description="Of its texts, as a language tag.")]
    codes: Annotated[tuple[CodeEntry, ...], Meta(description="In order of number.")]
    classes: Annotated[tuple[ClassEntry, ...], Meta(description="In order of range.")]
    guides: tuple[GuideLink, ...]
    tables: tuple[TableEntry, ...]
    facts: Annotated[tuple[FactKind, ...], Meta(description="In the order of the pages.")]
    credits: Credits
    links: IndexLinks


class CodeRecord(Struct, frozen=True):
    """Everything that the book says of a code."""

    schema: Schema = field(name="$schema")
    number: int
    name: Annotated[str, Meta(description="Empty where nothing in the book names it.")]
    title: Annotated[str, Meta(description="Number and name.")]
    code_class: Annotated[ClassLink, Meta(description="The class of the code.")] = field(
        name="class"
    )
    text: Annotated[Words, Meta(description="What it means.")]
    marks: Marks
    former_names: tuple[FormerName, ...]
    spec: Annotated[Cited, Meta(description="What defines it; empty where nothing is named.")]
    keywords: Annotated[
        tuple[str, ...], Meta(description="What people look for when they mean the code.")
    ]
    facts: Annotated[tuple[Fact, ...], Meta(description="In the order of the page.")]
    article: Body
    tables: Annotated[tuple[Excerpt, ...], Meta(description="What tables say of it.")]
    see_also: Annotated[tuple[CodeLink, ...], Meta(description="Codes to compare it with.")]
    guides: Annotated[tuple[GuideLink, ...], Meta(description="Guides that name it.")]
    previous: Annotated[
        CodeLink | None, Meta(description="The code before it; null for the first.")
    ]
    following: Annotated[
        CodeLink | None, Meta(description="The code behind it; null for the last.")
    ]
    credits: Credits
    links: CodeLinks


class ClassRecord(Struct, frozen=True):
    """A class, and the codes in it."""

    schema: Schema = field(name="$schema")
    label: Label
    name: str
    low: Annotated[int, Meta(description="The first number of its range.")]
    high: Annotated[int, Meta(description="The last number of its range.")]
    text: Annotated[Body, Meta(description="What the class means.")]
    unassigned: Annotated[
        Cited,
        Meta(
            description="What becomes of a number of the range that is no code, with {number} in "
            "the place of the number; empty where nothing is said."
        ),
    ]
    codes: Annotated[tuple[CodeEntry, ...], Meta(description="In order of number.")]
    credits: Credits
    links: Links


class TableRecord(Struct, frozen=True):
    """A table with a code in each row."""

    schema: Schema = field(name="$schema")
    slug: Slug
    title: Title
    lead: Lead
    source: Annotated[Cited, Meta(description="Where the table is from.")]
    read: Annotated[date, Meta(description="When it was read there.")]
    license: Cited
    licence: Licence
    columns: Annotated[tuple[Column, ...], Meta(description="In order.")]
    rows: Annotated[tuple[Row, ...], Meta(description="In the order of the table.")]
    text: Annotated[Body, Meta(description="What the table is.")]
    credits: Credits
    links: Links


def encode(record: object) -> bytes:
    """A record or schema as JSON in UTF-8, a line for each key, in the order of its keys."""
    return msgspec.json.format(msgspec.json.encode(record), indent=1) + b"\n"
