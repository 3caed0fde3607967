"""The images of a site: a card for each page, and the icon in every size that clients ask for.

A card is drawn only if the one of the last build shows something else: each card holds a digest of
what it was drawn from.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping, Sequence
from functools import cache as cache_forever
from hashlib import blake2b
from pathlib import Path, PurePosixPath
from zlib import crc32

from codebook.book import urls
from codebook.cache import Cache, memoize, memoize_each
from codebook.diagnostics.diagnostic import Diagnostic, Parsed, Rule
from codebook.diagnostics.progress import Progress, no_progress
from codebook.diagnostics.source import Folder, Span
from codebook.publish.assets import Asset, hashed_asset
from codebook.publish.images import rasterize
from codebook.publish.images.social_card import lay_out
from codebook.publish.images.typeface import read_faces
from codebook.site.feeds.web_manifest import SIZES
from codebook.site.html.contexts import Page
from codebook.site.html.render import CARD, render_cards

_ICON = PurePosixPath("assets/icon.svg")
_TOUCH_ICON_SIZE = 180
"""Pixels of the icon that iOS puts on a home screen."""
_FAVICON_SIZES = (16, 32, 48)
_BACKGROUND = "#27303a"
"""Fills the corners of a home screen icon, which would be black otherwise."""
_TOUCH_ICON_PERCENT, _MASKABLE_ICON_PERCENT = 84, 62
"""How much of its square the drawing takes: where clients keep the square, and where they crop."""
_FONTS = tuple(PurePosixPath(f"fonts/InterDisplay-{name}.ttf") for name in ("Bold", "Medium"))
_SOURCE_KEYWORD = b"Source\0"
"""Of the text chunk with the digest; PNG specification, third edition, Section 11.3.3.1."""
_IHDR_END = 33
"""Where the first chunk of a PNG ends, which is always IHDR."""


def icons(templates: Folder) -> tuple[Asset, ...]:
    """The icon as PNGs for home screens; nothing where the templates have none."""
    if _ICON not in templates.files:
        return ()
    svg = templates.files[_ICON].decode()
    touch = rasterize.framed(svg, _BACKGROUND, _TOUCH_ICON_PERCENT)
    maskable = rasterize.framed(svg, _BACKGROUND, _MASKABLE_ICON_PERCENT)
    return (
        hashed_asset("touch-icon.png", _icon_png(touch, _TOUCH_ICON_SIZE)),
        *(hashed_asset(f"icon-{size}.png", _icon_png(maskable, size)) for size in SIZES),
    )


def favicon(templates: Folder) -> Mapping[PurePosixPath, bytes]:
    """The icon for browsers that draw no SVG; nothing where the templates have none."""
    if _ICON not in templates.files:
        return {}
    svg = templates.files[_ICON].decode()
    data = rasterize.ico([_icon_png(svg, size) for size in _FAVICON_SIZES])
    return {PurePosixPath(urls.ICON): data}


def icon_errors(templates: Folder) -> Iterator[Diagnostic]:
    """A diagnostic if the icon is not a square image."""
    try:
        favicon(templates)
    except ValueError as error:
        yield Diagnostic(
            Rule.TEMPLATE_ERROR,
            Span(templates.show(_ICON)),
            f"no icon can be drawn: {error}",
            help="make it an SVG whose viewBox is a square",
        )


@cache_forever
def _icon_png(svg: str, size: int) -> bytes:
    """The icon, drawn once in a run that makes several sites."""
    return rasterize.png(svg, (), size, size)


def can_draw(templates: Folder) -> bool:
    """Whether the templates have a card and its fonts; fonts without their widths are an error."""
    return {PurePosixPath(CARD), *_FONTS} <= templates.files.keys()


def draw_cards(
    cache: Cache,
    pages: Sequence[Page],
    templates: Folder,
    previous: Mapping[PurePosixPath, bytes],
    progress: Progress = no_progress,
) -> Parsed[Mapping[PurePosixPath, bytes]]:
    """A card for each page that links are shown with. `previous` are those of the last build."""
    if not can_draw(templates):
        return Parsed({})
    faces = read_faces(templates, _FONTS)
    if faces.diagnostics:
        return Parsed({}, faces.diagnostics)
    bold, medium = faces.value
    cards = {
        PurePosixPath(urls.card(page.url)): lay_out(page.card, bold=bold, medium=medium)
        for page in pages
        if page.card
    }
    svgs = render_cards(cache, cards, templates)
    font_paths = tuple(templates.root / path for path in _FONTS)
    renderer = _renderer(cache, tuple(templates.files[path] for path in _FONTS))
    drawn: dict[PurePosixPath, bytes] = {}
    try:
        for path in progress(list(svgs.value), "drawing"):
            drawn[path] = draw_card(
                cache, path, svgs.value[path], font_paths, renderer, previous.get(path, b"")
            )
    except ValueError as error:
        span = Span(templates.show(PurePosixPath(CARD)))
        help_text = "correct the template, or the fonts beside it"
        diagnostic = Diagnostic(
            Rule.TEMPLATE_ERROR, span, f"no card can be drawn: {error}", help=help_text
        )
        return Parsed({}, (*svgs.diagnostics, diagnostic))
    return Parsed(drawn, svgs.diagnostics)


@memoize
def _renderer(_cache: Cache, fonts: tuple[bytes, ...]) -> bytes:
    """What draws the cards: the fonts and the program. The same object while they are the same."""
    return b"".join(fonts) + rasterize.VERSION.encode()


@memoize_each
def draw_card(
    _cache: Cache,
    _path: PurePosixPath,
    svg: bytes,
    fonts: tuple[Path, ...],
    renderer: bytes,
    previous: bytes,
) -> bytes:
    """The card as a PNG: the previous one if it was drawn from the same."""
    digest = blake2b(renderer, digest_size=16)
    digest.update(svg)
    source = _source_chunk(digest.hexdigest().encode())
    size = (rasterize.CARD_WIDTH, rasterize.CARD_HEIGHT)
    if rasterize.is_valid_png(previous, *size) and previous.startswith(source, _IHDR_END):
        return previous
    png = rasterize.png(svg.decode(), fonts, *size)
    return png[:_IHDR_END] + source + png[_IHDR_END:]


def _source_chunk(digest: bytes) -> bytes:
    """A text chunk of a PNG: its length, type, keyword, text, and checksum."""
    body = b"tEXt" + _SOURCE_KEYWORD + digest
    return struct.pack(">I", len(body) - 4) + body + struct.pack(">I", crc32(body))
