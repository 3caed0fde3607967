"""Templates use exactly the fields of their contexts, and contain no logic.

A reader of Jinja's syntax trees determines the type of each name from the annotations of the views,
and follows loops, conditions, and macros. It rejects any other expression as logic.
"""

from __future__ import annotations

import types
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Union, get_args, get_origin, get_type_hints

import pytest
from jinja2 import meta, nodes
from msgspec import Struct
from msgspec.structs import replace

from codebook.build.pipeline import build_site
from codebook.diagnostics.diagnostic import Rule
from codebook.diagnostics.source import Folder
from codebook.site.html import contexts, views
from codebook.site.html.contexts import CONTEXTS as PAGES
from codebook.site.html.render import environment
from codebook.site.words import Plural, Words

CONTEXTS = {**PAGES, **{image.template: image for image in get_args(contexts.Image)}}
"""Each template with its context."""

ROOT = Path(__file__).resolve().parents[2] / "templates"
TEXTS = {
    path.name: path.read_text(encoding="utf-8")
    for path in sorted([*ROOT.glob("*.html"), *ROOT.glob("*.svg")])
}
JINJA = environment(TEXTS)
TREES = {name: JINJA.parse(text, name, name) for name, text in TEXTS.items()}

UNPRINTED = {contexts.CardView}
"""What cards are laid out from, which no template gets."""

GLOBALS = {"words": Words, "script_words": str, "row_words": str}
"""What every template may use besides its context, and the functions that replace placeholders."""
FUNCTIONS = {"fill": str, "counted": Plural}
"""Each function with the type of its first argument."""

DRAWN = {"icon.svg", "touch-icon.png"}
"""Assets that the build draws."""

Used = set[tuple[type, str]]


class LogicError(AssertionError):
    """A template does more than loop, choose, look up, and print."""


@dataclass(frozen=True)
class Reader:
    """Reads templates, and notes which attribute of which view is used."""

    used: Used

    def read(self, name: str, context: type) -> None:
        """Read a template and its parents, with the fields of its context as names."""
        scope = {**GLOBALS, **get_type_hints(context)}
        self.used.update((context, field) for field in top_names(name))
        for tree in lineage(name):
            for child in tree.body:
                self.statement(child, scope)

    def statement(self, node: nodes.Node, scope: Mapping[str, Any]) -> None:
        """Read a statement that prints, loops, chooses, or defines."""
        match node:
            case nodes.Output():
                for child in node.nodes:
                    self.type_of(child, scope)
            case nodes.For():
                if node.test or node.recursive or not isinstance(node.target, nodes.Name):
                    raise LogicError(where(node))
                (inner, *_) = get_args(self.type_of(node.iter, scope))
                self.all([*node.body, *node.else_], {**scope, node.target.name: inner})
            case nodes.If():
                self.type_of(node.test, scope)
                self.all([*node.body, *node.elif_, *node.else_], scope)
            case nodes.Block():
                self.all(node.body, scope)
            case nodes.Extends() | nodes.FromImport() | nodes.Macro():
                pass
            case _:
                raise LogicError(where(node))

    def all(self, body: list[nodes.Node], scope: Mapping[str, Any]) -> None:
        """Read statements in order."""
        for child in body:
            self.statement(child, scope)

    def type_of(self, node: nodes.Node, scope: Mapping[str, Any]) -> Any:  # noqa: ANN401 - a type
        """The type of an expression."""
        match node:
            case nodes.TemplateData() | nodes.Const():
                hint: Any = str
            case nodes.Not():
                hint = self.type_of(node.node, scope)
            case nodes.Name():
                hint = scope[node.name]
            case nodes.Getattr():
                hint = self.attribute(node, present(self.type_of(node.node, scope)))
            case nodes.Getitem(arg=nodes.Const(value=str(key))):
                mapping = self.type_of(node.node, scope)
                assert get_origin(mapping) is Mapping, where(node)
                assert key in DRAWN or (ROOT / "assets" / key).exists(), where(node)
                hint = get_args(mapping)[1]
            case nodes.Call(node=nodes.Name(name=name), args=[text, *more]) if name in FUNCTIONS:
                assert self.type_of(text, scope) is FUNCTIONS[name], where(node)
                for child in (*more, *(keyword.value for keyword in node.kwargs)):
                    self.type_of(child, scope)
                hint = str
            case nodes.Call(node=nodes.Name(name=name), kwargs=[], dyn_args=None, dyn_kwargs=None):
                macro = macros()[name]
                arguments = [present(self.type_of(child, scope)) for child in node.args]
                names = [parameter.name for parameter in macro.args]
                self.all(macro.body, {**GLOBALS, **dict(zip(names, arguments, strict=True))})
                hint = str
            case _:
                raise LogicError(where(node))
        return hint

    def attribute(self, node: nodes.Getattr, owner: type) -> Any:  # noqa: ANN401 - a type
        """The type of an attribute of a view."""
        is_record = issubclass(owner, Struct)
        hints = get_type_hints(owner) if is_record else {}
        assert node.attr in hints, f"{where(node)}: {owner} has no {node.attr}"
        self.used.add((owner, node.attr))
        return hints[node.attr]


def where(node: nodes.Node) -> str:
    """The location of a node, for messages."""
    return f"line {node.lineno}: {type(node).__name__}"


def present(hint: Any) -> Any:  # noqa: ANN401 - a type
    """The type without None, for use inside an `if`."""
    if get_origin(hint) in {types.UnionType, Union}:
        (hint,) = [part for part in get_args(hint) if part is not types.NoneType]
    return hint


def macros() -> Mapping[str, nodes.Macro]:
    """Every macro by name."""
    return {macro.name: macro for tree in TREES.values() for macro in tree.find_all(nodes.Macro)}


def lineage(name: str) -> Iterator[nodes.Template]:
    """The syntax trees of a template and the templates that it extends."""
    yield TREES[name]
    for parent in TREES[name].find_all(nodes.Extends):
        assert isinstance(parent.template, nodes.Const)
        yield from lineage(parent.template.value)


def top_names(name: str) -> set[str]:
    """The names that a template and its parents read from the context."""
    imported = {
        macro if isinstance(macro, str) else macro[1]
        for tree in lineage(name)
        for node in tree.find_all(nodes.FromImport)
        for macro in node.names
    }
    used = {field for tree in lineage(name) for field in meta.find_undeclared_variables(tree)}
    return used - imported - GLOBALS.keys() - FUNCTIONS.keys()


@pytest.mark.parametrize("name", CONTEXTS)
def test_a_template_uses_exactly_the_fields_of_its_context(name: str) -> None:
    """Every value in a context is printed, and there are no other names."""
    assert top_names(name) == {*CONTEXTS[name].__struct_fields__}


@pytest.mark.parametrize("name", CONTEXTS)
def test_every_attribute_in_a_template_is_a_field_of_a_view(name: str) -> None:
    """Misspelled attributes and logic are detected here, before a page is rendered."""
    Reader(set()).read(name, CONTEXTS[name])


def test_every_field_of_every_view_is_printed_somewhere() -> None:
    """Computing an unused field would be wasted work."""
    used: Used = set()
    for name, context in CONTEXTS.items():
        Reader(used).read(name, context)
    known = {
        (view, name)
        for view in [*vars(views).values(), *vars(contexts).values()]
        if isinstance(view, type) and issubclass(view, Struct) and view not in UNPRINTED
        for name in view.__struct_fields__
    }
    assert known - used == set()


def test_every_template_belongs_to_a_page() -> None:
    """Exceptions start with an underscore or are extended by other templates."""
    extended = {
        parent.template.value
        for tree in TREES.values()
        for parent in tree.find_all(nodes.Extends)
        if isinstance(parent.template, nodes.Const)
    }
    assert {name for name in TEXTS if not name.startswith("_")} - extended == set(CONTEXTS)


@pytest.mark.parametrize(
    "logic",
    [
        "{{ heading|upper }}",
        "{% if heading == 'x' %}y{% endif %}",
        "{% set x = 1 %}",
        "{{ parts[0] }}",
        "{{ heading ~ 'x' }}",
        "{{ parts|length }}",
        "{% for part in parts if part %}x{% endfor %}",
        "{% include 'base.html' %}",
        "{{ heading.upper() }}",
    ],
)
def test_logic_is_detected(logic: str) -> None:
    """The reader rejects each kind of logic."""
    body = JINJA.parse(logic).body
    with pytest.raises((LogicError, AssertionError)):
        Reader(set()).all(body, get_type_hints(contexts.GuidePage))


def test_a_missing_template_of_a_page_is_one_error(templates_without_fonts: Folder) -> None:
    """The help says where to get it, whatever the folder of the templates is called."""
    files = {p: data for p, data in templates_without_fonts.files.items() if p.name != "code.html"}
    own = replace(templates_without_fonts, display_path="mine", files=files)
    book = {PurePosixPath("a.md"): b"# A\n\n1. A (10-19)\n\n## A\n\n- 11\nB.\n\n- 12\nC.\n"}
    (diagnostic,) = build_site(Folder("content", book), own, "site", "").diagnostics
    assert (diagnostic.rule, diagnostic.span.path) == (Rule.TEMPLATE_ERROR, "mine/code.html")
    assert diagnostic.help == (
        "restore the file, or copy it from the templates that come with codebook"
    )
