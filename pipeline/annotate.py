"""Annotation back-ends: a pipeline by name, with the extractors behind it.

A back-end is a spaCy `Language` that gives sentences, tags, lemmas, a parse and names; which one ran, the extractors
do not know.
"""

from __future__ import annotations

from collections.abc import Iterable
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path

import spacy
from spacy.language import Language
from spacy.tokens import Doc, Span
from spacy.util import is_package

import letopis.sentences
import letopis.tokenizer  # noqa: F401  both register what a saved pipeline names
from letopis.extractors import EXTRACTORS

DEFAULT_MODEL = "letopis_bg"
SHIPPED = (DEFAULT_MODEL, "letopis_bg_sm")
STANZA = "stanza"
# Types of names elsewhere (OntoNotes, BSNLP) that are ours under another name.
LABELS = {
    "PERSON": "PER", "ORGANIZATION": "ORG", "LOCATION": "LOC", "GPE": "LOC", "FAC": "LOC", "EVENT": "EVT",
    "PRODUCT": "PRO", "WORK_OF_ART": "PRO", "LAW": "PRO",
}  # fmt: skip


def load_pipeline(model: str = DEFAULT_MODEL, exclude: Iterable[str] = ()) -> Language:
    """The spaCy pipeline that annotates and extracts; `findings(doc)` then holds what was found.

    `model` is a back-end as for `load_backend`; `exclude` names extractors to leave out. Raises OSError if there is
    no such back-end.
    """
    left_out = {*exclude}
    nlp = load_backend(model)
    for extractor in EXTRACTORS:
        if extractor not in left_out:
            nlp.add_pipe(extractor)
    return nlp


def load_backend(model: str) -> Language:
    """The annotating pipeline alone: a shipped one (`letopis_bg`), `stanza`, `stanza:FOLDER`, any other spaCy pipeline.

    The last is a folder or the name of an installed package. Raises OSError if there is none of that name, or it cannot
    be loaded.
    """
    check_backend(model)
    try:
        if is_stanza(model):
            from letopis.stanza_backend import stanza_pipeline

            nlp = stanza_pipeline(stanza_folder(model))
        else:
            nlp = spacy.load(shipped_path(model) if model in SHIPPED else model)
        if model not in SHIPPED:
            adapt(nlp)
    except Exception as error:  # whatever a pipeline of somebody else's raises
        raise OSError(f"the pipeline {model!r} cannot be loaded: {error}") from error
    return nlp


def adapt(nlp: Language) -> None:
    """Make a pipeline of somebody else's give sentences and our labels."""
    if not nlp("Една проба.").has_annotation("SENT_START"):
        nlp.add_pipe("letopis_sentences")
        nlp.add_pipe("letopis_lines")
    nlp.add_pipe("letopis_labels")


@Language.component("letopis_lines", assigns=["token.is_sent_start"])
def without_open_boundaries(doc: Doc) -> Doc:
    """Where nobody knows whether a sentence begins, none does."""
    for token in doc[1:]:
        token.is_sent_start = bool(token.is_sent_start)
    return doc


@Language.component("letopis_labels", assigns=["doc.ents"])
def with_our_labels(doc: Doc) -> Doc:
    """The names under the types that the extractors know."""
    doc.set_ents([Span(doc, ent.start, ent.end, LABELS.get(ent.label_, ent.label_)) for ent in doc.ents])
    return doc


def check_backend(model: str) -> None:
    """Without loading it, see whether there is such a back-end. Raises OSError that says what is missing."""
    if is_stanza(model):
        folder = stanza_folder(model)
        if find_spec("stanza") is None:
            raise OSError("Stanza is not installed; pip install 'letopis[stanza]' brings it")
        if folder is not None and not (folder / "resources.json").is_file():
            raise OSError(f"{folder} holds no Stanza models: there is no resources.json in it")
    elif not (model in SHIPPED or (Path(model) / "meta.json").is_file() or is_package(model)):
        raise OSError(f"no pipeline {model!r}: neither shipped, nor a folder with a meta.json, nor installed")


def shipped_path(name: str) -> Path:
    """Where a pipeline or a file of `models/` lies."""
    return Path(str(files("letopis.models"))) / name


def is_stanza(model: str) -> bool:
    return model == STANZA or model.startswith(f"{STANZA}:")


def stanza_folder(model: str) -> Path | None:
    """The folder in `stanza:FOLDER`."""
    _, _, folder = model.partition(":")
    return Path(folder) if folder else None
