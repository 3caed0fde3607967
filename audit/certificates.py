"""The certificates of servers and clients in scenarios."""

from __future__ import annotations

from pathlib import Path

import trustme

NAMES = ("example.com", "www.example.com")
"""The hostnames in the server's certificate."""


def issue(folder: Path) -> None:
    """Write `server.pem`, with the key, and the certificate of its authority, `ca.pem`.

    `stranger.pem` is a client's, from another authority.
    """
    folder.mkdir()
    authority = trustme.CA()
    authority.cert_pem.write_to_path(folder / "ca.pem")
    server = authority.issue_cert(*NAMES)
    server.private_key_and_cert_chain_pem.write_to_path(folder / "server.pem")
    stranger = trustme.CA().issue_cert("stranger.example")
    stranger.private_key_and_cert_chain_pem.write_to_path(folder / "stranger.pem")
