"""Draws the results: for each corpus, how the generators compare with Hugo."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from math import log10

from bench.limits import FASTEST
from bench.report import title_of
from bench.results import Ratio, Results, ratio
from bench.scenarios import Scenario

_SHOWN = (Scenario.CLEAN, Scenario.NOTHING, Scenario.ARTICLE)
_COLORS = ("#1f6feb", "#b35900", "#1a7f37")
_LEFT, _WIDTH, _ROW, _TOP = 170, 640, 18, 60
_LEAST, _MOST = 0.05, 100.0
"""The ends of the scale, which is logarithmic."""


@dataclass(frozen=True, slots=True)
class _Line:
    """A heading, or the ratios of one generator."""

    label: str
    ratios: Sequence[Ratio | None] = ()


def plot(results: Results) -> str:
    """The plot as an SVG document."""
    lines = list(_lines(results))
    height = _TOP + _ROW * len(lines) + 10
    parts = [*_legend(), *_grid(height), *_rows(lines)]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_LEFT + _WIDTH + 20} {height}" '
        'font-family="sans-serif" font-size="12">\n'
        "<title>Time of a build, as a multiple of Hugo</title>\n"
        '<rect width="100%" height="100%" fill="#fff"/>\n' + "\n".join(parts) + "\n</svg>\n"
    )


def _lines(results: Results) -> Iterator[_Line]:
    for corpus in dict.fromkeys(timing.corpus for timing in results.timings):
        yield _Line(title_of(corpus))
        generators = dict.fromkeys(
            timing.generator for timing in results.timings if timing.corpus == corpus
        )
        for generator in generators:
            ratios = [
                ratio(
                    results.wall(corpus, scenario, generator),
                    results.wall(corpus, scenario, FASTEST),
                )
                for scenario in _SHOWN
            ]
            yield _Line(generator, ratios)


def _legend() -> Iterator[str]:
    for index, (scenario, color) in enumerate(zip(_SHOWN, _COLORS, strict=True)):
        x = _LEFT + 150 * index
        yield f'<circle cx="{x}" cy="16" r="5" fill="{color}"/>'
        yield f'<text x="{x + 10}" y="20">{escape(scenario)}</text>'


def _grid(height: int) -> Iterator[str]:
    for value in (0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100):
        x = _x(value)
        color = "#57606a" if value == 1 else "#d0d7de"
        yield f'<path d="M{x} {_TOP - 14}V{height - 10}" stroke="{color}"/>'
        yield f'<text x="{x}" y="{_TOP - 20}" text-anchor="middle">{value:g}</text>'


def _rows(lines: Sequence[_Line]) -> Iterator[str]:
    for index, line in enumerate(lines):
        y = _TOP + _ROW * index
        weight = "" if line.ratios else ' font-weight="bold"'
        yield f'<text x="10" y="{y + 4}"{weight}>{escape(line.label)}</text>'
        for each, color in zip(line.ratios, _COLORS[: len(line.ratios)], strict=True):
            if each:
                spread = f"M{_x(each.low)} {y}H{_x(each.high)}"
                yield f'<path d="{spread}" stroke="{color}" stroke-width="2" opacity="0.4"/>'
                yield f'<circle cx="{_x(each.median)}" cy="{y}" r="5" fill="{color}"/>'


def _x(value: float) -> float:
    share = log10(min(max(value, _LEAST), _MOST) / _LEAST) / log10(_MOST / _LEAST)
    return round(_LEFT + _WIDTH * share, 1)
