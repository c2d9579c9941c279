"""Takes drops in: archive -> rows -> checked records -> revisions and current, with a ledger row for each.

Reads like the policy: decode, find the header, land the rows, check them, keep the good ones, quarantine the rest.
A refused drop changes nothing; the same values again change nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import pyarrow as pa

from data import journal, widelane
from data.checks import failing_rows, repeated_keys, rules
from data.contract import Contract
from data.coverage import coverage
from data.decode import Decoded, decode
from data.journal import Arrival
from data.landing import RowFault, land
from data.layout import DropPeriod, drop_period, find_header, headings_of
from data.moments import Surroundings
from data.places import Places
from data.reasons import DropState, FileReason, RefusedError, RowReason
from data.records import record_query
from data.register import Reference
from data.settings import Settings
from data.text import cell_text
from data.upsert import Noted, Stored, into_current, measured, part_path, store

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
    covers: tuple[datetime, datetime] | None = None
    faults: pa.Table | None = None
    parts: list[Noted] = field(default_factory=list)


class Ingest:
    """Takes the waiting drops of one refresh; holds what all of them share."""

    def __init__(
        self, con: duckdb.DuckDBPyConnection, settings: Settings, reference: Reference, contracts: Mapping[str, Contract],
        wide_from: int = widelane.WIDE_FROM_BYTES,
    ) -> None:  # fmt: skip
        """Prepare look-ups once for all drops; text files of `wide_from` bytes and more may go the wide lane."""
        self.con, self.settings, self.reference, self.contracts, self.wide_from = con, settings, reference, contracts, wide_from
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
            contract = self._contract(arrival)
            _check_name(arrival.file)
            self._take_file(drop, contract, journal.archived(self.settings, arrival.sha256))
        except RefusedError as refusal:
            drop.state, drop.reason = DropState.REFUSED, f"{refusal.reason}: {refusal.found}; wanted {refusal.wanted}"
            self._refuse(drop)
        return drop

    def _contract(self, arrival: Arrival) -> Contract:
        if arrival.feed not in self.contracts:
            raise RefusedError(FileReason.UNKNOWN_FEED, f"inbox/{arrival.feed}", f"one of {', '.join(sorted(self.contracts))}")
        return self.contracts[arrival.feed]

    def _take_file(self, drop: Taken, contract: Contract, path: Path) -> None:
        form = contract.files.format
        limit = contract.files.max_bytes or DEFAULT_MAX_BYTES[form]
        if not (form == "csv" and self.wide_from <= path.stat().st_size <= limit and self._take_wide(drop, contract, path)):
            self._take_exact(drop, contract, decode(path, form, limit))

    def _take_exact(self, drop: Taken, contract: Contract, decoded: Decoded) -> None:
        """The exact lane: any format and any dirt, cell by cell."""
        drop.encoding = decoded.encoding
        sheet = next((sheet for sheet in decoded.sheets if sheet.rows), None)
        if sheet is None:
            raise RefusedError(FileReason.EMPTY, "no rows", "a header and rows")
        header = find_header(sheet, contract, self._others(contract))
        titles = [text for _, cells in sheet.rows[: header.body] for cell in cells if (text := cell_text(cell))]
        drop.period = drop_period(contract, drop.arrival.file, [*titles, sheet.name])
        table = contract.tables[header.table]
        strict = contract.files.format == "csv"
        rows = land(sheet, header, table, self._surroundings(drop), self.places, strict_width=strict)
        drop.rows, drop.skipped, drop.control = rows.rows, rows.skipped, rows.control
        self.con.register("incoming", rows.frame)
        try:
            records = record_query("SELECT * FROM incoming", table)
            excluded = self._judge(drop, contract, header.table, records, rows.faults, texts=lambda _: rows.texts, sheet=sheet.name)
            accepted = f"SELECT * FROM ({records})" + (" WHERE _line NOT IN (SELECT line FROM excluded)" if excluded else "")
            part = part_path(self.settings, drop.arrival, contract.feed, header.table)
            stored = store(self.con, part, accepted, table)
            drop.parts += [Noted(contract.feed, header.table, part)] * bool(stored.accepted)
        finally:
            self.con.unregister("incoming")
        self._settle(drop, contract, header.table, stored)

    def _take_wide(self, drop: Taken, contract: Contract, path: Path) -> bool:
        """The wide lane: typed columns straight into a part. False when the file must go the exact way."""
        head = widelane.read_head(path)
        header = find_header(head.sheet, contract, self._others(contract))
        table = contract.tables[header.table]
        drop.encoding = head.encoding
        drop.period = drop_period(
            contract, drop.arrival.file, [cell_text(cell) for _, cells in head.sheet.rows[: header.body] for cell in cells]
        )
        around, scratch = self._surroundings(drop), self.settings.records / ".scratch"
        job = widelane.Job(self.con, scratch, head, header, table, self.places, around)
        if not widelane.fits(table, header, head):
            return False
        with widelane.read(job, path) as wide:
            if not wide:
                return False
            drop.rows, drop.skipped = wide.positions + wide.exact.rows, wide.exact.skipped
            faults = [replace(fault, line=-fault.line) for fault in wide.exact.faults]
            excluded = self._judge(drop, contract, header.table, wide.records, faults, texts=wide.texts, line=wide.line)
        self._settle(drop, contract, header.table, self._store_wide(drop, contract, header.table, wide, excluded))
        return True

    def _store_wide(self, drop: Taken, contract: Contract, name: str, wide: widelane.Wide, excluded: set[int]) -> Stored:
        """Move the wide part among the revisions and write the exact rows beside it."""
        table = contract.tables[name]
        path = part_path(self.settings, drop.arrival, contract.feed, name, "-wide")
        wide.part.replace(path)
        without = sorted({*wide.odd, *(place for place in excluded if place >= 0)})
        drop.parts.append(Noted(contract.feed, name, path, wide.first_line, wide.gaps, without))
        self.con.execute("INSERT INTO odd_places SELECT line FROM excluded WHERE line >= 0")
        relation = widelane.wide_rows(path, "odd_places" if without else "")
        if wide.exact.frame.num_rows:
            rest = "SELECT * REPLACE (-_line AS _line) FROM exact_records WHERE _line NOT IN (SELECT line FROM excluded)"
            exact = store(self.con, part_path(self.settings, drop.arrival, contract.feed, name), rest, table)
            if exact.accepted:
                drop.parts.append(Noted(contract.feed, name, part_path(self.settings, drop.arrival, contract.feed, name)))
                relation += f" UNION ALL BY NAME SELECT * REPLACE (-_line AS _line) FROM ({exact.relation})"
        return measured(self.con, relation, table)

    def _judge(
        self, drop: Taken, contract: Contract, name: str, records: str, faults: list[RowFault], *,
        texts: Callable[[list[int]], Mapping[int, str]], sheet: str = "", line: Callable[[int], int] = lambda place: place,
    ) -> set[int]:  # fmt: skip
        """Check the rows of one table; quarantine the bad ones; return every row that is not kept (table `excluded`)."""
        table = contract.tables[name]
        bad_cells = {(fault.line, fault.column) for fault in faults}
        found = failing_rows(self.con, records, rules(table, drop.arrival.local(self.reference.city.zone)))
        faults = faults + [fault for fault in found if (fault.line, fault.column) not in bad_cells]
        conflicts, repeats = repeated_keys(self.con, records, table)
        faults += conflicts
        bad_rows = {fault.line for fault in faults}
        repeated = set(repeats) - bad_rows
        self.con.execute("CREATE OR REPLACE TEMP TABLE excluded (line INTEGER)")
        if bad_rows or repeated:
            self.con.register("places", pa.table({"line": pa.array(sorted(bad_rows | repeated), pa.int32())}))
            self.con.execute("INSERT INTO excluded SELECT line FROM places")
            self.con.unregister("places")
        self._quarantine(drop, contract.feed, name, sheet, faults, texts, line)
        drop.quarantined += len(bad_rows)
        drop.skipped += len(repeated)
        return bad_rows | repeated

    def _quarantine(
        self, drop: Taken, feed: str, table: str, sheet: str, faults: list[RowFault],
        texts: Callable[[list[int]], Mapping[int, str]], line: Callable[[int], int],
    ) -> None:  # fmt: skip
        if not faults:
            return
        said = texts([fault.line for fault in faults])
        ordered = sorted(faults, key=lambda fault: (line(fault.line), _PRECEDENCE[fault.reason], fault.column))
        rows = pa.table(
            {
                "drop": [drop.arrival.drop] * len(ordered),
                "feed": [feed] * len(ordered),
                "table": [table] * len(ordered),
                "sheet": [sheet] * len(ordered),
                "line": pa.array([line(fault.line) for fault in ordered], pa.int32()),
                "column": [fault.column for fault in ordered],
                "reason": [fault.reason.value for fault in ordered],
                "found": [fault.found for fault in ordered],
                "wanted": [fault.wanted for fault in ordered],
                "text": [said[fault.line] for fault in ordered],
            }
        )
        drop.faults = rows

    def _settle(self, drop: Taken, contract: Contract, name: str, stored: Stored) -> None:
        """Bring current up to the drop. The same bytes for the same period, with nothing new in them, are a duplicate."""
        table, arrival = contract.tables[name], drop.arrival
        drop.accepted = drop.records = stored.accepted
        drop.changed = into_current(self.con, contract.feed, name, table, stored, arrival.seq)
        arrived_at = arrival.local(self.reference.city.zone)
        drop.covers = coverage(table, drop.period, arrived_at, stored.earliest, stored.latest)
        before = [] if drop.changed else self.con.execute(
            "SELECT 1 FROM ledger WHERE feed = ? AND sha256 = ? AND state = 'taken'"
            " AND covers_from IS NOT DISTINCT FROM ? AND covers_to IS NOT DISTINCT FROM ? LIMIT 1",
            [arrival.feed, arrival.sha256, *(drop.covers or (None, None))],
        ).fetchall()  # fmt: skip
        if before:
            for part in drop.parts:
                part.path.unlink()
            drop.faults, drop.parts = None, []
            drop.state, drop.reason, drop.covers = DropState.DUPLICATE, "DUPLICATE_FILE", None
            drop.rows = drop.accepted = drop.quarantined = drop.skipped = drop.records = 0
        elif drop.covers:
            self.con.execute("INSERT INTO coverage VALUES (?, ?, ?, ?, ?)", [contract.feed, name, arrival.drop, *drop.covers])
        # Noted only now, once: what is inserted must not be deleted again in the same transaction (see take_all).
        if drop.faults is not None:
            self.con.register("faults", drop.faults)
            self.con.execute("INSERT INTO quarantine SELECT * FROM faults")
            self.con.unregister("faults")
        for part in drop.parts:
            part.insert(self.con, self.settings, arrival)

    def _others(self, contract: Contract) -> dict[str, frozenset[str]]:
        return {feed: texts for feed, texts in self.headings.items() if feed != contract.feed}

    def _surroundings(self, drop: Taken) -> Surroundings:
        offset = drop.arrival.arrived_at.astimezone(self.reference.city.zone).utcoffset() or timedelta(0)
        period = drop.period
        return Surroundings(period.start if period else None, period.end if period else None, offset)

    def _enter(self, drop: Taken, taken_at: datetime) -> None:
        arrival = drop.arrival
        covers = drop.covers or (None, None)
        self.con.execute(
            f"INSERT INTO ledger VALUES ({', '.join('?' * 18)})",
            [
                arrival.drop, arrival.seq, arrival.feed, arrival.file, arrival.sha256, drop.encoding,
                arrival.local(self.reference.city.zone), taken_at, drop.rows, drop.accepted, drop.quarantined, drop.skipped,
                drop.records, drop.state.value, drop.reason, *covers, drop.control,
            ],
        )  # fmt: skip

    def _refuse(self, drop: Taken) -> None:
        """Leave a reason where the department's file would be looked for."""
        folder = self.settings.refused / drop.arrival.feed
        if Path(drop.arrival.feed).name != drop.arrival.feed:
            return
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{drop.arrival.drop}.txt").write_text(f"{drop.arrival.file}\n{drop.arrival.sha256}\n{drop.reason}\n", encoding="utf-8")


def _check_name(file: str) -> None:
    if any(mark in file for mark in '<>"&;|`$\\/\x00\n') or file.startswith(".") or ".." in file:
        raise RefusedError(FileReason.BAD_NAME, file[:120], "a plain file name")
