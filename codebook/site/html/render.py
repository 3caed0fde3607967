"""Render contexts as HTML. Only this module uses Jinja."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
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
from codebook.cache import Cache, memoize, memoize_each
from codebook.diagnostics.diagnostic import Diagnostic, Parsed, Rule, did_you_mean
from codebook.diagnostics.progress import Progress, no_progress
from codebook.diagnostics.source import Folder, Span
from codebook.site.html.contexts import IMAGES, Context, Image, Page
from codebook.site.html.json_ld import data_block
from codebook.site.words import KEYS, Words, counted, fill, script_words
from codebook.syntax.decode import decode

_UNDEFINED = re.compile(r"'(\w+)' is undefined")
"""The message of Jinja for a name that isn't a variable of the template."""

_Sources = Mapping[str, str]
"""The texts of templates by name."""


def environment(sources: _Sources, compiled: BytecodeCache | None = None) -> Environment:
    """A Jinja environment that escapes all values; unknown names are errors."""
    return Environment(
        loader=FunctionLoader(lambda name: _load(name, sources)),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        bytecode_cache=compiled,
    )


def render_pages(
    cache: Cache,
    pages: Sequence[Page],
    templates: Folder,
    words: Words,
    progress: Progress = no_progress,
) -> Parsed[Mapping[PurePosixPath, bytes]]:
    """The file of each page. An error in a template is reported only once.

    The caller has checked that the templates can be decoded.
    """
    work = ((urls.output_path(page.url), page.context) for page in progress(pages, "rendering"))
    return _render(cache, work, templates, words)


def render_images(
    cache: Cache, images: Mapping[PurePosixPath, Image], templates: Folder
) -> Parsed[Mapping[PurePosixPath, bytes]]:
    """Each image as SVG, by its path."""
    # The cache keys of images don't need the words: all text of an image is in its context.
    return _render(cache, images.items(), templates, KEYS)


def _render(
    cache: Cache,
    work: Iterable[tuple[PurePosixPath, Context | Image]],
    templates: Folder,
    words: Words,
) -> Parsed[Mapping[PurePosixPath, bytes]]:
    """The file at each path, rendered from a context and its template."""
    sources = {
        path.as_posix(): source.text
        for path, data in templates.files.items()
        if path.suffix == ".html" or path.as_posix() in IMAGES
        for source in decode(cache, templates.show(path), path, data).value
    }
    used: dict[str, _Sources] = {}
    files: dict[PurePosixPath, bytes] = {}
    errors: dict[Span, Diagnostic] = {}
    for path, context in work:
        name = context.template
        try:
            if name not in used:
                used[name] = _used_by(cache, name, sources)
            files[path] = render_file(cache, path, name, used[name], words, context)
        except Exception as error:  # noqa: BLE001 - templates run arbitrary expressions
            variables = [*context.__struct_fields__, "words"]
            diagnostic = _diagnostic(error, name, variables, templates)
            errors.setdefault(diagnostic.span, diagnostic)
    return Parsed(files, tuple(errors.values()))


@memoize_each
def render_file(
    cache: Cache,
    _path: PurePosixPath,
    name: str,
    sources: _Sources,
    words: Words,
    context: Context | Image,
) -> bytes:
    """The rendered context; `sources` contains the template and all others that it uses."""
    values = {name: getattr(context, name) for name in context.__struct_fields__}
    return _template(cache, name, sources, words).render(values).encode()


@memoize_each
def _template(cache: Cache, name: str, sources: _Sources, words: Words) -> Template:
    jinja = environment(sources, _bytecode(cache))
    block = data_block(script_words(words))
    jinja.globals.update(words=words, fill=fill, counted=counted, script_words=block)
    return jinja.get_template(name)


def _used_by(cache: Cache, name: str, sources: _Sources) -> _Sources:
    """A template and all that it uses, so that edits of others don't cause another rendering."""
    used: dict[str, str] = {}
    ahead = {name}
    while ahead:
        other = ahead.pop()
        if other in sources:
            used[other] = sources[other]
            names = _references(cache, other, sources[other])
            named = {*sources} if None in names else set(filter(None, names))
            ahead |= named - used.keys()
    return used


@memoize_each
def _references(_cache: Cache, _name: str, source: str) -> frozenset[str | None]:
    """The templates that a template refers to, with None for each name computed at run time."""
    return frozenset(find_referenced_templates(environment({}).parse(source)))


class _Bytecode(BytecodeCache):
    """Compiled templates by checksum of their text, so that an edit recompiles one template."""

    def __init__(self) -> None:
        self._code: dict[str, CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._code.get(bucket.checksum + bucket.key)

    def dump_bytecode(self, bucket: Bucket) -> None:
        if bucket.code:
            self._code[bucket.checksum + bucket.key] = bucket.code


@memoize
def _bytecode(_cache: Cache) -> _Bytecode:
    return _Bytecode()


def _load(name: str, sources: _Sources) -> tuple[str, str, Callable[[], bool]] | None:
    """The template, with its name as the file name in tracebacks."""
    return (sources[name], name, lambda: True) if name in sources else None


def _diagnostic(
    error: Exception, template: str, variables: Sequence[str], templates: Folder
) -> Diagnostic:
    """The error, at the line in the template, which Jinja adds to the traceback."""
    name, line = template, 1
    if isinstance(error, TemplateSyntaxError):
        name, line = error.name or template, error.lineno
    else:
        for frame in extract_tb(error.__traceback__):
            if PurePosixPath(frame.filename) in templates.files:
                name, line = frame.filename, frame.lineno or 1
    message = f"error in the template: {_message(error)}"
    return Diagnostic(
        Rule.TEMPLATE_ERROR,
        Span(templates.show(PurePosixPath(name)), line),
        message,
        help=_help(error, template, variables if name == template else ()),
        subject=message,
    )


def _help(error: Exception, template: str, variables: Sequence[str]) -> str:
    """The help, which names no file of the program: an installed program isn't read."""
    if isinstance(error, TemplateNotFound):
        return (
            "restore the file, or copy it from the templates that come with codebook"
            if error.name == template
            else "correct the name, or create the template"
        )
    undefined = _UNDEFINED.fullmatch(str(error)) if variables else None
    return did_you_mean(undefined[1], variables) if undefined else "fix the template"


def _message(error: Exception) -> str:
    if isinstance(error, TemplateNotFound):
        return f'template "{error.name}" not found'
    first = str(error).split("\n")[0].split(". ")[0] or type(error).__name__
    return first[:1].lower() + first[1:].rstrip(".").replace("codebook.site.html.views.", "")
