"""What each rule means, why it is one, and an example of each: for the command and for the docs."""

from collections.abc import Mapping
from types import MappingProxyType

from codebook.explanations.of_articles import OF_ARTICLES
from codebook.explanations.of_files import OF_FILES
from codebook.explanations.of_heads import OF_HEADS
from codebook.explanations.of_markdown import OF_MARKDOWN
from codebook.explanations.of_register import OF_REGISTER
from codebook.explanations.of_site import OF_SITE
from codebook.explanations.shapes import Example, Explanation, Kind
from codebook.problems import Rule

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
