"""Check for links to missing documents and headings, and for credits of missing documents."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from posixpath import normpath, relpath

from msgspec.structs import replace

from codebook.book.layout import CLASSES, NUMBER, article_number, article_path, class_text_path
from codebook.book.parse.numbers import intended_label
from codebook.cache import Cache, memoize
from codebook.diagnostics.diagnostic import Diagnostic, Rule, did_you_mean, similar_word
from codebook.site.check.missing import Inventory
from codebook.site.check.renamed import renamed_documents
from codebook.site.routes import Anchor
from codebook.syntax.rich_text import LinkTarget

_HELP = "link to a file of the book, with a path relative to this file"
_WEB = re.compile(r"(?:https?:?/+)?(?P<rest>www\..+|(?<=/).+\..+)", re.IGNORECASE)
"""A link that was probably meant to be a URL of another site."""


def broken_links(cache: Cache, inventory: Inventory) -> Iterator[Diagnostic]:
    """Report links to missing documents or headings."""
    documents, anchors = inventory.documents, inventory.anchors
    broken = _broken_targets(cache, documents.targets, anchors)
    renamed = renamed_documents(documents, anchors) if broken else {}
    for target in broken:
        anchor = (target.path, target.anchor)
        found = (
            _broken_anchor(target, inventory)
            if (target.path, "") in anchors
            else _broken(target, inventory, renamed.get(target.path))
        )
        yield replace(
            found,
            subject=inventory.subject_of(anchor),
            follows_from=inventory.explanations(anchor),
        )


@memoize
def _broken_targets(
    _cache: Cache, targets: tuple[LinkTarget, ...], anchors: Mapping[Anchor, str]
) -> Sequence[LinkTarget]:
    return [it for it in targets if (it.path, it.anchor) not in anchors]


def unknown_credits(inventory: Inventory) -> Iterator[Diagnostic]:
    """Report missing documents in the credits of the settings."""
    for credit in inventory.documents.settings.credits:
        for document in credit.documents:
            if document.text not in inventory.paths:
                path = PurePosixPath(document.text)
                yield Diagnostic(
                    Rule.BROKEN_LINK,
                    document.span,
                    f'the book has no document "{document.text}"',
                    help=did_you_mean(document.text, inventory.paths),
                    subject=str(path),
                    follows_from=inventory.explanations((path, "")),
                )


def _broken(target: LinkTarget, inventory: Inventory, renamed: PurePosixPath | None) -> Diagnostic:
    return Diagnostic(
        Rule.BROKEN_LINK,
        target.span,
        f'the book has no document "{target.path}"',
        help=f"its new name is {relpath(renamed, target.base.parent)}"
        if renamed
        else _help(target, inventory),
    )


def _broken_anchor(target: LinkTarget, inventory: Inventory) -> Diagnostic:
    known = [f"#{slug}" for slug in inventory.headings[target.path]]
    return Diagnostic(
        Rule.BROKEN_ANCHOR,
        target.span,
        f'{target.path} has no heading "#{target.anchor}"',
        help=did_you_mean(f"#{target.anchor}", known)
        if known
        else f"remove #{target.anchor}: the document has no headings",
    )


def _help(target: LinkTarget, inventory: Inventory) -> str:
    folder = target.base.parent
    written = relpath(target.path.as_posix(), folder)
    if web := _WEB.fullmatch(written):
        return f"did you mean https://{web['rest']}?"
    if "\\" in written:
        path = normpath(folder.joinpath(written.replace("\\", "/")).as_posix())
        if path in inventory.paths:
            return f"use / instead of \\: {relpath(path, folder)}"
    near = _nearest(target.path, inventory)
    help_text = f"did you mean {relpath(near, folder)}?" if near else _HELP
    number = article_number(target.path)
    if number is None or article_path(number).as_posix() in inventory.paths:
        return help_text
    return f"{help_text}{' otherwise,' if near else ', or'} describe code {number} in a register"


def _nearest(path: PurePosixPath, inventory: Inventory) -> str:
    """The document with the most similar path, or whose page has this path as its URL."""
    stem = path.name.partition(".")[0]
    if (
        NUMBER.fullmatch(stem)
        and (article := article_path(int(stem)).as_posix()) in inventory.paths
    ):
        return article
    intended = class_text_path(intended_label(stem)).as_posix()
    if path.parent.name == CLASSES and intended in inventory.paths:
        return intended
    by_stem = inventory.paths_by_stem
    alike = by_stem.get(similar_word(stem, by_stem), [])
    in_folder = [document for document in alike if PurePosixPath(document).parent == path.parent]
    return (in_folder or alike)[0] if len(in_folder or alike) == 1 else ""
