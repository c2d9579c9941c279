"""Makes the tables and the chart of a special briefing: the card, the course, areas, other signs, other alerts, what was done."""

from __future__ import annotations

from briefing.contributed import way_of
from briefing.document.about import About
from briefing.document.alert_figure import AlertFigure
from briefing.document.blocks import alert_table, heads, sign_table, trend_of
from briefing.document.content import Bound, Cell, Series, Table
from briefing.document.facts import Facts
from briefing.document.figures import SignFigure
from briefing.document.subject import NoSubjectError
from briefing.document.template import Block
from briefing.phrases import absent, with_unit
from charts.palette import LEVELS
from data.wording import number

LIMIT = 4  # the column of an alert that there is no room for beside how it is near
Pair = tuple[str, str, str, Bound | None]  # the key of its head, what stands there, its mark, what it is bound to


def about_of(facts: Facts) -> About:
    """Return the subject; raises NoSubjectError where there is none."""
    if facts.about is None:
        raise NoSubjectError("wanted")
    return facts.about


def card(facts: Facts, _: Block) -> Table:
    """What the sign says now and how it is defined, then the alert, each fact with its name."""
    about, words = about_of(facts), facts.words
    pairs = (_of_sign(about, about.it) if about.it else []) + (_of_alert(about.alert) if about.alert else [])
    rows = tuple(
        (Cell(words.say(f"subject.card.{key}")), Cell(text or words.say("value.none"), mark, bold=key == "value", bound=bound))
        for key, text, mark, bound in pairs
    )
    return Table(heads(facts, "card", ("key", False), ("fact", False)), rows, len(rows), halves=True)


def _of_sign(about: About, it: SignFigure) -> list[Pair]:
    words, one = about.facts.words, it.indicator
    lines = [
        words.say("subject.line", level=words.label("level_short", level), line=with_unit(one[level], one))
        for level in LEVELS[1:] if not absent(one[level])
    ]  # fmt: skip
    sample = words.say("subject.of", part=it.numerator, whole=it.denominator) if it.numerator and it.denominator else str(it.n)
    feeds = [about.facts.feed_names.get(feed.strip(), feed.strip()) for feed in str(one["feed"] or "").split(";") if feed.strip()]
    return [
        ("value", str(it.value), "", it.value),
        ("level", it.level, it.mark, None),
        ("period", about.period, "", None),
        ("unit", str(one["unit"] or "") or words.say("subject.no_unit"), "", None),
        ("sample", sample, "", it.numerator if it.denominator else it.n),
        ("coverage", str(it.coverage), "", it.coverage),
        ("version", str(it.version), "", it.version),
        ("vintage", it.vintage, "", None),
        ("limits", words.say("list.comma").join(lines), "", None),
        ("owner", str(one["owner"] or ""), "", None),
        ("feeds", words.say("list.comma").join(feeds), "", None),
        ("credibility", words.label("credibility", one["credibility"]) if one["credibility"] else "", "", None),
    ]


def _of_alert(alert: AlertFigure) -> list[Pair]:
    return [
        ("alert", str(alert.id), "", alert.id), ("handled", alert.level, str(alert.row["handled_level"]), None),
        ("rule", str(alert.rule), "", alert.rule), ("raised", str(alert.raised_at), "", alert.raised_at),
        ("reported", str(alert.value), "", alert.value), ("state", alert.state, "", None),
        ("stage", alert.stage, "", None), ("with", alert.unit, "", None),
        ("due", str(alert.due), "", alert.due), ("left", str(alert.left), "", alert.left),
    ]  # fmt: skip


def course(facts: Facts, block: Block) -> Series | None:
    """The last periods of the sign, up to the newest complete one of the snapshot; None where the subject has no sign."""
    about = about_of(facts)
    if about.it is None:
        return None
    return trend_of(facts, about.it, about.course[-block.days :], block.title)


def areas(facts: Facts, block: Block) -> Table:
    """The same sign of the areas inside or beside, the worst first, with what each adds where figures add up."""
    about, words = about_of(facts), facts.words
    names = [("name", False), ("value", True), ("level", False), ("sample", True), ("prev", False)]
    names += [(f"adds_{way_of(about.it.indicator)}", True), ("share", True)] if about.it and about.shares else []
    rows = []
    for one in about.parts[: block.most]:
        is_own = one.row is not None and one.row["entity"] == about.subject.entity
        sample = words.say("subject.of", part=one.numerator, whole=one.denominator) if one.denominator else str(one.n)
        cells = [
            Cell(one.entity_name, one.mark, bold=is_own), Cell(str(one.value), bold=True, bound=one.value), Cell(one.level),
            Cell(sample, bound=one.numerator), Cell(one.moved_by("prev")),
        ]  # fmt: skip
        if about.shares:
            size, share = about.shares.get(one.row["entity"] if one.row else "", (0.0, 0.0))
            is_known = one.row is not None and not absent(one.row["numerator"])
            cells += [Cell(number(size) if is_known else words.say("value.none")),
                      Cell(f"{number(share, 0)}%" if is_known else words.say("value.none"))]  # fmt: skip
        rows.append(tuple(cells))
    more = len(about.parts) - len(rows)
    note = words.say("document.more", count=more) if more else "" if rows else words.say("subject.no_areas")
    return Table(heads(facts, "areas", *names), tuple(rows), len(rows), note)


def kin(facts: Facts, block: Block) -> Table:
    """The other signs of the domain, of the same entity."""
    about = about_of(facts)
    return sign_table(facts, about.kin[: block.most], len(about.kin), facts.words.say("subject.no_kin"))


def near(facts: Facts, block: Block) -> Table:
    """Other alerts that are up, each with how it is near; that is a relation, not a cause."""
    about, words = about_of(facts), facts.words
    shown = about.near[: block.most]
    table = alert_table(facts, [row for _, row in shown], len(about.near))
    kept = [place for place in range(len(table.columns)) if place != LIMIT]
    rows = tuple(
        (Cell(words.say(f"alerts.why.{how}")), *(row[place] for place in kept)) for (how, _), row in zip(shown, table.rows, strict=True)
    )
    columns = (*heads(facts, "near", ("how", False)), *(table.columns[place] for place in kept))
    return Table(columns, rows, len(rows), table.note or ("" if rows else words.say("alerts.alone")))


def own(facts: Facts, _: Block) -> Table:
    """The alerts that the briefing is about."""
    about = about_of(facts)
    return alert_table(facts, [one.row for one in about.alerts], len(about.alerts))


def acts(facts: Facts, block: Block) -> Table:
    """What the rules said and what people did, in order of time; of many the newest."""
    about, words = about_of(facts), facts.words
    told = [
        (row["said_at"], 0, int(row["number"]), words.label("transition", row["kind"]), words.say("subject.by_rule"), "",
         words.label("level", row["level"]) if row["level"] else "", str(row["alert"]))
        for row in about.log if row["kind"] not in {"pending", "dropped"}
    ]  # fmt: skip
    for action in about.acts:
        unit = str(action.details.get("unit", "") or action.unit)
        told.append((
            about.local(action), 1, action.number, words.label("command", action.kind), action.who, facts.work.units.get(unit, unit),
            action.reason, action.subject,
        ))  # fmt: skip
    told.sort(key=lambda one: one[:3])
    shown, many = told[-block.most :], len(about.alerts) > 1
    rows = tuple(
        (
            Cell(words.say("subject.moment", day=words.day(at), time=f"{at:%H:%M}"), bound=Bound("", "alert", "at", "", alert)),
            *([Cell(alert)] if many else []), Cell(what, bold=True), Cell(who), Cell(unit), Cell(why),
        )
        for at, _, _, what, who, unit, why, alert in shown
    )  # fmt: skip
    of = (("alert", False),) if many else ()
    names = heads(facts, "acts", ("at", False), *of, ("what", False), ("who", False), ("unit", False), ("why", False))
    more = len(told) - len(shown)
    note = words.say("subject.earlier", count=more) if more else "" if rows else words.say("alerts.nothing_done")
    return Table(names, rows, len(rows), note)
