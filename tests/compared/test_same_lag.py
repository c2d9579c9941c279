"""A provisional figure against what was known of last year's at the same lag, not against what has become of it since."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta

import pandas as pd
import pytest

from data import readings
from data.revisions import known_at
from data.settings import Settings
from data.snapshots import Snapshot
from indicators.directory import City, load
from indicators.known import recalled
from indicators.refresh import refresh
from tests.compared.daily_city import write_city

HEAD = "日期,件数,办结,盈亏\n"
FIRST_SAID, CORRECTED, NOW = 100, 160, 120


def send(settings: Settings, file: str, day: date, arrived_at: str, cases: int) -> None:
    """Lay a drop of ten days up to `day` into the inbox."""
    rows = "".join(f"{day - timedelta(days=place)},{cases},{cases // 2},1\n" for place in range(10))
    (settings.inbox / "totals" / file).write_text(HEAD + rows, encoding="utf-8")
    with (settings.inbox / "totals" / "manifest.jsonl").open("a", encoding="utf-8") as lines:
        lines.write(json.dumps({"file": file, "arrived_at": arrived_at}) + "\n")


@pytest.fixture(scope="module")
def corrected(tmp_path_factory: pytest.TempPathFactory) -> tuple[Settings, Snapshot, City]:
    """A city whose days of a year ago were corrected upwards a month later."""
    settings = write_city(tmp_path_factory.mktemp("lag"), {})
    for stale in (settings.inbox / "totals").iterdir():
        stale.unlink()
    day = date(2015, 4, 2)  # 364 days before 31 March 2016
    send(settings, "当时.csv", day, "2015-04-03T07:00:00+08:00", FIRST_SAID)
    send(settings, "更正.csv", day, "2015-05-03T07:00:00+08:00", CORRECTED)
    send(settings, "现在.csv", date(2016, 3, 31), "2016-04-01T07:00:00+08:00", NOW)
    return settings, refresh(settings, datetime.now(UTC)).snapshot, load(settings)


def asked(corrected: tuple[Settings, Snapshot, City], period: str, *, same_lag: bool) -> pd.Series:
    """Return the sign as known now, by the recall."""
    settings, snapshot, city = corrected
    then = recalled(settings, known_at(settings, snapshot, snapshot.as_of), city, ["cases"], grain="day", same_lag=same_lag)
    return readings.signs(settings, then, indicator="cases", period=period).iloc[0]


def test_what_was_known_then_is_the_base(corrected: tuple[Settings, Snapshot, City]) -> None:
    """A day old, last year's figure was 100; that it became 160 is no fall of ours."""
    plain, lagged = (asked(corrected, "2016-03-31", same_lag=same_lag) for same_lag in (False, True))

    assert (plain["difference_year"], plain["change_year_vintage"]) == (NOW - CORRECTED, "final")
    assert (lagged["difference_year"], lagged["change_year"]) == (NOW - FIRST_SAID, pytest.approx(20))
    assert (lagged["vintage"], lagged["change_year_vintage"]) == ("provisional", "provisional")


def test_the_other_columns_stand(corrected: tuple[Settings, Snapshot, City]) -> None:
    """Only what is against last year moves."""
    plain, lagged = (asked(corrected, "2016-03-31", same_lag=same_lag) for same_lag in (False, True))

    moved = {name for name in plain.index if not (plain[name] == lagged[name] or (pd.isna(plain[name]) and pd.isna(lagged[name])))}
    assert moved == {"change_year", "difference_year", "change_year_vintage"}


def test_final_figures_keep_their_base(corrected: tuple[Settings, Snapshot, City]) -> None:
    """A figure that is final is compared with one that is."""
    lagged = asked(corrected, "2016-03-23", same_lag=True)

    assert (lagged["vintage"], lagged["difference_year"]) == ("final", NOW - CORRECTED)
