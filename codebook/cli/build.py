"""The `build` command, which builds and writes the site.

If nothing has changed since the last build, it ends before it imports what builds a site, because
that takes longer than finding this out.
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from time import monotonic

from codebook.build.options import Options
from codebook.cli.arguments import declare_site_arguments, read_options
from codebook.cli.console import SUCCESS, say
from codebook.cli.request import request_key, state_folder
from codebook.io.disk import display_path
from codebook.io.git import read_head
from codebook.io.last_build import LastBuild, is_site_current, read_last_build


def declare_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of every command that builds the site."""
    declare_site_arguments(parser)


def run(arguments: Namespace) -> int:
    """Build the site, write it, and print a summary."""
    started = monotonic()
    options = read_options(arguments)
    last = read_last_build(state_folder(options)) if options.uses_cache else None
    if last and _is_current(last, options):
        sys.stdout.write(last.report)
        for note in last.notes:
            say(note, quiet=options.quiet)
        elapsed = f"{monotonic() - started:.2f} s"
        summary = (
            f"{display_path(options.site)}/ is up to date, checked in {elapsed}: {last.summary}"
        )
        say(summary, quiet=options.quiet)
        return SUCCESS
    from codebook.cli.start import build_or_check  # noqa: PLC0415 - see above

    return build_or_check(options, writes=True)


def _is_current(last: LastBuild, options: Options) -> bool:
    """Whether a build would read, print, and write the same as the last one."""
    return (
        last.request == request_key(options)
        and last.content.is_current(options.content)
        and last.templates.is_current(options.templates)
        and is_site_current(last, options.site)
        and last.head == read_head(options.content)
    )
