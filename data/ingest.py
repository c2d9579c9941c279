"""Takes drops in: archive -> rows -> checked records -> revisions and current, with a ledger row for each.

Reads like the policy: decode, find the header, land the rows, check them, keep the good ones, quarantine the rest.
A refused drop changes nothing; the same values again change nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path

import duckdb

from data import clearing, collector, exactlane, journal, residue, widelane
from data.batch import Batch
from data.checks import MOST_FAULTS
from data.contract import Contract
from data.coverage import Covered, coverage, spoken_for
from data.decode import decode, most_bytes
from data.dropname import check_name, shown_name
from data.forms.containers import opened
from data.forms.sheet import Decoded
from data.header import find_header, headings_of, is_of_use
from data.journal import Arrival
from data.judging import judge, quarantine_rows
from data.layout import drop_period
from data.moments import Surroundings
from data.phrase import Phrase, Says, kept
from data.places import Places
from data.readers import Readers
from data.reasons import DropState, FileReason, RefusedError
from data.register import Reference
from data.returns import Returned, return_path, write_refusal, write_return
from data.settings import Settings
from data.taken import Taken
from data.text import cell_text
from data.upsert import Noted, Stored, into_current, measured, part_path, secure, store, store_frame, unsurpassed
from data.warehouse import kept_name
from data.wording import Wording, refusal, told
from data.zeroreport import is_zero_report, read_zero_report

NEVER = (datetime(1, 1, 1), 0)


class Ingest:
    """Takes the waiting drops of one refresh; holds what all of them share."""

    def __init__(
        self, con: duckdb.DuckDBPyConnection, settings: Settings, reference: Reference, contracts: Mapping[str, Contract],
        wide_from: int = widelane.WIDE_FROM_BYTES, most_faults: int = MOST_FAULTS,
    ) -> None:  # fmt: skip
        """Prepare look-ups once for all drops; text files of `wide_from` bytes and more may go the wide lane."""
        self.most_faults = most_faults
        self.con, self.settings, self.reference, self.contracts, self.wide_from = con, settings, reference, contracts, wide_from
        self.places = Places(reference)
        self.newest: tuple[datetime, int] = NEVER  # when the latest of the drops arrived that have been taken, and its number
        self.readers = {feed: Readers() for feed in contracts}
        self.headings = {feed: headings_of(contract) for feed, contract in contracts.items()}

    @cached_property
    def words(self) -> Wording:
        """What a drop is told in, the language of the departments; read when the first one must be told something."""
        return Wording("zh", self.settings.city_dir)

    def take_all(self, arrivals: Sequence[Arrival], taken_at: datetime, progress: Callable[[Taken], None]) -> list[Taken]:
        """Take every arrival that the ledger does not know, in order of arrival, a transaction each."""
        known = {row[0] for row in self.con.execute("SELECT seq FROM ledger").fetchall()}
        waiting = sorted((a for a in arrivals if a.seq not in known), key=lambda a: (a.arrived_at, a.seq))
        taken = []
        self.newest = self.con.execute("SELECT arrived_at, seq FROM ledger ORDER BY ALL DESC LIMIT 1").fetchone() or NEVER
        for arrival in waiting:
            # One transaction a drop, not one a batch: DuckDB 2.0.0 corrupts memory when rows that the same transaction
            # has inserted are deleted again, as the corrections of the next drop would (docs/decisions/0003).
            self.con.execute("BEGIN")
            try:
                purged = residue.stands_for(self.settings, arrival)
                with collector.resting():
                    drop = self._restore(arrival) if purged else self._enter(self.take(arrival), taken_at)
                secure(drop.parts)
                self.con.execute("COMMIT")
            except BaseException:
                with suppress(duckdb.TransactionException):  # a failed COMMIT has rolled back already
                    self.con.execute("ROLLBACK")
                raise
            self.newest = max(self.newest, (arrival.local(self.reference.city.zone), arrival.seq))
            taken.append(drop)
            progress(drop)
        return taken

    def take(self, arrival: Arrival) -> Taken:
        """Take one drop; a refusal is a result, not an error."""
        drop = Taken(arrival)
        try:
            contract = self._contract(arrival)
            check_name(arrival.file)
            take = self._take_zero if is_zero_report(arrival.file) else self._take_file
            take(drop, contract, journal.archived(self.settings, arrival.sha256))
        except RefusedError as error:
            found, wanted = kept(error.found), error.wanted.kept
            drop = Taken(arrival, drop.encoding, state=DropState.REFUSED, reason=error.reason.value, found=found, wanted=wanted)
            self._refuse(drop)
        return drop

    def _restore(self, arrival: Arrival) -> Taken:
        """Bring back what was kept of a drop whose bytes have been purged."""
        row = residue.restore(self.con, self.settings, arrival, self.contracts.get(arrival.feed))
        return Taken(arrival, rows=row["rows"], quarantined=row["quarantined"], state=DropState(row["state"]))

    def _contract(self, arrival: Arrival) -> Contract:
        if arrival.feed not in self.contracts:
            known = Phrase(Says.FEED_FOLDER, *(f"inbox/{feed}" for feed in sorted(self.contracts)))
            raise RefusedError(FileReason.UNKNOWN_FEED, f"inbox/{arrival.feed}", known)
        return self.contracts[arrival.feed]

    def _take_file(self, drop: Taken, contract: Contract, path: Path) -> None:
        scratch, most = self.settings.records / ".scratch", most_bytes(contract.files)
        with opened(path, drop.arrival.file, scratch, most) as members:
            large = contract.files.format == "csv" and len(members) == 1 and self.wide_from <= members[0].path.stat().st_size <= most
            if not (large and self._take_wide(drop, contract, members[0].path)):
                self._take_exact(drop, contract, decode(members, contract.files, is_of_use(contract)))

    def _take_zero(self, drop: Taken, contract: Contract, path: Path) -> None:
        """A 零报告 covers its period with no rows. Rows of the period that are known stay, and are said against it."""
        arrived_at = drop.arrival.local(self.reference.city.zone)
        report = read_zero_report(path, drop.arrival.file, contract, arrived_at)
        table, period = contract.tables[report.table], report.period
        drop.encoding, drop.rows, drop.skipped = report.encoding, report.lines, report.lines
        known = self.con.execute(
            f'SELECT count(*) FROM {kept_name(contract.feed, report.table)} WHERE "{table.time}"::DATE BETWEEN ? AND ?',
            [period.start, period.end],
        ).fetchall()[0][0]
        drop.control = f"{table.zero[0]}: 0 ≠ {known}" if known else ""
        covers = coverage(table, period, arrived_at, None, None)
        if covers:
            drop.covers[report.table] = Covered(*covers)
        self._settle(drop, contract)

    def _take_exact(self, drop: Taken, contract: Contract, decoded: Decoded) -> None:
        """The exact lane: any form and any dirt, cell by cell."""
        drop.encoding = decoded.encoding
        surface = exactlane.Surface(
            contract, drop.arrival.file, self._surroundings(drop), self.places, self._others(contract), self.readers[contract.feed]
        )
        with exactlane.read(self.con, decoded, surface) as batches:
            judged = [(batch, self._judge(drop, contract, batch)) for batch in batches]  # all, before any is kept: a refusal keeps none
            for batch, excluded in judged:
                part = part_path(self.settings, drop.arrival, contract.feed, batch.table)
                stored = store_frame(self.con, part, batch.frame, excluded, batch.table, contract.tables[batch.table])
                drop.parts += [Noted(contract.feed, batch.table, part)] * bool(stored.accepted)
                self._keep(drop, contract, batch, stored)
            self._settle(drop, contract)

    def _take_wide(self, drop: Taken, contract: Contract, path: Path) -> bool:
        """The wide lane: typed columns straight into a part. False when the file must go the exact way."""
        try:
            head = widelane.read_head(path)
            header = find_header(head.sheet, contract, self._others(contract))
        except RefusedError:
            return False  # the exact lane sees the whole file, and says why
        table = contract.tables[header.table]
        drop.encoding = head.encoding
        titles = [cell_text(cell) for _, cells in head.sheet.rows[: header.body] for cell in cells]
        period = drop_period(contract, drop.arrival.file, titles, "")
        around = replace(self._surroundings(drop), period_start=period.start if period else None, period_end=period.end if period else None)
        job = widelane.Job(self.con, self.settings.records / ".scratch", head, header, table, self.places, around)
        if not widelane.fits(table, header, head):
            return False
        with widelane.read(job, path) as wide:
            if not wide:
                return False
            batch = wide.batch(header.table, period)
            excluded = self._judge(drop, contract, batch)
            self._keep(drop, contract, batch, self._store_wide(drop, contract, header.table, wide, excluded))
            self._settle(drop, contract)
        return True

    def _store_wide(self, drop: Taken, contract: Contract, name: str, wide: widelane.Wide, excluded: set[int]) -> Stored:
        """Move the wide part among the revisions and write the exact rows beside it."""
        table, path = contract.tables[name], part_path(self.settings, drop.arrival, contract.feed, name, "-wide")
        wide.part.replace(path)
        without = sorted({*wide.odd, *(spot for spot in excluded if spot >= 0)})
        drop.parts.append(Noted(contract.feed, name, path, wide.first_line, wide.gaps, without))
        self.con.execute("INSERT INTO odd_spots SELECT spot FROM excluded WHERE spot >= 0")
        relation = widelane.wide_rows(path, "odd_spots" if without else "")
        if wide.exact.frame.num_rows:
            rest = "SELECT * REPLACE (-_spot AS _spot) FROM exact_records WHERE _spot NOT IN (SELECT spot FROM excluded)"
            exact = store(self.con, part_path(self.settings, drop.arrival, contract.feed, name), rest, table)
            if exact.accepted:
                drop.parts.append(Noted(contract.feed, name, part_path(self.settings, drop.arrival, contract.feed, name)))
                relation += f" UNION ALL BY NAME SELECT * REPLACE (-_spot AS _spot) FROM ({exact.relation})"
        return measured(self.con, relation, table)

    def _judge(self, drop: Taken, contract: Contract, batch: Batch) -> set[int]:
        """Judge one table; count its rows; return every record that is not kept (table `excluded`)."""
        at = drop.arrival.local(self.reference.city.zone)
        judged = judge(self.con, contract.feed, batch, contract.tables[batch.table], at, self.most_faults)
        skipped = batch.skipped + judged.skipped
        drop.rows += batch.rows
        drop.skipped += skipped
        drop.quarantined += judged.quarantined
        drop.accepted += batch.rows - skipped - judged.quarantined
        if judged.faults:
            keys = clearing.fault_keys(self.con, batch, contract.tables[batch.table])
            drop.faults.append(quarantine_rows(drop.arrival.drop, contract.feed, batch, judged.faults, keys))
            drop.returned.append(Returned(batch, judged.faults))
        return judged.excluded

    def _keep(self, drop: Taken, contract: Contract, batch: Batch, stored: Stored) -> None:
        """Bring the current rows of one table up to the drop, and remember what it covers."""
        table, arrival, at = contract.tables[batch.table], drop.arrival, drop.arrival.local(self.reference.city.zone)
        drop.records += stored.accepted
        if stored.accepted:
            drop.kept[batch.table] = stored
        drop.control = "; ".join(filter(None, (drop.control, batch.control)))
        newest = stored
        if (at, arrival.seq) < self.newest:
            newest = unsurpassed(self.con, self.settings, (at, arrival.seq), contract.feed, batch.table, table, stored)
        changed, revised = into_current(self.con, contract.feed, batch.table, table, newest, arrival.seq)
        drop.changed, drop.revised = drop.changed + changed, drop.revised + revised
        covers = coverage(table, batch.period, at, stored.earliest, stored.latest)
        if covers:
            whose = spoken_for(self.con, table, contract.cadence_of(batch.table).each, stored, batch.given, self.places)
            drop.covers[batch.table] = Covered(*covers, batch.rows - batch.skipped, whose)

    def _settle(self, drop: Taken, contract: Contract) -> None:
        """Note what was kept. The same bytes for the same period, with nothing new in them, are a duplicate."""
        arrival = drop.arrival
        if not drop.changed and self._is_known(drop):
            for part in drop.parts:
                part.path.unlink()
            drop.faults, drop.parts, drop.covers, drop.returned, drop.kept = [], [], {}, [], {}
            drop.state, drop.reason = DropState.DUPLICATE, "DUPLICATE_FILE"
            drop.rows = drop.accepted = drop.quarantined = drop.skipped = drop.records = 0
        for name, stored in drop.kept.items():
            moment = arrival.local(self.reference.city.zone)
            clearing.clear(self.con, arrival.drop, contract.feed, name, contract.tables[name], stored, moment)
        # Noted only now, once: what is inserted must not be deleted again in the same transaction (see take_all).
        for name, covers in drop.covers.items():
            said = [contract.feed, name, arrival.drop, covers.start, covers.end, covers.rows, list(covers.entities)]
            self.con.execute("INSERT INTO coverage VALUES (?, ?, ?, ?, ?, ?, ?)", said)
        for faults in drop.faults:
            self.con.register("faults", faults)
            self.con.execute("INSERT INTO quarantine SELECT * FROM faults")
            self.con.unregister("faults")
        for part in drop.parts:
            part.insert(self.con, self.settings, arrival)
        if drop.returned:
            write_return(return_path(self.settings, contract.feed, arrival.drop), arrival.file, drop.returned, self.words)

    def _is_known(self, drop: Taken) -> bool:
        """Whether a drop that was taken before had the same bytes and spoke for the same time of the same tables and entities."""
        before = self.con.execute(
            "SELECT \"drop\" FROM ledger WHERE feed = ? AND sha256 = ? AND state = 'taken'"
            " AND covers_from IS NOT DISTINCT FROM ? AND covers_to IS NOT DISTINCT FROM ?",
            [drop.arrival.feed, drop.arrival.sha256, *drop.span],
        ).fetchall()  # fmt: skip
        said = 'SELECT "table", entities FROM coverage WHERE "drop" = ?'
        mine = {name: list(covers.entities) for name, covers in drop.covers.items()}
        return any(dict(self.con.execute(said, [one]).fetchall()) == mine for (one,) in before)

    def _others(self, contract: Contract) -> dict[str, frozenset[str]]:
        return {feed: texts for feed, texts in self.headings.items() if feed != contract.feed}

    def _surroundings(self, drop: Taken) -> Surroundings:
        return Surroundings(None, None, drop.arrival.arrived_at.astimezone(self.reference.city.zone).utcoffset() or timedelta(0))

    def _enter(self, drop: Taken, taken_at: datetime) -> Taken:
        arrival = drop.arrival
        self.con.execute(
            f"INSERT INTO ledger VALUES ({', '.join('?' * 21)})",
            [
                arrival.drop, arrival.seq, arrival.feed, shown_name(arrival.file), arrival.sha256, drop.encoding,
                arrival.local(self.reference.city.zone), taken_at, drop.rows, drop.accepted, drop.quarantined, drop.skipped,
                drop.records, drop.state.value, drop.reason, drop.found, drop.wanted, *drop.span, drop.control, drop.revised,
            ],
        )  # fmt: skip
        return drop

    def _refuse(self, drop: Taken) -> None:
        """Leave a reason where the department's file would be looked for, in the language of the departments."""
        why = refusal(self.words, drop.reason, told(drop.found, self.words), told(drop.wanted, self.words))
        write_refusal(self.settings, drop.arrival, f"{shown_name(drop.arrival.file)}\n{drop.arrival.sha256}\n{why}\n")
