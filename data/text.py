"""The text of a cell: as it is compared, as a person sees it, and with phone numbers hidden."""

from __future__ import annotations

import re
import unicodedata
from typing import Any


def normal(text: str) -> str:
    """Return text in compatibility form, without invisible characters and surrounding space."""
    if text.isascii():
        return text.strip()
    return unicodedata.normalize("NFKC", text.translate(_INVISIBLE)).strip()


_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff"))


def cell_text(cell: Any) -> str:
    """Return the text of a cell as a person sees it."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    return str(cell)


def mask_phone(text: str) -> str:
    """Hide the middle of phone numbers: 13812345678 -> 138****5678."""
    return _PHONE.sub(lambda m: f"{m[1]}****{m[2]}" if m[1] else f"{m[3]}*******", text)


_PHONE = re.compile(r"(?<!\d)((?:86)?1[3-9]\d)\d{4}(\d{4})(?!\d)|(?<!\d)(0\d{2,3}-?)\d{7,8}(?!\d)")
