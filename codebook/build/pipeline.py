"""The build pipeline: its stages, in order. Nothing here touches the disk.

parse_documents        content              -> Parsed[Documents]
assemble               Documents            -> Parsed[Book]
page_table             Book                 -> PageTable
check_pages            PageTable, Documents -> diagnostics
check_dates            tables, History      -> diagnostics
plan_site              PageTable, templates -> Parsed[SitePlan]
make_outputs           SitePlan, Published  -> Made
verify                 Made                 -> diagnostics
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath

from msgspec import Struct
from msgspec.structs import replace

from codebook.book import base_url, urls
from codebook.book.check import assemble
from codebook.book.check.dates import check_dates
from codebook.book.documents import Documents
from codebook.book.history import History
from codebook.book.layout import SETTINGS
from codebook.book.parse import parse_documents
from codebook.build.assembly import destination, plan_site
from codebook.build.outputs import NOTHING_PUBLISHED, Made, Published, make_outputs
from codebook.cache import Cache, memoize
from codebook.diagnostics.causes import Group, group_by_cause
from codebook.diagnostics.diagnostic import Diagnostic, Rule, has_error
from codebook.diagnostics.progress import Progress, no_progress
from codebook.diagnostics.source import Folder, Source, Span
from codebook.publish.asset_errors import asset_errors
from codebook.publish.host import Host, validation_error
from codebook.publish.verify import Target, VerifiedPage, verify
from codebook.site.check import check_pages
from codebook.site.html.palette import read_palette
from codebook.site.load_words import load_words
from codebook.site.routes import page_table
from codebook.site.words import Words, keys
from codebook.syntax.decode import sources_of, symlink_diagnostics, template_diagnostics


class BuildResult(Struct, frozen=True):
    """The result of a build."""

    files: Mapping[PurePosixPath, bytes] | None
    """The files of the site, without those that are kept; None if there is an error."""
    diagnostics: tuple[Diagnostic, ...]
    """Sorted by position."""
    sources: Mapping[str, Source]
    """The sources that diagnostics point to, by display path."""
    kept: frozenset[str] = frozenset()
    """The files that are published already."""
    published: Published = NOTHING_PUBLISHED
    """What the next build can keep."""
    published_urls: frozenset[str] | None = None
    """The URLs of the site; None if the book has no list of published URLs."""
    left_out: str = ""
    """Which features the site lacks, and why; empty if it has all of them."""
    base: str = "/"
    """The path that the site is published under."""
    words: Words | None = None
    """The words of the interface; None if one of them is missing or invalid."""

    @property
    def groups(self) -> tuple[Group, ...]:
        """The diagnostics, grouped by cause."""
        return group_by_cause(self.diagnostics)


def build_site(  # noqa: PLR0913 - every input is explicit
    content: Folder,
    templates: Folder,
    site: str,
    url: str,
    *,
    host: Host = Host.PLAIN,
    history: History | None = None,
    published: Published | None = None,
    cache: Cache | None = None,
    progress: Progress = no_progress,
) -> BuildResult:
    """Build the site of a book.

    `site` is the display name of the site folder. `url` overrides the base URL in the settings
    unless it's empty. `host` is the kind of host to build for. `history` is the Git history of the
    content, if available. `published` has the files that needn't be made again. `cache` holds
    results of earlier builds; both affect only how long the build takes.
    """
    cache = cache or Cache()
    parsed = parse_documents(cache, content, progress)
    documents = _with_base_url(parsed.value, url)
    book = assemble(cache, documents)
    words = load_words(cache, templates)
    table = page_table(cache, book.value, words.value or keys())
    base = documents.settings.url
    diagnostics = [
        *_template_file_diagnostics(cache, templates),
        *words.diagnostics,
        *parsed.diagnostics,
        *book.diagnostics,
        *check_pages(cache, table, documents),
        *check_dates(documents.tables, history),
    ]
    if base and (message := validation_error(host, base)):
        diagnostics.append(_unsupported_base_url(host, message, content))
    if has_error(diagnostics):
        sources = {**sources_of(content, diagnostics), **_sources(templates, diagnostics)}
        return BuildResult(None, _in_order(diagnostics), sources, words=words.value)
    plan = plan_site(
        cache,
        table,
        templates,
        read_palette(cache, templates).value,
        host=host,
        history=history,
    )
    target = destination(cache, plan.value, site, base)
    made = make_outputs(cache, plan.value.outputs, published, target, progress)
    diagnostics += (*plan.diagnostics, *made.diagnostics)
    pages: dict[str, Source] = {}
    # A failed template leaves pages out, and links to them would be reported as dead.
    if not (plan.diagnostics or made.diagnostics):
        own = tuple(page.own for page in made.pages.values())
        known = _known(cache, target.files, own, made.kept.ids)
        for diagnostic, page in verify(cache, made.pages, made.files, known, base, site):
            diagnostics.append(diagnostic)
            pages[page.display_path] = page
    sources = {**sources_of(content, diagnostics), **_sources(templates, diagnostics), **pages}
    if has_error(diagnostics):
        return BuildResult(None, _in_order(diagnostics), sources, words=words.value)
    return BuildResult(
        {**{PurePosixPath(it.url): it.data for it in plan.value.assets}, **made.files},
        _in_order(diagnostics),
        sources,
        kept=frozenset(made.kept.keys),
        published=_now_published(made),
        published_urls=None if documents.published is None else table.published_urls,
        left_out=_left_out(base, history),
        base=base_url.base_path(base),
        words=words.value,
    )


@memoize
def _known(
    _cache: Cache,
    files: frozenset[Target],
    own: tuple[frozenset[Target], ...],
    kept: Mapping[str, tuple[str, ...]],
) -> frozenset[Target]:
    """Everything that links can point to. `own` has the pages that were made, and their IDs."""
    ids = ((path, id_) for path, ids in kept.items() for id_ in ids)
    return files.union(ids, *own)


def _now_published(made: Made) -> Published:
    """What the next build can keep: nothing without keys."""
    if not made.keys:
        return NOTHING_PUBLISHED
    ids = {str(path): _ids(page) for path, page in made.pages.items()}
    return Published(made.keys, {**made.kept.ids, **ids}, frozenset())


def _ids(page: VerifiedPage) -> tuple[str, ...]:
    return tuple(sorted(id_ for _, id_ in page.own if id_))


def _with_base_url(documents: Documents, url: str) -> Documents:
    if not url:
        return documents
    return replace(documents, settings=replace(documents.settings, url=base_url.with_slash(url)))


@memoize
def _template_file_diagnostics(cache: Cache, templates: Folder) -> tuple[Diagnostic, ...]:
    """The errors in the template files themselves."""
    unreadable = (*symlink_diagnostics(templates), *template_diagnostics(cache, templates))
    return unreadable or (
        *asset_errors(cache, templates),
        *read_palette(cache, templates).diagnostics,
    )


def _unsupported_base_url(host: Host, message: str, content: Folder) -> Diagnostic:
    return Diagnostic(
        Rule.INVALID_VALUE,
        Span(content.show(SETTINGS)),
        f"the public URL cannot be used with `--target {host}`: {message}",
        help="change the path of the URL, or choose another target",
    )


def _left_out(base: str, history: History | None) -> str:
    if not base:
        return (
            "no public URL is set, so the site has no canonical links, cards, "
            f"{urls.SITEMAP}, {urls.FEED}, {urls.OPENSEARCH}, or {urls.ROBOTS}"
        )
    if history is None:
        return (
            "the complete Git history of the content is not available, so the site has no dates in "
            f"{urls.SITEMAP} and no {urls.FEED}"
        )
    return ""


def _sources(folder: Folder, diagnostics: Iterable[Diagnostic]) -> Mapping[str, Source]:
    """The files that diagnostics point to. Bytes that aren't UTF-8 are replaced."""
    paths = {diagnostic.span.path for diagnostic in diagnostics}
    return {
        folder.show(path): Source.of(path, folder.show(path), data.decode("utf-8-sig", "replace"))
        for path, data in folder.files.items()
        if folder.show(path) in paths
    }


def _in_order(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    return tuple(
        sorted(
            diagnostics,
            key=lambda diagnostic: (diagnostic.span, diagnostic.rule, diagnostic.message),
        )
    )
