"""The traps that INDEX.md of the real data names: each is a way in which a file looks like what it is not."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path

import pytest

from tests.real.conftest import Real
from tests.real.real_city import ZONES


def test_one_code_two_streets(real: Real) -> None:
    """Trap 1: two sources give two codes to different streets; names tell them apart, codes alone would not."""
    twice = real("liaoning").rows(
        "divisions",
        "streets",
        "SELECT code, list(DISTINCT street ORDER BY street) FROM newest WHERE starts_with(code, '210102')"
        " GROUP BY code HAVING count(DISTINCT street) > 1 ORDER BY code",
    )

    assert twice == [("210102022", ["太原街街道", "沈水湾街道"]), ("210102023", ["北市场街道", "浑河站西街道"])]


def test_streets_that_are_no_more_are_named(real: Real) -> None:
    """Trap 2: of 13 streets of 2018 the register knows ten; the three gone wait in quarantine until an alias maps them."""
    city = real("liaoning")

    assert [found for _, reason, found in city.quarantined("streets_2018") if reason == "UNKNOWN_UNIT"] == [
        "八经街道",
        "集贤街道",
        "西塔街道",
    ]
    assert city.rows("streets_2018", "names", "SELECT count(DISTINCT street) FROM newest") == [(10,)]


def test_two_returns_before_a_line_feed(real: Real, folder: Path) -> None:
    """Trap 3: the original with CR CR LF and its repaired copy hold the same values, so the second changes nothing."""
    first, second = [one for one in real("flows").refreshed.taken if one.arrival.feed == "zones"]

    assert b"\r\r\n" in (folder / ZONES / first.arrival.file).read_bytes()[:1000]
    assert (first.records, first.changed, second.records, second.changed) == (157_248, 157_248, 157_248, 0)


def test_a_zone_that_is_none(real: Real) -> None:
    """Trap 4: "+00:00" is wall clock; times are kept as printed, and cases come at hours when people are awake."""
    city = real("records")
    hours = dict(city.rows("cases", "cases", "SELECT hour(created_at), count(*) FROM newest GROUP BY ALL"))

    assert city.rows("cases", "cases", "SELECT created_at FROM newest WHERE case_no = '6078653'") == [(datetime(2016, 7, 13, 15, 11, 7),)]
    assert 9 <= max(hours, key=lambda hour: hours[hour]) <= 15
    assert city.rows("fire", "responses", "SELECT min(received_at), max(received_at) FROM newest")[0][0].date() == date(2000, 4, 13)


def test_a_zero_that_is_an_outage(real: Real) -> None:
    """Trap 5: while the service stands still a zero is no count; every such hour is there, without one."""
    city = real("flows")

    assert city.rows("bikes", "hourly", "SELECT count(*), count(rentals), count(*) FILTER (rentals = 0) FROM newest") == [(8_760, 8_465, 0)]
    assert city.signs("bike_hours_without_count", grain="month")["value"].sum() == 295


def test_a_zero_that_is_a_count(real: Real) -> None:
    """Trap 5, the contrary: a station where nobody entered in ten minutes is zero and not missing."""
    city = real("flows")

    assert city.signs("metro_empty_windows", grain="day")["value"].sum() == 6_237
    assert city.rows("metro", "inflow", "SELECT count(*), count(inflow), sum(inflow) FROM newest") == [(216_000, 216_000, 29_248_681)]


SPANS = [
    ("flows", "bikes", "hourly", "hour", datetime(2017, 12, 1), datetime(2018, 11, 30, 23)),  # day first
    ("flows", "zones", "power", "moment", datetime(2017, 1, 1), datetime(2017, 12, 30, 23, 50)),  # month first, year of two digits
    ("roads", "loops", "speeds", "moment", datetime(2012, 3, 1), datetime(2012, 3, 7, 23, 55)),  # no time: the place of the row
    ("records", "load", "quarters", "moment", datetime(2018, 1, 1), datetime(2021, 8, 31, 23, 45)),  # without leading zeros
    ("records", "load", "weather", "day", date(2018, 1, 1), date(2018, 1, 14)),  # 年月日
    ("city", "shenyang_air", "hourly", "hour", datetime(2010, 1, 1), datetime(2015, 12, 31, 23)),  # four columns
]


@pytest.mark.parametrize(("city", "feed", "table", "column", "first", "last"), SPANS, ids=[f"{row[1]}-{row[2]}" for row in SPANS])
def test_dates_in_any_order(real: Real, city: str, feed: str, table: str, column: str, first: date, last: date) -> None:
    """Trap 6: every way to write a time ends in the span that INDEX.md states."""
    assert real(city).rows(feed, table, f'SELECT min("{column}"), max("{column}") FROM newest') == [(first, last)]


def test_the_city_row_stands_among_its_districts(real: Real) -> None:
    """Trap 7: 13 districts are the city; its own row beside them would count everybody twice."""
    city = real("liaoning")
    people = city.signs("census_population", entity_kind="district", period="2020-11-01")
    of_shenyang = people[people["entity"].str.startswith("2101") & ~people["entity"].str.endswith("U")]

    assert len(of_shenyang) == 13
    assert of_shenyang["value"].sum() == city.value("census_population", "2020-11-01", "210100") == 9_070_093
    assert city.value("census_population_naive", "2020-11-01", "210100") == 2 * 9_070_093
    assert city.rows("census", "measures", "SELECT count(*), count(DISTINCT measure) FROM newest") == [(16 * 149, 149)]


def test_the_province_row_stands_among_its_cities(real: Real) -> None:
    """Trap 7: the row without a city is another table; the cities alone make the province's sum, one case short."""
    city = real("liaoning")

    assert city.value("covid_confirmed_province", "2020-02-15", "210000") == city.value("covid_confirmed", "2020-02-15", "210000") + 1
    assert city.rows(
        "covid_cities",
        "daily",
        "SELECT city, count(*) FROM newest WHERE city IN ('2100y0', '2100xx', '210400') GROUP BY ALL ORDER BY city",
    ) == [("2100xx", 28), ("2100y0", 264), ("210400", 236)]


def test_a_counter_that_runs_back(real: Real) -> None:
    """Trap 9: Shenyang's cumulative count falls once, and a day without a report is no data."""
    days = real("liaoning").signs("covid_confirmed", entity="210100", grain="day").set_index("period")["value"]
    changes = days.dropna().diff()

    assert changes[changes < 0].to_dict() == {"2020-02-02": -3.0}
    assert real("liaoning").signs("covid_confirmed", entity="210400", grain="day")["value"].notna().sum() == 236


def test_the_sentinel_is_no_dew_point(real: Real) -> None:
    """Trap 10: -97 is how the file says that a dew point is missing: it is never the coldest reading."""
    months = real("city").signs("shenyang_dew_point_min", grain="month")

    assert -60 < months["value"].min() < -20


def test_a_place_that_is_none(real: Real) -> None:
    """Trap 10: 0.0 stands for an address that is not known; no case lies off the coast of Africa."""
    found = real("records").rows("cases", "cases", "SELECT count(*), count(latitude), min(latitude), max(longitude) FROM newest")
    [(cases, located, south, east)] = found

    assert (cases, located) == (10_000, 5_736)
    assert south > 37
    assert east < -122


def test_a_reading_below_nothing(real: Real) -> None:
    """A power below zero is out of range; the low quarter hours of the load are odd, and are kept."""
    city = real("records")

    assert [(line, reason) for line, reason, _ in city.quarantined("load")] == [(24, "OUT_OF_RANGE")]
    assert city.signs("load_points_low", grain="month")["value"].sum() == 200
    assert city.value("industry_most_kw", "2019-11-06") == pytest.approx(124_283.5476, abs=1e-6)


def test_latitude_first(real: Real) -> None:
    """Trap 11: the label of a street is [lat, lon] while its outline is [lon, lat]; a list is kept as text."""
    labels = real("records").rows("outlines", "streets", "SELECT code, label FROM newest ORDER BY code")

    assert len(labels) == 17
    assert all(39 < float(json.loads(label)[0]) < 41 for _, label in labels)
    assert all(116 < float(json.loads(label)[1]) < 117 for _, label in labels)
    assert all(len(code) == 12 and code.startswith("110101") for code, _ in labels)
