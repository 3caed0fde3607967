"""TOML with places: `text` reads it and finds its keys again, `convert` fits it to a type."""

from codebook.syntax.toml.convert import fit, fit_each
from codebook.syntax.toml.text import KeyPath, TomlText, read

__all__ = ["KeyPath", "TomlText", "fit", "fit_each", "read"]
