"""Draws the units, each beside its own past, and what one of them has to do."""

from __future__ import annotations

from datetime import timedelta

from briefing.due import duration
from charts.markup import esc, image, link
from charts.palette import LEVELS
from charts.ranking import score_in_interval
from data.desk.measures import SHARES, WHOLE
from data.wording import number
from pages.parts.openlist import open_list
from pages.parts.queue import place_name
from pages.parts.records import Record
from pages.parts.tables import section
from pages.parts.units import KEY, LEAST, Units

NAMED = 3  # units that the sentence names
_HEADS = (
    ("name", ""), ("due", "r"), ("span", "wide"), ("ontime", "r"), ("moved", "r"), ("rework", "r wide"), ("returned", "r wide"),
    ("overdue", "r"), ("feeds", "wide"), ("open", "last"),
)  # fmt: skip


def sentence(of: Units) -> str:
    """Return in one sentence whose share fell most, who has most that is overdue, and who owes data."""
    words, said = of.work.context.words, []
    fell = next((code for code in of.codes if (moved := of.moved(code)) is not None and round(moved, 2) < 0), None)
    if fell is not None:
        said.append(words.say("units.fell", name=of.name(fell), size=number(abs(of.moved(fell) or 0.0), 2)))
    late = {code: of.overdue(code) for code in of.codes}
    most = max(late, key=lambda code: late[code], default="")
    if most and late[most]:
        said.append(words.say("units.overdue", name=of.name(most), count=late[most], total=sum(late.values())))
    owing = [of.name(code) for code, row in of.delivered.items() if row["on_time"] < row["due"]]
    if owing:
        names = words.say("list.comma").join(owing[:NAMED])
        said.append(words.say("units.owing" if len(owing) <= NAMED else "units.owing_more", names=names, count=len(owing)))
    return (words.say("headline.join").join(said) if said else words.say("units.calm")) + words.say("headline.stop")


def table(of: Units) -> str:
    """Return every unit, and all of them in the last row."""
    words = of.work.context.words
    heads = "".join(f'<th class="{css}">{esc(words.say(f"units.head.{key}"))}</th>' for key, css in _HEADS)
    body = "".join(_row(of, code) for code in of.codes)
    title, note = words.say("units.title", count=len(of.codes)), words.say("units.note", least=LEAST)
    drawn = f'<table class="signs units"><thead><tr class="h">{heads}</tr></thead><tbody>{body}{_row(of, WHOLE)}</tbody></table>'
    return f'<section class="sec"><h2>{esc(title)}<small>{esc(note)}</small></h2><div class="scroll">{drawn}</div></section>'


def _row(of: Units, code: str) -> str:
    words, filters = of.work.context.words, of.work.context.filters
    is_whole, target = code == WHOLE, filters.target("units", entity=code)
    name = f"<b>{esc(words.say('units.total'))}</b>" if is_whole else link(target, esc(of.name(code)), "b")
    look = "l total" if is_whole else f"l{' here' if code == of.chosen else ''}"
    rows = of.work.waiting if is_whole else of.open(code)
    late = sum(row["is_overdue"] for row in rows)
    cells = [
        ("r", _due(of, code)), ("wide", _interval(of, code)),
        ("r b", esc(_share(of, code, KEY))), ("r s", _moved(of, code)), ("r s wide", esc(_share(of, code, "rework"))),
        ("r s wide", esc(_share(of, code, "dispatch_right"))),
        ("r", f'<span class="worse b">{late}</span>' if late else "0"), ("s wide", _feeds(of, code)),
        ("last s", esc(_levels(of, rows))),
    ]  # fmt: skip
    drawn = "".join(f'<td class="{css}">{cell}</td>' for css, cell in cells)
    go = "" if is_whole else f' data-go="{esc(target)}"'
    return f'<tr class="{look}"{go}><td class="name">{name}</td>{drawn}</tr>'


def _due(of: Units, code: str) -> str:
    due = of.due(code)
    return number(due) if due else f'<span class="note">{esc(of.work.context.words.say("units.nothing_due"))}</span>'


def _share(of: Units, code: str, measure: str) -> str:
    row = of.of(code, measure)
    return f"{number(100 * float(row['value']), 2)}%" if row else of.work.context.words.say("value.none")


def _interval(of: Units, code: str) -> str:
    row, ends = of.of(code, KEY), of.interval(code)
    if row is None or ends is None:
        return ""
    said = of.work.context.words.say("units.between", low=number(ends[0], 1), high=number(ends[1], 1))
    return image(
        score_in_interval(100 * float(row["value"]), ends, (0, 100), of.work.context.colours, 170), said, "width:170px;height:26px"
    )


def _moved(of: Units, code: str) -> str:
    moved, words = of.moved(code), of.work.context.words
    if moved is None:
        return f'<span class="note">{esc(words.say("units.few" if of.due(code) else "value.none"))}</span>'
    css = "better" if moved > 0 else "worse" if moved < 0 else ""
    return f'<span class="{css}">{number(moved, 2, signed=True)}</span>'


def _feeds(of: Units, code: str) -> str:
    """Return how many deliveries came in time of those that were due this month."""
    words = of.work.context.words
    rows = list(of.delivered.values()) if code == WHOLE else [row for unit, row in of.delivered.items() if unit == code]
    if not rows:
        return f'<span class="note">{esc(words.say("units.no_feed"))}</span>'
    good, due = (sum(int(row[key]) for row in rows) for key in ("on_time", "due"))
    return f'<span class="{"worse b" if good < due else ""}">{good}/{due}</span>'


def _levels(of: Units, rows: list[Record]) -> str:
    """Return how many alerts are open, and of which levels."""
    words = of.work.context.words
    if not rows:
        return words.say("value.none")
    counts = [(level, sum(row["handled_level"] == level for row in rows)) for level in reversed(LEVELS[1:])]
    levels = " ".join(f"{words.label('level_short', level)}{count}" for level, count in counts if count)
    return words.say("units.open", count=len(rows), levels=levels)


def unit(of: Units) -> str:
    """Return the unit that is looked at: each of its measures beside the four weeks before, and what it has to do."""
    rows = of.open(of.chosen)
    return _measures(of) + open_list(of.work, of.records, rows, lambda row: place_name(of.records, row))


def _measures(of: Units) -> str:
    words, body = of.work.context.words, ""
    for measure in (*SHARES, "handling_median"):
        row, then = of.of(of.chosen, measure), of.of(of.chosen, measure, of.before)
        if row is None:
            continue
        is_time = measure == "handling_median"
        told = _said(of, row, is_time=is_time)
        note = (
            words.say("alerts.counts.n", n=number(row["denominator"]))
            if is_time
            else f"{number(row['numerator'])}/{number(row['denominator'])}"
        )
        earlier = _said(of, then, is_time=is_time) if then else words.say("value.none")
        body += (
            f'<tr class="l"><td class="name">{esc(words.label("measure", measure).partition("（")[0])}</td><td class="r b">{esc(told)}</td>'
            f'<td class="r s">{esc(note)}</td><td class="r s last">{esc(earlier)}</td></tr>'
        )
    body = body or f'<tr class="l"><td class="note" colspan="4">{esc(words.say("units.nothing_due"))}</td></tr>'
    heads = "".join(
        f'<th class="{css}">{esc(words.say(f"units.measure.{key}"))}</th>'
        for key, css in (("name", ""), ("now", "r"), ("n", "r"), ("then", "r last"))
    )
    return section(of.name(of.chosen), words.say("units.chosen"), f'<table class="rows"><tr class="h">{heads}</tr>{body}</table>')


def _said(of: Units, row: Record, *, is_time: bool) -> str:
    if is_time:
        return duration(of.work.context.words, timedelta(hours=float(row["value"])))
    return f"{number(100 * float(row['value']), 2)}%"
