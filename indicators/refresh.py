"""One refresh, from waiting drops to a published snapshot. Reads like the path of a figure.

Each step leaves what the next one needs in the warehouse, so that a crash between any two loses nothing: the next
refresh goes on from the ledger.
"""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

import duckdb

from data import definitions, freshness, journal, periods, shelf, warehouse
from data.desk.action import Head
from data.desk.filing import file_days
from data.desk.store import DeskUnavailableError, head_of
from data.ingest import Ingest
from data.settings import Settings
from data.snapshots import Snapshot, tidy
from data.taken import Taken
from data.timetable import Timetables, timetables
from indicators.alertlog import furnish, set_aside
from indicators.backtested import tried
from indicators.cells import Cells
from indicators.definition import Catalogue, Definition, digest_of
from indicators.directory import City, in_force
from indicators.evaluation.scoring import rate
from indicators.feedalerts import raise_feeds
from indicators.left_out import mark_of
from indicators.publication import FINE, Feeds, feeds_at, publish_all
from indicators.raising import raise_alerts
from indicators.replayed import known_when
from indicators.ruleset import rules_in_force
from indicators.saying import Log
from indicators.signs import PROVISIONAL_DAYS, SIGNS, Span, signs_of

# Drops whose covered days have been computed. Their names and not the highest number: a drop that is dated after the
# clock waits, and may be taken after one that came into the journal later.
COMPUTED = 'CREATE TABLE IF NOT EXISTS computed ("drop" VARCHAR)'
LONG_AGO = datetime(1900, 1, 1)
LEAST_WAREHOUSE = 12_288  # bytes: the engine's own heads; with fewer, its making was cut off


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What a refresh did."""

    taken: list[Taken]
    snapshot: Snapshot


def refresh(settings: Settings, now: datetime, progress: Callable[[Taken], None] = lambda _: None, *, anew: bool = False) -> Refreshed:
    """Take in every waiting drop, compute, judge, publish; raises BusyError when another refresh runs.

    `anew` forgets first all that was derived, and brings it back from the archive. Raises OSError when the disk is full
    and, once all else is done, for a desk that cannot be reached or a waiting file that may not be read.
    """
    with in_force(settings, now, is_adopted=anew) as (judging, city, as_of), warehouse.only_refresh(settings), _told_by_the_disk(settings):
        _tidy(settings)
        if anew:
            warehouse.forget(settings)
        warehouse.forget_if_changed(settings, city.reference, city.contracts)
        journal.claim(settings, city.reference.city.zone)
        desk, away = _desk_head(settings)
        away = away or _report_of_desk(settings, city, as_of, desk)
        with warehouse.open_warehouse(settings, city.reference, city.contracts) as con:
            waiting = [arrival for arrival in journal.arrivals(settings) if arrival.arrived_at <= as_of]
            taken_at = now.astimezone(city.reference.city.zone).replace(tzinfo=None)
            taken = Ingest(con, settings, city.reference, city.contracts).take_all(waiting, taken_at, progress)
            feeds = feeds_at(con, city.reference, city.contracts, as_of)
            con.execute("BEGIN")
            con.execute(COMPUTED)
            is_log_back = furnish(con, settings)
            compute(con, city, as_of)
            warn(con, city, feeds, is_log_back=is_log_back)
            con.execute("COMMIT")
            snapshot = publish_all(con, settings, feeds, city, as_of=as_of, desk=desk)
        definitions.keep(judging, city.fingerprint)
        journal.note_refresh(settings, as_of, city.fingerprint, snapshot.id, desk)
        shelf.tidy(settings, as_of)
        if error := away or journal.unreadable(settings):
            raise error
    return Refreshed(taken, snapshot)


def _desk_head(settings: Settings) -> tuple[Head | None, OSError | None]:
    """Return how far the desk has come, or why that cannot be known: figures do not wait for it."""
    try:
        return head_of(settings), None
    except DeskUnavailableError as error:
        return None, error


def _report_of_desk(settings: Settings, city: City, as_of: datetime, desk: Head | None) -> OSError | None:
    """Take in what the desk has to report; returns why it could not be read, and then its days wait."""
    try:
        if file_days(settings, city.contracts, city.reference, as_of, desk):
            journal.claim(settings, city.reference.city.zone)
    except DeskUnavailableError as error:
        return error
    return None


def _tidy(settings: Settings) -> None:
    """Remove what a refresh that was killed has left behind; nothing of it is named anywhere."""
    tidy(settings)
    for folder in (settings.records / ".scratch", settings.var_dir / "spill"):
        shutil.rmtree(folder, ignore_errors=True)
    if settings.warehouse.is_file() and settings.warehouse.stat().st_size < LEAST_WAREHOUSE:
        warehouse.forget(settings)


@contextmanager
def _told_by_the_disk(settings: Settings) -> Iterator[None]:
    """Raise the system's own error for a disk that is full, whatever the engine makes of it."""
    try:
        yield
    except (OSError, duckdb.Error) as error:
        reason: BaseException | None = error
        while reason:
            for code in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
                if os.strerror(code) in str(reason):
                    raise OSError(code, os.strerror(code), str(settings.var_dir)) from error
            reason = reason.__context__
        raise


def compute(con: duckdb.DuckDBPyConnection, city: City, as_of: datetime) -> None:
    """Bring cells, signs and scores up to what the ledger holds; the touched days are forgotten in the same transaction."""
    con.execute(COMPUTED)
    _lay_signs(con)
    con.execute(
        'CREATE OR REPLACE TEMP TABLE newly_covered AS SELECT DISTINCT c.feed, c."table",'
        " unnest(generate_series(date_trunc('day', c.covers_from), c.covers_to - INTERVAL 1 SECOND, INTERVAL 1 DAY))::DATE AS day"
        ' FROM coverage c ANTI JOIN computed USING ("drop")'
    )
    renewed, rejudged = _renewed(con, city.catalogue), _rejudged(con, city)
    before = {(feed, table): mark for feed, table, mark in con.execute('SELECT feed, "table", watermark FROM watermarks_seen').fetchall()}
    computed = Cells(con, city.reference, city.contracts, city.catalogue).compute(renewed)
    since = {(one.indicator, one.grain): one.since for one in computed}
    since |= {(name, grain): LONG_AGO for name in rejudged for grain in periods.GRAINS}
    promised = timetables(city.contracts, city.reference)
    # With the same clock, nothing computed and nothing newly covered, every sign stands as it was judged.
    moment, judged_at = as_of.isoformat(), warehouse.fact(con, "judged_at")
    moved = con.execute("SELECT count(*) FROM newly_covered").fetchall()[0][0]
    for one in city.catalogue.definitions.values():
        mark = watermark(con, city.catalogue, one)
        if mark is None or (moment == judged_at and not computed and not moved and not rejudged):
            continue
        old = [before.get(key) for key in _tables(city.catalogue, one)]
        settled = min((moment for moment in old if moment), default=mark) - timedelta(days=PROVISIONAL_DAYS)
        for grain in one.grains:
            start = min(filter(None, (since.get((one.name, grain)), periods.floor(settled, grain))))
            _renew_signs(con, city, promised, one, grain, Span(start, mark, as_of))
    rate(con, city.schemes, city.catalogue, city.reference)
    warehouse.keep_fact(con, "judged_at", moment)
    con.execute("DELETE FROM touched")
    con.execute("DELETE FROM watermarks_seen")
    con.execute('INSERT INTO watermarks_seen SELECT feed, "table", watermark FROM watermarks')
    con.execute('INSERT INTO computed SELECT DISTINCT "drop" FROM coverage ANTI JOIN computed USING ("drop")')


def warn(con: duckdb.DuckDBPyConnection, city: City, feeds: Feeds, *, is_log_back: bool) -> None:
    """Bring alerts up to what the signs and the feeds say now; in the same transaction as `compute`."""
    now = feeds.known.now
    rules = rules_in_force(con, tried(city.rules, city.trials))
    is_replay = city.reference.city.clock is not None
    replayed = known_when(con, lambda name: _tables(city.catalogue, city.catalogue.definitions[name]) if name else set(), now)
    log = Log(con, replayed if is_replay else lambda *_: now)
    marks = {name: watermark(con, city.catalogue, one) for name, one in city.catalogue.definitions.items()}
    raise_alerts(con, city.catalogue, rules, marks, log, anew=is_log_back)
    raise_feeds(con, rules, feeds.states, feeds.rated, now, log)
    log.keep()


def _lay_signs(con: duckdb.DuckDBPyConnection) -> None:
    """Make the table of signs; one that an older version made goes, and every definition counts as new."""
    con.execute(SIGNS.replace(" signs (", " signs_now (").replace("TABLE IF NOT EXISTS", "OR REPLACE TEMP TABLE"))
    con.execute(SIGNS)
    now, kept = (con.execute(f"DESCRIBE {table}").fetchall() for table in ("signs_now", "signs"))
    con.execute("DROP TABLE signs_now")
    if now != kept:
        set_aside(con, "true", [])
        con.execute("DROP TABLE signs")
        con.execute(SIGNS)
        con.execute("DELETE FROM facts WHERE name LIKE 'definition:%'")


def watermark(con: duckdb.DuckDBPyConnection, catalogue: Catalogue, one: Definition) -> datetime | None:
    """Return the end of the last covered time of an indicator: the least of the tables it rests on."""
    marks: list[datetime] = []
    for feed, table in _tables(catalogue, one):
        rows = con.execute('SELECT watermark FROM watermarks WHERE feed = ? AND "table" = ?', [feed, table]).fetchall()
        if not rows:
            return None
        marks.append(rows[0][0])
    return min(marks)


def _tables(catalogue: Catalogue, one: Definition) -> set[tuple[str, str]]:
    """Return the tables that a figure waits for; for an input that is taken at its last value it does not wait."""
    if one.spec.table:
        return {one.spec.feed_table}
    awaited = {atom.source for atom in one.formula.atoms if atom.kind == "input" and atom.how != "latest"} or one.inputs
    return set().union(*(_tables(catalogue, catalogue.definitions[name]) for name in awaited))


def _renew_signs(con: duckdb.DuckDBPyConnection, city: City, promised: Timetables, one: Definition, grain: str, span: Span) -> None:
    def late(end: datetime) -> str:
        return freshness.late_reason(promised, sorted(_tables(city.catalogue, one)), end, span.as_of)

    frame = signs_of(con, one, grain, span, city.reference, late)
    form = "%Y-%m" if grain in FINE else "%Y"
    old = "SELECT start FROM signs WHERE indicator = ? AND grain = ? AND start >= ?"
    con.execute(
        f"INSERT INTO stale SELECT DISTINCT 'signs', '{grain}/' || strftime(start, '{form}') FROM ({old})", [one.name, grain, span.since]
    )
    set_aside(con, "indicator = ? AND grain = ? AND start >= ?", [one.name, grain, span.since])
    con.execute("DELETE FROM signs WHERE indicator = ? AND grain = ? AND start >= ?", [one.name, grain, span.since])
    if not frame.empty:
        con.register("frame", frame)
        con.execute("INSERT INTO signs BY NAME SELECT * FROM frame")
        con.execute(f"INSERT INTO stale SELECT DISTINCT 'signs', '{grain}/' || strftime(start, '{form}') FROM frame")
        con.unregister("frame")


def _renewed(con: duckdb.DuckDBPyConnection, catalogue: Catalogue) -> set[str]:
    """Return new and changed definitions, forget those that are gone, and remember what is in force."""
    known = dict(con.execute("SELECT name, value FROM facts WHERE name LIKE 'definition:%'").fetchall())
    digests = {f"definition:{name}": digest_of(one.spec) for name, one in catalogue.definitions.items()}
    for gone in known.keys() - digests.keys():
        name = gone.removeprefix("definition:")
        con.execute("INSERT INTO stale SELECT DISTINCT 'signs', '*'")
        con.execute("DELETE FROM facts WHERE name = ?", [gone])
        set_aside(con, "indicator = ?", [name])
        for table in ("cells", "signs"):
            con.execute(f"DELETE FROM {table} WHERE indicator = ?", [name])
    for name, digest in digests.items():
        if known.get(name) != digest:
            warehouse.keep_fact(con, name, digest)
    return {name.removeprefix("definition:") for name, digest in digests.items() if known.get(name) != digest}


def _rejudged(con: duckdb.DuckDBPyConnection, city: City) -> set[str]:
    """Return the indicators that are told otherwise than before, though their figures stand: their past is judged anew.

    Other periods are left out, or the columns of signs, the baselines, the comparisons, the festivals or the
    least persons of the city are others.
    """
    said = city.reference.city
    terms = hashlib.sha256(repr((SIGNS, said.baseline, said.comparison, said.least_persons, city.reference.festivals)).encode()).hexdigest()
    changed: set[str] = set()
    if terms != warehouse.fact(con, "told_by"):
        warehouse.keep_fact(con, "told_by", terms)
        set_aside(con, "true", [])
        con.execute(f"DROP TABLE signs; {SIGNS} INSERT INTO stale VALUES ('signs', '*')")
        changed |= set(city.catalogue.definitions)
    for name, one in city.catalogue.definitions.items():
        mark = mark_of(one, city.reference)
        if mark != (warehouse.fact(con, f"left_out:{name}") or ""):
            warehouse.keep_fact(con, f"left_out:{name}", mark)
            changed.add(name)
    return changed
