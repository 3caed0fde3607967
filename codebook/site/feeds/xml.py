"""XML as bytes, the same for the same elements.

Elements have plain names, and each root says with `xmlns` which vocabulary they are of: so no
prefix is needed, and nothing is registered for the whole program.
"""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

_NEVER = re.compile(r"[^\t\n\r -\uD7FF\uE000-\uFFFD\U00010000-\U0010FFFF]")
"""What no XML may hold, not even escaped: XML 1.0, Section 2.2."""
_INSTEAD = "\N{REPLACEMENT CHARACTER}"


def plain(text: str) -> str:
    """Text on one line, without what XML cannot hold."""
    return " ".join(_NEVER.sub(_INSTEAD, text).split())


def add(parent: ET.Element, name: str, text: str = "", /, **attributes: str) -> ET.Element:
    """A new element, the last of its parent."""
    element = ET.SubElement(parent, name, attributes)
    element.text = plain(text) or None
    return element


def document(root: ET.Element) -> bytes:
    """The whole file, one element a line."""
    ET.indent(root, " ")
    data: bytes = ET.tostring(root, "utf-8", xml_declaration=True)
    return data + b"\n"
