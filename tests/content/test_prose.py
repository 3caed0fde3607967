"""The book's language: correct spelling, short sentences, no word twice in a row.

Spelling is judged by pyspellchecker with the words of `words.txt`, doubled words by proselint;
markdown-it tells prose from code.
"""

from __future__ import annotations

import re
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token
from proselint.checks.lexical_illusions import check as doubled
from spellchecker import SpellChecker

from tests.book_files import ARTICLES, DOCUMENTS, ROOT, SEED, inlines, name, symptoms
from tests.offenders import assert_none

LONGEST = 35
"""The number of words in the longest sentence."""

WORDS = ROOT / "tests" / "words.txt"


@cache
def speller() -> SpellChecker:
    """An English dictionary with the additional words of this book."""
    checker = SpellChecker(language="en", distance=1)
    checker.word_frequency.load_words(book_words())
    return checker


def book_words() -> list[str]:
    """The words of the book that are in no dictionary."""
    lines = WORDS.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


@cache
def prose() -> tuple[tuple[str, str], ...]:
    """The paragraphs, list items, and cells of all documents as plain text with locations.

    This includes the causes of symptoms.
    """
    texts = [(f"{name(path)}:{line}", it) for path in DOCUMENTS for line, it in inlines(path)]
    texts += [
        (f"{name(path)}: {symptom['message']}", it)
        for path in ARTICLES
        for symptom in symptoms(path)
        for it in MarkdownIt("commonmark").parseInline(symptom["cause"])
    ]
    return tuple((where, _plain(it)) for where, it in texts)


def _plain(inline: Token) -> str:
    parts = [_words(child.type, child.content) for child in inline.children or ()]
    return " ".join("".join(parts).split())


def _words(kind: str, content: str) -> str:
    """The text of a token. Code becomes one word that needs no spelling check."""
    if kind in {"softbreak", "hardbreak"}:
        return " "
    return content if kind == "text" else "0" if kind == "code_inline" else ""


def unknown(text: str) -> set[str]:
    """The words that are in no dictionary, without names that contain digits or capitals."""
    spaced = re.sub(r"https?://\S+|\b[\w.+-]*[./@_][\w./@_+-]*\w", " ", text.replace("’", "'"))
    tokens = re.findall(r"(?<![\w'-])[A-Za-z]+(?:'[a-z]+)?(?![\w'])", spaced)
    plain = {re.sub(r"'s$", "", word) for word in tokens if re.fullmatch(r"[A-Z]?[a-z']+", word)}
    return {word for word in plain if speller().unknown([word])}


def sentences(paragraph: str) -> list[str]:
    """The sentences of a paragraph."""
    text = re.sub(r"^[0-9]{3} ", "", paragraph)  # an entry of a register begins with its code
    text = re.sub(
        r" \([^)]*\b(?:Section|Appendix|RFC|Fetch)\b[^)]*\)", "", text
    )  # no one reads them
    return re.split(r"(?<=[.!?])[”\")]?\s+", text)


def test_every_word_is_in_a_dictionary() -> None:
    """Correct the word, or add it to tests/words.txt if it's right."""
    assert prose()
    assert_none(f"{where}: {word}" for where, text in prose() for word in sorted(unknown(text)))


def test_no_word_is_repeated_in_a_row() -> None:
    """Remove one of the two."""
    assert_none(
        f"{where}: {text[match.span[0] : match.span[1]]}"
        for where, text in prose()
        for match in doubled.check_with_flags(text)
    )


def test_no_sentence_is_too_long() -> None:
    """Split it. Sentences of the seed must stay as they are."""
    assert_none(
        f"{where}: {sentence}"
        for where, text in prose()
        for sentence in sentences(text)
        if len(sentence.split()) > LONGEST and sentence[:60] not in SEED
    )


def test_the_words_of_the_book_are_sorted_and_needed() -> None:
    """Remove unused words, which could hide a typo."""
    words = book_words()
    assert words == sorted(set(words))
    used = {part for _, text in prose() for part in re.findall(r"[a-z]+", text.lower())}
    assert_none(word for word in words if word not in used)
