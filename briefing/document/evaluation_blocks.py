"""Makes the tables of an evaluation bulletin: the ranking, the parts of each score, what moved it, and who is left out."""

from __future__ import annotations

from briefing.appraised import Record
from briefing.document.blocks import heads, tone
from briefing.document.content import Cell, Column, Table
from briefing.document.evaluation import EvaluationFigure, evaluation
from briefing.document.facts import Facts
from briefing.document.template import Block
from briefing.phrases import absent
from data.wording import number


def ranking(facts: Facts, block: Block) -> Table:
    """The units of a scheme in its newest period, by rank, with the interval that the rank may lie in and both changes."""
    words, told = facts.words, evaluation(facts, str(block.scheme))
    names = heads(
        facts, "ranking", ("rank", True), ("name", False), ("score", True), ("grade", False), ("between", True), ("change", True),
        ("turn", True),
    )  # fmt: skip
    if told.of is None:
        return Table(names, (), 0, words.say("document.nothing"))
    grades = told.of.body["grades"]
    rows = []
    for row in told.ranked[: block.most]:
        step, turn = told.of.changes.get(row["entity"]), told.of.turn(row)
        text = row["text"] or words.say("value.none")
        grade = words.name(grades[row["grade"]], "") if row["grade"] else words.label("score_state", row["state"])
        rows.append((
            Cell(str(int(row["rank"]))), Cell(told.of.names[row["entity"]]),
            Cell(text, bold=True, bound=told.bound(row, text, "score")), Cell(grade),
            Cell("" if absent(row["rank_low"]) else f"{int(row['rank_low'])}–{int(row['rank_high'])}"),
            Cell(words.say("value.none") if step is None else number(step, 2, signed=True), tone=tone(step)), Cell(_turned(facts, turn)),
        ))  # fmt: skip
    more = len(told.ranked) - len(rows)
    notes = [words.say("document.more", count=more)] if more else []
    if told.left_out:
        left = words.listed([told.of.names[row["entity"]] for row in told.left_out], 6)
        notes.append(words.say("bulletin.not_ranked", count=len(told.left_out), names=left))
    return Table(names, tuple(rows), len(rows), words.say("headline.join").join(notes))


def parts(facts: Facts, block: Block) -> Table:
    """The score of each unit at each part; the one that pulls it furthest below the others stands out."""
    words, told = facts.words, evaluation(facts, str(block.scheme))
    name = heads(facts, "parts", ("name", False))
    if told.of is None:
        return Table(name, (), 0, words.say("document.nothing"))
    of, rows = told.of, []
    states = {(row["entity"], row["node"]): row["state"] for row in of.rows}
    for row in of.units[: block.most]:
        above = {path: size for path in of.parts if (size := of.lift(row["entity"], path)) is not None}
        lowest = min(above, key=lambda path: above[path], default="")
        cells = [Cell(of.names[row["entity"]])]
        for path in of.parts:
            size, state = of.scored[path].get(row["entity"]), states.get((row["entity"], path), "no_data")
            worst = path == lowest and above[path] < 0
            cells.append(
                Cell(
                    words.label("evaluation.part_state", state) if size is None else number(size, 1),
                    tone="worse" if worst else "",
                    bold=worst,
                )
            )
        rows.append(tuple(cells))
    more = len(of.units) - len(rows)
    heads_of = (*name, *(Column(of.node_name(path), right=True) for path in of.parts))
    return Table(heads_of, tuple(rows), len(rows), words.say("document.more", count=more) if more else "")


def moved(facts: Facts, block: Block) -> Table:
    """By how many points each score moved, with the signs that lifted and pulled it most; the largest moves first."""
    words, told = facts.words, evaluation(facts, str(block.scheme))
    names = heads(facts, "moved", ("name", False), ("before", True), ("now", True), ("change", True), ("up", False), ("down", False))
    if told.of is None or not told.of.changes:
        return Table(names, (), 0, words.say("evaluation.no_base" if told.of else "document.nothing"))
    of = told.of
    kept = sorted(
        (row for row in of.units if row["entity"] in of.changes), key=lambda row: (-abs(of.changes[row["entity"]]), row["entity"])
    )
    rows = [_moved(told, row, of.before[row["entity"]], of.changes[row["entity"]]) for row in kept[: block.most]]
    more = len(kept) - len(rows)
    return Table(names, tuple(rows), len(rows), words.say("document.more", count=more) if more else "")


def _moved(told: EvaluationFigure, row: Record, then: Record, step: float) -> tuple[Cell, ...]:
    none = told.facts.words.say("value.none")
    before, now = number(then["score"], 2), number(row["score"], 2)
    return (
        Cell(told.of.names[row["entity"]] if told.of else ""), Cell(before, bound=told.bound(then, before, "score")),
        Cell(now, bold=True, bound=told.bound(row, now, "score")), Cell(number(step, 2, signed=True), tone=tone(step)),
        Cell(told.causes(row, 1) or none), Cell(told.causes(row, -1) or none),
    )  # fmt: skip


def left_out(facts: Facts, block: Block) -> Table:
    """Who has no rank, and why."""
    words, told = facts.words, evaluation(facts, str(block.scheme))
    names = heads(facts, "left_out", ("name", False), ("why", False))
    rows = [
        (Cell(told.of.names[row["entity"]]), Cell(told.of.why_not(row), bound=told.bound(row, "", "state")))
        for row in told.left_out[: block.most] if told.of
    ]  # fmt: skip
    more = len(told.left_out) - len(rows)
    note = words.say("document.more", count=more) if more else ""
    return Table(names, tuple(rows), len(rows), note)


def _turned(facts: Facts, size: int | None) -> str:
    if size is None:
        return ""
    key = "up" if size > 0 else "down" if size < 0 else "same"
    return facts.words.say(f"evaluation.turn.{key}", size=abs(size))
