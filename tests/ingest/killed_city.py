"""Writes the small city that is killed, filled up and crowded: a drop of every form, and one large enough for the wide lane."""

from __future__ import annotations

import gzip
import io
import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import openpyxl

from data.settings import Settings
from data.snapshots import open_snapshot
from tests.alerts.test_alerts_of_a_city import tried
from tests.alerts.test_rules import RULES
from tests.golden import small_city

NAMES = ("empty", "morning")  # where a run starts from: nothing at all, or a city with a snapshot
WIDE_ROWS, NOTE = 26_000, "示例社区网格说明" * 42  # 17 MB of GB18030: the wide lane, by way of a text in UTF-8
CONTRACT = """\
feed: {feed}
code: {code}
name: {{zh: {zh}, en: {feed}}}
department: works
owner: 市政处
class: 一般
grade: 1
share: unconditional
since: 2024-01-01
version: 1
cadence: {{every: day, due: "07:30", grace: 30}}
files: {{format: {form}}}
tables:
  rows:
    name: {{zh: {zh}, en: Rows}}
    kind: readings
    key: [place, day]
    time: day
    covers: time
    every: day
    columns:
      place: {{heading: 编号, type: text}}
      day: {{heading: 日期, type: date}}
      amount: {{heading: 数量, type: number, decimals: 1, range: [0, 100000]}}
      note: {{heading: 说明, type: text}}
"""
INDICATORS = """\
  - indicator: {feed}_amount
    name: {{zh: {zh}}}
    table: {feed}.rows
    formula: sum(amount)
    by: day
    unit: 件
    precision: 1
    direction: watch
    grain: [district]
    cadence: day
    owner: [市政处]
    weight: 0.1
    since: 2024-01-01
    version: 1
"""
HEAD = ("编号", "日期", "数量", "说明")
# What comes last, after the kills: it makes parts out of date that a killed refresh has written.
LATE = ("loops", "迟到.csv", (",".join(HEAD) + "\nW00003,2024-05-06,88,迟\n").encode(), "2024-05-08T07:55:00+08:00")


def wide_csv(settings: Settings) -> Path:
    """Write the large file once, beside the run-time directories."""
    path = Path(settings.var_dir.parent / "wide.csv")
    if not path.exists():
        rows = "".join(f"W{n:05d},2024-05-{n % 7 + 1:02d},{n % 900}.5,{NOTE}\n" for n in range(WIDE_ROWS))
        path.write_bytes((",".join(HEAD) + "\n" + rows).encode("gb18030"))
    return path


def workbook(amount: float) -> bytes:
    """Return a workbook of two rows."""
    book = openpyxl.Workbook()
    for row in (HEAD, ("X1", "2024-05-06", amount, "一"), ("X2", "2024-05-07", 7, "二")):
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def drops() -> Iterator[tuple[str, str, bytes, str]]:
    """Yield feed, name, bytes and time of arrival of every drop but the large one; the first two are the first morning's."""
    dirty, correction, again, refused, power, empty, foreign = small_city.DROPS
    yield dirty
    yield "books", "台账.xlsx", workbook(5), "2024-05-07T07:20:00+08:00"
    yield from (power, empty, foreign, correction, again, refused)
    yield "books", "台账更正.xlsx", workbook(6.5), "2024-05-08T07:40:00+08:00"
    packed = gzip.compress((",".join(HEAD) + "\nZ1,2024-05-05,3,装\nZ2,无,3,装\n").encode(), mtime=0)
    yield "loops", "装包.csv.gz", packed, "2024-05-08T07:50:00+08:00"


def lay(settings: Settings, feed: str, file: str, content: bytes | Path, arrived_at: str) -> None:
    """Lay a drop into the inbox; the large one by a link to its bytes."""
    folder = settings.inbox / feed
    folder.mkdir(parents=True, exist_ok=True)
    if isinstance(content, Path):
        os.link(content, folder / file)
    else:
        (folder / file).write_bytes(content)
    with (folder / "manifest.jsonl").open("a", encoding="utf-8") as lines:
        lines.write(json.dumps({"file": file, "arrived_at": arrived_at}, ensure_ascii=False) + "\n")


def make(directory: Path, refresh: Callable[[Settings], object]) -> dict[str, Settings]:
    """Write the city and the two run-time directories that runs start from; return their settings by name."""
    golden = small_city.write_small_city(directory)
    shutil.rmtree(golden.var_dir)
    with (golden.catalogue_dir / "operations.yaml").open("a", encoding="utf-8") as lines:
        for feed, code, zh, form in (("books", "K01", "台账", "xlsx"), ("loops", "K02", "线圈", "csv")):
            contract = CONTRACT.format(feed=feed, code=code, zh=zh, form=form)
            (golden.feeds_dir / f"{feed}.yaml").write_text(contract, encoding="utf-8")
            lines.write(INDICATORS.format(feed=feed, zh=zh))
    _speak(golden)
    made = {name: Settings(golden.city_dir, directory / name) for name in NAMES}
    everything = list(drops())
    for name, settings in made.items():
        for number, one in enumerate(everything):
            if number == 2 and name == "morning":
                refresh(settings)
                tried(settings, open_snapshot(settings))
            lay(settings, *one)
        lay(settings, "loops", "线圈.csv", wide_csv(settings), "2024-05-08T07:45:00+08:00")
    return made


def _speak(golden: Settings) -> None:
    """Give the city rules: its clock stands still, so that what they say does not depend on when somebody was killed."""
    golden.rules_dir.mkdir(parents=True, exist_ok=True)
    (golden.rules_dir / "repairs.yaml").write_text(RULES, encoding="utf-8")


def copy(settings: Settings, name: str) -> Settings:
    """Return a copy of a run-time directory; the large drop is linked, since nothing ever writes into one."""

    def lightly(source: str, target: str) -> None:
        (os.link if Path(source).stat().st_size > 1_000_000 and "/inbox/" in source else shutil.copy2)(source, target)

    target = Settings(settings.city_dir, settings.var_dir.parent / name)
    shutil.copytree(settings.var_dir, target.var_dir, copy_function=lightly)
    return target
