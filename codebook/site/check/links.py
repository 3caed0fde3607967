"""Check for links to missing documents and headings, and for credits of missing documents."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from pathlib import PurePosixPath
from posixpath import normpath, relpath

from codebook.book.documents import Documents
from codebook.book.layout import NUMBER, article_number, article_path, csv_path
from codebook.diagnostics.diagnostic import Diagnostic, Rule, did_you_mean
from codebook.site.routes import Anchor
from codebook.syntax.rich_text import LinkTarget

_HELP = "link to a file of the book, with a path relative to this file"
_WEB = re.compile(r"(?:https?:?/+)?(?P<rest>www\..+|(?<=/).+\..+)", re.IGNORECASE)
"""A link that was probably meant to be a URL of another site."""
_NEAR = 0.6
"""How similar a path must be to be suggested. Folders count too."""


def broken_links(documents: Documents, anchors: Mapping[Anchor, str]) -> Iterator[Diagnostic]:
    """Report links to missing documents or headings. `anchors` are those that exist."""
    for target in documents.targets:
        if (target.path, target.anchor) in anchors or _is_excused(target, anchors, documents):
            continue
        if (target.path, "") in anchors:
            yield _broken_anchor(target, anchors)
        else:
            yield Diagnostic(
                Rule.BROKEN_LINK,
                target.span,
                f'the book has no document "{target.path}"',
                help=_help(target, anchors),
            )


def unknown_credits(documents: Documents, anchors: Mapping[Anchor, str]) -> Iterator[Diagnostic]:
    """Report missing documents in the credits of the settings."""
    paths = [path.as_posix() for path, slug in anchors if not slug]
    for credit in documents.settings.credits:
        for document in credit.documents:
            path = PurePosixPath(document.text)
            if document.text not in paths and path not in documents.unparsed:
                yield Diagnostic(
                    Rule.BROKEN_LINK,
                    document.span,
                    f'the book has no document "{document.text}"',
                    help=did_you_mean(document.text, paths),
                )


def _is_excused(target: LinkTarget, anchors: Mapping[Anchor, str], documents: Documents) -> bool:
    """Whether the target of the link exists but has an error that is already reported."""
    number = article_number(target.path)
    is_known = (target.path, "") in anchors
    if number is not None and not is_known and documents.may_describe(number):
        return True
    if not documents.unparsed.isdisjoint({target.path, csv_path(target.path)}):
        return True
    if any(_is_misnamed(target.path, unparsed) for unparsed in documents.unparsed):
        return True
    if target.anchor and (
        target.path in _with_incomplete_headings(documents)
        or _is_article_misnamed(number, documents)
    ):
        return True
    return any(
        register.unclassified for register in documents.registers if register.path == target.path
    )


def _is_misnamed(path: PurePosixPath, unparsed: PurePosixPath) -> bool:
    """Whether an unreadable file looks like this document with a wrong name or folder."""
    slug = re.sub(r"[^a-z0-9]+", "-", unparsed.stem.lower())
    return path.name == unparsed.name or path == unparsed.with_name(f"{slug}{unparsed.suffix}")


def _with_incomplete_headings(documents: Documents) -> Iterator[PurePosixPath]:
    """Documents whose headings may be incomplete because of errors."""
    pages = (*documents.articles, *documents.class_texts, *documents.guides, *documents.tables)
    home = (documents.home,) if documents.home else ()
    yield from (page.path for page in (*home, *pages) if not page.body.is_whole)


def _is_article_misnamed(number: int | None, documents: Documents) -> bool:
    """Whether a code has no article while the file name of another article matches no code."""
    if number is None or number in {article.code.number for article in documents.articles}:
        return False
    described = {
        entry.number
        for register in documents.registers
        for section in register.sections
        for entry in section.entries
    }
    return any(article.code.number not in described for article in documents.articles)


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
    alike = [document for document in known if PurePosixPath(document).stem == stem]
    near = get_close_matches(path.as_posix().lstrip("/"), alike or known, n=1, cutoff=_NEAR)
    return near[0] if near else alike[0] if len(alike) == 1 else ""
