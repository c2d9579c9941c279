"""Draws what stands in a row of a ranking: a score within its interval, a rank within its interval, a part against the mean.

It must not know what is ranked.
"""

from __future__ import annotations

from charts.markup import svg
from charts.palette import Palette

HIGH = 26


def score_in_interval(
    score: float, interval: tuple[float, float] | None, span: tuple[float, float], colours: Palette, width: int = 200
) -> str:
    """Return a score as a dot on the axis `span`, its interval as a bar behind it."""
    middle = HIGH / 2
    grid = "".join(f'<path d="M{_at(tick, span, width):.1f} 0V{HIGH}" stroke="{colours.grid}"/>' for tick in ticks(span))
    bar = ""
    if interval:
        low, high = (_at(end, span, width) for end in interval)
        bar = f'<path d="M{low:.1f} {middle}H{max(high, low + 1):.1f}" stroke="{colours.ink_3}" stroke-width="5"/>'
    dot = f'<circle cx="{_at(score, span, width):.1f}" cy="{middle}" r="6" fill="{colours.ink}"/>'
    return svg(width, HIGH, grid + bar + dot)


def rank_in_interval(rank: float, interval: tuple[float, float], count: int, colours: Palette, width: int = 130) -> str:
    """Return a rank as a dot within the band of ranks that it may have, of 1 to `count`."""
    span, middle = (0.5, count + 0.5), HIGH / 2
    low, high = (_at(end, span, width) for end in (interval[0] - 0.4, interval[1] + 0.4))
    band = f'<rect x="{low:.1f}" y="{middle - 8}" width="{high - low:.1f}" height="16" rx="8" fill="{colours.ribbon}"/>'
    return svg(width, HIGH, f'{band}<circle cx="{_at(rank, span, width):.1f}" cy="{middle}" r="5" fill="{colours.ink}"/>')


def part_against_mean(size: float, most: float, colours: Palette, width: int = 52) -> str:
    """Return a bar from the middle: to the right what is above the mean, to the left what is below."""
    middle = width / 2
    long = min(abs(size) / most, 1.0) * (middle - 2) if most else 0.0
    x = middle if size >= 0 else middle - long
    line = f'<path d="M{middle} 0V{HIGH}" stroke="{colours.grid}"/>'
    fill = colours.better if size >= 0 else colours.worse
    return svg(width, HIGH, f'{line}<rect x="{x:.1f}" y="7" width="{max(long, 0.8):.1f}" height="12" fill="{fill}"/>')


def share_of_whole(share: float, colours: Palette, width: int = 220) -> str:
    """Return a bar of 0 to 1; what is more is drawn as 1."""
    long = min(max(share, 0.0), 1.0) * width
    line = f'<path d="M0.5 0V{HIGH}M{width - 0.5} 0V{HIGH}" stroke="{colours.grid}"/>'
    return svg(width, HIGH, f'{line}<rect x="0" y="7" width="{max(long, 0.8):.1f}" height="12" fill="{colours.ink_2}"/>')


def ticks(span: tuple[float, float], step: int = 10) -> list[int]:
    """Return the round scores of an axis."""
    return [tick for tick in range(0, 101, step) if span[0] <= tick <= span[1]]


def _at(value: float, span: tuple[float, float], width: int) -> float:
    low, high = span
    return 8 + (min(max(value, low), high) - low) / ((high - low) or 1) * (width - 16)
