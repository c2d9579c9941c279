"""Guesses what a column holds from its cells: the type that nearly all of them fit, read as the product would read them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from data.contract import Column
from data.moments import Surroundings
from data.parse import LONGEST_TEXT, MISSING_TOKENS, Fault, parser
from data.places import Places
from data.text import cell_text, mask_phone, normal

LEAST_FIT, MOST_TOKENS, MOST_DECIMALS = 0.95, 4, 6
MOST_ALLOWED, TIMES_EACH = 12, 5
NOWHERE = Surroundings(None, None)
_PARENTHESES = re.compile(r"[(（]([^()（）]{1,12})[)）]$")
_TIME_WORDS = re.compile(r"日期|时间|时刻|月份|年月|日$|date|time|day|window|month|期限|截止", re.IGNORECASE)
_PLAN_WORDS = re.compile(r"期限|截止|计划|到期|要求|预计|due|deadline|plan", re.IGNORECASE)
_ID_WORDS = re.compile(r"编号|编码|代码|单号|序号|文号|电话|号$|code|id$|no\.?$", re.IGNORECASE)
_NAME_WORDS = re.compile(r"姓名|联系人|当事人|来电人|反映人|负责人")
_SHARE_WORDS = re.compile(r"[率比]$|百分比|%|percent|ratio", re.IGNORECASE)
_SENTINELS = frozenset({-1, -9, -99, -999, -9999, 999, 9999, 99999})
_WITH_UNIT = re.compile(r"[-+]?[\d.,]+\s*([^\d\s.,%/:-]{1,6})")
_FORMS = ("%Y-%m", "%Y年%m月", "%Y/%m", "%Y%m", "%d/%m/%Y", "%d/%m/%Y %H:%M", "%d/%m/%Y %H:%M:%S", "%m/%d/%Y", "%m/%d/%Y %H:%M",
          "%m/%d/%Y %H:%M:%S", "%m/%d/%Y %I:%M:%S %p", "%Y-%m-%dT%H:%M:%S.%f")  # fmt: skip


@dataclass(slots=True)
class Guess:
    """The keys of a column in the grammar, and codes of doubts that a person should settle (`draft.doubt.*` of the wording)."""

    keys: dict[str, Any]
    doubts: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def doubt(self, code: str, **values: Any) -> None:
        """Note a doubt."""
        self.doubts.append((code, values))


def guess(heading: str, cells: Sequence[Any], places: Places, kinds: Sequence[str]) -> Guess:
    """Return what a column of that heading holds; `kinds` are the entity kinds of the city, finest first."""
    said = [cell for cell in cells if normal(cell_text(cell)) not in MISSING_TOKENS]
    if not said:
        found = Guess({"type": "text"})
        found.doubt("empty")
        return found
    attempts: tuple[Callable[[str, list[Any]], Guess | None], ...] = (
        _boolean, lambda _, of: _entity(of, places, kinds), _moment, _number,
    )  # fmt: skip
    for attempt in attempts:
        guessed = attempt(heading, said)
        if guessed:
            return guessed
    return _text(heading, said)


def as_text(heading: str, cells: Sequence[Any]) -> Guess:
    """Return the guess that fits any cell."""
    found = _text(heading, [cell for cell in cells if normal(cell_text(cell)) not in MISSING_TOKENS])
    found.keys.pop("allowed", None)
    found.doubt("mixed")
    return found


def fit(keys: dict[str, Any], cells: Sequence[Any]) -> tuple[float, list[Any], Counter[str]]:
    """Return the share of cells that are read, their values, and the texts of the others."""
    read = parser(Column(heading=("-",), **keys), NOWHERE)
    values = [(cell, read(cell)) for cell in cells]
    bad = Counter(normal(cell_text(cell)) for cell, value in values if isinstance(value, Fault))
    good = [value for _, value in values if value is not None and not isinstance(value, Fault)]
    return len(good) / len(cells), good, bad


def _boolean(heading: str, cells: list[Any]) -> Guess | None:
    texts = {normal(cell_text(cell)).lower() for cell in cells}
    words = {"是", "否", "true", "false", "yes", "no", "y", "n"}
    if texts <= words or (heading.startswith("是否") and texts <= words | {"0", "1"}):
        return Guess({"type": "boolean"})
    return None


def _entity(cells: list[Any], places: Places, kinds: Sequence[str]) -> Guess | None:
    counted = Counter(normal(cell_text(cell)) for cell in cells)
    best: tuple[float, str, list[str]] = (0.0, "", [])
    for kind in kinds:
        known = {text for text in counted if places.find(kind, text)}
        share = sum(counted[text] for text in known) / len(cells)
        if known and share > best[0]:
            best = (share, kind, sorted(counted.keys() - known))
    if best[0] < 1 - 2 * (1 - LEAST_FIT):
        return None
    found = Guess({"type": "entity", "kind": best[1]})
    if best[2]:
        found.doubt("aliases", names="、".join(best[2][:5]))
    return found


def _moment(heading: str, cells: list[Any]) -> Guess | None:
    numeric = all(isinstance(cell, int | float | Decimal) or normal(cell_text(cell)).replace(".", "").isdigit() for cell in cells)
    if numeric and not _TIME_WORDS.search(heading):
        return None
    best: tuple[float, str, list[Any]] = (0.0, "", [])
    for form in ("", *(("epoch_s", "epoch_ms") if numeric else ()), *_FORMS):
        share, values, _ = fit({"type": "timestamp", "format": form} if form else {"type": "timestamp"}, cells)
        if share > best[0] + 0.001:
            best = (share, form, values)
    share, form, values = best
    if share < LEAST_FIT or (numeric and form.startswith("epoch") and values and values[0].year < 2000):
        return None
    is_date = all(value.time() == time() for value in values)
    found = Guess({"type": "date" if is_date else "timestamp"} | ({"format": form} if form else {}))
    if "%d/%m" in form and fit({"type": "timestamp", "format": form.replace("%d/%m", "%m/%d")}, cells)[0] >= LEAST_FIT:
        found.doubt("day_first")
    if _PLAN_WORDS.search(heading):
        found.keys["ahead"] = None
        found.doubt("plan")
    return found


def _number(heading: str, cells: list[Any]) -> Guess | None:
    texts = [normal(cell_text(cell)) for cell in cells]
    unit = said[1] if (said := _PARENTHESES.search(heading)) else ""
    bare = _PARENTHESES.sub("", heading)
    is_code = any(text[:1] == "0" and text[1:].isdigit() for text in texts) or any(len(text) >= 12 and text.isdigit() for text in texts)
    if is_code or (_ID_WORDS.search(bare) and not unit):
        return None
    suffixes = Counter(one[1] for text in texts if (one := _WITH_UNIT.fullmatch(text)))
    if not unit and len(suffixes) == 1 and next(iter(suffixes)) not in {"万", "亿"}:
        unit = next(iter(suffixes))
    keys: dict[str, Any] = {"type": "number"} | ({"unit": unit} if unit and unit != "%" else {})
    if _SHARE_WORDS.search(heading) and (any(text.endswith("%") for text in texts) or unit == "%"):
        keys = {"type": "percent", "unit": "%"}
    share, values, bad = fit(keys, cells)
    tokens = [text for text, _ in bad.most_common() if not any(letter.isdigit() for letter in text)] if len(bad) <= MOST_TOKENS else []
    if share < LEAST_FIT and not (tokens and share + sum(bad[text] for text in tokens) / len(cells) >= LEAST_FIT and share >= 0.5):
        return None
    found = Guess(keys)
    _limits(found, [Decimal(f"{float(value):.15g}") for value in values], tokens, texts)
    if "decimals" in keys and fit(keys, cells)[0] < share:
        del keys["decimals"]  # some are written with the noise of binary floats behind them
    return found


def _limits(found: Guess, values: list[Decimal], tokens: list[str], texts: list[str]) -> None:
    """Settle whole numbers, decimals, scale, sentinels and range."""
    keys = found.keys
    odd = sorted({value for value in values if value in _SENTINELS})
    rest = [value for value in values if value not in _SENTINELS]
    if odd and rest and odd[0] < 0 <= min(rest):
        tokens = [*tokens, *(f"{value:f}" for value in odd if value < 0)]
        values = [value for value in values if value >= 0]
    if tokens:
        keys["missing"] = tokens
        found.doubt("tokens", tokens="、".join(tokens))
    if keys["type"] == "percent":
        if values and max(values) <= 1 and not any(text.endswith("%") for text in texts):
            keys["scale"] = "fraction"
            found.doubt("fraction")
    elif all(value == value.to_integral_value() for value in values):
        keys["type"] = "integer"
    else:
        places = max(-int(value.normalize().as_tuple().exponent) for value in values)
        if places <= MOST_DECIMALS:
            keys["decimals"] = places
    high = 100 if keys["type"] == "percent" else None
    if any(value < 0 or (high is not None and value > high) for value in values):
        keys["range"] = [None, None]
        found.doubt("range", low=f"{min(values):f}", high=f"{max(values):f}")


def _text(heading: str, cells: list[Any]) -> Guess:
    texts = [normal(cell_text(cell)) for cell in cells]
    found, counted = Guess({"type": "text"}), Counter(texts)
    if any(mask_phone(text) != text for text in texts):
        found.keys |= {"mask": ["phone"], "grade": 3}
        found.doubt("phone")
    if _NAME_WORDS.search(heading):
        found.keys |= {"mask": [*found.keys.get("mask", []), "name"], "grade": 3}
        found.doubt("name")
    if any(len(text) > LONGEST_TEXT for text in texts):
        found.doubt("long")
    is_closed = 1 < len(counted) <= MOST_ALLOWED and len(texts) >= TIMES_EACH * len(counted)
    if is_closed and "mask" not in found.keys and all(len(text) <= 12 for text in counted):
        found.keys["allowed"] = [text for text, _ in counted.most_common()]
        found.doubt("allowed")
    return found


def first_day(values: Sequence[Any]) -> date | None:
    """Return the earliest day of some moments."""
    days = [value.date() if isinstance(value, datetime) else value for value in values]
    return min(days, default=None)
