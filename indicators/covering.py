"""Says how much of a period has been spoken for, of each entity: the share of its days that drops cover.

Where each entity of a kind owes its share of a delivery (sub-districts, say), a day counts for those whose share came, and
for the areas in and around them; what such an entity has nothing to do with is spoken for as much as the whole.
"""

from __future__ import annotations

import duckdb

UNHEARD = "unheard"  # reason: nobody who owes a share of the period has sent it


def lay_covered(con: duckdb.DuckDBPyConnection) -> None:
    """Lay the temporary tables `covered` (feed, table, day), `heard` (also entities, empty for everybody) and `watermarks`.

    `watermarks` holds the first covered time of each table and the end of the last one.
    """
    con.execute("""
        CREATE OR REPLACE TEMP TABLE heard AS
        SELECT DISTINCT feed, "table", day::DATE AS day, entities FROM (
          SELECT feed, "table", entities,
                 unnest(generate_series(date_trunc('day', covers_from), covers_to - INTERVAL 1 SECOND, INTERVAL 1 DAY)) AS day
          FROM coverage)""")
    con.execute('CREATE OR REPLACE TEMP TABLE covered AS SELECT DISTINCT feed, "table", day FROM heard')
    con.execute("""
        CREATE OR REPLACE TEMP TABLE watermarks AS
        SELECT feed, "table", min(covers_from) AS first, max(covers_to) AS watermark FROM coverage GROUP BY ALL""")


def cover(feed: str, name: str, each: str) -> str:
    """Return SQL of entity, start and covered (0 to 1) over `spine` and `targets`; `each` is the kind whose entities owe a share."""
    days = "greatest(1, date_diff('day', t.start::DATE, t.finish::DATE))"
    within = f"""h.feed = '{feed}' AND h."table" = '{name}' AND h.day >= t.start::DATE AND (h.day < t.finish OR h.day = t.start::DATE)"""
    whole = f"""
        SELECT t.start, least(1.0, count(h.day) / {days}) AS covered
        FROM targets t LEFT JOIN covered h ON {within} GROUP BY t.start, t.finish"""
    if not each:
        return f"SELECT s.entity, s.start, w.covered FROM spine s JOIN ({whole}) w USING (start)"
    alive = "t.start::DATE <= last AND t.finish > first"
    return f"""
        WITH speakers AS (SELECT DISTINCT entity AS speaker, first, last FROM rollup WHERE entity_kind = '{each}' AND NOT is_unassigned),
        voices AS (
          SELECT r.entity, s.* FROM rollup r JOIN speakers s ON s.speaker = r.leaf
          UNION SELECT r.leaf, s.* FROM rollup r JOIN speakers s ON s.speaker = r.entity WHERE r.entity_kind = '{each}'),
        told AS (
          SELECT DISTINCT t.start, t.finish, s.speaker, h.day FROM targets t JOIN heard h ON {within}
          JOIN speakers s ON len(h.entities) = 0 OR list_contains(h.entities, s.speaker)),
        days AS (SELECT start, speaker, count(*) / {days.replace("t.", "")} AS covered FROM told GROUP BY start, finish, speaker),
        shares AS (
          SELECT v.entity, t.start, avg(least(1.0, coalesce(d.covered, 0))) AS covered
          FROM voices v JOIN targets t ON {alive} LEFT JOIN days d USING (start, speaker) GROUP BY ALL),
        whole AS (
          SELECT t.start, avg(least(1.0, coalesce(d.covered, 0))) AS covered
          FROM speakers JOIN targets t ON {alive} LEFT JOIN days d USING (start, speaker) GROUP BY ALL)
        SELECT s.entity, s.start, coalesce(h.covered, w.covered, 0) AS covered
        FROM spine s LEFT JOIN shares h USING (entity, start) LEFT JOIN whole w USING (start)"""
