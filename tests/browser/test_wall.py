"""The wall in a real browser: it takes turns, draws its heartbeat, and covers itself once the server that made the picture is gone."""

from __future__ import annotations

from playwright.sync_api import expect

from data.settings import Settings
from tests.browser.conftest import Visit, serving, start


def test_a_wall_whose_server_dies_says_so_by_itself(city: Settings, visit: Visit) -> None:
    """Two faces in turn without a touch; then the server is killed, and after the time of patience nothing looks alive any more."""
    with serving(start(city.var_dir)) as (server,):
        page = visit.page
        page.clock.install()
        visit.open(f"http://localhost:{server.port}/?wall=1")
        page.wait_for_selector(".wall .turn:not(.work)")
        assert page.locator("nav a, button, [data-testid='stSelectbox']").count() == 0

        page.clock.run_for(25_000)
        page.wait_for_selector(".wall .turn.work", timeout=20_000)
        expect(page.locator(".wall .ticks")).to_contain_text("▮", timeout=20_000)  # the guard draws it after the picture has come
        assert page.locator("#citysigns-mask").count() == 0

        server.child.kill()
        server.child.wait(15)
        page.clock.run_for(120_000)
        page.wait_for_selector("#citysigns-mask", timeout=20_000)
        said = page.inner_text("#citysigns-mask")

    assert "画面已冻结" in said
    assert "2016年3月7日" in said, "the time of the data that are still to be seen behind it"


def test_a_wall_that_lives_is_not_covered_and_leaving_it_takes_the_guard_along(site: str, visit: Visit) -> None:
    """An answering server keeps the picture; another page has neither heartbeat nor cover."""
    page = visit.page
    page.clock.install()
    visit.open(f"{site}/?wall=1")
    page.wait_for_selector(".wall .ticks")
    for _ in range(4):
        page.clock.run_for(25_000)
        page.wait_for_timeout(1500)
    assert page.locator("#citysigns-mask").count() == 0

    visit.open(f"{site}/alerts")
    page.clock.run_for(10_000)
    assert page.locator(".wall").count() == 0
    assert page.locator("#citysigns-mask").count() == 0
