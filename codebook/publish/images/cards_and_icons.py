"""The images of a site: a card for each page, and the icon in every size that clients request.

Each card contains a digest of its source. A card is drawn again only if the digest has changed
since the last build.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Mapping, Sequence
from functools import cache as cache_forever
from hashlib import blake2b
from pathlib import PurePosixPath
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
from codebook.site.html.contexts import Card, Icon, Page
from codebook.site.html.palette import ClassColor, class_rows
from codebook.site.html.render import render_images

_CARD, _ICON = PurePosixPath(Card.template), PurePosixPath(Icon.template)
_ICON_ROWS = 5
"""The number of classes that the icon shows: more are too thin for the smallest icon."""
_TOUCH_ICON_SIZE = 180
"""In pixels. iOS shows this icon on the home screen."""
_FAVICON_SIZES = (16, 32, 48)
_ROOT_COLOR = re.compile(r'<svg\b(?:[^>]*?\scolor="([^"]+)")?')
_DEFAULT_COLOR = "#fff"
_TOUCH_ICON_PERCENT, _MASKABLE_ICON_PERCENT = 84, 62
"""The width of the drawing in its square, for clients that show the whole square or crop it."""
_FONTS = tuple(PurePosixPath(f"fonts/InterDisplay-{name}.ttf") for name in ("Bold", "Medium"))
_SOURCE_KEYWORD = b"Source\0"
"""The keyword of the text chunk with the digest (PNG, third edition, Section 11.3.3.1)."""
_IHDR_END = 33
"""The offset where IHDR ends. It is always the first chunk."""


@memoize
def draw_icon(cache: Cache, colors: tuple[ClassColor, ...], templates: Folder) -> Parsed[str]:
    """The icon as SVG; empty if the templates have no icon. It must be a square image.

    `colors` has the color of each class of the book.
    """
    if _ICON not in templates.files:
        return Parsed("")
    icon = Icon(class_rows(colors, _ICON_ROWS, _ICON_ROWS))
    rendered = render_images(cache, {_ICON: icon}, templates)
    if rendered.diagnostics:
        return Parsed("", rendered.diagnostics)
    svg = rendered.value[_ICON].decode()
    try:
        # Only drawing it shows whether it's a square image.
        favicon(svg)
    except ValueError as error:
        span = Span(templates.show(_ICON))
        message = f"the icon cannot be drawn: {error}"
        help_text = "use an SVG with a square viewBox"
        return Parsed("", (Diagnostic(Rule.TEMPLATE_ERROR, span, message, help=help_text),))
    return Parsed(svg)


def icons(svg: str) -> tuple[Asset, ...]:
    """The icon for pages, and as PNGs for home screens; empty if there is no icon.

    Home screens show it on a square in the `color` of the SVG, because they make corners black.
    """
    if not svg:
        return ()
    root = _ROOT_COLOR.search(svg)
    background = (root and root[1]) or _DEFAULT_COLOR
    touch = rasterize.framed(svg, background, _TOUCH_ICON_PERCENT)
    maskable = rasterize.framed(svg, background, _MASKABLE_ICON_PERCENT)
    return (
        hashed_asset(Icon.template, svg.encode()),
        hashed_asset("touch-icon.png", _icon_png(touch, _TOUCH_ICON_SIZE)),
        *(hashed_asset(f"icon-{size}.png", _icon_png(maskable, size)) for size in SIZES),
    )


def favicon(svg: str) -> Mapping[PurePosixPath, bytes]:
    """The icon for browsers without support for SVG icons; empty if there is no icon."""
    if not svg:
        return {}
    data = rasterize.ico([_icon_png(svg, size) for size in _FAVICON_SIZES])
    return {PurePosixPath(urls.ICON): data}


@cache_forever
def _icon_png(svg: str, size: int) -> bytes:
    """The icon as a PNG. Runs that build several sites draw it once."""
    return rasterize.png(svg, (), size, size)


def can_draw(templates: Folder) -> bool:
    """Whether the templates have a card and its fonts. Missing font widths are an error."""
    return {_CARD, *_FONTS} <= templates.files.keys()


def draw_cards(  # noqa: PLR0913 - every input is explicit
    cache: Cache,
    pages: Sequence[Page],
    colors: Sequence[ClassColor],
    templates: Folder,
    *,
    previous: Mapping[PurePosixPath, bytes],
    progress: Progress = no_progress,
) -> Parsed[Mapping[PurePosixPath, bytes]]:
    """Draw a card for each page that has one.

    `colors` has the color of each class of the book. `previous` holds the cards of the last build.
    """
    if not can_draw(templates):
        return Parsed({})
    faces = read_faces(templates, _FONTS)
    if faces.diagnostics:
        return Parsed({}, faces.diagnostics)
    bold, medium = faces.value
    cards = {
        PurePosixPath(urls.card(page.url)): lay_out(page.card, colors, bold=bold, medium=medium)
        for page in pages
        if page.card
    }
    svgs = render_images(cache, cards, templates)
    if not svgs.value:
        return svgs
    fonts = tuple(templates.files[path] for path in _FONTS)
    renderer = _renderer(cache, fonts)
    drawn: dict[PurePosixPath, bytes] = {}
    try:
        # The cards have one template, so one card shows whether it fits the fonts.
        _check_text(cache, next(iter(svgs.value.values())), fonts)
        for path in progress(list(svgs.value), "drawing"):
            drawn[path] = draw_card(
                cache, path, svgs.value[path], fonts, renderer, previous.get(path, b"")
            )
    except ValueError as error:
        span = Span(templates.show(_CARD))
        help_text = f"fix the template, or the fonts in {templates.show(_FONTS[0].parent)}"
        diagnostic = Diagnostic(
            Rule.TEMPLATE_ERROR, span, f"the card cannot be drawn: {error}", help=help_text
        )
        return Parsed({}, (*svgs.diagnostics, diagnostic))
    return Parsed(drawn, svgs.diagnostics)


@memoize
def _check_text(_cache: Cache, svg: bytes, fonts: tuple[bytes, ...]) -> None:
    rasterize.check_text(svg.decode(), fonts)


@memoize
def _renderer(_cache: Cache, fonts: tuple[bytes, ...]) -> bytes:
    """A digest of the fonts and the version of resvg: everything that cards share."""
    return blake2b(b"".join(fonts) + rasterize.VERSION.encode()).digest()


@memoize_each
def draw_card(
    _cache: Cache,
    _path: PurePosixPath,
    svg: bytes,
    fonts: tuple[bytes, ...],
    renderer: bytes,
    previous: bytes,
) -> bytes:
    """The card as a PNG; the previous PNG if it has the same source."""
    source = _source_chunk(blake2b(renderer + svg, digest_size=16).hexdigest().encode())
    size = (rasterize.CARD_WIDTH, rasterize.CARD_HEIGHT)
    if rasterize.is_valid_png(previous, *size) and previous.startswith(source, _IHDR_END):
        return previous
    png = rasterize.png(svg.decode(), fonts, *size)
    return png[:_IHDR_END] + source + png[_IHDR_END:]


def _source_chunk(digest: bytes) -> bytes:
    """A PNG text chunk: length, type, keyword, text, and checksum."""
    body = b"tEXt" + _SOURCE_KEYWORD + digest
    return struct.pack(">I", len(body) - 4) + body + struct.pack(">I", crc32(body))
