"""Turns frames into HTML text, SVG or Plotly figures; knows no Streamlit and no SQL."""
