"""The words of the interface, from `words.toml` in the templates folder.

Each table of the file is a type here, and each text a field. The strings in an annotation are the
placeholders that the text may use; `fill` replaces them.
"""

# Annotations aren't strings here, because msgspec and typing would have to compile each of them.

import re
from collections.abc import Mapping
from functools import cache as cache_forever
from pathlib import PurePosixPath
from typing import Annotated, Any, TypeVar, get_type_hints

import msgspec
from msgspec import Struct

PATH = PurePosixPath("words.toml")
"""The file in the templates folder."""

PLACEHOLDER = re.compile(r"\{(\w+)\}")
"""In a text."""

S = TypeVar("S", bound=Struct)


class Plural(Struct, frozen=True):
    """A text that depends on `{count}`."""

    one: str
    """For exactly 1."""
    other: str


class Header(Struct, frozen=True):
    """What precedes the content of every page."""

    skip: str
    menu: str
    search: str
    theme: str
    theme_label: str
    breadcrumb: str


class Footer(Struct, frozen=True):
    """What follows the content of every page."""

    changed: str
    markdown: str
    json: str
    feed: str


class Pages(Struct, frozen=True):
    """Titles of pages and lists of them."""

    home: str
    all_codes: str
    all_codes_description: Annotated[Plural, "title"]
    all_guides: str
    all_guides_description: Annotated[Plural, "title"]
    all_tables: str
    all_tables_description: Annotated[Plural, "title"]
    not_found: str
    not_found_description: str
    codes: str
    guides: str
    tables: str
    guide: str
    table: str
    contents: str
    separator: str


class Edit(Struct, frozen=True):
    """Links to the sources of a page."""

    page: str
    register: Annotated[str, "title"]
    class_text: str
    summary: str
    text: str
    facts: str
    article: str
    table: str


class Filter(Struct, frozen=True):
    """The form that filters a list of codes."""

    label: Plural
    submit: str


class ClassWords(Struct, frozen=True):
    """The page of a class."""

    range: Annotated[str, "range"]
    count: Plural
    compare: str
    compare_note: str
    empty: str


class CodeWords(Struct, frozen=True):
    """The page of a code."""

    spec: str
    official_name: str
    formerly: str
    facts: str
    usual: str
    uncertain: str
    messages: str
    reproduced: Annotated[str, "program", "version"]
    tables: str
    rows: Plural
    see_also: str
    compare: Annotated[str, "codes"]
    neighbors: str
    previous: str
    next: str

    def reproduction(self, program: str, version: str) -> str:
        """Which version of a program wrote a message in a test; empty without a version."""
        return fill(self.reproduced, program=program, version=version) if version else ""


class TableWords(Struct, frozen=True):
    """The page of a table, and references."""

    source: str
    checked: str
    license: str
    data: str
    csv: str
    all: str
    more: Annotated[Plural, "titles"]
    references: str


class SurveyWords(Struct, frozen=True):
    """Surveys: on their pages, and on pages of codes."""

    results: str
    scenarios: str
    subject: str
    command: str
    deviation: str
    deviates: str
    open: str
    alternative: str
    between: str
    more: Plural
    share: Annotated[str, "outcome", "subjects"]
    count: Annotated[str, "count", "total"]


class Alerts(Struct, frozen=True):
    """The titles of alerts, by kind."""

    note: str
    tip: str
    important: str
    warning: str
    caution: str

    def title(self, kind: str) -> str:
        """Return the title of a kind of alert."""
        return str(getattr(self, kind))


class Facts(Struct, frozen=True):
    """Facts, alone and in comparisons."""

    code: str
    uncertain: str
    not_stated: str


class Diagram(Struct, frozen=True):
    """The text alternative of a sequence diagram."""

    label: Annotated[str, "messages"]
    message: Annotated[str, "sender", "message"]


class Markdown(Struct, frozen=True, rename={"class_": "class"}):
    """The Markdown versions of pages."""

    moved: str
    moved_to: Annotated[str, "page"]
    class_: str
    marked: str
    rows: str


class Llms(Struct, frozen=True):
    """`llms.txt`."""

    versions: str
    index: str
    openapi: str
    full: str


class Feed(Struct, frozen=True):
    """The feed of changes."""

    more: Plural


class OpenSearch(Struct, frozen=True):
    """The description of the search for browsers."""

    description: Annotated[str, "title"]


class Theme(Struct, frozen=True):
    """The color themes."""

    auto: str
    light: str
    dark: str


class Copy(Struct, frozen=True):
    """The copy menu, and the button on code blocks."""

    button: str
    link: str
    markdown_link: str
    citation: str
    page: str
    copied: str
    blocked: str
    failed: str


class Search(Struct, frozen=True):
    """The search dialog."""

    label: str
    dialog: str
    close: str
    results: str
    failed: str


class Rows(Struct, frozen=True):
    """The filter of a table."""

    label: str
    count: Plural
    shown: Annotated[Plural, "shown"]


class Results(Struct, frozen=True):
    """The results of a search, in the dialog and in a list of codes."""

    hint: str
    count: Plural
    more: Annotated[str, "shown", "count"]
    none: Annotated[str, "query"]
    meant: Annotated[str, "query"]
    unassigned: str
    impossible: str


class Preview(Struct, frozen=True):
    """The overlay of the preview."""

    not_built: str
    close: str
    escape: str
    list: str
    failed: Annotated[str, "counts"]
    last_good: str
    no_site: str
    closes: str
    warned: str
    errors: Plural
    warnings: Plural
    problems: Plural
    omitted: Plural
    error: str
    warning: str
    note: str
    help: str
    more: Plural


class Words(Struct, frozen=True):
    """All words of the interface."""

    language: str
    header: Header
    footer: Footer
    pages: Pages
    edit: Edit
    filter: Filter
    class_page: ClassWords
    code_page: CodeWords
    table_page: TableWords
    survey: SurveyWords
    alerts: Alerts
    facts: Facts
    diagram: Diagram
    markdown: Markdown
    llms: Llms
    feed: Feed
    opensearch: OpenSearch
    theme: Theme
    copy: Copy
    search: Search
    rows: Rows
    results: Results
    preview: Preview


_SCRIPT_TABLES = ("theme", "copy", "search")
"""The tables that the scripts of every page use. `rows` is in the filters that use it."""


def script_words(words: Words) -> Mapping[str, object]:
    """Return the words that the scripts of a page use, by table and key."""
    return {name: msgspec.to_builtins(getattr(words, name)) for name in _SCRIPT_TABLES}


def fill(text: str, **values: object) -> str:
    """Return the text with the placeholders replaced."""
    return PLACEHOLDER.sub(lambda match: str(values[match[1]]), text)


def counted(plural: Plural, count: int, **values: object) -> str:
    """Return the text for a number, with the placeholders replaced."""
    return fill(plural.one if count == 1 else plural.other, count=count, **values)


def _keys(target_type: type[S], path: str) -> S:
    """Return words in which each text is the path of its key."""
    hints: Mapping[str, Any] = get_type_hints(target_type)
    return target_type(
        **{
            name: path + name if hint is str else _keys(hint, f"{path}{name}.")
            for name, hint in hints.items()
        }
    )


@cache_forever
def keys() -> Words:
    """Words in which each text is the path of its key, for checks that need pages but no words."""
    return _keys(Words, "")


_RIGHT_TO_LEFT = frozenset(
    {"ar", "arc", "azb", "ckb", "dv", "fa", "glk", "he", "iw", "ji", "ks", "lrc", "mzn", "nqo"}
    | {"pnb", "ps", "sd", "syr", "ug", "ur", "yi"}
)
"""Languages that are usually written from right to left."""
_RIGHT_TO_LEFT_SCRIPTS = frozenset(
    {"adlm", "arab", "aran", "hebr", "mand", "mend", "nkoo", "rohg", "samr", "syrc", "thaa"}
)
_SCRIPT_LENGTH = 4


def direction(language: str) -> str:
    """Return the writing direction of a language, as the HTML attribute `dir` takes it."""
    first, *subtags = language.lower().split("-")
    script = next((tag for tag in subtags if len(tag) == _SCRIPT_LENGTH and tag.isalpha()), "")
    is_right_to_left = script in _RIGHT_TO_LEFT_SCRIPTS if script else first in _RIGHT_TO_LEFT
    return "rtl" if is_right_to_left else "ltr"
