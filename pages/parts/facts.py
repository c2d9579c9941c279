"""Tells the newest figure of a sign in one line of HTML: value, period, changes, level and why; where it has none, what is known."""

from __future__ import annotations

from briefing.phrases import absent, change, level_of, level_word, mark, value_text
from briefing.standing import standing
from charts.marks import mark_image
from charts.markup import esc
from pages.parts.periods import period_name
from pages.parts.records import Record
from pages.parts.tables import tinted, verdict
from pages.parts.themed import Themed


def when(of: Themed, sign: Record) -> str:
    """Return the period, and of a slow sign whether the figure is still provisional."""
    words = of.context.words
    said = [period_name(words, sign["grain"], sign["start"])]
    if sign["grain"] in {"month", "quarter", "year"} and not absent(sign["vintage"]) and not absent(sign["value"]):
        said.append(words.label("vintage", sign["vintage"]))
    return words.say("list.comma").join(said)


def changes(of: Themed, sign: Record) -> list[tuple[str, str]]:
    """Return its changes as HTML behind what each is set against: a day with its weekday, a longer period with the one before."""
    words, indicator = of.context.words, of.records.catalogue[sign["indicator"]]
    is_day = sign["grain"] == "day"
    against = words.say("change.week") if is_day else words.label("change.prev", sign["grain"])
    pairs = [(against, "change_week" if is_day else "change_prev"), (words.say("change.year"), "change_year")]
    return [(esc(name), tinted(change(words, sign, indicator, field))) for name, field in pairs]


def absence(of: Themed, sign: Record) -> tuple[str, str]:
    """Return how a sign without a value stands, and why, with what was known last."""
    stands = standing(
        of.context.words, of.past(sign["indicator"]) or [sign], of.records.catalogue[sign["indicator"]], of.records.feed_codes
    )
    if stands is None:
        return level_word(of.context.words, sign), ""
    return stands.head, stands.known


def fact(of: Themed, sign: Record) -> str:
    """Return the line."""
    words, level = of.context.words, level_of(sign)
    picture = mark_image(mark(sign), of.context.colours, level_word(words, sign), 15)
    if absent(sign["value"]):
        head, known = absence(of, sign)
        said = words.say("theme.absent", period=when(of, sign), state=head)
        return f'<p class="note fact">{picture} <b>{esc(said)}</b>　{esc(known)}</p>'
    beside = "　".join(f"{against} {moved}" for against, moved in changes(of, sign))
    why = f'<span class="ink-{level}">{esc(verdict(of.context, of.records, sign))}</span>'
    return f'<p class="note fact"><b>{esc(value_text(words, sign))}</b>　{esc(when(of, sign))}　{beside}　{picture} {why}</p>'
