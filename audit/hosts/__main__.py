"""`python -m audit.hosts`: tries the addresses of the book on the hosts that run here."""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from audit.command import leave_when_told, print_any_letter
from audit.hosts.book import BuildError, build, content, files
from audit.hosts.check import asking, check
from audit.hosts.serving import serving
from audit.install import MissingError, Program, servers
from audit.servers import Place, StartError
from audit.upstream import reserve
from codebook.publish.hosts import Host

HOSTS: Mapping[str, Host] = {
    "nginx": Host.NGINX,
    "caddy": Host.CADDY,
    "wrangler": Host.CLOUDFLARE,
    "python": Host.PLAIN,
}
BASES = ("/", "/repo/")
SHOWN = 20
"""Faults of one host that are written; one cause may have hundreds."""


def main(arguments: list[str] | None = None) -> int:
    """Say of each host what was found on it; 1 where anything was."""
    parser = argparse.ArgumentParser(prog="python -m audit.hosts", description=__doc__)
    parser.add_argument("--only", choices=HOSTS, help="the one host to try")
    options = parser.parse_args(arguments)
    print_any_letter()
    leave_when_told()
    chosen = {options.only: HOSTS[options.only]} if options.only else HOSTS
    try:
        programs = servers() if {"nginx", "caddy"} & chosen.keys() else {}
        with tempfile.TemporaryDirectory(prefix="codebook-") as name:
            folder = Path(name).resolve()
            source = content(folder / "content")
            places = {base: folder / str(at) for at, base in enumerate(BASES)}
            counts = [_try(each, chosen[each], source, places, programs) for each in chosen]
    except (BuildError, MissingError) as diagnostic:
        sys.stderr.write(f"{diagnostic}\n")
        return 1
    return 1 if any(counts) else 0


def _try(
    name: str,
    target: Host,
    source: Path,
    places: Mapping[str, Path],
    programs: Mapping[str, Program],
) -> int:
    """The number of faults, which are written as they are found."""
    began, asked, faults = time.monotonic(), 0, 0
    built: Path | None = None
    for base, folder in places.items():
        with _placed(folder) as place:
            site = place.root / base.strip("/")
            if built and not site.exists():
                # The cards of links take longest, and are the same.
                shutil.copytree(built, site)
            build(source, site, target, base)
            built = built or site
            try:
                with serving(target, place, base, programs):
                    checked = check(target, asking(place.port), files(place.root), base)
                asked, found = asked + checked.count, checked.faults
            except (StartError, OSError) as diagnostic:
                found = (str(diagnostic),)
        faults += len(found)
        sys.stdout.writelines(f"{name} at {base}: {fault}\n" for fault in found[:SHOWN])
        if len(found) > SHOWN:
            sys.stdout.write(f"{name} at {base}: and {len(found) - SHOWN} more\n")
    said = f"{faults} faults" if faults else "all as they must be"
    sys.stdout.write(f"{name}: {asked} addresses: {said}, in {time.monotonic() - began:.1f} s\n")
    sys.stdout.flush()
    return faults


@contextmanager
def _placed(folder: Path) -> Iterator[Place]:
    """A folder whose root holds what the last host left there, and a port."""
    (folder / "logs").mkdir(parents=True, exist_ok=True)
    (folder / "www").mkdir(exist_ok=True)
    with reserve() as port:
        yield Place(folder, port.getsockname()[1], upstream=0)


if __name__ == "__main__":
    sys.exit(main())
