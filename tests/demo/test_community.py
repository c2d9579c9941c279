"""The community reports come as the sub-districts send them: sheets and files of their own, headings of their own."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from data.contract import Contract
from data.demo.feed import Written
from data.demo.feeds.community import FEED
from data.demo.world import World, load_world
from data.settings import Settings
from data.yamlfile import read_yaml

ROOT = Path(__file__).parents[2]
SEED, START, UNTIL = 2016, date(2013, 1, 1), date(2016, 3, 6)
Sheets = dict[str, list[tuple[Any, ...]]]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """The places and words of the demonstration city."""
    return load_world(Settings(ROOT, tmp_path_factory.mktemp("var")))


def write(world: World, file: str) -> tuple[Sheets, Written]:
    """Return the sheets of one file of the feed, as another program reads them, and what it must count as."""
    parcel = next(one for one in FEED.plan(world, START, UNTIL) if one.file == file)
    (made,) = FEED.write(world, SEED, START, [parcel])
    book = openpyxl.load_workbook(io.BytesIO(made.content))
    return {sheet.title: list(sheet.values) for sheet in book.worksheets}, made


def header(rows: list[tuple[Any, ...]]) -> tuple[Any, ...]:
    """Return the header of a sheet, which may stand under a title."""
    return next(row for row in rows if sum(cell is not None for cell in row) > 1)


def test_grid_events_stand_on_a_sheet_a_street(world: World) -> None:
    """13 sheets, named by the street or its short name, with at least three sets of headings; a quiet street has its header."""
    sheets, made = write(world, "网格事件_20160306.xlsx")
    spellings = {name: code for code in world.streets for name in world.spellings[code]}

    assert set(world.streets) == {spellings[name] for name in sheets}
    assert 3 == len({header(rows) for rows in sheets.values()})
    assert made.rows == sum(len(rows) - 1 for rows in sheets.values())
    assert len(made.learnt["grid_events"]) == made.rows - made.skipped - made.quarantined.total()


def test_streets_send_their_own_welfare_since_go_live(world: World) -> None:
    """One back-file a month holds all streets and names them; after go-live each sends its own, in its own words."""
    files = [one.file for one in FEED.plan(world, START, UNTIL) if "社区民政" in one.file]
    back, _ = write(world, "社区民政_201512.xlsx")
    own = [header(write(world, f"{world.names[code]}_社区民政_201602.xlsx")[0]["社区民政"]) for code in world.streets]

    assert (36, 26) == (sum(file.startswith("社区民政") for file in files), sum("街道_" in file for file in files))
    assert "街道" == header(back["社区民政"])[0]
    assert not any("街道" in headings for headings in own)
    assert 5 == len(set(own))


def test_one_street_counts_in_wan(world: World) -> None:
    """Since February 2016 one street gives its residents in 万人, and 合计 of its rows too; they are the people of before."""
    in_wan, made = write(world, "南湖街道_社区民政_201602.xlsx")
    plain, _ = write(world, "南湖街道_社区民政_201601.xlsx")
    place = header(in_wan["社区民政"]).index("常住人口(万人)")
    residents = [row[place] for row in in_wan["社区民政"] if isinstance(row[place], float)]
    before = [row[place] for row in plain["社区民政"] if isinstance(row[place], int)]

    assert "常住人口(万人)" not in header(plain["社区民政"])
    assert max(residents) == pytest.approx(max(before) / 10_000, rel=0.01)
    assert {"制表人", "填报人"} & {str(in_wan["社区民政"][-1][0])[:3]}
    assert made.skipped >= 3


def test_a_community_bears_the_name_of_its_time(world: World) -> None:
    """A community that was renamed stands under its former name in the back-files before, and the register knows both."""
    then, now = (
        {row[1] for row in write(world, f"社区民政_{month}.xlsx")[0]["社区民政"] if row[0] == "南湖街道"} for month in ("201412", "201502")
    )

    assert "示例旧里社区" in then - now
    assert {"210102019004"} == {code for code, names in world.spellings.items() if "示例旧里社区" in names}


def test_every_heading_is_in_the_contract(world: World) -> None:
    """Whatever a street calls a column, the contract knows it."""
    contract = Contract.model_validate(read_yaml(ROOT / "data/feeds/community.yaml", ROOT).content)
    known = {heading for table in contract.tables.values() for column in table.columns.values() for heading in column.heading}
    known.add("备注")  # some send it, and nobody asked for it
    files = ["网格事件_20160301.xlsx", "就业月报_201602.xlsx", "社区民政_201401.xlsx"]
    files += [f"{world.names[code]}_社区民政_201602.xlsx" for code in world.streets]

    assert [] == [heading for file in files for rows in write(world, file)[0].values() for heading in header(rows) if heading not in known]


def test_files_do_not_depend_on_their_companions(world: World) -> None:
    """The same file has the same bytes, whatever is written beside it."""
    parcels = [one for one in FEED.plan(world, START, UNTIL) if date(2016, 2, 20) <= one.first]
    together = dict(zip((one.file for one in parcels), FEED.write(world, SEED, START, parcels), strict=True))

    assert together["网格事件_20160304.xlsx"].content == write(world, "网格事件_20160304.xlsx")[1].content
