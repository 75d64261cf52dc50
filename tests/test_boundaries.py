"""Tokens and sentences of messy reports: `boundaries.txt`, written by us, against what the pipeline cuts.

A block of the file is a text: „# name“, then one sentence a line. Between tokens, „¦“ stands for nothing and „⏎“ for a
line break; at the end of a line „⏎“ stands for line breaks, „¦“ for nothing, and without either a space follows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from spacy.language import Language
from spacy.tokens import Doc
from test_evaluation import FLOORS

Spans = list[tuple[int, int]]
PIECE = re.compile(r"[^ ¦⏎]+|[ ⏎]")


def blocks() -> Iterator[tuple[str, Spans, Spans]]:
    """The text of each block with its tokens and its sentences, as (start, end)."""
    content = (Path(__file__).parent / "boundaries.txt").read_text(encoding="utf-8")
    for block in re.split(r"^===\n", content, flags=re.MULTILINE):
        text, tokens, sentences = "", [], []
        for line in block.rstrip("\n").split("\n")[1:]:
            body, end = re.fullmatch(r"(.*?)((?:¦?⏎+|¦)?)", line).groups()  # type: ignore[union-attr]
            first = len(tokens)
            for piece in PIECE.findall(body):
                if piece not in " ⏎":
                    tokens.append((len(text), len(text) + len(piece)))
                text += piece.replace("⏎", "\n")
            sentences.append((tokens[first][0], tokens[-1][1]))
            text += end.replace("¦", "").replace("⏎", "\n") if end else " "
        yield text.rstrip(), tokens, sentences


def sentences_of(doc: Doc) -> set[tuple[int, int]]:
    """From the first to the last visible token of each sentence."""
    visible = [[token for token in sentence if not token.is_space] for sentence in doc.sents]
    return {(tokens[0].idx, tokens[-1].idx + len(tokens[-1])) for tokens in visible if tokens}


def f1(pairs: list[tuple[set[tuple[int, int]], set[tuple[int, int]]]]) -> float:
    right = sum(len(found & gold) for found, gold in pairs)
    return 2 * right / sum(len(found) + len(gold) for found, gold in pairs)


def test_boundaries_do_not_fall_below_the_last_recorded_score(default_pipeline: Language) -> None:
    gold = list(blocks())
    assert sum(len(sentences) for _, _, sentences in gold) >= 200
    docs = [default_pipeline(text) for text, _, _ in gold]
    tokens = f1(
        [({(t.idx, t.idx + len(t)) for t in d if not t.is_space}, {*g[1]}) for d, g in zip(docs, gold, strict=True)]
    )
    sentences = f1([(sentences_of(d), {*g[2]}) for d, g in zip(docs, gold, strict=True)])
    floors = FLOORS["boundaries"]
    assert tokens >= floors["tokens"], f"tokens {tokens:.4f}"
    assert sentences >= floors["sentences"], f"sentences {sentences:.4f}"
