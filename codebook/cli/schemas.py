"""`schemas` writes what editors are told of the files that are written by hand."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path, PurePosixPath

from codebook import io
from codebook.authoring import schemas as editor_schemas
from codebook.book.layout import FACTS
from codebook.book.parse.settings import fact_kinds
from codebook.cli.arguments import Refuse, declare_folder
from codebook.cli.paths import ROOT
from codebook.diagnostics import json_report
from codebook.diagnostics.diagnostic import Parsed
from codebook.diagnostics.reports import Format, report
from codebook.io import display_path
from codebook.syntax.decode import decode

_DONE, _PROBLEMS = 0, 1
_PROBLEMS_SCHEMA = PurePosixPath("problems.json")


def declare(parser: argparse.ArgumentParser) -> None:
    """Let the parser take the folders."""
    declare_folder(parser, "content")
    parser.add_argument(
        "--into",
        type=Path,
        metavar="DIR",
        default=ROOT / "docs" / "schemas",
        help="the folder to write to (default: docs/schemas/)",
    )


def schemas(given: argparse.Namespace, refuse: Refuse) -> int:
    """Write a JSON Schema for the settings, the facts, each kind of head, and for reports."""
    del refuse
    folder = io.read_folder(given.content, display_path(given.content))
    texts = decode(folder, FACTS) if FACTS in folder.files else Parsed(())
    read = [fact_kinds(each) for each in texts.value]
    diagnostics = (
        *texts.diagnostics,
        *(diagnostic for each in read for diagnostic in each.diagnostics),
    )
    if diagnostics:
        sources = {each.display_path: each for each in texts.value}
        sys.stdout.write(report(diagnostics, sources, Format(given.format)))
        return _PROBLEMS
    made = {
        **editor_schemas.schemas([kind for each in read for kind in each.value or ()]),
        _PROBLEMS_SCHEMA: json_report.schema(),
    }
    for path, data in made.items():
        io.replace_file(given.into, path, data)
    if not given.quiet:
        print(f"{display_path(given.into)}/ holds {len(made)} schemas", file=sys.stderr)
    return _DONE
