"""Stanza (Qi et al. 2020) as a back-end: what it says of a text becomes the same `Doc` that a spaCy pipeline gives."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import spacy
from spacy.language import Language
from spacy.tokens import Doc
from spacy.vocab import Vocab

PROCESSORS = "tokenize,pos,lemma,depparse,ner"


def stanza_pipeline(folder: Path | None) -> Language:
    """A pipeline whose tokenizer is Stanza, with all that Stanza annotates.

    `folder` holds Stanza's resources (`resources.json` and `bg/`); None: the official Bulgarian package, which Stanza
    downloads once. Raises OSError if the models are neither there nor to be had.
    """
    nlp = spacy.blank("bg")
    nlp.tokenizer = StanzaTokenizer(nlp.vocab, loaded(folder))
    return nlp


def loaded(folder: Path | None) -> Any:
    """Stanza's own pipeline."""
    import stanza  # type: ignore[import-untyped]

    where = {} if folder is None else {"dir": str(folder)}
    how = stanza.DownloadMethod.REUSE_RESOURCES if folder is None else None
    try:
        return stanza.Pipeline("bg", processors=PROCESSORS, download_method=how, verbose=False, use_gpu=False, **where)
    except Exception as error:  # whatever the network or Stanza's downloader raises
        if folder is not None:
            raise OSError(f"Stanza cannot load the models in {folder}: {error}") from error
        raise OSError(
            f"Stanza's Bulgarian models cannot be downloaded here ({error}); copy them from where they can, and name"
            " their folder: --nlp stanza:FOLDER"
        ) from error


@dataclass(frozen=True, slots=True)
class Token:
    """A token or a stretch of white space of the `Doc`; `head` is the index of another, its own for a root."""

    text: str
    space_after: bool
    tag: str
    pos: str
    morph: str
    lemma: str
    head: int
    dep: str


class StanzaTokenizer:
    """Called with a text, gives an annotated `Doc` of exactly this text."""

    def __init__(self, vocab: Vocab, pipeline: Any) -> None:
        self.vocab = vocab
        self.pipeline = pipeline

    def __call__(self, text: str) -> Doc:
        sentences = self.pipeline(text).sentences if text.strip() else []
        tokens = list(tokens_of(text, sentences))
        doc = Doc(
            self.vocab,
            words=[token.text for token in tokens],
            spaces=[token.space_after for token in tokens],
            tags=[token.tag for token in tokens],
            pos=[token.pos for token in tokens],
            morphs=[token.morph for token in tokens],
            lemmas=[token.lemma for token in tokens],
            heads=[token.head for token in tokens],
            deps=[token.dep for token in tokens],
        )
        entities = [entity for sentence in sentences for entity in sentence.ents]
        spans = [doc.char_span(e.start_char, e.end_char, e.type, alignment_mode="expand") for e in entities]
        doc.set_ents(spacy.util.filter_spans([span for span in spans if span is not None]))
        return doc


def tokens_of(text: str, sentences: list[Any]) -> Iterator[Token]:
    """Stanza's words with the white space between them, which hangs on the word before it."""
    words = [(word, word is sentence.words[0]) for sentence in sentences for word in sentence.words]
    gaps = gaps_of(text, [(word.start_char, word.end_char) for word, _ in words])
    places, index = [], int(bool(gaps[0]))
    for gap in gaps[1:]:
        places.append(index)
        index += 1 + bool(gap.removeprefix(" "))
    if gaps[0]:
        yield white_space(gaps[0], places[0] if places else 0)
    begun = 0
    for number, (word, starts) in enumerate(words):
        begun = number if starts else begun
        here, gap = places[number], gaps[number + 1]
        head = here if word.head == 0 else places[begun + word.head - 1]
        label = "ROOT" if word.head == 0 else word.deprel
        yield Token(
            text[word.start_char : word.end_char],
            gap.startswith(" "),
            word.xpos or "",
            word.upos or "",
            word.feats or "",
            word.lemma or word.text,
            head,
            label,
        )
        if rest := gap.removeprefix(" "):
            yield white_space(rest, here)


def gaps_of(text: str, spans: list[tuple[int, int]]) -> list[str]:
    """The text before the first span, between the spans, and behind the last."""
    ends = [0, *(end for _, end in spans)]
    starts = [*(start for start, _ in spans), len(text)]
    return [text[end:start] for end, start in zip(ends, starts, strict=True)]


def white_space(text: str, head: int) -> Token:
    return Token(text, False, "_SP", "SPACE", "", text, head, "dep")
