"""`python -m audit.hosts`: test the URLs of the book on hosts that run locally."""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from audit.command import escape_unprintable_output, exit_on_signals
from audit.hosts.book import BuildError, build, copy_content, read_published
from audit.hosts.check import check, fetch_from
from audit.hosts.serving import serving
from audit.install import MissingError, Program, servers
from audit.servers import Instance, StartError
from audit.upstream import reserve
from codebook.publish.host import Host

HOSTS: Mapping[str, Host] = {
    "nginx": Host.NGINX,
    "caddy": Host.CADDY,
    "wrangler": Host.CLOUDFLARE,
    "python": Host.PLAIN,
}
BASES = ("/", "/repo/")
MAX_PRINTED = 20
"""How many mismatches to print for each host. One cause can have hundreds."""


def main(arguments: list[str] | None = None) -> int:
    """Print the mismatches on each host. Return 1 if there are any."""
    parser = argparse.ArgumentParser(prog="python -m audit.hosts", description=__doc__)
    parser.add_argument("--only", choices=HOSTS, help="test only this host")
    options = parser.parse_args(arguments)
    escape_unprintable_output()
    exit_on_signals()
    chosen = {options.only: HOSTS[options.only]} if options.only else HOSTS
    try:
        programs = servers() if {"nginx", "caddy"} & chosen.keys() else {}
        with tempfile.TemporaryDirectory(prefix="codebook-") as temporary:
            folder = Path(temporary).resolve()
            source = copy_content(folder / "content")
            folders = {base: folder / str(index) for index, base in enumerate(BASES)}
            counts = [
                _check(name, host, source, folders, programs) for name, host in chosen.items()
            ]
    except (BuildError, MissingError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 1 if any(counts) else 0


def _check(
    name: str,
    host: Host,
    source: Path,
    folders: Mapping[str, Path],
    programs: Mapping[str, Program],
) -> int:
    """Print the mismatches on a host, and return their number."""
    started, url_count, mismatch_count = time.monotonic(), 0, 0
    first_site: Path | None = None
    for base, folder in folders.items():
        with _instance(folder) as instance:
            site = instance.root / base.strip("/")
            if first_site and not site.exists():
                # Reuse the social cards, which are the same and take the longest to draw.
                shutil.copytree(first_site, site)
            build(source, site, host, base)
            first_site = first_site or site
            try:
                with serving(host, instance, base, programs):
                    result = check(
                        host, fetch_from(instance.port), read_published(instance.root), base
                    )
                mismatches = result.mismatches
                url_count += result.count
            except (StartError, OSError) as error:
                mismatches = (str(error),)
        mismatch_count += len(mismatches)
        sys.stdout.writelines(
            f"{name} at {base}: {mismatch}\n" for mismatch in mismatches[:MAX_PRINTED]
        )
        if len(mismatches) > MAX_PRINTED:
            sys.stdout.write(f"{name} at {base}: and {len(mismatches) - MAX_PRINTED} more\n")
    verdict = f"{mismatch_count} mismatches" if mismatch_count else "all as expected"
    sys.stdout.write(
        f"{name}: {url_count} URLs: {verdict}, in {time.monotonic() - started:.1f} s\n"
    )
    sys.stdout.flush()
    return mismatch_count


@contextmanager
def _instance(folder: Path) -> Iterator[Instance]:
    """An instance that reuses the document root of the previous host."""
    (folder / "logs").mkdir(parents=True, exist_ok=True)
    (folder / "www").mkdir(exist_ok=True)
    with reserve() as port:
        yield Instance(folder, port.getsockname()[1], upstream=0)


if __name__ == "__main__":
    sys.exit(main())
