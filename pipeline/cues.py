"""What a pipeline may say beyond spaCy's own annotation: spans that fill the slots of a report, who did what, who belongs
where and who gave which talk.

The shipped pipelines say it; after one that does not, there are no cues and the extractors go by their rules alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeVar, get_args

import numpy as np
import numpy.typing as npt
from spacy.tokens import Doc, Span

from letopis.findings import Entity, Function, token_at
from letopis.quotes import with_marks

Floats = npt.NDArray[np.float32]
Integers = npt.NDArray[np.int64]
Slot = Literal["POSITION", "TALK", "TOPIC", "VENUE"]
Link = Literal["organization", "speaker"]

SLOTS: tuple[Slot, ...] = get_args(Slot)
FUNCTIONS: tuple[Function, ...] = tuple(function for function in get_args(Function) if function)
LINKS: tuple[Link, ...] = get_args(Link)
SPANS_KEY = "letopis_slots"
FUNCTIONS_KEY = "letopis_functions"
LINKS_KEY = "letopis_links"
PROBABLE = 0.5
Actor = TypeVar("Actor", bound=Entity)


@dataclass(frozen=True)
class LinkScores:
    """How well words go together, window by window; arrays all of it, so that spaCy can serialise a document that has it.

    `window_of` (tokens) tells the window of each token, -1 of white space; `tokens` are the tokens of each window of W
    words, `scores` (W, W + 1, kinds) those of every word with nobody (column 0) and with every word.
    """

    window_of: Integers
    tokens: list[Integers]
    scores: list[Floats]

    def probabilities(self, kind: Link, token: int, candidates: Sequence[int]) -> list[float]:
        """How probable it is that `token` is linked to each of the candidates, which are tokens, rather than to nobody."""
        window = int(self.window_of[token]) if token >= 0 else -1
        if window < 0:
            return [0.0] * len(candidates)
        places = {int(one): place for place, one in enumerate(self.tokens[window])}
        row = self.scores[window][places[token], :, LINKS.index(kind)]
        seen = [row[places[one] + 1] if one in places else -np.inf for one in candidates]
        weights = np.exp(np.array([row[0], *seen]) - max(row[0], *seen))
        return [float(weight) for weight in weights[1:] / weights.sum()]


def set_cues(doc: Doc, slots: list[Span], functions: Floats, links: LinkScores) -> None:
    """Keep spans labelled with a `Slot`, for each token the probability (0 to 1) of each of `FUNCTIONS`, and links."""
    doc.spans[SPANS_KEY] = slots
    doc.user_data[FUNCTIONS_KEY] = functions
    doc.user_data[LINKS_KEY] = [links.window_of, links.tokens, links.scores]


def slot_spans(doc: Doc, slot: Slot) -> list[Span]:
    """The spans that fill `slot`, in the order of the text, without a preposition that leads to them."""
    spans = (span for span in doc.spans.get(SPANS_KEY, ()) if span.label_ == slot)
    return [with_marks(span[1:] if len(span) > 1 and span[0].pos_ == "ADP" else span) for span in spans]


def function_probabilities(doc: Doc, start_char: int, end_char: int) -> dict[Function, float]:
    """How probable it is that whoever these characters name has each function; empty without cues."""
    functions = doc.user_data.get(FUNCTIONS_KEY)
    span = doc.char_span(start_char, end_char, alignment_mode="expand")
    if functions is None or span is None:
        return {}
    best = functions[span.start : span.end].max(axis=0)
    return {function: float(value) for function, value in zip(FUNCTIONS, best, strict=True)}


def linked(doc: Doc, kind: Link, start_char: int, candidates: Sequence[tuple[int, Actor]]) -> Actor | None:
    """The actor that what begins at `start_char` goes with, if that is more probable than not; None without cues.

    A person goes with its `organization`, the title of a talk with its `speaker`. Each candidate is a mention: where it
    begins, and whom it names.
    """
    if LINKS_KEY not in doc.user_data or not candidates:
        return None
    links = LinkScores(*doc.user_data[LINKS_KEY])
    tokens = (token_at(doc, char) for char in (start_char, *(char for char, _ in candidates)))
    first, *others = (-1 if token is None else token.i for token in tokens)
    probable: dict[Actor, float] = defaultdict(float)
    for (_, actor), probability in zip(candidates, links.probabilities(kind, first, others), strict=True):
        probable[actor] += probability
    best = max(probable, key=lambda actor: probable[actor])
    return best if probable[best] > PROBABLE else None
