"""Training sentences in the dress of event reports, which the treebank's newspaper sentences lack.

Curly quotation marks, dashes, line breaks and double spaces, headings in capitals, missing final full stops.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from spacy.language import Language
from spacy.tokens import Doc, Token
from spacy.training import Example
from spacy.util import registry

QUOTES = (("„", "“"), ("„", "“"), ("„", "”"), ("“", "”"), ("«", "»"), ('"', '"'))
DASHES = ("–", "–", "—", "-")
BREAKS = ("\n", "\n\n", "\n\n", "\r\n")
INDENTS = (" ", " ", "\n", "\u00a0")


@dataclass(frozen=True, slots=True)
class Piece:
    """A token to be: what the annotators said of it, and its head as an index into the original document."""

    form: str
    space_after: bool
    tag: str
    pos: str
    morph: str
    lemma: str
    dep: str
    head: int
    entity: str  # B-PER, I-PER, O
    origin: int | None  # index in the original document; None for white space put in
    starts: bool


@registry.augmenters("letopis.ReportStyle.v1")
def create_augmenter(level: float) -> Callable[[Language, Example], Iterator[Example]]:
    """For a spaCy training config; `level` is the share of texts to change, the others pass as they are."""

    def augment(nlp: Language, example: Example) -> Iterator[Example]:
        if random.random() < level:
            reference = restyled(example.reference)
            yield Example(nlp.make_doc(reference.text), reference)
        else:
            yield example

    return augment


def restyled(doc: Doc) -> Doc:
    """A copy of an annotated document with other quotation marks, dashes, white space and capitals."""
    pieces = [piece_of(token) for token in doc]
    pieces = other_marks(pieces)
    pieces = without_last_stop(pieces) if random.random() < 0.15 else pieces
    pieces = other_case(pieces)
    return rebuilt(with_white_space(pieces), doc)


def piece_of(token: Token) -> Piece:
    return Piece(
        token.text,
        bool(token.whitespace_),
        token.tag_,
        token.pos_,
        str(token.morph),
        token.lemma_,
        token.dep_,
        token.head.i,
        f"{token.ent_iob_}-{token.ent_type_}" if token.ent_type_ else "O",
        token.i,
        bool(token.is_sent_start),
    )


def other_marks(pieces: list[Piece]) -> list[Piece]:
    """One style of quotation marks and of dashes for the whole text."""
    quotes, dash = random.choice(QUOTES), random.choice(DASHES)
    changed, closing = [], False
    for piece in pieces:
        if piece.form == '"':
            piece, closing = renamed(piece, quotes[closing]), not closing
        elif piece.form == "-":
            piece = renamed(piece, dash)
        changed.append(piece)
    return changed


def renamed(piece: Piece, form: str) -> Piece:
    return replace(piece, form=form, lemma=form)


def without_last_stop(pieces: list[Piece]) -> list[Piece]:
    """The text without its final full stop, as headings and list items are written."""
    last = pieces[-1]
    headless = all(piece.head != last.origin for piece in pieces[:-1])
    return pieces[:-1] if last.form == "." and headless and len(pieces) > 1 else pieces


def other_case(pieces: list[Piece]) -> list[Piece]:
    """Rarely all in capitals or in lower case."""
    chance = random.random()
    if chance < 0.03:
        return [replace(piece, form=piece.form.upper()) for piece in pieces]
    if chance < 0.05:
        return [replace(piece, form=piece.form.lower()) for piece in pieces]
    return pieces


def with_white_space(pieces: list[Piece]) -> list[Piece]:
    """Line breaks between sentences, wrapped lines and stray spaces within; spaCy hangs them on the word before."""
    between = random.choice((0.0, 0.0, 0.3, 1.0))
    within = random.choice((0.0, 0.0, 0.0, 0.02, 0.08))
    changed: list[Piece] = []
    for piece in pieces:
        gap = changed and changed[-1].space_after
        if gap and piece.starts and random.random() < between:
            changed[-1] = replace(changed[-1], space_after=False)
            changed.append(white_space(random.choice(BREAKS), changed[-1], piece))
        elif gap and random.random() < within:
            changed.append(white_space(random.choice(INDENTS), changed[-1], piece))
        changed.append(piece)
    return changed


def white_space(form: str, before: Piece, after: Piece) -> Piece:
    head = before.head if before.origin is None else before.origin
    entity = after.entity if after.entity.startswith("I") else "O"
    return Piece(form, False, "_SP", "SPACE", "", form, "dep", head, entity, None, False)


def rebuilt(pieces: list[Piece], doc: Doc) -> Doc:
    """A document of the pieces, annotated with what the original was annotated with."""
    place = {piece.origin: index for index, piece in enumerate(pieces) if piece.origin is not None}
    parsed, tagged, named = (doc.has_annotation(what) for what in ("DEP", "TAG", "ENT_IOB"))
    split = doc.has_annotation("SENT_START") and not parsed
    return Doc(
        doc.vocab,
        words=[piece.form for piece in pieces],
        spaces=[piece.space_after for piece in pieces],
        tags=[piece.tag for piece in pieces] if tagged else None,
        pos=[piece.pos for piece in pieces] if tagged else None,
        morphs=[piece.morph for piece in pieces] if tagged else None,
        lemmas=[piece.lemma for piece in pieces] if tagged else None,
        heads=[place[piece.head] for piece in pieces] if parsed else None,
        deps=[piece.dep for piece in pieces] if parsed else None,
        sent_starts=[piece.starts for piece in pieces] if split else None,
        ents=[piece.entity for piece in pieces] if named else None,
    )
