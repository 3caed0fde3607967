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
from pathlib import PurePosixPath
from types import MappingProxyType
from typing import Protocol, TypeVar

from codebook import addresses, machines, origin, targets
from codebook.assets import assets, rings
from codebook.book import Book
from codebook.check import assemble
from codebook.decode import symlinks, undecoded
from codebook.history import History
from codebook.layout import ADDRESSES, BOOK
from codebook.pages import plan
from codebook.pages.search import index
from codebook.pages.webmanifest import manifest
from codebook.parse import documents
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
    watch: Watch = unwatched,
) -> Outcome:
    """The site of a book.

    `site` is the name of the site's folder in problems; `url` is the public address that goes
    before the one in the settings, or empty; `target` is the kind of host that the site is for;
    `history` is what is known of the content's past; `kept` are the cards of the last build.
    """
    read = documents(content, lambda work: watch(work, "reading"))
    found = read.value.documents
    if url:
        found = replace(found, settings=replace(found.settings, url=origin.with_slash(url)))
    book = assemble(found)
    public = found.settings.url
    problems = [*symlinks(templates), *undecoded(templates), *read.problems, *book.problems]
    if public and (fault := targets.fault(target, public)):
        problems.append(_unfit(target, fault, content))
    if not _has_error(problems):
        problems += (*rings(templates), *undrawable(templates))
    if _has_error(problems):
        shown = {**read.value.sources, **_texts(templates, problems)}
        return _outcome(None, problems, shown)
    made = _files(book.value, templates, target=target, history=history, kept=kept, watch=watch)
    problems += made.problems
    # What a template that cannot be used has not made is no fault of the others.
    faults = (
        ()
        if made.problems
        else tuple(verify(made.value, public, site, lambda work: watch(work, "checking")))
    )
    problems += (problem for problem, _ in faults)
    sources = {
        **read.value.sources,
        **_texts(templates, made.problems),
        **{page.shown: page for _, page in faults},
    }
    outcome = _outcome(None if _has_error(problems) else made.value, problems, sources)
    return replace(
        outcome,
        addresses=_addresses(content, read.value.sources, book.value),
        left_out=_left_out(public, history),
    )


def _files(  # noqa: PLR0913 - as above
    book: Book,
    templates: Folder,
    *,
    target: Target,
    history: History | None,
    kept: Mapping[PurePosixPath, bytes],
    watch: Watch,
) -> Parsed[Mapping[PurePosixPath, bytes]]:
    """Every file of the site of a book that has no error."""
    public = book.settings.url
    own = (*assets(templates), *icons(templates))
    by_name = {asset.name: asset.address for asset in own}
    has_feed = bool(public and history)
    pages = plan(book, by_name, has_cards=can_draw(templates), has_feed=has_feed)
    rendered = render(pages, templates, lambda work: watch(work, "rendering"))
    drawn: Parsed[Mapping[PurePosixPath, bytes]] = Parsed({})
    if public:
        drawn = cards(pages, templates, kept, lambda work: watch(work, "drawing"))
    icon = favicon(templates)
    files = {
        **{PurePosixPath(asset.address): asset.data for asset in own},
        **icon,
        **drawn.value,
        **machines.files(book, history, addresses.ICON if icon else ""),
        **targets.files(target, book.redirects, public),
        PurePosixPath(addresses.SEARCH): index(book),
        PurePosixPath(addresses.MANIFEST): manifest(book, by_name),
        **rendered.value,
    }
    return Parsed(files, (*rendered.problems, *drawn.problems))


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


def _addresses(content: Folder, sources: Mapping[str, Source], book: Book) -> bytes | None:
    """The list of published addresses as it is to be from now on."""
    listed = sources.get(content.show(ADDRESSES))
    text = extended(listed, book.addresses) if listed else None
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
