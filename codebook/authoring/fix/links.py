"""Fixes links to renamed files, and links with a URL or a number instead of the path of a file."""

from __future__ import annotations

import posixpath
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from urllib.parse import unquote

from codebook.authoring.checked_content import CheckedContent
from codebook.book.layout import CODES, article_number
from codebook.diagnostics.diagnostic import Rule
from codebook.diagnostics.source import Source, Span
from codebook.site.check.renamed import renamed_documents
from codebook.site.routes import Anchor, Site
from codebook.syntax.links import link_target as target_of
from codebook.syntax.rich_text import LinkTarget, anchor_id

_BROKEN = frozenset({Rule.BROKEN_LINK, Rule.BROKEN_ANCHOR})
_SUFFIXES = ("", "/index.html", "/index.md", ".html")
"""Suffixes that don't change which page a URL points to."""


def fixed_links(content: CheckedContent) -> Mapping[PurePosixPath, bytes]:
    """The documents with broken links whose target is certain, with these links fixed."""
    broken = {diagnostic.span for diagnostic in content.diagnostics if diagnostic.rule in _BROKEN}
    pages = _pages(content.site)
    renamed = renamed_documents(content.documents, content.site.anchors)
    fixes: defaultdict[PurePosixPath, dict[Span, str]] = defaultdict(dict)
    for target in content.documents.targets:
        source = content.source(target.base)
        if target.span in broken and source and target.base.suffix == ".md":
            text = _target_text(target, source)
            candidates = set(_candidates(target, text, content.site, pages, renamed))
            if len(candidates) == 1 and (link := _link(candidates.pop(), target)):
                fixes[target.base][target.span] = link
    files: dict[PurePosixPath, bytes] = {}
    for path, links in fixes.items():
        if source := content.source(path):
            files[path] = _replaced(source, links).encode()
    return files


def _pages(site: Site) -> Mapping[str, PurePosixPath]:
    """The document of each URL, including former and short ones, without surrounding slashes."""
    documents: dict[str, PurePosixPath] = {}
    for (path, heading), url in site.anchors.items():
        if not heading:
            documents.setdefault(url.strip("/"), path)
    for redirect in site.redirects:
        if (document := documents.get(redirect.to.strip("/"))) is not None:
            documents.setdefault(redirect.url.strip("/"), document)
    return documents


def _target_text(target: LinkTarget, source: Source) -> str:
    """The link as written in the file; empty if its span is not exact."""
    span = target.span
    text = source.lines[span.line - 1][span.column - 1 : span.column - 1 + span.length]
    return text if target_of(text, target.base, span) == target else ""


def _candidates(
    target: LinkTarget,
    text: str,
    site: Site,
    pages: Mapping[str, PurePosixPath],
    renamed: Mapping[PurePosixPath, PurePosixPath],
) -> Iterator[Anchor]:
    """The possible targets of the link."""
    path = unquote(text.partition("#")[0])
    page_url = site.anchors.get((target.base, ""), "")
    documents = {
        renamed.get(target.path, target.path),
        PurePosixPath(posixpath.normpath(path.lstrip("/") or ".")),
    }
    url = path if path.startswith("/") else posixpath.join(page_url, path)
    url = posixpath.normpath(f"/{url.lstrip('/')}")
    for suffix in _SUFFIXES:
        if url.endswith(suffix) and (page := pages.get(url.removesuffix(suffix).strip("/"))):
            documents.add(page)
    stem = path.removesuffix(".md").removesuffix(".html")
    number = article_number(PurePosixPath(CODES, f"{stem}.md"))
    if number is not None:
        documents.add(PurePosixPath(CODES, f"{number}.md"))
    for document in documents:
        for slug in {target.anchor, target.anchor.removeprefix(anchor_id(""))}:
            if text and (document, slug) in site.anchors:
                yield document, slug


def _link(destination: Anchor, target: LinkTarget) -> str:
    """The relative link to a destination; empty if it would point elsewhere."""
    path, slug = destination
    anchor = f"#{slug}" if slug else ""
    is_within = path == target.base and slug
    relative = "" if is_within else posixpath.relpath(path, target.base.parent)
    result = target_of(relative + anchor, target.base, target.span)
    return relative + anchor if (result.path, result.anchor) == destination else ""


def _replaced(source: Source, links: Mapping[Span, str]) -> str:
    lines = list(source.lines)
    for span, link in sorted(links.items(), reverse=True):
        line, start = lines[span.line - 1], span.column - 1
        lines[span.line - 1] = line[:start] + link + line[start + span.length :]
    return "\n".join(lines)
