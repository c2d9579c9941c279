"""A drafted contract validates, says its doubts, and takes the good rows of its own sample in."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import openpyxl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from cli import app
from data import readings
from data.blank import write_blank_city
from data.contract import Contract
from data.contracts import load_contracts
from data.demo import write_demo
from data.draft import draft
from data.reasons import RefusedError
from data.register import Reference, load_reference
from data.settings import Settings
from data.validation import validate
from data.wording import Wording
from data.yamlfile import read_yaml
from indicators.refresh import refresh
from tests.ingest.dirty_workbook import BODY, TITLE, workbook

HOME = Path(__file__).parents[2]
NOW = datetime(2026, 11, 1, tzinfo=UTC)
MORNING = "2016-03-07T07:00:00+08:00"
PLAIN = Wording("zh")


def empty_city(directory: Path) -> Settings:
    """A city of one street, without any feed."""
    write_blank_city(directory / "city")
    return Settings(directory / "city", directory / "var")


def drafted(settings: Settings, sample: Path, words: Wording = PLAIN) -> str:
    """Return the draft of a file in a city."""
    reference = load_reference(settings)
    return draft(sample, settings.var_dir / "scratch", reference, load_contracts(settings, reference), words)


def taken(city: Settings, sample: Path, arrived_at: str = "2025-06-01T07:00:00+08:00") -> tuple[Contract, dict[str, int]]:
    """Put a draft to work as it stands and take its own sample in; return the contract and what became of the rows."""
    (city.feeds_dir / "new_feed.yaml").write_text(drafted(city, sample), encoding="utf-8")
    contract = load_contracts(city, load_reference(city))["new_feed"]
    folder = city.inbox / "new_feed"
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(sample, folder / sample.name)
    (folder / "manifest.jsonl").write_text(json.dumps({"file": sample.name, "arrived_at": arrived_at}), encoding="utf-8")
    entry = readings.drops(city, refresh(city, NOW).snapshot).iloc[0]
    assert entry["state"] == "taken", (entry["reason"], entry["found"], entry["wanted"])
    return contract, {key: int(entry[key]) for key in ("rows", "accepted", "quarantined", "skipped")}


def column(contract: Contract, heading: str, table: str = "table1") -> dict[str, object]:
    """Return what a draft says of a column, without what it leaves to the grammar."""
    found = next(one for one in contract.tables[table].columns.values() if heading in one.heading)
    return found.model_dump(exclude_defaults=True, exclude={"heading"})


def test_a_generated_table_is_described(tmp_path: Path) -> None:
    """Types, units, decimals, closed lists, sentinels, masks, key, time, area and the period of the name."""
    lines = ["报修编号,所属街道,报修时间,要求完成,类型,金额(元),长度,合格率,读数,是否解决,联系电话,备注"]
    lines += [
        f"BX-{n:04d},示例街道,2025-03-{n % 28 + 1:02d} 08:{n % 60:02d},2025-05-01,{'路灯' if n % 3 else '井盖'},{n}.50,{n}米,{n % 100}.5%,"
        f"{-99 if n % 10 == 0 else n},{'是' if n % 2 else '否'},1381234{n:04d},第{n}号说明"
        for n in range(60)
    ]
    sample = tmp_path / "报修_20250330.csv"
    sample.write_text("\n".join(lines), encoding="gb18030")
    city = empty_city(tmp_path)
    text = drafted(city, sample)
    contract, rows = taken(city, sample)
    table = contract.tables["table1"]

    assert {"type": "entity", "kind": "street"} == column(contract, "所属街道")
    assert {"type": "timestamp"} == column(contract, "报修时间")
    assert {"type": "date", "ahead": None} == column(contract, "要求完成")
    assert {"type": "text", "allowed": ("路灯", "井盖")} == column(contract, "类型")
    assert {"type": "number", "unit": "元", "decimals": 1} == column(contract, "金额(元)")
    assert {"type": "integer", "unit": "米"} == column(contract, "长度")
    assert {"type": "percent", "unit": "%"} == column(contract, "合格率")
    assert {"type": "integer", "missing": ("-99",)} == column(contract, "读数")
    assert {"type": "boolean"} == column(contract, "是否解决")
    assert {"type": "text", "mask": ("phone",), "grade": 3} == column(contract, "联系电话")
    assert ("c01",) == table.key
    assert ("events", "period") == (table.kind, table.covers)
    assert "c03" == table.time
    assert ("报修_{year}{month}{day}.csv",) == contract.files.period.patterns if contract.files.period else False
    assert {"rows": 60, "accepted": 60, "quarantined": 0, "skipped": 0} == rows
    assert all(said in text for said in ("已遮盖", "像是计划或期限", "当作缺数：-99", "样本里只有这些取值"))


def test_the_dirty_workbook_with_a_merged_header(tmp_path: Path) -> None:
    """Title, two header rows, units in cells, 合计 and 填报人: the rows that can be trusted come in, the others do not stop it."""
    sample = tmp_path / "公厕巡查20240507.xlsx"
    sample.write_bytes(workbook(TITLE, [row for row in BODY[:5] for _ in range(1)] + [BODY[-2], BODY[-1]]))
    contract, rows = taken(empty_city(tmp_path), sample)

    assert {"type": "timestamp"} == column(contract, "检查时间") or column(contract, "检查时间")["type"] == "text"
    assert rows["accepted"] >= 0.95 * 5
    assert rows["skipped"] == 2 + 1  # the title, 合计 and 填报人


def test_sheets_of_two_kinds_and_a_cover(tmp_path: Path) -> None:
    """Each header is a table of its own; a sheet without a header is passed over by name."""
    book = openpyxl.Workbook()
    book.active.title = "封面"
    book.active.append(("和平区报表",))
    for name, header, rows in (("供水", ("日期", "供水量(吨)"), 10), ("供电", ("日期", "负荷(千瓦)", "户数"), 12)):
        sheet = book.create_sheet(name)
        sheet.append(header)
        for n in range(rows):
            sheet.append((date(2025, 3, n + 1), 100 + n / 4, n)[: len(header)])
    sample = tmp_path / "公用.xlsx"
    book.save(sample)
    contract, rows = taken(empty_city(tmp_path), sample)

    assert ["table1", "table2"] == list(contract.tables)
    assert ("封面",) == contract.files.skip_sheets
    assert {"type": "number", "unit": "吨", "decimals": 2} == column(contract, "供水量(吨)")
    assert "day" == contract.tables["table1"].every
    assert (22, 22) == (rows["rows"], rows["accepted"])


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_command_prints_a_draft_that_the_check_accepts(tmp_path: Path, lang: str) -> None:
    """What `draft` prints goes into a file and `check` finds nothing wrong with it; comments are in the language asked for."""
    city = empty_city(tmp_path)
    sample = tmp_path / "lamps.csv"
    sample.write_text("id,night,lit\nL1,2025-03-01,9\nL2,2025-03-01,8\n", encoding="utf-8")
    said = CliRunner().invoke(app, ["draft", str(sample), "--feed", "lamps", "--city", str(city.city_dir), "--lang", lang])
    (city.feeds_dir / "lamps.yaml").write_text(said.stdout, encoding="utf-8")

    assert 0 == said.exit_code, said.output
    assert 0 == CliRunner().invoke(app, ["check", "--city", str(city.city_dir)]).exit_code
    assert ("Please confirm" if lang == "en" else "请确认") in said.stdout


@pytest.mark.parametrize("content", [b"", b"\x00\x01\xff\xfe\x00binary", b"1,2,3\n4,5,6\n", b"%PDF-1.7"])
def test_what_is_no_table_is_said_in_a_sentence(tmp_path: Path, content: bytes) -> None:
    """No header, no text, nothing at all: exit code 4 and why, no trace."""
    sample = tmp_path / "sample.csv"
    sample.write_bytes(content)
    done = CliRunner().invoke(app, ["draft", str(sample), "--city", str(empty_city(tmp_path).city_dir)])

    assert 4 == done.exit_code
    assert "Traceback" not in done.output
    assert "" == done.stdout


CELLS = st.one_of(
    st.integers(-(10**6), 10**6).map(str), st.floats(-1e6, 1e6).map(lambda value: f"{value:.2f}"),
    st.dates(date(2001, 1, 1), date(2024, 1, 1)).map(str),
    st.sampled_from(["", "—", "是", "否", "50%", "3万", "示例街道", "很多", "=1+1", "a'b", "{x}", ": #", "2025-13-45"]),
    st.text(st.characters(codec="utf-8", exclude_characters="\x00\r\n,\""), max_size=12),
)  # fmt: skip


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Reference]:
    """A place for samples, and the register of an empty city, read once."""
    folder = tmp_path_factory.mktemp("bare")
    return folder, load_reference(empty_city(folder))


HEADINGS = st.lists(st.text(st.characters(categories=["L"]), min_size=1, max_size=6), min_size=2, max_size=5)
TABLES = HEADINGS.flatmap(
    lambda names: st.tuples(st.just(names), st.lists(st.lists(CELLS, min_size=len(names), max_size=len(names)), min_size=1, max_size=8))
)


@settings(max_examples=30, deadline=None)
@given(table=TABLES)
@example(table=(["A", "TRUE"], [["0", "0"]]))
@example(table=(["null", "No"], [["0", "0"]]))
def test_any_table_gives_a_draft_that_validates(bare: tuple[Path, Reference], table: tuple[list[str], list[list[str]]]) -> None:
    """Whatever stands in a table, the draft is YAML of the grammar, or the file is refused with a reason."""
    folder, reference = bare
    headings, rows = table
    sample, written = folder / "sample.csv", folder / "new_feed.yaml"
    sample.write_text("\n".join(",".join(cells) for cells in [headings, *rows]), encoding="utf-8")
    try:
        written.write_text(draft(sample, folder, reference, {}, PLAIN), encoding="utf-8")
    except RefusedError:
        return

    assert "new_feed" == validate(Contract, read_yaml(written, folder)).feed


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A few days of the demonstration's files."""
    written = Settings(HOME, tmp_path_factory.mktemp("demo"))
    write_demo(written, start=date(2016, 1, 5), until=date(2016, 1, 8))
    return written


@pytest.mark.parametrize(("feed", "ending"), [("urban_cases", ".csv"), ("hotline", ".xlsx"), ("environment", ".csv")])
def test_the_demonstrations_forms_come_in_by_their_drafts(demo: Settings, tmp_path: Path, feed: str, ending: str) -> None:
    """A hotline workbook, a file of urban cases, hourly air: 95 % of the rows that the true contract accepts."""
    sample = max((demo.inbox / feed).glob(f"*{ending}"), key=lambda path: path.stat().st_size)
    city = Settings(tmp_path / "city", tmp_path / "var")
    write_blank_city(city.city_dir)
    for name in ("entities", "aliases", "calendar"):
        shutil.copy(HOME / "data" / "reference" / f"{name}.csv", city.city_dir / "data" / "reference")
    text = city.city_file.read_text(encoding="utf-8").replace("[district, street]", "[district, street, community]")
    city.city_file.write_text(text, encoding="utf-8")
    (city.feeds_dir / f"{feed}.yaml").write_bytes((HOME / "data" / "feeds" / f"{feed}.yaml").read_bytes())
    true = accepted_of(city, feed, sample)
    shutil.rmtree(city.var_dir)
    (city.feeds_dir / f"{feed}.yaml").unlink()
    _, rows = taken(city, sample, MORNING)

    assert rows["accepted"] >= 0.95 * true, (rows, true)


def accepted_of(city: Settings, feed: str, sample: Path) -> int:
    """Return how many rows of a sample its true contract accepts."""
    (city.inbox / feed).mkdir(parents=True)
    shutil.copy(sample, city.inbox / feed)
    (city.inbox / feed / "manifest.jsonl").write_text(json.dumps({"file": sample.name, "arrived_at": MORNING}), encoding="utf-8")
    return int(readings.drops(city, refresh(city, NOW).snapshot).iloc[0]["accepted"])
