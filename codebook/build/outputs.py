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
from codebook.publish.verify import VerifiedPage, verify_page

_PAGE = ".html"
"""The suffix of pages."""
_FILE = "file"
"""The stage that makes a file."""


class Output(Struct, frozen=True):
    """A file of a site, which can be made at any time."""

    path: PurePosixPath
    inputs: tuple[object, ...]
    """Everything that the file depends on, apart from its path and the program."""
    make: Callable[[], Parsed[bytes]]
    """The file; empty if there is an error."""


class Destination(Struct, frozen=True):
    """Where a site is published."""

    folder: str
    """The display path of the site folder."""
    url: str
    """The base URL, or empty."""
    asset_urls: tuple[str, ...]
    """The final URLs for the placeholders in pages."""


class Published(Struct, frozen=True):
    """The files that the last build published, and had verified."""

    keys: Mapping[str, bytes]
    """The key of each file: it differs if anything differs that the file depends on."""
    ids: Mapping[str, tuple[str, ...]]
    """The IDs in each page, which links can point to."""
    in_place: frozenset[str]
    """The files that haven't changed since then."""


NOTHING_PUBLISHED = Published({}, {}, frozenset())


class Made(Struct, frozen=True):
    """The files of a site, some of which were made."""

    files: Mapping[PurePosixPath, bytes]
    """Those that were made, without any that have an error."""
    pages: Mapping[PurePosixPath, VerifiedPage]
    """The pages among them."""
    kept: Published
    """The other files."""
    keys: Mapping[str, bytes]
    """The keys of all files; none if no files can be kept."""
    diagnostics: tuple[Diagnostic, ...]


class _MadeFile(Struct, frozen=True):
    data: bytes
    diagnostics: tuple[Diagnostic, ...]
    page: VerifiedPage | None


def make_outputs(
    cache: Cache,
    outputs: Sequence[Output],
    published: Published | None,
    destination: Destination,
    progress: Progress,
) -> Made:
    """Make the files that aren't published; all of them if `published` is None.

    If a file or an ID is lost, all pages, too, because links on any of them could point to it. An
    error in a template is reported only once.
    """
    if published is None:
        return _make(cache, outputs, {}, NOTHING_PUBLISHED, destination, progress)
    keys = {str(it.path): _key(cache, it, destination.asset_urls) for it in outputs}
    made = _make(cache, outputs, keys, published, destination, progress)
    if made.kept.keys and _is_anything_lost(made, published):
        in_place = frozenset(path for path in published.in_place if not path.endswith(_PAGE))
        without_pages = replace(published, in_place=in_place)
        return _make(cache, outputs, keys, without_pages, destination, progress)
    return made


def _make(  # noqa: PLR0913, PLR0917 - every input is explicit
    cache: Cache,
    outputs: Sequence[Output],
    keys: Mapping[str, bytes],
    published: Published,
    destination: Destination,
    progress: Progress,
) -> Made:
    kept = {
        path: key
        for path, key in keys.items()
        if path in published.in_place and published.keys.get(path) == key
    }
    stale = [it for it in outputs if str(it.path) not in kept] if kept else outputs
    make = partial(_make_file, cache, destination)
    made = compute(
        make, stale, _MadeFile, cache.processes, lambda items: progress(items, "rendering")
    )
    files: dict[PurePosixPath, bytes] = {}
    pages: dict[PurePosixPath, VerifiedPage] = {}
    diagnostics: list[Diagnostic] = []
    for output, result in zip(stale, made, strict=True):
        if result.diagnostics:
            diagnostics += result.diagnostics
        else:
            files[output.path] = result.data
        if result.page:
            pages[output.path] = result.page
    ids = {path: published.ids[path] for path in kept if path in published.ids}
    return Made(
        files,
        pages,
        Published(kept, ids, frozenset(kept)),
        keys,
        _first_of_each_place(diagnostics),
    )


def _key(cache: Cache, output: Output, asset_urls: tuple[str, ...]) -> bytes:
    in_pages = (asset_urls,) if output.path.suffix == _PAGE else ()
    return cache.keys.of(str(output.path), *output.inputs, *in_pages)


def _make_file(cache: Cache, destination: Destination, output: Output) -> _MadeFile:
    if entry := cache.find(_FILE, output.path, output.inputs):
        made: _MadeFile = entry[1]
        return made
    made = _make_and_verify(destination, output)
    return cache.keep(_FILE, output.path, output.inputs, made)


def _make_and_verify(destination: Destination, output: Output) -> _MadeFile:
    made = output.make()
    page = None
    if output.path.suffix == _PAGE and not made.diagnostics:
        display_path = f"{destination.folder}/{output.path}"
        page = verify_page(output.path, made.value, destination.url, display_path)
    return _MadeFile(made.value, made.diagnostics, page)


def _is_anything_lost(made: Made, published: Published) -> bool:
    """Whether links on pages that were kept can point to something that no longer exists."""
    return not published.keys.keys() <= made.keys.keys() or any(
        not {id_ for _, id_ in page.own}.issuperset(published.ids.get(str(path), ()))
        for path, page in made.pages.items()
    )


def _first_of_each_place(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    errors: dict[object, Diagnostic] = {}
    for diagnostic in diagnostics:
        errors.setdefault(diagnostic.span, diagnostic)
    return tuple(errors.values())
