"""Draws one sign of a theme by area, the worst first, as bars on one axis; who has no figure is named with why."""

from __future__ import annotations

from briefing.phrases import absent, change, level_of, level_word, mark, rank, value_text
from charts.areabar import area_bar, bar_span
from charts.marks import mark_image
from charts.markup import esc, image, link
from charts.palette import LEVELS
from data.themes import Block
from pages.parts.facts import when
from pages.parts.records import Record
from pages.parts.signface import sample
from pages.parts.tables import section, sign_target, tinted, verdict
from pages.parts.themed import Themed
from pages.parts.themetrend import headed, nothing

BAR = 190


def areas(of: Themed, block: Block) -> str:
    """Return one sign by area, the worst first, as bars on one axis with its limits; who has no figure is named below, with why."""
    words, code = of.context.words, str(block.sign)
    indicator = of.records.catalogue[code]
    kind = next(iter(of.records.kinds[1:2]), "")
    rows = [row for row in of.records.latest if row["indicator"] == code and row["entity_kind"] == kind]
    told = [row for row in rows if not absent(row["value"])]
    title, own = headed(of, block, words.say("theme.by_area", name=words.name(indicator), kind=words.label("kind", kind) if kind else ""))
    if not told:
        return section(title, "", nothing(of, words.name(indicator)))
    lines = [(float(indicator[level]), level) for level in LEVELS[1:3] if not absent(indicator[level])]
    shown = sorted(told, key=lambda row: _badness(row, indicator), reverse=True)[: block.most]
    span = bar_span([float(row["value"]) for row in told], [line for line, _ in lines])
    body = "".join(_area(of, row, span, lines) for row in shown)
    whole = of.newest.get(code)
    body += _area(of, whole, span, lines, is_whole=True) if whole and not absent(whole["value"]) else ""
    notes = [own] if own else []
    notes.append(words.say("theme.by_area_note", period=when(of, shown[0])))
    rest = words.say("theme.more", count=len(told) - len(shown)) if len(told) > len(shown) else ""
    below = words.say("list.join").join(filter(None, (rest, _without(of, [row for row in rows if absent(row["value"])]))))
    drawn = f'<table class="rows by-area">{body}</table><p class="note" style="margin-top:4px">{esc(below)}</p>'
    return section(title, words.say("list.join").join(notes), drawn)


def _badness(row: Record, indicator: Record) -> tuple[float, float]:
    return float(rank(row)), -float(row["value"]) if indicator["direction"] == "higher" else float(row["value"])


def _area(of: Themed, row: Record, span: tuple[float, float], lines: list[tuple[float, str]], *, is_whole: bool = False) -> str:
    words, target, level = of.context.words, sign_target(of.context, row), level_of(row)
    name = (
        words.say("entity.whole") if is_whole else of.records.tile_name({"entity_kind": row["entity_kind"], "name_zh": row["entity_name"]})
    )
    bar = area_bar(float(row["value"]), span, lines, of.context.colours, is_beyond=rank(row) > 0, is_quiet=level is None, width=BAR)
    drawn = "" if is_whole else image(bar, f"{name} {value_text(words, row)}", f"width:{BAR}px;height:26px;vertical-align:middle")
    icon = mark_image(mark(row), of.context.colours, level_word(words, row), 15)
    moved = tinted(change(words, row, of.records.catalogue[row["indicator"]], "change_prev"))
    word = level_word(words, row, "level_short") if level else level_word(words, row)
    return (
        f'<tr class="l{" total" if is_whole else ""}" data-go="{esc(target)}"><td>{link(target, esc(name), "b")}</td>'
        f'<td class="r s">{esc(sample(row))}</td><td>{drawn}</td><td class="r b">{esc(value_text(words, row))}</td>'
        f'<td class="s ink-{level}">{icon} {esc(word)}</td><td class="r s last">{moved}</td></tr>'
    )


def _without(of: Themed, rows: list[Record]) -> str:
    """Return who has no figure, by why."""
    words, groups = of.context.words, dict[str, list[str]]()
    for row in rows:
        groups.setdefault(verdict(of.context, of.records, row), []).append(str(row["entity_name"]))
    return words.say("list.join").join(
        words.say("theme.without", names=words.say("list.comma").join(names), why=why) for why, names in groups.items()
    )
