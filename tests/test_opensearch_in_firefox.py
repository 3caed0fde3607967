"""The description of the search, as Firefox reads it when a person adds the site's search to it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from websockets.sync.client import ClientConnection, connect

from audit.engines.program import path_of, running
from audit.hosting import serve
from codebook import addresses
from codebook.check import assemble
from codebook.machines.opensearch import opensearch
from codebook.parse import documents
from codebook.source import Folder

FIREFOX = path_of(("firefox-esr", "firefox"))
PUBLIC = "https://codes.example/a/b/"
PATIENCE = 60
PREFERENCES = {
    # A port at which nobody listens: Firefox asks for nothing that is not on this machine.
    "network.proxy.type": 1,
    "network.proxy.http": "127.0.0.1",
    "network.proxy.http_port": 9,
    "network.proxy.ssl": "127.0.0.1",
    "network.proxy.ssl_port": 9,
}
ADD = """async address => {
  const service = ChromeUtils.importESModule(
    "moz-src:///toolkit/components/search/SearchService.sys.mjs");
  const search = service.SearchService ?? Services.search;
  await search.init();
  const engine = await search.addOpenSearchEngine(address, "");
  const asked = engine.getSubmission("not \\"found\\" & 100 %");
  return JSON.stringify([engine.name, engine.queryCharset, asked.uri.spec, asked.postData]);
}"""
"""What Firefox itself does where a person adds a search, and then searches."""


@contextmanager
def line(firefox: str, home: Path) -> Iterator[ClientConnection]:
    """A connection to a Firefox without a past, which takes orders that concern itself."""
    (home / "profile").mkdir()
    (home / "profile" / "user.js").write_text(
        "".join(f"user_pref({json.dumps(k)}, {json.dumps(v)});\n" for k, v in PREFERENCES.items()),
        encoding="utf-8",
    )
    command = [firefox, "--headless", "--no-remote", "--profile", str(home / "profile")]
    command += ["--remote-debugging-port=0", "--remote-allow-system-access", "about:blank"]
    with running(command, home) as program:
        found = program.wait(
            lambda: re.search(
                r"^WebDriver BiDi listening on (\S+)$", program.output(), re.MULTILINE
            )
        )
        with connect(f"{found[1]}/session", max_size=None, proxy=None) as connection:
            yield connection


@pytest.mark.skipif(FIREFOX is None, reason="there is no Firefox here")
def test_firefox_adds_the_search(content: Folder, tmp_path: Path) -> None:
    """It takes the name, and asks the page of all codes for what is looked for."""
    assert FIREFOX is not None
    book = assemble(documents(content).value.documents).value
    book = replace(book, settings=replace(book.settings, url=PUBLIC))
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / addresses.OPENSEARCH).write_bytes(opensearch(book))
    with serve(folder) as origin, line(FIREFOX, tmp_path) as connection:
        numbers = count()

        def order(method: str, **parameters: object) -> Any:  # noqa: ANN401 - whatever JSON holds
            number = next(numbers)
            connection.send(json.dumps({"id": number, "method": method, "params": parameters}))
            while (said := json.loads(connection.recv(timeout=PATIENCE))).get("id") != number:
                pass
            assert said["type"] == "success", said
            return said["result"]

        order("session.new", capabilities={})
        tree = order("browsingContext.getTree", **{"moz:scope": "chrome"})
        found = order(
            "script.callFunction",
            functionDeclaration=ADD,
            arguments=[{"type": "string", "value": f"{origin}/{addresses.OPENSEARCH}"}],
            target={"context": tree["contexts"][0]["context"]},
            awaitPromise=True,
        )
    assert found["type"] == "success", found["exceptionDetails"]["text"]
    assert json.loads(found["result"]["value"]) == [
        "HTTP response",
        "UTF-8",
        f"{PUBLIC}status/?q=not+%22found%22+%26+100+%25",
        None,
    ]
