"""The `init` command, which starts a new book with a few example codes."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path, PurePath, PurePosixPath

from codebook import authoring
from codebook.authoring.refusal import RefusalError
from codebook.cli.console import SUCCESS, say
from codebook.cli.content import content_option
from codebook.cli.paths import COMMAND, FOLDERS, ROOT, declare_folder
from codebook.io.disk import display_path, listed
from codebook.io.sources import names_in, read_folder, replace_files

_STARTER = Path(authoring.__file__).with_name("starter")
_GITIGNORE = PurePosixPath(".gitignore")
_IGNORED = b"# The built site, the virtual environment, and wheels.\n/site/\n/.venv/\n/dist/\n"
_MAX_NAMES = 5
"""The maximum number of names that a message lists."""


def declare_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of `init`."""
    declare_folder(parser, "content")


def run(arguments: Namespace) -> int:
    """Write a small book that builds without warnings, and print the next steps.

    Raises `RefusalError`, and writes nothing, if the content folder has files.
    """
    content: Path = arguments.content
    # Names that begin with a dot belong to other programs, such as .gitkeep.
    if existing := [PurePath(name) for name in names_in(content) if name[0] != "."]:
        raise RefusalError(
            f"{display_path(content)} is not empty: it contains {listed(existing, _MAX_NAMES)}",
            "init only creates new books; to create one in another folder, run: "
            f"{COMMAND} init --content DIR",
        )
    files = read_folder(_STARTER, "starter").files
    replace_files(content, files, before={})
    for path in files:
        print(display_path(content / path))
    # A book in another folder has its own place in its repository.
    is_ignored = content != FOLDERS["content"]
    if not is_ignored and _GITIGNORE.name not in names_in(ROOT):
        replace_files(ROOT, {_GITIGNORE: _IGNORED}, before={})
        print(display_path(ROOT / _GITIGNORE))
        is_ignored = True
    say(_next_steps(content, is_ignored=is_ignored), quiet=arguments.quiet)
    return SUCCESS


def _next_steps(content: Path, *, is_ignored: bool) -> str:
    option = content_option(content)
    steps = [
        "next: replace the example codes with yours",
        f"to preview the book while you write, run: {COMMAND} serve{option}",
        f"to build the site, run: {COMMAND} build{option}",
    ]
    if not is_ignored:
        steps.append("to keep the built site out of Git, add /site/ to .gitignore")
    return "\n".join(steps)
