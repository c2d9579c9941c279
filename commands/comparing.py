"""The verb that compares two briefings of the register: which figures changed, and what the text says otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from commands.briefing import again, one_of, refusals_told
from commands.options import CityOption, JsonOption, LangOption, VarOption, settings_of
from commands.terminal import Language, Voice, WrongUseError, put, speaking

if TYPE_CHECKING:
    from briefing.document.comparing import Comparison, FigureChange
    from briefing.document.figure_names import FigureNames
    from data.settings import Settings


def compare(
    before: int,
    after: int,
    city: CityOption = None,
    var: VarOption = None,
    lang: LangOption = Language.ZH,
    *,
    as_json: JsonOption = False,
) -> None:
    """Say what two issues of the same kind say differently: figures with both values, snapshots and versions, then the text by section."""
    from briefing.document.comparing import UnlikeError, compared

    settings = settings_of(city, var)
    with speaking(lang, settings) as voice, refusals_told(voice):
        old, new = (again(settings, one_of(settings, number)) for number in (before, after))
        try:
            told = compared(old, new)
        except UnlikeError:
            raise WrongUseError("unlike", before=before, after=after) from None
        names = _names(settings, told, voice)
        rows = [_row(one, told, names) for one in told.figures]
        texts = [{"section": one.key, "title": one.title, "gone": one.gone, "came": one.came} for one in told.sections]
        if as_json:
            voice.show("compared", [{"what": "figure"} | row for row in rows] + [{"what": "text"} | text for text in texts], as_json=True)
            return
        facts = {"before": before, "after": after, "snapshot_before": old.snapshot, "snapshot": new.snapshot}
        voice.say("compared", **facts, same=told.same, changed=len(rows))
        if rows:
            none = voice.words.say("briefs.not_there")
            said = [row | {key: row[key] or none for key in ("before", "after")} for row in rows]
            voice.show("compared", said, as_json=False)
        for text in texts:
            put(["", str(text["title"]) or voice.words.say("briefs.lead")])
            put([f"  - {line}" for line in text["gone"]] + [f"  + {line}" for line in text["came"]])
            if not text["gone"] and not text["came"]:
                put(["  " + voice.words.say("briefs.text_same")])


def _row(one: FigureChange, told: Comparison, names: FigureNames) -> dict[str, Any]:
    """Return a changed figure as facts; null where an issue does not print it."""
    figure, then, now = one.one, one.before, one.after
    return {
        "section": one.section, "figure": names.of(figure), "of": figure.what, "field": figure.field, "indicator": figure.indicator or None,
        "entity": figure.entity or None, "before": then.text if then else None, "after": now.text if now else None,
        "period_before": (then.period if then else "") or None, "period": (now.period if now else "") or None,
        "version_before": (then.version if then else 0) or None, "version": (now.version if now else 0) or None,
        "snapshot_before": told.before.snapshot, "snapshot": told.after.snapshot,
    }  # fmt: skip


def _names(settings: Settings, told: Comparison, voice: Voice) -> FigureNames:
    """Return the names of the newer issue's snapshot."""
    from briefing.document.figure_names import FigureNames
    from briefing.facts import plain
    from data import readings, scored
    from data.snapshots import open_snapshot

    snapshot = open_snapshot(settings, told.after.snapshot)
    indicators, schemes = readings.indicators(settings, snapshot), scored.schemes(settings, snapshot)
    entities = readings.entities(settings, snapshot)
    return FigureNames(
        voice.words, {row["indicator"]: row for row in plain(indicators)}, {row["scheme"]: row for row in plain(schemes)},
        {row["entity"]: row for row in plain(entities)}, tuple(snapshot.city["areas"]),
    )  # fmt: skip
