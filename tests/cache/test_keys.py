"""Keys of results: different inputs have different keys, and each process finds the same."""

from __future__ import annotations

import types
from collections.abc import Iterator
from typing import Any, Union, get_args, get_origin, get_type_hints

import pytest
from msgspec import Struct

from codebook.book.book import Book
from codebook.book.history import History
from codebook.book.parse.parsed import File
from codebook.cache import Cache, Keys, StoredResults, each, key_of
from codebook.io.git import Head
from codebook.publish.images.cards_and_icons import CardDesign
from codebook.site.api.api import IndexTexts
from codebook.site.html.contexts import CardView, Icon
from codebook.site.html.scope import HtmlSite
from codebook.site.routes import PageTable, Route, Subject
from codebook.site.text.llms import ListedPage

INPUTS = (
    *(PageTable, HtmlSite, History, Book, File, Head, CardView, CardDesign, Icon, IndexTexts),
    ListedPage,
)
"""The records of which keys are made."""


def fields(kinds: tuple[Any, ...]) -> Iterator[tuple[type[Struct], str, Any]]:
    """Each field of these records and of those in them, with its type."""
    seen: set[Any] = set()
    ahead = [*kinds]
    while ahead:
        kind = ahead.pop()
        if kind in seen:
            continue
        seen.add(kind)
        ahead += get_args(kind)
        if isinstance(kind, type) and issubclass(kind, Struct):
            for name, hint in get_type_hints(kind).items():
                if name in kind.__struct_fields__:
                    yield kind, name, hint
                    ahead.append(hint)


FIELDS = [*fields(INPUTS)]


def parts(kind: Any) -> Iterator[Any]:  # noqa: ANN401 - any annotation
    """A type, and all types in its parameters."""
    yield kind
    for part in get_args(kind):
        yield from parts(part)


def encoded_shape(kind: Any) -> object:  # noqa: ANN401 - any annotation
    """What distinguishes an encoded value of a type from those of others."""
    if isinstance(kind, type) and issubclass(kind, Struct):
        return (kind.__struct_config__.tag, *sorted(kind.__struct_encode_fields__))
    origin = get_origin(kind) or kind
    return {tuple: "array", list: "array", range: "array", dict: "map"}.get(origin, origin)


def test_the_fields_of_keys_are_known() -> None:
    """The other tests look at all of them, also inside unions and tuples."""
    records = {record.__name__ for record, _, _ in FIELDS}
    assert {"Route", "Code", "Fact", "FactKind", "LinkTarget", "Span", "Alert", "Words"} <= records
    assert (Route, "subject", Subject) in FIELDS


def test_two_types_in_the_same_place_are_encoded_differently() -> None:
    """Otherwise, a value could have the key of another one, and get its result."""
    alike = [
        (record.__name__, name)
        for record, name, hint in FIELDS
        for union in parts(hint)
        if get_origin(union) in {Union, types.UnionType}
        for shapes in [[encoded_shape(kind) for kind in get_args(union)]]
        if len({*shapes}) < len(shapes)
    ]
    assert alike == []


def test_no_key_depends_on_the_order_of_a_set() -> None:
    """Texts in a set have another order in each process; numbers don't."""
    sets = [
        (record.__name__, name)
        for record, name, hint in FIELDS
        for part in parts(hint)
        if get_origin(part) in {set, frozenset} and get_args(part) != (int,)
    ]
    assert sets == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ((1,), (True,)),
        ((1,), (1.0,)),
        (("1",), (1,)),
        (("a", "b"), ("ab",)),
        (("a", ""), ("a",)),
        ((b"a",), ("a",)),
        ((None,), ("",)),
        (((),), ("",)),
        (({"a": 1, "b": 2},), ({"b": 2, "a": 1},)),
    ],
)
def test_different_values_have_different_keys(
    one: tuple[object, ...], other: tuple[object, ...]
) -> None:
    """Also those that Python takes for equal."""
    assert key_of(*one) != key_of(*other)


def length(_name: str, text: str) -> int:
    """A stage."""
    return len(text)


@pytest.mark.parametrize(("stored", "keys"), [(None, 0), (StoredResults(), 2)])
def test_keys_are_only_made_of_results_to_store(
    monkeypatch: pytest.MonkeyPatch, stored: StoredResults | None, keys: int
) -> None:
    """The preview finds its results by comparing values."""
    made: list[bytes] = []
    key_of_values = Keys.of

    def record(self: Keys, *values: object) -> bytes:
        made.append(key_of_values(self, *values))
        return made[-1]

    monkeypatch.setattr(Keys, "of", record)
    cache = Cache(stored)
    for _ in range(2):
        assert each(cache, length, {"a": ("one",), "b": ("three",)}, int) == {"a": 3, "b": 5}
    assert len(made) == keys
