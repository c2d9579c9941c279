"""Three real data sets come in by contracts alone, and the known answers of their publisher's INDEX.md come out.

`REAL_DATA` names the folder that holds the files; they never enter this repository. The Beijing stations are stored
as `.csv.gz`, which the product does not take: each is unpacked into the inbox as it is, nothing else is touched.
The city under `tests/real/city` has a fixed clock after the last reading, and the manifest lets every file arrive
between the two.
"""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest

from data import readings
from data.settings import Settings
from data.snapshots import Snapshot
from indicators.refresh import Refreshed, refresh

ROOT = Path(__file__).parents[2]
CITY = Path(__file__).parent / "city"
SHENYANG, BEIJING, MESSAGES = "cn_pm25_shenyang_beijing_shanghai", "cn_beijing_air_12_stations", "cn_citizen_messages"
ARRIVED_AT = "2020-01-20T08:00:00+08:00"
NOW = datetime(2020, 2, 1, tzinfo=UTC)


def real_data() -> Path:
    """Return the folder of the real files; skip, and say so, where there is none."""
    named = os.environ.get("REAL_DATA")
    if not named:
        pytest.skip("REAL_DATA is unset: the known answers of real data were not checked")
    folder = Path(named)
    absent = [name for name in (SHENYANG, BEIJING, MESSAGES) if not (folder / name).is_dir()]
    if absent or not (folder / "answers.json").is_file():
        pytest.skip(f"REAL_DATA={named} lacks {', '.join(absent) or 'answers.json'}: real data were not checked")
    return folder


def drop(settings: Settings, feed: str, file: str, content: bytes) -> None:
    """Lay a file into the inbox, with the manifest line that says when it came."""
    folder = settings.inbox / feed
    folder.mkdir(parents=True, exist_ok=True)
    (folder / file).write_bytes(content)
    with (folder / "manifest.jsonl").open("a", encoding="utf-8") as lines:
        lines.write(json.dumps({"file": file, "arrived_at": ARRIVED_AT}) + "\n")


@pytest.fixture(scope="module")
def answers() -> dict[tuple[str, str], float | str]:
    """The published answers, by data set and id."""
    known = json.loads((real_data() / "answers.json").read_text(encoding="utf-8"))
    return {(one["dataset"], one["id"]): one["value"] for one in known}


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> tuple[Settings, Refreshed]:
    """One refresh of all three sets."""
    folder = real_data()
    settings = Settings(CITY, tmp_path_factory.mktemp("real"))
    for path in sorted((folder / SHENYANG).glob("*.csv")):
        drop(settings, "shenyang_air", path.name, path.read_bytes())
    for path in sorted((folder / BEIJING).glob("*.csv.gz")):
        drop(settings, "beijing_air", path.stem, gzip.decompress(path.read_bytes()))
    for path in sorted((folder / MESSAGES).glob("*.csv")):
        drop(settings, "messages", path.name, path.read_bytes())
    return settings, refresh(settings, NOW)


Signs = Callable[..., pd.DataFrame]


@pytest.fixture(scope="module")
def signs(done: tuple[Settings, Refreshed]) -> Signs:
    """Return the signs of one indicator through the reader that pages use."""
    settings, refreshed = done

    def of(indicator: str, **wanted: object) -> pd.DataFrame:
        return readings.signs(settings, refreshed.snapshot, indicator=indicator, **wanted)  # type: ignore[arg-type]

    return of


def value(signs: Signs, indicator: str, period: str) -> float:
    """Return the one figure of the whole city in a period."""
    frame = signs(indicator, entity="samples", period=period)
    assert len(frame) == 1, f"{indicator} {period}: {len(frame)} signs"
    return float(frame["value"].iloc[0])


CITY_ANSWERS = [
    (SHENYANG, "pm25_daily_mean_2015-11-08", "shenyang_pm25_mean", "2015-11-08", 1.0),
    (SHENYANG, "pm25_max_hour_2015-11-08", "shenyang_pm25_max", "2015-11-08", 1.0),
    (SHENYANG, "valid_hours_2015-11-08", "shenyang_valid_hours", "2015-11-08", 1.0),
    (SHENYANG, "valid_days_2015", "shenyang_valid_days", "2015", 1.0),
    (SHENYANG, "days_over_75_2015", "shenyang_days_over_75", "2015", 1.0),
    (BEIJING, "pm25_city_mean_2016-12-20", "beijing_pm25_of_stations", "2016-12-20", 1.0),
    (BEIJING, "stations_over_150_2016-12-20", "beijing_stations_over_150", "2016-12-20", 1.0),
    (MESSAGES, "received_2019-03", "messages_received", "2019-03", 1.0),
    (MESSAGES, "median_reply_days_2018", "messages_median_reply_days", "2018", 1.0),
    (MESSAGES, "reply_within_15d_share_2018", "messages_within_15d", "2018", 0.01),  # the sign is in per cent
    (MESSAGES, "open_at_2019-01-01", "messages_open", "2018-12-31", 1.0),  # midnight is the end of the day before
]


@pytest.mark.parametrize(("dataset", "answer", "indicator", "period", "scale"), CITY_ANSWERS, ids=[f"{row[1]}" for row in CITY_ANSWERS])
def test_known_answer_of_the_city(
    signs: Signs, answers: dict[tuple[str, str], float], dataset: str, answer: str, indicator: str, period: str, scale: float
) -> None:
    """Each known answer of INDEX.md comes out within 1e-6."""
    expected = answers[dataset, answer]

    assert value(signs, indicator, period) * scale == pytest.approx(expected, abs=1e-6, rel=0)


def test_the_worst_station_is_found_by_comparing_the_stations(signs: Signs, answers: dict[tuple[str, str], float | str]) -> None:
    """The highest of the twelve daily means, and whose it is."""
    means = signs("beijing_pm25_mean", entity_kind="station", period="2016-12-20")
    worst = means.nlargest(1, "value").iloc[0]

    assert len(means) == 12
    assert worst["entity"] == answers[BEIJING, "worst_station_2016-12-20"]
    assert worst["value"] == pytest.approx(answers[BEIJING, "worst_station_mean_2016-12-20"], abs=1e-6, rel=0)


def test_missing_readings_are_counted_over_all_months(signs: Signs, answers: dict[tuple[str, str], float | str]) -> None:
    """The missing station-hours of 48 months are those of the whole set; the stations' own add up to them."""
    expected = answers[BEIJING, "missing_pm25_total"]
    months = signs("beijing_pm25_missing", grain="month")
    in_span = months[months["period"].between("2013-03", "2017-02")]
    of_city = in_span[in_span["entity"] == "samples"]

    assert len(of_city) == 48
    assert of_city["value"].sum() == expected
    assert in_span.loc[in_span["entity_kind"] == "station", "value"].sum() == expected


def test_every_known_answer_of_the_three_sets_is_checked(answers: dict[tuple[str, str], float | str]) -> None:
    """INDEX.md may grow: an answer that nothing here asks for fails this test."""
    asked = {(row[0], row[1]) for row in CITY_ANSWERS} | {
        (BEIJING, "worst_station_2016-12-20"),
        (BEIJING, "worst_station_mean_2016-12-20"),
        (BEIJING, "missing_pm25_total"),
    }
    known = {key for key in answers if key[0] in {SHENYANG, BEIJING, MESSAGES}}

    assert known - asked == set()


def test_every_row_of_the_real_files_is_accepted(done: tuple[Settings, Refreshed]) -> None:
    """Fourteen drops, no row quarantined and none lost."""
    taken = [(one.arrival.feed, one.rows, one.accepted, one.quarantined, one.skipped) for one in done[1].taken]

    assert sorted(taken) == sorted(
        [("beijing_air", 35_064, 35_064, 0, 0)] * 12 + [("shenyang_air", 52_584, 52_584, 0, 0), ("messages", 2_816, 2_816, 0, 0)]
    )


def test_the_sentinel_is_no_dew_point(signs: Signs) -> None:
    """-97 is how the file says that a dew point is missing: it is never the coldest reading."""
    months = signs("shenyang_dew_point_min", grain="month")

    assert -60 < months["value"].min() < -20


def test_the_command_line_says_the_same(done: tuple[Settings, Refreshed], answers: dict[tuple[str, str], float | str]) -> None:
    """`show signs --json` prints the figure that the reader returns, with its snapshot and its provenance."""
    settings, refreshed = done
    snapshot: Snapshot = refreshed.snapshot
    command = [
        sys.executable, "cli.py", "show", "signs", "--indicator", "shenyang_pm25_mean", "--period", "2015-11-08",
        "--city", str(settings.city_dir), "--var", str(settings.var_dir), "--json",
    ]  # fmt: skip
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=True)
    row = json.loads(said.stdout)

    assert row["value"] == pytest.approx(answers[SHENYANG, "pm25_daily_mean_2015-11-08"], abs=1e-6, rel=0)
    assert (row["provenance"], row["snapshot"], row["period"]) == ("real", snapshot.id, "2015-11-08")
