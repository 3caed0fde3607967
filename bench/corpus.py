"""The pages that every generator makes, from the repository's book or from a synthetic one.

A corpus has the same texts twice: as the content folder of a book, and as neutral pages, from which
each generator gets its own layout. Links between neutral pages are written `[403](page:4xx/403)`.
"""

from __future__ import annotations

import csv
import io
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from bench.synthetic import synthetic_book
from codebook.book.layout import label_of, range_of

ROOT = Path(__file__).resolve().parent.parent

_HEAD = re.compile(r"```toml\n(?P<toml>.*?)^```\n+(?P<body>.*)", re.DOTALL | re.MULTILINE)
_CHAPTER = re.compile(r"^\d+\. (?P<title>.+) \((?P<low>\d+)–(?P<high>\d+)\)$", re.MULTILINE)
_ENTRY = re.compile(r"^- (?P<code>\d+)(?: (?P<name>\S.*?))? *\n(?P<text>.+)$", re.MULTILINE)
_HEADING_ID = re.compile(r" \{#[\w-]+\}$", re.MULTILINE)
_BOOK_LINK = re.compile(r"\]\((?P<path>(?:\.\./)?(?:[\w-]+/)?[\w-]+\.md)?(?:#[\w-]+)?\)")
_PAGE_LINK = re.compile(r"\]\(page:(?P<path>[^)]*)\)")


@dataclass(frozen=True, slots=True)
class Fact:
    """A row of the table of facts on the page of a code."""

    label: str
    value: str
    source: str


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the corpus, regardless of the generator."""

    path: str
    """Its URL without the last slash: the empty path is the home page, `4xx` and `guides` are
    sections, and `4xx/404` is a page in a section."""
    title: str
    description: str
    body: str
    facts: Sequence[Fact] = ()

    @property
    def section(self) -> str:
        """The section that the page belongs to, or that it is."""
        return self.path.partition("/")[0]

    @property
    def name(self) -> str:
        """The last part of the path; empty for the home page and for sections."""
        return self.path.partition("/")[2]

    def markdown(self, link: Callable[[str], str]) -> str:
        """The facts as a table, and the text, with the URLs that `link` returns for paths."""
        rows = ((fact.label, fact.value, fact.source) for fact in self.facts)
        facts = f"{_table(('Fact', 'Value', 'Source'), rows)}\n" if self.facts else ""
        return facts + _PAGE_LINK.sub(lambda match: f"]({link(match['path'])})", self.body)

    @property
    def file(self) -> str:
        """The file in Markdown, in the layout that most generators share."""
        return _file(self.path)

    @property
    def html(self) -> str:
        """The built file, if each page has a folder."""
        return f"{self.path}/index.html".lstrip("/")

    def relative_url(self, path: str) -> str:
        """The URL of another page as seen from this page, if each page has a folder."""
        up = "../" * len(PurePosixPath(self.path).parts)
        return f"{up}{path}/" if path else up or "./"

    def relative_file(self, path: str) -> str:
        """The file in Markdown of another page as seen from the file of this page."""
        up = "../" if self.path else ""
        return f"{up}{_file(path)}"


@dataclass(frozen=True, slots=True)
class Corpus:
    """The same texts as the content folder of a book, and as pages."""

    name: str
    content: Mapping[PurePosixPath, str]
    title: str
    pages: Sequence[Page]

    @property
    def sections(self) -> Sequence[Page]:
        """The pages that list other pages."""
        return [page for page in self.pages if page.path and not page.name]

    @property
    def articles(self) -> Sequence[Page]:
        """The pages of codes that have facts, and so an article."""
        return [page for page in self.pages if page.facts]

    def children(self, section: Page) -> Sequence[Page]:
        """The pages of a section."""
        return [page for page in self.pages if page.name and page.section == section.path]


def real_corpus() -> Corpus:
    """The book of the repository."""
    folder = ROOT / "content"
    files = sorted(
        path for path in folder.rglob("*") if path.suffix in {".md", ".csv", ".toml", ".txt"}
    )
    content = {
        PurePosixPath(path.relative_to(folder).as_posix()): path.read_text(encoding="utf-8")
        for path in files
    }
    return corpus_of("real", content)


def synthetic_corpus(codes: int) -> Corpus:
    """A book with so many codes, each with an article."""
    return corpus_of(str(codes), synthetic_book(codes))


def corpus_of(name: str, content: Mapping[PurePosixPath, str]) -> Corpus:
    """The corpus with the pages of a book."""
    title = tomllib.loads(content[PurePosixPath("book.toml")])["title"]
    chapters = _chapters(content)
    pages = [
        Page("", title, "", _after_title(content[PurePosixPath("index.md")])),
        *_class_pages(content, chapters),
        *_code_pages(content, chapters),
        *_guides(content),
        *_tables(content),
    ]
    return Corpus(name, content, title, [_neutral_page(page, chapters) for page in pages])


def _chapters(content: Mapping[PurePosixPath, str]) -> Mapping[str, str]:
    """The title of each class by its label, in the order of the registers."""
    chapters: dict[str, str] = {}
    for text in _registers(content):
        for match in _CHAPTER.finditer(text):
            chapters.setdefault(label_of(int(match["low"]), int(match["high"])), match["title"])
    return chapters


def _registers(content: Mapping[PurePosixPath, str]) -> Iterator[str]:
    for path, text in content.items():
        if len(path.parts) == 1 and path.suffix == ".md" and path.name != "index.md":
            yield text


def _class_pages(
    content: Mapping[PurePosixPath, str], chapters: Mapping[str, str]
) -> Iterator[Page]:
    for label, title in chapters.items():
        text = content.get(PurePosixPath("classes", f"{label}.md"), "")
        match = _HEAD.fullmatch(text)
        yield Page(label, f"{label} {title}", "", match["body"] if match else text)


def _code_pages(
    content: Mapping[PurePosixPath, str], chapters: Mapping[str, str]
) -> Iterator[Page]:
    for text in _registers(content):
        for entry in _ENTRY.finditer(text):
            code = entry["code"]
            article = _HEAD.fullmatch(content.get(PurePosixPath("codes", f"{code}.md"), ""))
            head = tomllib.loads(article["toml"]) if article else {}
            facts = [
                Fact(label, fact["value"], fact["source"])
                for label, fact in head.get("facts", {}).items()
            ]
            title = (
                f"{code} {head.get('known_as') or entry['name'] or head.get('name', '')}".rstrip()
            )
            path = f"{_label(chapters, code)}/{code}"
            yield Page(
                path, title, entry["text"].rstrip(), article["body"] if article else "", facts
            )


def _label(chapters: Mapping[str, str], code: str) -> str:
    return next(label for label in chapters if int(code) in range_of(label))


def _guides(content: Mapping[PurePosixPath, str]) -> Iterator[Page]:
    guides = {path: text for path, text in content.items() if path.parent.name == "guides"}
    if guides:
        yield Page("guides", "Guides", "", "")
    for path, text in guides.items():
        title = text.partition("\n")[0].removeprefix("# ")
        yield Page(f"guides/{path.stem}", title, title, _after_title(text))


def _tables(content: Mapping[PurePosixPath, str]) -> Iterator[Page]:
    yield Page("tables", "Tables", "", "")
    for path, text in content.items():
        if path.parent.name == "tables" and (match := _HEAD.fullmatch(text)):
            head = tomllib.loads(match["toml"])
            names, *rows = csv.reader(io.StringIO(content[path.with_suffix(".csv")]))
            subjects = {key: it["name"] for key, it in head.get("subjects", {}).items()}
            labels = head["columns"] | subjects
            table = _table([labels[name] for name in names], rows)
            yield Page(
                f"tables/{path.stem}", head["title"], head["title"], f"{table}\n{match['body']}"
            )


def _after_title(text: str) -> str:
    return text.partition("\n")[2].lstrip("\n")


def _neutral_page(page: Page, chapters: Mapping[str, str]) -> Page:
    """The page without heading IDs, and with links between pages instead of files of the book."""

    def neutral(match: re.Match[str]) -> str:
        file = PurePosixPath(match["path"] or page.path)
        folder = file.parent.name or page.section
        if match["path"] is None:
            path = page.path
        elif file.stem.isdigit():
            path = f"{_label(chapters, file.stem)}/{file.stem}"
        elif file.stem in chapters:
            path = file.stem
        elif folder in {"guides", "tables"}:
            path = f"{folder}/{file.stem}"
        else:
            # The home page, or a register, which isn't a page.
            path = ""
        return f"](page:{path})"

    body = _BOOK_LINK.sub(neutral, _HEADING_ID.sub("", page.body))
    return replace(page, body=body)


def _file(path: str) -> str:
    return f"{path}.md" if "/" in path else f"{path}/index.md".lstrip("/")


def _table(head: Sequence[str], rows: Iterator[Sequence[str]] | Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(map(_cell, line))} |\n" for line in lines)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
