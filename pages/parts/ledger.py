"""Draws the ledger of drops and the quarantined rows. Text that came from outside is always escaped."""

from __future__ import annotations

from collections import Counter

from charts.calendar_strip import cell_image
from charts.markup import esc
from data.wording import number, refusal
from pages.parts.context import Context
from pages.parts.periods import naive
from pages.parts.records import Record, Records
from pages.parts.tables import section

LINES, LETTERS = 19, 80
FACES = {"taken": "on_time", "refused": "refused", "waiting": "due", "duplicate": "not_due"}


def clipped(text: object, most: int = LETTERS) -> str:
    """Return text from outside, cut and escaped, with control characters made visible as spaces."""
    plain = "".join(letter if letter.isprintable() else " " for letter in ("" if text is None else str(text)))
    return esc(plain if len(plain) <= most else plain[: most - 1] + "…")


def fault(context: Context, code: object) -> str:
    """Return a reason code with its words."""
    if not code:
        return ""
    head = str(code).partition(":")[0]  # an older snapshot goes on after its code
    words = context.words.label("fault", head)
    return words if words == head else f"{words}（{head}）" if context.words.language == "zh" else f"{words} ({head})"


def room(records: Records) -> int:
    """Return how many rows fit under the calendar of the feeds."""
    return max(LINES - len(records.feeds), 6)


def drop_table(context: Context, records: Records, drops: list[Record]) -> str:
    """Return the newest drops with what became of their rows."""
    words = context.words
    keys = ("drop", "file", "arrived", "rows", "accepted", "quarantined", "skipped", "state", "reason")
    right = {"rows", "accepted", "quarantined", "skipped"}
    heads = "".join(f'<th class="{"r" if key in right else ""}">{esc(words.say(f"feeds.drop_head.{key}"))}</th>' for key in keys)
    body = "".join(_drop(context, drop) for drop in drops[: room(records)])
    if not drops:
        return section(words.say("feeds.drops"), words.say("feeds.none"), "")
    note = words.say("feeds.drops_note", shown=min(len(drops), room(records)), count=len(drops))
    return section(words.say("feeds.drops"), note, f'<div class="scroll"><table><tr class="h">{heads}</tr>{body}</table></div>')


def _drop(context: Context, drop: Record) -> str:
    words = context.words
    word = words.label("drop_state", drop["state"])
    face = cell_image(FACES.get(str(drop["state"]), "due"), context.colours, word)
    moment = naive(drop["arrived_at"])
    why = refusal(words, str(drop["reason"]), str(drop["found"]), str(drop["wanted"])) if drop["wanted"] else ""
    tone = "worse b" if drop["state"] == "refused" else ""
    sizes = "".join(
        f'<td class="r s">{"" if drop[key] is None else number(drop[key])}</td>' for key in ("rows", "accepted", "quarantined", "skipped")
    )
    return (
        f'<tr class="l"><td class="s note">{clipped(drop["drop"], 22)}</td>'
        f'<td class="s cut" style="width:30%" title="{clipped(drop["file"], 200)}">{clipped(drop["file"])}</td>'
        f'<td class="s">{esc(words.day(moment))} {moment:%H:%M}</td>{sizes}<td class="s {tone}">{face} {esc(word)}</td>'
        f'<td class="s last note" title="{clipped(why, 400)}">{esc(fault(context, drop["reason"]))}</td></tr>'
    )


def quarantine_table(context: Context, records: Records, rows: list[Record], drops: list[Record]) -> str:
    """Return the newest quarantined faults: where, why, what was found and wanted; and how many of each kind there are."""
    words = context.words
    if not rows:
        return section(words.say("feeds.quarantined"), words.say("feeds.quarantined_none"), "")
    newest = {drop["drop"]: place for place, drop in enumerate(drops)}
    shown = sorted(rows, key=lambda row: newest.get(row["drop"], len(newest)))[: room(records) * 2 // 3]
    heads = "".join(f"<th>{esc(words.say(f'feeds.row_head.{key}'))}</th>" for key in ("line", "reason", "found", "text"))
    body = "".join(_row(context, records, row) for row in shown)
    note = words.say("feeds.quarantined_note", shown=len(shown), count=number(len(rows)))
    kinds = Counter(str(row["reason"]) for row in rows).most_common()
    listed = words.listed(
        [words.say("feeds.fault_count", fault=words.label("fault", code), count=number(count)) for code, count in kinds], 5
    )
    table = f'<p class="note">{esc(listed)}</p><table class="faults"><tr class="h">{heads}</tr>{body}</table>'
    return section(words.say("feeds.quarantined"), note, table)


def _row(context: Context, records: Records, row: Record) -> str:
    words = context.words
    line = "" if row["line"] is None else words.say("feeds.line", line=number(row["line"]))
    wanted = words.say("feeds.wanted", wanted=str(row["wanted"] or ""))
    return (
        f'<tr class="l"><td class="s">{esc(records.feed_codes.get(row["feed"], row["feed"]))}<div class="note">{esc(line)}</div></td>'
        f'<td class="s"><b>{clipped(row["column"], 20) or esc(words.say("value.none"))}</b>'
        f'<div class="note">{esc(fault(context, row["reason"]))}</div></td>'
        f'<td class="s cut" style="width:34%">{clipped(row["found"])}<div class="note cut">{clipped(wanted)}</div></td>'
        f'<td class="s last cut note" style="width:30%">{clipped(row["text"], 200)}</td></tr>'
    )
