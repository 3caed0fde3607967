"""The `clean` command, which removes the files that builds wrote.

`make clean` runs this module, which needs no packages: `.venv` may be missing or broken.
"""

from __future__ import annotations

import sys
from argparse import SUPPRESS, ArgumentParser, Namespace

from codebook.cli.console import FAILURE, SUCCESS, say
from codebook.cli.paths import FOLDERS, declare_cache, declare_folder
from codebook.io.cache_folder import check_folder, default_folder, site_folder
from codebook.io.disk import AccessError, display_path, listed
from codebook.io.site import clean_site

_MAX_NAMES = 3
"""The maximum number of names that a message lists."""


def declare_arguments(parser: ArgumentParser) -> None:
    """Add the folder of the site and `--quiet`."""
    for name in ("content", "site"):
        declare_folder(parser, name)
    declare_cache(parser)
    parser.add_argument(
        "-q", "--quiet", action="store_true", default=SUPPRESS, help="print only errors"
    )


def run(arguments: Namespace) -> int:
    """Remove the built files, and say which other files stay."""
    site = display_path(arguments.site)
    cache = arguments.cache or default_folder(arguments.content)
    state = site_folder(cache, arguments.site)
    check_folder(state, cache)
    removed, kept = clean_site(
        arguments.site,
        state,
        lambda: say(f"waiting for a build of {site}/ to finish", quiet=arguments.quiet),
    )
    summary = f"removed {len(removed)} file{'' if len(removed) == 1 else 's'} from {site}/"
    if kept:
        summary += f"; kept what codebook did not write: {listed(kept, _MAX_NAMES)}"
    say(summary if removed or kept else "", quiet=arguments.quiet)
    return SUCCESS


def _main() -> int:
    parser = ArgumentParser(prog="clean", description="Remove the files that builds wrote.")
    parser.set_defaults(**FOLDERS, cache=None, quiet=False)
    declare_arguments(parser)
    try:
        return run(parser.parse_args())
    except AccessError as error:
        print(f"error: {error}", file=sys.stderr)
        return FAILURE
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        return FAILURE


if __name__ == "__main__":
    sys.exit(_main())
