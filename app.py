"""The browser's composition root: navigation first, then the gate, then the page; it catches what goes wrong.

Environment: CITY_DIR (default: this folder), CITY_VAR (default: ./var), DESK_URL (default: a file of CITY_VAR).
"""

from __future__ import annotations

import logging
import os
import uuid
from datetime import datetime
from pathlib import Path
from typing import Any

import streamlit as st

from data.settings import Settings
from data.snapshots import NoSnapshotError
from data.wording import Wording
from data.yamlfile import read_yaml
from indicators.outlook import forecasts
from indicators.proposed import impact_of, tried_change
from pages import alerts, area, briefs, catalogue, duty, economy, evaluation, feeds, hotline, overview, sign, units, works
from pages.parts import faces, filters, links, masthead, present, take
from pages.parts.context import Context, keep
from pages.parts.gate import admit
from pages.parts.reading import current
from pages.parts.source import Published, Source

LOG = logging.getLogger("citysigns")
PAGES = {
    "overview": overview.render,
    "sign": sign.render,
    "area": area.render,
    "hotline": hotline.render,
    "economy": economy.render,
    "alerts": alerts.render,
    "duty": duty.render,
    "units": units.render,
    "evaluation": evaluation.render,
    "works": works.render,
    "briefs": briefs.render,
    "catalogue": catalogue.render,
    "feeds": feeds.render,
}


def settings_of(environment: Any) -> Settings:
    """Return where the city and its run-time data lie."""
    home = Path(__file__).resolve().parent
    return Settings(
        Path(environment.get("CITY_DIR") or home), Path(environment.get("CITY_VAR") or "var"), environment.get("DESK_URL") or ""
    )


def main(settings: Settings, source: Source) -> None:
    """Run one visit."""
    words = Wording(filters.read(st.query_params).lang, settings.city_dir)
    st.set_page_config(page_title=words.say("product"), page_icon=masthead.icon(), layout="wide", initial_sidebar_state="collapsed")
    menu = {name: st.Page(render, title=words.label("nav", name), url_path=name) for name, render in PAGES.items() if name != "overview"}
    # The default page has no address of its own in Streamlit; a hidden twin keeps typed and kept addresses working.
    twin = st.Page(overview.render, title=words.label("nav", "overview"), url_path="overview", visibility="hidden")
    menu = {"overview": st.Page(overview.render, title=words.label("nav", "overview"), default=True)} | menu
    page = st.navigation([*menu.values(), twin], position="hidden")
    person = admit(st.context.url, st.context.headers.get("Host"))
    if person is None:
        faces.closed(words)
        st.stop()
    _honour_to(menu)
    asked = filters.read(st.query_params).snapshot
    try:
        reading = current(settings, source, person.scope, asked)
    except NoSnapshotError:
        faces.gone(words, asked)
        st.stop()
    city = reading.snapshot.city if reading else read_yaml(settings.city_file, settings.city_dir).content
    context = Context(
        settings, words, person, filters.read(st.query_params), st.context.theme.type or "light",
        city, reading, datetime.now().astimezone(), menu, page.url_path or filters.HOME,
    )  # fmt: skip
    keep(context)
    links.follow(context)
    take.offer(context)
    page.run()
    present.fit(context)
    links.listen()


def _honour_to(menu: dict[str, Any]) -> None:
    """Go on to the page that a closed page file asked for."""
    to = st.query_params.get("to")
    if to is None:
        return
    rest = {name: value for name, value in st.query_params.items() if name != "to"}
    if to in menu:
        st.switch_page(menu[to], query_params=rest)


def run(settings: Settings, source: Source) -> None:
    """Run one visit; what goes wrong is logged with an id and said in one sentence."""
    try:
        main(settings, source)
    except Exception:
        code = f"E-{datetime.now().astimezone():%m%d}-{uuid.uuid4().hex[:4]}"
        LOG.exception("page failed, %s", code)
        faces.error(Wording(filters.read(st.query_params).lang), code)


if __name__ == "__main__":
    run(settings_of(os.environ), Published(forecasts, tried_change, impact_of))
