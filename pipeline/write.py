"""Tables to files: CSV, JSON lines and the descriptors that say what they hold. Nothing is left half written."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TextIO

import pandas as pd

from letopis.schema import (
    ENTITY_TABLES,
    NESTED_TABLES,
    ReportRecord,
    columns,
    data_package,
    json_schema,
    value_type,
)
from letopis.tabulate import Tables

FORMATS = ("csv", "json")


def write(tables: Tables, folder: Path, formats: Iterable[str] = FORMATS) -> list[Path]:
    """Write `tables` to `folder` and return the paths of the files.

    `csv`: one file a table, with datapackage.json; `json`: reports.jsonl, one report a line, with its JSON
    Schema. errors.csv is always written. Each file appears whole or not at all.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    if "csv" in formats:
        written += [write_csv(frame, folder / f"{name}.csv") for name, frame in tables.items()]
        counts = {name: len(frame) for name, frame in tables.items()}
        written.append(write_json(data_package(counts), folder / "datapackage.json"))
    else:
        written.append(write_csv(tables.errors, folder / "errors.csv"))
    if "json" in formats:
        written.append(write_whole(folder / "reports.jsonl", lambda file: file.writelines(json_lines(tables))))
        written.append(write_json(json_schema(), folder / "reports.schema.json"))
    return written


def write_csv(frame: pd.DataFrame, path: Path) -> Path:
    return write_whole(path, lambda file: frame.to_csv(file, index=False, lineterminator="\n", date_format="%Y-%m-%d"))


def write_json(content: dict[str, Any], path: Path) -> Path:
    return write_whole(path, lambda file: file.write(json.dumps(content, ensure_ascii=False, indent=2) + "\n"))


def write_whole(path: Path, write_to: Callable[[TextIO], object]) -> Path:
    """Write to a temporary neighbour of `path`, then put it in its place in one step."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with open(handle, "w", encoding="utf-8", errors="surrogatepass", newline="") as file:
            write_to(file)
        os.chmod(temporary, 0o666 & ~umask())
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise
    return path


def umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current


def json_lines(tables: Tables) -> Iterable[str]:
    """The lines of reports.jsonl: one nested record a report."""
    grouped = {name: rows_by_report(tables[name], name) for name in NESTED_TABLES}
    entities = {name: {row[columns(name)[0]]: row for row in rows_of(tables[name], name)} for name in ENTITY_TABLES}
    for report in rows_of(tables.reports, "reports"):
        key = report["report_id"]
        nested = {name: grouped[name].get(key, []) for name in NESTED_TABLES}
        mentioned = dict.fromkeys(mention["entity_id"] for mention in nested["mentions"])
        nested |= {name: [rows[each] for each in mentioned if each in rows] for name, rows in entities.items()}
        record = report | {"text": tables.texts[key]} | nested
        yield (json.dumps({name: record[name] for name in ReportRecord.model_fields}, ensure_ascii=False) + "\n")


def rows_by_report(frame: pd.DataFrame, table: str) -> dict[str, list[dict[str, Any]]]:
    grouped: dict[str, list[dict[str, Any]]] = {}
    for row in rows_of(frame, table):
        grouped.setdefault(row["report_id"], []).append(row)
    return grouped


def rows_of(frame: pd.DataFrame, table: str) -> list[dict[str, Any]]:
    """The rows as JSON values: dates in ISO 8601, unknown as null."""
    plain = {}
    for column in columns(table):
        values = frame[column]
        if value_type(table, column).__name__ == "date":
            values = values.dt.strftime("%Y-%m-%d")
        plain[column] = values.astype(object).where(values.notna(), None).tolist()
    return [dict(zip(plain, row, strict=True)) for row in zip(*plain.values(), strict=True)]
