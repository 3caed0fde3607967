"""`build` makes the site, `check` only finds out whether it can be made."""

from __future__ import annotations

import argparse
import sys
from time import monotonic

from codebook import io
from codebook.authoring.checked_content import Manuscript
from codebook.authoring.fix import curable
from codebook.book import urls
from codebook.book.layout import ADDRESSES
from codebook.build.options import Options
from codebook.build.pipeline import Outcome, make
from codebook.cache.memory import Memory
from codebook.cli.arguments import Refuse, options
from codebook.cli.paths import PROGRAM
from codebook.cli.progress import Progress
from codebook.diagnostics.diagnostic import Severity
from codebook.diagnostics.reports import Format, report, tally
from codebook.io import git, shown

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
    site = shown(told.site)
    if writes:
        io.guard(told.site, [told.content, told.templates])
    content = io.read(told.content, shown(told.content))
    past = git.past(told.content)
    memory = Memory()
    outcome = make(
        content,
        io.read(told.templates, shown(told.templates)),
        site,
        told.url,
        target=told.target,
        history=past.history(content.files) if past else None,
        kept=io.read_built(told.site, urls.CARDS, ".png"),
        memory=memory,
        watch=progress,
    )
    sys.stdout.write(report(outcome.problems, outcome.sources, told.style))
    sys.stdout.flush()
    _say(told, _hint(outcome, told))
    failed = outcome.files is None or (told.strict and bool(outcome.problems))
    if failed or outcome.files is None:
        count = curable(Manuscript.of(content, memory))
        cure = f"; check --fix mends {count}" if count else ""
        left = f"; {site}/ was left as it is" if writes else ""
        _say(told, _failure(outcome, told) + cure + left)
        return _PROBLEMS
    found = tally(outcome.problems)
    if not writes:
        _say(told, f"{len(outcome.files)} files can be built{found and '; '}{found}")
        return _DONE
    changes = io.apply(
        outcome.files,
        told.site,
        lambda: _say(told, f"another build is writing {site}/; waiting for it"),
        lambda work: progress(work, "writing"),
    )
    if outcome.addresses is not None:
        io.record(told.content, ADDRESSES, outcome.addresses)
        _say(told, f"{shown(told.content / ADDRESSES)} lists the new addresses")
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


def _failure(outcome: Outcome, told: Options) -> str:
    found = tally(outcome.problems)
    if told.strict and all(each.severity is Severity.WARNING for each in outcome.problems):
        found += ", which --strict takes for errors"
    return found


def _hint(outcome: Outcome, told: Options) -> str:
    """Where to read more of the first problem, for a person."""
    is_for_people = told.style is Format.FULL and outcome.problems
    return f"for more: {PROGRAM} explain {outcome.problems[0].rule}" if is_for_people else ""


def _say(told: Options, words: str) -> None:
    if words and not told.quiet:
        print(words, file=sys.stderr)
