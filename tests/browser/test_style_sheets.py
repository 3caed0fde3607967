"""Minified style sheets have the same rules as their sources."""

from __future__ import annotations

from pathlib import PurePosixPath

from codebook.diagnostics.source import Folder
from codebook.publish.assets import assets
from tests.browser.page_kinds import OpenPage

RULES = """texts => texts.map(text => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(text);
  // A value with a variable in it keeps the spaces that it was written with.
  return [...sheet.cssRules].map(rule => rule.cssText.replace(/\\s*([,!])\\s*/g, "$1"));
})"""


def test_minified_style_sheets_have_the_same_rules(open_page: OpenPage, templates: Folder) -> None:
    """Removing the wrong space can change a selector. Only file names may differ."""
    page = open_page("/")
    sources = {path.name: data for path, data in templates.files.items() if path.suffix == ".css"}
    published = assets(templates)
    style_sheets = [asset for asset in published if asset.name.endswith(".css")]
    assert {style_sheet.name for style_sheet in style_sheets} == sources.keys()
    for style_sheet in style_sheets:
        sent = style_sheet.data.decode()
        for other in published:
            sent = sent.replace(PurePosixPath(other.url).name, other.name)
        before, after = page.evaluate(RULES, [sources[style_sheet.name].decode(), sent])
        assert before == after, style_sheet.name
