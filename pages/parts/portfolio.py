"""Gathers the smart-city projects of a snapshot with the levels of their signs, and draws them by operating model."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from briefing.phrases import RANK, absent, is_judged, level_of, level_word, mark, rank
from charts.marks import mark_image
from charts.markup import esc, link
from charts.palette import LEVELS
from data.wording import number
from pages.parts.context import Context
from pages.parts.periods import period_name
from pages.parts.reading import Reading
from pages.parts.records import Record, Records, plain
from pages.parts.tables import section

HEADS = (
    ("name", ""),
    ("class", "wide"),
    ("contract", "r"),
    ("progress", ""),
    ("behind", "r"),
    ("funds", "r"),
    ("score", "r"),
    ("level", "last"),
)


@dataclass(frozen=True)
class Portfolio:
    """The projects in order of group and code, each with `number`, `behind` (points), `share` of funds (per cent) and its worst sign."""

    context: Context
    reading: Reading
    records: Records
    rows: list[Record]

    def is_beyond(self, key: str, value: float | None) -> bool:
        """Whether a figure of progress (points behind) or funds (per cent) lies beyond the yellow limit of its sign."""
        line = dict(self.limits(key)).get("yellow")
        if line is None or value is None:
            return False
        return value >= line if key == "progress" else value < line

    def limits(self, key: str) -> list[tuple[str, float]]:
        """Return the levels of the sign of progress or funds with their lines, from blue on."""
        code = self.rows[0][f"{key}_sign"]
        sign = self.records.catalogue.get(code) if code else None
        return [(level, float(sign[level])) for level in LEVELS[1:] if sign and not absent(sign[level])]


def portfolio(context: Context, reading: Reading, records: Records) -> Portfolio:
    """Return the projects of the snapshot."""
    latest = [row for row in records.latest if row["indicator"] in records.catalogue]
    rows = []
    for place, row in enumerate(plain(reading.frame("works")), start=1):
        signs = [sign for sign in latest if sign["entity"] == row["work"]]
        worst = max(signs, key=rank, default=None)
        behind = None if row["planned"] is None or row["actual"] is None else round(row["planned"] - row["actual"], 1)
        share = None if not row["funds_planned"] or row["funds_arrived"] is None else 100 * row["funds_arrived"] / row["funds_planned"]
        rows.append(row | {"number": place, "behind": behind, "share": share, "worst": worst, "level": level_of(worst) if worst else None})
    return Portfolio(context, reading, records, rows)


def facts(of: Portfolio) -> str:
    """Return how many there are, how many need attention, how far behind, how much of the funds is there, ratings, the next hand-over."""
    words, rows = of.context.words, of.rows
    total = sum(row["contract"] or 0 for row in rows)
    beyond = [row for row in rows if row["level"] and RANK[row["level"]] > 0]
    counts = [(level, sum(row["level"] == level for row in beyond)) for level in reversed(LEVELS[1:])]
    said = words.say("list.comma").join(f"{words.label('level_short', level)}{count}" for level, count in counts if count)
    behind = [row for row in rows if of.is_beyond("progress", row["behind"])]
    funded = [row for row in rows if row["share"] is not None]
    share = 100 * sum(row["funds_arrived"] for row in funded) / sum(row["funds_planned"] for row in funded) if funded else None
    rated = [row["score"] for row in rows if row["score"] is not None]
    ends = sorted((row for row in rows if row["hands_over"] and row["ends"] is not None), key=lambda row: row["ends"])
    names = words.listed([row["title"] for row in behind], 3)
    none, models = words.say("value.none"), len({row["place"] for row in rows})
    urgent = sum(row["level"] not in {None, "normal", "blue"} for row in rows)
    cells = [
        ("count", words.say("works.number", count=len(rows)), words.say("works.total", size=number(total), count=models), ""),
        ("attention", words.say("works.number", count=urgent), said, "worse" if urgent else ""),
        ("behind", words.say("works.number", count=len(behind)), names, "worse" if behind else ""),
        ("funds", none if share is None else f"{number(share, 1)}%", words.say("works.n", n=len(funded)), ""),
        ("score", number(sum(rated) / len(rated), 1) if rated else none, words.say("works.n", n=len(rated)), ""),
        ("handover", period_name(words, "month", ends[0]["ends"]) if ends else none, ends[0]["title"] if ends else "", ""),
    ]  # fmt: skip
    return '<div class="facts">' + "".join(
        f'<div><div class="note">{esc(words.say(f"works.fact.{name}"))}</div><div class="size {css}">{esc(value)}</div>'
        f'<div class="note cut">{esc(note)}</div></div>'
        for name, value, note, css in cells
    ) + "</div>"  # fmt: skip


def table(of: Portfolio) -> str:
    """Return the projects by operating model, each with a bar of what is done and a mark where it should be."""
    words = of.context.words
    heads = "".join(f'<th class="{css}">{esc(words.say(f"works.head.{key}"))}</th>' for key, css in HEADS)
    body, total = "", sum(row["contract"] or 0 for row in of.rows) or 1
    for _, group in groupby(of.rows, key=lambda row: row["place"]):
        rows = list(group)
        name = words.name(rows[0], "group") or words.say("works.ungrouped")
        size = sum(row["contract"] or 0 for row in rows)
        note = words.say("works.group", count=len(rows), size=number(size), share=number(100 * size / total, 1))
        body += f'<tr class="group"><td colspan="{len(HEADS) - 3}"><b>{esc(name)}</b></td>'
        body += f'<td class="r note last" colspan="3">{esc(note)}</td></tr>'
        body += "".join(_row(of, row) for row in rows)
    return section(
        words.say("works.by_model"), words.say("works.by_model_note"), f'<table class="plans"><tr class="h">{heads}</tr>{body}</table>'
    )


def _row(of: Portfolio, row: Record) -> str:
    words, worst, none = of.context.words, row["worst"], of.context.words.say("value.none")
    late = of.is_beyond("progress", row["behind"])
    css = "worse b" if late else "note"
    level = (
        f"{mark_image(mark(worst), of.context.colours, '')} {esc(level_word(words, worst))}"
        if worst
        else esc(words.label("state", "no_data"))
    )
    risk = "" if row["risk"] is None else words.say("works.risk", kind=row["risk"], level=row["risk_level"] or "")
    target = of.context.filters.target("sign", indicator=worst["indicator"], entity=worst["entity"], grain=worst["grain"]) if worst else ""
    name = link(target, esc(row["title"])) if target else esc(row["title"])
    ink = f"ink-{row['level']}" if worst and is_judged(worst) and row["level"] != "normal" else "note"
    mean = none if row["score"] is None else number(row["score"])
    share = none if row["share"] is None else f"{number(row['share'])}%"
    contract = none if row["contract"] is None else number(row["contract"])
    return (
        f'<tr class="l"><td><span class="note at">{row["number"]}</span>{name}</td><td class="s note wide">{esc(row["class"])}</td>'
        f'<td class="r">{esc(contract)}</td><td>{_bar(row, late=late)}</td><td class="r s {css}">{esc(_behind(of, row))}</td>'
        f'<td class="r {"worse b" if of.is_beyond("funds", row["share"]) else ""}">{esc(share)}</td>'
        f'<td class="r">{esc(mean)} <span class="s note">{esc(words.name(row, "grade"))}</span></td>'
        f'<td class="s last nw {ink}">{level} <span class="note">{esc(risk)}</span></td></tr>'
    )


def _behind(of: Portfolio, row: Record) -> str:
    if row["behind"] is None:
        return of.context.words.say("value.none")
    if not row["behind"]:
        return of.context.words.say("works.even")
    return of.context.words.say(
        "works.late" if row["behind"] > 0 else "works.early", size=number(abs(row["behind"]), 0 if row["behind"] % 1 == 0 else 1)
    )


def _bar(row: Record, *, late: bool) -> str:
    """What is done as a bar, and a stroke where it should be by now; without a figure a dash."""
    if row["actual"] is None:
        return "—"
    stroke = f'<b style="left:{min(row["planned"], 100):.1f}%"></b>' if row["planned"] is not None else ""
    return f'<span class="plan"><i class="{"worse" if late else ""}" style="width:{min(row["actual"], 100):.1f}%"></i>{stroke}</span>'
