"""Gathers the figures that a page shows as one table to take away, as its reader may see them. It draws nothing."""

from __future__ import annotations

import pandas as pd

from briefing.due import due_text
from pages.parts.context import Context
from pages.parts.evaluated import evaluated
from pages.parts.export import headed, latest_rows, sign_rows
from pages.parts.filters import HOME, choose
from pages.parts.history import history
from pages.parts.locality import locality
from pages.parts.periods import period_name
from pages.parts.picker import choice
from pages.parts.queue import place_name, sign_name, unit_name
from pages.parts.reading import Reading
from pages.parts.records import Records
from pages.parts.themed import themed
from pages.parts.units import KEY, Units
from pages.parts.worklist import VIEWS, worklist

NOTHING = pd.DataFrame()


def taken(context: Context, reading: Reading) -> pd.DataFrame:
    """Return the table of the present page with headings in the reader's language, empty where it has none.

    Raises DeskUnavailableError for pages of alerts.
    """
    records = Records(reading, context.words)
    if not records.catalogue:
        return NOTHING
    match context.page:
        case page if page == HOME:
            return latest_rows(context.words, records, records.whole)
        case "sign":
            chosen = choice(context, records)
            return sign_rows(context.words, records, history(reading, chosen), chosen.indicator)
        case "area":
            local = locality(context, reading, records)
            return latest_rows(context.words, records, local.signs) if local else NOTHING
        case "hotline" | "economy":
            theme = themed(context, reading, context.page)
            return latest_rows(context.words, records, theme.signs) if theme else NOTHING
        case "evaluation":
            return _scores(context, reading, records)
        case "alerts":
            return _alerts(context, reading, records)
        case "units":
            return _units(context, reading, records)
    return NOTHING


def _scores(context: Context, reading: Reading, records: Records) -> pd.DataFrame:
    """Return every part of every score of the scheme and period."""
    of, words = evaluated(context, reading, records), context.words
    if of is None:
        return NOTHING
    rows = [
        {
            "area": records.entity_name(row), "period": period_name(words, row["grain"], row["start"]), "part": of.node_name(row["node"]),
            "score": row["score"], "rank": row["rank"], "coverage": row["coverage"],
        }
        for row in of.rows
    ]  # fmt: skip
    return headed(words, rows)


def _alerts(context: Context, reading: Reading, records: Records) -> pd.DataFrame:
    """Return the whole queue of the view, not only the rows that a screen holds."""
    of, words = worklist(context, reading), context.words
    rows = [
        {
            "alert": row["alert"], "level": words.label("level", row["handled_level"]), "name": sign_name(of, records, row),
            "area": place_name(records, row), "text": row["text"] or words.say("value.none"), "unit": unit_name(of, row),
            "stage": words.label("handling", row["handling"]), "due": due_text(words, row),
        }
        for row in of.shown(choose(context.filters.view, VIEWS, VIEWS[0])[0])
    ]  # fmt: skip
    return headed(words, rows)


def _units(context: Context, reading: Reading, records: Records) -> pd.DataFrame:
    """Return what each unit was due, did in time, and has open."""
    of = Units(worklist(context, reading), records)
    rows = []
    for code in of.codes:
        row = of.of(code, KEY)
        share = None if row is None else round(100 * float(row["value"]), 2)
        rows.append(
            {"unit": of.name(code), "was_due": of.due(code), "in_time": share, "open": len(of.open(code)), "overdue": of.overdue(code)}
        )
    return headed(context.words, rows)
