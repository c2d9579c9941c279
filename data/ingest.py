"""Takes drops in: archive -> rows -> checked records -> revisions and current, with a ledger row for each.

Reads like the policy: decode, find the header, land the rows, check them, keep the good ones, quarantine the rest.
A refused drop changes nothing; the same values again change nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path

import duckdb
import pyarrow as pa

from data import fastlane, journal
from data.checks import failing_rows, record_query, repeated_keys, rules
from data.contract import Contract, Table
from data.decode import Decoded, Sheet, decode
from data.journal import Arrival
from data.landing import Landed, RowFault, land
from data.layout import DropPeriod, drop_period, find_header, headings_of
from data.parse import Surroundings, cell_text
from data.places import Places
from data.reasons import DropState, FileReason, RefusedError, RowReason
from data.register import Reference
from data.settings import Settings
from data.upsert import upsert

DEFAULT_MAX_BYTES = {"csv": 2_000_000_000, "xlsx": 200_000_000}
_PRECEDENCE = {reason: place for place, reason in enumerate(RowReason)}


@dataclass(slots=True)
class Taken:
    """What became of one drop: the ledger row, still without the time of taking."""

    arrival: Arrival
    encoding: str = ""
    rows: int = 0
    accepted: int = 0
    quarantined: int = 0
    skipped: int = 0
    records: int = 0
    changed: int = 0
    state: DropState = DropState.TAKEN
    reason: str = ""
    control: str = ""
    period: DropPeriod | None = None
    covers: list[tuple[datetime, datetime]] = field(default_factory=list)


class Ingest:
    """Takes the waiting drops of one refresh; holds what all of them share."""

    def __init__(
        self, con: duckdb.DuckDBPyConnection, settings: Settings, reference: Reference, contracts: Mapping[str, Contract]
    ) -> None:
        """Prepare look-ups once for all drops."""
        self.con, self.settings, self.reference, self.contracts = con, settings, reference, contracts
        self.places = Places(reference)
        self.headings = {feed: headings_of(contract) for feed, contract in contracts.items()}

    def take_all(self, arrivals: Sequence[Arrival], taken_at: datetime, progress: Callable[[Taken], None]) -> list[Taken]:
        """Take every arrival that the ledger does not know, in order of arrival, a transaction each."""
        known = {row[0] for row in self.con.execute("SELECT seq FROM ledger").fetchall()}
        waiting = sorted((a for a in arrivals if a.seq not in known), key=lambda a: (a.arrived_at, a.seq))
        taken = []
        for arrival in waiting:
            # One transaction a drop, not one a batch: DuckDB 2.0.0 corrupts memory when rows that the same transaction
            # has inserted are deleted again, as the corrections of the next drop would (docs/decisions/0003).
            self.con.execute("BEGIN")
            try:
                drop = self.take(arrival)
                self._enter(drop, taken_at)
                self.con.execute("COMMIT")
            except BaseException:
                with suppress(duckdb.TransactionException):  # a failed COMMIT has rolled back already
                    self.con.execute("ROLLBACK")
                raise
            taken.append(drop)
            progress(drop)
        return taken

    def take(self, arrival: Arrival) -> Taken:
        """Take one drop; a refusal is a result, not an error."""
        drop = Taken(arrival)
        try:
            contract = self.contracts.get(arrival.feed)
            if contract is None:
                raise RefusedError(FileReason.UNKNOWN_FEED, f"inbox/{arrival.feed}", f"one of {', '.join(sorted(self.contracts))}")
            _check_name(arrival.file)
            self._take_file(drop, contract, journal.archived(self.settings, arrival.sha256))
        except RefusedError as refusal:
            drop.state, drop.reason = DropState.REFUSED, f"{refusal.reason}: {refusal.found}; wanted {refusal.wanted}"
            self._refuse(drop)
        return drop

    def _take_file(self, drop: Taken, contract: Contract, path: Path) -> None:
        limit = contract.files.max_bytes or DEFAULT_MAX_BYTES[contract.files.format]
        if contract.files.format == "csv" and fastlane.fits(path, limit):
            head = fastlane.read_head(path)
            drop.encoding = head.encoding
            self._take_large(drop, contract, path, head)
            return
        decoded = decode(path, contract.files.format, limit)
        drop.encoding = decoded.encoding
        self._take_sheets(drop, contract, decoded)

    def _take_sheets(self, drop: Taken, contract: Contract, decoded: Decoded) -> None:
        others = {feed: texts for feed, texts in self.headings.items() if feed != contract.feed}
        sheets = [sheet for sheet in decoded.sheets if sheet.rows]
        if not sheets:
            raise RefusedError(FileReason.EMPTY, "no rows", "a header and rows")
        landed: list[tuple[Sheet, Landed]] = []
        for sheet in sheets[:1]:
            header = find_header(sheet, contract, others)
            titles = [text for _, cells in sheet.rows[: header.body] for cell in cells if (text := cell_text(cell))]
            drop.period = drop_period(contract, drop.arrival.file, [*titles, sheet.name])
            around = self._surroundings(drop)
            strict = contract.files.format == "csv"
            landed.append((sheet, land(sheet, header, contract.tables[header.table], around, self.places, strict_width=strict)))
        for sheet, rows in landed:
            drop.rows += rows.rows
            drop.skipped += rows.skipped
            drop.control = "; ".join(filter(None, (drop.control, rows.control)))
            self.con.register("incoming", rows.frame)
            try:
                self._keep(drop, contract, rows.table, "SELECT * FROM incoming", rows.faults, rows.texts, sheet.name)
            finally:
                self.con.unregister("incoming")
        self._settle(drop)

    def _take_large(self, drop: Taken, contract: Contract, path: Path, head: fastlane.Head) -> None:
        """The wide lane: DuckDB reads typed columns; only the rows that are not plain go through the exact lane."""
        others = {feed: texts for feed, texts in self.headings.items() if feed != contract.feed}
        header = find_header(head.sheet, contract, others)
        drop.period = drop_period(contract, drop.arrival.file, [])
        table = contract.tables[header.table]
        around = self._surroundings(drop)
        with fastlane.read(self.con, self.settings, path, head, header, table, self.places, around) as wide:
            drop.rows, drop.skipped = wide.rows, wide.skipped
            self._keep(drop, contract, header.table, wide.relation, wide.faults, wide.texts, "")
        self._settle(drop)

    def _keep(
        self, drop: Taken, contract: Contract, name: str, relation: str, faults: list[RowFault], texts: Mapping[int, str], sheet: str
    ) -> None:
        """Check the rows of one table; write the good ones as a part and into current, the others to quarantine."""
        table = contract.tables[name]
        arrived_at = drop.arrival.local(self.reference.city.zone)
        root = self.reference.root.entity
        records = record_query(relation, table, root, self.reference.city.areas)
        bad_cells = {(fault.line, fault.column) for fault in faults}
        found = failing_rows(self.con, records, rules(table, arrived_at))
        faults = faults + [fault for fault in found if (fault.line, fault.column) not in bad_cells]
        conflicts, repeats = repeated_keys(self.con, relation, table)
        faults += conflicts
        bad_lines = {fault.line for fault in faults}
        repeats = [line for line in repeats if line not in bad_lines]
        self.con.execute("CREATE OR REPLACE TEMP TABLE excluded (line INTEGER)")
        if bad_lines or repeats:
            lines = pa.table({"line": pa.array(sorted(bad_lines | set(repeats)), pa.int32())})
            self.con.register("lines", lines)
            self.con.execute("INSERT INTO excluded SELECT line FROM lines")
            self.con.unregister("lines")
        self._quarantine(drop, contract.feed, name, sheet, faults, texts)
        result = upsert(self.con, self.settings, drop.arrival, contract.feed, name, table, records, excludes=bool(bad_lines or repeats))
        drop.quarantined += len(bad_lines)
        drop.skipped += len(repeats)
        drop.accepted += result.accepted
        drop.records += result.accepted
        drop.changed += result.changed
        covers = _coverage(table, drop.period, arrived_at, result.earliest, result.latest)
        if covers:
            drop.covers.append(covers)
            self.con.execute("INSERT INTO coverage VALUES (?, ?, ?, ?, ?)", [contract.feed, name, drop.arrival.drop, *covers])

    def _quarantine(
        self, drop: Taken, feed: str, table: str, sheet: str, faults: list[RowFault], texts: Mapping[int, str]
    ) -> None:
        if not faults:
            return
        ordered = sorted(faults, key=lambda fault: (fault.line, _PRECEDENCE[fault.reason], fault.column))
        rows = pa.table(
            {
                "drop": [drop.arrival.drop] * len(ordered),
                "feed": [feed] * len(ordered),
                "table": [table] * len(ordered),
                "sheet": [sheet] * len(ordered),
                "line": pa.array([fault.line for fault in ordered], pa.int32()),
                "column": [fault.column for fault in ordered],
                "reason": [fault.reason.value for fault in ordered],
                "found": [fault.found for fault in ordered],
                "wanted": [fault.wanted for fault in ordered],
                "text": [texts[fault.line] for fault in ordered],
            }
        )
        self.con.register("faults", rows)
        self.con.execute("INSERT INTO quarantine SELECT * FROM faults")
        self.con.unregister("faults")

    def _settle(self, drop: Taken) -> None:
        """Call a drop a duplicate when the same bytes, for the same period, were taken before and nothing changed."""
        if drop.changed:
            return
        period = (drop.covers[0][0], drop.covers[-1][1]) if drop.covers else (None, None)
        before = self.con.execute(
            "SELECT 1 FROM ledger WHERE feed = ? AND sha256 = ? AND state = 'taken'"
            " AND covers_from IS NOT DISTINCT FROM ? AND covers_to IS NOT DISTINCT FROM ? LIMIT 1",
            [drop.arrival.feed, drop.arrival.sha256, *period],
        ).fetchall()
        if before:
            drop.state, drop.reason = DropState.DUPLICATE, "DUPLICATE_FILE"
            for name in ("coverage", "quarantine", "record_parts"):
                self.con.execute(f'DELETE FROM {name} WHERE "drop" = ?', [drop.arrival.drop])

    def _surroundings(self, drop: Taken) -> Surroundings:
        offset = drop.arrival.arrived_at.astimezone(self.reference.city.zone).utcoffset() or timedelta(0)
        period = drop.period
        return Surroundings(period.start if period else None, period.end if period else None, offset)

    def _enter(self, drop: Taken, taken_at: datetime) -> None:
        arrival = drop.arrival
        starts, ends = [start for start, _ in drop.covers], [end for _, end in drop.covers]
        self.con.execute(
            f"INSERT INTO ledger VALUES ({', '.join('?' * 18)})",
            [
                arrival.drop, arrival.seq, arrival.feed, arrival.file, arrival.sha256, drop.encoding,
                arrival.local(self.reference.city.zone), taken_at, drop.rows, drop.accepted, drop.quarantined, drop.skipped,
                drop.records, drop.state.value, drop.reason, min(starts, default=None), max(ends, default=None), drop.control,
            ],
        )  # fmt: skip

    def _refuse(self, drop: Taken) -> None:
        """Leave a reason where the department's file would be looked for."""
        folder = self.settings.refused / drop.arrival.feed
        if Path(drop.arrival.feed).name != drop.arrival.feed:
            return
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{drop.arrival.drop}.txt").write_text(
            f"{drop.arrival.file}\n{drop.arrival.sha256}\n{drop.reason}\n", encoding="utf-8"
        )


def _check_name(file: str) -> None:
    if any(mark in file for mark in '<>"&;|`$\\/\x00\n') or file.startswith(".") or ".." in file:
        raise RefusedError(FileReason.BAD_NAME, file[:120], "a plain file name")


def _coverage(
    table: Table, period: DropPeriod | None, arrived_at: datetime, earliest: datetime | None, latest: datetime | None
) -> tuple[datetime, datetime] | None:
    """Return the time that a drop speaks for; it cannot speak for what came after its arrival."""
    if table.covers == "period" and period:
        end = min(datetime.combine(period.end + timedelta(days=1), time()), datetime.combine(arrived_at.date(), time()))
        start = datetime.combine(period.start, time())
        return (start, end) if start < end else None
    if earliest is None or latest is None:
        return None
    step = {"hour": timedelta(hours=1), "day": timedelta(days=1)}.get(table.every, timedelta(days=1))
    if table.every == "month":
        following = date(latest.year + latest.month // 12, latest.month % 12 + 1, 1)
        return earliest, datetime.combine(following, time())
    return earliest, latest + step
