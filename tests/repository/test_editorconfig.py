"""Every file is formatted as `.editorconfig` configures it."""

from __future__ import annotations

import re
import subprocess
from functools import cache
from pathlib import Path
from shutil import which

import pytest
from editorconfig import get_properties

ROOT = Path(__file__).resolve().parents[2]
BINARY = {".png", ".ttf", ".woff2"}
NESTED = {".go", ".html", ".js", ".json", ".mjs", ".rb", ".svg", ".toml", ".yaml", ".yml"}
"""Files whose indentation shows only nesting, and never aligns text."""


def tracked() -> list[str]:
    """Every file that git tracks or would add."""
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
def config(name: str) -> dict[str, str]:
    """The properties of a file, without unset ones."""
    properties = get_properties(str(ROOT / name))
    return {key: value for key, value in properties.items() if value != "unset"}


def lines(name: str) -> list[str]:
    """The lines of a file, without fenced code in Markdown, which has other rules."""
    text = (ROOT / name).read_bytes().decode()
    if name.endswith(".md"):
        text = re.sub(r"^( *)(`{3,}).*?^\1\2$", "", text, flags=re.DOTALL | re.MULTILINE)
    return text.split("\n")


def strange(key: str, value: str, pattern: str, suffixes: set[str] | None = None) -> list[str]:
    """The files with this property and a line that matches the pattern."""
    return [
        name
        for name in FILES
        if config(name).get(key) == value
        and (suffixes is None or Path(name).suffix in suffixes)
        and any(re.search(pattern, line) for line in lines(name))
    ]


def test_files_are_in_the_configured_encoding() -> None:
    """The encoding is UTF-8 without a byte order mark."""
    for name in FILES:
        if config(name).get("charset") == "utf-8":
            assert not (ROOT / name).read_bytes().decode("utf-8").startswith("\ufeff"), name


def test_lines_have_the_configured_ending() -> None:
    """A carriage return would change whole files for other contributors."""
    assert strange("end_of_line", "lf", "\r") == []


def test_no_line_ends_in_meaningless_spaces() -> None:
    """In Markdown, two spaces are a hard line break."""
    assert strange("trim_trailing_whitespace", "true", r"[ \t]$") == []


def test_every_file_ends_with_a_line_feed() -> None:
    """Empty files have none."""
    for name in FILES:
        data = (ROOT / name).read_bytes()
        if config(name).get("insert_final_newline") == "true" and data:
            assert data.endswith(b"\n"), name


def test_lines_start_with_spaces_or_tabs_as_configured() -> None:
    """Except for fenced code in Markdown, which follows its language."""
    assert strange("indent_style", "space", "^\t") == []
    assert strange("indent_style", "tab", "^ ") == []


def test_indentation_has_the_configured_width() -> None:
    """Files with nesting and without prose are checked."""
    for name in FILES:
        size = config(name).get("indent_size", "")
        if Path(name).suffix in NESTED and size.isdigit():
            assert {len(line) - len(line.lstrip(" ")) for line in lines(name) if line} <= set(
                range(0, 100, int(size))
            ), name


@pytest.mark.parametrize("name", [".go", ".html", ".json", ".toml", ".yml", ".csv", ".svg", ".py"])
def test_every_kind_of_file_is_configured(name: str) -> None:
    """At least one file of each kind exists, so that the tests above aren't vacuous."""
    files = [file for file in FILES if file.endswith(name) and config(file).get("indent_style")]
    assert files
    assert {config(file)["charset"] for file in files} == {"utf-8"}
