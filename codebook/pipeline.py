"""Sources into a site: the stages in their order. Nothing here touches the disk.

parse.documents   content              -> Parsed[Documents]
check.assemble    Documents            -> Parsed[Book]
pages.plan        Book                 -> tuple[Page, ...]
render.render     pages, templates     -> Parsed[path -> bytes]
pictures.cards    pages, last cards    -> Parsed[path -> bytes]
verify.verify     path -> bytes        -> problems
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import PurePosixPath
from types import MappingProxyType
from typing import Protocol, TypeVar

from codebook import addresses, machines, origin, targets
from codebook.assets import Asset, assets, rings, signed, unsigned
from codebook.book import Book
from codebook.catalogue import catalogue
from codebook.check import assemble
from codebook.decode import symlinks, undecoded
from codebook.history import History
from codebook.layout import ADDRESSES, BOOK
from codebook.memory import Memory
from codebook.outline import apart, outline
from codebook.pages import plan
from codebook.pages.search import index
from codebook.pages.webmanifest import manifest
from codebook.parse import Read, documents
from codebook.parse.published import extended
from codebook.pictures import can_draw, cards, favicon, icons, undrawable
from codebook.problems import Parsed, Problem, Rule, Severity
from codebook.render import render
from codebook.source import Folder, Source, Span
from codebook.targets import Target
from codebook.verify import verify

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a run."""

    files: Mapping[PurePosixPath, bytes] | None
    """The site; nothing where there was an error."""
    problems: tuple[Problem, ...]
    """In order of place."""
    sources: Mapping[str, Source]
    """The texts that problems speak of, by their shown path."""
    addresses: bytes | None = None
    """The list of published addresses, where the book keeps one and some are new in it."""
    left_out: str = ""
    """What the site goes without, and why; empty where nothing is."""


class Watch(Protocol):
    """Looks on while long work goes on."""

    def __call__(self, work: Iterable[T], what: str) -> Iterable[T]:
        """Hand on the work piece by piece; `what` says in a word what is done with it."""


def unwatched(work: Iterable[T], what: str) -> Iterable[T]:
    """Hand on the work and look at nothing."""
    del what
    return work


def make(  # noqa: PLR0913 - what it needs is all that it may know
    content: Folder,
    templates: Folder,
    site: str,
    url: str,
    *,
    target: Target = Target.PLAIN,
    history: History | None = None,
    kept: Mapping[PurePosixPath, bytes] = MappingProxyType({}),
    memory: Memory | None = None,
    watch: Watch = unwatched,
) -> Outcome:
    """The site of a book.

    `site` is the name of the site's folder in problems; `url` is the public address that goes
    before the one in the settings, or empty; `target` is the kind of host that the site is for;
    `history` is what is known of the content's past; `kept` are the cards of the last build;
    `memory` is what earlier runs have made, and changes nothing but how long this one takes.
    """
    memory = memory or Memory()
    read = documents(content, memory, lambda work: watch(work, "reading"))
    found = read.value.documents
    if url:
        found = replace(found, settings=replace(found.settings, url=origin.with_slash(url)))
    book = assemble(found)
    public = found.settings.url
    problems = [*_faults(templates, memory), *read.problems, *book.problems]
    if public and (fault := targets.fault(target, public)):
        problems.append(_unfit(target, fault, content))
    if _has_error(problems):
        shown = {**read.value.sources, **_texts(templates, problems)}
        return _outcome(None, problems, shown)
    made = _files(
        book.value, templates, memory, target=target, history=history, kept=kept, watch=watch
    )
    problems += made.problems
    # What a template that cannot be used has not made is no fault of the others.
    faults = (
        ()
        if made.problems
        else tuple(verify(made.value, public, site, memory, lambda work: watch(work, "checking")))
    )
    problems += (problem for problem, _ in faults)
    sources = {
        **read.value.sources,
        **_texts(templates, made.problems),
        **{page.shown: page for _, page in faults},
    }
    outcome = _outcome(
        None if _has_error(problems) else _signed(made.value, templates, memory), problems, sources
    )
    return replace(
        outcome,
        addresses=_addresses(content, read.value, book.value),
        left_out=_left_out(public, history),
    )


def _faults(templates: Folder, memory: Memory) -> tuple[Problem, ...]:
    """What is wrong with the files of the templates themselves."""

    def find() -> tuple[Problem, ...]:
        found = (*symlinks(templates), *undecoded(templates))
        return found or (*rings(templates), *undrawable(templates))

    return memory.recall(("templates",), (templates.files, templates.symlinks), find)


def _files(  # noqa: PLR0913 - as above
    found: Book,
    templates: Folder,
    memory: Memory,
    *,
    target: Target,
    history: History | None,
    kept: Mapping[PurePosixPath, bytes],
    watch: Watch,
) -> Parsed[Mapping[PurePosixPath, bytes]]:
    """Every file of the site of a book that has no error; the addresses of assets have gaps."""
    book, others = apart(found), memory.same(("outline",), outline(found))
    public = book.settings.url
    own = _assets(templates, memory)
    names = {asset.name: unsigned(asset.name) for asset in own}
    has_feed = bool(public and history)
    pages = plan(
        book,
        others,
        names,
        memory,
        changed=_days(book, history),
        has_cards=can_draw(templates),
        has_feed=has_feed,
    )
    rendered = render(pages, templates, memory, lambda work: watch(work, "rendering"))
    drawn: Parsed[Mapping[PurePosixPath, bytes]] = Parsed({})
    if public:
        drawn = cards(pages, templates, kept, memory, lambda work: watch(work, "drawing"))
    icon = favicon(templates)
    files = {
        **{PurePosixPath(names[asset.name]): asset.data for asset in own},
        **icon,
        **drawn.value,
        **machines.files(book, others, history, addresses.ICON if icon else "", memory),
        **targets.files(target, book.redirects, public),
        PurePosixPath(addresses.SEARCH): index(book),
        PurePosixPath(addresses.MANIFEST): manifest(
            book, {asset.name: asset.address for asset in own}
        ),
        **rendered.value,
    }
    return Parsed(files, (*rendered.problems, *drawn.problems))


def _days(book: Book, history: History | None) -> Mapping[str, str]:
    """The day on which the text of each page last changed, by its address, where it is known."""
    found = {page.address: history and history.newest(page.texts) for page in catalogue(book)}
    return {address: when.date().isoformat() for address, when in found.items() if when}


def _assets(templates: Folder, memory: Memory) -> tuple[Asset, ...]:
    def make() -> tuple[Asset, ...]:
        return (*assets(templates), *icons(templates))

    return memory.recall(("assets",), templates.files, make)


def _signed(
    files: Mapping[PurePosixPath, bytes], templates: Folder, memory: Memory
) -> Mapping[PurePosixPath, bytes]:
    """The files with the gaps in the addresses of assets filled in."""
    known = {unsigned(asset.name): asset.address for asset in _assets(templates, memory)}
    known = memory.same(("signatures",), known)
    places = {PurePosixPath(gap): PurePosixPath(whole) for gap, whole in known.items()}
    return {
        places.get(path, path): memory.recall(
            ("signed", str(path)), data, partial(signed, data, known), known
        )
        if path.suffix == ".html"
        else memory.same(("signed", str(path)), data)
        for path, data in files.items()
    }


def _unfit(target: Target, fault: str, content: Folder) -> Problem:
    return Problem(
        Rule.INVALID_VALUE,
        Span(content.show(BOOK)),
        f'the public address cannot be used with the target "{target}": {fault}',
        help="publish it at a plain path, or for another target",
    )


def _left_out(public: str, history: History | None) -> str:
    whole = f"{addresses.SITEMAP}, {addresses.FEED}, {addresses.OPENSEARCH}, {addresses.ROBOTS}"
    if not public:
        return f"no public address is known, so there are no canonical links, cards, {whole}"
    if history is None:
        return (
            "the history of the content is not known, so there are no dates in "
            f"{addresses.SITEMAP} and no {addresses.FEED}"
        )
    return ""


def _addresses(content: Folder, read: Read, book: Book) -> bytes | None:
    """The list of published addresses as it is to be from now on."""
    listed = read.documents.published
    if listed is None:
        return None
    text = extended(read.sources[content.show(ADDRESSES)], listed, book.addresses)
    return None if text is None else text.encode()


def _texts(templates: Folder, problems: Iterable[Problem]) -> Mapping[str, Source]:
    """The templates that problems speak of; what is not UTF-8 is shown as far as it can be."""
    shown = {problem.span.path for problem in problems}
    return {
        templates.show(path): Source.of(path, templates.show(path), data.decode(errors="replace"))
        for path, data in templates.files.items()
        if templates.show(path) in shown
    }


def _outcome(
    files: Mapping[PurePosixPath, bytes] | None,
    problems: Iterable[Problem],
    sources: Mapping[str, Source],
) -> Outcome:
    ordered = sorted(problems, key=lambda each: (each.span, each.rule, each.message))
    return Outcome(files, tuple(ordered), sources)


def _has_error(problems: Iterable[Problem]) -> bool:
    return any(each.severity is Severity.ERROR for each in problems)
