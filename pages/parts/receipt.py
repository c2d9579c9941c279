"""Draws the receipt of one drop: what came, what became of its rows, what did not fit, which signs it touches."""

from __future__ import annotations

from datetime import timedelta

from charts.markup import esc, link
from data.wording import number, refusal
from pages.parts.arrivals import feed_target
from pages.parts.context import Context
from pages.parts.counts import open_rows
from pages.parts.ledger import clipped, fault
from pages.parts.periods import naive
from pages.parts.records import Record, Records, listed
from pages.parts.tables import section

MOST = 60  # rows on the page; the workbook has them all
Pair = tuple[str, str]


def receipt(context: Context, records: Records, drop: Record, spoken: list[Record], faults: list[Record]) -> str:
    """Return the receipt; `spoken` is what the drop speaks for, `faults` its quarantined rows."""
    words = context.words
    title = words.say("receipt.title", drop=drop["drop"])
    left = section(title, words.label("drop_state", drop["state"]), _pairs(_facts(context, drop, spoken)))
    return f'<div class="slip"><div>{left}{_touched(context, records, drop, spoken)}</div>{_faults(context, faults)}</div>'


def way_back(context: Context, records: Records, drop: Record) -> str:
    """Return the link back to the feed of a drop."""
    back = context.words.say("feeds.back", feed=_feed(records, drop))
    return f'<p class="note" style="padding:10px 0">{link(feed_target(context, str(drop["feed"])), esc(back), "b")}</p>'


def lineage(context: Context, records: Records, feed: str) -> str:
    """Return the signs that rest on a feed, as links to their pages."""
    words = context.words
    rows = "".join(_sign(context, row) for row in _resting(records, feed))
    if not rows:
        return section(words.say("feeds.lineage"), words.say("feeds.lineage_none"), "")
    return section(words.say("feeds.lineage"), words.say("feeds.lineage_note"), f'<div class="chips">{rows}</div>')


def _resting(records: Records, feed: str) -> list[Record]:
    return [row for row in records.catalogue.values() if feed in listed(row["feed"])]


def _sign(context: Context, indicator: Record) -> str:
    target = context.filters.target("sign", indicator=indicator["indicator"], entity="", grain="")
    return link(target, esc(context.words.name(indicator)), "mark")


def _feed(records: Records, drop: Record) -> str:
    return records.feed_names.get(str(drop["feed"]), str(drop["feed"]))


def _pairs(pairs: list[Pair]) -> str:
    rows = "".join(f"<tr class='l'><td>{esc(name)}</td><td>{value}</td></tr>" for name, value in pairs)
    return f'<table class="defs">{rows}</table>'


def _facts(context: Context, drop: Record, spoken: list[Record]) -> list[Pair]:
    words = context.words
    count = {key: number(int(drop[key] or 0)) for key in ("rows", "accepted", "quarantined", "skipped", "records", "revised", "cleared")}
    why = refusal(words, str(drop["reason"]), str(drop["found"] or ""), str(drop["wanted"] or "")) if drop["wanted"] else ""
    covers = [
        words.say("receipt.said.covers", table=clipped(one["table_name"], 40), start=_day(context, one["covers_from"]),
                  end=_day(context, naive(one["covers_to"]) - timedelta(seconds=1)))
        for one in spoken
    ]  # fmt: skip
    pairs = [
        ("file", clipped(drop["file"], 200)),
        ("sha256", f"<code>{clipped(drop['sha256'], 64)}</code>"),
        ("encoding", clipped(drop["encoding"] or words.say("value.none"))),
        ("arrived", esc(words.moment(naive(drop["arrived_at"])))),
        ("taken", esc(words.moment(naive(drop["taken_at"]))) if drop["taken_at"] is not None else esc(words.say("value.none"))),
        ("rows", esc(words.say("receipt.balance", **count))),
        ("records", esc(words.say("receipt.said.records", **count))),
        ("open", esc(words.say("receipt.said.open", open=number(open_rows(drop)), cleared=count["cleared"]))),
        ("control", clipped(drop["control"], 300) or esc(words.say("receipt.control_none"))),
        ("covers", "<br>".join(covers) or esc(words.say("receipt.covers_none"))),
    ]
    if drop["reason"]:
        pairs.insert(0, ("why", f'<b class="worse">{clipped(why or fault(context, drop["reason"]), 600)}</b>'))
    return [(words.say(f"receipt.{key}"), value) for key, value in pairs]


def _day(context: Context, moment: object) -> str:
    return context.words.full_day(naive(moment))


def _touched(context: Context, records: Records, drop: Record, spoken: list[Record]) -> str:
    """Say which signs the drop has a part in, where it was taken."""
    words = context.words
    tables = {one["table"] for one in spoken}
    mine = [
        row for row in _resting(records, str(drop["feed"])) if drop["state"] == "taken" and (not row["table"] or row["table"] in tables)
    ]
    body = "".join(_sign(context, row) for row in mine)
    note = words.say("receipt.touched_note", count=len(mine)) if mine else words.say("receipt.touched_none")
    return f'<div style="margin-top:14px">{section(words.say("receipt.touched"), note, f"<div class=chips>{body}</div>")}</div>'


def _faults(context: Context, faults: list[Record]) -> str:
    words = context.words
    if not faults:
        return section(words.say("receipt.faults"), words.say("receipt.faults_none"), "")
    heads = "".join(f"<th>{esc(words.say(f'feeds.row_head.{key}'))}</th>" for key in ("line", "reason", "found", "text"))
    body = "".join(_row(context, row) for row in faults[:MOST])
    note = words.say("receipt.faults_note", shown=number(min(len(faults), MOST)), count=number(len(faults)))
    return section(words.say("receipt.faults"), note, f'<table class="faults"><tr class="h">{heads}</tr>{body}</table>')


def _row(context: Context, row: Record) -> str:
    words = context.words
    line = "" if row["line"] is None else words.say("feeds.line", line=number(row["line"]))
    wanted = words.say("feeds.wanted", wanted=str(row["wanted"] or ""))
    place = words.say("list.pair", first=str(row["sheet"]), second=line) if row["sheet"] else line
    cleared = (
        ""
        if row["cleared_by"] is None
        else words.say("receipt.cleared_by", drop=row["cleared_by"], moment=_day(context, row["cleared_at"]))
    )
    return (
        f'<tr class="l"><td class="s">{clipped(place, 30)}<div class="note better">{esc(cleared)}</div></td>'
        f'<td class="s"><b>{clipped(row["column"], 24) or esc(words.say("returned.row"))}</b>'
        f'<div class="note">{esc(fault(context, row["reason"]))}</div></td>'
        f'<td class="s cut" style="width:34%" title="{clipped(row["found"], 200)}">{clipped(row["found"])}'
        f'<div class="note cut">{clipped(wanted)}</div></td>'
        f'<td class="s last cut note" style="width:30%" title="{clipped(row["text"], 400)}">{clipped(row["text"], 200)}</td></tr>'
    )
