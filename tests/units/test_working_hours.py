"""Deadlines in working hours go by the working days of the calendar and the working hours of the city, and by nothing else."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import ibis
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from data import warehouse
from data.city import City
from data.expression import parse
from data.register import Reference, load_reference
from data.settings import Settings
from data.timetable import WorkingCalendar
from tests.units.bench_city import bench, written

REPOSITORY = Path(__file__).parents[2]
HEPING = load_reference(Settings(REPOSITORY, REPOSITORY))


def later(moment: str | datetime, hours: float, reference: Reference = HEPING) -> datetime | None:
    """Return what the engine makes of `add_workhours(at, hours)`."""
    rows = ibis.table({"at": "timestamp", "hours": "float64"}, name="rows_")
    query = ibis.to_sql(rows.select(due=parse("add_workhours(at, hours)").compile({name: rows[name] for name in rows.columns})), "duckdb")
    with duckdb.connect() as con:
        warehouse.lay_reference(con, reference)
        found = con.execute(f"WITH rows_ AS (SELECT ?::TIMESTAMP AS at, ?::DOUBLE AS hours) {query}", [moment, hours]).fetchall()[0][0]
    return found if found is None or isinstance(found, datetime) else datetime.combine(found, datetime.min.time())


@pytest.mark.parametrize(
    ("moment", "hours", "due"),
    [
        ("2016-03-02 09:00", 2, "2016-03-02 11:00"),
        ("2016-03-02 11:00", 2, "2016-03-02 14:00"),  # an hour of noon is no work
        ("2016-03-02 12:30", 0.5, "2016-03-02 13:30"),
        ("2016-03-02 16:00", 4, "2016-03-03 11:30"),
        ("2016-03-02 22:15", 4, "2016-03-03 13:30"),  # what comes at night counts from the next morning
        ("2016-03-02 09:30", 7.5, "2016-03-03 09:30"),  # a working day has seven and a half hours
        ("2016-03-02 08:30", 7.5, "2016-03-02 17:00"),  # a day's work is done when the day is, not on the next morning
        ("2016-03-04 16:30", 1, "2016-03-07 09:00"),  # Friday to Monday
        ("2016-02-05 16:00", 4, "2016-02-06 11:30"),  # the Saturday before 春节 is worked
        ("2016-02-06 16:00", 4, "2016-02-14 11:30"),  # eight days off, then a Sunday that is worked
        ("2016-03-05 10:00", 1, "2016-03-07 09:30"),
        ("2016-03-05 10:00", 0, "2016-03-05 10:00"),
    ],
)
def test_a_deadline_in_working_hours(moment: str, hours: float, due: str) -> None:
    """Worked out by hand with the calendar of the State Council of 2016, 08:30-12:00 and 13:00-17:00."""
    assert datetime.fromisoformat(due) == later(moment, hours)


def test_beyond_the_calendar_nothing_is_known() -> None:
    """Neither after its last day nor before its first: no deadline is better than a wrong one."""
    assert [later(f"{year}-03-02 09:00", 2) for year in (1999, 2060)] == [None, None]


@given(st.datetimes(datetime(2015, 12, 25), datetime(2016, 2, 20)), st.integers(1, 60 * 40))
@settings(max_examples=25, deadline=None)
def test_it_is_the_clock_run_minute_by_minute(moment: datetime, minutes: int) -> None:
    """Over New Year and 春节, as someone would count who watches the clock."""
    moment = moment.replace(second=0, microsecond=0)
    calendar, spans = WorkingCalendar(HEPING), [span.seconds for span in HEPING.city.working_hours]
    now, left = moment, minutes
    while left:
        second = 60 * (60 * now.hour + now.minute)
        left -= calendar.works(now.date()) and any(start <= second < end for start, end in spans)
        now += timedelta(minutes=1)

    assert now == later(moment, minutes / 60)


def test_a_rate_within_four_working_hours() -> None:
    """A formula may ask for it: of three cases of a Friday two were closed within four working hours, one of them on Monday."""
    spec = {"indicator": "quick", "formula": "count(closed_at <= add_workhours(opened_at, 4)) / rows()", "unit": "%"}
    closed = [datetime(2025, 3, 7, 17), datetime(2025, 3, 10, 10), datetime(2025, 3, 10, 11)]
    with bench(spec) as city:
        city.lay(
            [{"no": no, "opened_at": datetime(2025, 3, 7, 15), "closed_at": at} for no, at in enumerate(closed)], "2025-03-01", "2025-04-01"
        )
        city.compute()

        assert (2, 3) == tuple(city.cell("quick", "2025-03-07")[name] for name in ("numerator", "denominator"))


@pytest.mark.parametrize(
    "spans", [[], [{"from": "13:00", "to": "17:00"}, {"from": "08:30", "to": "12:00"}], [{"from": "12:00", "to": "08:30"}]]
)
def test_working_hours_follow_each_other(spans: list[dict[str, str]]) -> None:
    """No hours at all, and hours that run backwards, are a mistake of the city's file."""
    city = load_reference(written("")).city.model_dump(by_alias=True)

    with pytest.raises(ValidationError, match="working_hours"):
        City.model_validate(city | {"working_hours": spans})
