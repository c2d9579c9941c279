"""Draws what lies in quarantine: the newest drops with faults, what does not fit in words, and what happens next."""

from __future__ import annotations

from collections import Counter
from typing import Any

from charts.markup import esc, link
from data.wording import number, refusal
from pages.parts.context import Context
from pages.parts.counts import open_rows
from pages.parts.ledger import clipped, drop_target, fault
from pages.parts.periods import naive
from pages.parts.records import Record, Records
from pages.parts.tables import section

KINDS = 2  # kinds of faults that are told of a drop
LETTERS = 60


def quarantine(context: Context, records: Records, drops: list[Record], faults: list[Record], *, most: int) -> str:
    """Return the newest drops that were refused or hold rows that nobody has put right."""
    words = context.words
    unsettled = [drop for drop in drops if drop["state"] == "refused" or open_rows(drop)]
    if not unsettled:
        last = next((drop for drop in drops if drop["quarantined"]), None)
        note = words.say("feeds.quarantine_last", moment=_moment(context, last)) if last else ""
        return section(words.say("feeds.quarantined"), words.say("feeds.quarantined_none"), f'<p class="note">{esc(note)}</p>')
    by_drop: dict[Any, list[Record]] = {}
    for row in faults:
        if row["cleared_by"] is None:
            by_drop.setdefault(row["drop"], []).append(row)
    shown = unsettled[:most]
    body = "".join(_drop(context, records, drop, by_drop.get(drop["drop"], [])) for drop in shown)
    note = words.say("feeds.quarantined_note", shown=len(shown), count=number(len(unsettled)))
    return section(words.say("feeds.quarantined"), note, f'<table class="held">{body}</table>')


def _drop(context: Context, records: Records, drop: Record, faults: list[Record]) -> str:
    words, target = context.words, drop_target(context, drop)
    code = records.feed_codes.get(str(drop["feed"]), str(drop["feed"]))
    name = words.name(next((feed for feed in records.feeds if feed["feed"] == drop["feed"]), {})) or str(drop["feed"])
    head = f'<b>{link(target, f"{esc(code)} {clipped(name, 20)}")}</b><div class="note">{esc(_moment(context, drop))}</div>'
    if drop["state"] == "refused":
        said = refusal(words, str(drop["reason"]), str(drop["found"] or ""), str(drop["wanted"] or "")) if drop["wanted"] else ""
        lines = [f'<span title="{clipped(said, 400)}">{clipped(said or fault(context, drop["reason"]), LETTERS * 2)}</span>']
        after = words.say("feeds.after_refused")
    else:
        lines = [_kind(context, column, reason, rows) for (column, reason), rows in _kinds(faults)[:KINDS]]
        more = len(_kinds(faults)) - KINDS
        after = words.say("feeds.after_rows", open=number(open_rows(drop)), rows=number(int(drop["quarantined"] or 0)))
        if more > 0:
            lines.append(esc(words.say("feeds.more_kinds", count=more)))
    tone = " worse" if drop["state"] == "refused" else ""
    cells = "".join(f'<div class="cut">{line}</div>' for line in lines)
    return (
        f'<tr class="l" data-go="{esc(target)}"><td class="s{tone}">{head}</td><td class="s cut" style="width:58%">{cells}</td>'
        f'<td class="s last note wrap">{esc(after)}</td></tr>'
    )


def _kinds(faults: list[Record]) -> list[tuple[tuple[str, str], list[Record]]]:
    """Return the faults of a drop by column and reason, most frequent first."""
    counted = Counter((str(row["column"] or ""), str(row["reason"])) for row in faults)
    return [(kind, [row for row in faults if (str(row["column"] or ""), str(row["reason"])) == kind]) for kind, _ in counted.most_common()]


def _kind(context: Context, column: str, reason: str, rows: list[Record]) -> str:
    words = context.words
    first = rows[0]
    said = words.say(
        "feeds.kind",
        column=column or words.say("returned.row"), fault=words.label("fault", reason), count=number(len(rows)),
        found=str(first["found"] or words.say("value.none")), wanted=str(first["wanted"] or ""),
    )  # fmt: skip
    return f'<span title="{clipped(said, 400)}">{clipped(said, LETTERS * 2)}</span>'


def _moment(context: Context, drop: Record) -> str:
    moment = naive(drop["arrived_at"])
    return f"{context.words.day(moment)} {moment:%H:%M}"
