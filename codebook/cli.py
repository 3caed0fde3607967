"""The command: arguments, the order of stages, what is printed, the exit code."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from codebook import addresses, files, git, origin, targets
from codebook.layout import ADDRESSES
from codebook.pipeline import Outcome, make
from codebook.problems import Severity
from codebook.progress import Progress
from codebook.reports import Format, report, tally
from codebook.targets import Target

_ROOT = Path(__file__).resolve().parent.parent
_DONE, _PROBLEMS, _TROUBLE = 0, 1, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code.

    0 done, 1 problems in the content, 2 wrong usage or a file that cannot be read or written,
    130 and 143 where Ctrl-C or SIGTERM ended it.
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        with _stopped_by_sigterm():
            return _run(_parse(arguments))
    except files.TroubleError as trouble:
        print(f"error: {trouble}", file=sys.stderr)
        return _TROUBLE
    except BrokenPipeError:
        # Whoever read the output has seen enough; Python must not complain once more at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _TROUBLE
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        return 128 + signal.SIGINT
    except _Terminated:
        print("stopped", file=sys.stderr)
        return 128 + signal.SIGTERM


@dataclass(frozen=True, slots=True)
class _Options:
    """The command line, checked."""

    command: str
    content: Path
    templates: Path
    site: Path
    url: str
    target: Target
    strict: bool
    style: Format
    quiet: bool
    verbose: bool


def _run(options: _Options) -> int:
    started = monotonic()
    progress = Progress()
    site = _shown(options.site)
    if options.command == "build":
        files.guard(options.site, [options.content, options.templates])
    outcome = make(
        files.read(options.content, _shown(options.content)),
        files.read(options.templates, _shown(options.templates)),
        site,
        options.url,
        target=options.target,
        history=git.history(options.content),
        kept=files.read_built(options.site, addresses.CARDS, ".png"),
        watch=progress,
    )
    sys.stdout.write(report(outcome.problems, outcome.sources, options.style))
    sys.stdout.flush()
    failed = outcome.files is None or (options.strict and bool(outcome.problems))
    if failed or outcome.files is None:
        _say(options, _failure(outcome, site, options))
        return _PROBLEMS
    found = tally(outcome.problems)
    if options.command == "check":
        _say(options, f"{len(outcome.files)} files can be built{found and '; '}{found}")
        return _DONE
    changes = files.apply(
        outcome.files,
        options.site,
        lambda: _say(options, f"another build is writing {site}/; waiting for it"),
        lambda work: progress(work, "writing"),
    )
    if outcome.addresses is not None:
        files.record(options.content, ADDRESSES, outcome.addresses)
        _say(options, f"{_shown(options.content / ADDRESSES)} lists the new addresses")
    if outcome.left_out:
        _say(options, outcome.left_out)
    if options.verbose:
        for verb, paths in (("wrote", changes.write), ("removed", changes.remove)):
            for path in paths:
                _say(options, f"{verb} {site}/{path}")
    _say(
        options,
        f"{site}/ holds {len(outcome.files)} files: {len(changes.write)} written, "
        f"{changes.unchanged} unchanged, {len(changes.remove)} removed, "
        f"in {monotonic() - started:.2f} s{found and '; '}{found}",
    )
    return _DONE


def _failure(outcome: Outcome, site: str, options: _Options) -> str:
    found = tally(outcome.problems)
    if options.strict and all(each.severity is Severity.WARNING for each in outcome.problems):
        found += ", which --strict takes for errors"
    return found + ("" if options.command == "check" else f"; {site}/ was left as it is")


def _say(options: _Options, words: str) -> None:
    if not options.quiet:
        print(words, file=sys.stderr)


def _parse(arguments: Sequence[str] | None) -> _Options:
    parser = _parser()
    given = parser.parse_args(arguments)
    url = given.url if given.url is not None else os.environ.get("CODEBOOK_URL", "")
    if url and (fault := origin.fault(url)):
        where = "--url" if given.url is not None else "CODEBOOK_URL"
        parser.error(f"{where} cannot be used: {fault}")
    target = Target(given.target)
    if fault := targets.fault(target, url):
        parser.error(f"--url cannot be used with --target {target}: {fault}")
    return _Options(
        command=given.command,
        content=given.content,
        templates=given.templates,
        site=given.site,
        url=origin.with_slash(url),
        target=target,
        strict=given.strict,
        style=Format(given.format),
        quiet=given.quiet,
        verbose=given.verbose,
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="build.py",
        description="Turn a book of codes, written in Markdown, into a static site.",
        epilog="exit status: 0 done, 1 problems in the content, 2 wrong usage or a file that "
        "cannot be read or written",
    )
    parser.add_argument(
        "command",
        nargs="?",
        choices=("build", "check"),
        default="build",
        help="build (the default) writes the site, check writes nothing",
    )
    for name in ("content", "templates", "site"):
        parser.add_argument(
            f"--{name}",
            type=Path,
            metavar="DIR",
            default=_ROOT / name,
            help=f"the folder of the {name} (default: {name}/ beside build.py)",
        )
    parser.add_argument(
        "--url",
        metavar="URL",
        help="the public address of the site (default: $CODEBOOK_URL, then book.toml); "
        "it is needed for canonical links and for the error page below a path",
    )
    parser.add_argument(
        "--target",
        choices=[each.value for each in Target],
        default=Target.PLAIN.value,
        help="the host that the site is for: what it needs to be told is written beside the pages "
        "(default: plain, which works everywhere)",
    )
    parser.add_argument("--strict", action="store_true", help="take warnings for errors")
    parser.add_argument(
        "--format",
        choices=[each.value for each in Format],
        default=Format.FULL.value,
        help="how problems are written (default: full)",
    )
    loudness = parser.add_mutually_exclusive_group()
    loudness.add_argument("-q", "--quiet", action="store_true", help="print problems alone")
    loudness.add_argument("-v", "--verbose", action="store_true", help="name each changed file")
    return parser


def _shown(folder: Path) -> str:
    """The folder as a person here would type it."""
    here = Path.cwd()
    return (folder.relative_to(here) if folder.is_relative_to(here) else folder).as_posix()


class _Terminated(BaseException):
    """SIGTERM arrived. Like Ctrl-C it is no error, and nobody may take it for one."""


@contextmanager
def _stopped_by_sigterm() -> Iterator[None]:
    """Let SIGTERM unwind the stack as Ctrl-C does, so that locks are freed."""

    def stop(*_: object) -> None:
        raise _Terminated

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
