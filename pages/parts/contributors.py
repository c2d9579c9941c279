"""Says who makes a figure what it is: the areas inside, by how many cases each, largest first."""

from __future__ import annotations

from briefing.phrases import absent
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
    is_short = indicator["direction"] == "higher"
    sizes = [(size, row) for row in newest.values() if (size := _size(row, is_short=is_short)) is not None and size > 0]
    if not sizes or (is_short and indicator["unit"] != "%"):
        return ""
    sizes.sort(key=lambda pair: (-pair[0], pair[1]["entity"]))
    total = sum(size for size, _ in sizes)
    rest = sizes[SHOWN:]
    named = [(records.entity_name(row), size) for size, row in sizes[:SHOWN]]
    if rest:
        named.append((words.say("sign.contributors.rest", count=len(rest)), sum(size for size, _ in rest)))
    most = max(size for _, size in named)
    is_bad = indicator["direction"] in {"higher", "lower"}
    inks = ["worse" if is_bad else "ink-2", *["ink-3"] * (SHOWN - 1), "delivered"]
    rows = "".join(_row(name, size, total, size / most, ink) for (name, size), ink in zip(named, inks, strict=False))
    way = "short" if is_short else "high" if indicator["direction"] == "lower" else "all"
    window = indicator["window_days"]
    first = sizes[0][1]
    of_window = bool(window) and first["grain"] == "day" and first["entity_kind"] in str(indicator["window_kinds"]).split(";")
    note = words.say(f"sign.contributors.note_{way}", count=number(total))
    note = words.say("sign.contributors.window", days=int(window)) + note if of_window else note
    return section(words.say(f"sign.contributors.{way}"), note, f'<table class="gave">{rows}</table>')


def _size(row: Record, *, is_short: bool) -> float | None:
    """Return what an area adds; only counts add up."""
    if absent(row["numerator"]) or (row["unit"] == "%" and absent(row["denominator"])):
        return None
    if is_short:
        return float(row["denominator"] or 0) - float(row["numerator"])
    return float(row["numerator"])


def _row(name: str, size: float, total: float, share: float, ink: str) -> str:
    share_text = f"{number(100 * size / total, 0)}%"
    return (
        f'<tr class="l"><td>{esc(name)}</td><td class="r b">{esc(number(size))}</td><td class="r quiet">{share_text}</td>'
        f'<td class="last"><i style="width:{100 * share:.1f}%;background:var(--{ink})"></i></td></tr>'
    )
