#!/usr/bin/env python3
"""Print the names for status codes in Python, Starlette, or Django REST framework.

`ask.py` uses the standard library of the Python that runs it. `ask.py starlette` and
`ask.py djangorestframework` use the package, which must be installed.
"""

import json
import platform
import re
import sys
import warnings
from collections.abc import Mapping
from http import HTTPStatus
from importlib import import_module
from importlib.metadata import version
from types import ModuleType

Codes = dict[int, Mapping[str, object]]
MODULES = {"starlette": "starlette.status", "djangorestframework": "rest_framework.status"}


def standard_library() -> Codes:
    """The members of HTTPStatus. Other members with the same number are aliases."""
    codes: Codes = {}
    for status in HTTPStatus:
        names = [name for name, member in HTTPStatus.__members__.items() if member is status]
        codes[status.value] = {
            "name": f"HTTPStatus.{status.name}",
            "aliases": [f"HTTPStatus.{name}" for name in names if name != status.name],
            "deprecated": [],
            "phrase": status.phrase,
        }
    return codes


def constants(module: ModuleType) -> Codes:
    """The constants HTTP_<number>_<words>. Starlette lists deprecated ones separately."""
    deprecated: dict[str, int] = getattr(module, "__deprecated__", {})
    current = {name: number for name, number in vars(module).items() if is_constant(name)}
    codes: Codes = {}
    for name, number in current.items():
        deprecated_names = [
            f"status.{other}" for other, code in deprecated.items() if code == number
        ]
        same = [other for other, code in current.items() if code == number and other != name]
        more = [f"status.{other}" for other in same]
        entry = {
            "name": f"status.{name}",
            "aliases": more,
            "deprecated": deprecated_names,
            "phrase": None,
        }
        codes.setdefault(number, entry)
    return codes


def is_constant(name: str) -> bool:
    """Whether the constant is for a status code. Other names can also start with HTTP_."""
    return re.fullmatch(r"HTTP_[0-9]{3}_[A-Z_]+", name) is not None


def main() -> None:
    """Print the result as JSON."""
    warnings.simplefilter("ignore")
    if len(sys.argv) == 1:
        result = {"version": platform.python_version(), "codes": standard_library()}
    else:
        package = sys.argv[1]
        module = import_module(MODULES[package])
        result = {"version": version(package), "codes": constants(module)}
    json.dump(result, sys.stdout, indent=1)


main()
