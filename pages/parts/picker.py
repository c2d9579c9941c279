"""Lets a reader choose indicator, entity, grain and view; the address always says what is chosen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import streamlit as st

from charts.markup import esc, link
from pages.parts.context import Context
from pages.parts.filters import GRAINS, VIEWS, choose
from pages.parts.records import Record, Records, listed


@dataclass(frozen=True, slots=True)
class Choice:
    """What is shown, and what was asked for in vain."""

    indicator: Record
    entity: Record
    grain: str
    unknown: str


def choice(context: Context, records: Records) -> Choice:
    """Return the choice of the address; what does not exist falls back to the first."""
    asked, catalogue = context.filters, records.catalogue
    code, lost = choose(asked.indicator, list(catalogue), next(iter(catalogue)))
    indicator = catalogue[code]
    entities = entities_of(records, indicator)
    entity, lost_entity = choose(asked.entity, [row["entity"] for row in entities], entities[0]["entity"])
    grains = grains_of(indicator)
    grain, lost_grain = choose(asked.grain, grains, grains[0])
    row = next(row for row in entities if row["entity"] == entity)
    return Choice(indicator, row, grain, lost or lost_entity or lost_grain)


def entities_of(records: Records, indicator: Record) -> list[Record]:
    """Return the entities that have this indicator, widest kind first."""
    kinds = listed(indicator["entity_kinds"])
    return [row for kind in kinds for row in records.entities if row["entity_kind"] == kind]


def grains_of(indicator: Record) -> list[str]:
    """Return the grains of an indicator, finest first."""
    return [grain for grain in GRAINS if grain in listed(indicator["grains"])] or [str(indicator["cadence"])]


def pick(context: Context, records: Records, chosen: Choice) -> None:
    """Show the pickers; a change goes into the address and starts a new run."""
    words = context.words
    entities = {row["entity"]: row for row in entities_of(records, chosen.indicator)}
    select("indicator", words.say("sign.pick.indicator"), list(records.catalogue), str(chosen.indicator["indicator"]),
            lambda code: words.name(records.catalogue[code]), 360)  # fmt: skip
    select(
        "entity",
        words.say("sign.pick.entity"),
        list(entities),
        str(chosen.entity["entity"]),
        lambda code: _name(records, entities[code]),
        300,
    )


def tools(context: Context, chosen: Choice, view: str) -> str:
    """Return the switches of grain and view as links, so that the address carries them."""
    words = context.words
    own = {"indicator": str(chosen.indicator["indicator"]), "entity": str(chosen.entity["entity"]), "feed": ""}

    def switch(name: str, group: str, codes: Sequence[str], now: str, rest: dict[str, str]) -> str:
        links = "".join(
            link(
                context.filters.target("sign", **own, **rest, **{name: code}), esc(words.label(group, code)), "here" if code == now else ""
            )
            for code in codes
        )
        return f'<nav class="seg" aria-label="{esc(words.say(f"sign.pick.{name}"))}">{links}</nav>'

    grains = switch("grain", "grain", grains_of(chosen.indicator), chosen.grain, {"view": view})
    return f'<div class="tools">{grains}{switch("view", "sign.show", VIEWS, view, {"grain": chosen.grain})}</div>'


def select(name: str, label: str, codes: Sequence[str], now: str, spoken: Callable[[str], str], width: int) -> None:
    """Show one choice; a change goes into the address and starts a new run."""
    picked = st.selectbox(
        label, codes, index=list(codes).index(now), format_func=spoken, label_visibility="collapsed", key=f"{name}/{now}", width=width
    )
    if picked and picked != now:
        _go(name, picked)


def _go(name: str, value: str) -> None:
    st.query_params[name] = value
    st.rerun()


def _name(records: Records, row: Record) -> str:
    parent = next((one for one in records.entities if one["entity"] == row["parent"] and one["entity_kind"] != records.kinds[0]), None)
    own = records.words.say("entity.whole") if row["entity_kind"] == records.kinds[0] else records.words.name(row)
    return f"{records.words.name(parent)} {own}" if parent else own
