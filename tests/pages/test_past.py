"""An earlier snapshot is looked at by its address: every page says so, shows what was known and done by then, and lets nobody act."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pages.fake_alerts import WORKED
from tests.pages.test_pages import text, visit

PAGES = ("overview", "sign", "alerts", "duty", "area", "hotline", "economy", "units", "evaluation", "works", "briefs", "catalogue", "feeds")


@pytest.mark.parametrize("page", PAGES)
def test_every_page_says_that_it_shows_the_past(tmp_path: Path, page: str) -> None:
    """In a banner with the way back; the navigation stays in that snapshot."""
    said = text(visit(tmp_path, page, snapshot="S-past"))

    assert "历史快照 S-past" in said
    assert "看最新" in said
    assert 'data-go="alerts?snapshot=S-past"' in said
    assert "历史快照" not in text(visit(tmp_path, page))


def test_nobody_acts_in_the_past(tmp_path: Path) -> None:
    """No form, and what was done since is not there."""
    for page, more in (("alerts", {"alert": WORKED}), ("briefs", {}), ("catalogue", {"indicator": "hotline_connect"})):
        asked = visit(tmp_path, page, snapshot="S-past", **more)
        assert [one for one in asked.button if one.form_id] == [], page
    said = text(visit(tmp_path, "alerts", snapshot="S-past", alert=WORKED))
    assert "签收" not in said[said.index("已做") :] if "已做" in said else True
    assert "超0:46" not in said, "the dispatch was done after that snapshot"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_snapshot_that_is_gone_has_a_face(tmp_path: Path, lang: str) -> None:
    """A sentence and the way to the newest."""
    page = visit(tmp_path, "alerts", snapshot="S19990101-0000-abcd", lang=lang)

    assert "S19990101-0000-abcd" in text(page)
    assert 'data-go="./"' in text(page)
    assert not page.exception
