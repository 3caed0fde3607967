"""Pages into HTML. The one module that knows Jinja."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields
from functools import partial
from pathlib import PurePosixPath
from traceback import extract_tb
from types import CodeType

from jinja2 import (
    BytecodeCache,
    Environment,
    FunctionLoader,
    StrictUndefined,
    Template,
    TemplateNotFound,
    TemplateSyntaxError,
)
from jinja2.bccache import Bucket
from jinja2.meta import find_referenced_templates

from codebook.book import urls
from codebook.cache.memory import Cache
from codebook.diagnostics.diagnostic import Diagnostic, Parsed, Rule
from codebook.diagnostics.source import Folder, Span
from codebook.site.html import Context, Page
from codebook.site.html.contexts import Card
from codebook.syntax.decode import decode_template

CARD = "card.svg"
"""The template of cards."""

Watch = Callable[[Iterable[Page]], Iterable[Page]]
"""Hands on what it is given; the caller can see by it how far the rendering is."""


def environment(templates: Mapping[str, str], compiled: BytecodeCache | None = None) -> Environment:
    """Jinja as the templates expect it: escaping on, an unknown name is an error."""
    return Environment(
        loader=FunctionLoader(lambda name: _named(name, templates)),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        bytecode_cache=compiled,
    )


def render(
    pages: Sequence[Page],
    templates: Folder,
    memory: Cache,
    watch: Watch = lambda pages: pages,
) -> Parsed[Mapping[PurePosixPath, bytes]]:
    """The file of each page. A template that cannot be used is a problem, reported once.

    That templates can be decoded has been seen before.
    """
    texts = _texts(templates, memory)

    def made() -> Parsed[Mapping[PurePosixPath, bytes]]:
        work = (
            (urls.output_path(page.address), page.template, page.context) for page in watch(pages)
        )
        return _render(work, texts, templates, memory)

    return memory.recall(("rendered",), texts, made, pages)


def render_cards(
    cards: Mapping[PurePosixPath, Card], templates: Folder, memory: Cache
) -> Parsed[Mapping[PurePosixPath, bytes]]:
    """Each card as SVG, by the path of its picture."""
    work = ((path, CARD, card) for path, card in cards.items())
    return _render(work, _texts(templates, memory), templates, memory)


def _texts(templates: Folder, memory: Cache) -> Mapping[str, str]:
    return {
        path.as_posix(): source.text
        for path in templates.files
        if path.suffix == ".html" or path.as_posix() == CARD
        for source in decode_template(templates, path, memory).value
    }


def _render(
    work: Iterable[tuple[PurePosixPath, str, Context | Card]],
    texts: Mapping[str, str],
    templates: Folder,
    memory: Cache,
) -> Parsed[Mapping[PurePosixPath, bytes]]:
    """The text of each file, of its template and its context."""
    compiled = memory.recall(("compiled",), None, _Compiled)
    jinja = memory.recall(("jinja",), texts, lambda: environment(texts, compiled))
    broken: dict[Span, Diagnostic] = {}
    made: dict[PurePosixPath, bytes] = {}
    known: dict[str, tuple[Template, _Used]] = {}
    for path, name, context in work:
        try:
            if name not in known:
                used = memory.same(("used", name), _used(name, texts, jinja, memory))
                known[name] = jinja.get_template(name), used
            template, used = known[name]
            key = ("file", str(path))
            made[path] = memory.recall(key, context, partial(_filled, template, context), used)
        except Exception as error:  # noqa: BLE001 - a template is a program of its author
            diagnostic = _problem(error, name, templates)
            broken.setdefault(diagnostic.span, diagnostic)
    return Parsed(made, tuple(broken.values()))


def _filled(template: Template, context: Context | Card) -> bytes:
    values = {field.name: getattr(context, field.name) for field in fields(context)}
    return template.render(values).encode()


_Used = Mapping[str, str]
"""A template and those that it is made with, by their names."""


def _used(name: str, texts: Mapping[str, str], jinja: Environment, memory: Cache) -> _Used:
    found: dict[str, str] = {}
    ahead = {name}
    while ahead:
        each = ahead.pop()
        if each in texts:
            text = found[each] = texts[each]
            named = memory.recall(("named", each), text, partial(_references, text, jinja))
            ahead |= named - found.keys()
    return found


def _references(text: str, jinja: Environment) -> frozenset[str]:
    """The templates that a template names. One that works it out as it runs uses any of them."""
    named = set(find_referenced_templates(jinja.parse(text)))
    return frozenset(jinja.list_templates() if None in named else filter(None, named))


class _Compiled(BytecodeCache):
    """What templates were compiled to, by their texts: an edit of one compiles that one."""

    def __init__(self) -> None:
        self._code: dict[str, CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._code.get(bucket.checksum + bucket.key)

    def dump_bytecode(self, bucket: Bucket) -> None:
        if bucket.code:
            self._code[bucket.checksum + bucket.key] = bucket.code


def _named(name: str, templates: Mapping[str, str]) -> tuple[str, str, Callable[[], bool]] | None:
    """The template with its name as its file name, so that tracebacks say which one it was."""
    return (templates[name], name, lambda: True) if name in templates else None


def _problem(error: Exception, template: str, templates: Folder) -> Diagnostic:
    """The problem at the line of the template; Jinja writes it into the traceback."""
    name, line = template, 1
    if isinstance(error, TemplateSyntaxError):
        name, line = error.name or template, error.lineno
    else:
        for frame in extract_tb(error.__traceback__):
            if PurePosixPath(frame.filename) in templates.files:
                name, line = frame.filename, frame.lineno or 1
    return Diagnostic(
        Rule.TEMPLATE_ERROR,
        Span(templates.show(PurePosixPath(name)), line),
        f"the template cannot be used: {_words(error)}",
        help="correct the template"
        if isinstance(error, TemplateSyntaxError | TemplateNotFound)
        else "codebook/site/html/contexts.py says what each template is given",
    )


def _words(error: Exception) -> str:
    """What is wrong, as a problem says it."""
    if isinstance(error, TemplateNotFound):
        return f'there is no template "{error.name}"'
    first = str(error).split("\n")[0].split(". ")[0] or type(error).__name__
    return first[:1].lower() + first[1:].rstrip(".").replace("codebook.site.html.views.", "")
