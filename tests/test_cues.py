"""What a pipeline says beyond spaCy's annotation, and what the extractors hear where it says nothing."""

from __future__ import annotations

import numpy as np
import pytest
import spacy
from spacy.tokens import Doc, Span

from letopis.cues import FUNCTIONS, LINKS, LinkScores, function_probabilities, linked, set_cues, slot_spans
from letopis.findings import Organization, Person

TEXT = "Иван Петров и Ана Колева от БАН"


@pytest.fixture
def doc() -> Doc:
    return spacy.blank("bg")(TEXT)


def cued(doc: Doc) -> Doc:
    """The first word is a speaker; „Ана“ (token 3) belongs to „БАН“ (token 6), „Иван“ (token 0) to nobody."""
    functions = np.zeros((len(doc), len(FUNCTIONS)), dtype=np.float32)
    functions[0, FUNCTIONS.index("speaker")] = 0.9
    scores = np.zeros((len(doc), len(doc) + 1, len(LINKS)), dtype=np.float32)
    scores[3, 7, LINKS.index("organization")] = 5
    scores[0, 0, LINKS.index("organization")] = 5
    links = LinkScores(np.zeros(len(doc), dtype=np.int64), [np.arange(len(doc))], [scores])
    set_cues(doc, [Span(doc, 5, 7, label="VENUE")], functions, links)
    return doc


def test_without_cues_there_is_nothing(doc: Doc) -> None:
    assert slot_spans(doc, "VENUE") == []
    assert function_probabilities(doc, 0, 4) == {}
    assert linked(doc, "organization", 0, [(28, Organization(name="БАН"))]) is None


def test_cues_are_heard_by_characters(doc: Doc) -> None:
    ban = Organization(name="БАН")
    cued(doc)
    assert [span.text for span in slot_spans(doc, "VENUE")] == ["от БАН"]
    assert function_probabilities(doc, 0, 11)["speaker"] == pytest.approx(0.9)
    assert function_probabilities(doc, 14, 24)["speaker"] == 0
    assert linked(doc, "organization", TEXT.index("Ана"), [(TEXT.index("БАН"), ban)]) is ban
    assert linked(doc, "organization", TEXT.index("Иван"), [(TEXT.index("БАН"), ban)]) is None


def test_a_serialised_document_keeps_its_cues(doc: Doc) -> None:
    ban = Organization(name="БАН")
    copy = Doc(doc.vocab).from_bytes(cued(doc).to_bytes())
    assert [span.text for span in slot_spans(copy, "VENUE")] == ["от БАН"]
    assert function_probabilities(copy, 0, 11)["speaker"] == pytest.approx(0.9)
    assert linked(copy, "organization", TEXT.index("Ана"), [(TEXT.index("БАН"), ban)]) is ban


def test_mentions_of_one_actor_count_together(doc: Doc) -> None:
    ana = Person(name="Ана Колева")
    candidates = [(TEXT.index("Ана"), ana), (TEXT.index("Колева"), ana), (TEXT.index("Иван"), Person(name="Иван"))]
    assert linked(cued(doc), "speaker", TEXT.index("БАН"), candidates) is None  # a quarter each, nobody too
    assert linked(cued(doc), "speaker", TEXT.index("БАН"), candidates[:2]) is ana
