"""Draws one sign over time as a Plotly figure: values, usual range, limits, and where the data stop.

Records, in order of time: start (datetime), value (float or None), text, state, level, baseline_low, baseline_high, name
(the period in words), hover. It must not know Streamlit, nor what is measured.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import plotly.graph_objects as go

from charts.marks import mark_body
from charts.markup import svg
from charts.palette import LEVELS, SANS, Palette

SYMBOLS = {"blue": "circle", "yellow": "triangle-up", "orange": "diamond", "red": "octagon"}
HEIGHT, TOP, BOTTOM, LABEL_STEP = 456, 38, 34, 22


@dataclass(frozen=True, slots=True)
class Line:
    """A limit: where it lies, the level that begins there, and its label."""

    value: float
    level: str
    label: str


@dataclass(frozen=True, slots=True)
class Stop:
    """Where the data end although more is due: the start of the last known period and the words for it."""

    start: Any
    label: str


def trend(
    points: Sequence[Mapping[str, Any]],
    lines: Sequence[Line],
    colours: Palette,
    *,
    axis: str,
    stop: Stop | None = None,
    ceiling: float | None = None,
) -> tuple[go.Figure, list[Line]]:
    """Return the figure and the limits that lie outside its range; `ceiling` = the highest value there can be."""
    low, high = _span(points, lines, ceiling)
    inside = [line for line in lines if low <= line.value <= high]
    figure = go.Figure()
    _ribbon(figure, points, colours)
    for line in inside:
        ink = colours.level_ink(line.level)
        figure.add_shape(
            type="line", xref="paper", x0=0, x1=1, y0=line.value, y1=line.value, line={"color": ink, "width": 1.2, "dash": "dot"}
        )
    _values(figure, points, colours)
    _labels(figure, points, inside, (low, high), colours, is_current=stop is None)
    if stop:
        figure.add_shape(
            type="line", yref="paper", x0=stop.start, x1=stop.start, y0=0, y1=1, line={"color": colours.worse, "width": 2, "dash": "dash"}
        )
        figure.add_annotation(x=stop.start, yref="paper", y=1, text=stop.label, showarrow=False, xanchor="right", xshift=8,
            yanchor="bottom",
                              font={"color": colours.worse, "size": 16})  # fmt: skip
    _style(figure, points, (low, high), colours, axis)
    return figure, [line for line in lines if line not in inside]


def _span(points: Sequence[Mapping[str, Any]], lines: Sequence[Line], ceiling: float | None) -> tuple[float, float]:
    known = [float(point[name]) for point in points for name in ("value", "baseline_low", "baseline_high") if point[name] is not None]
    if not known:
        return 0.0, 1.0
    low, high = min(known), max(known)
    reach = (high - low) or abs(high) or 1.0
    near = [line.value for line in lines if low - 0.7 * reach <= line.value <= high + 0.7 * reach]
    low, high = min([low, *near]), max([high, *near])
    pad = 0.06 * ((high - low) or 1.0)
    floor = (
        min(float(point["value"]) for point in points if point["value"] is not None)
        if any(point["value"] is not None for point in points)
        else low
    )
    bottom = 0.0 if low - 2 * pad < 0 <= floor else low - pad
    top = high + pad
    return bottom, top if ceiling is None else min(top, ceiling + pad * 0.2)


def _ribbon(figure: go.Figure, points: Sequence[Mapping[str, Any]], colours: Palette) -> None:
    run: list[Mapping[str, Any]] = []
    for point in [*points, None]:
        if point is not None and point["baseline_low"] is not None and point["baseline_high"] is not None:
            run.append(point)
        elif run:
            x = [one["start"] for one in run]
            figure.add_trace(go.Scatter(
                x=x + x[::-1], y=[one["baseline_high"] for one in run] + [one["baseline_low"] for one in run][::-1],
                fill="toself", fillcolor=colours.ribbon, line={"width": 0}, mode="lines", hoverinfo="skip", showlegend=False,
            ))  # fmt: skip
            run = []


def _values(figure: go.Figure, points: Sequence[Mapping[str, Any]], colours: Palette) -> None:
    firm = [point["value"] if point["state"] == "ok" else None for point in points]
    x = [point["start"] for point in points]
    figure.add_trace(
        go.Scatter(x=x, y=firm, mode="lines", line={"color": colours.ink_2, "width": 1.8}, connectgaps=False, hoverinfo="skip")
    )
    groups: dict[str, list[Mapping[str, Any]]] = {}
    for point in points:
        if point["value"] is not None:
            kind = point["state"] if point["state"] != "ok" else point["level"] if point["level"] in LEVELS else "unjudged"
            groups.setdefault(str(kind), []).append(point)
    for kind, members in groups.items():
        figure.add_trace(go.Scatter(
            x=[one["start"] for one in members], y=[one["value"] for one in members], mode="markers", marker=_marker(kind, colours),
            customdata=[one["hover"] for one in members], hovertemplate="%{customdata}<extra></extra>", cliponaxis=False,
        ))  # fmt: skip


def _marker(kind: str, colours: Palette) -> dict[str, Any]:
    if kind in LEVELS[1:]:
        return {"symbol": SYMBOLS[kind], "size": 11, "color": colours.fill(kind), "line": {"color": colours.ink, "width": 1.2}}
    if kind == "small_sample":
        return {"symbol": "circle-open", "size": 8, "color": colours.ink_3, "line": {"width": 1.4}}
    return {"symbol": "circle", "size": 7, "color": colours.paper, "line": {"color": colours.ink_2, "width": 1.6}}


def _labels(
    figure: go.Figure,
    points: Sequence[Mapping[str, Any]],
    lines: Sequence[Line],
    span: tuple[float, float],
    colours: Palette,
    *,
    is_current: bool,
) -> None:
    room = HEIGHT - TOP - BOTTOM
    previous = -float(LABEL_STEP)
    for line in sorted(lines, key=lambda one: one.value):
        own = (line.value - span[0]) / (span[1] - span[0]) * room
        place = max(own, previous + LABEL_STEP)
        previous = place
        ink = colours.level_ink(line.level)
        code = base64.b64encode(svg(16, 16, mark_body(line.level, colours)).encode()).decode()
        figure.add_layout_image(
            source=f"data:image/svg+xml;base64,{code}", xref="paper", yref="paper", x=1.004, y=place / room, sizex=0.022, sizey=16 / room,
            sizing="contain", xanchor="left", yanchor="middle",
        )  # fmt: skip
        figure.add_annotation(xref="paper", x=1, xshift=30, y=line.value, yshift=place - own, text=line.label, showarrow=False,
            xanchor="left",
                              font={"color": ink, "size": 16})  # fmt: skip
    last = points[-1] if points else None
    if last and last["value"] is not None and is_current:
        figure.add_annotation(x=last["start"], y=last["value"], text=f"<b>{last['text']}</b>", showarrow=False, xanchor="left", xshift=9,
                              font={"size": 20, "color": colours.ink}, bgcolor=colours.paper, borderpad=1)  # fmt: skip


def _style(figure: go.Figure, points: Sequence[Mapping[str, Any]], span: tuple[float, float], colours: Palette, axis: str) -> None:
    every = max(1, round(len(points) / 9))
    ticks = [point for place, point in enumerate(points) if (len(points) - 1 - place) % every == 0]
    figure.update_layout(
        height=HEIGHT, margin={"l": 64, "r": 176, "t": TOP, "b": BOTTOM, "pad": 0}, showlegend=False, hovermode="closest", dragmode=False,
        paper_bgcolor="rgba(0,0,0,0)", plot_bgcolor="rgba(0,0,0,0)", font={"family": SANS, "size": 16, "color": colours.ink_2},
        hoverlabel={"bgcolor": colours.panel, "bordercolor": colours.rule, "font": {"family": SANS, "size": 16, "color": colours.ink}},
    )  # fmt: skip
    first, last = points[0]["start"], points[-1]["start"]
    width = (last - first) or timedelta(days=1)
    room = 0.04 + 0.011 * len(str(points[-1]["text"] or ""))
    figure.update_layout(xaxis={
        "type": "date", "fixedrange": True, "range": [first - 0.012 * width, last + room * width],
        "tickvals": [point["start"] for point in ticks], "ticktext": [point["name"] for point in ticks], "showgrid": False,
        "zeroline": False, "linecolor": colours.ink_3, "showline": True, "ticks": "outside", "tickcolor": colours.ink_3, "ticklen": 5,
        "tickangle": 0, "hoverformat": "%Y-%m-%d",
    })  # fmt: skip
    figure.update_yaxes(
        range=list(span), fixedrange=True, gridcolor=colours.grid, zeroline=False, nticks=6, tickformat="~r" if span[1] < 1 else ",~f"
    )
    figure.add_annotation(xref="paper", yref="paper", x=0, y=1, yshift=34, xshift=-56, xanchor="left", text=axis, showarrow=False,
                          font={"size": 16, "color": colours.ink_2})  # fmt: skip
