"""Files the desk's own report: each finished day as a drop in the inbox, under the city's contract whose `source` is the desk.

So what people did about alerts is archived, explained row by row and rebuilt like the figures of any department. A day on which
nothing was said or done is a 零报告. A day is filed again only where somebody has acted on it since.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime, time, timedelta
from hashlib import sha256
from typing import Any

import pandas as pd

from data import alerted, inbox, journal, zeroreport
from data.contract import Contract, Table
from data.desk.action import Action, Head
from data.desk.daybook import DAY, Line, daybooks
from data.desk.worked import Work, actions_of, work_of, worked
from data.register import Reference
from data.settings import Settings
from data.snapshots import NoSnapshotError, open_snapshot

DESK = "desk"


def file_days(settings: Settings, contracts: Mapping[str, Contract], reference: Reference, as_of: datetime, desk: Head | None) -> int:
    """Lay what the desk has to report by now into the inbox; returns how many files. `desk` is how far it has come.

    The newest snapshot says which alerts there are. Raises DefinitionError for terms that are none.
    """
    contract = next((one for one in contracts.values() if one.source == DESK), None)
    local = as_of.astimezone(reference.city.zone).replace(tzinfo=None)
    if contract is None or contract.since >= local.date():
        return 0
    (name, table), laid = next(iter(contract.tables.items())), _laid(settings, contract)
    filed = {day for day in _span(contract.since, local.date()) if {_file(contract, day), _zero(name, day)} & laid.keys()}
    before = (journal.last_refresh(settings) or {}).get("desk") or {"number": 0}
    actions = actions_of(settings, desk.number) if desk else []
    acted = (one.moment.astimezone(reference.city.zone).date() for one in actions if one.number > before["number"])
    moved = min(acted, default=local.date())
    owed = [day for day in _span(contract.since, local.date()) if day not in filed or day >= moved]
    if not owed:
        return 0
    work = work_of(settings)
    books = daybooks(_alerts(settings, actions, work, local), actions, work.terms, work.clock, work.zone, local.date())
    count = 0
    for day in owed:
        arrived_at = as_of
        if reference.city.clock and day not in filed:  # of a clock that stands the report has come when it was promised
            promised = datetime.combine(day + DAY, time.fromisoformat(contract.cadence.due), tzinfo=reference.city.zone)
            arrived_at = min(as_of, promised)
        if lines := books.get(day):
            file, content = _file(contract, day), _content(table, lines, work, reference)
            if laid.get(file) != sha256(content).hexdigest():
                inbox.lay(settings, contract, file, content, arrived_at)
                count += 1
        elif day not in filed:
            inbox.lay_zero_report(settings, contract, name, day.isoformat(), arrived_at)
            count += 1
    return count


def _alerts(settings: Settings, actions: Sequence[Action], work: Work, now: datetime) -> list[dict[str, Any]]:
    """Return the alerts that were raised or reported, as they stand in the newest snapshot."""
    try:
        frame = alerted.alerts(settings, open_snapshot(settings))
    except NoSnapshotError:  # what people reported is an alert all the same
        frame = pd.DataFrame(columns=list(alerted.SHOWN_COLUMNS))
    rows = worked(frame, actions, work, now)[0].to_dict("records")
    return [{str(name): value for name, value in row.items()} | {"said_at": row["said_at"].to_pydatetime()} for row in rows]


def _laid(settings: Settings, contract: Contract) -> dict[str, str]:
    """Return the files that were filed before, each with the sum of its last bytes."""
    return {arrival.file: arrival.sha256 for arrival in journal.arrivals(settings) if arrival.feed == contract.feed}


def _span(first: date, end: date) -> list[date]:
    return [first + timedelta(days=count) for count in range((end - first).days)]


def _file(contract: Contract, day: date) -> str:
    """Return the name of a day's file, by the first pattern of the contract."""
    assert contract.files.period
    pattern = contract.files.period.patterns[0].replace("*", "")
    return pattern.format(year=f"{day:%Y}", month=f"{day:%m}", day=f"{day:%d}")


def _zero(table: str, day: date) -> str:
    return zeroreport.file_name(table, day.isoformat())


def _content(table: Table, lines: Sequence[Line], work: Work, reference: Reference) -> bytes:
    """Return a book as CSV under the headings of the contract; a unit stands in the column of its kind."""
    columns = {name: column for name, column in table.columns.items() if column.heading}
    kinds = {one.entity: one.entity_kind for one in reference.entities if one.entity in work.units}
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([column.heading[0] for column in columns.values()])
    for line in lines:
        facts = asdict(line)
        unit = {kinds[line.unit]: work.units[line.unit]} if line.unit in kinds else {}
        writer.writerow([unit.get(column.kind, "") if column.kind else _cell(facts[name]) for name, column in columns.items()])
    return text.getvalue().encode()


def _cell(value: object) -> object:
    return "" if value is None else value.isoformat(" ", "seconds") if isinstance(value, datetime) else value
