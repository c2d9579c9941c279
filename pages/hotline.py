"""Is the volume of requests unusual, about what and where, and does closed mean settled; how urban cases are worked."""

from __future__ import annotations

import streamlit as st

from pages.parts.themebody import render_theme


def render() -> None:
    """Draw the page: what it shows is the city's to say."""
    render_theme("hotline")


if __name__ == "__main__":
    st.switch_page("app.py", query_params={**st.query_params.to_dict(), "to": "hotline"})
