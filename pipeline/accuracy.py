"""How well a pipeline annotates: tags, lemmas and parse on BulTreeBank's test part, names on SlavicNER."""

from __future__ import annotations

from pathlib import Path

from spacy.language import Language
from spacy.scorer import Scorer
from spacy.tokens import Doc
from spacy.training import Example

from letopis.corpora import doc_of, slavicner, treebank

NAMES_OF_FIGURES = {
    "pos_acc": "UPOS",
    "tag_acc": "XPOS",
    "morph_acc": "UFeats",
    "lemma_acc": "lemmas",
    "dep_uas": "UAS",
    "dep_las": "LAS",
}


def treebank_accuracy(nlp: Language, data: Path) -> dict[str, float]:
    """Shares of right tokens on the test part of BulTreeBank, with its own tokens and sentences (0 to 1).

    `data` is laid out as docs/training.md says. Raises OSError if a file is missing.
    """
    examples = []
    for sentence in treebank(data, "test"):
        gold = doc_of([sentence], nlp.vocab)
        words = Doc(nlp.vocab, words=[token.text for token in gold], spaces=[bool(token.whitespace_) for token in gold])
        examples.append(Example(annotated(nlp, words), gold))
    scorer = Scorer(nlp)
    figures = scorer.score(examples)
    return {name: figures[key] for key, name in NAMES_OF_FIGURES.items() if figures.get(key) is not None}


def annotated(nlp: Language, doc: Doc) -> Doc:
    """`doc` with the annotation of all components but the rules for sentences, which would read its layout."""
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
