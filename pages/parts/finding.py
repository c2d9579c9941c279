"""Finds signs: by words of their name, id, owner or pinyin initials, by domain, pillar, department and feed."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from pages.parts.context import Context
from pages.parts.filters import plain_text
from pages.parts.records import Record, Records, listed

CHOICES = ("domain", "pillar", "owner", "feed")


@dataclass(frozen=True, slots=True)
class Found:
    """The signs that are listed, and how many there are in all."""

    signs: list[Record]
    total: int


def found(context: Context, records: Records) -> Found:
    """Return the signs of the catalogue that the address asks for, in catalogue order."""
    asked, everyone = context.filters, list(records.catalogue.values())
    wanted = [(key, getattr(asked, key)) for key in CHOICES if getattr(asked, key) in codes(records, key)]
    kept = [one for one in everyone if all(code in _of(one, key) for key, code in wanted)]
    return Found([one for one in kept if matches(one, asked.find)], len(everyone))


def matches(indicator: Record, text: str) -> bool:
    """Whether every word of a text stands in the names, the id, the owner or the initials of a sign."""
    names = " ".join(str(indicator[key] or "") for key in ("name_zh", "name_en", "indicator", "initials"))
    said = f"{names} {' '.join(listed(indicator['owner']))}".lower()
    return all(word in said for word in text.lower().split())


def codes(records: Records, key: str) -> list[str]:
    """Return what can be chosen of a key, in the order of the catalogue."""
    return list(dict.fromkeys(code for one in records.catalogue.values() for code in _of(one, key)))


def _of(indicator: Record, key: str) -> list[str]:
    value = indicator[key]
    return [part for one in listed(value) for part in one.split("、")] if key == "owner" else listed(value)


def search(context: Context, records: Records) -> None:
    """Show the box and the choices; a change goes into the address and starts a new run."""
    words, asked = context.words, context.filters
    names = {
        "domain": {row["domain"]: words.name(row) for row in records.domains},
        "feed": records.feed_names,
    }
    with st.container(key="finder", horizontal=True, vertical_alignment="center", gap="small"):
        text = st.text_input(
            words.say("catalogue.find"), asked.find, placeholder=words.say("catalogue.find"), label_visibility="collapsed",
            key=f"find/{asked.find}", width=300, max_chars=40,
        )  # fmt: skip
        if plain_text(text) != asked.find:
            _go("find", plain_text(text))
        for key in CHOICES:
            _choose(context, key, codes(records, key), names.get(key, {}))


def _choose(context: Context, key: str, known: list[str], names: dict[str, str]) -> None:
    every, asked = context.words.say(f"catalogue.every.{key}"), getattr(context.filters, key)
    now = asked if asked in known else ""
    picked: str | None = st.selectbox(
        every, ["", *known], index=["", *known].index(now), format_func=lambda code: names.get(code, code) or every,
        label_visibility="collapsed", key=f"{key}/{now}", width=215,
    )  # fmt: skip
    if (picked or "") != now:
        _go(key, picked or "")


def _go(name: str, value: str) -> None:
    if value:
        st.query_params[name] = value
    else:
        st.query_params.pop(name, None)
    st.query_params.pop("indicator", None)
    st.rerun()
