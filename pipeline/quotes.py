"""Quoted strings in the four styles that Bulgarian texts mix: „…“, “…”, "…", «…»."""

from __future__ import annotations

from dataclasses import dataclass

from spacy.tokens import Span

CLOSING = {"„": '“”"', "“": '”“"', "«": "»", '"': '"“”', "”": "”“", "‚": "‘’", "‘": "’"}
MARKS = "„“”\"«»'’‚‘"
MAX_CHARS = 300


@dataclass(frozen=True, slots=True)
class Quotation:
    """`start`/`end` with the quotation marks, `inner_start`/`inner_end` without them."""

    start: int
    end: int
    inner_start: int
    inner_end: int


def quotations(text: str) -> list[Quotation]:
    """The outermost quoted strings of `text`, left to right.

    A quotation ends at the first mark that can close it and stays within a line and 300 characters. Inside
    „…“ a nested pair of another style is skipped as a whole.
    """
    found: list[Quotation] = []
    position = 0
    while position < len(text):
        end = closing_position(text, position) if text[position] in CLOSING else None
        if end is None:
            position += 1
        else:
            found.append(Quotation(position, end + 1, position + 1, end))
            position = end + 1
    return found


def with_marks(span: Span) -> Span:
    """The span with the quotation mark right beside it that belongs to one inside: „Моторс“ ООД“ → „„Моторс“ ООД“."""
    doc = span.doc
    if sum(token.text in MARKS for token in span) % 2:
        if span.end < len(doc) and doc[span.end].text in MARKS and not doc[span.end - 1].whitespace_:
            return doc[span.start : span.end + 1]
        if span.start > 0 and doc[span.start - 1].text in MARKS and not doc[span.start - 1].whitespace_:
            return doc[span.start - 1 : span.end]
    return span


def closing_position(text: str, opening: int) -> int | None:
    """Where the quotation that opens at `opening` closes, or None if it does not."""
    marks = CLOSING[text[opening]]
    position = opening + 1
    while position < min(len(text), opening + MAX_CHARS) and text[position] not in "\r\n":
        if text[position] in marks and not (text[position] == "“" and opens_nested(text, position)):
            return position
        nested = text[position] in "„«" or (text[position] == "“" and opens_nested(text, position))
        end = closing_position(text, position) if nested else None
        position = end + 1 if end is not None else position + 1
    return None


def opens_nested(text: str, position: int) -> bool:
    """“ closes a Bulgarian quotation and opens an English one: it opens where a word follows and none precedes."""
    before, after = text[position - 1 : position], text[position + 1 : position + 2]
    return after.isalnum() and (before.isspace() or before in "(/")
