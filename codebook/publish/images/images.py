"""The pictures of a site: a card for each page, and the icon in the sizes that are asked for.

A card is drawn only where the one of the last build shows something else: each says in itself
what it was drawn from.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, partial
from hashlib import blake2b
from pathlib import Path, PurePosixPath
from zlib import crc32

from codebook.book import urls
from codebook.cache.memory import Cache
from codebook.diagnostics.diagnostic import Diagnostic, Parsed, Rule
from codebook.diagnostics.source import Folder, Span
from codebook.publish.assets import Asset, hashed_asset
from codebook.publish.images import rasterize
from codebook.publish.images.social_card import lay_out
from codebook.publish.images.typeface import Face
from codebook.site.feeds.web_manifest import SIZES
from codebook.site.html import Page
from codebook.site.html.render import CARD, render_cards

Watch = Callable[[Iterable[PurePosixPath]], Iterable[PurePosixPath]]
"""Hands on what it is given; the caller can see by it how far the drawing is."""

_ICON = PurePosixPath("assets/icon.svg")
_TOUCH = 180
"""Pixels of the picture that iOS puts on a home screen."""
_ICO = (16, 32, 48)
_GROUND = "#27303a"
"""What fills the corners of a home screen's icon, which would be black otherwise."""
_SHOWN, _SAFE = 84, 62
"""Hundredths of its width that the icon takes, where it stays square and where it may be cut."""
_BOLD = PurePosixPath("fonts/InterDisplay-Bold.ttf")
_MEDIUM = PurePosixPath("fonts/InterDisplay-Medium.ttf")
_KEYWORD = b"Source\0"
"""Under which a card says what it was drawn from; a keyword of the PNG specification, Section
11.3.3.1 of its third edition."""
_AFTER_HEADER = 33
"""Bytes of a PNG up to the end of its first chunk, which is always IHDR."""


def icons(templates: Folder) -> tuple[Asset, ...]:
    """The icon as PNGs for home screens; nothing where the templates have none."""
    if _ICON not in templates.files:
        return ()
    svg = templates.files[_ICON].decode()
    touch = hashed_asset("touch-icon.png", _png(rasterize.framed(svg, _GROUND, _SHOWN), _TOUCH))
    safe = rasterize.framed(svg, _GROUND, _SAFE)
    return (touch, *(hashed_asset(f"icon-{size}.png", _png(safe, size)) for size in SIZES))


def favicon(templates: Folder) -> Mapping[PurePosixPath, bytes]:
    """The icon for browsers that draw no SVG; nothing where the templates have none."""
    if _ICON not in templates.files:
        return {}
    svg = templates.files[_ICON].decode()
    data = rasterize.ico([_png(svg, size) for size in _ICO])
    return {PurePosixPath(urls.ICON): data}


def icon_errors(templates: Folder) -> Iterator[Diagnostic]:
    """A problem where the icon is no square picture."""
    try:
        favicon(templates)
    except ValueError as error:
        cure = "make it an SVG whose viewBox is a square"
        where = Span(templates.show(_ICON))
        yield Diagnostic(Rule.TEMPLATE_ERROR, where, f"no icon can be drawn: {error}", help=cure)


@cache
def _png(svg: str, size: int) -> bytes:
    """The icon, drawn once in a run that makes several sites."""
    return rasterize.png(svg, (), size, size)


def can_draw(templates: Folder) -> bool:
    """Whether the templates have what a card is made of."""
    return {PurePosixPath(CARD), _BOLD, _MEDIUM} <= templates.files.keys()


def draw_cards(
    pages: Sequence[Page],
    templates: Folder,
    kept: Mapping[PurePosixPath, bytes],
    memory: Cache,
    watch: Watch = lambda paths: paths,
) -> Parsed[Mapping[PurePosixPath, bytes]]:
    """A card for each page that links are shown with. `kept` are those of the last build."""
    if not can_draw(templates):
        return Parsed({})
    fonts = {path: templates.files[path] for path in (_BOLD, _MEDIUM)}
    faces: dict[PurePosixPath, Face] = {}
    for path, data in fonts.items():
        try:
            faces[path] = Face.of(data)
        except ValueError as error:
            cure = "put the font there that templates/fonts/README.md tells how to make"
            where = Span(templates.show(path))
            message = f"the font cannot be read: {error}"
            return Parsed({}, (Diagnostic(Rule.TEMPLATE_ERROR, where, message, help=cure),))
    places = [templates.place / path for path in fonts]
    plans = {
        PurePosixPath(urls.card(page.address)): lay_out(
            page.card.number,
            page.card.name,
            page.card.kind,
            page.card.family,
            page.card.site_title,
            bold=faces[_BOLD],
            medium=faces[_MEDIUM],
        )
        for page in pages
        if page.card
    }
    svgs = render_cards(plans, templates, memory)
    ground = b"".join(fonts.values()) + rasterize.VERSION.encode()
    drawn: dict[PurePosixPath, bytes] = {}
    try:
        for path in watch(list(svgs.value)):
            svg = svgs.value[path].decode()
            drawn[path] = memory.recall(
                ("card", str(path)),
                (svg, ground),
                partial(_card, svg, places, ground, kept.get(path, b"")),
            )
    except ValueError as error:
        span = Span(templates.show(PurePosixPath(CARD)))
        cure = "correct the template, or the fonts beside it"
        diagnostic = Diagnostic(
            Rule.TEMPLATE_ERROR, span, f"no card can be drawn: {error}", help=cure
        )
        return Parsed({}, (*svgs.diagnostics, diagnostic))
    return Parsed(drawn, svgs.diagnostics)


def _card(svg: str, fonts: Sequence[Path], ground: bytes, before: bytes) -> bytes:
    """The card as a PNG: the one from before, where that shows the same."""
    digest = blake2b(ground, digest_size=16)
    digest.update(svg.encode())
    origin = _chunk(digest.hexdigest().encode())
    size = (rasterize.CARD_WIDTH, rasterize.CARD_HEIGHT)
    if rasterize.is_whole(before, *size) and before.startswith(origin, _AFTER_HEADER):
        return before
    made = rasterize.png(svg, fonts, *size)
    return made[:_AFTER_HEADER] + origin + made[_AFTER_HEADER:]


def _chunk(origin: bytes) -> bytes:
    """A text chunk of a PNG: its length, its type, what it says, their checksum."""
    body = b"tEXt" + _KEYWORD + origin
    return struct.pack(">I", len(body) - 4) + body + struct.pack(">I", crc32(body))
