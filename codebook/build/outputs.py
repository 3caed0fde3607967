"""Makes the files of a site that aren't published yet."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import PurePosixPath

from msgspec import Struct
from msgspec.structs import replace

from codebook.cache import Cache, compute
from codebook.diagnostics.diagnostic import Diagnostic, Parsed
from codebook.diagnostics.progress import Progress
from codebook.publish.html_scan import ScannedPage
from codebook.publish.verify import scan_page

_PAGE = ".html"
"""The suffix of pages."""


class Output(Struct, frozen=True):
    """A file of a site, which can be made at any time."""

    path: PurePosixPath
    inputs: tuple[object, ...]
    """Everything that the file depends on, apart from its path and the program."""
    make: Callable[[], Parsed[bytes]]
    """The file; empty if there is an error."""


class Published(Struct, frozen=True):
    """The files that the last build published, and had verified."""

    keys: Mapping[str, bytes]
    """The key of each file: it differs if anything differs that the file depends on."""
    ids: Mapping[str, tuple[str, ...]]
    """The IDs in each page, which links can point to."""
    in_place: frozenset[str]
    """The files that nobody has changed since then."""


NOTHING_PUBLISHED = Published({}, {}, frozenset())


class Made(Struct, frozen=True):
    """The files of a site, some of which were made."""

    files: Mapping[PurePosixPath, bytes]
    """Those that were made, without any that have an error."""
    pages: Mapping[PurePosixPath, ScannedPage]
    """The pages among them."""
    kept: Published
    """The other files."""
    keys: Mapping[str, bytes]
    """The keys of all files; none if no files can be kept."""
    diagnostics: tuple[Diagnostic, ...]


class _MadeFile(Struct, frozen=True):
    data: bytes
    diagnostics: tuple[Diagnostic, ...]
    page: ScannedPage | None


def make_outputs(  # noqa: PLR0913, PLR0917 - every input is explicit
    cache: Cache,
    outputs: Sequence[Output],
    published: Published | None,
    asset_urls: tuple[str, ...],
    site: str,
    progress: Progress,
) -> Made:
    """Make the files that aren't published; all of them if `published` is None.

    If a file or an ID is lost, all of them, too, because links on any page could point to it. An
    error in a template is reported only once. `asset_urls` are the final URLs for the placeholders
    in pages; `site` is the display name of the site folder.
    """
    if published is None:
        return _make(cache, outputs, {}, NOTHING_PUBLISHED, site, progress)
    keys = {str(it.path): _key(cache, it, asset_urls) for it in outputs}
    made = _make(cache, outputs, keys, published, site, progress)
    if made.kept.keys and _is_anything_lost(made, published):
        nothing = replace(published, in_place=frozenset())
        return _make(cache, outputs, keys, nothing, site, progress)
    return made


def _make(  # noqa: PLR0913, PLR0917 - every input is explicit
    cache: Cache,
    outputs: Sequence[Output],
    keys: Mapping[str, bytes],
    published: Published,
    site: str,
    progress: Progress,
) -> Made:
    kept = {
        path: key
        for path, key in keys.items()
        if path in published.in_place and published.keys.get(path) == key
    }
    stale = [output for output in outputs if str(output.path) not in kept]
    make = partial(_make_file, cache, site)
    made = compute(
        make, stale, _MadeFile, cache.processes, lambda items: progress(items, "rendering")
    )
    results = {output.path: result for output, result in zip(stale, made, strict=True)}
    ids = {path: published.ids[path] for path in kept if path in published.ids}
    return Made(
        {path: result.data for path, result in results.items() if not result.diagnostics},
        {path: result.page for path, result in results.items() if result.page},
        Published(kept, ids, frozenset(kept)),
        keys,
        _first_of_each_place(it for result in made for it in result.diagnostics),
    )


def _key(cache: Cache, output: Output, asset_urls: tuple[str, ...]) -> bytes:
    in_pages = (asset_urls,) if output.path.suffix == _PAGE else ()
    return cache.keys.of(str(output.path), *output.inputs, *in_pages)


def _make_file(cache: Cache, site: str, output: Output) -> _MadeFile:
    return cache.result("file", output.path, output.inputs, partial(_make_and_scan, site, output))


def _make_and_scan(site: str, output: Output) -> _MadeFile:
    result = output.make()
    is_page = output.path.suffix == _PAGE and not result.diagnostics
    page = scan_page(output.path, result.value, f"{site}/{output.path}") if is_page else None
    return _MadeFile(result.value, result.diagnostics, page)


def _is_anything_lost(made: Made, published: Published) -> bool:
    """Whether links on pages that were kept can point to something that no longer exists."""
    return not published.keys.keys() <= made.keys.keys() or any(
        not page.ids.issuperset(published.ids.get(str(path), ()))
        for path, page in made.pages.items()
    )


def _first_of_each_place(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    errors: dict[object, Diagnostic] = {}
    for diagnostic in diagnostics:
        errors.setdefault(diagnostic.span, diagnostic)
    return tuple(errors.values())
