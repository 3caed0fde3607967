"""All scenarios."""

from __future__ import annotations

from collections.abc import Mapping

from lab.scenario import Scenario
from lab.scenarios import redirects

SCENARIOS: Mapping[str, Scenario] = {
    scenario.id: scenario for module in (redirects,) for scenario in module.scenarios()
}
"""Every scenario by its ID, in the order of the tables."""
