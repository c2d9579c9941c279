"""Answers that no single sign gives: from several signs, or from the product's own rows where no formula can say them.

The intake is proven all the same: nothing here reads a file.
"""

from __future__ import annotations

from datetime import datetime

import pytest

from tests.real.conftest import Answers, Real
from tests.real.real_city import BIKES, COVID, HOLIDAYS, METRO, OUTLINES


def test_start_of_the_busiest_ten_minutes(real: Real, answers: Answers) -> None:
    """No period is finer than an hour, and no aggregate gives the moment of a maximum."""
    [(start,)] = real("flows").rows(
        "metro",
        "inflow",
        "SELECT window_start FROM newest WHERE window_start::DATE = '2019-01-09' GROUP BY ALL ORDER BY sum(inflow) DESC LIMIT 1",
    )

    assert start == datetime.fromisoformat(str(answers[METRO, "peak_10min_start_2019-01-09"]))


def test_the_busiest_hour_is_found_by_comparing_the_hours(real: Real, answers: Answers) -> None:
    """No aggregate gives the hour of a maximum; the signs of the hours do."""
    hours = real("flows").signs("bike_rentals", grain="hour", start=datetime(2018, 6, 15), end=datetime(2018, 6, 16))

    assert len(hours) == 24
    assert hours.nlargest(1, "value")["start"].iloc[0].hour == answers[BIKES, "peak_hour_2018-06-15"]


def test_new_cases_are_the_difference_of_two_signs(real: Real, answers: Answers) -> None:
    """No formula reaches into another period; a sign tells its change in per cent only."""
    city = real("liaoning")
    new = city.value("covid_confirmed", "2020-07-26", "210200") - city.value("covid_confirmed", "2020-07-25", "210200")

    assert new == answers[COVID, "dalian_new_2020-07-26"]


def test_workdays_of_a_year(real: Real, answers: Answers) -> None:
    """No function gives the day of the week, and the working calendar of a city is no feed."""
    [(workdays,)] = real("records").rows(
        "holidays_json",
        "days",
        "SELECT count(*) FILTER (NOT coalesce(is_off, isodow(d) > 5)) FROM newest RIGHT JOIN"
        " (SELECT unnest(generate_series(DATE '2024-01-01', DATE '2024-12-31', INTERVAL 1 DAY))::DATE AS d) ON day = d",
    )

    assert workdays == answers[HOLIDAYS, "workdays_2024"]


def test_both_forms_of_the_holidays_hold_the_same(real: Real) -> None:
    """Twenty JSON files and one CSV: the same 678 days, ten of them in the file of the year after."""
    city, query = real("records"), "SELECT day, holiday, is_off FROM newest ORDER BY day"
    days = city.rows("holidays", "days", query)

    assert city.rows("holidays_json", "days", query) == days
    assert len(days) == 678
    assert city.rows("holidays", "days", "SELECT count(*) FROM newest WHERE year(day) <> of_year") == [(10,)]
    assert all(state == "taken" and not quarantined for state, _, _, quarantined, _ in city.taken("holidays_json"))


def test_the_area_of_all_streets_as_it_is_printed(real: Real, answers: Answers) -> None:
    """INDEX.md states the area to three decimals, and so does the sign; the ellipsoid knows more of them."""
    [row] = real("records").signs("outlined_area", entity_kind="city", period="2024-01-01").to_dict("records")

    assert row["text"] == f"{answers[OUTLINES, 'total_area_km2']} km²"
    assert row["value"] == pytest.approx(41.782706, abs=1e-6)
