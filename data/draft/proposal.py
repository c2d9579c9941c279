"""Proposes the contract of a sample as YAML that validates as it stands; what a person should settle stands beside it."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from data.contract import Contract
from data.draft.columns import Guess, as_text
from data.draft.sample import Sample, read_sample
from data.draft.tables import TableDraft, known_ids, settle, tables_of
from data.header import find_header
from data.landing import land
from data.layout import drop_period
from data.moments import Surroundings
from data.places import Places
from data.reasons import RefusedError
from data.register import Reference
from data.text import cell_text
from data.wording import Wording, number

NO_FEED = "new_feed"
Period = tuple[str, str, str]  # where it is said, by what pattern, and how long it is
MOST_FAULTS = 0.03  # of a column's cells: with more it is text
_DATES = (
    (re.compile(r"(?<!\d)20\d\d年\d{1,2}月\d{1,2}日"), "{year}年{month}月{day}日", "day"),
    (re.compile(r"(?<!\d)20\d\d年\d{1,2}月"), "{year}年{month}月", "month"),
    (re.compile(r"(?<!\d)20\d\d-\d\d-\d\d(?!\d)"), "{year}-{month}-{day}", "day"),
    (re.compile(r"(?<!\d)20\d\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?!\d)"), "{year}{month}{day}", "day"),
    (re.compile(r"(?<!\d)20\d\d-(0[1-9]|1[0-2])(?!\d)"), "{year}-{month}", "month"),
    (re.compile(r"(?<!\d)20\d\d(0[1-9]|1[0-2])(?!\d)"), "{year}{month}", "month"),
    (re.compile(r"(?<!\d)20\d\d-?Q[1-4](?!\d)"), "{year}*Q{quarter}", "quarter"),
    (re.compile(r"(?<!\d)20\d\d年第?[1-4]季度"), "{year}年*{quarter}季度", "quarter"),
    (re.compile(r"(?<!\d)20\d\d年"), "{year}年", "year"),
)


def draft(path: Path, scratch: Path, reference: Reference, contracts: Mapping[str, Contract], words: Wording, feed: str = NO_FEED) -> str:
    """Return the YAML of a contract for a file; raises RefusedError where the file cannot be read or has no header.

    The doubts are comments in the language of `words`.
    """
    sample = read_sample(path, scratch)
    places, kinds = Places(reference), _kinds(reference)
    period = _period(sample)
    tables = tables_of(sample.sheets, places, kinds, known_ids(list(contracts.values())))
    for _ in range(2):  # what the columns turn out to be may change the key, and a key what a row is
        for table in tables:
            table.doubts.clear()
            _forget_given(table)
            settle(table, kinds, has_period=bool(period))
        faulty = _faulty(sample, tables, reference, places, period, feed)
        if not faulty:
            break
        for table, name in faulty:
            keys = table.columns[name].keys
            table.columns[name] = as_text(str(keys["heading"]), table.cells[name])
            table.columns[name].keys = {"heading": keys["heading"], **table.columns[name].keys}
    return _written(sample, tables, reference, period, words, feed)


def _kinds(reference: Reference) -> list[str]:
    """Return the entity kinds that a cell may name: areas finest first, then the others; never the whole city."""
    areas = list(reversed(reference.city.areas[1:]))
    others = dict.fromkeys(entity.entity_kind for entity in reference.entities)
    return [*areas, *(kind for kind in others if kind not in reference.city.areas)]


def _forget_given(table: TableDraft) -> None:
    for name in [name for name, one in table.columns.items() if "given" in one.keys]:
        del table.columns[name]


def _period(sample: Sample) -> Period | None:
    """Return where the period is said (name, title or sheet), the pattern, and how long it is."""
    titles = [title for one in sample.sheets for title in one.titles]
    for source, texts in (("name", [sample.file]), ("title", titles), ("sheet", [one.sheet.name for one in sample.sheets])):
        for text in texts:
            for form, tokens, every in _DATES:
                if found := form.search(text):
                    after = form.sub("*", text[found.end() :])  # a second date is the end of a span, or when the file was written
                    before = re.sub(r"[{}]", "*", text[: found.start()])
                    return source, f"{before}{tokens}{after}" if source == "name" else f"*{tokens}*", every
    return None


def _contract(sample: Sample, tables: Sequence[TableDraft], reference: Reference, period: Period | None, feed: str) -> dict[str, Any]:
    """Return the contract as plain values; what nobody can guess has a valid placeholder."""
    departments = [entity.entity for entity in reference.entities if entity.entity_kind == "dept"]
    every = period[2] if period else next((table.every for table in tables if table.every), "day")
    first = min((table.first for table in tables if table.first), default=date(2000, 1, 1))
    is_personal = any("mask" in one.keys for table in tables for one in table.columns.values())
    files: dict[str, Any] = {"format": sample.form}
    if any(table.covers == "period" for table in tables):
        source, pattern = period[:2] if period else ("name", _renamed(sample.file))
        files["period"] = {"from": source, "patterns": [pattern]}
    if sample.strange and sample.form == "xlsx":
        files["skip_sheets"] = sample.strange
    name = re.sub(r"[\d_.\-]+$", "", Path(sample.file).stem.split(".")[0]) or feed
    return {
        "feed": feed, "code": "X00", "name": {"zh": name}, "department": departments[0] if departments else "", "owner": name,
        "class": "一般", "grade": 3 if is_personal else 2, "share": "conditional", "since": first.isoformat(), "version": 1,
        "cadence": {"every": every, "due": "08:00"}, "files": files, "tables": {table.name: _plain_table(table, name) for table in tables},
    }  # fmt: skip


def _renamed(file: str) -> str:
    stem, dot, ending = file.partition(".")
    return f"{stem}_{{year}}{{month}}{{day}}{dot}{ending}"


def _plain_table(table: TableDraft, name: str) -> dict[str, Any]:
    sheet = table.sheets[0].sheet.name
    return {
        "name": {"zh": sheet or name}, "kind": table.kind, "key": list(table.key), "time": table.time,
        **({"area": list(table.area)} if table.area else {}), "covers": table.covers,
        **({"every": table.every} if table.kind == "readings" and table.every else {}),
        **({"unit_row": True} if table.sheets[0].has_units else {}),
        "columns": {code: one.keys for code, one in table.columns.items()},
    }  # fmt: skip


def _faulty(
    sample: Sample, tables: Sequence[TableDraft], reference: Reference, places: Places, period: Period | None, feed: str
) -> list[tuple[TableDraft, str]]:
    """Take the sample in by the draft, as the product would; return the columns that too many of its rows fail."""
    contract = Contract.model_validate(_contract(sample, tables, reference, period, feed))
    counts: Counter[tuple[str, str]] = Counter()
    for one in sample.sheets:
        try:
            header = find_header(one.sheet, contract, {})
            titles = [cell_text(cell) for _, cells in one.sheet.rows[: header.body] for cell in cells]
            said = drop_period(contract, sample.file, titles, one.sheet.name)
        except RefusedError:
            continue
        around = Surroundings(said.start if said else None, said.end if said else None)
        given = {"sheet": one.sheet.name, "file": sample.file, "period": said.start if said else None}
        landed = land(
            one.sheet, header, contract.tables[header.table], around, places, strict_width=sample.form == "csv", given=given
        )  # fmt: skip
        counts.update((header.table, fault.column) for fault in landed.faults)
    return [
        (table, name)
        for table in tables
        for name, column in table.columns.items()
        if column.keys["type"] != "text" and counts[table.name, str(column.keys.get("heading", name))] > MOST_FAULTS * table.rows
    ]


def _written(sample: Sample, tables: Sequence[TableDraft], reference: Reference, period: Period | None, words: Wording, feed: str) -> str:
    """Return the YAML, a column a line, doubts as comments."""
    plain = _contract(sample, tables, reference, period, feed)
    sheets = words.say("list.comma").join(one.sheet.name for one in sample.sheets if one.sheet.name)
    rows = number(sum(table.rows for table in tables))
    lines = [
        f"# {words.say('draft.head', file=sample.file, encoding=sample.encoding, sheets=sheets or words.say('value.none'), rows=rows)}"
    ]
    lines += [f"# {words.say(f'draft.{key}')}" for key in ("todo", "placeholders")]
    for key, value in plain.items():
        if key != "tables":
            lines.append(f"{key}: {_flow(value)}" + _remark(words, f"key.{key}"))
    lines.append("tables:")
    for table in tables:
        said = plain["tables"][table.name]
        lines.append(f"  {table.name}:")
        lines += [f"    # {words.say(f'draft.doubt.{code}', **values)}" for code, values in table.doubts]
        lines += [f"    {key}: {_flow(value)}" for key, value in said.items() if key != "columns"]
        lines.append("    columns:")
        lines += [f"      {_flow(code)}: {_flow(one.keys)}{_doubts(words, one)}" for code, one in table.columns.items()]
    return "".join(f"{''.join(letter if letter.isprintable() else ' ' for letter in line)}\n" for line in lines)


def _remark(words: Wording, key: str) -> str:
    return f"  # {words.say(f'draft.{key}')}" if words.has(f"draft.{key}") else ""


def _doubts(words: Wording, one: Guess) -> str:
    said = "; ".join(words.say(f"draft.doubt.{code}", **values) for code, values in one.doubts)
    return f"  # {said}" if said else ""


def _flow(value: Any) -> str:
    """Return a value in YAML's flow form; texts that could be read as something else are quoted."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_flow(key)}: {_flow(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_flow, value)) + "]"
    if isinstance(value, str) and not re.fullmatch(r"[^\W\d]\w*(-\w+)*", value):
        return value if re.fullmatch(r"\d{4}-\d\d-\d\d", value) else json.dumps(value, ensure_ascii=not value.isprintable())
    if isinstance(value, str) and value.lower() in {"true", "false", "yes", "no", "on", "off", "null", "y", "n"}:
        return json.dumps(value)
    return "null" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
