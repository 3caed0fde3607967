"""Pages into HTML. The one module that knows Jinja."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields
from pathlib import PurePosixPath
from traceback import extract_tb

from jinja2 import (
    Environment,
    FunctionLoader,
    StrictUndefined,
    TemplateNotFound,
    TemplateSyntaxError,
)

from codebook import addresses
from codebook.card import Card
from codebook.decode import decode
from codebook.pages import Context, Page
from codebook.problems import Parsed, Problem, Rule
from codebook.source import Folder, Span

CARD = "card.svg"
"""The template of cards."""

Watch = Callable[[Iterable[Page]], Iterable[Page]]
"""Hands on what it is given; the caller can see by it how far the rendering is."""


def environment(templates: Mapping[str, str]) -> Environment:
    """Jinja as the templates expect it: escaping on, an unknown name is an error."""
    return Environment(
        loader=FunctionLoader(lambda name: _named(name, templates)),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def render(
    pages: Sequence[Page], templates: Folder, watch: Watch = lambda pages: pages
) -> Parsed[Mapping[PurePosixPath, bytes]]:
    """The file of each page. A template that cannot be used is a problem, reported once.

    That templates can be decoded has been seen before.
    """
    work = (
        (addresses.output_path(page.address), page.template, page.context) for page in watch(pages)
    )
    made = _render(work, templates)
    return Parsed({path: text.encode() for path, text in made.value.items()}, made.problems)


def render_cards(
    cards: Mapping[PurePosixPath, Card], templates: Folder
) -> Parsed[Mapping[PurePosixPath, str]]:
    """Each card as SVG, by the path of its picture."""
    return _render(((path, CARD, card) for path, card in cards.items()), templates)


def _render(
    work: Iterable[tuple[PurePosixPath, str, Context | Card]], templates: Folder
) -> Parsed[Mapping[PurePosixPath, str]]:
    """The text of each file, of its template and its context."""
    texts = {
        path.as_posix(): source.text
        for path in templates.files
        if path.suffix == ".html" or path.as_posix() == CARD
        for source in decode(templates, path).value
    }
    broken: dict[Span, Problem] = {}
    jinja = environment(texts)
    made: dict[PurePosixPath, str] = {}
    for path, name, context in work:
        try:
            template = jinja.get_template(name)
            made[path] = template.render(
                {field.name: getattr(context, field.name) for field in fields(context)}
            )
        except Exception as error:  # noqa: BLE001 - a template is a program of its author
            problem = _problem(error, name, templates)
            broken.setdefault(problem.span, problem)
    return Parsed(made, tuple(broken.values()))


def _named(name: str, templates: Mapping[str, str]) -> tuple[str, str, Callable[[], bool]] | None:
    """The template with its name as its file name, so that tracebacks say which one it was."""
    return (templates[name], name, lambda: True) if name in templates else None


def _problem(error: Exception, template: str, templates: Folder) -> Problem:
    """The problem at the line of the template; Jinja writes it into the traceback."""
    name, line = template, 1
    if isinstance(error, TemplateSyntaxError):
        name, line = error.name or template, error.lineno
    else:
        for frame in extract_tb(error.__traceback__):
            if PurePosixPath(frame.filename) in templates.files:
                name, line = frame.filename, frame.lineno or 1
    return Problem(
        Rule.TEMPLATE_ERROR,
        Span(templates.show(PurePosixPath(name)), line),
        f"the template cannot be used: {_words(error)}",
        help="correct the template"
        if isinstance(error, TemplateSyntaxError | TemplateNotFound)
        else "codebook/card.py says what the template of cards is given"
        if template == CARD
        else "codebook/pages/contexts.py says what each template is given",
    )


def _words(error: Exception) -> str:
    """What is wrong, as a problem says it."""
    if isinstance(error, TemplateNotFound):
        return f'there is no template "{error.name}"'
    first = str(error).split("\n")[0].split(". ")[0] or type(error).__name__
    return first[:1].lower() + first[1:].rstrip(".").replace("codebook.pages.views.", "")
