"""Writes what readers read: the parts whose rows changed, then the manifest, then the pointer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import duckdb
import pandas as pd

from data import alerted, defined, noted, readings, scored
from data.conduct import conduct
from data.contract import Contract
from data.deliveries import WHOLE, Deliveries, calendar, feed_states
from data.desk.action import Head
from data.grammar import Label
from data.initials import initials
from data.places import Places
from data.quality import OVERALL, quality
from data.register import Reference
from data.settings import Settings
from data.snapshots import Part, Snapshot, publish, write_part
from data.timetable import WorkingCalendar
from data.upsert import noted_parts
from data.volume import note_volumes
from data.works import WORK_COLUMNS
from indicators.alertparts import alert_frame, alert_tables, rule_frame
from indicators.definition import LEVELS, Catalogue
from indicators.directory import City
from indicators.evaluation.schemes import scheme_frame
from indicators.lineage import definition_frame
from indicators.workpart import work_frame

READ_COLUMNS = {
    "schemes": scored.SCHEME_COLUMNS,
    "entities": readings.ENTITY_COLUMNS, "domains": readings.DOMAIN_COLUMNS, "indicators": defined.INDICATOR_COLUMNS,
    "feeds": readings.FEED_COLUMNS, "feed_tables": readings.FEED_TABLE_COLUMNS, "deliveries": readings.DELIVERY_COLUMNS,
    "quality": readings.QUALITY_COLUMNS, "conduct": readings.CONDUCT_COLUMNS, "annotations": noted.ANNOTATION_COLUMNS,
    "definitions": defined.DEFINITION_COLUMNS, "holidays": noted.HOLIDAY_COLUMNS, "rules": alerted.RULE_COLUMNS,
    "alerts": alerted.ALERT_COLUMNS, "works": WORK_COLUMNS,
}  # fmt: skip
# Signs of these grains are published in a part a month, those of longer ones in a part a year.
FINE = frozenset({"hour", "day"})
# A drop corrects when it revises, and speaks for no time that earlier drops of its tables had not spoken for.
_OLD = """SELECT "drop", bool_and(covers_to <= before) AS is_old FROM (
    SELECT c."drop", c.covers_to, max(c.covers_to) OVER (PARTITION BY c.feed, c."table" ORDER BY l.arrived_at, l.seq
           ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before
    FROM coverage c JOIN ledger l USING ("drop")) GROUP BY "drop\""""
# Of a drop with several tables, the one that is furthest from what was expected.
_VOLUME = """SELECT DISTINCT ON ("drop") "drop", volume, volume_rows, volume_low, volume_high FROM volumes WHERE volume IS NOT NULL
    ORDER BY "drop", volume = 'usual', greatest(volume_low - volume_rows, volume_rows - volume_high) DESC, "table\""""
# A row counts as cleared once all that was wrong with it is.
_CLEARED = """SELECT "drop", count(*) AS cleared FROM (
    SELECT "drop" FROM told GROUP BY "drop", "table", sheet, line HAVING bool_and(cleared_by IS NOT NULL)) GROUP BY "drop\""""
MIDNIGHT = "00:00"
_ORDER = "indicator, entity_kind, entity, start"


@dataclass(frozen=True, slots=True)
class Feeds:
    """How the feeds stand at a moment: what came of them, how that stands (`data.deliveries`) and what it is worth (`data.quality`)."""

    known: Deliveries
    states: pd.DataFrame
    rated: pd.DataFrame


def feeds_at(con: duckdb.DuckDBPyConnection, reference: Reference, contracts: dict[str, Contract], as_of: datetime) -> Feeds:
    """Judge the feeds at a moment, and note how much each drop held beside what was expected."""
    known = Deliveries(con, contracts, reference, as_of)
    note_volumes(known, reference.city.volume, WorkingCalendar(reference))
    return Feeds(known, feed_states(known), quality(known, reference.city.quality))


def publish_all(
    con: duckdb.DuckDBPyConnection, settings: Settings, feeds: Feeds, city: City, *, as_of: datetime, desk: Head | None
) -> Snapshot:
    """Publish the warehouse as it stands; parts whose rows did not change are named again, not written again."""
    parts = _sign_parts(con, settings)
    known, states, rated = feeds.known, feeds.states, feeds.rated
    reference, contracts, catalogue = known.reference, known.contracts, city.catalogue
    frames = {
        "entities": _entities(reference),
        "domains": pd.DataFrame([(d.domain, d.letter, d.name.zh, d.name.en or d.name.zh, d.weight) for d in reference.city.domains],
                                columns=["domain", "letter", "name_zh", "name_en", "weight"]),
        "indicators": indicator_frame(catalogue, contracts),
        "definitions": definition_frame(catalogue, contracts),
        "schemes": scheme_frame(city.schemes, reference),
        "feeds": feed_frame(known, catalogue, states, rated),
        "feed_tables": _feed_tables(contracts, states),
        "deliveries": calendar(known),
        "quality": rated,
        "conduct": conduct(known),
        "annotations": _annotations(reference, catalogue),
        "holidays": _holidays(reference),
        "rules": rule_frame(city.rules, city.trials),
        "alerts": alert_frame(con, city.rules, catalogue, contracts, reference),
        "works": work_frame(con, city.works),
    }  # fmt: skip
    for table, frame in frames.items():
        con.register("frame", frame.reindex(columns=list(READ_COLUMNS[table])))
        parts.append(write_part(con, settings, table, "all", "SELECT * FROM frame"))
        con.unregister("frame")
    con.execute(
        "CREATE OR REPLACE TEMP TABLE told AS SELECT q.* EXCLUDE (key, place), c.cleared_by, c.cleared_at, q.place FROM"
        ' (SELECT *, rowid AS place FROM quarantine) q LEFT JOIN cleared c USING ("drop", "table", key)'
    )
    tables = {
        "drops": "SELECT l.* EXCLUDE (taken_at), coalesce(c.cleared, 0) AS cleared, l.revised > 0 AND coalesce(o.is_old, false) AS"
        f' is_correction, v.* EXCLUDE ("drop") FROM ledger l LEFT JOIN ({_CLEARED}) c USING ("drop") LEFT JOIN ({_OLD}) o USING ("drop")'
        f' LEFT JOIN ({_VOLUME}) v USING ("drop") ORDER BY seq',
        "takings": 'SELECT "drop", taken_at FROM ledger ORDER BY seq',
        "quarantine": 'SELECT * EXCLUDE (place) FROM told ORDER BY "drop", "table", line, place',
        "coverage": "SELECT * FROM coverage ORDER BY ALL",
        "scores": "SELECT * FROM scores ORDER BY scheme, start, entity, node",
        "moves": "SELECT * FROM moves ORDER BY scheme, start, entity, factor, node",
        "points": "SELECT * FROM points ORDER BY scheme, start, entity, indicator",
        "sensitivity": "SELECT * FROM sensitivity ORDER BY scheme, factor",
        "volumes": 'SELECT * FROM volumes ORDER BY feed, "drop", "table"',
    } | alert_tables()
    parts += [write_part(con, settings, table, "all", query) for table, query in tables.items()]
    records = noted_parts(con)
    said = reference.city
    facts = {
        "name": said.name.model_dump(), "title": said.title.model_dump(), "marking": said.marking.model_dump(),
        "provenance": said.provenance, "time_zone": said.time_zone, "areas": list(said.areas), "root": reference.root.entity,
        "is_clock_fixed": said.clock is not None,
    }  # fmt: skip
    snapshot = publish(settings, as_of, facts, city.fingerprint, parts, records, desk)
    con.execute("DELETE FROM stale")
    return snapshot


def _sign_parts(con: duckdb.DuckDBPyConnection, settings: Settings) -> list[Part]:
    """Write the stale partitions of the signs and name the others as they are."""
    stale = {partition for _, partition in con.execute('SELECT DISTINCT "table", partition FROM stale').fetchall()}
    known = {part.partition: part for part in (Part(*row) for row in con.execute("SELECT * FROM published").fetchall())}
    found = con.execute("SELECT DISTINCT grain, strftime(start, '%Y-%m') FROM signs").fetchall()
    wanted = sorted({f"{grain}/{month if grain in FINE else month[:4]}" for grain, month in found})
    parts = []
    for partition in wanted:
        kept, (grain, label) = known.get(partition), partition.split("/")
        if kept is None or partition in stale or "*" in stale or not (settings.parts / kept.file).is_file():
            form = "%Y-%m" if grain in FINE else "%Y"
            query = f"SELECT * FROM signs WHERE grain = '{grain}' AND strftime(start, '{form}') = '{label}' ORDER BY {_ORDER}"
            kept = write_part(con, settings, "signs", partition, query)
        parts.append(kept)
    con.execute("DELETE FROM published")
    for part in parts:
        con.execute("INSERT INTO published VALUES (?, ?, ?, ?, ?)", [part.table, part.partition, part.file, part.sha256, part.rows])
    return parts


def _annotations(reference: Reference, catalogue: Catalogue) -> pd.DataFrame:
    """Return what happened (ANNOTATION_COLUMNS), with every entity and indicator that it concerns; none named = all."""
    wider = reference.wider
    rows = [
        {
            "annotation": note.annotation, "kind": note.kind, "text_zh": note.text.zh, "text_en": note.text.en or note.text.zh,
            "author": note.author, "start": note.span[0], "end": note.span[1], "excluded": note.excluded,
            "entities": ";".join(code for code in wider if note.is_at(code, wider)) if note.entities else "",
            "indicators": ";".join(name for name, one in catalogue.definitions.items() if note.is_of(name, one.domain))
            if note.indicators or note.domains else "",
        }
        for note in sorted(reference.annotations.annotations, key=lambda note: note.span)
    ]  # fmt: skip
    return pd.DataFrame(rows)


def _holidays(reference: Reference) -> pd.DataFrame:
    """Return the public holidays (HOLIDAY_COLUMNS); days off in a row that bear one name are one."""
    rows: list[list[object]] = []
    before = None
    for day in sorted((one for one in reference.calendar if one.holiday and not one.is_workday), key=lambda one: one.date):
        if before and rows[-1][0] == day.holiday and day.date - before == timedelta(days=1):
            rows[-1][2] = day.date
        else:
            rows.append([day.holiday, day.date, day.date])
        before = day.date
    return pd.DataFrame(rows, columns=list(noted.HOLIDAY_COLUMNS))


def _entities(reference: Reference) -> pd.DataFrame:
    everyone = (*reference.entities, *Places(reference).unassigned())
    rows = [(e.entity_kind, e.entity, e.name_zh, e.name_en or e.name_zh, e.parent, e.row, e.col, e.note) for e in everyone]
    frame = pd.DataFrame(rows, columns=["entity_kind", "entity", "name_zh", "name_en", "parent", "row", "col", "note"])
    return frame.astype({"row": "Int64", "col": "Int64"})


def indicator_frame(catalogue: Catalogue, contracts: dict[str, Contract]) -> pd.DataFrame:
    """Return the catalogue as readers see it (INDICATOR_COLUMNS of `data.defined`), with the newest thresholds."""
    rows = []
    for one in catalogue.definitions.values():
        spec = one.spec
        lines = spec.thresholds[-1] if spec.thresholds else None
        feed, table = spec.feed_table
        rows.append({
            "indicator": one.name, "domain": one.domain, "name_zh": spec.name.zh, "name_en": spec.name.en or spec.name.zh,
            "unit": spec.unit, "precision": spec.precision, "direction": spec.direction, "formula": spec.formula,
            "by": ";".join(spec.by), "per": spec.per, "day_from": contracts[feed].tables[table].day_from if feed in contracts else MIDNIGHT,
            "feed": feed or ";".join(sorted(catalogue.feeds_of(one.name))), "table": table, "cadence": spec.cadence,
            "grains": ";".join(spec.grains), "entity_kinds": ";".join(spec.grain), "min_n": spec.min_n,
            "window_days": spec.window.days or None if spec.window else None,
            "window_kinds": ";".join(spec.window.kinds) if spec.window else "",
            "active_from": spec.active.start if spec.active else "", "active_to": spec.active.end if spec.active else "",
            **{level: getattr(lines, level) if lines else None for level in (*LEVELS, "target")},
            "band_low": spec.band.low if spec.band else None, "band_high": spec.band.high if spec.band else None,
            "owner": "、".join(spec.owner), "pillar": spec.pillar, "weight": spec.weight, "since": spec.since, "version": spec.version,
            "initials": initials(spec.name.zh), **_worded("numerator", spec.numerator), **_worded("denominator", spec.denominator),
            "goalpost_low": spec.goalposts.low if spec.goalposts else None,
            "goalpost_high": spec.goalposts.high if spec.goalposts else None,
            "credibility": spec.credibility, "reference": spec.reference, "note": spec.note,
        })  # fmt: skip
    ends = ("target", "band_low", "band_high", "goalpost_low", "goalpost_high")
    numbers = dict.fromkeys((*LEVELS, *ends), "Float64") | {"window_days": "Int64"}
    return pd.DataFrame(rows).astype(numbers) if rows else pd.DataFrame()


def _worded(key: str, label: Label | None) -> dict[str, str]:
    return {f"{key}_zh": label.zh if label else "", f"{key}_en": (label.en or label.zh) if label else ""}


def feed_frame(known: Deliveries, catalogue: Catalogue, states: pd.DataFrame, rated: pd.DataFrame) -> pd.DataFrame:
    """Return FEED_COLUMNS of readings: what a contract promises, and how its feed stands at the moment of the deliveries."""
    contracts = known.contracts
    names = {entity.entity: entity.name_zh for entity in known.reference.entities}
    promises = [
        {
            "feed": feed, "code": c.code, "name_zh": c.name.zh, "name_en": c.name.en or c.name.zh, "department": c.department,
            "department_name": names.get(c.department, c.department), "owner": c.owner, "system": c.system, "every": c.cadence.every,
            "class": c.data_class, "grade": c.grade, "share": c.share,
            "indicators": sum(feed in catalogue.feeds_of(one) for one in catalogue.definitions),
        }
        for feed, c in contracts.items()
    ]  # fmt: skip
    if not promises:
        return pd.DataFrame()
    counts = known.con.execute(
        "SELECT feed, count(*) FILTER (WHERE state = 'taken') AS drops, sum(rows)::BIGINT AS rows, sum(accepted)::BIGINT AS accepted,"
        " sum(quarantined)::BIGINT AS quarantined FROM ledger WHERE arrived_at <= ? GROUP BY feed",
        [known.now],
    ).df()
    frame = pd.DataFrame(promises).merge(states[states["table"] == WHOLE], on="feed").merge(counts, on="feed", how="left")
    whole = ["drops", "rows", "accepted", "quarantined"]
    frame[whole] = frame[whole].fillna(0).astype("Int64")
    now = rated[(rated["span"] == "28d") & (rated["dimension"] == OVERALL)].rename(
        columns={"score": "quality", "coverage": "quality_coverage"}
    )
    return frame.merge(now[["feed", "quality", "stars", "quality_coverage"]], on="feed").sort_values("code")


def _feed_tables(contracts: dict[str, Contract], states: pd.DataFrame) -> pd.DataFrame:
    """Return FEED_TABLE_COLUMNS of readings: every table with its own promise, and how it stands."""
    promises = [
        {
            "feed": feed, "table": name, "name_zh": table.name.zh, "name_en": table.name.en or table.name.zh, "kind": table.kind,
            "every": contract.cadence_of(name).every, "each": contract.cadence_of(name).each,
        }
        for feed, contract in contracts.items()
        for name, table in contract.tables.items()
    ]  # fmt: skip
    return pd.DataFrame(promises).merge(states, on=["feed", "table"]) if promises else pd.DataFrame()
