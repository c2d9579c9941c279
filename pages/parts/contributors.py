"""Says who makes a figure what it is: the areas inside, by how many cases each, largest first."""

from __future__ import annotations

from briefing.contributed import contributed, is_of_window, way_of
from charts.markup import esc
from data.wording import number
from pages.parts.context import Context
from pages.parts.records import Record, Records
from pages.parts.tables import section

SHOWN = 4


def contributors(context: Context, records: Records, indicator: Record, parts: list[Record]) -> str:
    """Return the areas by what they add, or nothing where figures of areas do not add up; `parts` are in order of time.

    Of a share that should be high it is what is missing from the whole, of all else what was counted.
    """
    words = context.words
    newest: dict[str, Record] = {}
    for row in parts:
        newest[row["entity"]] = row
    sizes = contributed(indicator, newest.values())
    if not sizes:
        return ""
    total = sum(size for _, size in sizes)
    rest = sizes[SHOWN:]
    named = [(records.entity_name(row), size) for row, size in sizes[:SHOWN]]
    if rest:
        named.append((words.say("sign.contributors.rest", count=len(rest)), sum(size for _, size in rest)))
    most = max(size for _, size in named)
    is_bad = indicator["direction"] in {"higher", "lower"}
    inks = ["worse" if is_bad else "ink-2", *["ink-3"] * (SHOWN - 1), "delivered"]
    rows = "".join(_row(name, size, total, size / most, ink) for (name, size), ink in zip(named, inks, strict=False))
    way = way_of(indicator)
    note = words.say(f"sign.contributors.note_{way}", count=number(total))
    if is_of_window(indicator, sizes[0][0]):
        note = words.say("sign.contributors.window", days=int(indicator["window_days"])) + note
    return section(words.say(f"sign.contributors.{way}"), note, f'<table class="gave">{rows}</table>')


def _row(name: str, size: float, total: float, share: float, ink: str) -> str:
    share_text = f"{number(100 * size / total, 0)}%"
    return (
        f'<tr class="l"><td>{esc(name)}</td><td class="r b">{esc(number(size))}</td><td class="r quiet">{share_text}</td>'
        f'<td class="last"><i style="width:{100 * share:.1f}%;background:var(--{ink})"></i></td></tr>'
    )
