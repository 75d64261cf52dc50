"""Annotation back-ends: a pipeline by name, with the extractors behind it."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path

import spacy
from spacy.language import Language
from spacy.util import is_package

import letopis.sentences
import letopis.tokenizer  # noqa: F401  both register what a saved pipeline names
from letopis.extractors import EXTRACTORS

DEFAULT_MODEL = "letopis_bg"


def load_pipeline(model: str = DEFAULT_MODEL, exclude: Iterable[str] = ()) -> Language:
    """The spaCy pipeline that annotates and extracts; `findings(doc)` then holds what was found.

    `model` is a shipped pipeline (`letopis_bg`), a folder or any installed spaCy pipeline; `exclude` names
    extractors to leave out. Raises OSError if there is no such pipeline.
    """
    nlp = spacy.load(model_path(model))
    for extractor in EXTRACTORS:
        if extractor not in exclude:
            nlp.add_pipe(extractor)
    return nlp


def model_path(model: str) -> str | Path:
    """Where the pipeline `model` lies: a shipped one, a folder, or the name of an installed spaCy package.

    Raises OSError if there is none.
    """
    shipped = Path(str(files("letopis.models"))) / model
    if (shipped / "meta.json").is_file():
        return shipped
    if (Path(model) / "meta.json").is_file():
        return Path(model)
    if is_package(model):
        return model
    raise OSError(f"no pipeline {model!r}: neither shipped, nor a folder with a meta.json, nor installed")
