"""Gives the pinyin initials of a name, so that 供水管网 is found by gsgw. Digits and Latin letters stay."""

from __future__ import annotations


def initials(text: str) -> str:
    """Return the initials in lower case, without spaces and punctuation."""
    from pypinyin import Style, lazy_pinyin  # its tables take a fifth of a second  # noqa: PLC0415

    said = "".join(lazy_pinyin(text, style=Style.FIRST_LETTER))
    return "".join(letter for letter in said.lower() if letter.isascii() and letter.isalnum())
