"""What a pipeline may say beyond spaCy's own annotation: spans that fill the slots of a report, and who did what.

`letopis_bg` says it; after a pipeline that does not, there are no cues and the extractors go by their rules alone.
"""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np
import numpy.typing as npt
from spacy.tokens import Doc, Span

from letopis.findings import Function

Slot = Literal["POSITION", "TALK", "TOPIC", "VENUE"]

SLOTS: tuple[Slot, ...] = get_args(Slot)
FUNCTIONS: tuple[Function, ...] = tuple(function for function in get_args(Function) if function)
SPANS_KEY = "letopis_slots"
FUNCTIONS_KEY = "letopis_functions"


def set_cues(doc: Doc, slots: list[Span], functions: npt.NDArray[np.float32]) -> None:
    """Keep spans labelled with a `Slot`, and for each token the probability (0 to 1) of each of `FUNCTIONS`."""
    doc.spans[SPANS_KEY] = slots
    doc.user_data[FUNCTIONS_KEY] = functions


def slot_spans(doc: Doc, slot: Slot) -> list[Span]:
    """The spans that fill `slot`, in the order of the text."""
    return [span for span in doc.spans.get(SPANS_KEY, ()) if span.label_ == slot]


def function_probabilities(doc: Doc, start_char: int, end_char: int) -> dict[Function, float]:
    """How probable it is that whoever these characters name has each function; empty without cues."""
    functions = doc.user_data.get(FUNCTIONS_KEY)
    span = doc.char_span(start_char, end_char, alignment_mode="expand")
    if functions is None or span is None:
        return {}
    best = functions[span.start : span.end].max(axis=0)
    return {function: float(value) for function, value in zip(FUNCTIONS, best, strict=True)}
