"""Puts the trend of a sign together: its points, lines, legend and what happened; and the same for a closer look."""

from __future__ import annotations

from typing import Any

from briefing.variation import basis_note
from charts.legend import trend_legend
from charts.markup import esc
from charts.trend import Line, trend
from charts.zoom import zoom
from pages.parts.context import Context
from pages.parts.happened import happened
from pages.parts.outlook import ahead_of, foretold, outlook
from pages.parts.picker import Choice
from pages.parts.reading import Reading
from pages.parts.records import Record
from pages.parts.signface import WHOLE, limit_lines, points, stop_of


def curve(context: Context, reading: Reading, chosen: Choice, rows: list[Record]) -> tuple[str, str]:
    """Return legend, chart and what happened as HTML, and the note of the heading."""
    words = context.words
    spots, beside = points(context, rows), happened(context, reading, chosen, rows)
    coming = foretold(reading, chosen)
    ahead = ahead_of(words, coming, rows)
    lines = limit_lines(context, chosen.indicator, rows)
    drawn, outside = trend(spots, lines, context.colours, **_frame(context, chosen, rows), notes=beside.notes, ahead=ahead)
    legend = trend_legend(words, context.colours, spots, basis_note(words, rows[-1]), has_ahead=bool(ahead))
    return legend + drawn + beside.told + outlook(words, coming), _off_axis(context, outside) or words.say("sign.rule")


def brief(context: Context, reading: Reading, chosen: Choice, rows: list[Record], high: int, names: int = 0) -> str:
    """Return the chart alone, `high` pixels high; with `names` only so many periods are named, and neither key nor notes stand beside."""
    spots, beside = points(context, rows), happened(context, reading, chosen, rows)
    lines = limit_lines(context, chosen.indicator, rows)
    more = {"names": names} if names else {"notes": beside.notes}
    drawn, _ = trend(spots, lines, context.colours, **_frame(context, chosen, rows), high=high, **more)
    return drawn if names else key_to(context, rows, basis_note(context.words, rows[-1])) + drawn + beside.told


def key_to(context: Context, rows: list[Record], basis: str = "") -> str:
    """Return the key to what is drawn of signs, of one or of several; `basis` says what limits rest on."""
    return trend_legend(context.words, context.colours, points(context, rows), basis)


def close(context: Context, chosen: Choice, rows: list[Record]) -> tuple[Any, str]:
    """Return the figure of a longer past that can be zoomed, and the note of its heading."""
    words = context.words
    figure, outside = zoom(
        points(context, rows), limit_lines(context, chosen.indicator), context.colours,
        dates={unit: words.say(f"date.axis.{unit}") for unit in ("day", "month", "year")}, **_frame(context, chosen, rows),
    )  # fmt: skip
    return figure, words.say("headline.join").join(filter(None, [words.say("sign.zoom"), _off_axis(context, outside)]))


def _frame(context: Context, chosen: Choice, rows: list[Record]) -> dict[str, Any]:
    words, unit = context.words, str(chosen.indicator["unit"] or "")
    axis = words.say("sign.axis" if unit else "sign.axis_bare", name=words.name(chosen.indicator), unit=unit)
    ceiling = WHOLE if unit == "%" and all((row["value"] or 0) <= WHOLE for row in rows) else None
    return {"axis": esc(axis), "stop": stop_of(context, rows), "ceiling": ceiling}


def _off_axis(context: Context, outside: list[Line]) -> str:
    words = context.words
    return words.say("sign.off_axis", lines=words.say("list.comma").join(line.label for line in outside)) if outside else ""
