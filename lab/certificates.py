"""The certificates of the lab's TLS servers, which only the browsers of the lab trust."""

from __future__ import annotations

import ssl
from pathlib import Path

import trustme
from filelock import FileLock

from lab.programs import FOLDER

_ADDRESS = "127.0.0.1"


def authority() -> Path:
    """The certificate of the authority."""
    return _folder() / "authority.pem"


def server_context(protocol: str) -> ssl.SSLContext:
    """The settings of a TLS server that speaks one protocol."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(_folder() / "server.pem")
    context.set_alpn_protocols([protocol])
    return context


def _folder() -> Path:
    """The folder of the certificates, which are issued if there are none."""
    folder = FOLDER / "certificates"
    folder.mkdir(parents=True, exist_ok=True)
    with FileLock(folder / "lock"):
        # Written last, so that an interrupted start is repeated.
        if not (folder / "authority.pem").is_file():
            issuer = trustme.CA()
            server = issuer.issue_cert(_ADDRESS)
            server.private_key_and_cert_chain_pem.write_to_path(folder / "server.pem")
            issuer.cert_pem.write_to_path(folder / "authority.pem")
    return folder
