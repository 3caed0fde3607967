"""Reproducible XML.

Element names have no prefixes: each root declares its vocabulary with `xmlns`, so no namespace has
to be registered globally.
"""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

_FORBIDDEN = re.compile(r"[^\t\n\r -\uD7FF\uE000-\uFFFD\U00010000-\U0010FFFF]")
"""Characters that XML can't contain, not even escaped: XML 1.0, Section 2.2."""
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


def plain(text: str) -> str:
    """The text on one line, with characters replaced that XML can't contain."""
    return " ".join(_FORBIDDEN.sub(_REPLACEMENT, text).split())


def add(parent: ET.Element, name: str, text: str = "", /, **attributes: str) -> ET.Element:
    """A new element, appended to its parent."""
    element = ET.SubElement(parent, name, attributes)
    element.text = plain(text) or None
    return element


def document(root: ET.Element) -> bytes:
    """The whole document as UTF-8, with one element per line."""
    ET.indent(root, " ")
    data: bytes = ET.tostring(root, "utf-8", xml_declaration=True)
    return data + b"\n"
