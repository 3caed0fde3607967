"""`build` makes the site, `check` only finds out whether it can be made."""

from __future__ import annotations

import argparse
import sys
from time import monotonic

from codebook import io
from codebook.authoring.checked_content import CheckedContent
from codebook.authoring.fix import count_fixable
from codebook.book import urls
from codebook.book.layout import PUBLISHED_URLS
from codebook.build.options import Options
from codebook.build.pipeline import BuildResult, build_site
from codebook.cache.memory import Cache
from codebook.cli.arguments import Refuse, options
from codebook.cli.paths import PROGRAM
from codebook.cli.progress import Progress
from codebook.diagnostics.diagnostic import Severity
from codebook.diagnostics.reports import Format, report, tally
from codebook.io import display_path, git

_DONE, _PROBLEMS = 0, 1


def build(given: argparse.Namespace, refuse: Refuse) -> int:
    """Make the site, and say what has changed in its folder."""
    return _run(options(given, refuse), writes=True)


def check(given: argparse.Namespace, refuse: Refuse) -> int:
    """Find what is wrong, and write nothing."""
    return _run(options(given, refuse), writes=False)


def _run(told: Options, *, writes: bool) -> int:
    started = monotonic()
    progress = Progress()
    site = display_path(told.site)
    if writes:
        io.check_site_folder(told.site, [told.content, told.templates])
    content = io.read_folder(told.content, display_path(told.content))
    past = git.read_commit_log(told.content)
    memory = Cache()
    outcome = build_site(
        content,
        io.read_folder(told.templates, display_path(told.templates)),
        site,
        told.url,
        target=told.target,
        history=past.history(content.files) if past else None,
        kept=io.read_built(told.site, urls.CARDS, ".png"),
        memory=memory,
        watch=progress,
    )
    sys.stdout.write(report(outcome.diagnostics, outcome.sources, told.style))
    sys.stdout.flush()
    _say(told, _hint(outcome, told))
    failed = outcome.files is None or (told.strict and bool(outcome.diagnostics))
    if failed or outcome.files is None:
        count = count_fixable(CheckedContent.of(content, memory))
        cure = f"; check --fix mends {count}" if count else ""
        left = f"; {site}/ was left as it is" if writes else ""
        _say(told, _failure(outcome, told) + cure + left)
        return _PROBLEMS
    found = tally(outcome.diagnostics)
    if not writes:
        _say(told, f"{len(outcome.files)} files can be built{found and '; '}{found}")
        return _DONE
    changes = io.write_site(
        outcome.files,
        told.site,
        lambda: _say(told, f"another build is writing {site}/; waiting for it"),
        lambda work: progress(work, "writing"),
    )
    if outcome.addresses is not None:
        io.replace_file(told.content, PUBLISHED_URLS, outcome.addresses)
        _say(told, f"{display_path(told.content / PUBLISHED_URLS)} lists the new addresses")
    _say(told, outcome.left_out)
    if told.verbose:
        for verb, paths in (("wrote", changes.write), ("removed", changes.remove)):
            for path in paths:
                _say(told, f"{verb} {site}/{path}")
    _say(
        told,
        f"{site}/ holds {len(outcome.files)} files: {len(changes.write)} written, "
        f"{changes.unchanged} unchanged, {len(changes.remove)} removed, "
        f"in {monotonic() - started:.2f} s{found and '; '}{found}",
    )
    return _DONE


def _failure(outcome: BuildResult, told: Options) -> str:
    found = tally(outcome.diagnostics)
    if told.strict and all(each.severity is Severity.WARNING for each in outcome.diagnostics):
        found += ", which --strict takes for errors"
    return found


def _hint(outcome: BuildResult, told: Options) -> str:
    """Where to read more of the first problem, for a person."""
    is_for_people = told.style is Format.FULL and outcome.diagnostics
    return f"for more: {PROGRAM} explain {outcome.diagnostics[0].rule}" if is_for_people else ""


def _say(told: Options, words: str) -> None:
    if words and not told.quiet:
        print(words, file=sys.stderr)
