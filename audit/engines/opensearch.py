"""Firefox reads the description of the search, as where a person adds the search to it.

No library that reads OpenSearch is kept; a browser is who such a description is for.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

import msgspec

from audit.engines.engine import START, EngineError, RefusalError
from audit.engines.firefox import Evaluated, Line, Tree, line

_WORDS = 'not "found" & 100 %'
_ASKED = "?q=not+%22found%22+%26+100+%25"
_ADD = f"""async address => {{
  const service = ChromeUtils.importESModule(
    "moz-src:///toolkit/components/search/SearchService.sys.mjs");
  const search = service.SearchService ?? Services.search;
  await search.init();
  const engine = await search.addOpenSearchEngine(address, "");
  return engine.getSubmission({json.dumps(_WORDS)}).uri.spec;
}}"""
"""What Firefox itself does where a person adds a search, and then searches."""


class ClosedError(Exception):
    """This Firefox shows its own windows to nobody: an older one, which knows no `moz:scope`."""


def check(description: str, page: str) -> Iterator[str]:
    """What is wrong with the description at an address, whose search asks the page at another.

    Raises `ClosedError` where the browser cannot be asked.
    """
    try:
        # The service is no part of any page.
        with line("--remote-allow-system-access") as firefox:
            called = _added(firefox, description)
    except (EngineError, RefusalError, msgspec.ValidationError) as diagnostic:
        yield f"the search cannot be added: {diagnostic}"
        return
    if called.exception_details:
        yield f"the search is refused: {called.exception_details.text}"
    elif called.result.value != page + _ASKED:
        yield f"the search asks {called.result.value}, not {page + _ASKED}"


def _added(firefox: Line, description: str) -> Evaluated:
    firefox.order("session.new", START, capabilities={})
    scope = {"moz:scope": "chrome"}
    tree = msgspec.convert(firefox.order("browsingContext.getTree", **scope), Tree)  # type: ignore[arg-type] # mypy takes them for `patience`
    if not tree.contexts[0].url.startswith("chrome:"):
        raise ClosedError
    return msgspec.convert(
        firefox.order(
            "script.callFunction",
            functionDeclaration=_ADD,
            arguments=[{"type": "string", "value": description}],
            target={"context": tree.contexts[0].context},
            awaitPromise=True,
        ),
        Evaluated,
    )
