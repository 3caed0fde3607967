"""Build a site and report its diagnostics, for the commands `build` and `check`."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath
from time import monotonic

from msgspec import DecodeError, Struct

from codebook.book.history import CommitLog
from codebook.book.layout import PUBLISHED_URLS
from codebook.book.parse.published_urls import add_urls
from codebook.build.options import Options
from codebook.build.outputs import NOTHING_PUBLISHED, Published
from codebook.build.pipeline import BuildResult, build_site
from codebook.cache import Cache, each
from codebook.cli.console import CONTENT_PROBLEMS, SUCCESS, say
from codebook.cli.paths import COMMAND
from codebook.cli.request import request_key, state_folder
from codebook.cli.storage import Inputs, save_results, without_results
from codebook.diagnostics.causes import Group, ungrouped
from codebook.diagnostics.diagnostic import Rule, Severity
from codebook.diagnostics.formats import Format
from codebook.diagnostics.progress import Progress
from codebook.diagnostics.reports import report, tally
from codebook.io.cache_folder import remember_site
from codebook.io.disk import AccessError, display_path
from codebook.io.git import Head, HistoryError, commits_until, read_head
from codebook.io.last_build import (
    KnownFolder,
    LastBuild,
    StoredOutputs,
    look_again,
    read_last_build,
    read_outputs,
    save_last_build,
    snapshot_site,
)
from codebook.io.manifest import Changes
from codebook.io.site import write_site
from codebook.io.snapshots import NOTHING, Snapshot, unchanged_files
from codebook.io.sources import update_file
from codebook.syntax.decode import decode_file


class _Run(Struct, frozen=True):
    """A build, before anything is written."""

    options: Options
    inputs: Inputs
    head: Head | None
    """The newest commit; None if the Git history isn't available."""
    last: LastBuild | None
    result: BuildResult
    report: str
    hint: str

    @property
    def count(self) -> int:
        """The number of files of the site."""
        return len(self.result.files or ()) + len(self.result.kept)


def build(
    options: Options, inputs: Inputs, progress: Progress, started: float, *, writes: bool
) -> int:
    """Build the site in memory and report the diagnostics; write the site if `writes` is set.

    `started` is the time of `monotonic()` when the command started.
    """
    try:
        run = _build(options, inputs, progress, writes=writes)
    except DecodeError:
        # A result of an earlier run stayed packed until now, and is damaged.
        inputs = without_results(inputs)
        run = _build(options, inputs, progress, writes=writes)
    sys.stdout.write(run.report)
    sys.stdout.flush()
    say(run.hint, quiet=options.quiet)
    save_results(options, inputs.cache)
    files = run.result.files
    if files is None or (options.strict and run.result.diagnostics):
        _say_failure(run, writes=writes)
        return CONTENT_PROBLEMS
    if not writes:
        expected = f"no errors; the site would have {run.count} files{_warnings(run.result)}"
        say(expected, quiet=options.quiet)
        return SUCCESS
    known = run.last.site if run.last else NOTHING
    before = look_again(options.site, known, run.result.kept)
    is_listed = bool(known.files) and before.folders == known.folders
    present = frozenset(known.files) if is_listed else None
    changes = _write(run, files, present, progress)
    remember_site(options.cache, options.site)
    _say_changes(run, changes, started)
    if options.uses_cache:
        _remember(run, before, changes)
    return SUCCESS


def _build(options: Options, inputs: Inputs, progress: Progress, *, writes: bool) -> _Run:
    """Build the site in memory."""
    cache = inputs.cache
    head = read_head(options.content)
    log = _commit_log(cache, head) if head else None
    last = read_last_build(state_folder(options)) if options.uses_cache else None
    result = build_site(
        inputs.content,
        inputs.templates,
        display_path(options.site),
        options.url,
        host=options.host,
        history=log.history(cache, inputs.content.files) if log else None,
        published=_published(options, last, writes=writes),
        cache=cache,
        progress=progress,
    )
    shown = ungrouped(result.groups) if options.shows_all else result.groups
    text = report(shown, result.sources, options.report_format)
    hint = _explain_hint(result.groups, options)
    return _Run(options, inputs, head if log else None, last, result, text, hint)


def _say_failure(run: _Run, *, writes: bool) -> None:
    # Imported here because fixing needs the parsers.
    from codebook.authoring.checked_content import CheckedContent  # noqa: PLC0415 - see above
    from codebook.authoring.fix import count_fixable  # noqa: PLC0415 - see above

    count = count_fixable(CheckedContent.of(run.inputs.content, run.inputs.cache))
    fixable = f"; {count} fixable with check --fix" if count else ""
    unchanged = f"; {display_path(run.options.site)}/ is unchanged" if writes else ""
    failure = f"{_failure(run.result.groups, run.options)}{fixable}{unchanged}"
    say(failure, quiet=run.options.quiet)


def _say_changes(run: _Run, changes: Changes, started: float) -> None:
    site, quiet = display_path(run.options.site), run.options.quiet
    say(run.result.left_out, quiet=quiet)
    if run.options.verbose:
        for verb, paths in (("wrote", changes.write), ("removed", changes.remove)):
            for path in paths:
                say(f"{verb} {site}/{path}", quiet=quiet)
    elapsed = f"{monotonic() - started:.2f} s"
    summary = (
        f"built {run.count} files into {site}/ in {elapsed}: {len(changes.write)} written, "
        f"{changes.unchanged} unchanged, {len(changes.remove)} removed{_warnings(run.result)}"
    )
    say(summary, quiet=quiet)


def _remember(run: _Run, before: Snapshot, changes: Changes) -> None:
    """Store what the next build can compare with. `before` is the site before the changes."""
    options, result = run.options, run.result
    files = {*map(str, result.files or ()), *result.kept, *changes.previous}
    touched = map(str, (*changes.write, *changes.remove))
    outputs = StoredOutputs(result.published.keys, result.published.ids)
    build = LastBuild(
        request=request_key(options),
        content=KnownFolder.of(run.inputs.stored_content),
        templates=KnownFolder.of(run.inputs.stored_templates),
        # If Git failed, the next build tries again.
        head=run.head,
        site=snapshot_site(options.site, before, files, touched),
        outputs=outputs.digest,
        report=run.report,
        notes=tuple(filter(None, (run.hint, result.left_out))),
        summary=f"{run.count} files{_warnings(result)}",
    )
    save_last_build(state_folder(options), build, outputs)


def _commit_log(cache: Cache, head: Head) -> CommitLog | None:
    try:
        return each(cache, commits_until, {"": (head,)}, CommitLog)[""]
    except HistoryError:
        return None


def _published(options: Options, last: LastBuild | None, *, writes: bool) -> Published | None:
    """The files that needn't be made again. To check them, it's enough that they were published."""
    if not options.uses_cache:
        return None
    if last is None:
        return NOTHING_PUBLISHED
    outputs = read_outputs(state_folder(options), last)
    in_place = unchanged_files(options.site, last.site) if writes else frozenset(outputs.keys)
    return Published(outputs.keys, outputs.ids, in_place)


def _warnings(result: BuildResult) -> str:
    warnings = tally(result.groups)
    unfinished = sum(it.rule is Rule.UNFINISHED_TEXT for it in result.diagnostics)
    to_write = f"; still to write: {unfinished}" if unfinished else ""
    return f"{warnings and '; '}{warnings}{to_write}"


def _write(
    run: _Run,
    files: Mapping[PurePosixPath, bytes],
    present: frozenset[str] | None,
    progress: Progress,
) -> Changes:
    """Write the site and the list of published URLs, and return the changes of the site.

    `present` are all files of the site, if known. The list comes first, so that no URL is ever
    published without being listed.
    """
    options, result = run.options, run.result

    def list_urls() -> None:
        if result.published_urls is not None:
            say(_list_urls(options.content, result.published_urls), quiet=options.quiet)

    return write_site(
        files,
        options.site,
        state_folder(options),
        kept=result.kept,
        present=present,
        processes=run.inputs.cache.processes,
        progress=progress,
        before_change=list_urls,
    )


def _list_urls(content: Path, urls: frozenset[str]) -> str:
    """Add the URLs to the list of published URLs; return a message if that changed it.

    What another program has added to the list during this build stays.
    """
    path = display_path(content / PUBLISHED_URLS)

    def with_urls(data: bytes) -> bytes:
        decoded = decode_file(path, PUBLISHED_URLS, data)
        if decoded.diagnostics:
            raise AccessError(
                f"{path} changed during this build and has errors now; to see them, run check"
            )
        (source,) = decoded.value
        text = add_urls(source, urls)
        return data if text is None else text.encode()

    is_changed = update_file(content, PUBLISHED_URLS, with_urls)
    return f"updated the list of published URLs, {path}" if is_changed else ""


def _failure(groups: Sequence[Group], options: Options) -> str:
    counts = tally(groups)
    if options.strict and all(
        diagnostic.severity is Severity.WARNING for group in groups for diagnostic in group.all
    ):
        counts += ", which --strict treats as errors"
    return counts


def _explain_hint(groups: Sequence[Group], options: Options) -> str:
    """How to learn more about the first diagnostic; empty in formats for programs and logs."""
    is_for_people = options.report_format is Format.FULL and groups
    if not is_for_people:
        return ""
    return f"for more information, run: {COMMAND} explain {groups[0].cause.rule}"
