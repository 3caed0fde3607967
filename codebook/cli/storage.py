"""What a run can reuse of earlier ones, and what it leaves for later ones."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from msgspec import Struct
from msgspec.msgpack import encode
from msgspec.structs import replace

from codebook.build.options import Options
from codebook.cache import Cache, CompiledTemplates, StoredResults
from codebook.diagnostics.source import Folder
from codebook.io.bytecode import load_compiled, save_compiled
from codebook.io.cache_folder import is_made
from codebook.io.disk import as_text, display_path
from codebook.io.sources import NOT_STORED, StoredFolder, read_and_store
from codebook.io.stored import load, load_as, save

_RESULTS, _SOURCES = "results", "sources"
"""Files in the cache folder."""
_PROCESSES = 2


class Inputs(Struct, frozen=True):
    """The sources of a book, and results of stages."""

    content: Folder
    stored_content: StoredFolder
    templates: Folder
    stored_templates: StoredFolder
    cache: Cache


def read_inputs(options: Options, meanwhile: Callable[[], object]) -> Inputs:
    """Read the sources that have changed since the last run. Raises `AccessError` if it can't.

    `meanwhile` is what this process does while another one parses the first documents.
    """
    sources: dict[str, StoredFolder] = {}
    results = b""
    uses_cache = options.uses_cache and is_made(options.cache)
    if uses_cache:
        results = load(options.cache / _RESULTS)
        sources = load_as(options.cache / _SOURCES, dict[str, StoredFolder]) or {}
    (content, stored_content), (templates, stored_templates) = (
        read_and_store(folder, display_path(folder), sources.get(_name(folder), NOT_STORED))
        for folder in (options.content, options.templates)
    )
    now = {_name(options.content): stored_content, _name(options.templates): stored_templates}
    if uses_cache and now != sources:
        save(options.cache / _SOURCES, encode(now))
    compiled = load_compiled() if options.uses_cache else b""
    cache = _cache(results, CompiledTemplates(compiled), meanwhile)
    return Inputs(content, stored_content, templates, stored_templates, cache)


def without_results(inputs: Inputs) -> Inputs:
    """The same sources, without results of earlier runs, for when one of these is damaged."""
    return replace(inputs, cache=_cache(b"", inputs.cache.compiled))


def save_results(options: Options, cache: Cache) -> None:
    """Store the results of stages, and the compiled templates, if they have changed."""
    if not options.uses_cache:
        return
    results = cache.stored.dump() if cache.stored and is_made(options.cache) else None
    if results is not None:
        save(options.cache / _RESULTS, results)
    if (data := cache.compiled.dump()) is not None:
        save_compiled(data)


def _cache(
    results: bytes, compiled: CompiledTemplates, meanwhile: Callable[[], object] | None = None
) -> Cache:
    stored = StoredResults(results)
    return Cache(stored, _PROCESSES, compiled, is_reused=False, meanwhile=meanwhile)


def _name(folder: Path) -> str:
    return as_text(str(folder.absolute()))
