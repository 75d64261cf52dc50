"""Running text that a larger pipeline has annotated, for a smaller one to learn from (knowledge distillation by hard
targets: Kim and Rush 2016)."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from spacy.tokens import Doc

from letopis.annotate import load_backend
from letopis.training.examples import ROOT, Row, rows_of

PARAGRAPHS = "text/wikipedia_paragraphs.txt.gz"
SHORTEST = 80  # letters; shorter lines are headings and answers of quizzes
WORDS = 300_000


def silver_rows(data: Path, teacher: str) -> list[list[Row]]:
    """The sentences of the data folder's paragraphs, some `WORDS` words, as the shipped pipeline `teacher` annotates them.

    Raises OSError if there is no such file or pipeline.
    """
    nlp = load_backend(teacher)
    network = nlp.get_pipe("letopis_encoder").network  # type: ignore[attr-defined]
    classes = dict(zip(network.tags, network.classes.tags, strict=True))
    rows: list[list[Row]] = []
    words = 0
    with gzip.open(data / PARAGRAPHS, "rt", encoding="utf-8") as lines:
        for line in lines:
            if words < WORDS and len(line) >= SHORTEST:
                doc = nlp(line.strip())
                words += len(doc)
                rows += taught_rows(doc, classes)
    return rows


def taught_rows(doc: Doc, classes: dict[tuple[int, int, int], str]) -> Iterator[list[Row]]:
    """The sentences of an annotated document, their tags as the network's `classes` name them by the hashes of their parts."""
    rows = iter(rows_of(doc))
    for sentence in doc.sents:
        tokens = [token for token in sentence if not token.is_space]
        place = {token.i: number for number, token in enumerate(tokens)}
        yield [
            replace(
                next(rows),
                tag=classes[token.tag, token.pos, token.morph.key],  # type: ignore[attr-defined]
                lemma=token.lemma_,
                head=ROOT if token.head == token else place[token.head.i],
                label="root" if token.head == token else token.dep_,
                starts=number == 0,
                name=f"{token.ent_iob_}-{token.ent_type_}" if token.ent_type_ else "O",
            )
            for number, token in enumerate(tokens)
        ]
