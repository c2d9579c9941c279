"""One file per menu entry; each is closed against deep links (see tests/test_closed_pages.py)."""
