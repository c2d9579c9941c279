"""The text of a cell: as it is compared, as a person sees it, and with phone numbers hidden."""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Callable, Iterable
from typing import Any


def normal(text: str) -> str:
    """Return text in compatibility form, without invisible characters and surrounding space."""
    if text.isascii():
        return text.strip()
    return unicodedata.normalize("NFKC", text.translate(_INVISIBLE)).strip()


def one_of(tokens: frozenset[str]) -> Callable[[str], bool]:
    """Return whether the normal form of a text is one of some tokens; of a longer text the first signs tell that it is none.

    Each sign that can be seen makes at least one of the normal form, unless signs compose; a token holds nothing composed.
    """
    is_composed = any(unicodedata.normalize("NFKD", token) != token for token in tokens)
    enough = sys.maxsize if is_composed else max(map(len, tokens)) + 1

    def is_one(text: str) -> bool:
        head = text[:enough]
        if len(head) == enough and head.isprintable() and " " not in head:
            return False
        return normal(text) in tokens

    return is_one


_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff"))


def cell_text(cell: Any) -> str:
    """Return the text of a cell as a person sees it."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    return str(cell)


class Nested(str):
    """The JSON text of a list or object that stood where one value should: kept in a text, a fault elsewhere."""

    __slots__ = ()


def masked(text: str, masks: Iterable[str]) -> str:
    """Hide what a contract names: `phone` numbers, a person's `name`."""
    for mask in masks:
        text = _MASKS[mask](text)
    return text


def mask_phone(text: str) -> str:
    """Hide the middle of phone numbers: 13812345678 -> 138****5678."""
    return _PHONE.sub(lambda m: f"{m[1]}****{m[2]}" if m[1] else f"{m[3]}*******", text)


def mask_name(text: str) -> str:
    """Keep the first sign of a name (张建国 -> 张**); in longer text of names after 姓名, 联系人 and the like."""
    bare = text.strip()
    if len(bare) <= _LONGEST_NAME:
        return bare[:1] + "*" * (len(bare) - 1)
    return _NAMED.sub(lambda m: m[1] + m[2][:1] + "*" * (len(m[2]) - 1), text)


_LONGEST_NAME = 8
_PHONE = re.compile(r"(?<!\d)((?:86)?1[3-9]\d)[- ]?\d{4}[- ]?(\d{4})(?!\d)|(?<!\d)(0\d{2,3}-?)\d{7,8}(?!\d)")
_NAMED = re.compile(r"((?:姓名|联系人|当事人|来电人|反映人)[:： ]*)([\u4e00-\u9fff]{2,4})")
_MASKS = {"phone": mask_phone, "name": mask_name}
