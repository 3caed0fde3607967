"""Every file is set as `.editorconfig` tells editors to set it."""

from __future__ import annotations

import re
import subprocess
from functools import cache
from pathlib import Path
from shutil import which

import pytest
from editorconfig import get_properties

ROOT = Path(__file__).resolve().parent.parent
BINARY = {".png", ".ttf", ".woff2"}
LEVELLED = {".go", ".html", ".js", ".json", ".mjs", ".rb", ".svg", ".toml", ".yaml", ".yml"}
"""Where blanks at the beginning of a line say how deep it is, and never hold up a text."""


def tracked() -> list[str]:
    """Every file of the repository that git keeps, or would take in."""
    listing = subprocess.run(
        [which("git") or "git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        check=True,
    )
    names = listing.stdout.decode().split("\0")
    return sorted({name for name in names if name and (ROOT / name).is_file()})


FILES = [name for name in tracked() if Path(name).suffix not in BINARY]


@cache
def told(name: str) -> dict[str, str]:
    """What an editor is told of a file; what is unset it is not told."""
    found = get_properties(str(ROOT / name))
    return {key: value for key, value in found.items() if value != "unset"}


def lines(name: str) -> list[str]:
    """The lines of a file, without what is fenced in Markdown: that is set as its language is."""
    text = (ROOT / name).read_bytes().decode()
    if name.endswith(".md"):
        text = re.sub(r"^( *)(`{3,}).*?^\1\2$", "", text, flags=re.DOTALL | re.MULTILINE)
    return text.split("\n")


def strange(key: str, value: str, pattern: str, suffixes: set[str] | None = None) -> list[str]:
    """The files that were told this, and have a line in which the pattern is found."""
    return [
        name
        for name in FILES
        if told(name).get(key) == value
        and (suffixes is None or Path(name).suffix in suffixes)
        and any(re.search(pattern, line) for line in lines(name))
    ]


def test_every_file_is_utf_8_where_it_is_said() -> None:
    """Without a byte order mark, which no editor shows."""
    for name in FILES:
        if told(name).get("charset") == "utf-8":
            assert not (ROOT / name).read_bytes().decode("utf-8").startswith("\ufeff"), name


def test_no_line_ends_otherwise_than_it_is_said() -> None:
    """A carriage return would make the whole file new for everybody else."""
    assert strange("end_of_line", "lf", "\r") == []


def test_no_line_ends_in_blanks_where_they_mean_nothing() -> None:
    """In Markdown two of them are a line break."""
    assert strange("trim_trailing_whitespace", "true", r"[ \t]$") == []


def test_every_file_ends_with_its_last_line() -> None:
    """One that is empty has none."""
    for name in FILES:
        data = (ROOT / name).read_bytes()
        if told(name).get("insert_final_newline") == "true" and data:
            assert data.endswith(b"\n"), name


def test_lines_begin_with_blanks_or_tabs_as_it_is_said() -> None:
    """What is fenced in Markdown is set as its language wants it."""
    assert strange("indent_style", "space", "^\t") == []
    assert strange("indent_style", "tab", "^ ") == []


def test_a_level_is_as_wide_as_it_is_said() -> None:
    """In what has levels and no prose."""
    for name in FILES:
        size = told(name).get("indent_size", "")
        if Path(name).suffix in LEVELLED and size.isdigit():
            assert {len(each) - len(each.lstrip(" ")) for each in lines(name) if each} <= set(
                range(0, 100, int(size))
            ), name


@pytest.mark.parametrize("name", [".go", ".html", ".json", ".toml", ".yml", ".csv", ".svg", ".py"])
def test_every_kind_of_file_is_set_by_it(name: str) -> None:
    """There is one of each, so that the tests above look at something."""
    found = [each for each in FILES if each.endswith(name) and told(each).get("indent_style")]
    assert found
    assert {told(each)["charset"] for each in found} == {"utf-8"}
