"""Annotation back-ends: a pipeline by name, with the extractors behind it."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path

import spacy
from spacy.language import Language

from letopis.extract import EXTRACTORS

DEFAULT_MODEL = "letopis_bg"


def load_pipeline(model: str = DEFAULT_MODEL, exclude: Iterable[str] = ()) -> Language:
    """The spaCy pipeline that annotates and extracts; `findings(doc)` then holds what was found.

    `model` is a shipped pipeline (`letopis_bg`), a folder or any installed spaCy pipeline; `exclude` names
    extractors to leave out. Raises OSError if there is no such pipeline.
    """
    shipped = Path(str(files("letopis.models"))) / model
    nlp = spacy.load(shipped if shipped.is_dir() else model)
    for extractor in EXTRACTORS:
        if extractor not in exclude:
            nlp.add_pipe(extractor)
    return nlp
