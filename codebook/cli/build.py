"""The `build` command, which builds and writes the site; `check` shares its stages."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath
from time import monotonic

from codebook.authoring.checked_content import CheckedContent
from codebook.authoring.fix import count_fixable
from codebook.book import urls
from codebook.book.layout import PUBLISHED_URLS
from codebook.book.parse.published_urls import add_urls
from codebook.build.options import Options
from codebook.build.pipeline import BuildResult, build_site
from codebook.cache import Cache
from codebook.cli.arguments import declare_site_arguments, read_options
from codebook.cli.console import CONTENT_PROBLEMS, SUCCESS, ProgressBar, say
from codebook.cli.content import read_content
from codebook.cli.paths import COMMAND
from codebook.diagnostics.causes import Group, ungrouped
from codebook.diagnostics.diagnostic import Rule, Severity
from codebook.diagnostics.reports import Format, report, tally
from codebook.io import git
from codebook.io.disk import AccessError, display_path
from codebook.io.site import check_site_folder, read_built, write_site
from codebook.io.sources import read_folder, update_file
from codebook.syntax.decode import decode


def declare_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of every command that builds the site."""
    declare_site_arguments(parser)


def run(arguments: Namespace) -> int:
    """Build the site, write it, and print a summary."""
    return build_or_check(read_options(arguments), writes=True)


def build_or_check(options: Options, *, writes: bool) -> int:
    """Build the site in memory and report the diagnostics; write the site if `writes` is set."""
    started = monotonic()
    progress = ProgressBar()
    site = display_path(options.site)
    if writes:
        check_site_folder(options.site, [options.content, options.templates])
    content = read_content(options.content)
    log = git.read_commit_log(options.content)
    cache = Cache()
    result = build_site(
        content,
        read_folder(options.templates, display_path(options.templates)),
        site,
        options.url,
        host=options.host,
        history=log.history(cache, content.files) if log else None,
        previous_cards=read_built(options.site, urls.CARDS, ".png"),
        cache=cache,
        progress=progress,
    )
    groups = result.groups
    shown = ungrouped(groups) if options.shows_all else groups
    sys.stdout.write(report(shown, result.sources, options.report_format))
    sys.stdout.flush()
    say(_explain_hint(groups, options), quiet=options.quiet)
    if result.files is None or (options.strict and result.diagnostics):
        count = count_fixable(CheckedContent.of(content, cache))
        fixable = f"; {count} fixable with check --fix" if count else ""
        unchanged = f"; {site}/ is unchanged" if writes else ""
        say(f"{_failure(groups, options)}{fixable}{unchanged}", quiet=options.quiet)
        return CONTENT_PROBLEMS
    warnings = tally(groups)
    summary = f"no errors; the site would have {len(result.files)} files"
    if writes:
        changes = _write(result, result.files, options, progress)
        elapsed = f"{monotonic() - started:.2f} s"
        summary = f"built {len(result.files)} files into {site}/ in {elapsed}: {changes}"
    unfinished = sum(it.rule is Rule.UNFINISHED_TEXT for it in result.diagnostics)
    to_write = f"; still to write: {unfinished}" if unfinished else ""
    say(f"{summary}{warnings and '; '}{warnings}{to_write}", quiet=options.quiet)
    return SUCCESS


def _write(
    result: BuildResult,
    files: Mapping[PurePosixPath, bytes],
    options: Options,
    progress: ProgressBar,
) -> str:
    """Write the site and the list of published URLs; return a summary of the changes.

    The list comes first, so that no URL is ever published without being listed.
    """
    site = display_path(options.site)

    def list_urls() -> None:
        if result.published_urls is not None:
            say(_list_urls(options.content, result.published_urls), quiet=options.quiet)

    changes = write_site(
        files,
        options.site,
        lambda: say(f"waiting for another build of {site}/ to finish", quiet=options.quiet),
        progress,
        list_urls,
    )
    say(result.left_out, quiet=options.quiet)
    if options.verbose:
        for verb, paths in (("wrote", changes.write), ("removed", changes.remove)):
            for path in paths:
                say(f"{verb} {site}/{path}", quiet=options.quiet)
    return (
        f"{len(changes.write)} written, {changes.unchanged} unchanged, "
        f"{len(changes.remove)} removed"
    )


def _list_urls(content: Path, urls: frozenset[str]) -> str:
    """Add the URLs to the list of published URLs; return a message if that changed it.

    What another program has added to the list during this build stays.
    """
    path = display_path(content / PUBLISHED_URLS)

    def with_urls(data: bytes) -> bytes:
        decoded = decode(Cache(), path, PUBLISHED_URLS, data)
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
