"""Reads a city directory as a whole: the register, the contracts, the catalogue, the schemes and the rules, as files and as in force."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import date, datetime

from data import definitions
from data.adopted import as_adopted
from data.contract import Contract
from data.contracts import load_contracts
from data.register import Reference, load_reference
from data.settings import Settings
from data.themes import check_themes
from data.works import Works, load_works
from indicators.backtested import Trial, trials
from indicators.cataloguing import load_catalogue
from indicators.definition import Catalogue
from indicators.evaluation.scheme import Scheme
from indicators.evaluation.schemes import load_schemes
from indicators.rule import Rule, load_rules


@dataclass(frozen=True, slots=True)
class City:
    """A city directory, read and checked as a whole."""

    reference: Reference
    contracts: dict[str, Contract]
    catalogue: Catalogue
    schemes: dict[str, Scheme]
    rules: dict[str, Rule]
    trials: dict[str, Trial]
    works: Works | None
    fingerprint: str


def load(settings: Settings) -> City:
    """Read a whole city directory; raises CityMissingError or DefinitionError."""
    reference = load_reference(settings)
    contracts = load_contracts(settings, reference)
    catalogue = load_catalogue(settings, reference, contracts)
    schemes = load_schemes(settings, reference, catalogue)
    rules = load_rules(settings, reference, catalogue)
    works = load_works(settings, contracts)
    check_themes(settings, {one.domain for one in reference.city.domains}, set(catalogue.definitions))
    return City(reference, contracts, catalogue, schemes, rules, trials(settings), works, definitions.fingerprint(settings))


def load_in_force(settings: Settings, day: date) -> City:
    """Read a city as it is in force on a day: with what people have adopted at the desk; raises as `load` does."""
    with as_adopted(settings, day) as judging:
        return load(judging)


@contextmanager
def in_force(settings: Settings, now: datetime, *, is_adopted: bool = False) -> Iterator[tuple[Settings, City, datetime]]:
    """Yield where the definitions that are in force lie, those read, and the moment of the city's clock.

    `is_adopted` says that the directory holds already what was adopted, as one from the archive does.
    """
    city = load(settings)
    as_of = city.reference.city.as_of(now)
    with nullcontext(settings) if is_adopted else as_adopted(settings, as_of.date(), is_refresh=True) as judging:
        yield judging, city if judging is settings else load(judging), as_of
