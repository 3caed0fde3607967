"""Test the OpenSearch description by adding the search to Firefox.

There is no maintained library for OpenSearch, and browsers are its main users.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import msgspec

from audit.engines.engine import START_TIMEOUT, CommandError, EngineError
from audit.engines.firefox import BidiConnection, BrowsingContexts, Evaluated, connect_to_firefox

_QUERY = 'not "found" & 100 %'
_ENCODED_QUERY = "?q=not+%22found%22+%26+100+%25"
_ADD = f"""async url => {{
  const service = ChromeUtils.importESModule(
    "moz-src:///toolkit/components/search/SearchService.sys.mjs");
  const search = service.SearchService ?? Services.search;
  await search.init();
  const engine = await search.addOpenSearchEngine(url, "");
  return engine.getSubmission({json.dumps(_QUERY)}).uri.spec;
}}"""
"""The calls that Firefox makes when a person adds a search engine and searches."""


class UnsupportedError(Exception):
    """This version of Firefox is too old for `moz:scope`, so its windows can't be accessed."""


def check(description: str, page: str) -> Iterator[str]:
    """Yield the errors in the description at a URL. Its searches must open `page`.

    Raises `UnsupportedError` if this version of Firefox can't be automated.
    """
    try:
        # The search service isn't available to pages.
        with connect_to_firefox("--remote-allow-system-access") as firefox:
            evaluated = _add_search(firefox, description)
    except (EngineError, CommandError, msgspec.ValidationError) as error:
        yield f"the search can't be added: {error}"
        return
    if evaluated.exception_details:
        yield f"Firefox rejects the search: {evaluated.exception_details.text}"
    elif evaluated.result.value != page + _ENCODED_QUERY:
        yield f"the search opens {evaluated.result.value}, not {page + _ENCODED_QUERY}"


def _add_search(firefox: BidiConnection, description: str) -> Evaluated:
    firefox.send_command("session.new", START_TIMEOUT, capabilities={})
    scope: dict[str, Any] = {"moz:scope": "chrome"}
    tree = firefox.send_command("browsingContext.getTree", **scope)
    windows = msgspec.convert(tree, BrowsingContexts)
    if not windows.contexts[0].url.startswith("chrome:"):
        raise UnsupportedError
    return msgspec.convert(
        firefox.send_command(
            "script.callFunction",
            functionDeclaration=_ADD,
            arguments=[{"type": "string", "value": description}],
            target={"context": windows.contexts[0].context},
            awaitPromise=True,
        ),
        Evaluated,
    )
