"""Draws one alert's life: what it is, the stages that it went through with their times and limits, the true-time bar, the ladder."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise

from briefing.due import due_text, duration
from charts.markup import esc
from charts.steps import Stretch, stage_mark, time_bar
from data.desk.handling import Handling, rung_times
from data.desk.terms import Limit
from data.wording.catalogue import Wording
from pages.parts.queue import REACHED, STAGES, chip, line_text, place_name, sign_name, unit_name
from pages.parts.records import Record, Records
from pages.parts.worklist import Worklist

# The step that leads to each stage, by its name in the terms; the first is reached by itself.
STEPS = (None, "confirm", "dispatch", "acknowledge", "handle", "check", "close")
ROOM = 24  # per cent of the bar that the name of its beginning takes
_AFTER = 0.12  # of the bar lies behind the later of now and the limit


def head(of: Worklist, records: Records, row: Record) -> str:
    """Return level, place, sign and value; below it why it was raised and who has it."""
    words = of.context.words
    title = " ".join(f"<b>{esc(part)}</b>" for part in (place_name(records, row), sign_name(of, records, row)) if part)
    title += f' <b class="value">{esc(row["text"])}</b>' if row["text"] else ""
    left = f'<span class="left">{esc(due_text(words, row))}</span>'  # only a phone shows it here: elsewhere the bar does
    rules = of.reading.frame("rules")
    rule = next((words.name(one) for one in rules.to_dict("records") if one["rule"] == row["rule"]), words.say("alerts.reported"))
    told = [row["alert"], line_text(of, records, row), words.say("alerts.rule", rule=rule, version=row["version"] or 1),
            words.say("alerts.owner", name=unit_name(of, row))]  # fmt: skip
    marks = [words.label("alert_state", row["state"])]
    marks += [words.say("alerts.unconfirmed")] if row["unconfirmed"] else []
    marks += [words.say("alerts.inhibited", alert=row["inhibited_by"])] if row["inhibited_by"] else []
    marks += [words.say("alerts.muted")] if row["muted_by"] else []
    silent = row["silenced_until"]
    marks += [words.say("alerts.silenced", day=words.day(silent), time=f"{silent:%H:%M}")] if silent else []
    marks += [words.say("alerts.again", alert=row["reopens"])] if row["reopens"] else []
    marks += [words.say("alerts.late_said")] if row["is_late"] else []
    comma = words.say("list.comma")
    note = words.say("list.join").join(filter(None, [comma.join(filter(None, told)), comma.join(marks)]))
    return f'<div class="alert"><div>{chip(of, row)} <span class="title">{title}{left}</span></div><p class="note">{esc(note)}</p></div>'


def life(of: Worklist, row: Record) -> str:
    """Return the stages, the bar and the ladder of an alert."""
    one = of.handled[row["alert"]]
    return _stages(of, one) + (_bar(of, one) if one.due_at else "") + _ladder(of, one)


def _stages(of: Worklist, one: Handling) -> str:
    words, found = of.context.words, ""
    waited, moments = REACHED.get(one.stage, len(STAGES)), _moments(one)
    for place, stage in enumerate(STAGES):
        limit, at = _limit(of, STEPS[place]), moments.get(stage)
        if place < waited and at is not None:
            kind, told = "done", [_when(words, at, of.now), _took(words, one, limit, at, moments)]
        elif place == waited:
            kind = "late" if one.is_overdue else "now"
            told = [words.label("handling", one.mark) if one.mark else words.say("alerts.going_on"), _until(words, one, of.now)]
        else:
            within = words.say("alerts.limit", limit=_limit_text(words, limit, one.level)) if limit else ""
            kind, told = "next", [words.say("alerts.waits"), within]
        first, second = (esc(line) for line in told)
        lines = f'<span class="note{" b" if place == waited else ""}">{first}</span><span class="note">{second}</span>'
        name = esc(words.say(f"alerts.stage.{stage}"))
        found += f'<li class="{kind}">{stage_mark(kind, of.context.colours, "")}<b>{name}</b>{lines}</li>'
    return f'<ol class="stages">{found}</ol>'


def _took(words: Wording, one: Handling, limit: Limit | None, at: datetime, moments: dict[str, datetime]) -> str:
    """Return how long a stage took beside its limit; of the first one, how it was found."""
    before = moments.get(limit.since) if limit else None
    if limit is None or before is None:
        return words.say("alerts.found_by_people" if one.alert.startswith("M") else "alerts.found")
    return words.say("alerts.took", time=duration(words, at - before), limit=_limit_text(words, limit, one.level))


def _moments(one: Handling) -> dict[str, datetime]:
    """Return when each stage was reached; one that was passed over, by the next that was."""
    found: dict[str, datetime] = {}
    later: datetime | None = None
    for stage in reversed(STAGES):
        later = one.reached.get(stage, later)
        if later is not None:
            found[stage] = later
    return found


def _limit(of: Worklist, step: str | None) -> Limit | None:
    return next((limit for limit in of.work.terms.limits if limit.step == step), None)


def _limit_text(words: Wording, limit: Limit | None, level: str) -> str:
    """Return a limit in words, such as 4小时 or 2个工作日."""
    if limit is None:
        return ""
    count, unit = limit.of(level)
    return words.say(f"alerts.unit.{unit}", count=count)


def _until(words: Wording, one: Handling, now: datetime) -> str:
    if one.due_at is None:
        return words.say("alerts.no_limit") if not one.has_ended else ""
    day = "" if one.due_at.date() == now.date() else words.day(one.due_at) + " "
    return words.say("alerts.until", time=f"{day}{one.due_at:%H:%M}")


def _bar(of: Worklist, one: Handling) -> str:
    """Return the time since the alert was said, its steps so far, and what is left up to the limit."""
    words = of.context.words
    due = one.due_at or of.now
    first, last = one.opened_at, max(due, of.now)
    whole = (last - first) / (1 - _AFTER) or timedelta(minutes=1)

    def place(moment: datetime) -> float:
        return 100 * ((moment - first) / whole)

    edges = [first, *sorted(at for at in one.reached.values() if first < at < of.now)]
    parts = [Stretch(place(start), place(end), "over") for start, end in pairwise(edges)]
    parts.append(Stretch(place(edges[-1]), place(of.now), "now"))
    if due > of.now:
        parts.append(Stretch(place(of.now), place(due), "left"))
    left = words.say("alerts.over" if one.is_overdue else "alerts.left", time=duration(words, abs(due - of.now)))
    here = f"{esc(words.say('alerts.now', time=f'{of.now:%H:%M}'))} <b>{esc(left)}</b>"
    labels = [
        *([(0.0, esc(_when(words, first, of.now)), "first")] if place(due) > ROOM else []),
        (place(of.now), here, "up end" if place(of.now) > 60 else "up"),
        (place(due), esc(words.say("alerts.due_at", time=_when(words, due, of.now))), "due end" if place(due) > ROOM else "due"),
    ]
    return time_bar(parts, place(of.now), labels, words.say("alerts.bar", left=left))


def _when(words: Wording, at: datetime, now: datetime) -> str:
    return f"{at:%H:%M}" if at.date() == now.date() else f"{words.day(at)} {at:%H:%M}"


def _ladder(of: Worklist, one: Handling) -> str:
    """Return the rungs with their times: those behind with a tick, the next one marked."""
    words = of.context.words
    names = {rung.rung: words.name(rung.name.model_dump(), "") for rung in of.work.terms.ladder}
    rungs = rung_times(one, of.work.terms, of.work.clock)
    if not rungs:
        return ""
    following = next((rung for rung, at in rungs if at > of.now), "")
    told = ""
    for rung, at in rungs:
        text = f"{_when(words, at, of.now)} {names[rung]}" + (" ✓" if at <= of.now else "")
        told += f'<span class="{"b" if rung == following else ""}">{esc(text)}</span>'
    return f'<div class="panel ladder"><b>{esc(words.say("alerts.ladder"))}</b>{told}</div>'
