"""The benchmark of scoring runs, and what it times is the whole of the work."""

from __future__ import annotations

from benchmarks import evaluation


def test_every_unit_and_day_is_scored() -> None:
    """A row for every node, unit and day; a score for every unit and run."""
    scored, drawn = evaluation.measure(20, 100, 5)

    assert scored["rows"] % (20 * 5) == 0
    assert int(str(scored["rows"])) > 20 * 5
    assert drawn["scores"] == 5 * 100
    assert scored.keys() >= {"guide_s", "ours_s", "bare_s", "time_ratio"}
