"""Gathers what a shift must know: what is due in the next hours, what the one before leaves, instructions, who is on duty, the log."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from briefing.due import due_text
from charts.agenda import Due, agenda
from charts.markup import esc, image, link
from data.desk.duty import Shift, on_duty
from data.desk.outbox import FAILED, SENT, UNSURE, WAITING, Message
from data.desk.silences import silences
from pages.parts.queue import chip, place_name, sign_name, unit_name
from pages.parts.records import Record, Records
from pages.parts.tables import section
from pages.parts.worklist import Worklist

HOURS, LEFT, REST, LOG = 8, 6, 5, 9


@dataclass(frozen=True)
class Watch:
    """The worklist with the rota and the messages that were sent."""

    of: Worklist
    records: Records
    rota: tuple[Shift, ...]
    messages: list[Message]

    @property
    def end(self) -> datetime:
        """Until when it looks ahead."""
        return self.of.now + timedelta(hours=HOURS)

    def soon(self) -> list[Record]:
        """Return the alerts that are due in the next hours, the first first."""
        rows = [row for row in self.of.waiting if row["due_at"] is not None and self.of.now <= row["due_at"] <= self.end]
        return sorted(rows, key=lambda row: row["due_at"])


def head(watch: Watch) -> str:
    """Return what to do first: what is overdue, then the next that are due."""
    words, of = watch.of.context.words, watch.of
    late = [row for row in of.waiting if row["is_overdue"]]
    first = []
    for row in watch.soon()[:3]:
        name, step = sign_name(of, watch.records, row), words.label("telling.step", row["step"])
        first.append(words.say("duty.first", time=f"{row['due_at']:%H:%M}", name=name, step=step))
    said = words.say("headline.join").join(([words.say("duty.late", count=len(late))] if late else []) + first) or words.say("duty.calm")
    note = words.say("duty.note", open=len(of.waiting), late=len(late))
    return (
        f'<div class="face"><div><div class="note">{esc(note)}</div>'
        f'<p class="serif b" style="font-size:var(--t-head)">{esc(said + words.say("headline.stop"))}</p></div></div>'
    )


def ahead(watch: Watch) -> str:
    """Return the next hours: alerts, deliveries, instructions and changes of shift."""
    words, of, now = watch.of.context.words, watch.of, watch.of.now
    alerts = []
    for row in watch.soon():
        what = f"{row['due_at']:%H:%M} {place_name(watch.records, row)} {sign_name(of, watch.records, row)}"
        alerts.append(Due(row["due_at"], what, row["handled_level"]))
    feeds = []
    for feed in watch.records.feeds:
        due = feed["next_due_at"]
        moment = due.to_pydatetime().replace(tzinfo=None) if due is not None and hasattr(due, "to_pydatetime") else due
        if moment is not None and now <= moment.replace(tzinfo=None) <= watch.end:
            feeds.append(Due(moment.replace(tzinfo=None), f"{moment:%H:%M} {watch.records.feed_names[feed['feed']]}", "feed"))
    asked = [
        Due(one.due, f"{one.due:%H:%M} {one.text[:18]}", "report")
        for handled in of.handled.values()
        for one in handled.instructions
        if one.answered_at is None and not handled.has_ended and now <= one.due <= watch.end
    ]
    shifts = {one.end for one in watch.rota if now < one.end <= watch.end}
    changes = [Due(end, words.say("duty.change", time=f"{end:%H:%M}"), "shift") for end in sorted(shifts)]
    told = (("alerts", alerts), ("feeds", feeds), ("asked", asked), ("shifts", changes))
    lanes = [(words.say(f"duty.lane.{key}"), found) for key, found in told]
    said = "；".join(due.text for _, found in lanes for due in found) or words.say("duty.calm")
    drawn = image(agenda(lanes, now, HOURS, of.context.colours), said, "width:100%;height:auto")
    return section(words.say("duty.ahead", hours=HOURS), words.say("duty.ahead_note"), drawn)


def left_over(watch: Watch) -> str:
    """Return what the shift before leaves: overdue and red or orange first; the others are counted."""
    words, of = watch.of.context.words, watch.of
    rows = [row for row in of.waiting if row["is_overdue"] or row["handled_level"] in {"red", "orange"}]
    body = "".join(_alert(watch, row) for row in rows[:LEFT])
    body = f'<table class="rows">{body}</table>' if body else f'<p class="note">{esc(words.say("duty.nothing"))}</p>'
    rest = len(of.waiting) - min(len(rows), LEFT)
    other = words.say("duty.rest", count=rest) if rest else ""
    more = link(of.context.filters.target("alerts", alert="", view=""), esc(other))
    note = words.say("duty.left_note", shown=min(len(rows), LEFT), count=len(rows))
    return section(words.say("duty.left"), note, body + f'<p class="note">{more}</p>')


def _alert(watch: Watch, row: Record) -> str:
    of, target = watch.of, watch.of.context.filters.target("alerts", alert=row["alert"], view="")
    name = f"{place_name(watch.records, row)} {sign_name(of, watch.records, row)}"
    under = of.context.words.say("list.pair", first=unit_name(of, row), second=of.context.words.label("handling", row["handling"]))
    return (
        f'<tr class="l" data-go="{esc(target)}" style="height:58px"><td class="chipped">{chip(of, row)}</td>'
        f'<td><div class="b cut">{link(target, esc(name))} {esc(row["text"] or "")}</div><div class="note cut">{esc(under)}</div></td>'
        f'<td class="r b last timed {"worse" if row["is_overdue"] else ""}">{esc(due_text(of.context.words, row))}</td></tr>'
    )


def asked_for(watch: Watch) -> str:
    """Return the instructions that wait for an answer, the soonest first."""
    words, of = watch.of.context.words, watch.of
    open_ = {alert: handled for alert, handled in of.handled.items() if not handled.has_ended}
    found = [(one, alert) for alert, handled in open_.items() for one in handled.instructions if one.answered_at is None]
    rows = ""
    for one, alert in sorted(found, key=lambda pair: pair[0].due)[:LEFT]:
        css, target = ("worse" if one.due < of.now else ""), of.context.filters.target("alerts", alert=alert, view="")
        rows += (
            f'<tr class="l" data-go="{esc(target)}"><td class="serif wrap">{link(target, esc(one.text))}</td>'
            f'<td class="s note">{esc(one.who)}</td><td class="r b s last {css}">{esc(words.day(one.due))} {one.due:%H:%M}</td></tr>'
        )
    body = f'<table class="kept">{rows}</table>' if rows else f'<p class="note">{esc(words.say("duty.asked_none"))}</p>'
    note = words.say("duty.asked_note", count=len(found), late=sum(one.due < of.now for one, _ in found))
    return section(words.say("duty.asked"), note, body)


def people_on(watch: Watch) -> str:
    """Return who is on duty now and until when; that nobody is, is said."""
    words, now = watch.of.context.words, watch.of.now
    shifts = on_duty(watch.rota, now)
    rows = "".join(
        f'<tr class="l"><td class="b">{esc(words.label("role", one.role))}</td><td>{esc(one.name)}</td>'
        f'<td class="s note last">{esc(words.say("duty.until", day=words.day(one.end), time=f"{one.end:%H:%M}"))}</td></tr>'
        for one in shifts
    )
    none = words.say("duty.no_rota" if not watch.rota else "duty.nobody")
    body = f'<table class="kept">{rows}</table>' if rows else f'<p class="note worse">{esc(none)}</p>'
    return section(words.say("duty.on"), "", body) + _told(watch) + _silent(watch)


def _told(watch: Watch) -> str:
    """How many messages went, wait, failed or may not have arrived."""
    words = watch.of.context.words
    counts = [(state, sum(one.state == state for one in watch.messages)) for state in (SENT, WAITING, FAILED, UNSURE)]
    said = words.say("list.comma").join(f"{words.label('message_state', state)}{count}" for state, count in counts if count)
    css = "worse" if any(count for state, count in counts if state in {FAILED, UNSURE}) else ""
    return section(words.say("duty.messages"), "", f'<p class="note {css}">{esc(said or words.say("duty.no_messages"))}</p>')


def _silent(watch: Watch) -> str:
    """What nobody is told of now, until when, and who said so; nothing where nothing is silent."""
    words, of = watch.of.context.words, watch.of
    running = [one for one in silences(of.actions, of.work.zone) if one.since <= of.now < one.until]
    rows = ""
    for one in running:
        what = words.say("list.comma").join(words.say(f"duty.silent.{name}", value=value) for name, value in one.matches.items())
        until = words.say("duty.until", day=words.day(one.until), time=f"{one.until:%H:%M}")
        why = words.say("duty.silent.why", who=one.who, why=one.reason)
        rows += (
            f'<tr class="l"><td class="wrap">{esc(what)}<div class="note">{esc(why)}</div></td>'
            f'<td class="s note last">{esc(until)}</td></tr>'
        )
    return section(words.say("duty.silent.title"), words.say("duty.silent.note"), f'<table class="kept">{rows}</table>') if rows else ""


def log(watch: Watch) -> str:
    """Return what was done last, the newest first."""
    words, of = watch.of.context.words, watch.of
    rows = "".join(
        f'<tr class="l"><td class="s b nw">{esc(words.day(of.local(one)))} {of.local(one):%H:%M}</td><td class="s nw">{esc(one.who)}</td>'
        f'<td class="s wrap last">{esc(words.label("command", one.kind))} {esc(one.reason)}</td></tr>'
        for one in reversed(of.actions[-LOG:])
    )
    body = f'<table class="kept">{rows}</table>' if rows else f'<p class="note">{esc(words.say("duty.no_log"))}</p>'
    return section(words.say("duty.log"), words.say("duty.log_note"), body)
