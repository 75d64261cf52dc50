"""Organizations: to come."""

from __future__ import annotations

from spacy.language import Language
from spacy.tokens import Doc


@Language.factory("letopis_organizations")
class OrganizationsExtractor:
    def __init__(self, nlp: Language, name: str) -> None:
        self.name = name

    def __call__(self, doc: Doc) -> Doc:
        return doc
