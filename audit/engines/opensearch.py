"""Firefox reads the OpenSearch description, as when a person adds the search to it.

No library that reads OpenSearch is maintained, and browsers are what it is for.
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
_ADD = f"""async address => {{
  const service = ChromeUtils.importESModule(
    "moz-src:///toolkit/components/search/SearchService.sys.mjs");
  const search = service.SearchService ?? Services.search;
  await search.init();
  const engine = await search.addOpenSearchEngine(address, "");
  return engine.getSubmission({json.dumps(_QUERY)}).uri.spec;
}}"""
"""What Firefox itself does where a person adds a search, and then searches."""


class UnsupportedError(Exception):
    """This Firefox gives no access to its own windows: it is too old for `moz:scope`."""


def check(description: str, page: str) -> Iterator[str]:
    """What is wrong with the description at an address, whose search asks the page at another.

    Raises `UnsupportedError` where the browser cannot be asked.
    """
    try:
        # The service is no part of any page.
        with connect_to_firefox("--remote-allow-system-access") as firefox:
            evaluated = _add_search(firefox, description)
    except (EngineError, CommandError, msgspec.ValidationError) as error:
        yield f"the search cannot be added: {error}"
        return
    if evaluated.exception_details:
        yield f"the search is refused: {evaluated.exception_details.text}"
    elif evaluated.result.value != page + _ENCODED_QUERY:
        yield f"the search asks {evaluated.result.value}, not {page + _ENCODED_QUERY}"


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
