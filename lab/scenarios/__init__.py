"""All scenarios: a module for each table, with the judge of its outcomes."""

from __future__ import annotations

from collections.abc import Mapping

from lab.scenario import Scenario
from lab.scenarios import (
    authentication,
    caching,
    early_hints,
    errors,
    interim,
    proxies,
    redirects,
    retries,
    stray_content,
    unknown_codes,
)

_MODULES = (
    redirects,
    errors,
    retries,
    authentication,
    interim,
    early_hints,
    stray_content,
    unknown_codes,
    caching,
    proxies,
)

SCENARIOS: Mapping[str, Scenario] = {
    scenario.id: scenario for module in _MODULES for scenario in module.scenarios()
}
"""Every scenario by its ID, in the order of the tables."""
