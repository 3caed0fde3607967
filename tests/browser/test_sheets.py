"""Sheets lose bytes on their way, and nothing else."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page

from codebook.assets import assets
from codebook.source import Folder

Visit = Callable[..., Page]

RULES = """texts => texts.map(text => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(text);
  // A value with a variable in it keeps the blanks that it was written with.
  return [...sheet.cssRules].map(rule => rule.cssText.replace(/\\s*([,!])\\s*/g, "$1"));
})"""


def test_a_browser_reads_the_same_rules_in_what_is_sent(visit: Visit, templates: Folder) -> None:
    """A blank less can be another selector."""
    page = visit("/")
    own = {path.name: data for path, data in templates.files.items() if path.suffix == ".css"}
    sheets = [asset for asset in assets(templates) if asset.name.endswith(".css")]
    assert {sheet.name for sheet in sheets} == own.keys()
    for sheet in sheets:
        before, after = page.evaluate(RULES, [own[sheet.name].decode(), sheet.data.decode()])
        assert before == after, sheet.name
