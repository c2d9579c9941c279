"""Follows links inside drawn HTML within the same session, by one listening part.

A link carries `data-go="page?key=value"`; its plain address works too, at the price of a new session.
"""

from __future__ import annotations

from functools import cache
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import streamlit as st

from pages.parts.context import Context
from pages.parts.filters import HOME

KEY, WANTED = "links", "links_wanted"
LISTEN = """
export default function ({ setTriggerValue }) {
  const follow = (event) => {
    if (event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const link = event.target.closest && event.target.closest('.cs [data-go]');
    if (!link || String(window.getSelection())) return;
    event.preventDefault();
    setTriggerValue('go', link.dataset.go);
  };
  document.addEventListener('click', follow);
  return () => document.removeEventListener('click', follow);
}
"""


@cache
def _listener() -> Any:
    return st.components.v2.component("citysigns_links", js=LISTEN)


def listen() -> None:
    """Mount the listener; it comes after the page, so that a page never waits for it."""
    with st.container(key="listen", height="content"):
        _listener()(key=KEY, on_go_change=_note)


def follow(context: Context) -> None:
    """Go where the last click asked to go, if that is a page of the menu."""
    target = st.session_state.pop(WANTED, None)
    if not target:
        return
    page, query = destination(str(target))
    if page in context.pages:
        st.switch_page(context.pages[page], query_params=query)


def _note() -> None:
    """Keep the click for the run that it starts: callbacks run before the script."""
    st.session_state[WANTED] = getattr(st.session_state[KEY], "go", None)


def destination(target: str) -> tuple[str, dict[str, str]]:
    """Return page and query of a `data-go`."""
    parts = urlsplit(target)
    return parts.path.strip("./") or HOME, dict(parse_qsl(parts.query))
