"""What the records for programs look like. Keys are added to them, never renamed or removed.

The schemas that are published are made from these types: each description is written for whoever
reads a record, and each title is the name of the type.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated

from msgspec import Meta, Struct, field

from codebook.site.api.api_pieces import (
    Address,
    Body,
    Cited,
    ClassLink,
    CodeLink,
    Column,
    Excerpt,
    Fact,
    FactKind,
    FormerName,
    GuideLink,
    Label,
    Lead,
    Links,
    Marks,
    Row,
    Schema,
    Slug,
    Title,
    Words,
)

Credits = Annotated[
    tuple[Words, ...], Meta(description="Whose words the record holds, and under which licence.")
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
    licence: Cited
    columns: Annotated[tuple[Column, ...], Meta(description="In order.")]
    rows: Annotated[tuple[Row, ...], Meta(description="In the order of the table.")]
    text: Annotated[Body, Meta(description="What the table is.")]
    credits: Credits
    links: Links
