"""Published style sheets have the same rules as their sources."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import PurePosixPath

from codebook.diagnostics.source import Folder
from codebook.publish.assets import FOLDER, assets
from tests.browser.page_kinds import OpenPage

IMPORT = re.compile(r"""@import "\./(?P<url>[^"]+)";""")

RULES = """texts => texts.map(text => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(text);
  // A value with a variable in it keeps the spaces that it was written with.
  return [...sheet.cssRules].map(rule => rule.cssText.replace(/\\s*([,!])\\s*/g, "$1"));
})"""


def complete(path: PurePosixPath, files: Mapping[PurePosixPath, bytes]) -> str:
    """A style sheet with those that it imports in the place of its imports."""
    return IMPORT.sub(
        lambda match: complete(path.parent / match["url"], files), files[path].decode()
    )


def test_published_style_sheets_have_the_same_rules(open_page: OpenPage, templates: Folder) -> None:
    """Removing the wrong space can change a selector. Only file names may differ."""
    page = open_page("/")
    published = assets(templates)
    style_sheets = [asset for asset in published if asset.name.endswith(".css")]
    sources = {path for path in templates.files if path.suffix == ".css"}
    assert {FOLDER / style_sheet.name for style_sheet in style_sheets} == sources
    for style_sheet in style_sheets:
        sent = style_sheet.data.decode()
        for other in published:
            sent = sent.replace(PurePosixPath(other.url).name, other.name)
        source = complete(FOLDER / style_sheet.name, templates.files)
        before, after = page.evaluate(RULES, [source, sent])
        assert before == after, style_sheet.name
        assert len(before) > 0
