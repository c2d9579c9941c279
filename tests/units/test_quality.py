"""The six dimensions by worked examples: what each is made of, how they are weighed, and what five stars take."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from data.city import DIMENSIONS, QualityTerms
from data.quality import _WRONG, Basis, Counts, bases, overall, score, stars
from data.reasons import RowReason

TERMS = QualityTerms()
# A month of the safety feed: 312 rows judged, 30 deliveries due, 33 files.
EXAMPLE = Counts(
    rows=312, wrong={"conformity": 12, "completeness": 3, "accuracy": 0, "consistency": 9}, controlled=30, broken=1, files=33, refused=3,
    due=30, on_time=27, shares=30, came=29,
)  # fmt: skip


def scores(counts: Counts) -> dict[str, float | None]:
    """Return the score of each dimension."""
    return {name: score(ratios) for name, ratios in bases(counts).items()}


def test_a_worked_example() -> None:
    """300/312; 309/312 x 29/30; 312/312 x 29/30; 303/312; 27/30; 30/33: each at two decimals, half up."""
    assert {
        "conformity": 96.15, "completeness": 95.74, "accuracy": 96.67, "consistency": 97.12, "timeliness": 90.0, "accessibility": 90.91,
    } == scores(EXAMPLE)  # fmt: skip


def test_the_overall_score_of_the_example() -> None:
    """(96.15 + 95.74 + 96.67 + 97.12 + 90.00 + 90.91) / 6 = 94.43, four of the weights double move it, three stars."""
    heavier = TERMS.model_copy(update={"weights": dict.fromkeys(DIMENSIONS, 1.0) | {"timeliness": 3.0}})

    assert (94.43, 1.0) == overall(scores(EXAMPLE), TERMS)
    assert (93.32, 1.0) == overall(scores(EXAMPLE), heavier)
    assert 3 == stars(94.43, TERMS)


def test_nothing_to_judge_is_null() -> None:
    """A feed that sent nothing has no score of its rows, and too little for a rating; it is not perfect."""
    silent = scores(Counts(due=28, shares=28))

    assert {
        "conformity": None,
        "completeness": 0.0,
        "accuracy": None,
        "consistency": None,
        "timeliness": 0.0,
        "accessibility": None,
    } == silent
    assert (None, pytest.approx(1 / 3)) == overall(silent, TERMS)
    assert stars(None, TERMS) is None
    assert dict.fromkeys(DIMENSIONS) == scores(Counts())


def test_a_part_without_a_basis_leaves_the_other() -> None:
    """Completeness of a feed that owed nothing yet is that of its rows."""
    assert 90.0 == score([Basis("rows", 90, 100), Basis("deliveries", 0, 0)])


@pytest.mark.parametrize(
    ("value", "expected"),
    [(100.0, 5), (98.0, 5), (97.99, 4), (95.0, 4), (94.99, 3), (85.0, 3), (84.99, 2), (70.0, 2), (69.99, 1), (0.0, 1)],
)
def test_stars_begin_at_their_score(value: float, expected: int) -> None:
    """Each rating begins at its threshold."""
    assert expected == stars(value, TERMS)


def test_every_reason_speaks_against_one_dimension() -> None:
    """No fault of a row is left out of the rating, and none counts in two dimensions."""
    assert sorted(RowReason) == sorted(reason for reasons in _WRONG.values() for reason in reasons)


@pytest.mark.parametrize(
    ("terms", "wanted"),
    [
        ({"weights": {"timeliness": 1.0}}, "a weight of each"),
        ({"weights": dict.fromkeys(DIMENSIONS, 0.0)}, "not all 0"),
        ({"stars": [90, 95, 80, 60]}, "four falling scores"),
    ],
)
def test_terms_are_checked(terms: dict[str, object], wanted: str) -> None:
    """A city says what is wrong with its weights and thresholds."""
    with pytest.raises(ValidationError, match=wanted):
        QualityTerms.model_validate(terms)


COUNTS = st.tuples(*[st.integers(0, 200)] * 8).map(
    lambda n: Counts(
        rows=n[0] + n[1], wrong={"conformity": n[1], "accuracy": min(n[1], 3)}, controlled=n[2] + n[3], broken=n[3],
        files=n[2] + n[3] + n[4], refused=n[4], due=n[5] + n[6], on_time=n[5], shares=n[5] + n[6] + n[7], came=n[5],
    )
)  # fmt: skip


@given(COUNTS, st.lists(st.integers(0, 9), min_size=6, max_size=6).filter(any))
def test_scores_lie_between_0_and_100(counts: Counts, weights: list[int]) -> None:
    """Every score and every mean of them, whatever the weights; the mean lies between the least and the greatest."""
    terms = QualityTerms(weights=dict(zip(DIMENSIONS, map(float, weights), strict=True)), least_coverage=0)  # type: ignore[arg-type]
    found = scores(counts)
    value, coverage = overall(found, terms)
    held = [one for name, one in found.items() if one is not None and terms.weights[name]]  # type: ignore[index]

    assert all(0 <= one <= 100 for one in held)
    assert 0 <= coverage <= 1
    assert (value is None) == (not held)
    assert value is None or min(held) - 0.01 <= value <= max(held) + 0.01


@given(COUNTS)
def test_one_more_fault_never_helps(counts: Counts) -> None:
    """A further row in quarantine lowers its dimension or leaves it, and touches no other dimension of rows."""
    if counts.rows <= counts.wrong["conformity"]:  # type: ignore[index]
        return
    worse = Counts(counts.rows, {**(counts.wrong or {}), "conformity": counts.wrong["conformity"] + 1})  # type: ignore[index]
    before, after = scores(Counts(counts.rows, counts.wrong)), scores(worse)

    assert (after["conformity"] or 0) <= (before["conformity"] or 0)
    assert {name: after[name] for name in ("accuracy", "consistency")} == {name: before[name] for name in ("accuracy", "consistency")}
