"""Says of which figures a derived figure is made: every input in every period that it uses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from data import periods
from indicators.definition import Catalogue
from indicators.formula import Atom, How


@dataclass(frozen=True, slots=True)
class Used:
    """An input in one period, and how it was asked for."""

    indicator: str
    grain: str
    start: datetime
    how: How


def used_by(catalogue: Catalogue, indicator: str, grain: str, start: datetime) -> list[Used]:
    """Return the figures of which one is made, in order of the formula and of time; of one over records nothing.

    Of `latest` those of its own cadence that hold at the end of the period, of which the newest with a value is taken.
    """
    found: dict[Used, None] = {}
    for atom in catalogue.definitions[indicator].formula.atoms:
        if atom.kind == "input":
            found |= dict.fromkeys(_periods(catalogue, atom, grain, start))
    return list(found)


def rests_on(catalogue: Catalogue, indicator: str, grain: str, start: datetime) -> set[tuple[str, str, datetime]]:
    """Return the figures over records that a figure rests on, through all its inputs; of one over records itself."""
    if not catalogue.definitions[indicator].inputs:
        return {(indicator, grain, start)}
    parts = [rests_on(catalogue, one.indicator, one.grain, one.start) for one in used_by(catalogue, indicator, grain, start)]
    return set().union(*parts)


def _periods(catalogue: Catalogue, atom: Atom, grain: str, start: datetime) -> list[Used]:
    match atom.how:
        case "year_before":
            return [Used(atom.source, grain, periods.year_before(start, grain), atom.how)]
        case "year_to_date":
            return [Used(atom.source, grain, one, atom.how) for one in periods.year_so_far(start, grain)]
        case "latest":
            source = catalogue.definitions[atom.source]
            finest, finish = source.spec.cadence, periods.step(start, grain)
            oldest = finish - timedelta(days=source.holds_for)
            holding = [one for one in periods.spine(oldest, finish, finest) if periods.step(one, finest) > oldest]
            return [Used(atom.source, finest, one, atom.how) for one in holding]
    return [Used(atom.source, grain, start, atom.how)]
