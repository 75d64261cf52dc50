"""Letopis: Bulgarian event reports in, normalised tables out.

    >>> import letopis
    >>> tables = letopis.extract(["На 13 март 2015 г. в София се проведе клъстерна среща."])
    >>> tables.events[["type", "start", "city"]]

`extract` runs the whole way and returns typed pandas frames, `load` reads those of an earlier run, and
`load_pipeline` gives the spaCy pipeline to those who want the `Doc`. Heavy libraries load when first needed.
"""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from os import PathLike
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from letopis.annotate import load_pipeline
    from letopis.load_run import load
    from letopis.tabulate import Tables

__all__ = ["Tables", "extract", "load", "load_pipeline"]
LAZY = {"Tables": "tabulate", "load": "load_run", "load_pipeline": "annotate"}


def extract(
    inputs: Iterable[str | PathLike[str]],
    *,
    model: str = "letopis_bg",
    jobs: int = 1,
    exclude: Iterable[str] = (),
) -> Tables:
    """The tables of these reports: texts (strings) and paths (`pathlib.Path`) of files and folders.

    A text's source is `text-1`, `text-2` … by its place among the inputs. `model` names the annotation pipeline,
    `jobs` the worker processes (0: one a core), `exclude` the extractors to leave out. What cannot be read is a row
    of `.errors`, never an exception.
    """
    from letopis.read import Source, sources_of
    from letopis.run import extract_all
    from letopis.tabulate import tabulate

    if isinstance(inputs, (str, PathLike)):
        inputs = [inputs]
    given = list(inputs)
    texts = [Source(f"text-{n}", None, text) for n, text in enumerate(given, 1) if isinstance(text, str)]
    paths = [path for path in given if not isinstance(path, str)]
    return tabulate(extract_all([*texts, *sources_of(paths)], model, jobs, tuple(exclude)))


def __getattr__(name: str) -> Any:
    if name in LAZY:
        return getattr(import_module(f"letopis.{LAZY[name]}"), name)
    raise AttributeError(f"module 'letopis' has no attribute {name!r}")
