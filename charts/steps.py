"""Draws how far an alert has come: a dot a stage, and a bar in true time up to the limit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from charts.markup import esc, image, svg
from charts.palette import Palette


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of the bar, in per cent of its width: `over` was done, `now` is being done, `left` is what remains."""

    start: float
    end: float
    kind: str


def dots(done: int, count: int, colours: Palette, alt: str) -> str:
    """Return a dot for each stage: full up to the one that is waited for, which is a ring."""
    gap, body = 16, ""
    for place in range(count):
        x = 8 + place * gap
        if place < done:
            body += f'<circle cx="{x}" cy="8" r="4" fill="{colours.ink}"/>'
        elif place == done:
            body += f'<circle cx="{x}" cy="8" r="6" fill="{colours.paper}" stroke="{colours.ink}" stroke-width="2.4"/>'
        else:
            body += f'<circle cx="{x}" cy="8" r="3.6" fill="{colours.paper}" stroke="{colours.ink_3}" stroke-width="1.2"/>'
    line = f'<path d="M8 8H{8 + (count - 1) * gap}" stroke="{colours.rule}" stroke-width="1.2"/>'
    return image(svg(16 + (count - 1) * gap, 16, line + body), alt, "vertical-align:middle")


def stage_mark(kind: str, colours: Palette, alt: str) -> str:
    """Return the mark of a stage: `done` a tick, `now` a clock, `late` one in the colour of what is overdue, `next` a ring."""
    if kind == "done":
        body = f'<circle cx="14" cy="14" r="12" fill="{colours.ink}"/>'
        body += f'<path d="M8.5 14.5L12.5 18.5L19.5 10.5" fill="none" stroke="{colours.paper}" stroke-width="2.4"/>'
    elif kind in {"now", "late"}:
        edge = colours.worse if kind == "late" else colours.red_ink
        body = f'<circle cx="14" cy="14" r="11.5" fill="{colours.paper}" stroke="{edge}" stroke-width="3"/>'
        body += f'<path d="M14 8V14.5H18.5" fill="none" stroke="{edge}" stroke-width="2.4"/>'
    else:
        body = f'<circle cx="14" cy="14" r="9" fill="{colours.paper}" stroke="{colours.ink_3}" stroke-width="1.6"/>'
    return image(svg(28, 28, body), alt, "width:28px;height:28px;position:relative")


def time_bar(stretches: Sequence[Stretch], now: float, labels: Sequence[tuple[float, str, str]], alt: str) -> str:
    """Return the bar with its labels below: (per cent, HTML, css); `now` is where the mark of this moment stands."""
    parts = "".join(
        f'<i class="{part.kind}" style="left:{part.start:.2f}%;width:{max(part.end - part.start, 0.2):.2f}%"></i>' for part in stretches
    )
    told = "".join(f'<span class="note {css}" style="left:{at:.2f}%">{text}</span>' for at, text, css in labels)
    return f'<div class="timebar" role="img" aria-label="{esc(alt)}"><div>{parts}<b style="left:{now:.2f}%"></b></div>{told}</div>'
