"""Names the two directories that everything else is given: the city's and the run-time one.

It reads no environment variable: `app.py` and `cli.py` do that and pass a `Settings` down.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Settings:
    """`city_dir` holds definitions and reference tables (read only); `var_dir` holds what running makes.

    `desk_url` leads to a PostgreSQL database for what people do; without it that is a file of `var_dir`. It may hold a password.
    """

    city_dir: Path
    var_dir: Path
    desk_url: str = field(default="", repr=False)

    @property
    def city_file(self) -> Path:
        """The city's own description."""
        return self.city_dir / "data" / "city.yaml"

    @property
    def feeds_dir(self) -> Path:
        """One contract (YAML) per feed."""
        return self.city_dir / "data" / "feeds"

    @property
    def catalogue_dir(self) -> Path:
        """Indicator definitions, one file per domain."""
        return self.city_dir / "indicators" / "catalogue"

    @property
    def rules_dir(self) -> Path:
        """The alert rules."""
        return self.city_dir / "indicators" / "rules"

    @property
    def schemes_dir(self) -> Path:
        """Evaluation schemes, one file each."""
        return self.city_dir / "indicators" / "schemes"

    @property
    def inbox(self) -> Path:
        """Drops arrive in `inbox/<feed>/`."""
        return self.var_dir / "inbox"

    @property
    def archive(self) -> Path:
        """Every drop byte for byte under its sha256, beside the journal."""
        return self.var_dir / "archive"

    @property
    def journal(self) -> Path:
        """One line per arrival and per refresh: the source of truth."""
        return self.archive / "journal.jsonl"

    @property
    def adopted_file(self) -> Path:
        """What was adopted at the desk at the last refresh, for while the desk is away."""
        return self.archive / "adopted.json"

    @property
    def refused(self) -> Path:
        """Drops that could not be taken in, each with its reason beside it."""
        return self.var_dir / "refused"

    @property
    def returns(self) -> Path:
        """Workbooks of faulty rows for the departments to correct, one a drop."""
        return self.var_dir / "returns"

    @property
    def records(self) -> Path:
        """Accepted and quarantined rows as immutable Parquet parts."""
        return self.var_dir / "records"

    @property
    def warehouse(self) -> Path:
        """The writer's own database: only a refresh opens it."""
        return self.var_dir / "warehouse.duckdb"

    @property
    def parts(self) -> Path:
        """Immutable published parts, named by their content hash."""
        return self.var_dir / "parts"

    @property
    def snapshots(self) -> Path:
        """One manifest per publication and the pointer `current.json`."""
        return self.var_dir / "snapshots"

    @property
    def desk_file(self) -> Path:
        """What people do, where no `desk_url` leads elsewhere."""
        return self.var_dir / "desk.sqlite"

    @property
    def desk_terms_file(self) -> Path:
        """How a city handles its alerts."""
        return self.city_dir / "data" / "desk.yaml"

    @property
    def telling_file(self) -> Path:
        """Whom a city tells of what."""
        return self.city_dir / "data" / "telling.yaml"

    @property
    def briefings(self) -> Path:
        """What was issued, a folder each."""
        return self.var_dir / "briefings"

    @property
    def lock(self) -> Path:
        """Held by the one refresh that may run."""
        return self.var_dir / "refresh.lock"
