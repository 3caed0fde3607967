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
from codebook.decode import decode
from codebook.pages import Page
from codebook.problems import Parsed, Problem, Rule
from codebook.source import Folder, Span

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
    """The file of each page. A template that cannot be used is a problem, reported once."""
    texts: dict[str, str] = {}
    problems: list[Problem] = []
    for path in templates.files:
        if path.suffix == ".html":
            decoded = decode(templates, path)
            problems += decoded.problems
            texts.update((path.as_posix(), source.text) for source in decoded.value)
    if problems:
        return Parsed({}, tuple(problems))
    broken: dict[Span, Problem] = {}
    jinja = environment(texts)
    files: dict[PurePosixPath, bytes] = {}
    for page in watch(pages):
        try:
            template = jinja.get_template(page.template)
            html = template.render(
                {field.name: getattr(page.context, field.name) for field in fields(page.context)}
            )
        except Exception as error:  # noqa: BLE001 - a template is a program of its author
            problem = _problem(error, page.template, templates)
            broken.setdefault(problem.span, problem)
        else:
            files[addresses.output_path(page.address)] = html.encode()
    return Parsed(files, tuple(broken.values()))


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
        else "codebook/pages/views.py says what each template is given",
    )


def _words(error: Exception) -> str:
    """What is wrong, as a problem says it."""
    if isinstance(error, TemplateNotFound):
        return f'there is no template "{error.name}"'
    first = str(error).split("\n")[0].split(". ")[0] or type(error).__name__
    return first[:1].lower() + first[1:].rstrip(".").replace("codebook.pages.views.", "")
