"""The command line as it is used: exit codes, two languages, tables for people, facts for programs, pipes that close."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from rich.cells import cell_len
from typer.testing import CliRunner, Result

from cli import app
from commands.terminal import COLUMNS, Exit, Voice, narrowed
from data.settings import Settings
from indicators.refresh import refresh
from tests.golden.small_city import write_small_city

ROOT = Path(__file__).parents[1]
NOW = datetime(2024, 5, 9, 0, 30, tzinfo=UTC)
SHOWN = {
    "signs": ["show", "signs"],
    "json": ["show", "signs", "--json"],
    "explain": ["explain", "repairs_24h", "G1", "2024-05-06"],
    "schema": ["schema", "feed"],
}


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The small city of the golden files, taken in."""
    settings = write_small_city(tmp_path_factory.mktemp("cli"))
    refresh(settings, NOW)
    return settings


def run(settings: Settings, *words: str, language: str | None = None) -> Result:
    """Run a verb in this process."""
    place = ["--city", str(settings.city_dir), "--var", str(settings.var_dir)]
    return CliRunner().invoke(app, [*words, *(place if words[0] != "schema" else [])], env={"CITY_LANG": language})


@pytest.mark.parametrize(
    ("words", "code", "zh", "en"),
    [
        (["show", "signs", "--grain", "fortnight"], Exit.WRONG_USE, "“fortnight”不是时间粒度", "“fortnight” is no grain"),
        (["show", "signs", "--from", "yesterday"], Exit.WRONG_USE, "“yesterday”不是日期", "“yesterday” is no date"),
        (["show", "signs", "--period", "2024-13"], Exit.WRONG_USE, "“2024-13”不是时段", "“2024-13” is no period"),
        (["explain", "nothing", "G1", "2024-05-06"], Exit.WRONG_USE, "没有指标“nothing”", "no indicator “nothing”"),
        (["explain", "repairs_24h", "G9", "2024-05-06"], Exit.WRONG_USE, "在 G9 的 2024-05-06 没有数字", "no figure of repairs_24h for G9"),
        (["demo", "--from", "2016-02-01"], Exit.WRONG_USE, "演示数据须在 2016-01-07 之前开始", "begins before 2016-01-07"),
        (["demo", "--from", "then"], Exit.WRONG_USE, "“then”不是日期", "“then” is no date"),
        (["demo", "--next-day", "--from", "2015-01-01"], Exit.WRONG_USE, "--next-day 接着上次写", "--next-day goes on"),
        (["demo", "--next-day"], Exit.WRONG_USE, "里还没有演示数据", "no demonstration in"),
        (["show", "signs", "--snapshot", "S0"], Exit.NOTHING_DONE, "没有快照 S0", "there is no snapshot S0"),
        (["show", "quarantine", "--feed", "nobody"], Exit.DONE, "没有符合条件的行", "there are no such rows"),
        (["check"], Exit.DONE, "城市 goldencity 没有问题：4个实体", "city goldencity has no problem: 4 entities"),
    ],
)
def test_it_speaks_chinese_or_english(city: Settings, words: list[str], code: Exit, zh: str, en: str) -> None:
    """Chinese by default, English by the variable or the option; one sentence on standard error, and the same code."""
    for said, expected in ((run(city, *words), zh), (run(city, *words, language="en"), en), (run(city, *words, "--lang", "en"), en)):
        assert (code, "") == (said.exit_code, said.stdout)
        assert expected in said.stderr
        assert len(said.stderr.splitlines()) == 1


def test_what_is_not_there_is_said(city: Settings, tmp_path: Path) -> None:
    """No city, no snapshot, a wrong definition: each in a sentence of its own, with its code."""
    nowhere, early = Settings(tmp_path / "nowhere", tmp_path / "var"), Settings(city.city_dir, tmp_path / "var")
    wrong = Settings(tmp_path / "wrong", tmp_path / "var")
    shutil.copytree(city.city_dir, wrong.city_dir)
    (wrong.feeds_dir / "meters.yaml").write_text("feed: meters\n", encoding="utf-8")
    missing, none_yet, refused = run(nowhere, "check"), run(early, "show", "signs"), run(wrong, "check")

    assert (Exit.NOTHING_DONE, True) == (missing.exit_code, "nowhere 里没有城市：缺少 data/city.yaml" in missing.stderr)
    assert (Exit.NOTHING_DONE, True) == (none_yet.exit_code, none_yet.stderr.startswith("还没有快照"))
    assert (Exit.DEFINITIONS_WRONG, True) == (refused.exit_code, "data/feeds/meters.yaml:1" in refused.stderr)
    assert refused.stderr.splitlines()[-1].endswith("未作任何改动")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_sentence_and_heading_is_there(language: str) -> None:
    """No key of the command line is without words, and none is left over."""
    voice, source = Voice(language), "".join(name.read_text(encoding="utf-8") for name in sorted(Path(ROOT / "commands").glob("*.py")))
    known = {key.removeprefix("cli.") for key in voice.words.words if key.startswith("cli.")}
    columns = {f"column.{column.format(language=language)}" for names in COLUMNS.values() for column in names}

    assert columns - known == set()
    assert {key for key in known if "." not in key} == {key for key in known if f'"{key}"' in source and "." not in key}


def test_an_unknown_language_is_wrong_use(city: Settings) -> None:
    """The variable is read as strictly as the option."""
    assert run(city, "check", language="fr").exit_code == Exit.WRONG_USE


@pytest.mark.parametrize("what", COLUMNS)
def test_facts_do_not_depend_on_the_language(city: Settings, what: str) -> None:
    """A program that reads facts sees the same, whoever is at the terminal."""
    assert run(city, "show", what, "--json").stdout == run(city, "show", what, "--json", language="en").stdout


def test_facts_are_printed_to_the_letter(city: Settings) -> None:
    """What a clerk wrote between colons is no emoji, and what stands in brackets no colour."""
    texts = [json.loads(line)["text"] for line in run(city, "show", "quarantine", "--json").stdout.splitlines()]

    assert any("灯:100:号" in text for text in texts)


def test_columns_stand_below_each_other(city: Settings) -> None:
    """A Chinese character is two columns wide: every cell begins where its heading begins."""
    heading, *lines = run(city, "show", "drops").stdout.splitlines()
    place = cell_len(heading[: heading.index("到达")])

    assert len(lines) == 7
    for line in lines:
        cells = next(cut for cut in range(len(line)) if cell_len(line[:cut]) == place)
        assert line[cells:].startswith("2024-05-0")


def test_only_long_texts_give_way_to_a_narrow_terminal() -> None:
    """The widest column is cut first and none to nothing; what must not be cut stays, even over the edge."""
    assert narrowed([10, 40, 5, 30], [1, 3], 61) == [10, 20, 5, 20]
    assert narrowed([10, 40, 5], [1], 200) == [10, 40, 5]
    assert narrowed([10, 40, 5], [1], 10) == [10, 6, 5]
    assert narrowed([10, 40], [], 20) == [10, 40]


def test_a_table_leaves_out_what_holds_nothing() -> None:
    """Numbers stand to the right, line breaks become blanks, empty columns are not there."""
    rows = [{"file": "一\n二", "rows": 7, "reason": ""}, {"file": None, "rows": 1000, "reason": None}]

    assert list(Voice("en").table(rows)) == ["file   rows", "一 二     7", "       1000"]


@pytest.fixture
def closed() -> Iterator[int]:
    """The end of a pipe that nobody reads any more."""
    reader, writer = os.pipe()
    os.close(reader)
    yield writer
    os.close(writer)


@pytest.mark.parametrize("verb", SHOWN)
def test_a_closed_pipe_is_no_error(city: Settings, verb: str, closed: int) -> None:
    """`show signs | head -1`: whoever reads has seen enough, and nothing is said about it."""
    command = [sys.executable, "cli.py", *SHOWN[verb]]
    command += [] if verb == "schema" else ["--city", str(city.city_dir), "--var", str(city.var_dir)]
    done = subprocess.run(command, cwd=ROOT, stdout=closed, stderr=subprocess.PIPE, text=True, timeout=300, check=False)

    assert (0, "") == (done.returncode, done.stderr)


def test_a_refresh_goes_on_when_nobody_listens(tmp_path: Path, closed: int) -> None:
    """Standard error is closed: the drops are taken in all the same, and the code tells what was found."""
    settings = write_small_city(tmp_path)
    command = [sys.executable, "cli.py", "refresh", "--city", str(settings.city_dir), "--var", str(settings.var_dir)]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=closed, timeout=300, check=False)

    assert done.returncode == Exit.FINDINGS
    assert (settings.snapshots / "current.json").is_file()


def test_a_demonstration_of_some_days(tmp_path: Path) -> None:
    """`demo --from` begins where it is told to."""
    done = run(Settings(ROOT, tmp_path), "demo", "--from", "2016-01-05", "--until", "2016-01-07", "--json")
    truth = json.loads((tmp_path / "truth.json").read_text(encoding="utf-8"))

    assert done.exit_code == Exit.DONE
    assert (truth["start"], truth["until"]) == ("2016-01-05", "2016-01-07")
    assert json.loads(done.stdout)["drops"] == len(truth["drops"]) > 0
