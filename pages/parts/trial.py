"""Lets a reader try other weights and methods on a period: ranks move beside the official ones, and nothing is saved.

What is tried stands in the address, so that a link shows the same trial to somebody else.
"""

from __future__ import annotations

import math
from dataclasses import replace

import streamlit as st

from briefing.phrases import absent
from charts.markup import esc, link
from data.wording import number
from indicators.evaluation.trial import COMPARED, Trial, official, tried
from pages.parts.evaluated import Evaluated
from pages.parts.picker import select
from pages.parts.tables import section

OPEN = "open"
WAYS, MEANS = ("anchors", "goalposts", *COMPARED), ("arithmetic", "geometric", "harmonic")
_IN_A_ROW = 8
_KEYS = (("rank", "r"), ("name", ""), ("text", "r"), ("tried", "r"), ("by", "r"), ("tried_rank", "r"), ("turn", "r last"))


def switch(of: Evaluated) -> str:
    """Return the links between what holds and a trial."""
    words, here = of.context.words, of.context.filters.trial == OPEN
    closed = {"trial": "", "weights": "", "normalise": "", "mean": ""}
    both = ((closed, "evaluation.as_official", not here), ({"trial": OPEN}, "evaluation.as_trial", here))
    own = {"scheme": str(of.scheme["scheme"]), "period": of.period}
    links = "".join(
        link(of.context.filters.target("evaluation", **own, **changed), esc(words.say(key)), "here" if is_here else "")
        for changed, key, is_here in both
    )
    return f'<div class="tools"><nav class="seg" aria-label="{esc(words.say("evaluation.as_trial"))}">{links}</nav></div>'


def asked(of: Evaluated) -> Trial:
    """Return the trial of the address; what it does not say, or says wrongly, is as in force."""
    own, filters = official(of.edition), of.context.filters
    weights = _weights(filters.weights, list(own.weights)) or {name: round(100 * share, 1) for name, share in own.weights.items()}
    return Trial(
        filters.normalise if filters.normalise in WAYS else own.normalise,  # type: ignore[arg-type]  # one of the ways
        filters.mean if filters.mean in MEANS else own.mean,  # type: ignore[arg-type]  # one of the means
        weights,
    )


def controls(of: Evaluated, trial: Trial) -> None:
    """Show a field for each weight and a choice for each method; a change goes into the address and starts a new run."""
    words, names = of.context.words, list(trial.weights)
    given: dict[str, float] = dict(trial.weights)
    with st.container(key="trial"):
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
            select("normalise", words.say("evaluation.pick.normalise"), WAYS, trial.normalise,
                   lambda code: words.label("evaluation.normalise", code), 360)  # fmt: skip
            select("mean", words.say("evaluation.pick.mean"), MEANS, trial.mean, lambda code: words.label("evaluation.mean", code), 240)
        each = math.ceil(len(names) / math.ceil(len(names) / _IN_A_ROW))
        for first in range(0, len(names), each):
            for column, name in zip(st.columns(each, vertical_alignment="bottom"), names[first : first + each], strict=False):
                label = words.say("evaluation.weight_of", name=of.node_name(f"index/{name}"))
                now = trial.weights[name]
                given[name] = column.number_input(label, 0.0, 100.0, now, 1.0, "%.1f", key=f"weight/{name}/{now}")
    if given != trial.weights and any(given.values()):
        st.query_params["weights"] = "-".join(f"{weight:.1f}" for weight in given.values())
        st.rerun()


def compared(of: Evaluated, trial: Trial) -> str:
    """Return the table of units by the rank of the trial, beside what holds."""
    words, reading = of.context.words, of.context.reading
    if reading is None:
        return ""
    points = reading.frame("points", scheme=of.scheme["scheme"], period=of.period)
    told = {row["entity"]: row for row in of.units}
    own = official(of.edition)
    whole = number(sum(trial.weights.values()), 1)
    if trial.weights == {name: round(100 * share, 1) for name, share in own.weights.items()}:
        trial = replace(trial, weights=own.weights)  # to the last digit, since nothing was turned
    directions = {name: str(sign["direction"]) for name, sign in of.records.catalogue.items()}
    found = tried(of.edition, points, [row["entity"] for row in of.units if row["rank"] is not None], trial, directions)
    heads = "".join(f'<th class="{css}">{esc(words.say(f"evaluation.trial_head.{key}"))}</th>' for key, css in _KEYS)
    rows = [row for row in found.sort_values(["rank", "entity"]).itertuples(index=False) if row.entity in told]
    body = "".join(_row(of, str(row.entity), float(row.score), float(row.rank)) for row in rows)  # type: ignore[arg-type]
    table = f'<div class="scroll"><table class="ranking"><tr class="h">{heads}</tr>{body}</table></div>'
    moved = sum(told[row.entity]["rank"] is not None and row.rank != told[row.entity]["rank"] for row in rows)  # or lost
    note = words.say("evaluation.trial_note", moved=moved, count=sum(row["rank"] is not None for row in of.units), whole=whole)
    if trial.normalise in COMPARED:
        note += words.say("evaluation.trial_compared")
    return section(words.say("evaluation.trial"), note, table)


def _row(of: Evaluated, entity: str, score: float, rank: float) -> str:
    words, row = of.context.words, next(one for one in of.units if one["entity"] == entity)
    none = words.say("value.none")
    own = None if absent(row["score"]) else float(row["score"])
    by = "" if own is None or math.isnan(score) else number(score - own, 2, signed=True)
    turned = 0 if math.isnan(rank) or row["rank"] is None else int(row["rank"]) - int(rank)
    tone = "better" if turned > 0 else "worse" if turned < 0 else "note"
    turn = words.say(f"evaluation.turn.{'up' if turned > 0 else 'down' if turned < 0 else 'same'}", size=abs(turned))
    cells = (
        ("r s note", none if row["rank"] is None else number(float(row["rank"]))), ("name", of.names[entity]),
        ("r s note", none if own is None else number(own, 2)), ("r b", none if math.isnan(score) else number(score, 2)),
        ("r s", by), ("r b", none if math.isnan(rank) else number(rank)),
        (f"r s last {tone}", none if math.isnan(rank) else turn),
    )  # fmt: skip
    drawn = "".join(f'<td class="{css}">{esc(text)}</td>' for css, text in cells)
    return f'<tr class="l">{drawn}</tr>'


def _weights(text: str, names: list[str]) -> dict[str, float]:
    """Return weights written as 20.0-30.0-50.0; nothing where they are not one for each."""
    try:
        found = [float(part) for part in text.split("-")]
    except ValueError:
        return {}
    if len(found) != len(names) or not all(0 <= weight <= 100 for weight in found) or not any(found):
        return {}
    return dict(zip(names, found, strict=True))
