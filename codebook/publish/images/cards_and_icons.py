"""The images of a site: a card for each page, and the icon in every size that clients request.

Each card contains a digest of its source. A card is drawn again only if the digest has changed
since the last build.
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
"""In pixels. iOS shows this icon on the home screen."""
_FAVICON_SIZES = (16, 32, 48)
_BACKGROUND = "#27303a"
"""Fills the corners of home screen icons, which would otherwise be black."""
_TOUCH_ICON_PERCENT, _MASKABLE_ICON_PERCENT = 84, 62
"""The width of the drawing in its square, for clients that show the whole square or crop it."""
_FONTS = tuple(PurePosixPath(f"fonts/InterDisplay-{name}.ttf") for name in ("Bold", "Medium"))
_SOURCE_KEYWORD = b"Source\0"
"""The keyword of the text chunk with the digest (PNG, third edition, Section 11.3.3.1)."""
_IHDR_END = 33
"""The offset where IHDR ends. It is always the first chunk."""


def icons(templates: Folder) -> tuple[Asset, ...]:
    """The icon as PNGs for home screens; empty if the templates have no icon."""
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
    """The icon for browsers without support for SVG icons; empty if the templates have no icon."""
    if _ICON not in templates.files:
        return {}
    svg = templates.files[_ICON].decode()
    data = rasterize.ico([_icon_png(svg, size) for size in _FAVICON_SIZES])
    return {PurePosixPath(urls.ICON): data}


def icon_errors(templates: Folder) -> Iterator[Diagnostic]:
    """Report an icon that isn't a square image."""
    try:
        favicon(templates)
    except ValueError as error:
        yield Diagnostic(
            Rule.TEMPLATE_ERROR,
            Span(templates.show(_ICON)),
            f"the icon cannot be drawn: {error}",
            help="use an SVG with a square viewBox",
        )


@cache_forever
def _icon_png(svg: str, size: int) -> bytes:
    """The icon as a PNG. Runs that build several sites draw it once."""
    return rasterize.png(svg, (), size, size)


def can_draw(templates: Folder) -> bool:
    """Whether the templates have a card and its fonts. Missing font widths are an error."""
    return {PurePosixPath(CARD), *_FONTS} <= templates.files.keys()


def draw_cards(
    cache: Cache,
    pages: Sequence[Page],
    templates: Folder,
    previous: Mapping[PurePosixPath, bytes],
    progress: Progress = no_progress,
) -> Parsed[Mapping[PurePosixPath, bytes]]:
    """Draw a card for each page that has one. `previous` holds the cards of the last build."""
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
        fonts = templates.show(_FONTS[0].parent)
        help_text = f"fix the template, or the fonts in {fonts}"
        diagnostic = Diagnostic(
            Rule.TEMPLATE_ERROR, span, f"the card cannot be drawn: {error}", help=help_text
        )
        return Parsed({}, (*svgs.diagnostics, diagnostic))
    return Parsed(drawn, svgs.diagnostics)


@memoize
def _renderer(_cache: Cache, fonts: tuple[bytes, ...]) -> bytes:
    """The fonts and the version of resvg, as one object that stays the same until they change."""
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
    """The card as a PNG; the previous PNG if it has the same source."""
    digest = blake2b(renderer, digest_size=16)
    digest.update(svg)
    source = _source_chunk(digest.hexdigest().encode())
    size = (rasterize.CARD_WIDTH, rasterize.CARD_HEIGHT)
    if rasterize.is_valid_png(previous, *size) and previous.startswith(source, _IHDR_END):
        return previous
    png = rasterize.png(svg.decode(), fonts, *size)
    return png[:_IHDR_END] + source + png[_IHDR_END:]


def _source_chunk(digest: bytes) -> bytes:
    """A PNG text chunk: length, type, keyword, text, and checksum."""
    body = b"tEXt" + _SOURCE_KEYWORD + digest
    return struct.pack(">I", len(body) - 4) + body + struct.pack(">I", crc32(body))
