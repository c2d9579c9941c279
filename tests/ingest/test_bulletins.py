"""A statistical bulletin comes in by contract: units in a column of their own, months published as one, why a figure is absent."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from data.contract import Column
from data.filesource import PeriodSource
from tests.ingest.test_forms import HEAD, take

BULLETIN = """\
files: {format: csv, period: {from: name, patterns: ["指标{year}{month}.csv"], together: [[1, 2]]}}
tables:
  figures:
    name: {zh: 指标, en: Figures}
    kind: readings
    key: [month, figure]
    time: month
    covers: period
    every: month
    columns:
      month: {heading: 月份, optional: true, type: date, given: period_end}
      figure: {heading: 指标名称, type: text}
      unit: {heading: 计量单位, type: text}
      amount: {heading: 本月, type: number, decimals: 2, missing: ["…"], units: {万元: 1, 亿元: 10000}, unit_from: unit}
      amount_note: {heading: 本月, type: text, reads: {"…": 不足半个单位}}
"""


def bulletin(
    folder: Path, file: str, text: str
) -> tuple[list[tuple[str | None, ...]], list[tuple[object, ...]], dict[str, tuple[str, str]]]:
    """Return the rows kept of a bulletin, its faults (line, column, reason), and the days that it speaks for."""
    taken, current, faults = take(folder, HEAD + BULLETIN, file, text.encode())
    return (
        current["figures"],
        [fault[1:] for fault in faults],
        {name: (str(one.start.date()), str(one.end.date())) for name, one in taken.covers.items()},
    )


def test_the_unit_of_a_number_may_stand_in_another_column(tmp_path: Path) -> None:
    """亿元 and 万元 in one column become one unit; what the department wrote stays beside them; an unknown unit is a fault."""
    kept, faults, _ = bulletin(tmp_path, "指标201602.csv", "指标名称,计量单位,本月\n甲,亿元,1.5\n乙,万元,20\n丙,千元,3\n丁,,4\n戊,千元,—\n")

    assert {"甲": ("亿元", "15000.00"), "乙": ("万元", "20.00"), "戊": ("千元", None)} == {row[1]: row[2:4] for row in kept}
    assert [(4, "本月", "BAD_VALUE"), (5, "本月", "BAD_VALUE")] == faults


def test_less_than_half_a_unit_is_missing_and_says_so(tmp_path: Path) -> None:
    """… is no number and not 0; a second column of the same heading keeps why."""
    kept, faults, _ = bulletin(tmp_path, "指标201602.csv", "指标名称,计量单位,本月\n甲,亿元,…\n乙,亿元,—\n丙,亿元,0\n")

    assert {"甲": (None, "不足半个单位"), "乙": (None, None), "丙": ("0.00", None)} == {row[1]: row[3:] for row in kept}
    assert [] == faults


def test_a_register_speaks_for_all_that_it_lists(tmp_path: Path) -> None:
    """`covers: register`: from the day of the first row to the end of the period of the drop."""
    contract = HEAD + BULLETIN.replace("covers: period", "covers: register").replace("{heading: 月份, optional: true, ", "{heading: 月份, ")

    taken, _, _ = take(
        tmp_path, contract, "指标201602.csv", "月份,指标名称,计量单位,本月\n2014-03-31,甲,万元,1\n2015-12-31,甲,万元,1\n".encode()
    )

    (covered,) = taken.covers.values()
    assert (datetime(2014, 3, 31), datetime(2016, 3, 1)) == (covered.start, covered.end)


@pytest.mark.parametrize(
    ("file", "covers"), [("指标201602.csv", ("2016-01-01", "2016-03-01")), ("指标201512.csv", ("2015-12-01", "2016-01-01"))]
)
def test_months_published_as_one(tmp_path: Path, file: str, covers: tuple[str, str]) -> None:
    """The drop of February speaks for January too, and its rows stand at the end of February."""
    kept, _, covered = bulletin(tmp_path, file, "指标名称,计量单位,本月\n甲,万元,1\n")

    assert {"figures": covers} == covered
    assert ("甲", "1.00") == (kept[0][1], kept[0][3])


def test_a_heading_goes_before_what_the_drop_gives(tmp_path: Path) -> None:
    """Back-files name the month in a column; files without that column take it from their name."""
    kept, _, _ = bulletin(tmp_path, "指标201602.csv", "月份,指标名称,计量单位,本月\n2015-12-31,甲,万元,1\n")

    assert ["2015-12-31"] == [row[0] for row in kept]


def test_a_given_column_is_called_by_its_name(tmp_path: Path) -> None:
    """What stands in no heading is told to a clerk by the name of the contract, not by its id."""
    contract = HEAD + BULLETIN.replace("{heading: 月份, optional: true, ", "{name: {zh: 月末, en: month end}, ")

    _, _, faults = take(tmp_path, contract, "指标201602.csv", "指标名称,计量单位,本月\n甲,万元,1\n甲,万元,2\n".encode())

    assert ["月末 + 指标名称"] * 2 == [column for _, _, column, _ in faults]


@pytest.mark.parametrize(
    ("column", "wanted"),
    [
        ({"type": "number", "unit_from": "unit"}, "units, because unit_from"),
        ({"type": "number", "reads": {"…": "x"}}, "reads with type text"),
    ],
)
def test_what_cannot_be_meant_is_refused(column: dict[str, Any], wanted: str) -> None:
    """`unit_from` chooses among `units`, and what a cell `reads` is a text; without them the contract is wrong."""
    with pytest.raises(ValueError, match=wanted):
        Column(heading=("x",), **column)


@pytest.mark.parametrize("together", [[2, 1], [2, 2], [1, 13]])
def test_months_together_run_forward(together: list[int]) -> None:
    """The first month before the last, and both of them months."""
    with pytest.raises(ValueError, match="together"):
        PeriodSource.model_validate({"from": "name", "patterns": ["{year}{month}.csv"], "together": [together]})
