"""What is withheld slips out of no verb: neither its figure nor the rows that would tell it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from cli import app
from data.settings import Settings
from indicators.directory import load
from indicators.known import only
from indicators.refresh import refresh
from tests.golden.small_city import write_small_city
from tests.golden.test_golden import NOW

TOLD = ("report_no", "reported_at", "street")


def city(directory: Path, least: int) -> Settings:
    """Return the small city, whose reports of lamps speak of persons, with its drops taken in."""
    settings = write_small_city(directory)
    contract = settings.feeds_dir / "repairs.yaml"
    contract.write_text(
        contract.read_text(encoding="utf-8").replace("kind: events\n", "kind: events\n    personal: true\n"), encoding="utf-8"
    )
    settings.city_file.write_text(settings.city_file.read_text(encoding="utf-8") + f"least_persons: {least}\n", encoding="utf-8")
    refresh(settings, NOW)
    return settings


def said(settings: Settings, words: str) -> str:
    """Return what a verb prints."""
    done = CliRunner().invoke(app, [*words.split(), "--city", str(settings.city_dir), "--var", str(settings.var_dir)])
    assert done.exit_code == 0, done.output
    return done.stdout


def facts(settings: Settings, words: str) -> list[dict[str, Any]]:
    """Return what a verb prints for programs."""
    return [json.loads(line) for line in said(settings, f"{words} --json").splitlines()]


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Three reports a day are fewer than five persons."""
    return city(tmp_path_factory.mktemp("few"), 5)


@pytest.fixture(scope="module")
def enough(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Two persons are enough."""
    return city(tmp_path_factory.mktemp("enough"), 2)


def test_a_withheld_figure_says_so_and_nothing_else(few: Settings, enough: Settings) -> None:
    """For programs and for people, now and as it was known then; also where only the parts are asked for."""
    for asked in ("", " --as-known-at 2024-05-08", " --as-known-at 2024-05-08 --entity-kind street"):
        signs = facts(few, f"show signs --indicator repairs_24h --period 2024-05-06{asked}")
        assert {"suppressed"} == {sign["state"] for sign in signs}
        assert {None} == {sign[name] for sign in signs for name in ("value", "text", "numerator", "denominator", "n", "level")}
    assert 3 == said(few, "show signs --indicator repairs_24h --period 2024-05-06 --entity-kind street").count("已隐去")
    whole = facts(enough, "show signs --indicator repairs_24h --period 2024-05-06 --entity-kind district")[0]
    assert (3, "ok") == (whole["n"], whole["state"])


def test_the_whole_is_asked_for_with_its_parts(few: Settings) -> None:
    """What is withheld of sub-districts depends on the district: one kind alone is computed only where nothing speaks of persons."""
    kinds = {name: only(load(few), [name], entity_kind="street").catalogue.definitions for name in ("repairs_24h", "night_energy")}

    assert ("district", "street") == kinds["repairs_24h"]["repairs_24h"].spec.grain
    assert {} == kinds["night_energy"]


def test_explain_tells_no_row_of_it(few: Settings, enough: Settings) -> None:
    """A withheld figure has neither rows nor what was computed again; of others it is told where the rows stand, not what they say."""
    hidden = json.loads(said(few, "explain repairs_24h G1 2024-05-06 --json"))
    shown = json.loads(said(enough, "explain repairs_24h G1 2024-05-06 --json"))

    assert not {"rows", "computed_again", "record_count", "drops"} & set(hidden)
    assert hidden["value"] is hidden["n"] is None
    assert 3 == len(shown["rows"])
    assert {("drop", "file", "line", *TOLD)} == {tuple(row) for row in shown["rows"]}


def test_revisions_of_a_personal_table_name_what_changed(few: Settings) -> None:
    """That the cost of a report was said otherwise is told, the cost is not."""
    rows = facts(few, "show revisions --since 2024-05-08T00:00:00+08:00")
    changed = [row for row in rows if row["how"] == "changed"]

    assert changed
    assert all(set(row["now"].values()) == {None} for row in changed)
    assert all(set(row["key"].values()) != {None} for row in rows)
