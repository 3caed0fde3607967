"""Makes the files of a site that aren't published yet."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import PurePosixPath

from msgspec import Struct
from msgspec.structs import replace

from codebook.cache import Cache
from codebook.diagnostics.diagnostic import Diagnostic, Parsed
from codebook.diagnostics.progress import Progress
from codebook.publish.assets import replace_placeholders
from codebook.publish.verify import Target, VerifiedPage, verify_page

_PAGE = ".html"
"""The suffix of pages."""
_FILE, _FINAL = "file", "final page"
"""The stages that make a file, and that complete a page."""


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
    asset_urls: Mapping[str, str]
    """The URL of each asset by its placeholder, which pages are rendered with."""
    files: frozenset[Target]
    """All files, with the placeholders of assets."""


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
    to: Destination,
    progress: Progress,
) -> Made:
    """Make the files that aren't published; all of them if `published` is None.

    If a file or an ID is lost, all pages, too, because links on any of them could point to it. An
    error in a template is reported only once.
    """
    keys = {} if published is None else {str(it.path): _key(cache, it, to) for it in outputs}
    last = published or NOTHING_PUBLISHED
    kept = _kept(keys, last)
    made = _make(cache, outputs, kept, to, progress)
    if kept and _is_anything_lost(made, keys, last):
        others = {path: key for path, key in kept.items() if not path.endswith(_PAGE)}
        pages = [it for it in outputs if str(it.path) in kept.keys() - others.keys()]
        made |= _make(cache, pages, {}, to, progress)
        kept = others
    ids = {path: last.ids[path] for path in kept if path in last.ids}
    return Made(
        {path: file.data for path, file in made.items() if not file.diagnostics},
        {path: file.page for path, file in made.items() if file.page},
        Published(kept, ids, frozenset(kept)),
        keys,
        _first_of_each_place(it for file in made.values() for it in file.diagnostics),
    )


def _kept(keys: Mapping[str, bytes], published: Published) -> Mapping[str, bytes]:
    """The keys of the files that needn't be made."""
    return {
        path: key
        for path, key in keys.items()
        if path in published.in_place and published.keys.get(path) == key
    }


def _make(
    cache: Cache,
    outputs: Sequence[Output],
    kept: Mapping[str, bytes],
    to: Destination,
    progress: Progress,
) -> dict[PurePosixPath, _MadeFile]:
    stale = [it for it in outputs if str(it.path) not in kept] if kept else outputs
    make = partial(_make_file, cache, to)
    made = cache.compute(make, stale, _MadeFile, lambda items: progress(items, "rendering"))
    return dict(zip((output.path for output in stale), made, strict=True))


def _key(cache: Cache, output: Output, to: Destination) -> bytes:
    in_pages = (to.asset_urls,) if output.path.suffix == _PAGE else ()
    return cache.keys.of(str(output.path), *output.inputs, *in_pages)


def _make_file(cache: Cache, to: Destination, output: Output) -> _MadeFile:
    made = cache.find_or_make(
        _FILE, output.path, output.inputs, lambda: _make_and_verify(to, output)
    )
    return _final(cache, to, output.path, made) if made.page else made


def _final(cache: Cache, to: Destination, path: PurePosixPath, made: _MadeFile) -> _MadeFile:
    """A page with the URLs of assets, and only those targets of links that aren't known to exist.

    The other process has less to send then.
    """

    def finish() -> _MadeFile:
        data = replace_placeholders(made.data, to.asset_urls)
        page = made.page and replace(made.page, targets=made.page.targets - to.files)
        return replace(made, data=data, page=page)

    return cache.find_or_make(_FINAL, path, (made, to.asset_urls, to.files), finish)


def _make_and_verify(to: Destination, output: Output) -> _MadeFile:
    made = output.make()
    page = None
    if output.path.suffix == _PAGE and not made.diagnostics:
        display_path = f"{to.folder}/{output.path}"
        page = verify_page(output.path, made.value, to.url, display_path)
    return _MadeFile(made.value, made.diagnostics, page)


def _is_anything_lost(
    made: Mapping[PurePosixPath, _MadeFile], keys: Mapping[str, bytes], published: Published
) -> bool:
    """Whether links on pages that are kept can point to something that no longer exists."""
    return not published.keys.keys() <= keys.keys() or any(
        not {id_ for _, id_ in file.page.own}.issuperset(published.ids.get(str(path), ()))
        for path, file in made.items()
        if file.page
    )


def _first_of_each_place(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    errors: dict[object, Diagnostic] = {}
    for diagnostic in diagnostics:
        errors.setdefault(diagnostic.span, diagnostic)
    return tuple(errors.values())
