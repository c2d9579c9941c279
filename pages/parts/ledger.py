"""Draws the ledger of drops. Text that came from outside is always escaped."""

from __future__ import annotations

from charts.calendar_strip import cell_image
from charts.markup import esc, link
from data.wording import number, refusal
from pages.parts.context import Context
from pages.parts.periods import naive
from pages.parts.records import Record
from pages.parts.tables import section

LETTERS, MOST = 80, 14
FACES = {"taken": "on_time", "refused": "refused", "waiting": "due", "duplicate": "not_due"}
COUNTS = ("rows", "accepted", "quarantined", "skipped", "cleared")


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


def drop_target(context: Context, drop: Record) -> str:
    """Return the address of a drop's receipt."""
    return context.filters.target("feeds", drop=str(drop["drop"]), feed=str(drop["feed"]), part="", indicator="", entity="", grain="")


def drop_table(context: Context, drops: list[Record], *, most: int = MOST) -> str:
    """Return the newest drops of one feed with what became of their rows."""
    words = context.words
    keys = ("drop", "file", "arrived", *COUNTS, "state", "reason")
    heads = "".join(f'<th class="{"r" if key in COUNTS else ""}">{esc(words.say(f"feeds.drop_head.{key}"))}</th>' for key in keys)
    if not drops:
        return section(words.say("feeds.drops"), words.say("feeds.none"), "")
    body = "".join(_drop(context, drop) for drop in drops[:most])
    note = words.say("feeds.drops_note", shown=min(len(drops), most), count=len(drops))
    return section(
        words.say("feeds.drops"), note, f'<div class="scroll"><table class="ledger"><tr class="h">{heads}</tr>{body}</table></div>'
    )


def _drop(context: Context, drop: Record) -> str:
    words, target = context.words, drop_target(context, drop)
    word = words.label("drop_state", drop["state"])
    face = cell_image(FACES.get(str(drop["state"]), "due"), context.colours, word)
    moment = naive(drop["arrived_at"])
    why = refusal(words, str(drop["reason"]), str(drop["found"]), str(drop["wanted"])) if drop["wanted"] else ""
    tone = "worse b" if drop["state"] == "refused" else ""
    sizes = "".join(f'<td class="r s">{"" if drop[key] is None else number(drop[key])}</td>' for key in COUNTS)
    return (
        f'<tr class="l" data-go="{esc(target)}"><td class="s note">{link(target, clipped(drop["drop"], 22))}</td>'
        f'<td class="s cut" style="width:30%" title="{clipped(drop["file"], 200)}">{clipped(drop["file"])}</td>'
        f'<td class="s">{esc(words.day(moment))} {moment:%H:%M}</td>{sizes}<td class="s {tone}">{face} {esc(word)}</td>'
        f'<td class="s last note cut" style="width:22%" title="{clipped(why, 400)}">{esc(fault(context, drop["reason"]))}</td></tr>'
    )
