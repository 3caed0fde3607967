"""What a run does, counted without changing the program."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import CodeType, FrameType
from typing import TypeVar

from jinja2 import Environment

from codebook.book.parse.file import parse_file
from codebook.build import outputs
from codebook.publish import verify
from codebook.publish.images import cards_and_icons
from codebook.site.html import render
from codebook.site.html.contexts import CardView

T = TypeVar("T")


@dataclass
class Work:
    """What a run did, by path."""

    read: list[str] = field(default_factory=list)
    """The sources."""
    parsed: list[str] = field(default_factory=list)
    """The documents."""
    made: list[str] = field(default_factory=list)
    """The files of the site, whether or not they were written."""
    compiled: list[str] = field(default_factory=list)
    """The templates."""
    rendered: list[str] = field(default_factory=list)
    """The pages."""
    verified: list[str] = field(default_factory=list)
    """The pages whose links and elements were checked."""
    drawn: list[str] = field(default_factory=list)
    """The names on cards."""


_WATCHED: Mapping[CodeType, tuple[str, str]] = {
    Path.read_bytes.__code__: ("read", "self"),
    parse_file.__code__: ("parsed", "path"),
    outputs._make_and_verify.__code__: ("made", "output"),  # noqa: SLF001 - counts its calls
    Environment.compile.__code__: ("compiled", "name"),
    render.render_page.__code__: ("rendered", "path"),
    verify.verify_page.__code__: ("verified", "path"),
    cards_and_icons.draw_card.__code__: ("drawn", "card"),
}
"""The list that each function belongs to, and the parameter that is noted."""


def count(run: Callable[[], T]) -> tuple[T, Work]:
    """Run a function, and return its result and the work of the program in this process."""
    work = Work()
    lists: Mapping[str, list[str]] = vars(work)

    def note(frame: FrameType, event: str, _argument: object) -> None:
        if event == "call" and frame.f_code in _WATCHED:
            kind, parameter = _WATCHED[frame.f_code]
            lists[kind].append(_name(frame.f_locals[parameter]))

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        return run(), work
    finally:
        sys.setprofile(before)


def _name(value: object) -> str:
    match value:
        case outputs.Output(path=path):
            return str(path)
        case CardView(name=name):
            return name
        case _:
            return str(value)
