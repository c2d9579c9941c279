"""The table of known answers: which sign of which city says what INDEX.md of the real data says."""

from __future__ import annotations

from dataclasses import dataclass

from tests.real.real_city import (
    BEIJING,
    BIKES,
    CENSUS,
    COVID,
    DIVISIONS,
    HOLIDAYS,
    LOAD,
    LOOPS,
    MESSAGES,
    METRO,
    OUTLINES,
    SAN_FRANCISCO,
    SHENYANG,
    ZONES,
)

SHARE = 0.01  # a share of INDEX.md runs to 1, a sign in per cent to 100


@dataclass(frozen=True, slots=True)
class Known:
    """An answer, and the sign that gives it; without an entity the widest area, without a period all months together."""

    dataset: str
    answer: str
    city: str
    indicator: str
    period: str = ""
    entity: str = ""
    scale: float = 1.0
    column: str = "value"


@dataclass(frozen=True, slots=True)
class Outstanding:
    """An answer that names the entity whose sign is the most (or the least) in a period."""

    dataset: str
    answer: str
    city: str
    indicator: str
    kind: str
    period: str
    is_most: bool
    of: int
    figure: str = ""


ONE_SIGN = (
    Known(SHENYANG, "pm25_daily_mean_2015-11-08", "city", "shenyang_pm25_mean", "2015-11-08"),
    Known(SHENYANG, "pm25_max_hour_2015-11-08", "city", "shenyang_pm25_max", "2015-11-08"),
    Known(SHENYANG, "valid_hours_2015-11-08", "city", "shenyang_valid_hours", "2015-11-08"),
    Known(SHENYANG, "valid_days_2015", "city", "shenyang_valid_days", "2015"),
    Known(SHENYANG, "days_over_75_2015", "city", "shenyang_days_over_75", "2015"),
    Known(BEIJING, "pm25_city_mean_2016-12-20", "city", "beijing_pm25_of_stations", "2016-12-20"),
    Known(BEIJING, "stations_over_150_2016-12-20", "city", "beijing_stations_over_150", "2016-12-20"),
    Known(MESSAGES, "received_2019-03", "city", "messages_received", "2019-03"),
    Known(MESSAGES, "median_reply_days_2018", "city", "messages_median_reply_days", "2018"),
    Known(MESSAGES, "reply_within_15d_share_2018", "city", "messages_within_15d", "2018", scale=SHARE),
    Known(MESSAGES, "open_at_2019-01-01", "city", "messages_open", "2018-12-31"),  # midnight is the end of the day before
    Known(METRO, "inflow_total_2019-01-09", "flows", "metro_inflow", "2019-01-09"),
    Known(METRO, "peak_10min_total_2019-01-09", "flows", "metro_peak_window", "2019-01-09"),
    Known(METRO, "week_on_week_pct_2019-01-09", "flows", "metro_inflow", "2019-01-09", column="change_week"),
    Known(BIKES, "rentals_2018-06-15", "flows", "bike_rentals", "2018-06-15"),
    Known(ZONES, "zone1_peak_kw_2017-07-20", "flows", "zone_peak_kw", "2017-07-20", "zone1"),
    Known(ZONES, "city_peak_kw_2017-07-20", "flows", "zones_peak_kw", "2017-07-20"),
    Known(ZONES, "city_energy_mwh_2017-07-20", "flows", "zones_energy_mwh", "2017-07-20"),
    Known(LOOPS, "mean_speed_2012-03-02", "roads", "speed_mean", "2012-03-02"),
    Known(LOOPS, "am_peak_mean_2012-03-02", "roads", "speed_mean_morning", "2012-03-02"),
    Known(LOOPS, "congested_share_2012-03-02", "roads", "speed_congested_share", "2012-03-02", scale=SHARE),
    Known(COVID, "shenyang_cum_confirmed_2020-02-15", "liaoning", "covid_confirmed", "2020-02-15", "210100"),
    Known(COVID, "province_vs_sum_gap_2020-02-15", "liaoning", "covid_gap", "2020-02-15", "210000"),
    Known(CENSUS, "heping_population", "liaoning", "census_population", "2020-11-01", "210102"),
    Known(CENSUS, "heping_density_per_km2", "liaoning", "census_density", "2020-11-01", "210102"),
    Known(CENSUS, "heping_share_60plus", "liaoning", "census_share_60plus", "2020-11-01", "210102", SHARE),
    Known(CENSUS, "districts_sum_minus_city", "liaoning", "census_total_gap", "2020-11-01", "210100"),
    Known(DIVISIONS, "heping_streets", "liaoning", "streets_now", "2024-01-01", "210102"),
    Known(DIVISIONS, "heping_communities", "liaoning", "communities_now", "2024-01-01", "210102"),
    Known(DIVISIONS, "streets_of_2018_gone", "liaoning", "streets_gone", "2024-01-01"),
    Known(DIVISIONS, "same_code_other_name", "liaoning", "codes_of_two_streets", "2024-01-01"),
    Known(LOAD, "peak_kw_2021-07-15", "records", "load_peak_kw", "2021-07-15"),
    Known(LOAD, "energy_mwh_2021-07-15", "records", "load_energy_mwh", "2021-07-15"),
    Known(LOAD, "load_factor_2021-07-15", "records", "load_factor", "2021-07-15"),
    Known(LOAD, "points_2021-08-09", "records", "load_points", "2021-08-09"),
    Known(SAN_FRANCISCO, "311_created_2016", "records", "cases_created", "2016"),
    Known(SAN_FRANCISCO, "311_median_hours_to_close_2016", "records", "cases_median_hours", "2016"),
    # The whole sample is one period: its contract derives one date for every row.
    Known(SAN_FRANCISCO, "fire_median_min_medical", "records", "medical_median_minutes", "2013"),
    Known(SAN_FRANCISCO, "fire_units_medical_used", "records", "medical_units", "2013"),
    Known(SAN_FRANCISCO, "fire_share_le_8min_medical", "records", "medical_within_8min", "2013", scale=SHARE),
    Known(HOLIDAYS, "off_days_2024", "records", "days_off", "2024"),
    Known(HOLIDAYS, "makeup_workdays_2024", "records", "days_made_up", "2024"),
    Known(OUTLINES, "streets", "records", "outlined_streets", "2024-01-01"),
)
ALL_MONTHS = (
    Known(BEIJING, "missing_pm25_total", "city", "beijing_pm25_missing"),
    Known(BIKES, "non_functioning_hours", "flows", "bike_hours_still"),
    Known(LOAD, "missing_points_total", "records", "load_points_missing"),
)
OUTSTANDING = (
    Outstanding(
        BEIJING, "worst_station_2016-12-20", "city", "beijing_pm25_mean", "station", "2016-12-20", True, 12, "worst_station_mean_2016-12-20"
    ),
    Outstanding(METRO, "busiest_station_2019-01-09", "flows", "metro_inflow", "stop", "2019-01-09", True, 80),
    Outstanding(OUTLINES, "largest_street", "records", "outlined_area", "street", "2024-01-01", True, 17),
    Outstanding(LOOPS, "slowest_sensor_2012-03-02", "roads", "speed_mean", "sensor", "2012-03-02", False, 207),
)
# Beyond one sign: asked for by the tests of these names in test_beyond_one_sign.py.
BEYOND_ONE_SIGN = {
    (METRO, "peak_10min_start_2019-01-09"): "test_start_of_the_busiest_ten_minutes",
    (BIKES, "peak_hour_2018-06-15"): "test_the_busiest_hour_is_found_by_comparing_the_hours",
    (COVID, "dalian_new_2020-07-26"): "test_new_cases_are_the_difference_of_two_signs",
    (HOLIDAYS, "workdays_2024"): "test_workdays_of_a_year",
    (OUTLINES, "total_area_km2"): "test_the_area_of_all_streets_as_it_is_printed",
}
