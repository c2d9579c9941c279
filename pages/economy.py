"""How the few slow signs of the economy stand, which are final, where they differ, and when the next figures come."""

from __future__ import annotations

import streamlit as st

from pages.parts.themebody import render_theme


def render() -> None:
    """Draw the page: what it shows is the city's to say."""
    render_theme("economy")


if __name__ == "__main__":
    st.switch_page("app.py", query_params={**st.query_params.to_dict(), "to": "economy"})
