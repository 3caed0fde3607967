"""The images of a site: a card for each page, and the icon in every size that clients request."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache as cache_forever
from pathlib import PurePosixPath
from types import MappingProxyType

from msgspec import Struct

from codebook.book import urls
from codebook.cache import Cache, each, memoize
from codebook.diagnostics.diagnostic import Diagnostic, Parsed, Rule
from codebook.diagnostics.source import Folder, Span
from codebook.publish.assets import Asset, hashed_asset
from codebook.publish.images.social_card import lay_out
from codebook.publish.images.typeface import Face, read_faces
from codebook.site.feeds.web_manifest import SIZES
from codebook.site.html.contexts import Card, CardView, Icon
from codebook.site.html.palette import ClassColor, class_rows
from codebook.site.html.render import render_image, used_templates

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
_SAMPLE = CardView(number="0", name="A", summary="", kind="", position=0, site_title="")
"""A card to find out whether the fonts can draw its text."""


class DrawnIcon(Struct, frozen=True):
    """The icon in every form; empty if the templates have none."""

    svg: str = ""
    favicon: Mapping[PurePosixPath, bytes] = MappingProxyType({})
    assets: tuple[Asset, ...] = ()


@memoize
def draw_icon(cache: Cache, colors: tuple[ClassColor, ...], templates: Folder) -> Parsed[DrawnIcon]:
    """The icon. It must be a square image. `colors` has the color of each class of the book."""
    if _ICON not in templates.files:
        return Parsed(DrawnIcon())
    icon = Icon(class_rows(colors, _ICON_ROWS, _ICON_ROWS))
    used = used_templates(cache, Icon.template, templates)
    files = {path: data for path, data in templates.files.items() if str(path) in used}
    inputs = (icon, Folder(templates.display_path, files))
    return each(cache, _draw_icon, {Icon.template: inputs}, Parsed[DrawnIcon])[Icon.template]


def _draw_icon(_name: str, icon: Icon, templates: Folder) -> Parsed[DrawnIcon]:
    rendered = render_image(Cache(), icon, templates)
    if rendered.diagnostics:
        return Parsed(DrawnIcon(), rendered.diagnostics)
    svg = rendered.value.decode()
    try:
        # Only drawing it shows whether it's a square image.
        return Parsed(DrawnIcon(svg, favicon(svg), icons(svg)))
    except ValueError as error:
        span = Span(templates.show(_ICON))
        message = f"the icon cannot be drawn: {error}"
        help_text = "use an SVG with a square viewBox"
        diagnostic = Diagnostic(Rule.TEMPLATE_ERROR, span, message, help=help_text)
        return Parsed(DrawnIcon(), (diagnostic,))


def icons(svg: str) -> tuple[Asset, ...]:
    """The icon for pages, and as PNGs for home screens; empty if there is no icon.

    Home screens show it on a square in the `color` of the SVG, because they make corners black.
    """
    from codebook.publish.images import rasterize  # noqa: PLC0415 - resvg takes long to import

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
    from codebook.publish.images import rasterize  # noqa: PLC0415 - resvg takes long to import

    if not svg:
        return {}
    data = rasterize.ico([_icon_png(svg, size) for size in _FAVICON_SIZES])
    return {PurePosixPath(urls.ICON): data}


@cache_forever
def _icon_png(svg: str, size: int) -> bytes:
    """The icon as a PNG. Runs that build several sites draw it once."""
    from codebook.publish.images import rasterize  # noqa: PLC0415 - resvg takes long to import

    return rasterize.png(svg, (), size, size)


def can_draw(templates: Folder) -> bool:
    """Whether the templates have a card and its fonts. Missing font widths are an error."""
    return {_CARD, *_FONTS} <= templates.files.keys()


class CardDesign(Struct, frozen=True):
    """What all cards of a site share."""

    colors: tuple[ClassColor, ...]
    """The color of each class of the book."""
    template: Mapping[str, str]
    """The template and those that it uses."""
    bold: Face
    medium: Face
    fonts: tuple[bytes, ...]


@memoize
def card_design(
    cache: Cache, colors: tuple[ClassColor, ...], templates: Folder
) -> Parsed[CardDesign | None]:
    """What all cards share; None if the templates have no cards, or cards with an error."""
    if not can_draw(templates):
        return Parsed(None)
    faces = read_faces(templates, _FONTS)
    if faces.diagnostics:
        return Parsed(None, faces.diagnostics)
    bold, medium = faces.value
    fonts = tuple(templates.files[path] for path in _FONTS)
    template = used_templates(cache, Card.template, templates)
    return Parsed(CardDesign(colors, template, bold, medium, fonts))


def draw_card(cache: Cache, card: CardView, design: CardDesign, templates: Folder) -> Parsed[bytes]:
    """The card of a page as a PNG; empty if there is an error."""
    from codebook.publish.images import rasterize  # noqa: PLC0415 - resvg takes long to import

    svg = _render_card(cache, card, design, templates)
    if svg.diagnostics:
        return svg
    try:
        _check_text(cache, design, templates)
        size = (rasterize.CARD_WIDTH, rasterize.CARD_HEIGHT)
        return Parsed(rasterize.png(svg.value.decode(), design.fonts, *size))
    except ValueError as error:
        span = Span(templates.show(_CARD))
        help_text = f"fix the template, or the fonts in {templates.show(_FONTS[0].parent)}"
        message = f"the card cannot be drawn: {error}"
        return Parsed(b"", (Diagnostic(Rule.TEMPLATE_ERROR, span, message, help=help_text),))


@memoize
def _check_text(cache: Cache, design: CardDesign, templates: Folder) -> None:
    """Raise ValueError if the fonts can't draw the text of cards, which all have one template."""
    from codebook.publish.images import rasterize  # noqa: PLC0415 - resvg takes long to import

    svg = _render_card(cache, _SAMPLE, design, templates).value
    rasterize.check_text(svg.decode(), design.fonts)


def _render_card(
    cache: Cache, card: CardView, design: CardDesign, templates: Folder
) -> Parsed[bytes]:
    """The card as SVG."""
    laid_out = lay_out(card, design.colors, bold=design.bold, medium=design.medium)
    return render_image(cache, laid_out, templates)
