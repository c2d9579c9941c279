"""The closed lists of codes by which a drop, a file or a row is told what became of it (feeds policy F3, R1-R6).

The order of `RowReason` is the order of precedence: a row with several faults counts under the first.
"""

from __future__ import annotations

from enum import StrEnum

from data.phrase import Phrase, kept


class DropState(StrEnum):
    """What became of a drop."""

    TAKEN = "taken"
    DUPLICATE = "duplicate"
    REFUSED = "refused"
    WAITING = "waiting"


class FileReason(StrEnum):
    """Why a whole file was refused; it then changes nothing in the data."""

    EMPTY = "EMPTY"
    CORRUPT = "CORRUPT"
    TOO_LARGE = "TOO_LARGE"
    UNSUPPORTED_TYPE = "UNSUPPORTED_TYPE"
    BAD_NAME = "BAD_NAME"
    UNKNOWN_FEED = "UNKNOWN_FEED"
    ENCODING = "ENCODING"
    SCHEMA = "SCHEMA"
    WRONG_FEED = "WRONG_FEED"


class RowReason(StrEnum):
    """Why a row was quarantined."""

    COLUMN_COUNT = "COLUMN_COUNT"
    MISSING_KEY = "MISSING_KEY"
    BAD_CHAR = "BAD_CHAR"
    FIELD_TOO_LONG = "FIELD_TOO_LONG"
    BAD_JSON = "BAD_JSON"
    BAD_TYPE = "BAD_TYPE"
    BAD_NUMBER = "BAD_NUMBER"
    BAD_DATE = "BAD_DATE"
    FUTURE_DATE = "FUTURE_DATE"
    BAD_VALUE = "BAD_VALUE"
    UNKNOWN_UNIT = "UNKNOWN_UNIT"
    OUT_OF_RANGE = "OUT_OF_RANGE"
    INCONSISTENT = "INCONSISTENT"
    DUPLICATE_CONFLICT = "DUPLICATE_CONFLICT"


class RefusedError(Exception):
    """Raised by a stage that cannot take a file in; carries the reason, what was found and what was wanted."""

    def __init__(self, reason: FileReason, found: Phrase | str, wanted: Phrase) -> None:
        """Keep the three parts of the sentence; a text that was found stands for itself."""
        self.reason, self.found, self.wanted = reason, found, wanted
        super().__init__(f"{reason}: found {kept(found)}, wanted {wanted.kept}")
