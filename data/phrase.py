"""What was found and what was wanted, as a code of a closed list with its values: never prose.

Logic speaks in phrases; `data.wording.told` puts them into the reader's language. A phrase is kept as one compact text,
such as `["between","0","100","mm"]`, and reads back as the same phrase.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Self

_MARK = '["'
# Slots that take all values of their phrase, however many there are; `says` takes a text in Chinese and one in English.
MANY = frozenset({"choices", "headings", "patterns", "says"})


class Noun(StrEnum):
    """What can be counted in a drop."""

    BYTES = "bytes"
    CELLS = "cells"
    CHARACTERS = "characters"
    FILES = "files"
    ROWS = "rows"
    FAULTY_ROWS = "faulty_rows"
    REPEATS = "repeats"
    FOLDS = "folds"


class Says(StrEnum):
    """What a phrase can say: its code, then the slots that its values fill, which its sentences name too."""

    slots: tuple[str, ...]

    def __new__(cls, code: str, *slots: str) -> Self:
        """Keep the slots beside the code."""
        member = str.__new__(cls, code)
        member._value_ = code
        member.slots = slots
        return member

    AS_WRITTEN = "as_written", "text"
    COUNT = "count", "n", "noun"
    MORE_THAN_COUNT = "more_than_count", "n", "noun"
    AT_MOST_COUNT = "at_most_count", "n", "noun"

    NUMBER = "number"
    NUMBER_IN = "number_in", "unit"
    WHOLE_NUMBER = "whole_number"
    WHOLE_NUMBER_IN = "whole_number_in", "unit"
    DECIMALS = "decimals", "n"
    DECIMALS_IN = "decimals_in", "n", "unit"
    LENGTH = "length"
    DATE = "date"
    DATE_OR = "date_or", "choices"
    TIMESTAMP = "timestamp"
    NO_NUL = "no_nul"
    ONE_OF = "one_of", "choices"
    BETWEEN = "between", "low", "high", "unit"
    AT_LEAST = "at_least", "low", "unit"
    AT_MOST = "at_most", "high", "unit"
    NO_LATER_THAN = "no_later_than", "moment"
    REGISTERED = "registered", "kind"
    REGISTERED_ON = "registered_on", "kind", "day"
    OUTLINE = "outline"
    PART_OF_KEY = "part_of_key"
    CORRECTED_WITHIN = "corrected_within", "n"
    ONE_ROW_PER_KEY = "one_row_per_key"
    RULE = "rule", "says"

    NO_ROWS = "no_rows"
    HEADER_AND_ROWS = "header_and_rows"
    NO_HEADER = "no_header"
    HEADINGS = "headings", "headings"
    HEADING_TWICE = "heading_twice", "heading"
    HEADING_ONCE = "heading_once", "heading"
    HEADINGS_OF = "headings_of", "feed"
    NO_TEXT_FILE = "no_text_file"
    TEXT_FILE = "text_file"
    NO_WORKBOOK = "no_workbook"
    WORKBOOK = "workbook"
    UNREADABLE = "unreadable"
    WHOLE_FILE = "whole_file"
    NO_ENCODING = "no_encoding"
    ANY_ENCODING = "any_encoding"
    NOT_ENCODED = "not_encoded", "encoding"
    ENCODED = "encoded", "encoding"
    GARBLED = "garbled"
    UNGARBLED = "ungarbled"
    NO_JSON = "no_json"
    NO_RECORDS = "no_records"
    RECORDS = "records"
    NO_PARQUET = "no_parquet"
    PARQUET = "parquet"
    ONE_VALUE = "one_value"
    FAR_CELL = "far_cell", "row", "column"
    NO_TITLE = "no_title"
    NAMED_LIKE = "named_like", "patterns"
    PLAIN_NAME = "plain_name"
    INNER_NAME = "inner_name"
    ANY_FILE = "any_file"
    FEED_FOLDER = "feed_folder", "choices"
    ZERO_REPORT = "zero_report"
    ROWS_OF_READINGS = "rows_of_readings"


@dataclass(frozen=True, slots=True, init=False)
class Phrase:
    """A code with its values."""

    code: Says
    values: tuple[str, ...]

    def __init__(self, code: Says, *values: object) -> None:
        """Raise ValueError for a code outside the closed list, or values that do not fill its slots."""
        said, texts = Says(code), tuple(str(value) for value in values)
        many = MANY.intersection(said.slots)
        if len(texts) != (2 if "says" in many else len(said.slots)) and many <= {"says"}:
            msg = f"{said} takes {', '.join(said.slots) or 'no values'}, not {texts}"
            raise ValueError(msg)
        object.__setattr__(self, "code", said)
        object.__setattr__(self, "values", texts)

    @property
    def kept(self) -> str:
        """The text that tables hold."""
        return _kept(self.code, self.values)


@lru_cache(maxsize=4096)  # many rows of a drop are faulty in the same way; most phrases are never said
def _kept(code: Says, values: tuple[str, ...]) -> str:
    return json.dumps([code.value, *values], ensure_ascii=False, separators=(",", ":"))


def kept(found: Phrase | str) -> str:
    """Return what tables hold: a phrase, or text as it stood in the file, which must not pass for a phrase."""
    if isinstance(found, Phrase):
        return found.kept
    return Phrase(Says.AS_WRITTEN, found).kept if found.startswith(_MARK) else found


def read_phrase(text: str) -> Phrase | None:
    """Return the phrase that was kept as `text`, or None where it is the text of a file and stands for itself."""
    if not text.startswith(_MARK):
        return None
    try:
        code, *values = json.loads(text)
        return Phrase(code, *values)
    except (ValueError, TypeError):
        return None  # kept by another version of the list: shown as it is, so that it is seen
