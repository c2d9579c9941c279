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


def follow(context: Context) -> None:
    """Mount the listener and go where a click asked to go, if that is a page of the menu."""
    with st.container(key="listen", height="content"):
        result = _listener()(key="links", on_go_change=lambda: None)
    target = getattr(result, "go", None)
    if not target:
        return
    page, query = destination(str(target))
    if page in context.pages:
        st.switch_page(context.pages[page], query_params=query)


def destination(target: str) -> tuple[str, dict[str, str]]:
    """Return page and query of a `data-go`."""
    parts = urlsplit(target)
    return parts.path.strip("./") or HOME, dict(parse_qsl(parts.query))
