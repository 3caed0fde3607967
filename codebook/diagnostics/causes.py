"""Groups diagnostics by their cause, so that one mistake is reported once.

One wrong line can break everything that depends on it: without a register, each link to a code is
broken. A diagnostic follows from another one in three cases:

- A file that defines its subject has an error that can hide definitions, such as invalid TOML.
- Another diagnostic shows that the subject is gone, such as an article without a code.
- More than a few files use the same unknown name, so a declaration is missing, or a template is
  wrong.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

from msgspec import Struct

from codebook.diagnostics.diagnostic import Diagnostic, Rule

_LOSSES = (
    Rule.ORPHAN_ARTICLE,
    Rule.ORPHAN_CLASS_TEXT,
    Rule.MISPLACED_CODE,
    Rule.LOST_URL,
)
"""The rules that show that a subject is gone, the best explanation first."""
_HIDES_NOTHING = frozenset(
    {
        Rule.FORBIDDEN_LINK,
        Rule.RAW_HTML,
        Rule.UNEXPECTED_IMAGE,
        Rule.MISPLACED_SECTION,
        Rule.MISSING_SOURCE,
        Rule.UNKNOWN_CODE,
        Rule.UNKNOWN_FACT,
        Rule.UNKNOWN_VALUE,
        Rule.BROKEN_ANCHOR,
        Rule.BROKEN_LINK,
        Rule.DUPLICATE_URL,
        Rule.LOST_URL,
    }
)
"""The rules about what a text says: its pages, headings, and codes exist all the same."""
_HIDES_HEADINGS = frozenset(
    {
        Rule.DUPLICATE_ID,
        Rule.DUPLICATE_SECTION,
        Rule.EMPTY_TEXT,
        Rule.MISNUMBERED_SECTION,
        Rule.MISSING_SECTION,
        Rule.MISSING_TITLE,
        Rule.UNANNOUNCED_SECTION,
        Rule.UNEXPECTED_MARKUP,
        Rule.UNKNOWN_HEADING,
        Rule.UNREAD_MARKUP,
    }
)
"""The rules about headings, whose anchors are unknown until the errors are fixed."""
_MOST_TYPOS = 3
"""The maximum number of files in which the same unknown name counts as separate typos."""


class Group(Struct, frozen=True):
    """A diagnostic, and the diagnostics that only follow from it."""

    cause: Diagnostic
    consequences: tuple[Diagnostic, ...] = ()

    @property
    def all(self) -> tuple[Diagnostic, ...]:
        """The cause and its consequences."""
        return (self.cause, *self.consequences)


def group_by_cause(diagnostics: Sequence[Diagnostic]) -> tuple[Group, ...]:
    """Return every diagnostic in exactly one group; lost URLs come last, the others as given."""
    groups = [Group(diagnostic) for diagnostic in diagnostics]
    for merge in (_by_source, _by_subject, _by_message):
        groups = _merged(groups, merge(groups))
    return tuple(sorted(groups, key=lambda group: group.cause.rule is Rule.LOST_URL))


def ungrouped(groups: Sequence[Group]) -> tuple[Group, ...]:
    """Return a group for each diagnostic, causes before their consequences."""
    return tuple(Group(diagnostic) for group in groups for diagnostic in group.all)


_Causes = Mapping[int, int]
"""For each group that follows from another one, the index of that one, which follows from none."""


def _merged(groups: Sequence[Group], causes: _Causes) -> list[Group]:
    consequences: defaultdict[int, list[Diagnostic]] = defaultdict(list)
    for index, cause in causes.items():
        consequences[cause] += groups[index].all
    return [
        Group(group.cause, (*group.consequences, *consequences[index]))
        for index, group in enumerate(groups)
        if index not in causes
    ]


def _by_source(groups: Sequence[Group]) -> _Causes:
    """Errors in the files that define the subject; the first one if none is about the subject."""
    first: dict[str, int] = {}
    first_about: dict[tuple[str, str], int] = {}
    for index, group in enumerate(groups):
        rule, path = group.cause.rule, group.cause.span.path
        explained = [path] if rule not in _HIDES_NOTHING and not group.cause.follows_from else []
        explained += [f"{path}#"] if rule in _HIDES_HEADINGS else []
        for key in explained:
            first.setdefault(key, index)
            first_about.setdefault((key, group.cause.subject), index)
    causes: dict[int, int] = {}
    for index, group in enumerate(groups):
        paths, subject = group.cause.follows_from, group.cause.subject
        exact = [first_about[path, subject] for path in paths if (path, subject) in first_about]
        candidates = exact or [first[path] for path in paths if path in first]
        if candidates:
            causes[index] = candidates[0]
    return causes


def _by_subject(groups: Sequence[Group]) -> _Causes:
    """Diagnostics about something that another one shows to be gone."""

    def rank(index: int) -> int:
        return _LOSSES.index(groups[index].cause.rule)

    causes: dict[int, int] = {}
    for members in _members(groups, lambda diagnostic: diagnostic.subject):
        losses = [index for index in members if groups[index].cause.rule in _LOSSES]
        if losses:
            cause = min(losses, key=rank)
            causes |= {index: cause for index in members if index != cause}
    return causes


def _by_message(groups: Sequence[Group]) -> _Causes:
    """Repetitions of a message in so many files that they can't be typos."""
    causes: dict[int, int] = {}
    for cause, *repetitions in _members(groups, lambda diagnostic: diagnostic.message):
        files = {groups[index].cause.span.path for index in (cause, *repetitions)}
        if len(files) > _MOST_TYPOS:
            causes |= dict.fromkeys(repetitions, cause)
    return causes


def _members(
    groups: Sequence[Group], key_of: Callable[[Diagnostic], str]
) -> Iterable[Sequence[int]]:
    """The indexes of the groups with the same key, of those that have a subject."""
    members: defaultdict[str, list[int]] = defaultdict(list)
    for index, group in enumerate(groups):
        if group.cause.subject:
            members[key_of(group.cause)].append(index)
    return members.values()
