"""Draws what an alert rests on: its figures up to the period that raised it, what else is up around it, what was done, and its rule."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

from briefing.related import related as related_alerts
from charts.marks import mark_image
from charts.markup import esc, link
from charts.trend import trend
from data import periods
from data.readings import printed
from data.wording import number
from pages.parts.queue import place_name, sign_name
from pages.parts.records import Record, Records, plain
from pages.parts.signface import limit_lines, points
from pages.parts.tables import section
from pages.parts.worklist import Worklist

PERIODS, HIGH = 21, 190
NAMES = {"day": 3, "hour": 3}  # of periods along the axis; longer ones have longer names
MOST_RELATED, MOST_ACTS = 4, 4


def evidence(of: Worklist, records: Records, row: Record) -> str:
    """Return the course of the sign as it was known when the alert was raised, frozen there; a way to what is known now."""
    words, indicator = of.context.words, records.catalogue.get(row["indicator"])
    if indicator is None or row["grain"] not in periods.GRAINS:
        return section(words.say("alerts.proof"), "", f'<p class="note">{esc(words.say("alerts.no_figures"))}</p>')
    then, fired = _course(of, row), row["fired_at"]
    since = periods.step(fired, row["grain"], 1 - PERIODS)
    end = periods.step(fired, row["grain"])
    frame = of.reading.frame(
        "signs", indicator=row["indicator"], entity_kind=row["entity_kind"], entity=row["entity"], grain=row["grain"], start=since, end=end
    )
    rows = [one | {"start": one["start"].to_pydatetime()} for one in plain(frame)]
    otherwise = sum(one["start"] in then and then[one["start"]] != one["value"] for one in rows)
    rows = [as_known(one, then[one["start"]], int(indicator["precision"])) if one["start"] in then else one for one in rows]
    if not any(one["value"] is not None for one in rows):
        return section(words.say("alerts.proof"), "", f'<p class="note">{esc(words.say("sign.no_points"))}</p>')
    unit = str(indicator["unit"] or "")
    axis = words.say("sign.axis" if unit else "sign.axis_bare", name=words.name(indicator), unit=unit)
    spots = [
        spot | {"special": None, "tone": "worse" if place == len(rows) - 1 else ""} for place, spot in enumerate(points(of.context, rows))
    ]
    drawn, _ = trend(
        spots, limit_lines(of.context, indicator), of.context.colours, axis=esc(axis), high=HIGH, names=NAMES.get(row["grain"], 2)
    )
    target = of.context.filters.target("sign", indicator=row["indicator"], entity=row["entity"], grain=row["grain"], alert="", view="")
    feeds = words.say("list.comma").join(records.feed_codes.get(feed, feed) for feed in str(row["feeds"] or "").split(";") if feed)
    note = words.say("alerts.frozen" if then else "alerts.not_kept", moment=words.moment(row["said_at"]), feeds=feeds)
    note += words.say("alerts.otherwise", count=otherwise) if otherwise else ""
    by_row = words.say("sign.origin.explain", code=f"explain {row['indicator']} {row['entity']} {rows[-1]['period']}")
    way = f'<p class="note">{link(target, esc(words.say("alerts.to_sign")), "leaf")}　{esc(by_row)}</p>'
    return section(words.say("alerts.proof"), note, drawn + way)


def _course(of: Worklist, row: Record) -> dict[datetime, float | None]:
    """Return the figures that the alert rested on when it was raised, by period; none where an older version raised it."""
    told = [one["course"] for one in of.reading.rows("transitions", alert=row["alert"]) if one["kind"] == "fired" and one["course"]]
    return {datetime.fromisoformat(start): value for start, value in json.loads(told[-1])} if told else {}


def as_known(row: Record, value: float | None, precision: int) -> Record:
    """Return a period with the figure that was known of it then."""
    return row | {"value": value, "text": None if value is None else printed(value, precision, row["unit"])}


def related(of: Worklist, records: Records, row: Record) -> str:
    """Return other alerts that are up: of the same entity, of the same sign elsewhere, of its domain."""
    words = of.context.words
    found = related_alerts(of.waiting, records.catalogue, row["indicator"], row["entity"], but=[row["alert"]])
    rows = "".join(_related(of, records, why, one) for why, one in found[:MOST_RELATED])
    rows = rows or f'<tr class="l"><td class="note">{esc(words.say("alerts.alone"))}</td></tr>'
    return section(words.say("alerts.related"), words.say("alerts.related_note", count=len(found)), f'<table class="rows">{rows}</table>')


def _related(of: Worklist, records: Records, why: str, one: Record) -> str:
    words, level = of.context.words, one["handled_level"]
    target = of.context.filters.target("alerts", alert=one["alert"])
    mark = mark_image(level, of.context.colours, words.label("level", level))
    return (
        f'<tr class="l" data-go="{esc(target)}"><td style="width:26px">{mark}</td>'
        f'<td class="s b cut" style="width:45%">{link(target, esc(sign_name(of, records, one)))}</td>'
        f'<td class="s">{esc(place_name(records, one))}</td>'
        f'<td class="s r b">{esc(one["text"] or "")}</td><td class="s last note">{esc(words.say(f"alerts.why.{why}"))}</td></tr>'
    )


def acts(of: Worklist, row: Record) -> str:
    """Return what was done about an alert, the newest first, with who and why."""
    words, done = of.context.words, of.life(row["alert"])[::-1]
    rows = ""
    for action in done[:MOST_ACTS]:
        at = of.local(action)
        day = "" if at.date() == of.now.date() else words.day(at) + " "
        rows += (
            f'<tr class="l"><td class="s">{esc(day)}{at:%H:%M}</td><td class="s b">{esc(words.label("command", action.kind))}</td>'
            f'<td class="s wrap" style="width:46%">{esc(action.reason)}</td><td class="s last note">{esc(action.who)}</td></tr>'
        )
    rows = rows or f'<tr class="l"><td class="note">{esc(words.say("alerts.nothing_done"))}</td></tr>'
    note = words.say("alerts.acts_note", count=len(done))
    return section(words.say("alerts.acts"), note, f'<table class="rows">{rows}</table>')


def quality(of: Worklist, row: Record) -> str:
    """Return how good the rule of an alert is: on the past, and by how its alerts of the last weeks came out."""
    words = of.context.words
    frame = of.reading.frame("rules")
    rule = next((one for one in plain(frame) if one["rule"] == row["rule"]), None)
    if rule is None:
        return ""
    mine = [one for one in of.rows if one["rule"] == row["rule"]]
    false = sum(one["stage"] == "false_alarm" for one in mine)
    judged = false + sum(one["stage"] not in {"new", "false_alarm"} for one in mine)
    muted = sum(bool(one["muted_by"] or one["silenced_min"]) for one in mine)
    silent = sum(one["silenced_min"] for one in mine) / 60
    taken = sorted(
        of.handled[one["alert"]].reached["acknowledged"] - one["said_at"]
        for one in mine
        if "acknowledged" in of.handled[one["alert"]].reached
    )
    none = words.say("value.none")
    facts = [("tried", none)]
    if rule["tried_from"] is not None:
        facts = [
            ("tried", words.say("alerts.rules.span", first=words.full_day(rule["tried_from"]), last=words.full_day(rule["tried_to"]))),
            ("alerts", words.say("alerts.rules.count", count=number(rule["alerts"]), flaps=number(rule["flaps"]))),
            ("events", words.say("alerts.rules.caught", caught=number(rule["caught"]), events=number(rule["events"]))),
        ]
    facts += [
        ("precision", words.say("alerts.rules.right", right=judged - false, count=judged) if judged else none),
        ("acknowledge", words.say("alerts.minutes", minutes=round(taken[len(taken) // 2] / timedelta(minutes=1))) if taken else none),
        ("muted", words.say("alerts.rules.silent", count=muted, all=len(mine), hours=f"{silent:.1f}")),
    ]
    body = "".join(f"<div><div class='note'>{esc(words.say(f'alerts.rules.{key}'))}</div><b>{esc(value)}</b></div>" for key, value in facts)
    return section(words.say("alerts.rules.title"), words.name(rule), f'<div class="quality">{body}</div>')
