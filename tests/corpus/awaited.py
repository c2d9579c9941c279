"""Cases that the policy decides and the product does not yet: each fails strictly, so that whoever mends one must strike it here."""

from __future__ import annotations

AWAITED = {
    "bomb_ods_of_cells": "refused as CORRUPT by the reader before the count of cells is looked at",
    "xls_only_its_mark": "eight bytes are no workbook; told as unsupported, not as broken",
    "unclosed_quote_in_the_middle": "the rows behind the quote are saved, the row with it is kept as it stands",
    "unclosed_quote_in_the_last_cell": "the rows behind the quote are saved, the row with it is kept as it stands",
    "an_xls_with_a_plain_number_1904": "the date mode of the old format is not read",
    "records_that_share_no_key": "refused as too large: as a table its records would be a hundred times their size",
}
