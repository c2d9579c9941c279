"""Draws what one count is made of, by part and area: a table whose framed figures are beyond what is usual there."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from briefing.phrases import absent, change, level_of, level_word, mark, period_name, rank
from charts.marks import mark_image
from charts.markup import esc, link
from data.periods import GRAINS, floor, step
from data.themes import Block
from data.wording import number
from pages.parts.records import Record, plain
from pages.parts.tables import section, sign_target, tinted
from pages.parts.themed import Themed
from pages.parts.themetrend import headed, nothing


@dataclass(frozen=True)
class Makeup:
    """A count of the last complete period that it and all its parts are told for, and its parts, by area."""

    of: Themed
    block: Block

    @property
    def codes(self) -> list[str]:
        """The count itself, then its parts."""
        return [code for code in self.block.named if code in self.of.records.catalogue]

    @property
    def grain(self) -> str:
        """The finest grain that all of them have."""
        return max((str(self.of.records.catalogue[code]["cadence"]) for code in self.codes), key=GRAINS.index)

    @cached_property
    def cells(self) -> dict[tuple[str, str], Record]:
        """The signs of that period, by entity and indicator."""
        last = step(floor(self.of.reading.as_of.replace(tzinfo=None), self.grain), self.grain, -1)
        frame = self.of.reading.frame("signs", indicator=tuple(self.codes), grain=self.grain, start=last)
        return {(row["entity"], row["indicator"]): row for row in plain(frame[frame["start"] == last])}

    @property
    def whole(self) -> Record:
        """The whole city, of the register."""
        kinds = self.of.records.kinds
        return next(row for row in self.of.records.entities if row["entity_kind"] == kinds[0])

    def size(self, entity: str, code: str) -> float | None:
        """Return a figure; None where there is none."""
        row = self.cells.get((entity, code))
        return None if row is None or absent(row["value"]) else float(row["value"])

    @cached_property
    def parts(self) -> list[str]:
        """The parts, the largest of the whole city first."""
        sizes = {code: self.size(self.whole["entity"], code) for code in self.codes[1:]}
        return sorted(sizes, key=lambda code: -1.0 if sizes[code] is None else sizes[code] or 0.0, reverse=True)

    @cached_property
    def areas(self) -> list[Record]:
        """The areas that the count is told for, the largest first; what lies in none comes last."""
        kinds = self.of.records.kinds[1:2]
        rows = [row for row in self.of.records.entities if row["entity_kind"] in kinds and (row["entity"], self.codes[0]) in self.cells]
        return sorted(rows, key=lambda row: (row["note"] == "unassigned", -(self.size(row["entity"], self.codes[0]) or 0.0)))

    def rest(self, entity: str) -> float | None:
        """Return what no part counts; None where that is not told, or one of them is not known."""
        sizes = [self.size(entity, code) for code in self.codes]
        if self.block.rest is None or any(size is None for size in sizes):
            return None
        left = (sizes[0] or 0.0) - sum(size or 0.0 for size in sizes[1:])
        return left if left >= 0 else None

    def part_name(self, code: str) -> str:
        """Return what the column of a part is called."""
        part = next(part for part in self.block.parts if part.sign == code)
        return self.of.context.words.name(part.name.model_dump(), "")


def makeup(of: Themed, block: Block) -> str:
    """Return the table with its sentence: which part is largest, and which grew most."""
    made, words = Makeup(of, block), of.context.words
    indicator = of.records.catalogue.get(str(block.sign))
    title, own = headed(of, block, words.name(indicator) if indicator else "")
    total = made.cells.get((made.whole["entity"], str(block.sign))) if indicator else None
    if indicator is None or total is None or absent(total["value"]):
        return section(title, own, nothing(of, title))
    note = words.say("theme.makeup_note", period=period_name(words, made.grain, total["start"]), unit=indicator["unit"])
    heads = [words.label("kind", of.records.kinds[1]) if len(of.records.kinds) > 1 else "", *map(made.part_name, made.parts)]
    heads += [words.name(block.rest.model_dump(), "")] if block.rest else []
    heads += [words.say("theme.total"), words.label("change.prev", made.grain)]
    cells = "".join(f'<th class="{"r" if place else ""}">{esc(head)}</th>' for place, head in enumerate(heads))
    body = "".join(_row(made, row) for row in made.areas) + _row(made, made.whole, is_whole=True)
    below = "".join(_changes(made, field) for field in ("change_prev", "change_year"))
    table = f'<div class="scroll"><table class="rows makeup"><tr class="h">{cells}</tr>{body}{below}</table></div>'
    return section(title, note, f'<p class="note">{esc(_sentence(made, total))}</p>{table}')


def _row(made: Makeup, entity: Record, *, is_whole: bool = False) -> str:
    words, code = made.of.context.words, entity["entity"]
    name = words.say("entity.whole") if is_whole else made.of.records.tile_name(entity)
    cells = "".join(_cell(made, code, part, is_whole=is_whole) for part in made.parts)
    if made.block.rest:
        left = made.rest(code)
        cells += f'<td class="r">{words.say("value.none") if left is None else number(left)}</td>'
    total = made.cells[(code, made.codes[0])]
    moved = tinted(change(words, total, made.of.records.catalogue[made.codes[0]], "change_prev"))
    cells += _cell(made, code, made.codes[0], is_whole=True) + f'<td class="r s last">{moved}</td>'
    return f'<tr class="l{" total" if is_whole else ""}"><td class="b">{esc(name)}</td>{cells}</tr>'


def _cell(made: Makeup, entity: str, code: str, *, is_whole: bool) -> str:
    words, row = made.of.context.words, made.cells.get((entity, code))
    if row is None:
        return f'<td class="r quiet">{words.say("value.none")}</td>'
    said = number(row["value"]) if not absent(row["value"]) else level_word(words, row)
    body = link(sign_target(made.of.context, row), esc(said), "b" if is_whole else "quiet" if absent(row["value"]) else "")
    if rank(row) <= 0:
        return f'<td class="r">{body}</td>'
    icon = mark_image(mark(row), made.of.context.colours, level_word(words, row), 13)
    return f'<td class="r"><span class="framed ink-{level_of(row)}">{icon} {body}</span></td>'


def _changes(made: Makeup, field: str) -> str:
    """Return a row of changes of the whole city."""
    words, code, catalogue = made.of.context.words, made.whole["entity"], made.of.records.catalogue
    name = words.label("change.prev", made.grain) if field == "change_prev" else words.say("change.year")

    def told(part: str) -> str:
        row = made.cells.get((code, part))
        return tinted(change(words, row, catalogue[part], field)) if row else esc(words.say("value.none"))

    cells = "".join(f'<td class="r s">{told(part)}</td>' for part in made.parts)
    cells += "<td></td>" if made.block.rest else ""
    return f'<tr class="l"><td class="note">{esc(name)}</td>{cells}<td class="r s">{told(made.codes[0])}</td><td></td></tr>'


def _sentence(made: Makeup, total: Record) -> str:
    words, code = made.of.context.words, made.whole["entity"]
    known = [part for part in made.parts if made.size(code, part) is not None]
    if not known:
        return words.say("theme.nothing", name=words.name(made.of.records.catalogue[made.codes[0]]))
    first, size = known[0], made.size(code, known[0]) or 0.0
    share = number(100 * size / float(total["value"]), 1) if float(total["value"]) else "0"
    said = [words.say("theme.first", name=made.part_name(first), size=number(size), unit=total["unit"], share=share)]
    moved = [part for part in known if not absent(made.cells[(code, part)]["difference_prev"])]
    most = max(moved, key=lambda part: float(made.cells[(code, part)]["difference_prev"]), default=None)
    if most is not None and float(made.cells[(code, most)]["difference_prev"]) > 0:
        size, against = float(made.cells[(code, most)]["difference_prev"]), words.label("change.prev", made.grain)
        said.append(words.say("theme.grew", against=against, name=made.part_name(most), size=number(size), unit=total["unit"]))
    if any(rank(row) > 0 for row in made.cells.values()):
        said.append(words.say("theme.framed"))
    return words.say("list.join").join(said)
