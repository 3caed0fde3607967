"""A book of any number of codes, for measurements. The same number always gives the same book."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from random import Random

_CLASS_SIZE = 100
_MIN_CLASSES = 5
_MAX_CLASSES = 50
"""The classes in one register."""
_WORDS = (  # noqa: SIM905 - a list would need a line for each word
    "harbor lantern pilot anchor signal vessel channel current weather evening morning captain "
    "officer cargo berth bridge river island letter window garden market answer request message "
    "record number figure reason moment season corner shadow silver copper yellow narrow gentle "
    "carries follows returns watches reaches crosses enters passes signals repeats gathers opens "
    "slowly quietly often again before during under beyond between without across toward"
).split()
_SETTINGS = """\
title = "Synthetic codes"
description = "A book that only measurements read."
language = "en"
path = "status"
headings = ["Meaning", "Steps", "Example", "Values", "Notes"]
"""
_FACTS = """\
[level]
label = "Level"
about = "How urgent it is."

[level.values]
"low" = "It can wait."
"high" = "It can't wait."

[owner]
label = "Owner"
about = "Who sends it."

[since]
label = "Since"
about = "The first version that had it."
"""


def synthetic_book(codes: int) -> Mapping[PurePosixPath, str]:
    """The content folder of a book with so many codes in five classes, or one class per hundred.

    Each code has an article with facts, paragraphs, a list, a code block, a table, and two links to
    other codes. One table of the book has a row for each code.
    """
    random = Random(codes)  # noqa: S311 - no secret
    classes = _classes(codes)
    numbers = [number for numbers in classes for number in numbers]
    names = {number: _name(index) for index, number in enumerate(numbers)}
    files = {
        "book.toml": _SETTINGS,
        "facts.toml": _FACTS,
        "index.md": "# Synthetic codes\n\nBegin with [all codes](codes.md).\n",
        **_registers(classes, names, random),
        "tables/levels.md": _TABLE,
        "tables/levels.csv": "code,level,owner\n"
        + "".join(f"{number},{random.choice(_WORDS)},{names[number]}\n" for number in numbers),
    }
    files |= {f"codes/{number}.md": _article(number, names, numbers, random) for number in numbers}
    return {PurePosixPath(path): text for path, text in files.items()}


_TABLE = """\
```toml
title = "Levels"
source = "The measurements"
read = 2026-11-02
license = "Free to copy"

[columns]
code = "Code"
level = "Level"
owner = "Owner"
```

The level of each code.
"""


def _classes(codes: int) -> Sequence[range]:
    count = max(_MIN_CLASSES, codes // _CLASS_SIZE)
    first = next(first for first in (1, 10, 100) if first * 9 >= count)
    share, rest = divmod(codes, count)
    return [
        range((first + index) * _CLASS_SIZE, (first + index) * _CLASS_SIZE + share + (index < rest))
        for index in range(count)
    ]


def _registers(
    classes: Sequence[range], names: Mapping[int, str], random: Random
) -> Mapping[str, str]:
    """One or more registers: the largest book would exceed the limit of a file."""
    parts = [classes[at : at + _MAX_CLASSES] for at in range(0, len(classes), _MAX_CLASSES)]
    files = ("codes.md", *(f"codes-{number}.md" for number in range(2, len(parts) + 1)))
    return {file: _register(part, names, random) for file, part in zip(files, parts, strict=True)}


def _register(classes: Sequence[range], names: Mapping[int, str], random: Random) -> str:
    titles = [f"{_name(index)} signals" for index in range(len(classes))]
    contents = "".join(
        f"{index}. {title} ({numbers.start}–{numbers.start + _CLASS_SIZE - 1})\n"
        for index, (title, numbers) in enumerate(zip(titles, classes, strict=True), 1)
    )
    sections = "\n".join(
        f"## {index}. {title}\n\n"
        + "\n".join(f"- {number} {names[number]}\n{_sentence(random, 14)}\n" for number in numbers)
        for index, (title, numbers) in enumerate(zip(titles, classes, strict=True), 1)
    )
    return f"/ [Home](index.md)\n\n# Synthetic codes\n\n{contents}\n{sections}"


def _article(number: int, names: Mapping[int, str], numbers: Sequence[int], random: Random) -> str:
    near = [other for other in random.sample(numbers, 3) if other != number][:2]
    return "\n".join(
        [
            "```toml",
            f'name = "{names[number]}"',
            f"see_also = {near}",
            "",
            "[facts]",
            _fact("level", random.choice(["low", "high"]), number),
            _fact("owner", random.choice(_WORDS), number),
            _fact("since", f"{random.randint(1, 9)}.0", number),
            "```",
            "",
            *("## Meaning", ""),
            f"{_text(random, 3)} See [{near[0]}]({near[0]}.md).",
            "",
            f"{_text(random, 2)} See [{near[1]}]({near[1]}.md).",
            "",
            *("## Steps", ""),
            *(f"- **{random.choice(_WORDS).title()}.** {_sentence(random, 9)}" for _ in range(4)),
            "",
            *("## Example", ""),
            "```text",
            *(f"{random.choice(_WORDS)} = {random.choice(_WORDS)}" for _ in range(4)),
            "```",
            "",
            *("## Values", ""),
            "| Value | Meaning |",
            "| --- | --- |",
            *(f"| `{random.choice(_WORDS)}` | {_sentence(random, 4)} |" for _ in range(3)),
            "",
            *("## Notes", ""),
            _text(random, 1),
            "",
        ]
    )


def _fact(label: str, value: str, number: int) -> str:
    return f'{label} = {{ value = "{value}", source = "Chapter {number}" }}'


def _name(index: int) -> str:
    """A name that no other code has."""
    rest, last = divmod(index, len(_WORDS))
    first, middle = divmod(rest, len(_WORDS))
    return f"{_WORDS[first]} {_WORDS[middle]} {_WORDS[last]}".title()


def _text(random: Random, sentences: int) -> str:
    return " ".join(_sentence(random, 12) for _ in range(sentences))


def _sentence(random: Random, words: int) -> str:
    return " ".join(_words(random, words)).capitalize() + "."


def _words(random: Random, count: int) -> Iterator[str]:
    return (random.choice(_WORDS) for _ in range(count))
