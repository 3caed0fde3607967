"""One mistake is one diagnostic: what follows from it is counted, and nothing else is hidden."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path, PurePosixPath
from random import Random

import pytest

from codebook.authoring.checked_content import CheckedContent
from codebook.book.parse.table import parse_table
from codebook.build.pipeline import BuildResult, build_site
from codebook.cache import Cache
from codebook.diagnostics.causes import Group, group_by_cause, ungrouped
from codebook.diagnostics.diagnostic import Diagnostic, Rule
from codebook.diagnostics.source import Folder, Source, Span
from codebook.io.sources import read_folder
from tests.case_files import Case, Tree, base_book, broken_book, fixed_book, read_cases

ROOT = Path(__file__).resolve().parents[2]
CACHE = Cache()
REGISTER = PurePosixPath("http-status-codes.md")
GUIDE = PurePosixPath("guides/redirects.md")
RENAMED = PurePosixPath("guides/redirecting.md")
ARTICLE = PurePosixPath("codes/405.md")
FORMER = PurePosixPath("codes/413.md")
SETTINGS = PurePosixPath("book.toml")
FACTS = PurePosixPath("facts.toml")
CLASS_TEXT = PurePosixPath("classes/4xx.md")
TABLE = (PurePosixPath("tables/registry.md"), PurePosixPath("tables/registry.csv"))

Files = dict[PurePosixPath, bytes]
Mistake = Callable[[Files], None]


def replaced(path: PurePosixPath, pattern: str, replacement: str) -> Mistake:
    """Replace the first match of a pattern in a file."""

    def edit(files: Files) -> None:
        text, count = re.subn(
            pattern, replacement, files[path].decode(), count=1, flags=re.MULTILINE
        )
        assert count
        files[path] = text.encode()

    return edit


def emptied(*paths: PurePosixPath) -> Mistake:
    """Empty the files."""
    return lambda files: files.update(dict.fromkeys(paths, b""))


def deleted(*paths: PurePosixPath) -> Mistake:
    """Delete the files."""

    def edit(files: Files) -> None:
        for path in paths:
            del files[path]

    return edit


def renamed(path: PurePosixPath, to: PurePosixPath) -> Mistake:
    """Rename a file."""
    return lambda files: files.update({to: files.pop(path)})


MISTAKES: Mapping[str, tuple[Mistake, list[Rule]]] = {
    "an invalid path": (
        replaced(SETTINGS, "^path = .*", 'path = "Sta tus"'),
        [Rule.INVALID_VALUE],
    ),
    "another path": (replaced(SETTINGS, "^path = .*", 'path = "codes"'), [Rule.LOST_URL]),
    "a title without quotes": (
        replaced(SETTINGS, "^title = .*", "title = HTTP"),
        [Rule.INVALID_TOML],
    ),
    "a heading taken out": (replaced(SETTINGS, '^  "Example",\n', ""), [Rule.UNKNOWN_HEADING]),
    "two headings in another order": (
        replaced(SETTINGS, '^(  "Example",\n)(.*\n)', r"\2\1"),
        [Rule.MISPLACED_SECTION],
    ),
    "a heading written twice": (
        replaced(ARTICLE, "^## Common mistakes", "## Example"),
        [Rule.DUPLICATE_SECTION],
    ),
    "an empty register": (emptied(REGISTER), [Rule.MISSING_TITLE]),
    "no space after the dash": (replaced(REGISTER, "^- 405", "-405"), [Rule.INVALID_CODE]),
    "a dash of a word processor": (replaced(REGISTER, "^- 405", "– 405"), [Rule.INVALID_CODE]),
    "a letter in a code": (replaced(REGISTER, "^- 405", "- 4O5"), [Rule.INVALID_CODE]),
    "full-width digits": (
        replaced(REGISTER, "^- 405", "- \uff14\uff10\uff15"),
        [Rule.INVALID_CODE],
    ),
    "a code with a prefix": (replaced(REGISTER, "^- 405", "- E405"), [Rule.INVALID_CODE]),
    "a code with dots": (replaced(REGISTER, "^- 405", "- 4.0.5"), [Rule.INVALID_CODE]),
    "a reversed range": (
        replaced(REGISTER, r"\(400–499\)", "(499–400)"),
        [Rule.INVALID_CLASS],
    ),
    "a range in words": (
        replaced(REGISTER, r"\(400–499\)", "(400 to 499)"),
        [Rule.INVALID_CLASS],
    ),
    "a range that is too small": (
        replaced(REGISTER, r"\(400–499\)", "(400–409)"),
        [Rule.MISPLACED_CODE],
    ),
    "a range that overlaps another one": (
        replaced(REGISTER, r"\(500–599\)", "(499–599)"),
        [Rule.OVERLAPPING_CLASS],
    ),
    "a class with the name of another one": (
        replaced(REGISTER, r"^5\. Server error", "5. Client error"),
        [Rule.INVALID_CLASS],
    ),
    "a renamed class": (
        replaced(REGISTER, r"^4\. Client error responses \(", "4. Client faults ("),
        [Rule.UNANNOUNCED_SECTION],
    ),
    "a missing class": (replaced(REGISTER, r"^4\. .*\n", ""), [Rule.UNANNOUNCED_SECTION]),
    "a missing heading": (replaced(REGISTER, r"^## 4\. .*\n", ""), [Rule.MISPLACED_CODE]),
    "an undescribed code": (replaced(REGISTER, r"^- 405(.*\n)+?\n", ""), [Rule.ORPHAN_ARTICLE]),
    "empty facts and guide": (emptied(FACTS, GUIDE), [Rule.MISSING_TITLE, Rule.UNKNOWN_FACT]),
    "no facts": (deleted(FACTS), [Rule.UNKNOWN_FACT]),
    "a renamed value": (
        replaced(FACTS, '^"never" = ', "no = "),
        [Rule.UNKNOWN_VALUE],
    ),
    "a renamed guide": (renamed(GUIDE, RENAMED), [Rule.LOST_URL]),
    "a deleted guide": (deleted(GUIDE), [Rule.LOST_URL]),
    "a deleted article": (deleted(ARTICLE), [Rule.LOST_URL]),
    "a misnamed article": (
        renamed(ARTICLE, PurePosixPath("codes/405a.md")),
        [Rule.INVALID_NAME],
    ),
    "a misnamed class": (
        renamed(CLASS_TEXT, PurePosixPath("classes/400.md")),
        [Rule.ORPHAN_CLASS_TEXT],
    ),
    "an unreadable article with former names": (
        replaced(FORMER, r"^formerly = \[", "formerly = [["),
        [Rule.INVALID_TOML],
    ),
    "a misspelled key of former names": (
        replaced(FORMER, "^formerly", "formrly"),
        [Rule.UNKNOWN_KEY],
    ),
    "a name that was changed": (
        replaced(REGISTER, "^- 405 .*$", "- 405 Wrong method"),
        [Rule.LOST_URL],
    ),
    "a deleted table": (deleted(*TABLE), [Rule.LOST_URL]),
    "a deleted CSV file": (deleted(TABLE[1]), [Rule.MISSING_TABLE_DATA]),
    "a renamed column": (replaced(TABLE[1], r"\Acode", "Code"), [Rule.UNKNOWN_COLUMN]),
}
"""Mistakes in the book of this repository, each with the rules that it breaks."""


def test_a_mistake_in_the_book_has_one_cause() -> None:
    """However much depends on it: links, URLs, articles, facts, and rows of tables."""
    book = read_folder(ROOT / "content", "content")
    rules: dict[str, list[Rule]] = {}
    for name, (mistake, _) in MISTAKES.items():
        files = dict(book.files)
        mistake(files)
        folder = Folder("content", dict(sorted(files.items())))
        groups = group_by_cause(CheckedContent.of(folder, CACHE).diagnostics)
        rules[name] = sorted(group.cause.rule for group in groups)
    assert rules == {name: expected for name, (_, expected) in MISTAKES.items()}


def test_a_template_that_all_others_need_is_missed_once(templates: Folder) -> None:
    """Not once for each of them."""
    files = {path: data for path, data in templates.files.items() if path.name != "_macros.html"}
    result = build_site(
        base_book().folder("content"), Folder("templates", files), "site", "", cache=CACHE
    )
    assert [group.cause.rule for group in result.groups] == [Rule.TEMPLATE_ERROR]


def test_an_error_in_a_template_is_reported_once(templates: Folder) -> None:
    """Not once for each page."""
    base = PurePosixPath("base.html")
    text = templates.files[base].replace(b"</main>", b'<img src="assets/icon.svg"></main>')
    broken = Folder("templates", {**templates.files, base: text})
    result = build(base_book(), broken)
    assert [group.cause.rule for group in result.groups] == [Rule.DEAD_LINK, Rule.MISSING_ALT]
    assert min(len(group.consequences) for group in result.groups) > 3


def build(tree: Tree, templates: Folder) -> BuildResult:
    """Build the site of a book, with the repository's templates except those that it replaces."""
    new = tree.folder("templates")
    files = {**templates.files, **new.files}
    folder = Folder("templates", files, new.symlinks)
    return build_site(tree.folder("content"), folder, "site", "", cache=CACHE)


def merged(one: Tree, other: Tree) -> Tree | None:
    """The base book with the changes of both books; None if they change the same file."""
    base = base_book()
    changes = [
        {path: tree.files.get(path) for path in {*base.files, *tree.files} if _changes(tree, path)}
        for tree in (one, other)
    ]
    if changes[0].keys() & changes[1].keys() or one.links or other.links:
        return None
    files = {**base.files, **changes[0], **changes[1]}
    return Tree({path: data for path, data in sorted(files.items()) if data is not None}, {})


def _changes(tree: Tree, path: str) -> bool:
    return tree.files.get(path) != base_book().files.get(path)


def causes(result: BuildResult) -> list[tuple[Rule, str]]:
    """The rules and messages of the causes, sorted."""
    return sorted((group.cause.rule, group.cause.message) for group in result.groups)


BUILT = frozenset(
    {
        Rule.DEAD_LINK,
        Rule.DUPLICATE_ID,
        Rule.EMPTY_TEXT,
        Rule.HEADING_COUNT,
        Rule.INLINE_CODE,
        Rule.MISSING_ALT,
        Rule.TEMPLATE_ERROR,
        Rule.TOO_LARGE,
    }
)
"""Rules for built pages, which are checked only if the content has no errors."""


DEPENDENT = frozenset(
    {
        Rule.BROKEN_ANCHOR,
        Rule.BROKEN_LINK,
        Rule.DUPLICATE_URL,
        Rule.LOST_URL,
        Rule.ORPHAN_ARTICLE,
        Rule.ORPHAN_CLASS_TEXT,
        Rule.UNKNOWN_CODE,
    }
)
"""Rules about codes, classes, and URLs, which an error in a register can hide."""

DEPENDENT_ON: Mapping[str, frozenset[Rule]] = {
    "content/facts.toml": frozenset({Rule.UNKNOWN_FACT, Rule.UNKNOWN_VALUE}),
    "content/book.toml": frozenset({Rule.LOST_URL}),
}
"""Rules about what these files define, which an error in them can hide."""

NAMING = frozenset({"codes", "tables"})
"""The folders of files that name codes: an error in one of them can hide a URL."""

Pair = tuple[Case, Case]


def are_related(one: Case, other: Case) -> bool:
    """Whether both break the same rule or table, or one changes what the other depends on."""
    registers = [any(map(is_register, paths_of(case))) for case in (one, other)]
    return (
        one.rule == other.rule
        or all(registers)
        or bool(tables_of(one) & tables_of(other))
        or (any(registers) and bool({one.rule, other.rule} & DEPENDENT))
        or depends_on(one, other)
        or depends_on(other, one)
    )


def depends_on(one: Case, other: Case) -> bool:
    """Whether one breaks a rule about what a file defines that the other changes."""
    return any(
        one.rule in DEPENDENT_ON.get(path.as_posix(), ())
        or (one.rule == Rule.LOST_URL and path.parent.name in NAMING)
        or (one.rule in DEPENDENT and any(path.name in example.text for example in one.bad))
        for path in paths_of(other)
    )


def paths_of(case: Case) -> list[PurePosixPath]:
    """The files that a case changes."""
    return [PurePosixPath(example.path) for example in case.bad]


def tables_of(case: Case) -> set[PurePosixPath]:
    """The tables that a case changes: without the rows, the links of the page aren't read."""
    return {path.with_suffix("") for path in paths_of(case) if path.parent.name == "tables"}


def is_register(path: PurePosixPath) -> bool:
    """Whether the path is that of a register, or of the text of the home page."""
    return path.parent.as_posix() == "content" and path.suffix == ".md"


@pytest.fixture(scope="module")
def pairs(templates: Folder) -> list[Pair]:
    """Two cases of different rules for each case that can share a book with another one.

    With both errors fixed, the shared book is valid.
    """
    remaining = [case for case in read_cases() if case.rule not in BUILT]
    Random(17).shuffle(remaining)  # noqa: S311 - the same order in every run
    chosen: list[Pair] = []
    while remaining:
        one = remaining.pop()
        for other in remaining:
            fixed = (
                merged(fixed_book(one), fixed_book(other)) if not are_related(one, other) else None
            )
            if (
                fixed
                and merged(broken_book(one), broken_book(other))
                and not build(fixed, templates).diagnostics
            ):
                chosen.append((one, other))
                remaining.remove(other)
                break
    return chosen


def test_two_independent_mistakes_are_two_causes(templates: Folder, pairs: list[Pair]) -> None:
    """Neither hides the other."""
    assert len(pairs) > 100
    wrong = {
        f"{one.name} + {other.name}": found
        for one, other in pairs
        for tree in (merged(broken_book(one), broken_book(other)),)
        for found in (causes(build(tree, templates)) if tree else [],)
        if found
        != sorted(
            cause for case in (one, other) for cause in causes(build(broken_book(case), templates))
        )
    }
    assert not wrong, "\n".join(f"{name}: {found}" for name, found in wrong.items())


def test_every_diagnostic_is_in_exactly_one_group(templates: Folder) -> None:
    """What isn't printed is counted, and `--all` prints it."""
    for case in read_cases():
        result = build(broken_book(case), templates)
        listed = [group.cause for group in ungrouped(result.groups)]
        assert sorted(listed, key=repr) == sorted(result.diagnostics, key=repr)


def about(
    rule: Rule, path: str, subject: str = "", follows_from: tuple[str, ...] = ()
) -> Diagnostic:
    """A diagnostic in a file."""
    message = f"{rule} in {path}"
    return Diagnostic(rule, Span(path), message, subject=subject, follows_from=follows_from)


def test_only_an_error_that_hides_definitions_explains_others() -> None:
    """A broken link in the file of a missing heading doesn't."""
    lost = about(Rule.LOST_URL, "urls", subject="a.md#b", follows_from=("a.md",))
    link = about(Rule.BROKEN_LINK, "a.md", subject="c.md")
    fence = about(Rule.UNEXPECTED_BLOCK, "a.md")
    assert group_by_cause([link, lost]) == (Group(link), Group(lost))
    assert group_by_cause([link, fence, lost]) == (Group(link), Group(fence, (lost,)))


def test_the_cause_is_the_error_about_the_same_subject() -> None:
    """Otherwise, it's the first error in the file."""
    one, two = (about(Rule.INVALID_CODE, "a.md", subject=subject) for subject in ("11", "12"))
    refs = [
        about(Rule.UNKNOWN_CODE, "b.md", subject=n, follows_from=("a.md",)) for n in ("12", "13")
    ]
    assert group_by_cause([one, two, *refs]) == (Group(one, (refs[1],)), Group(two, (refs[0],)))


def test_the_same_unknown_name_in_a_few_files_is_a_typo_in_each() -> None:
    """In more files, its declaration is missing."""
    typos = [
        Diagnostic(Rule.UNKNOWN_FACT, Span(f"{number}.md"), "unknown", subject="the fact")
        for number in range(4)
    ]
    assert len(group_by_cause(typos[:3])) == 3
    assert group_by_cause(typos) == (Group(typos[0], tuple(typos[1:])),)


def test_the_same_error_in_many_rows_is_one_mistake() -> None:
    """An export made it; in up to three of the rows, it's a typo in each."""
    files = {path.name: data.decode() for path, data in base_book().folder("content").files.items()}
    page = Source.of(PurePosixPath("tables/flags.md"), "flags.md", files["flags.md"])
    rows = ["1,a,", "2,b,", "3", "4", "5", "6,c", "7,d,,"]
    for added, separate in (["8,e"], 6), (["8,e", "9"], 4), (["9", "10,f,", "11,g,"], 3):
        text = "\n".join(["code,flag", *rows, *added])
        data = Source.of(PurePosixPath("tables/flags.csv"), "flags.csv", text)
        assert len(group_by_cause(parse_table(page, data).diagnostics)) == separate


def test_lost_urls_come_last() -> None:
    """The list of URLs is sorted before all other files, but is rarely the cause."""
    lost = about(Rule.LOST_URL, "addresses.txt")
    heading = about(Rule.SKIPPED_LEVEL, "guides/a.md")
    assert [group.cause for group in group_by_cause([lost, heading])] == [heading, lost]


def test_following_the_help_of_one_of_two_mistakes_leaves_the_other(
    templates: Folder, pairs: list[Pair]
) -> None:
    """In a book with several errors, a help fixes its own and breaks nothing else."""
    wrong = {
        f"{one.name}, but not {other.name}": found
        for first, second in pairs
        for one, other in ((first, second), (second, first))
        for tree in (merged(fixed_book(one), broken_book(other)),)
        if tree
        for found in (causes(build(tree, templates)),)
        if found != causes(build(broken_book(other), templates))
    }
    assert not wrong, "\n".join(f"{name}: {found}" for name, found in wrong.items())
