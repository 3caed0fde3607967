"""TOML with source locations: `text` parses it, and `convert` converts it to a type.

`statements` finds the lines of each key, and `literals` writes keys and strings.
"""

from codebook.syntax.toml.convert import EXPECTED, fit, fit_each
from codebook.syntax.toml.literals import toml_key, toml_string
from codebook.syntax.toml.statements import KeyPath
from codebook.syntax.toml.text import TomlText, read

__all__ = ["EXPECTED", "KeyPath", "TomlText", "fit", "fit_each", "read", "toml_key", "toml_string"]
