"""The files of a run back to the frames they were written from."""

from __future__ import annotations

import json
from os import PathLike
from pathlib import Path
from typing import Any

import pandas as pd

from letopis.schema import ENTITY_TABLES, NESTED_TABLES, TABLES, columns
from letopis.tabulate import Tables, frame_of


def load(folder: str | PathLike[str]) -> Tables:
    """The tables of a run, read from its CSV files or else from reports.jsonl, without losing a type.

    The texts are there if reports.jsonl is. Raises FileNotFoundError if the folder holds no run.
    """
    folder = Path(folder)
    records = read_records(folder / "reports.jsonl")
    if (folder / "reports.csv").exists():
        frames = {table: read_table(folder / f"{table}.csv", table) for table in TABLES}
    elif records is not None:
        frames = frames_of(records) | {"errors": read_table(folder / "errors.csv", "errors")}
    else:
        raise FileNotFoundError(f"{folder} holds no run: neither reports.csv nor reports.jsonl is there")
    return Tables(**frames, texts={record["report_id"]: record["text"] for record in records or []})


def read_table(path: Path, table: str) -> pd.DataFrame:
    """One CSV file as a frame of the schema's dtypes; only the empty cell is unknown."""
    cells = pd.read_csv(path, dtype="string", keep_default_na=False, na_values=[""], encoding="utf-8")
    if list(cells.columns) != columns(table):
        raise ValueError(f"{path} has not the columns of the table {table!r}: was it changed by another program?")
    return frame_of(table, cells.to_dict("records"))


def read_records(path: Path) -> list[dict[str, Any]] | None:
    if not path.exists():
        return None
    with path.open(encoding="utf-8", errors="surrogatepass", newline="\n") as file:
        return [json.loads(line) for line in file]


def frames_of(records: list[dict[str, Any]]) -> dict[str, pd.DataFrame]:
    """The frames of all tables but `errors` from nested records."""
    rows: dict[str, list[dict[str, Any]]] = {"reports": [{c: r[c] for c in columns("reports")} for r in records]}
    for table in NESTED_TABLES:
        rows[table] = [row for record in records for row in record[table]]
    for table in ENTITY_TABLES:
        distinct = {row[columns(table)[0]]: row for record in records for row in record[table]}
        rows[table] = sorted(distinct.values(), key=lambda row: (row["name"], row[columns(table)[0]]))
    return {table: frame_of(table, table_rows) for table, table_rows in rows.items()}
