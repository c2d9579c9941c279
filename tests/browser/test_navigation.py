"""The navigation in a real browser: groups that open without a script, above everything, on a laptop in either language."""

from __future__ import annotations

import pytest

from tests.browser.conftest import Visit

pytestmark = pytest.mark.browser


def test_a_group_of_the_navigation_opens_by_pointing_and_by_the_keyboard(site: str, visit: Visit) -> None:
    """In one line on a laptop in either language; an open group lies above all else, leads to its page, and is closed there."""
    visit.page.set_viewport_size({"width": 1366, "height": 768})
    above = "menu => [...menu.querySelectorAll('a')].every(a => {const at = a.getBoundingClientRect(); " \
            "return document.elementFromPoint(at.x + at.width / 2, at.y + at.height / 2) === a})"  # fmt: skip
    for lang in ("zh", "en"):
        visit.open(f"{site}/area?lang={lang}")
        groups = visit.page.locator("header.bar nav .group")
        assert visit.page.locator("header.bar nav").bounding_box()["height"] < 50  # type: ignore[index]
        for group in groups.all():
            group.locator("button").hover()
            menu = group.locator(".menu")
            assert menu.is_visible()
            assert menu.evaluate(above)
        visit.page.mouse.move(5, 700)
        assert not any(menu.is_visible() for menu in groups.locator(".menu").all())
        groups.nth(1).locator("button").focus()
        visit.page.keyboard.press("Tab")
        visit.page.keyboard.press("Tab")
        visit.page.keyboard.press("Enter")
        visit.page.wait_for_url("**/duty*")
        visit.settled("header.bar nav button.here")
        assert not any(menu.is_visible() for menu in groups.locator(".menu").all())
