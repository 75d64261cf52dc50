"""Talks: to come."""

from __future__ import annotations

from spacy.language import Language
from spacy.tokens import Doc


@Language.factory("letopis_talks")
class TalksExtractor:
    def __init__(self, nlp: Language, name: str) -> None:
        self.name = name

    def __call__(self, doc: Doc) -> Doc:
        return doc
