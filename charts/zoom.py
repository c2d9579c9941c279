"""Draws a long past of one sign as a Plotly figure that can be zoomed; the records are those of `charts.trend`.

It must not know Streamlit, nor what is measured.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from itertools import groupby
from typing import Any

import plotly.graph_objects as go

from charts.palette import LEVELS, SANS, Palette
from charts.trend import Line, Point, Stop, value_span

SYMBOLS = {"blue": "circle", "yellow": "triangle-up", "orange": "diamond", "red": "octagon"}
HEIGHT, TOP, BOTTOM, RIGHT, LABELS = 456, 38, 34, 28, 168


def zoom(
    points: Sequence[Point],
    lines: Sequence[Line],
    colours: Palette,
    *,
    axis: str,
    dates: Mapping[str, str],
    stop: Stop | None = None,
    ceiling: float | None = None,
) -> tuple[go.Figure, list[Line]]:
    """Return the figure and the limits outside its range; `dates` = how the axis writes a day, a month and a year."""
    span = value_span(points, lines, ceiling)
    inside = [line for line in lines if span[0] <= line.value <= span[1]]
    figure = go.Figure()
    _ribbon(figure, points, colours)
    for line in inside:
        ink = colours.level_ink(line.level)
        figure.add_shape(
            type="line", xref="paper", x0=0, x1=1, y0=line.value, y1=line.value, line={"color": ink, "width": 1.5, "dash": "dot"}
        )
        figure.add_annotation(
            xref="paper", x=1, xshift=8, y=line.value, text=line.label, showarrow=False, xanchor="left", font={"color": ink}
        )
    _values(figure, points, colours)
    if stop:
        figure.add_shape(
            type="line", yref="paper", x0=stop.start, x1=stop.start, y0=0, y1=1, line={"color": colours.worse, "width": 2, "dash": "dash"}
        )
        figure.add_annotation(
            x=stop.start, yref="paper", y=1, text=stop.label, showarrow=False, xanchor="right", xshift=8, yanchor="bottom",
            font={"color": colours.worse},
        )  # fmt: skip
    _style(figure, points, span, colours, dates)
    figure.update_layout(margin={"r": LABELS if inside else RIGHT})
    figure.add_annotation(xref="paper", yref="paper", x=0, y=1, yshift=34, xshift=-56, xanchor="left", text=axis, showarrow=False)
    return figure, [line for line in lines if line not in inside]


def _ribbon(figure: go.Figure, points: Sequence[Point], colours: Palette) -> None:
    for has_range, group in groupby(points, lambda point: point["low"] is not None and point["high"] is not None):
        if has_range:
            run = list(group)
            x = [one["start"] for one in run]
            figure.add_trace(go.Scatter(
                x=x + x[::-1], y=[one["high"] for one in run] + [one["low"] for one in run][::-1],
                fill="toself", fillcolor=colours.ribbon, line={"width": 0}, mode="lines", hoverinfo="skip", showlegend=False,
            ))  # fmt: skip


def _values(figure: go.Figure, points: Sequence[Point], colours: Palette) -> None:
    firm = [point["value"] if point["state"] == "ok" else None for point in points]
    x = [point["start"] for point in points]
    figure.add_trace(
        go.Scatter(x=x, y=firm, mode="lines", line={"color": colours.ink_2, "width": 1.6}, connectgaps=False, hoverinfo="skip")
    )
    groups: dict[str, list[Point]] = {}
    for point in points:
        if point["value"] is not None:
            kind = point["state"] if point["state"] != "ok" else point["level"] if point["level"] in LEVELS else "unjudged"
            groups.setdefault(str(kind), []).append(point)
    for kind, members in groups.items():
        figure.add_trace(go.Scatter(
            x=[one["start"] for one in members], y=[one["value"] for one in members], mode="markers", marker=_marker(kind, colours),
            customdata=[one["hover"] for one in members], hovertemplate="%{customdata}<extra></extra>", cliponaxis=True,
        ))  # fmt: skip


def _marker(kind: str, colours: Palette) -> dict[str, Any]:
    if kind in LEVELS[1:]:
        return {"symbol": SYMBOLS[kind], "size": 9, "color": colours.fill(kind), "line": {"color": colours.ink, "width": 1}}
    if kind == "small_sample":
        return {"symbol": "circle-open-dot", "size": 8, "color": colours.ink_3, "line": {"width": 1.4}}
    return {"symbol": "circle", "size": 5, "color": colours.paper, "line": {"color": colours.ink_2, "width": 1.2}}


def _style(figure: go.Figure, points: Sequence[Point], span: tuple[float, float], colours: Palette, dates: Mapping[str, str]) -> None:
    figure.update_layout(
        height=HEIGHT, margin={"l": 64, "t": TOP, "b": BOTTOM, "pad": 0}, showlegend=False, hovermode="closest", dragmode="zoom",
        paper_bgcolor="rgba(0,0,0,0)", plot_bgcolor="rgba(0,0,0,0)", font={"family": SANS, "size": 16, "color": colours.ink_2},
        hoverlabel={"bgcolor": colours.panel, "bordercolor": colours.rule, "font": {"family": SANS, "size": 16, "color": colours.ink}},
    )  # fmt: skip
    first, last = points[0]["start"], points[-1]["start"]
    edge = 0.012 * ((last - first) or timedelta(days=1))
    figure.update_xaxes(
        type="date", range=[first - edge, last + edge], nticks=9, showgrid=False, zeroline=False, linecolor=colours.ink_3, showline=True,
        ticks="outside", tickcolor=colours.ink_3, ticklen=5, tickangle=0, tickformatstops=[
            {"dtickrange": [None, "M1"], "value": dates["day"]}, {"dtickrange": ["M1", "M12"], "value": dates["month"]},
            {"dtickrange": ["M12", None], "value": dates["year"]},
        ],
    )  # fmt: skip
    figure.update_yaxes(
        range=list(span), fixedrange=True, gridcolor=colours.grid, zeroline=False, nticks=6, tickformat="~r" if span[1] < 1 else ",~f"
    )
