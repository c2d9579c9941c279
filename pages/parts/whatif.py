"""Lets a reader move the line that raised an alert: what the rule would have raised over the last year, line by line. Nothing is saved."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from briefing.phrases import with_unit
from charts.markup import esc, link
from data import periods
from indicators.rule import Rule
from indicators.whatif import Moved, lines_around, moved
from pages.parts.happened import definition_body
from pages.parts.queue import place_name
from pages.parts.records import Record, Records, plain
from pages.parts.tables import section
from pages.parts.worklist import Worklist

OPEN, YEAR = "open", timedelta(days=365)
Events = list[tuple[date, date]]


def whatif(of: Worklist, records: Records, row: Record) -> str:
    """Return the lines around the present one with what each would have raised; a link to it while it is folded.

    Nothing for an alert that no threshold raised.
    """
    words, target = of.context.words, of.context.filters.target
    indicator = records.catalogue.get(row["indicator"])
    rule = next((one for one in plain(of.reading.frame("rules")) if one["rule"] == row["rule"]), None)
    if indicator is None or rule is None or rule["watches"] != "level" or row["grain"] not in periods.GRAINS:
        return ""
    body = definition_body(of.reading, row["indicator"])
    lines = lines_around(body, row["level"]) if body else []
    if not lines:
        return ""
    if of.context.filters.trial != OPEN:
        return f'<p class="note">{link(target("alerts", alert=row["alert"], trial=OPEN), esc(words.say("alerts.whatif.open")), "leaf")}</p>'
    text = of.reading.rule_text(rule["digest"])
    end = of.reading.as_of.replace(tzinfo=None)
    frame = of.reading.frame(
        "signs",
        indicator=row["indicator"],
        entity_kind=row["entity_kind"],
        entity=row["entity"],
        grain=row["grain"],
        start=end - YEAR,
        end=end,
    )
    if text is None or frame.empty:
        return ""
    events = _events(of, row, end)
    found = moved(frame, body, Rule.model_validate_json(text), row["level"], lines, events)
    heads = "".join(
        f'<th class="{css}">{esc(words.say(f"alerts.whatif.head.{key}"))}</th>'
        for key, css in (("line", ""), ("alerts", "r"), ("flaps", "r"), ("right", "r"), ("told", "r"), ("year", "last year"))
    )
    rows = "".join(_row(of, indicator, one, events, end) for one in found)
    note = words.say("alerts.whatif.note", level=words.label("level_short", row["level"]), name=place_name(records, row))
    told = words.say("list.comma").join([note, words.say("alerts.whatif.events", count=len(events))])
    fold = f'<p class="note">{link(target("alerts", alert=row["alert"], trial=""), esc(words.say("alerts.whatif.closed")), "leaf")}</p>'
    return section(words.say("alerts.whatif.title"), told, f'<table class="moved"><tr class="h">{heads}</tr>{rows}</table>{fold}')


def _row(of: Worklist, indicator: Record, one: Moved, events: Events, end: datetime) -> str:
    words, line = of.context.words, with_unit(one.line, indicator)
    text = words.say("alerts.whatif.present", line=line) if one.is_present else line
    spans = [(datetime.combine(first, datetime.min.time()), datetime.combine(last, datetime.min.time()), "event") for first, last in events]
    spans += [(fired, over or end, "") for fired, over, _ in one.alerts]
    bars = "".join(_bar(first, last, css, end) for first, last, css in spans)
    shares = (f"{one.right}/{len(one.alerts)}", f"{one.told}/{len(events)}") if events else ("", "")
    return (
        f'<tr class="l{" here" if one.is_present else ""}"><td class="s">{esc(text)}</td><td class="s r">{len(one.alerts)}</td>'
        f'<td class="s r">{one.flaps}</td><td class="s r">{shares[0]}</td><td class="s r">{shares[1]}</td>'
        f'<td class="last"><div class="fires">{bars}</div></td></tr>'
    )


def _bar(first: datetime, last: datetime, css: str, end: datetime) -> str:
    left = max(100 * ((first - (end - YEAR)) / YEAR), 0.0)
    return f'<i class="{css}" style="left:{left:.2f}%;width:{max(100 * ((last - first) / YEAR), 0.3):.2f}%"></i>'


def _events(of: Worklist, row: Record, end: datetime) -> Events:
    """Return the incidents that annotations mark on the sign, from a year ago on."""
    frame = of.reading.frame("annotations", indicator=row["indicator"], entity=row["entity"], start=end - YEAR, end=end)
    return [(one["start"], one["end"]) for one in plain(frame) if one["excluded"]]
