"""An example inside a definition is a test of it: one that holds is silent, one that does not is named with file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from data.problems import DefinitionError
from data.settings import Settings
from indicators.directory import City, load
from indicators.examples import prove
from tests.golden.small_city import write_small_city

ROOT = Path(__file__).parents[2]
DERIVED = """\
  - indicator: repairs_doubled
    name: {zh: 两项之商}
    formula: repairs_open / repairs_24h
    unit: 件
    precision: 2
    direction: watch
    grain: [district]
    cadence: day
    owner: [市政处]
    weight: 0
    since: 2024-01-01
    version: 1
    example: {period: 2024-05-06, inputs: {repairs_24h: 0, repairs_open: 4}, value: null}
"""


def with_examples(directory: Path, **examples: str) -> tuple[Settings, City]:
    """Return the small city whose indicators have these examples (flow YAML), and a derived one."""
    where = write_small_city(directory)
    path = where.catalogue_dir / "operations.yaml"
    text = path.read_text(encoding="utf-8")
    for name, example in examples.items():
        head, _, tail = text.partition(f"  - indicator: {name}\n")
        own, dash, rest = tail.partition("  - indicator: ")
        text = f"{head}  - indicator: {name}\n{own}    example: {example}\n{dash}{rest}"
    path.write_text(text + DERIVED, encoding="utf-8")
    return where, load(where)


def test_examples_that_hold(tmp_path: Path) -> None:
    """Ratios, measures, backlogs and derived ones; several of one definition; a row may stand for many and lie in no area."""
    where, city = with_examples(
        tmp_path,
        repairs_24h="""[{period: 2024-05-06, value: 66.67, numerator: 2, denominator: 3, n: 3, rows: [
          {reported_at: 2024-05-06 08:00, repaired_at: 2024-05-06 09:00, _times: 2}, {street: G1001, reported_at: 2024-05-06 08:00}]},
          {period: 2024-05-06, rows: [], value: null, denominator: 0}]""",
        repairs_per_1000="{period: 2024-05-06, measures: {lamps_standing: 500}, rows: [{}, {reported_at: 2024-05-07}], value: 2}",
        repairs_open="{period: 2024-W19, rows: [{reported_at: 2024-05-06, repaired_at: 2024-05-13}, {reported_at: 2024-05-13}], value: 1}",
    )

    assert prove(where, city) == 5


@pytest.mark.parametrize(
    ("indicator", "example", "said"),
    [
        ("repairs_24h", "{period: 2024-05-06, rows: [{}], value: 1}", "example.value: found 0, wanted 1"),
        ("repairs_24h", "{period: 2024-05-06, rows: [{}], value: null}", "example.value: found 0, wanted no value"),
        ("repairs_24h", "{period: 2024-05-06, rows: [], value: 0}", "example.value: found no value, wanted 0"),
        ("repairs_24h", "{period: 2024-05-06, rows: [{}], value: 0, n: 2}", "example.n: found 1, wanted 2"),
        ("repairs_24h", "{period: 2024-05-06T08, rows: [{}], value: 0}", "example.period: found '2024-05-06T08', wanted one of day, week"),
        ("repairs_24h", "{period: 2024-05-06, rows: [{cast: 3}], value: 0}", "example.rows.0.cast: found 'cast', wanted one of report_no"),
        ("repairs_24h", "{period: 2024-05-06, rows: [{cost: dear}], value: 0}", "example.rows: found Conversion Error"),
        ("repairs_24h", "{period: 2024-05-06, inputs: {repairs_open: 1}, value: 0}", "example.inputs: found repairs_open, wanted nothing"),
        ("repairs_per_1000", "{period: 2024-05-06, rows: [{}], value: 2}", "example.measures: found nothing, wanted lamps_standing"),
    ],
)
def test_what_does_not_hold_is_named(tmp_path: Path, indicator: str, example: str, said: str) -> None:
    """File, line, found and wanted; what the definition does not know is told before anything is computed."""
    where, city = with_examples(tmp_path, **{indicator: example})
    lines = (where.catalogue_dir / "operations.yaml").read_text(encoding="utf-8").splitlines()
    line = next(place for place, text in enumerate(lines, start=1) if example in text)

    with pytest.raises(DefinitionError) as error:
        prove(where, city)

    assert [(one.file, one.line) for one in error.value.problems] == [("indicators/catalogue/operations.yaml", line)]
    assert said in str(error.value)


def test_every_definition_of_the_demonstration_proves_itself() -> None:
    """None is without an example, and all of them hold."""
    where = Settings(ROOT, ROOT / "var")
    city = load(where)

    assert [name for name, one in city.catalogue.definitions.items() if not one.spec.example] == []
    assert prove(where, city) >= len(city.catalogue.definitions)
