"""A picture for a slide: the whole page, twice the pixels, nothing to press, and clear words where it cannot be."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import Image

from benchmarks import chromium
from commands.terminal import Exit
from data.settings import Settings
from indicators.refresh import refresh
from tests.golden.small_city import write_small_city
from tests.test_cli import run

NOW = datetime(2024, 5, 9, 0, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The small city of the golden files, taken in."""
    settings = write_small_city(tmp_path_factory.mktemp("picture"))
    refresh(settings, NOW)
    return settings


@pytest.mark.skipif(chromium.find() is None, reason=chromium.MISSING)
def test_a_picture_is_the_whole_page_at_twice_the_pixels(city: Settings, tmp_path: Path) -> None:
    """Higher than the screen where the page is; the dark one is dark; nothing is left beside the file."""
    out = tmp_path / "sign.png"

    done = run(city, "picture", "sign", "--out", str(out), "--theme", "dark", "--width", "1366")

    assert done.exit_code == Exit.DONE, done.output
    with Image.open(out) as image:
        assert image.width == 2 * 1366
        assert image.height > 2 * 500
        assert max(image.convert("RGB").getpixel((3, image.height // 2))) < 60
    assert [path.name for path in tmp_path.iterdir()] == ["sign.png"]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("picture", "nowhere", "--out", "x.png"), Exit.WRONG_USE, "没有页面“nowhere”"),
        (("picture", "sign", "--out", "x.png", "--set", "colour=red"), Exit.WRONG_USE, "没有“colour”"),
        (("picture", "sign", "--out", "x.png", "--theme", "blue"), Exit.WRONG_USE, "没有主题“blue”"),
        (("picture", "sign", "--out", "x.png", "--snapshot", "S0"), Exit.NOTHING_DONE, "没有快照 S0"),
    ],
)
def test_what_cannot_be_is_said_before_a_server_starts(city: Settings, words: tuple[str, ...], code: Exit, said: str) -> None:
    """One sentence and an exit code."""
    done = run(city, *words)

    assert done.exit_code == code
    assert said in done.output
