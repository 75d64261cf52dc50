"""One report in the terminal: its text with the mentions coloured by kind, then its tables."""

from __future__ import annotations

import pandas as pd
from rich.console import Console
from rich.table import Table
from rich.text import Text

from letopis.schema import TABLES
from letopis.tabulate import Tables

STYLES = {
    "person": "bold green", "organization": "bold blue", "place": "bold magenta", "date": "bold yellow",
    "quantity": "bold red", "event": "underline", "role": "cyan", "talk": "italic", "topic": "dim italic",
}  # fmt: skip
HIDDEN = (
    "report_id",
    "sha256",
    "start_char",
    "end_char",
    "event_id",
    "date_id",
    "role_id",
    "talk_id",
    "topic_id",
)


def show(tables: Tables, console: Console) -> None:
    """Print the texts with their mentions and all tables but `mentions`; ids of entities give way to names."""
    for report_id, text in tables.texts.items():
        console.print(coloured(text, tables.mentions[tables.mentions.report_id == report_id]))
        console.print()
    console.print(Text.assemble(*((f" {kind} ", style) for kind, style in STYLES.items())))
    names = entity_names(tables)
    for name, frame in tables.items():
        if len(frame) and name != "mentions":
            console.print(readable(name, frame, names))


def coloured(text: str, mentions: pd.DataFrame) -> Text:
    styled = Text(text)
    wide_first = mentions.assign(width=mentions.end_char - mentions.start_char).sort_values("width", ascending=False)
    for mention in wide_first.itertuples():
        styled.stylize(STYLES[str(mention.kind)], int(str(mention.start_char)), int(str(mention.end_char)))
    return styled


def entity_names(tables: Tables) -> dict[str, str]:
    return {
        str(row[0]): str(row[1])
        for table in ("persons", "organizations", "places")
        for row in tables[table].itertuples(index=False)
    }


def readable(name: str, frame: pd.DataFrame, names: dict[str, str]) -> Table:
    """The table without technical columns and without those that are empty throughout."""
    own_id = next(iter(TABLES[name].model_fields))
    shown = [c for c in frame.columns if c not in HIDDEN and c != own_id and frame[c].notna().any()]
    table = Table(title=f"{name} ({len(frame)})", title_justify="left")
    for column in shown:
        table.add_column(column.removesuffix("_id"), overflow="fold")
    for row in frame[shown].itertuples(index=False):
        table.add_row(*(cell_text(value, names) for value in row))
    return table


def cell_text(value: object, names: dict[str, str]) -> str:
    if pd.isna(value):
        return ""
    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m-%d}"
    return names.get(str(value), str(value))
