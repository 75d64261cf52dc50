"""Trains the CNN pipeline `letopis_bg_sm` with spaCy's own training system.

Tags, lemmas and the parse are learned from BulTreeBank, names from SlavicNER: two runs of one config, put together
in one pipeline. `data` is laid out as docs/training.md says.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterable, Iterator
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from spacy import util
from spacy.language import Language
from spacy.tokens import Doc, DocBin
from spacy.training.initialize import init_nlp
from spacy.training.loop import train as train_loop

from letopis.corpora import doc_of, paragraphs, slavicner, tagged, treebank
from letopis.tokenizer import BulgarianTokenizer

CONFIG = Path(str(files("letopis.models"))) / "letopis_bg_sm.cfg"
PARTS = {"ner": ["ner"], "syntax": ["tok2vec", "tagger", "morphologizer", "trainable_lemmatizer", "parser"]}
NER_SPLIT = "cross-topic_train"
HELD_OUT = 60  # SlavicNER documents that choose the best step
PIECE_TOKENS = 40  # a document is cut at the first line break after so many tokens: short texts train faster


def train(
    data: Path, output: Path, *, config: Path | None = None, ner_split: str = NER_SPLIT, max_steps: int = 0
) -> Path:
    """Trains from the folders in `data` and saves the pipeline under `output`, which is returned.

    `config` is the training config (the shipped one if None), `ner_split` the SlavicNER split that names are
    learned from, `max_steps` shortens both runs (0: as configured). The same data, config and machine give the same weights.
    Raises OSError if a data file is missing.
    """
    with TemporaryDirectory() as folder:
        work = Path(folder)
        write_corpora(data, ner_split, work)
        trained = {part: train_part(part, config or CONFIG, work, max_steps) for part in PARTS}
        nlp = trained["syntax"]
        nlp.add_pipe("ner", source=trained["ner"])
        nlp.add_pipe("letopis_sentences", first=True)
        nlp.to_disk(output)
    return output


def train_part(part: str, config_path: Path, work: Path, max_steps: int) -> Language:
    """Trains the components of one part and returns the pipeline at its best step."""
    overrides: dict[str, Any] = {
        "nlp.pipeline": PARTS[part],
        "paths.train": str(work / f"{part}_train.spacy"),
        "paths.dev": str(work / f"{part}_dev.spacy"),
    }
    if max_steps:
        overrides["training.max_steps"] = max_steps
    config = util.load_config(config_path, overrides=overrides)
    unused = [name for name in config["components"] if name not in PARTS[part]]
    for name in unused:
        del config["components"][name]
    nlp = init_nlp(config)
    (work / part).mkdir(exist_ok=True)
    train_loop(nlp, work / part, stdout=sys.stderr)
    return util.load_model(work / part / "model-best")


def write_corpora(data: Path, ner_split: str, work: Path) -> None:
    """Converts the data to spaCy's format: `syntax_train.spacy`, `syntax_dev.spacy`, `ner_train.spacy`, `ner_dev.spacy`."""
    vocab = util.get_lang_class("bg")().vocab
    known = treebank(data, "train")
    groups = [*paragraphs(known, 0.5, 8, seed=1), *paragraphs(tagged(data, known), 0.5, 8, seed=2)]
    write((doc_of(group, vocab) for group in groups), work / "syntax_train.spacy")
    write(
        (doc_of(group, vocab) for group in paragraphs(treebank(data, "dev"), 0.0, 8, seed=3)), work / "syntax_dev.spacy"
    )
    documents = list(named_docs(data, ner_split, BulgarianTokenizer(vocab)))
    random.Random(1).shuffle(documents)
    write(documents[:HELD_OUT], work / "ner_dev.spacy")
    write((piece for doc in documents[HELD_OUT:] for piece in pieces(doc)), work / "ner_train.spacy")


def write(docs: Iterable[Doc], path: Path) -> None:
    DocBin(docs=docs).to_disk(path)


def named_docs(data: Path, split: str, tokenizer: BulgarianTokenizer) -> Iterator[Doc]:
    """SlavicNER's documents with their entities, each widened to whole tokens where it ends inside one."""
    for text, mentions in slavicner(data, split):
        doc = tokenizer(text)
        spans = [doc.char_span(m.start, m.end, m.label, alignment_mode="expand") for m in mentions]
        doc.set_ents(util.filter_spans([span for span in spans if span is not None]))
        yield doc


def pieces(doc: Doc) -> Iterator[Doc]:
    """The document in pieces of some sentences, cut at line breaks outside entities."""
    start = 0
    for token in doc:
        if "\n" in token.text and not token.ent_type and token.i + 1 - start >= PIECE_TOKENS:
            yield doc[start : token.i + 1].as_doc()
            start = token.i + 1
    if start < len(doc):
        yield doc[start:].as_doc()
