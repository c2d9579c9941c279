"""Makes the tables and charts of a briefing from its facts: alerts, domains, rankings, signs, who is on duty; index, trend and bars."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pandas as pd

from briefing.document.content import Bound, Cell, Column, Series, Table
from briefing.document.facts import Facts, Record
from briefing.document.figures import SignFigure
from briefing.document.template import Block
from briefing.due import due_text
from briefing.facts import plain
from briefing.phrases import absent, period_name, with_unit
from charts.palette import LEVELS
from data import periods, readings, scored
from data.wording import number


def heads(facts: Facts, table: str, *names: tuple[str, bool]) -> tuple[Column, ...]:
    """Return the heads of a table by their keys, each with whether its cells are set right."""
    return tuple(Column(facts.words.say(f"document.head.{table}.{name}"), right) for name, right in names)


def alerts(facts: Facts, block: Block) -> Table:
    """The alerts that are worked, from a level on, the most urgent first; `most` of them, but every red one."""
    least = LEVELS.index(block.least)
    rows = [row for row in facts.alerts.waiting if LEVELS.index(row["handled_level"]) >= least]
    return alert_table(facts, rows[: block.most] + [row for row in rows[block.most :] if row["handled_level"] == "red"], len(rows))


def alert_table(facts: Facts, rows: Sequence[Record], count: int) -> Table:
    """Return worked alerts as a table that says how many of `count` it leaves out."""
    words, cells = facts.words, []
    for row in rows:
        indicator, rule = facts.catalogue.get(row["indicator"]), facts.rules.get(row["rule"])
        name = words.name(indicator or rule) if indicator or rule else words.say("alerts.reported")
        watches = str(rule["watches"] or "") if rule else ""
        limit = words.label("watches", watches) if watches else words.say("value.none")
        if indicator and watches == "level" and not absent(indicator.get(row["level"])):
            side = "below" if indicator["direction"] == "higher" else "above"
            limit = words.say(f"reason.{side}", line=with_unit(indicator[row["level"]], indicator))
        place = facts.entities.get((row["entity_kind"], row["entity"]))
        where = words.say("entity.whole") if row["entity_kind"] == facts.kinds[0] else words.name(place) if place else row["entity_name"]
        cells.append((
            Cell(words.label("level", row["handled_level"]), row["handled_level"], bold=True),
            Cell(str(where or "")), Cell(name),
            Cell(row["text"] or "", bold=True, bound=Bound(row["text"] or "", "alert", "text", row["indicator"], row["alert"])),
            Cell(limit), Cell(facts.work.units.get(row["unit"] or "", "") or str(row["owner"] or "")),
            Cell(words.label("handling", row["handling"])), Cell(due_text(words, row), tone="worse" if row["is_overdue"] else ""),
        ))  # fmt: skip
    names = heads(facts, "alerts", ("level", False), ("entity", False), ("sign", False), ("value", True), ("limit", False),
                  ("unit", False), ("stage", False), ("due", True))  # fmt: skip
    more = count - len(cells)
    return Table(names, tuple(cells), len(cells), words.say("document.more", count=more) if more else "")


def domains(facts: Facts, _: Block) -> Table:
    """The domains: the worst level of each and its score with its change."""
    words, body = facts.words, []
    now = facts.index_rows[-1] if facts.index_rows else None
    scores = _node_scores(facts)
    known = {facts.node_name(path): rows for path, rows in scores.items()}
    for domain in plain(readings.domains(facts.settings, facts.snapshot)):
        signs = [one for one in facts.signs(domain["domain"]) if one.row]
        rows = known.get(words.name(domain), [])
        worst = max(signs, key=lambda one: one.rank, default=None)
        if worst is None:
            continue
        last = rows[-1] if rows and now and rows[-1]["period"] == now["period"] else None
        if last is None or absent(last["score"]):
            judged = sum(one.judged for one in signs)
            key = "too_few" if rows else "judged"  # a scheme may be built of other parts than the domains
            said = words.say(f"document.{key}", judged=judged, count=len(signs))
            body.append(
                (
                    Cell(words.name(domain), worst.mark if worst.rank >= 0 else "not_evaluated"),
                    Cell(worst.level if worst.rank >= 0 else ""),
                    Cell(said),
                    Cell(""),
                )
            )
            continue
        bound = Bound(number(last["score"], 1), "score", "score", last["scheme"], last["node"], last["period"], int(last["version"]))
        before = next((row for row in reversed(rows[:-1]) if not absent(row["score"])), None)
        step = round(round(last["score"], 1) - round(before["score"], 1), 1) if before and rows.index(before) == len(rows) - 2 else None
        change = words.say("value.none") if step is None else words.say("document.same") if not step else number(step, 1, signed=True)
        trend = tuple(None if absent(row["score"]) else float(row["score"]) for row in rows[-30:])
        body.append((
            Cell(words.name(domain), worst.mark), Cell(worst.level), Cell(bound.text, bold=True, bound=bound, trend=trend),
            Cell(change, tone=tone(step)),
        ))  # fmt: skip
    names = heads(facts, "domains", ("name", False), ("level", False), ("score", True), ("change", True))
    return Table(names, tuple(body), len(body), halves=True)


def _node_scores(facts: Facts) -> dict[str, list[Record]]:
    """Return the scores of the nodes right below the whole over time, by path."""
    if facts.scheme is None or not facts.index_rows:
        return {}
    frame = scored.scores(facts.settings, facts.snapshot, scheme=facts.scheme["scheme"], node=None)
    frame = frame[(frame["node"].str.count("/") == 1) & (pd.to_datetime(frame["start"]) <= facts.index_rows[-1]["start"])]
    first = facts.index_rows[-1]["start"] - timedelta(days=400)
    frame = frame[pd.to_datetime(frame["start"]) > first].sort_values("start")
    return {str(path): plain(rows) for path, rows in frame.groupby("node")}


def signs(facts: Facts, block: Block) -> Table:
    """Some signs of the whole city: value, level and changes; by default the ones beyond their limits."""
    figures = [facts.sign(name) for name in block.signs] or facts.beyond[: block.most]
    return sign_table(facts, figures, len(figures))


def sign_table(facts: Facts, figures: Sequence[SignFigure], count: int, nothing: str = "") -> Table:
    """Return signs as a table that says how many of `count` it leaves out; `nothing` is what it says where there are none."""
    body = tuple(
        (
            Cell(one.name, one.mark), Cell(str(one.value), bold=True, bound=one.value), Cell(one.level), Cell(one.moved_by("prev")),
            Cell(one.moved_by("year")), Cell(one.why),
        )
        for one in figures
    )  # fmt: skip
    names = heads(facts, "signs", ("name", False), ("value", True), ("level", False), ("prev", False), ("year", False), ("why", False))
    more = count - len(body)
    note = facts.words.say("document.more", count=more) if more else "" if body else nothing or facts.words.say("document.nothing")
    return Table(names, body, len(body), note)


def tone(step: float | None) -> str:
    """Return whether a step of a score is good or bad."""
    return "" if not step else "worse" if step < 0 else "better"


def duty(facts: Facts, _: Block) -> Table:
    """Who is on duty."""
    words = facts.words
    body = [
        (Cell(words.label("role", one.role)), Cell(one.name, bold=True),
         Cell(words.say("document.shift", start=f"{words.day(one.start)} {one.start:%H:%M}", end=f"{words.day(one.end)} {one.end:%H:%M}")))
        for one in facts.on_duty
    ]  # fmt: skip
    names = heads(facts, "duty", ("role", False), ("name", False), ("span", False))
    return Table(names, tuple(body), len(body), "" if body else words.say("document.no_rota"))


def index(facts: Facts, block: Block) -> Series:
    """The index over the last periods, with the range in which the middle half of them lies."""
    rows = facts.index_rows[-block.days :]
    values = tuple(None if absent(row["score"]) else float(row["score"]) for row in rows)
    known = pd.Series([value for value in values if value is not None], dtype=float)
    low, high = (float(known.quantile(q)) for q in (0.1, 0.9)) if len(known) else (None, None)
    bounds = (facts.index.score,) if rows and facts.index.known else ()
    return Series(
        "index", block.title or facts.words.say("document.index_title", count=len(rows)), "",
        tuple(facts.words.day(row["start"]) for row in rows),
        values, tuple("" if value is None else number(value, 2) for value in values), (low,) * len(rows), (high,) * len(rows), (), bounds,
    )  # fmt: skip


def trend(facts: Facts, block: Block) -> Series:
    """One sign of the whole city over the last periods with its usual range and limits."""
    indicator = facts.catalogue[str(block.sign)]
    grain = max(indicator["cadence"], facts.grain, key=periods.GRAINS.index)
    last = periods.step(periods.floor(facts.now, grain), grain)
    first = periods.step(last, grain, -block.days - 1)
    frame = readings.signs(
        facts.settings, facts.snapshot, indicator=str(block.sign), entity_kind=facts.kinds[0], grain=grain, start=first,
        end=periods.floor(facts.now, grain),
    )  # fmt: skip
    return trend_of(facts, facts.sign(str(block.sign)), plain(frame), block.title)


def trend_of(facts: Facts, figure: SignFigure, rows: Sequence[Record], title: str = "") -> Series:
    """Return some periods of a sign, in order of time, as a chart with its usual range and limits."""
    indicator = figure.indicator
    ends = [("control_low", "control_high"), ("baseline_low", "baseline_high")]
    low, high = next((pair for pair in ends if any(not absent(row[pair[0]]) for row in rows)), ends[1])
    lines = [
        (float(indicator[level]), f"{facts.words.label('level_short', level)} {with_unit(indicator[level], indicator)}")
        for level in ("yellow", "orange", "red")
        if not absent(indicator[level])
    ]
    unit = str(indicator["unit"] or "")
    said = {"name": facts.words.name(indicator), "unit": unit, "n": str(figure.n) or "—"}
    # A key keeps the values that it fills in: an old issue is composed again with the words of its time.
    title = title or facts.words.say("document.trend_title" if unit else "document.trend_bare", **said)
    return Series(
        "trend", title, str(indicator["unit"]), tuple(_when(facts, row) for row in rows),
        tuple(None if absent(row["value"]) else float(row["value"]) for row in rows), tuple(row["text"] or "" for row in rows),
        tuple(None if absent(row[low]) else float(row[low]) for row in rows),
        tuple(None if absent(row[high]) else float(row[high]) for row in rows), tuple(lines), (figure.value,) if figure.known else (),
    )  # fmt: skip


def _when(facts: Facts, row: Record) -> str:
    return facts.words.day(row["start"]) if row["grain"] in {"day", "week"} else period_name(facts.words, row["grain"], row["start"])


def bars(facts: Facts, block: Block) -> Series:
    """The entities of a kind with the largest values of a sign."""
    indicator = facts.catalogue[str(block.sign)]
    figures = facts.largest(str(block.sign), str(block.of), block.most)
    unit = str(indicator["unit"] or "")
    said = {"name": facts.words.name(indicator), "unit": unit, "count": len(figures)}
    title = block.title or facts.words.say("document.bars_title" if unit else "document.bars_bare", **said)
    values = tuple(float(one.row["value"]) if one.row else None for one in figures)
    return Series(
        "bars", title, str(indicator["unit"]), tuple(one.entity_name for one in figures), values, tuple(str(one) for one in figures),
        bounds=tuple(one.value for one in figures),
    )  # fmt: skip
