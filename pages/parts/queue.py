"""Draws the queue of alerts, and above it how many there are and how well the last week was worked."""

from __future__ import annotations

from datetime import timedelta

from briefing.due import clock_text, due_text, duration
from briefing.phrases import absent, with_unit
from charts.marks import mark_image
from charts.markup import esc, link
from charts.palette import LEVELS
from charts.steps import dots
from data.wording import number
from data.wording.catalogue import Wording
from pages.parts.records import Record, Records
from pages.parts.worklist import VIEWS, Worklist

MOST = 12
STAGES = ("new", "confirmed", "dispatched", "acknowledged", "done", "verified", "closed")
# How many of the stages lie behind an alert: what comes next is waited for.
REACHED = {"new": 1, "confirmed": 2, "returned": 2, "dispatched": 3, "acknowledged": 4, "in_progress": 4, "done": 5, "verified": 6}


def counts(of: Worklist, records: Records) -> str:
    """Return the facts above the queue: open, overdue, new and closed today, and three measures of the week."""
    words, rows = of.context.words, of.waiting
    midnight = of.now.replace(hour=0, minute=0)
    by_level = [(level, sum(row["handled_level"] == level for row in rows)) for level in reversed(LEVELS[1:])]
    late = [row for row in rows if row["is_overdue"]]
    new = sum(row["said_at"] >= midnight for row in of.rows if row["said_at"])
    closed = sum(bool(row["closed_at"]) and row["closed_at"] >= midnight for row in of.rows)
    worst = words.say("alerts.counts.none") if not late else words.say(
        "alerts.counts.worst", name=place_name(records, late[0]), time=clock_text(words, timedelta(minutes=late[0]["left_min"]))
    )  # fmt: skip
    facts = [
        ("open", words.say("alerts.counts.number", count=len(rows)),
         " ".join(f"{words.label('level_short', level)}{count}" for level, count in by_level if count), ""),
        ("overdue", words.say("alerts.counts.number", count=len(late)), worst, "worse" if late else ""),
        ("today", f"{new} / {closed}", words.say("alerts.counts.since", time=f"{of.now:%H:%M}"), ""),
    ]  # fmt: skip
    facts += [(name, *_share(words, of.week[name]), "") for name in ("handle_ontime", "false_alarm")]
    hours = of.week["handling_median"]
    text = words.say("value.none") if absent(hours["value"]) else duration(words, timedelta(hours=float(hours["value"])))
    facts.append(("handling_median", text, words.say("alerts.counts.n", n=number(hours["denominator"])), ""))
    return '<div class="facts">' + "".join(
        f'<div><div class="note">{esc(words.say(f"alerts.counts.{name}"))}</div><div class="size {css}">{esc(value)}</div>'
        f'<div class="note">{esc(note)}</div></div>' for name, value, note, css in facts
    ) + "</div>"  # fmt: skip


def queue(of: Worklist, records: Records, view: str, chosen: str) -> str:
    """Return the table of a view, the alert looked at marked; `most` rows, the most urgent first."""
    words, rows = of.context.words, of.shown(view)
    target = of.context.filters.target
    views = "".join(
        link(
            target("alerts", view="" if name == VIEWS[0] else name, alert=""),
            esc(words.say(f"alerts.view.{name}")),
            "here" if name == view else "",
        )
        for name in VIEWS
    )
    heads = "".join(
        f'<th class="{css}">{esc(words.say(f"alerts.head.{key}"))}</th>'
        for key, css in (("level", ""), ("sign", ""), ("value", "r"), ("stage", "stage"), ("due", "r last"))
    )
    body = "".join(_row(of, records, row, is_chosen=row["alert"] == chosen) for row in rows[:MOST])
    if not rows:
        body = f'<tr class="l"><td class="note" colspan="5">{esc(words.say(f"alerts.none.{view}"))}</td></tr>'
    note = words.say("alerts.shown", shown=min(len(rows), MOST), count=len(rows))
    return (
        f'<section class="sec"><div class="split"><h2>{esc(words.say("alerts.queue"))}<small>{esc(note)}</small></h2>'
        f'<div class="tools"><span class="seg">{views}</span></div></div>'
        f'<table class="queue"><thead><tr class="h">{heads}</tr></thead><tbody>{body}</tbody></table></section>'
    )


def _row(of: Worklist, records: Records, row: Record, *, is_chosen: bool) -> str:
    words, target = of.context.words, of.context.filters.target("alerts", alert=row["alert"])
    where = words.say("list.pair", first=place_name(records, row), second=unit_name(of, row))
    step = REACHED.get(row["stage"], len(STAGES))
    said = words.label("handling", row["handling"])
    return (
        f'<tr class="l{" here" if is_chosen else ""}" data-go="{esc(target)}"><td>{chip(of, row)}</td>'
        f'<td class="cut"><div class="b cut">{link(target, esc(sign_name(of, records, row)))}</div>'
        f'<div class="note cut">{esc(where)}</div></td>'
        f'<td class="r"><div class="b">{esc(row["text"] or "")}</div><div class="note">{esc(line_text(of, records, row))}</div></td>'
        f'<td class="stage">{dots(step, len(STAGES), of.context.colours, said)}<div class="note">{esc(said)}</div></td>'
        f'<td class="r b last {"worse" if row["is_overdue"] else ""}">{esc(due_text(words, row))}</td></tr>'
    )


def chip(of: Worklist, row: Record) -> str:
    """Return the level of an alert as a chip: colour, word and shape."""
    words, level = of.context.words, row["handled_level"]
    word = words.label("level", level)
    short = f'<span class="short">{esc(words.label("level_short", level))}</span><span class="whole">{esc(word)}</span>'
    return f'<span class="chip lv-{level}">{mark_image(level, of.context.colours, word, 15, on_fill=True)}{short}</span>'


def sign_name(of: Worklist, records: Records, row: Record) -> str:
    """Return what an alert is about: its sign, or the rule on feeds, or what people reported."""
    indicator = records.catalogue.get(row["indicator"])
    if indicator:
        return of.context.words.name(indicator)
    frame = of.reading.frame("rules")
    rules = frame[frame["rule"] == row["rule"]].to_dict("records") if len(frame) else []
    return of.context.words.name(rules[0]) if rules else of.context.words.say("alerts.reported")


def place_name(records: Records, row: Record) -> str:
    """Return what people call the entity of an alert, a feed by its code and name."""
    if row["entity_kind"] == "feed":
        return records.feed_names.get(row["entity"], str(row["entity"]))
    return str(records.entity_name(row) or row["entity_name"] or row["entity"])


def unit_name(of: Worklist, row: Record) -> str:
    """Return who has an alert: the unit that it was given to, else the one that owns the sign."""
    return of.work.units.get(row["unit"], "") or row["owner"] or of.context.words.say("value.none")


def line_text(of: Worklist, records: Records, row: Record) -> str:
    """Return the threshold that the level of an alert stands for; where another kind of rule raised it, which kind."""
    words, indicator = of.context.words, records.catalogue.get(row["indicator"])
    watches = of.watched.get(row["rule"], "")
    if watches != "level":
        return words.label("watches", watches) if watches else ""
    line = indicator[row["level"]] if indicator and row["level"] in LEVELS[1:] else None
    if indicator is None or absent(line):
        return ""
    return words.say("reason.below" if indicator["direction"] == "higher" else "reason.above", line=with_unit(line, indicator))


def _share(words: Wording, row: Record) -> tuple[str, str]:
    if absent(row["value"]):
        return words.say("value.none"), words.say("alerts.counts.nothing_due")
    return f"{number(100 * float(row['value']), 2)}%", f"{number(row['numerator'])}/{number(row['denominator'])}"
