"""The `schemas` command, which writes the JSON Schemas that editors use."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path, PurePosixPath

from codebook.authoring import schemas as editor_schemas
from codebook.book.layout import FACTS
from codebook.book.parse.settings import parse_fact_kinds
from codebook.cache import Cache
from codebook.cli.console import CONTENT_PROBLEMS, SUCCESS, say
from codebook.cli.content import read_content
from codebook.cli.paths import ROOT, declare_folder
from codebook.diagnostics import json_report
from codebook.diagnostics.causes import group_by_cause
from codebook.diagnostics.diagnostic import has_error
from codebook.diagnostics.formats import Format
from codebook.diagnostics.reports import report
from codebook.io.disk import display_path
from codebook.io.sources import read_files, replace_files
from codebook.syntax.decode import decode

_REPORT_SCHEMA = PurePosixPath("problems.json")


def declare_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of `schemas`."""
    declare_folder(parser, "content")
    parser.add_argument(
        "--into",
        type=Path,
        metavar="DIR",
        default=ROOT / "docs" / "schemas",
        help="the folder to write to, which is created if it is missing (default: docs/schemas/)",
    )


def run(arguments: Namespace) -> int:
    """Write the JSON Schemas of settings, facts, all kinds of front matter, and JSON reports."""
    folder = read_content(arguments.content)
    data = folder.files.get(FACTS, b"")
    decoded = decode(Cache(), folder.show(FACTS), FACTS, data)
    parsed = [parse_fact_kinds(source) for source in decoded.value]
    diagnostics = (
        *decoded.diagnostics,
        *(diagnostic for kinds in parsed for diagnostic in kinds.diagnostics),
    )
    if has_error(diagnostics):
        sources = {source.display_path: source for source in decoded.value}
        sys.stdout.write(report(group_by_cause(diagnostics), sources, Format(arguments.format)))
        return CONTENT_PROBLEMS
    files = {
        **editor_schemas.schemas([kind for kinds in parsed for kind in kinds.value or ()]),
        _REPORT_SCHEMA: json_report.schema(),
    }
    replace_files(arguments.into, files, read_files(arguments.into, files))
    summary = f"wrote {len(files)} schemas to {display_path(arguments.into)}/"
    say(summary, quiet=arguments.quiet)
    return SUCCESS
