"""Sources into a site: the stages in their order. Nothing here touches the disk.

parse.documents   content              -> Parsed[Documents]
check.assemble    Documents            -> Parsed[Book]
edition.files     Book, templates      -> Parsed[path -> bytes]
verify.verify     path -> bytes        -> problems
edition.signed    path -> bytes        -> path -> bytes
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import PurePosixPath
from types import MappingProxyType

from codebook.book import base_url, urls
from codebook.book.book import Book
from codebook.book.check import assemble
from codebook.book.documents import Documents
from codebook.book.history import History
from codebook.book.layout import PUBLISHED_URLS, SETTINGS
from codebook.book.parse import ParsedContent, parse_documents
from codebook.book.parse.published_urls import extended
from codebook.build import assembly
from codebook.build.assembly import T, Watch
from codebook.cache.memory import Cache
from codebook.diagnostics.diagnostic import Diagnostic, Parsed, Rule, Severity
from codebook.diagnostics.source import Folder, Source, Span
from codebook.publish import hosts
from codebook.publish.assets import circular_assets
from codebook.publish.hosts import Host
from codebook.publish.images.images import icon_errors
from codebook.publish.verify import verify
from codebook.syntax.decode import symlink_diagnostics, template_diagnostics


@dataclass(frozen=True, slots=True)
class BuildResult:
    """What came of a run."""

    files: Mapping[PurePosixPath, bytes] | None
    """The site; nothing where there was an error."""
    diagnostics: tuple[Diagnostic, ...]
    """In order of place."""
    sources: Mapping[str, Source]
    """The texts that problems speak of, by their shown path."""
    addresses: bytes | None = None
    """The list of published addresses, where the book keeps one and some are new in it."""
    left_out: str = ""
    """What the site goes without, and why; empty where nothing is."""
    base: str = "/"
    """The path that the site is published below."""


def unwatched(work: Iterable[T], what: str) -> Iterable[T]:
    """Hand on the work and look at nothing."""
    del what
    return work


def build_site(  # noqa: PLR0913 - what it needs is all that it may know
    content: Folder,
    templates: Folder,
    site: str,
    url: str,
    *,
    target: Host = Host.PLAIN,
    history: History | None = None,
    kept: Mapping[PurePosixPath, bytes] = MappingProxyType({}),
    memory: Cache | None = None,
    watch: Watch = unwatched,
) -> BuildResult:
    """The site of a book.

    `site` is the name of the site's folder in problems; `url` is the public address that goes
    before the one in the settings, or empty; `target` is the kind of host that the site is for;
    `history` is what is known of the content's past; `kept` are the cards of the last build;
    `memory` is what earlier runs have made, and changes nothing but how long this one takes.
    """
    memory = memory or Cache()
    read = memory.recall(
        ("read",),
        None,
        lambda: parse_documents(content, memory, partial(watch, what="reading")),
        content,
    )
    book = memory.recall(("book",), url, partial(_book, read.value.documents, url), read)
    public = book.value.settings.url
    diagnostics = [*_faults(templates, memory), *read.diagnostics, *book.diagnostics]
    if public and (fault := hosts.validation_error(target, public)):
        diagnostics.append(_unfit(target, fault, content))
    if _has_error(diagnostics):
        shown = {**read.value.sources, **_texts(templates, diagnostics)}
        return _outcome(None, diagnostics, shown)
    made = assembly.files(
        book.value, templates, memory, target=target, history=history, kept=kept, watch=watch
    )
    diagnostics += made.diagnostics
    # What a template that cannot be used has not made is no fault of the others.
    faults = (
        ()
        if made.diagnostics
        else tuple(verify(made.value, public, site, memory, partial(watch, what="checking")))
    )
    diagnostics += (diagnostic for diagnostic, _ in faults)
    sources = {
        **read.value.sources,
        **_texts(templates, made.diagnostics),
        **{page.display_path: page for _, page in faults},
    }
    outcome = _outcome(
        None if _has_error(diagnostics) else assembly.signed(made.value, templates, memory),
        diagnostics,
        sources,
    )
    return replace(
        outcome,
        addresses=_addresses(content, read.value, book.value),
        left_out=_left_out(public, history),
        base=base_url.base_path(public),
    )


def _book(found: Documents, url: str) -> Parsed[Book]:
    if url:
        found = replace(found, settings=replace(found.settings, url=base_url.with_slash(url)))
    return assemble(found)


def _faults(templates: Folder, memory: Cache) -> tuple[Diagnostic, ...]:
    """What is wrong with the files of the templates themselves."""

    def find() -> tuple[Diagnostic, ...]:
        found = (*symlink_diagnostics(templates), *template_diagnostics(templates, memory))
        return found or (*circular_assets(templates), *icon_errors(templates))

    return memory.recall(("templates",), (templates.files, templates.symlinks), find)


def _unfit(target: Host, fault: str, content: Folder) -> Diagnostic:
    return Diagnostic(
        Rule.INVALID_VALUE,
        Span(content.show(SETTINGS)),
        f'the public address cannot be used with the target "{target}": {fault}',
        help="publish it at a plain path, or for another target",
    )


def _left_out(public: str, history: History | None) -> str:
    whole = f"{urls.SITEMAP}, {urls.FEED}, {urls.OPENSEARCH}, {urls.ROBOTS}"
    if not public:
        return f"no public address is known, so there are no canonical links, cards, {whole}"
    if history is None:
        return (
            "the history of the content is not known, so there are no dates in "
            f"{urls.SITEMAP} and no {urls.FEED}"
        )
    return ""


def _addresses(content: Folder, read: ParsedContent, book: Book) -> bytes | None:
    """The list of published addresses as it is to be from now on."""
    listed = read.documents.published
    if listed is None:
        return None
    text = extended(read.sources[content.show(PUBLISHED_URLS)], listed, book.addresses)
    return None if text is None else text.encode()


def _texts(templates: Folder, diagnostics: Iterable[Diagnostic]) -> Mapping[str, Source]:
    """The templates that problems speak of; what is not UTF-8 is shown as far as it can be."""
    shown = {diagnostic.span.path for diagnostic in diagnostics}
    return {
        templates.show(path): Source.of(path, templates.show(path), data.decode(errors="replace"))
        for path, data in templates.files.items()
        if templates.show(path) in shown
    }


def _outcome(
    files: Mapping[PurePosixPath, bytes] | None,
    diagnostics: Iterable[Diagnostic],
    sources: Mapping[str, Source],
) -> BuildResult:
    ordered = sorted(diagnostics, key=lambda each: (each.span, each.rule, each.message))
    return BuildResult(files, tuple(ordered), sources)


def _has_error(diagnostics: Iterable[Diagnostic]) -> bool:
    return any(each.severity is Severity.ERROR for each in diagnostics)
