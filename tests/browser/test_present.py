"""A page before a meeting, and an alert on a phone, as Chromium lays them out."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import Visit

pytestmark = pytest.mark.browser

# What one could press, and is in sight.
CONTROLS = "nav, button, input, select, textarea, [data-baseweb='select']"
# What reaches beyond the right edge of the screen; the watermark is cut on purpose.
WIDE = """() => [...document.querySelectorAll('[data-testid="stMain"] *')].filter(one => !one.closest('.wm, .st-key-listen')
  && one.getBoundingClientRect().width > 0 && one.getBoundingClientRect().right > innerWidth + 1)
  .map(one => `${one.tagName}.${one.className.baseVal ?? one.className} ${Math.round(one.getBoundingClientRect().right)}`)"""
MAIN = "document.querySelector('[data-testid=\"stMain\"]')"


@pytest.fixture
def phone(browser: Browser) -> Iterator[Visit]:
    """A page of a phone's size."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN")
    yield Visit(context.new_page())
    context.close()


@pytest.mark.parametrize("page", ["overview", "sign", "alerts", "evaluation", "area", "works"])
def test_a_presented_page_is_one_screen_without_controls(site: str, visit: Visit, page: str) -> None:
    """At 1920x1080: nothing to press in sight, no scroll bar, and the stamp at its foot."""
    visit.open(f"{site}/{page}?present=1")
    visit.page.wait_for_timeout(1500)

    assert [one for one in visit.page.locator(CONTROLS).all() if one.is_visible()] == []
    assert visit.page.evaluate(f"{MAIN}.scrollHeight <= {MAIN}.clientHeight && {MAIN}.scrollWidth <= {MAIN}.clientWidth")
    stamp = visit.page.locator(".stamp").bounding_box()
    assert stamp is not None
    assert round(stamp["y"] + stamp["height"]) == 1080
    assert visit.page.evaluate("getComputedStyle(document.querySelector('.leave')).opacity") == "0"


def test_one_leaves_a_presentation_by_its_stamp(site: str, visit: Visit) -> None:
    """The way back shows to a pointer; the page is as large as before, with its navigation."""
    visit.open(f"{site}/sign?present=1")
    visit.page.wait_for_timeout(1500)
    visit.page.locator(".stamp").hover()
    visit.page.locator(".leave").click()
    visit.page.wait_for_selector("header.bar nav")
    visit.page.wait_for_timeout(600)

    assert "present" not in visit.page.url
    assert visit.page.evaluate("document.documentElement.dataset.fitted ?? 'whole'") == "whole"


def test_an_alert_on_a_phone_is_read_from_top_to_bottom(site: str, phone: Visit) -> None:
    """Nothing is wider than the screen; what, who and until when come first, then stages, acts, course, and large buttons."""
    phone.open(f"{site}/alerts")
    target = phone.page.locator(".queue tr[data-go]").first.get_attribute("data-go")
    phone.open(f"{site}/{target}")
    phone.page.wait_for_timeout(600)

    assert phone.page.evaluate(WIDE) == []
    assert phone.page.evaluate(f"{MAIN}.scrollWidth <= {MAIN}.clientWidth")
    tops = [
        box["y"]
        for box in (
            phone.page.locator(css).first.bounding_box()
            for css in (".bar", ".asked", ".stages", ".beside .pile > section:last-child", ".beside > section", ".st-key-acting", ".queue")
        )
        if box
    ]
    assert len(tops) == 7
    assert tops == sorted(tops)
    bar = phone.page.locator(".bar").bounding_box()
    assert bar is not None
    assert bar["height"] < 60
    assert phone.page.locator(".asked .left").is_visible()
    heights = [box["height"] for one in phone.page.locator(".st-key-acting .stPopover button").all() if (box := one.bounding_box())]
    assert heights
    assert min(heights) >= 48
