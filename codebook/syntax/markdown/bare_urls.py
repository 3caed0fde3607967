"""Bare URLs and email addresses as links, as in GitHub Flavored Markdown.

The rules are those of the section “Autolinks (extension)” of the GitHub Flavored Markdown Spec
0.29, with four differences. FTP isn't linked, because books can't link to it. Quotation marks,
backslashes, backticks, and non-ASCII punctuation end a URL; so does a closing bracket without an
opening one. A URL can follow any character except an ASCII letter or digit, as on GitHub.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import lru_cache

from markdown_it.rules_inline import StateInline

_DOMAIN = r"[\w-]+(?:\.[\w-]+)"
_REST = r"(?:[!#-;=?-Z^_a-~\w]|\[[!#-;=?-Z^_a-~\w]*\])*"
_BARE = re.compile(
    rf"(?<![A-Za-z0-9])(?P<url>(?:https?://{_DOMAIN}*|www\.{_DOMAIN}+){_REST})"
    r"|(?<![\w.+/-])(?P<email>[A-Za-z0-9._+-]++@[A-Za-z0-9_-]++(?:\.[A-Za-z0-9_-]++)++)(?!@)",
    re.IGNORECASE,
)
_HOST = re.compile(r"(?:https?://)?([\w.-]+)", re.IGNORECASE)
_ENTITY = re.compile(r"&[A-Za-z0-9]+;$|;$")
_URL_START = re.compile(r"[HWhw](?i:(?<![A-Za-z0-9].)(?:(?<=h)(?=ttps?://)|(?<=w)(?=ww\.)))")
_EMAIL_START = re.compile(r"(?i:[A-Za-z0-9._+-](?<![\w.+/-].)(?=[A-Za-z0-9._+-]*@))")
_SPECIAL = re.compile(r"[\n!&*<\[\\\]_`~]")
"""The characters at which the other inline rules start."""
BARE = "linkify"
"""The markup of the tokens of these links."""


def text(state: StateInline, silent: bool) -> bool:
    """An inline rule: text up to the next character, URL, or email address with a rule."""
    end = state.posMax
    if urls := starts(state.src):
        index = bisect_left(urls, state.pos)
        end = min(end, *urls[index : index + 1], end)
    if special := _SPECIAL.search(state.src, state.pos, end):
        end = special.start()
    if end == state.pos:
        return False
    if not silent:
        state.append_pending(state.src[state.pos : end])
    state.pos = end
    return True


@lru_cache(maxsize=4)
def starts(text: str) -> tuple[int, ...]:
    """The positions in a paragraph where a URL or an email address can start."""
    if "://" not in text and "@" not in text and "www." not in text.lower():
        return ()
    found = [match.start() for match in _URL_START.finditer(text)]
    if "@" in text:
        found += [match.start() for match in _EMAIL_START.finditer(text)]
    return tuple(sorted(found))


def bare_url(state: StateInline, silent: bool) -> bool:
    """An inline rule: a URL or an email address outside of a link becomes a link."""
    match = _BARE.match(state.src, state.pos, state.posMax)
    if match is None or state.linkLevel > 0:
        return False
    typed = match["email"] or _without_punctuation(match["url"])
    if not (_is_email(typed) if match["email"] else _is_url(typed)):
        return False
    if not silent:
        scheme = "mailto:" if match["email"] else "" if "://" in typed else "http://"
        opening = state.push("link_open", "a", 1)
        opening.attrs = {"href": state.md.normalizeLink(scheme + typed)}
        opening.markup = BARE
        state.push("text", "", 0).content = typed
        state.push("link_close", "a", -1).markup = BARE
    state.pos += len(typed)
    return True


def _without_punctuation(url: str) -> str:
    """The URL without what belongs to the sentence around it."""
    before = ""
    while url != before:
        before, url = url, url.rstrip("?!.,:*_~'")
        if url.endswith(";"):
            url = _ENTITY.sub("", url)
        elif url.count(")") > url.count("("):
            url = url.removesuffix(")")
    return url


def _is_url(url: str) -> bool:
    match = _HOST.match(url)
    return match is not None and "_" not in "".join(match[1].split(".")[-2:])


def _is_email(address: str) -> bool:
    return address[-1].isalpha()
