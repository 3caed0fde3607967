"""Check for links to missing documents and headings, and for credits of missing documents."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from posixpath import normpath, relpath

from msgspec.structs import replace

from codebook.book.documents import Documents
from codebook.book.layout import CLASSES, NUMBER, article_number, article_path, class_text_path
from codebook.book.parse.numbers import intended_label
from codebook.diagnostics.diagnostic import Diagnostic, Rule, did_you_mean, similar_word
from codebook.site.check.missing import explanations, subject_of
from codebook.site.check.renamed import renamed_documents
from codebook.site.routes import Anchor
from codebook.syntax.rich_text import LinkTarget

_HELP = "link to a file of the book, with a path relative to this file"
_WEB = re.compile(r"(?:https?:?/+)?(?P<rest>www\..+|(?<=/).+\..+)", re.IGNORECASE)
"""A link that was probably meant to be a URL of another site."""


def broken_links(documents: Documents, anchors: Mapping[Anchor, str]) -> Iterator[Diagnostic]:
    """Report links to missing documents or headings. `anchors` are those that exist."""
    broken = [it for it in documents.targets if (it.path, it.anchor) not in anchors]
    renamed = renamed_documents(documents, anchors) if broken else {}
    for target in broken:
        anchor = (target.path, target.anchor)
        found = (
            _broken_anchor(target, anchors)
            if (target.path, "") in anchors
            else _broken(target, anchors, renamed.get(target.path))
        )
        yield replace(
            found,
            subject=subject_of(anchor, anchors, documents),
            follows_from=explanations(anchor, anchors, documents),
        )


def unknown_credits(documents: Documents, anchors: Mapping[Anchor, str]) -> Iterator[Diagnostic]:
    """Report missing documents in the credits of the settings."""
    paths = [path.as_posix() for path, slug in anchors if not slug]
    for credit in documents.settings.credits:
        for document in credit.documents:
            path = PurePosixPath(document.text)
            if document.text not in paths:
                yield Diagnostic(
                    Rule.BROKEN_LINK,
                    document.span,
                    f'the book has no document "{document.text}"',
                    help=did_you_mean(document.text, paths),
                    subject=str(path),
                    follows_from=explanations((path, ""), anchors, documents),
                )


def _broken(
    target: LinkTarget, anchors: Mapping[Anchor, str], renamed: PurePosixPath | None
) -> Diagnostic:
    return Diagnostic(
        Rule.BROKEN_LINK,
        target.span,
        f'the book has no document "{target.path}"',
        help=f"its new name is {relpath(renamed, target.base.parent)}"
        if renamed
        else _help(target, anchors),
    )


def _broken_anchor(target: LinkTarget, anchors: Mapping[Anchor, str]) -> Diagnostic:
    known = [f"#{slug}" for path, slug in anchors if path == target.path and slug]
    return Diagnostic(
        Rule.BROKEN_ANCHOR,
        target.span,
        f'{target.path} has no heading "#{target.anchor}"',
        help=did_you_mean(f"#{target.anchor}", known)
        if known
        else f"remove #{target.anchor}: the document has no headings",
    )


def _help(target: LinkTarget, anchors: Mapping[Anchor, str]) -> str:
    folder = target.base.parent
    written = relpath(target.path.as_posix(), folder)
    if web := _WEB.fullmatch(written):
        return f"did you mean https://{web['rest']}?"
    known = [path.as_posix() for path, slug in anchors if not slug]
    if "\\" in written:
        path = normpath(folder.joinpath(written.replace("\\", "/")).as_posix())
        if path in known:
            return f"use / instead of \\: {relpath(path, folder)}"
    near = _nearest(target.path, known)
    help_text = f"did you mean {relpath(near, folder)}?" if near else _HELP
    number = article_number(target.path)
    if number is None or article_path(number).as_posix() in known:
        return help_text
    return f"{help_text}{' otherwise,' if near else ', or'} describe code {number} in a register"


def _nearest(path: PurePosixPath, known: Sequence[str]) -> str:
    """The document with the most similar path, or whose page has this path as its URL."""
    stem = path.name.partition(".")[0]
    if NUMBER.fullmatch(stem) and (article := article_path(int(stem)).as_posix()) in known:
        return article
    intended = class_text_path(intended_label(stem)).as_posix()
    if path.parent.name == CLASSES and intended in known:
        return intended
    by_stem: dict[str, list[str]] = {}
    for document in known:
        by_stem.setdefault(PurePosixPath(document).stem, []).append(document)
    names = [name for name in by_stem if not NUMBER.fullmatch(name)]
    alike = by_stem.get(similar_word(stem, names), [])
    in_folder = [document for document in alike if PurePosixPath(document).parent == path.parent]
    return (in_folder or alike)[0] if len(in_folder or alike) == 1 else ""
