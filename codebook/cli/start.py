"""Start a build, for the commands `build` and `check`.

What is needed only later is imported while another process parses what has changed.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from functools import partial
from importlib import import_module
from time import monotonic

from codebook.book.parse import parse_documents
from codebook.build.options import Options
from codebook.cli.console import ProgressBar, say
from codebook.cli.content import require_content
from codebook.cli.request import state_folder
from codebook.cli.storage import read_inputs
from codebook.io.cache_folder import forget_missing_sites, make_folder
from codebook.io.disk import display_path, remove_temporary_files
from codebook.io.site import check_site_folder, locked_site


def build_or_check(options: Options, *, writes: bool) -> int:
    """Build the site in memory and report the diagnostics; write the site if `writes` is set."""
    started = monotonic()
    if writes:
        check_site_folder(options.site, [options.content, options.templates])
    require_content(options.content)
    with _locked(options) if writes else nullcontext():
        inputs = read_inputs(options, partial(import_module, "codebook.cli.building"))
        progress = ProgressBar()
        parse_documents(inputs.cache, inputs.content, progress)
        from codebook.cli.building import build  # noqa: PLC0415 - usually imported by now

        return build(options, inputs, progress, started, writes=writes)


@contextmanager
def _locked(options: Options) -> Iterator[None]:
    """Hold the lock of the site, so that no other build changes it in the meantime."""
    state, site = state_folder(options), display_path(options.site)
    make_folder(state, options.cache)
    waiting = f"waiting for another build of {site}/ to finish"
    with locked_site(state, lambda: say(waiting, quiet=options.quiet)):
        for folder in (state, options.cache):
            remove_temporary_files(folder)
        forget_missing_sites(options.cache)
        yield
