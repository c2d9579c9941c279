"""The evaluation page: who moved and why, how sure a rank is, and nobody ranked who should not be."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from briefing.evaluated import moved_by, mover, sentence
from charts.palette import LIGHT
from charts.ranking import part_against_mean, rank_in_interval, score_in_interval
from charts.waterfall import Cause, waterfall
from data.wording import LANGUAGES, Wording
from tests.pages.test_pages import text, visit

WORDS = {language: Wording(language) for language in LANGUAGES}
NAMES = {"a": "甲街道", "b": "乙街道"}


def unit(entity: str, score: float | None, band: int | None = 1, state: str = "ok") -> dict[str, object]:
    """Return the whole of a unit."""
    return {"entity": entity, "score": score, "band": band, "state": state, "grain": "month"}


@pytest.mark.parametrize(
    ("rows", "changes", "causes", "wanted"),
    [
        ([unit("a", 80.1), unit("b", 85)], {"a": -5.1, "b": 0.3}, {"热线": -3.0, "供热": -2.4, "交通": 0.3},
         "甲街道较上月下降5.10分，主要来自热线、供热；2个对象的位次分不出先后。"),
        ([unit("a", 80, 2), unit("b", 90, 1)], {"a": 2.0, "b": 1.0}, {"热线": 2.0},
         "甲街道较上月上升2.00分，主要来自热线；可分出2组，末组为甲街道。"),
        ([unit("a", 80)], {"a": 0.0}, {}, "甲街道得分80.00，较上月持平。"),
        ([unit("a", 80)], {}, {}, "甲街道得分80.00，没有可比的上期。"),
        ([unit("a", None, None, "insufficient")], {}, {}, "数据不足，本期没有得分"),
        ([], {}, {}, "数据不足，本期没有得分"),
    ],
)  # fmt: skip
def test_the_sentence_holds_for_every_case(
    rows: list[dict[str, object]], changes: dict[str, float], causes: dict[str, float], wanted: str
) -> None:
    """One, many, none, unchanged, new; only causes that went the way of the score are named."""
    assert sentence(WORDS["zh"], rows, changes, causes, NAMES) == wanted


@pytest.mark.parametrize(("now", "then", "wanted"), [(84.115, 84.33, -0.21), (90.125, 90.115, 0.01), (80.004, 79.996, 0.0)])
def test_a_change_is_that_of_what_is_printed(now: float, then: float, wanted: float) -> None:
    """Half up at two decimals on both sides, so that anybody can check it from the page."""
    assert moved_by(now, then) == wanted


def test_who_moved_most() -> None:
    """By size, whichever way."""
    assert mover([unit("a", 80), unit("b", 90)], {"a": 1.0, "b": -3.0}) == "b"
    assert mover([], {}) == ""


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("scheme", ["street_month", "city_day", "dept_month", "system_month"])
def test_each_scheme_has_its_page(tmp_path: Path, scheme: str, lang: str) -> None:
    """Areas, the city, departments and systems, in both languages; no error face, and the steps of the change."""
    test = visit(tmp_path, "evaluation", scheme=scheme, lang=lang)
    shown = text(test)

    assert not test.exception
    assert "E-" not in shown.split("data:")[0]
    assert WORDS[lang].say("evaluation.why_note") in shown


def test_small_and_unknown_are_said_apart(tmp_path: Path) -> None:
    """Too small a sample: a score for reference and no rank; too little known: no score; both in words, neither a zero."""
    shown = text(visit(tmp_path, "evaluation", scheme="street_month"))

    assert "样本不足（n=12，不足30），得分87.00仅供参考" in shown
    assert "数据不足，不评分（4/5项）" in shown
    assert "1–2" in shown


def test_what_does_not_exist_falls_back(tmp_path: Path) -> None:
    """An unknown scheme or period is named, and the first stands."""
    shown = text(visit(tmp_path, "evaluation", scheme="no_such", period="1999-01"))

    assert "no_such" in shown


def test_drawings_stay_in_their_boxes() -> None:
    """Bars and dots do not leave their width, whatever the figure; the steps of a waterfall meet."""
    assert 'cx="192.0"' in score_in_interval(140, (0, 200), (60, 100), LIGHT)
    assert 'cx="8.0"' in score_in_interval(10, None, (60, 100), LIGHT)
    first, last = (float(re.findall(r'<circle cx="([\d.]+)"', rank_in_interval(rank, (1, 13), 13, LIGHT))[0]) for rank in (1, 13))
    assert 8 < first < last < 122
    assert LIGHT.worse in part_against_mean(-4, 2, LIGHT)
    drawn = waterfall(Cause("前", 90, "90.00"), [Cause("甲", -12, "−12.00"), Cause("乙", 2, "+2.00")], Cause("后", 80, "80.00"), LIGHT)
    assert drawn.count("<rect") == 2
    assert drawn.index("前") < drawn.index("甲") < drawn.index("乙") < drawn.index("后")


def test_the_overview_tells_the_index(tmp_path: Path) -> None:
    """Its score, grade and change, and the way to why; nothing where no scheme scores the whole city."""
    shown = text(visit(tmp_path))

    assert "综合指数" in shown
    assert "<b>80.00</b>" in shown
    assert "evaluation?scheme=city_day" in shown
    assert "综合指数" not in text(visit(tmp_path, kind="bare"))


def test_a_city_without_schemes_is_told_where_one_goes(tmp_path: Path) -> None:
    """A snapshot is there, so this is no first start: the page says that nothing scores yet, and how to begin."""
    shown = text(visit(tmp_path, "evaluation", kind="bare"))

    assert "还没有评价方案的得分" in shown
    assert "indicators/schemes/" in shown
    assert "演示数据" in shown


def test_a_score_is_shown_with_what_it_is_made_of(tmp_path: Path) -> None:
    """Every sign of the unit looked at leads to its own page; what the ranks depend on stands below the ranking."""
    shown = text(visit(tmp_path, "evaluation", scheme="street_month"))

    assert "得分组成" in shown
    assert "sign?indicator=hotline_ontime&amp;entity=210102001" in shown
    assert "抽样误差" in shown
    assert "0.80 ± 0.04" in shown


def test_a_trial_moves_ranks_beside_the_official_ones(tmp_path: Path) -> None:
    """All the weight on the first node turns the ranks around; the address keeps the trial; a broken one counts for nothing."""
    columns = 7
    turned = "-".join(["100.0"] + ["0.0"] * (columns - 1))
    page = visit(tmp_path, "evaluation", scheme="street_month", trial="open", weights=turned)
    shown = text(page)

    assert "试算不保存" in shown
    assert columns == len(page.number_input)
    assert [100.0] + [0.0] * (columns - 1) == [field.value for field in page.number_input]
    assert "升2" in shown
    assert "降2" in shown
    assert "3个排位对象中2个位次有变" in shown


@pytest.mark.parametrize("weights", ["1.0-2.0", "0-0-0-0-0-0-0", "101-0-0-0-0-0-0", "nan-1-1-1-1-1-1", "a-b"])
def test_weights_that_mean_nothing_count_for_nothing(tmp_path: Path, weights: str) -> None:
    """The trial begins with what is in force."""
    page = visit(tmp_path, "evaluation", scheme="street_month", trial="open", weights=weights)

    assert not page.exception
    assert sum(field.value for field in page.number_input) == pytest.approx(100, abs=0.5)


def test_a_weight_that_is_changed_goes_into_the_address(tmp_path: Path) -> None:
    """The other fields keep what they showed."""
    page = visit(tmp_path, "evaluation", scheme="street_month", trial="open")
    before = [field.value for field in page.number_input]
    page.number_input[0].set_value(50.0).run()

    assert "-".join(f"{value:.1f}" for value in [50.0, *before[1:]]) == "".join(page.query_params["weights"])


@pytest.mark.parametrize(("normalise", "wanted"), [("goalposts", False), ("minmax", True), ("zscore", True), ("no_such", False)])
def test_a_trial_that_compares_units_says_so(tmp_path: Path, normalise: str, *, wanted: bool) -> None:
    """Such scores move with the figures of others; untouched weights are told as the hundred that they are."""
    page = visit(tmp_path, "evaluation", scheme="street_month", trial="open", normalise=normalise)
    shown = text(page)

    assert not page.exception
    assert ("按对象互比" in shown) == wanted
    assert "权重合计100" in shown or "权重合计99.9" in shown
