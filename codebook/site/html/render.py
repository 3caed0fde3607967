"""Render contexts as HTML. Only this module uses Jinja."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import PurePosixPath
from traceback import extract_tb

import msgspec
from jinja2 import (
    BytecodeCache,
    Environment,
    FunctionLoader,
    StrictUndefined,
    TemplateNotFound,
    TemplateSyntaxError,
)
from jinja2.bccache import Bucket

from codebook.cache import Cache, CompiledTemplates, memoize, memoize_each
from codebook.diagnostics.diagnostic import Diagnostic, Parsed, Rule, did_you_mean
from codebook.diagnostics.source import Folder, Span
from codebook.site.html.contexts import IMAGES, Context, Image
from codebook.site.html.json_ld import data_attribute, data_block
from codebook.site.words import Words, counted, fill, keys, script_words
from codebook.syntax.decode import decode

_UNDEFINED = re.compile(r"'(\w+)' is undefined")
"""The message of Jinja for a name that isn't a variable of the template."""
_REFERENCE = re.compile(
    r"""\{%[-+]?\s*(?:extends|from|import|include)\b\s*"""
    r"""(?:(?P<quote>["'])(?P<name>[^"'\\]*)(?P=quote)\s*(?=[-+]?%\}|(?:as|ignore|import|with|without)\b))?"""
)
"""A tag that uses another template, and its name if that isn't computed."""

_STAGE = "rendered"
"""The stage that renders a context."""

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


def render_page(
    cache: Cache, path: PurePosixPath, context: Context, templates: Folder, words: Words
) -> Parsed[bytes]:
    """The file of a page; empty if there is an error in its template.

    The caller has checked that the templates can be decoded.
    """
    return _render(cache, path, context, templates, words)


def render_image(cache: Cache, image: Image, templates: Folder) -> Parsed[bytes]:
    """An image as SVG; empty if there is an error in its template."""
    # The cache keys of images don't need the words: all text of an image is in its context.
    return _render(cache, PurePosixPath(image.template), image, templates, keys())


def _render(
    cache: Cache,
    path: PurePosixPath,
    context: Context | Image,
    templates: Folder,
    words: Words,
) -> Parsed[bytes]:
    """The file at a path, rendered from a context and its template."""
    name, sources = context.template, _texts(cache, templates)
    try:
        inputs = (_used_by(cache, name, sources), words, context)
        rendered = cache.find_or_make(
            _STAGE, path, inputs, lambda: _rendered(cache, sources, words, context)
        )
        return Parsed(rendered)
    except Exception as error:  # noqa: BLE001 - templates run arbitrary expressions
        variables = [*context.__struct_fields__, "words"]
        return Parsed(b"", (_diagnostic(error, name, variables, templates),))


def used_templates(cache: Cache, name: str, templates: Folder) -> Mapping[str, str]:
    """A template and all that it uses, so that edits of others don't cause another rendering."""
    return _used_by(cache, name, _texts(cache, templates))


@memoize
def _texts(cache: Cache, templates: Folder) -> _Sources:
    """The texts of all templates by name."""
    return {
        path.as_posix(): source.text
        for path, data in templates.files.items()
        if path.suffix == ".html" or path.as_posix() in IMAGES
        for source in decode(cache, templates.show(path), path, data).value
    }


def _rendered(cache: Cache, sources: _Sources, words: Words, context: Context | Image) -> bytes:
    values = {name: getattr(context, name) for name in context.__struct_fields__}
    template = _environment(cache, words, sources).get_template(context.template)
    return template.render(values).encode()


@memoize_each
def _environment(cache: Cache, words: Words, sources: _Sources) -> Environment:
    """The environment of all templates. Images have other words than pages."""
    jinja = environment(sources, _Bytecode(cache.compiled))
    block = data_block(script_words(words))
    rows = data_attribute(msgspec.to_builtins(words.rows))
    jinja.globals.update(
        words=words, fill=fill, counted=counted, script_words=block, row_words=rows
    )
    return jinja


@memoize_each
def _used_by(_cache: Cache, name: str, sources: _Sources) -> _Sources:
    used: set[str] = set()
    ahead = {name}
    while ahead:
        other = ahead.pop()
        if other in sources:
            used.add(other)
            names = {match["name"] for match in _REFERENCE.finditer(sources[other])}
            # A name that is computed at run time can be any.
            ahead |= (names if None not in names else {*sources}) - used
    # In the order of `sources`, because that of a set is another one in each process.
    return {other: source for other, source in sources.items() if other in used}


class _Bytecode(BytecodeCache):
    """Compiled templates by checksum of their text, so that an edit recompiles one template."""

    def __init__(self, compiled: CompiledTemplates) -> None:
        self._compiled = compiled

    def load_bytecode(self, bucket: Bucket) -> None:
        if code := self._compiled.find(bucket.key + bucket.checksum):
            bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._compiled.add(bucket.key + bucket.checksum, bucket.bytecode_to_string())


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
