"""Draws where a figure comes from: feed, drop, records and sign as a chain; and what has been corrected lately."""

from __future__ import annotations

from datetime import timedelta

from briefing.phrases import absent, value_text
from charts.markup import esc, link
from data.wording import number
from pages.parts.arrivals import feed_target
from pages.parts.context import Context
from pages.parts.periods import naive, period_name
from pages.parts.reading import Reading
from pages.parts.records import Record, Records, listed, plain
from pages.parts.signface import sample
from pages.parts.tables import section

DAYS = 7


def origin(context: Context, reading: Reading, records: Records, indicator: Record, sign: Record) -> str:
    """Return the chain from each feed over its newest drop to the sign, every link one click away."""
    words = context.words
    chains = []
    for feed in [feed for feed in listed(indicator["feed"]) if feed in records.feed_names]:
        drops = [row for row in plain(reading.frame("drops", feed=feed, language=words.language)) if row["state"] == "taken"]
        steps = [link(feed_target(context, feed), esc(records.feed_names[feed]), "step")]
        if drops:
            drop = drops[0]
            moment = naive(drop["arrived_at"])
            text = f"{words.day(moment)} {moment:%H:%M}"
            target = context.filters.target("feeds", drop=str(drop["drop"]), feed=feed, indicator="", entity="", grain="", view="")
            steps.append(link(target, f"{esc(text)}<br>{esc(words.say('sign.origin.rows', count=number(drop['accepted'] or 0)))}", "step"))
        chains.append(steps)
    figure = f"{esc(period_name(words, sign['grain'], sign['start']))}<br>{esc(sample(sign) or value_text(words, sign))}"
    end = f'<span class="step here">{figure}</span>'
    arrow = '<span class="arrow">→</span>'
    body = "".join(f'<div class="chain note">{arrow.join([*steps, end])}</div>' for steps in chains)
    facts = [words.say("sign.origin.version", version=sign["definition_version"])]
    if not absent(sign["coverage"]):
        facts.insert(0, words.say("sign.origin.coverage", share=number(100 * float(sign["coverage"]), 0)))
    if sign["vintage"]:
        facts.append(words.label("vintage", sign["vintage"]))
    facts.append(words.say("sign.origin.explain", code=f"explain {sign['indicator']} {sign['entity']} {sign['period']}"))
    return section(words.say("sign.origin.title"), words.say("sign.origin.note"), f'{body}<p class="note">{esc("；".join(facts))}</p>')


def corrections(context: Context, reading: Reading, records: Records, indicator: Record, sign: Record) -> str:
    """Return what drops of the last days have changed in the records that a sign rests on."""
    words = context.words
    since = naive(reading.as_of) - timedelta(days=DAYS)
    found = [
        row
        for feed in listed(indicator["feed"])
        if feed in records.feed_names
        for row in plain(reading.frame("drops", feed=feed, language=words.language))
        if row["is_correction"] and naive(row["arrived_at"]) >= since
    ]
    note = words.say("sign.corrections.count", days=DAYS, count=len(found))
    lines = [
        words.say("sign.corrections.one", day=words.day(naive(row["arrived_at"])), file=row["file"], count=number(row["revised"] or 0))
        for row in found[:2]
    ]
    if len(found) > len(lines):
        lines.append(words.say("sign.corrections.more", count=len(found) - len(lines)))
    lines.append(words.say(f"sign.corrections.{'provisional' if sign['vintage'] == 'provisional' else 'final'}"))
    return section(words.say("sign.corrections.title"), note, f'<p class="note" style="line-height:1.5">{esc("；".join(lines))}</p>')
