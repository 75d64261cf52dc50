"""The words the extractors know, as data: TOML and CSV files that a philologist can edit, read once."""

from __future__ import annotations

import csv
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def toml(name: str) -> dict[str, Any]:
    """The vocabulary file `name` (with its suffix, e.g. "months.toml")."""
    return tomllib.loads((files(__name__) / name).read_text(encoding="utf-8"))


@cache
def rows(name: str) -> tuple[dict[str, str], ...]:
    """The rows of the vocabulary file `name` (with its suffix, e.g. "settlements.csv")."""
    text = (files(__name__) / name).read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))
