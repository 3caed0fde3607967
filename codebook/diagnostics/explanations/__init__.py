"""What each rule means, why it is one, and an example of each: for the command and for the docs."""

from collections.abc import Mapping
from types import MappingProxyType

from codebook.diagnostics.diagnostic import Rule
from codebook.diagnostics.explanations.of_articles import OF_ARTICLES
from codebook.diagnostics.explanations.of_files import OF_FILES
from codebook.diagnostics.explanations.of_heads import OF_HEADS
from codebook.diagnostics.explanations.of_markdown import OF_MARKDOWN
from codebook.diagnostics.explanations.of_register import OF_REGISTER
from codebook.diagnostics.explanations.of_site import OF_SITE
from codebook.diagnostics.explanations.shapes import Example, Explanation, Kind

__all__ = ["EXPLANATIONS", "STAGES", "Example", "Explanation", "Kind"]

STAGES: Mapping[str, tuple[Explanation, ...]] = MappingProxyType(
    {
        "Files and characters": OF_FILES,
        "Markdown": OF_MARKDOWN,
        "Heads and settings": OF_HEADS,
        "Registers": OF_REGISTER,
        "Articles, facts and tables": OF_ARTICLES,
        "The whole book, templates, built pages": OF_SITE,
    }
)
"""The rules by what they are about."""
EXPLANATIONS: Mapping[Rule, Explanation] = MappingProxyType(
    {each.rule: each for explained in STAGES.values() for each in explained}
)
