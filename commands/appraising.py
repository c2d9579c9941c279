"""The verb that appraises a table which no feed delivers: a yearly appraisal, or a study."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from commands.options import CityOption, JsonOption, LangOption, settings_of
from commands.terminal import Language, WrongUseError, speaking

if TYPE_CHECKING:
    from pandas import DataFrame

app = typer.Typer(add_completion=False)


@app.command()
def appraise(
    table: Path,
    scheme: Annotated[Path, typer.Option(help="The study: which columns count, and by which methods.")],
    out: Annotated[Path | None, typer.Option(help="Write the result here: .csv, .xlsx or .json.")] = None,
    city: CityOption = None,
    lang: LangOption = Language.ZH,
    *,
    sensitivity: Annotated[
        bool, typer.Option("--sensitivity", help="Which choice the ranks depend on, of those that the study varies.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Score and rank the rows of a table (CSV or workbook) by a study; the same engine as the scores of the city."""
    from briefing.facts import fact
    from data.validation import validate
    from data.yamlfile import read_yaml
    from indicators.evaluation.appraisal import AppraisalError
    from indicators.evaluation.appraisal import appraise as work
    from indicators.evaluation.study import Study
    from indicators.evaluation.varied import study_sensitivity

    settings = settings_of(city, None)
    with speaking(lang, settings) as voice:
        for path in (table, scheme):
            if not path.is_file():
                raise WrongUseError("no_file", file=path)
        study = validate(Study, read_yaml(scheme.resolve(), scheme.resolve().parent))
        try:
            found = (study_sensitivity if sensitivity else work)(study, _read(table))
        except AppraisalError as error:
            raise WrongUseError("appraisal", file=table.name, wanted=error) from None
        if out:
            _write(found, out)
            voice.say("written", file=out, rows=len(found))
        else:
            voice.show("varied" if sensitivity else "appraisal", [fact(row, None) for row in found.to_dict("records")], as_json=as_json)


def _read(path: Path) -> DataFrame:
    """Return the table as it stands: a workbook's first sheet, or CSV in UTF-8 or GB18030."""
    import pandas as pd

    if path.suffix.lower() in {".xlsx", ".xls", ".ods"}:
        return pd.read_excel(path, engine="calamine")
    try:
        return pd.read_csv(path, encoding="utf-8-sig", dtype=str)
    except UnicodeDecodeError:
        return pd.read_csv(path, encoding="gb18030", dtype=str)


def _write(found: DataFrame, path: Path) -> None:
    """Write the result in the form that the name asks for; raises WrongUseError for another."""
    match path.suffix.lower():
        case ".csv":
            found.to_csv(path, index=False, encoding="utf-8-sig")
        case ".xlsx":
            found.to_excel(path, index=False, engine="xlsxwriter")
        case ".json":
            path.write_text(json.dumps(json.loads(found.to_json(orient="records")), ensure_ascii=False, indent=1), encoding="utf-8")
        case _:
            raise WrongUseError("bad_form", file=path.name)
