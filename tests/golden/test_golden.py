"""What the command line says of a small city, kept to the letter: a figure that changes is seen by a person.

`make golden` writes the files anew. The hashes of parts also change with the engine that writes them (requirements.txt).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from briefing.catalogue import catalogue_text
from briefing.headline import headline
from cli import app
from data import readings
from data.settings import Settings
from data.snapshots import Snapshot
from data.wording import Wording
from indicators.directory import load
from indicators.publication import indicator_frame
from indicators.refresh import refresh
from tests.golden.small_city import write_small_city

ROOT = Path(__file__).parents[2]
NOW = datetime(2024, 5, 9, 0, 30, tzinfo=UTC)
Golden = Callable[[str, str], None]


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> tuple[Settings, Snapshot]:
    """The small city with its drops taken in, at a time that is always the same."""
    settings = write_small_city(tmp_path_factory.mktemp("golden"))
    return settings, refresh(settings, NOW).snapshot


def said(settings: Settings, words: str) -> str:
    """Return what a verb prints on standard output."""
    done = CliRunner().invoke(app, [*words.split(), "--city", str(settings.city_dir), "--var", str(settings.var_dir)])
    assert done.exit_code == 0, done.output
    return done.stdout


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("signs.jsonl", "show signs --entity-kind district --from 2024-05-06 --to 2024-05-07 --json"),
        ("signs.txt", "show signs --from 2024-05-01"),
        ("signs.en.txt", "show signs --from 2024-05-01 --entity-kind district --lang en"),
        ("feeds.txt", "show feeds"),
        ("indicators.jsonl", "show indicators --json"),
        ("indicators.txt", "show indicators"),
        ("drops.jsonl", "show drops --json"),
        ("drops.txt", "show drops"),
        ("quarantine.jsonl", "show quarantine --json"),
        ("quarantine.txt", "show quarantine"),
        ("explain.json", "explain repairs_24h G1 2024-05-06 --json"),
        ("explain.txt", "explain repairs_24h G1 2024-05-06"),
        ("explain_backlog.txt", "explain repairs_open G1 2024-05-07 --lang en"),
    ],
)
def test_what_is_shown(city: tuple[Settings, Snapshot], golden: Golden, name: str, words: str) -> None:
    """Facts as JSON and as a person reads them."""
    golden(name, said(city[0], words))


@pytest.mark.parametrize("what", ["feed", "indicator", "city", "annotations"])
def test_schemas(golden: Golden, what: str) -> None:
    """What an editor checks a definition with."""
    golden(f"schema_{what}.json", CliRunner().invoke(app, ["schema", what]).stdout)


def test_headlines(city: tuple[Settings, Snapshot], golden: Golden) -> None:
    """The sentence of each morning, in both languages: the last one is without data."""
    settings, snapshot = city
    frame = readings.signs(settings, snapshot, grain="day")
    frame = frame.astype(object).where(frame.notna(), None)
    catalogue = {row["indicator"]: row for row in readings.indicators(settings, snapshot).to_dict("records")}
    lines = []
    for day in ("2024-05-06", "2024-05-07", "2024-05-08"):
        signs = frame[frame["period"] == day].to_dict("records")
        whole, parts = ([sign for sign in signs if (sign["entity_kind"] == "district") is is_whole] for is_whole in (True, False))
        lines += [f"{day} {language} {headline(Wording(language), whole, parts, catalogue)}\n" for language in ("zh", "en")]
    golden("headlines.txt", "".join(lines))


def test_the_catalogue_of_the_demonstration_is_the_one_that_is_kept(request: pytest.FixtureRequest) -> None:
    """`docs/catalogue.md` is what the definitions say; `make golden` writes it anew."""
    found = load(Settings(ROOT, ROOT / "var"))
    domains = [
        {"domain": one.domain, "letter": one.letter, "name_zh": one.name.zh, "name_en": one.name.en} for one in found.reference.city.domains
    ]
    frame = indicator_frame(found.catalogue, found.contracts)
    text = catalogue_text(Wording("zh", ROOT), domains, frame.astype(object).where(frame.notna(), None).to_dict("records"))
    page = ROOT / "docs" / "catalogue.md"
    if request.config.getoption("--golden"):
        page.write_text(text, encoding="utf-8")

    assert page.read_text(encoding="utf-8") == text, "make golden writes docs/catalogue.md"


def test_manifest(city: tuple[Settings, Snapshot], golden: Golden) -> None:
    """The snapshot's hash and its parts by content; when a drop was taken is bookkeeping and stands outside."""
    _, snapshot = city
    lines = [f"{snapshot.id} {snapshot.hash}", f"as of {snapshot.as_of.isoformat()}, definitions {snapshot.definitions}"]
    lines += [f"{part.table}/{part.partition} {part.rows} {part.sha256}" for part in snapshot.parts]
    lines += [f"records/{record.file.rsplit('/', 1)[0]} {record.drop}" for record in snapshot.records]
    golden("manifest.txt", "\n".join(lines) + "\n")
