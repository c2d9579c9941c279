"""The rules that speak, and what goes on of those that have been changed or taken away.

An alert goes on under the version of the rule that raised it until it ends. A changed rule says of the past only what is so now.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

import duckdb

from indicators.rule import Rule


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules that speak, and older versions of them whose open alerts go on, by digest; `new` replace a rule that has spoken."""

    now: dict[str, Rule]
    older: dict[str, Rule]
    new: frozenset[str]

    @property
    def every(self) -> dict[str, Rule]:
        """All of them by digest."""
        return self.older | self.now


def rules_in_force(con: duckdb.DuckDBPyConnection, speaking: Iterable[Rule]) -> Rules:
    """Return the rules by digest, and note those that are new; what was computed by one that is no more goes, but not what it said."""
    now = {rule.digest: rule for rule in speaking}
    known = dict(con.execute("SELECT digest, spec FROM rule_versions").fetchall())
    judged = set(con.execute("SELECT DISTINCT rule, digest FROM judged").fetchall())
    spoken = {rule for rule, _ in judged}
    for digest, rule in now.items():
        if digest not in known:
            con.execute("INSERT INTO rule_versions VALUES (?, ?, ?, ?)", [digest, rule.rule, rule.version, rule.model_dump_json()])
    carried = {one for (one,) in con.execute("SELECT DISTINCT digest FROM standing WHERE track = 'said'").fetchall()}
    older = {digest: Rule.model_validate(json.loads(known[digest])) for digest in sorted(carried - now.keys())}
    for table in ("timeline", "judged"):
        con.execute(f"DELETE FROM {table} WHERE NOT list_contains(?::VARCHAR[], digest)", [list(now)])
    con.execute("DELETE FROM standing WHERE track = 'known' AND NOT list_contains(?::VARCHAR[], digest)", [list(now)])
    new = frozenset(digest for digest, rule in now.items() if rule.rule in spoken and (rule.rule, digest) not in judged)
    return Rules(now, older, new)
