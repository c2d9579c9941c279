"""The pages of one theme: what they show is the city's to say, and every figure that is not there says why."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from commands.terminal import Exit
from data.settings import Settings
from data.snapshots import Snapshot, open_snapshot
from data.themes import load_themes, themes
from indicators.directory import load
from indicators.refresh import refresh
from tests.alerts.test_alerts_of_a_city import NOW
from tests.golden.small_city import write_small_city
from tests.pages.fake_snapshot import FakeSource
from tests.pages.test_pages import HOME, text, visit
from tests.test_cli import run

PAGES = ("hotline", "economy")
THEMES = """\
themes:
  - theme: hotline
    domain: city
    main:
      - {kind: trend, sign: repair_count}
    side:
      - {kind: coming}
"""


@pytest.fixture
def latest(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return a way to change the newest signs of the whole city before a visit."""

    def change(turn: Any) -> None:
        told = FakeSource.latest_signs

        def turned(self: FakeSource, *place: Any, **options: Any) -> pd.DataFrame:
            return turn(told(self, *place, **options))

        monkeypatch.setattr(FakeSource, "latest_signs", turned)

    return change


@pytest.mark.parametrize("page", PAGES)
def test_every_sign_of_the_definition_is_there_with_its_own_page(tmp_path: Path, page: str) -> None:
    """Each is named with a link to its sign, and the definition, not the code, says which."""
    said = text(visit(tmp_path, page))
    theme = load_themes(Settings(HOME, tmp_path))[page]

    for code in (code for block in theme.blocks for code in block.named):
        assert f"sign?indicator={code}&amp;" in said, code
    for block in theme.blocks:
        assert block.name is None or block.name.zh in said


def test_a_count_is_shown_by_its_parts_and_areas(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of each area what no part counts is what the parts leave; where one is not known or they leave less than nothing, a dash."""
    told = FakeSource.signs

    def larger(self: FakeSource, *place: Any, **options: Any) -> pd.DataFrame:
        frame = told(self, *place, **options)
        return frame.assign(value=frame["value"].mask(frame["indicator"].eq("hotline_volume") & frame["entity"].ne("unassigned"), 9000.0))

    monkeypatch.setattr(FakeSource, "signs", larger)
    said = text(visit(tmp_path, "hotline", "calm"))
    table = said[said.index('class="rows makeup"') :]
    table = table[: table.index("</table>")]
    rows = [re.findall(r"<td[^>]*>(.*?)</td>", row) for row in re.findall(r"<tr class=\"l[^>]*>(.*?)</tr>", table)]
    plain = [[re.sub(r"<[^>]+>", "", cell).strip() for cell in row] for row in rows]

    assert {"供热", "物业", "市容环境", "其他类", "合计"} <= set(re.findall(r"<th[^>]*>(.*?)</th>", table))
    assert [row[0] for row in plain][-3:] == ["全区", "较上周", "同比"]
    assert [row[0] for row in plain][-4] == "未归属"
    for row in plain[:-2]:
        *parts, rest, whole = [float(cell.replace(",", "")) if re.fullmatch(r"[\d,]+", cell) else None for cell in row[1:9]]
        left = -1.0 if None in {*parts, whole} else (whole or 0) - sum(part or 0 for part in parts)
        assert rest == (left if left >= 0 else None), row
    assert any(re.fullmatch(r"[\d,]+", row[7]) for row in plain)


def test_a_late_figure_stays_away_and_says_what_was_known(tmp_path: Path, latest: Any) -> None:
    """No older figure stands in for it: a dash, the state, and the last one with its period."""

    def late(frame: pd.DataFrame) -> pd.DataFrame:
        mine = frame["indicator"].isin(["hotline_connect", "retail_growth"])
        return frame.mask(mine.to_numpy()[:, None] & frame.columns.isin(["value", "text", "level"])[None, :]).assign(
            state=frame["state"].mask(mine, "late"), reason=frame["reason"].mask(mine, "feed_late:hotline")
        )

    latest(late)
    for page, name in (("hotline", "热线接通率"), ("economy", "社会消费品零售总额同比")):
        said = text(visit(tmp_path, page))
        row = re.sub(r"<[^>]+>", " ", said[said.index(f">{name}") :])
        assert "数据延迟" in row[:20_000]


@pytest.mark.parametrize("page", PAGES)
def test_who_may_not_see_the_whole_city_is_told_so(tmp_path: Path, page: str, latest: Any) -> None:
    """Nothing of a sub-district's reader is passed off as the city's."""
    latest(lambda frame: frame[frame["entity_kind"] != "district"])
    said = text(visit(tmp_path, page))

    assert "没有查看权限" in said
    assert 'class="foot"' in said


@pytest.mark.parametrize("page", PAGES)
def test_one_block_without_figures_leaves_the_others(tmp_path: Path, page: str, latest: Any) -> None:
    """It says in its own place that there are none."""
    first = load_themes(Settings(HOME, tmp_path))[page].main[0].named
    latest(lambda frame: frame[~frame["indicator"].isin(first)])
    said = text(visit(tmp_path, page))

    assert "没有可显示的数值" in said
    assert 'class="rows facts-of"' in said


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(("kind", "words"), [("calm", "较上"), ("bare", "还没有数据"), ("none", "系统已装好"), ("away", "较上")])
def test_every_face(tmp_path: Path, page: str, kind: str, words: str) -> None:
    """Nothing wrong, no signs, no snapshot, and no desk, which these pages do without."""
    said = text(visit(tmp_path, page, kind))

    assert words in said
    assert "已记录编号" not in said


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_text_from_outside_stays_text(tmp_path: Path, page: str, lang: str, latest: Any) -> None:
    """Names of areas are what a city wrote."""
    latest(lambda frame: frame.assign(entity_name="<script>alert(1)</script>"))
    said = text(visit(tmp_path, page, lang=lang))

    assert "<script>" not in said


def test_a_city_without_the_theme_says_how_to_have_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both pages are there, empty, and name the file."""
    monkeypatch.setattr("data.themes.load_themes", lambda _: {})
    for page in PAGES:
        said = text(visit(tmp_path, page))
        assert "没有定义这一专题" in said
        assert "data/themes.yaml" in said


def test_another_city_has_its_pages_by_yaml_alone(tmp_path: Path) -> None:
    """A snapshot keeps the themes that it was published with; a sign, domain or kind that is none is named with its line."""
    where = write_small_city(tmp_path)
    path = where.city_dir / "data/themes.yaml"
    assert load_themes(where) == {}
    sign, domain = _first(where)
    good = THEMES.replace("repair_count", sign).replace("city", domain)
    path.write_text(good, encoding="utf-8")
    then: Snapshot = refresh(where, NOW).snapshot
    path.write_text(good.replace("hotline", "economy"), encoding="utf-8")
    assert set(themes(where, open_snapshot(where, then.id))) == {"hotline"}
    assert set(load_themes(where)) == {"economy"}

    twice = f"themes:\n  - {{theme: hotline, domain: {domain}, main: [{{kind: coming}}]}}\n"
    for old, new in (
        (sign, "nothing"), (f"domain: {domain}", "domain: nothing"), ("kind: trend", "kind: pie"), ("sign: ", "signs: "),
        ("kind: coming", f"kind: coming, sign: {sign}"), ("themes:\n", twice),
    ):  # fmt: skip
        path.write_text(good.replace(old, new), encoding="utf-8")
        done = run(where, "check")
        assert done.exit_code == Exit.DEFINITIONS_WRONG, new
        assert "data/themes.yaml" in done.output


def _first(where: Settings) -> tuple[str, str]:
    found = next(iter(load(where).catalogue.definitions.values()))
    return found.spec.indicator, found.domain
