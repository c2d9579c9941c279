"""The catalogue page: every sign of the snapshot, found by what people know of it, and each definition whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from data.initials import initials
from data.wording import LANGUAGES, Wording
from data.yamlfile import read_yaml
from pages.parts.finding import matches
from tests.pages.test_pages import HOME, text, visit

TOTAL = sum(len(read_yaml(path, path.parent).content["indicators"]) for path in (HOME / "indicators/catalogue").glob("*.yaml"))
WORDS = {language: Wording(language) for language in LANGUAGES}
SIGN = {
    "name_zh": "供热室温合格率", "name_en": "Warm rooms", "indicator": "heat_temp_ok_rate", "owner": "区供热办",
    "initials": initials("供热室温合格率"),
}  # fmt: skip


@pytest.mark.parametrize("asked", ["供热", "室温 合格", "heat_temp", "GRSWHGL", "grsw", "warm", "供热办", ""])
def test_a_sign_is_found_by_what_people_know(asked: str) -> None:
    """Part of a name in either language, id, owner, or pinyin initials, whatever the case; all words must be there."""
    assert matches(SIGN, asked)


@pytest.mark.parametrize("asked", ["供水", "供热 供水", "swdbl", "rooms cold"])
def test_another_sign_is_not_found(asked: str) -> None:
    """One word that is nowhere is enough."""
    assert not matches(SIGN, asked)


def test_the_list_has_every_sign_and_the_box_narrows_it(tmp_path: Path) -> None:
    """All of the catalogue stand there; what is typed and chosen leaves the rest out, and says how many are left."""
    everything, some = text(visit(tmp_path, "catalogue")), text(visit(tmp_path, "catalogue", find="grsw"))
    none = text(visit(tmp_path, "catalogue", find="nothing-like-it"))

    assert f"{TOTAL}/{TOTAL}" in everything
    assert f"1/{TOTAL}" in some
    assert "heat_temp_ok_rate" in some
    assert "没有符合条件的体征" in none


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(
    "code", ["heat_temp_ok_rate", "heat_complaint_10k", "hotline_volume", "doc_overdue", "parking_saturation", "sys_availability"]
)
def test_a_definition_is_shown_whole(tmp_path: Path, code: str, lang: str) -> None:
    """A rate, a derived sign, a watch sign, a backlog, a band and one of the systems: terms, limits, example, lineage."""
    test = visit(tmp_path, "catalogue", indicator=code, lang=lang)
    shown = text(test)

    assert not test.exception
    assert code in shown
    for key in ("catalogue.standing", "catalogue.limits", "catalogue.example", "catalogue.lineage"):
        assert WORDS[lang].say(key) in shown


def test_an_unknown_sign_is_said(tmp_path: Path) -> None:
    """The list stands, and the code that nobody knows is named."""
    shown = text(visit(tmp_path, "catalogue", indicator="no_such_sign"))

    assert "no_such_sign" in shown
    assert shown.count("data-go=") > 50
