"""How well a pipeline annotates: BulTreeBank's test part, names and base forms on SlavicNER, beside what others publish."""

from __future__ import annotations

import io
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from spacy.language import Language
from spacy.tokens import Doc, Span

from letopis.annotate import load_backend, shipped_path
from letopis.base_form import base_form, capitalised
from letopis.corpora import Sentence, slavicner, text_of, treebank

TREEBANK_MEASURES = ("Tokens", "Sentences", "UPOS", "XPOS", "UFeats", "Lemmas", "UAS", "LAS")
NAMES_MEASURES = ("all", "PER", "LOC", "ORG", "EVT", "PRO", "base form", "identity")


def accuracy_tables(models: Iterable[str], data: Path, split: str) -> str:
    """Two Markdown tables of percentages, the pipelines' own figures before those that others publish.

    `data` is laid out as docs/training.md says, `split` is one of SlavicNER. Raises OSError if a file is missing.
    """
    treebank_rows, names_rows = [], []
    for model in models:
        nlp = load_backend(model)
        treebank_rows.append((model, "raw text", treebank_accuracy(nlp, data)))
        names_rows.append((model, split, names_accuracy(nlp, data, split)))
    return "\n\n".join(
        [
            "BulTreeBank test, F1 of the CoNLL 2018 shared task's measures",
            table([*treebank_rows, *published("treebank")], TREEBANK_MEASURES),
            "Names, F1 of exact spans and types; the share of gold mentions whose base form is found, and that are in it already",
            table([*names_rows, *published("names")], NAMES_MEASURES),
        ]
    )


Row = tuple[str, str, Mapping[str, float]]


def table(rows: Sequence[Row], measures: Sequence[str]) -> str:
    """A Markdown table of systems, notes on them, and their figures."""
    lines = [["system", *measures, ""], ["---"] * (len(measures) + 2)]
    for system, note, figures in rows:
        lines.append([system, *(f"{figures[one]:.2f}" if one in figures else "" for one in measures), note])
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def published(measured_on: str) -> list[Row]:
    """What others publish of theirs, on the `treebank` or on `names`."""
    rows = tomllib.loads(shipped_path("published.toml").read_text(encoding="utf-8"))[measured_on]
    return [(row["system"], row["note"], row["figures"]) for row in rows]


def treebank_accuracy(nlp: Language, data: Path) -> dict[str, float]:
    """F1 (percentages) on the raw text of BulTreeBank's test part, by the evaluation of the CoNLL 2018 shared task.

    `data` is laid out as docs/training.md says. The evaluation is that of Zeman et al. 2018, kept up in the package
    `udtools`. Raises OSError if a file is missing.
    """
    from udtools.udeval import evaluate, load_conllu  # type: ignore[import-untyped]

    sentences = treebank(data, "test")
    doc = nlp(text_of(sentences))
    gold, found = (
        load_conllu(io.StringIO("".join(lines)), path, {"no_empty_nodes": True, "multiple_roots_okay": True})
        for lines, path in ((gold_conllu(sentences), "gold"), (conllu(doc), "system"))
    )
    scores = evaluate(gold, found)
    return {measure: 100 * scores[measure].f1 for measure in TREEBANK_MEASURES}


def gold_conllu(sentences: list[Sentence]) -> Iterator[str]:
    """The treebank's own annotation in CoNLL-U."""
    for sentence in sentences:
        for number, word in enumerate(sentence, 1):
            yield conllu_line(number, word.form, word.lemma, word.upos, word.xpos, word.feats, word.head, word.deprel)
        yield "\n"


def conllu(doc: Doc) -> Iterator[str]:
    """A document in CoNLL-U, white space left out."""
    for sentence in doc.sents:
        words = [token for token in sentence if not token.is_space]
        numbers = {token.i: number for number, token in enumerate(words, 1)}
        for token in words:
            head = 0 if token.head.i == token.i else numbers[token.head.i]
            label = "root" if head == 0 else token.dep_
            feats = str(token.morph)
            yield conllu_line(numbers[token.i], token.text, token.lemma_, token.pos_, token.tag_, feats, head, label)
        if words:
            yield "\n"


def conllu_line(
    number: int, form: str, lemma: str, upos: str, xpos: str, feats: str, head: int | None, deprel: str
) -> str:
    columns = [str(number), form, lemma, upos, xpos, feats or "_", str(head), deprel, "_", "_"]
    return "\t".join(columns) + "\n"


def names_accuracy(nlp: Language, data: Path, split: str) -> dict[str, float]:
    """F1 (percentages) of exact spans and types over all and by type, on a split of SlavicNER; `base form`: the share
    of its mentions whose base form comes out as annotated, `identity`: of those that stand in it.
    """
    right: Counter[str] = Counter()
    found: Counter[str] = Counter()
    gold: Counter[str] = Counter()
    bases: Counter[str] = Counter()
    for text, mentions in slavicner(data, split):
        doc = nlp(text)
        ours = {(ent.start_char, ent.end_char, ent.label_) for ent in doc.ents}
        theirs = {(mention.start, mention.end, mention.label) for mention in mentions}
        for counter, spans in ((right, ours & theirs), (found, ours), (gold, theirs)):
            counter.update(label for _, _, label in spans)
            counter["all"] += len(spans)
        for mention in mentions:
            span = doc.char_span(mention.start, mention.end, mention.label, alignment_mode="expand")
            base = " ".join(mention.lemma.split())
            bases["mentions"] += 1
            bases["base form"] += span is not None and name_of(span) == base
            bases["identity"] += " ".join(text[mention.start : mention.end].split()) == base
    f1 = {label: 200 * right[label] / (found[label] + count) for label, count in gold.items()}
    return f1 | {name: 100 * bases[name] / bases["mentions"] for name in ("base form", "identity")}


def name_of(span: Span) -> str:
    """The base form of a name; institutions and places begin with a capital, wherever they stand."""
    base = base_form(span)
    return capitalised(base) if span.label_ in ("ORG", "LOC") else base
