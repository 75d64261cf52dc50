"""How well a pipeline annotates: tags, lemmas and parse on BulTreeBank's test part, names on SlavicNER."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from spacy.language import Language
from spacy.tokens import Doc, Token

from letopis.corpora import Sentence, Word, slavicner, treebank

FIGURES = ("UPOS", "XPOS", "UFeats", "lemmas", "UAS", "LAS")


def treebank_accuracy(nlp: Language, data: Path) -> dict[str, float]:
    """Shares of right tokens on the test part of BulTreeBank, with its own tokens and sentences (0 to 1).

    `data` is laid out as docs/training.md says. Raises OSError if a file is missing.
    """
    right: Counter[str] = Counter()
    count = 0
    for sentence in treebank(data, "test"):
        for token, word in zip(annotated(nlp, sentence), sentence, strict=True):
            right.update(name for name, equal in comparison(token, word).items() if equal)
            count += 1
    return {name: right[name] / count for name in FIGURES}


def comparison(token: Token, word: Word) -> dict[str, bool]:
    """What the pipeline says of a token against the treebank."""
    head = 0 if token.head.i == token.i else token.head.i + 1
    return {
        "UPOS": token.pos_ == word.upos,
        "XPOS": token.tag_ == word.xpos,
        "UFeats": {*token.morph} == {*word.feats.split("|")} - {""},
        "lemmas": token.lemma_ == word.lemma,
        "UAS": head == word.head,
        "LAS": head == word.head and token.dep_.lower() == word.deprel,
    }


def annotated(nlp: Language, sentence: Sentence) -> Doc:
    """The words of a sentence, annotated by all components but the rules for sentences, which would read its layout."""
    doc = Doc(nlp.vocab, words=[word.form for word in sentence], spaces=[word.space_after for word in sentence])
    for token in doc:
        token.is_sent_start = token.i == 0
    for name, component in nlp.pipeline:
        if name != "letopis_sentences":
            doc = component(doc)
    return doc


def names_accuracy(nlp: Language, data: Path, split: str = "cross-topic_test") -> dict[str, tuple[float, float, float]]:
    """Precision, recall and F1 of exact spans and types by type and over all, on a split of SlavicNER."""
    counts: dict[str, list[int]] = {}
    for text, mentions in slavicner(data, split):
        found = {(ent.start_char, ent.end_char, ent.label_) for ent in nlp(text).ents}
        gold = {(mention.start, mention.end, mention.label) for mention in mentions}
        for label in {one[2] for one in found | gold}:
            for key in (label, "all"):
                count = counts.setdefault(key, [0, 0, 0])
                count[0] += sum(one[2] == label for one in found & gold)
                count[1] += sum(one[2] == label for one in found)
                count[2] += sum(one[2] == label for one in gold)
    return {label: precision_recall_f1(*count) for label, count in sorted(counts.items())}


def precision_recall_f1(right: int, found: int, gold: int) -> tuple[float, float, float]:
    precision, recall = right / max(found, 1), right / max(gold, 1)
    return precision, recall, 2 * precision * recall / max(precision + recall, 1e-9)
