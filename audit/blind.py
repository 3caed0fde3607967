"""`python -m audit.blind DIR`: draw pairs of passages for a blind comparison of wording.

DIR contains the pages of another reference as Markdown, such as `404.md`. Each pair is about the
same code: what the code means and when to use it, once from this book and once from the other
reference. The codes and the order within each pair depend only on the seed.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
import tomllib
from collections.abc import Sequence
from pathlib import Path

import msgspec
from msgspec import Struct

CODES = Path(__file__).resolve().parent.parent / "content" / "codes"
SEED = 19
PAIRS = 40

_MACRO = re.compile(
    r"\{\{(?:\s*\w+\(\s*\"(?P<name>[^\"]*)\"(?:,\s*\"(?P<text>[^\"]*)\")?)?[^}]*\}\}"
)
"""A macro of the other reference, with the text that it shows: `{{HTTPHeader("Allow")}}`."""


class Pair(Struct, frozen=True):
    """Two passages about a code, in random order."""

    code: int
    passages: tuple[str, str]
    ours: int
    """The index of the passage from this book."""


def draw(others: Path, codes: Path = CODES) -> Sequence[Pair]:
    """Return up to `PAIRS` pairs, about codes that both references have."""
    chance = random.Random(SEED)  # noqa: S311 - it must be reproducible
    common = sorted(
        {path.name for path in codes.glob("*.md")} & {it.name for it in others.glob("*.md")}
    )
    pairs = []
    for name in chance.sample(common, min(PAIRS, len(common))):
        passages = [
            our_passage((codes / name).read_text(encoding="utf-8")),
            other_passage((others / name).read_text(encoding="utf-8")),
        ]
        first = chance.randrange(2)
        pairs.append(Pair(int(Path(name).stem), (passages[first], passages[1 - first]), first))
    return pairs


def our_passage(article: str) -> str:
    """The summary of an article and its first section, as plain text."""
    head, _, body = article.removeprefix("```toml\n").partition("\n```\n")
    section = re.split(r"^## .*$", body, flags=re.MULTILINE)[1]
    return plain(f"{tomllib.loads(head).get('summary', '')}\n\n{section}")


def other_passage(page: str) -> str:
    """The text of a page between its front matter and its first heading, as plain text."""
    return plain(re.split(r"^## ", page.split("---\n", 2)[2], flags=re.MULTILINE)[0])


def plain(markdown: str) -> str:
    """Markdown without macros, emphasis, and the URLs of links; one line for each paragraph."""
    text = _MACRO.sub(lambda macro: macro["text"] or macro["name"] or "", markdown)
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", lambda link: " ".join(link[1].split()), text)
    text = re.sub(r"\*\*|`", "", text)
    paragraphs = re.split(r"\n\s*\n|\n(?=\s*(?:[-*>]|\d+\.) )", text)
    return "\n\n".join(" ".join(it.split()) for it in paragraphs if it.strip())


def main(arguments: list[str] | None = None) -> int:
    """Print the pairs as JSON."""
    parser = argparse.ArgumentParser(prog="python -m audit.blind", description=__doc__)
    parser.add_argument("others", type=Path, metavar="DIR")
    pairs = draw(parser.parse_args(arguments).others)
    sys.stdout.write(msgspec.json.format(msgspec.json.encode(pairs), indent=1).decode() + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
