"""The way from annotated texts to a pipeline, with a network too small and too little trained to know anything."""

from __future__ import annotations

import gzip
import random
from dataclasses import asdict, astuple, replace
from itertools import islice
from pathlib import Path

import pytest
import spacy
import torch

from letopis.annotate import SHIPPED, load_backend
from letopis.corpora import AnnotatedReport, Word, annotated_reports, held_out
from letopis.encoder import CLASSES, LEXICON, SPACE, TOKENIZER, Pieces
from letopis.training.e5 import E5File, unigram
from letopis.training.examples import ROOT, Numbering, classes_of, lexicon_of, links_in, other_nominals, sentence_rows
from letopis.training.export import WEIGHTS
from letopis.training.network import Annotator, Sizes
from letopis.training.silver import PARAGRAPHS, silver_rows
from letopis.training.train import Corpora, Phase, Settings, build, fit, mean_of, mixed, write_json

LETTERS = "абвгдежзийклмнопрстуфхцчшщъьюяАБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЮЯ.,„“-0123456789"
SENTENCE = (
    Word("Кметът", "кмет", "NOUN", "Ncmsf", "Definite=Def|Gender=Masc|Number=Sing", 2, "nsubj", True),
    Word("откри", "открия", "VERB", "Vpptf-o3s", "Mood=Ind|VerbForm=Fin", 0, "root", True),
    Word("форума", "форум", "NOUN", "Ncmsh", "Definite=Def|Gender=Masc|Number=Sing", 2, "obj", False),
    Word(".", ".", "PUNCT", "punct", "", 2, "punct", True),
)


@pytest.fixture(scope="module")
def report(corpus: Path) -> AnnotatedReport:
    return next(one for one in annotated_reports(corpus) if one.name == "d001")


@pytest.fixture(scope="module")
def numbering(tmp_path_factory: pytest.TempPathFactory) -> Numbering:
    path = tmp_path_factory.mktemp("tokenizer") / TOKENIZER
    special = [("<s>", 0.0), ("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0)]
    unigram([*special, *((letter, -3.0) for letter in SPACE + LETTERS)]).save(str(path))
    return Numbering(Pieces.load(path), classes_of([SENTENCE, SENTENCE]))


def test_nominals_are_exchanged_for_others_of_the_same_tag() -> None:
    rows = sentence_rows(SENTENCE)
    inflected = {"Ncmsh": [("дъба", "дъб")]}
    draws = [other_nominals(rows, random.Random(seed), inflected) for seed in range(100)]
    exchanged = [row[2] for row in draws if row != rows]
    assert exchanged
    assert all((row.form, row.lemma, row.tag) == ("дъба", "дъб", rows[2].tag) for row in exchanged)
    assert all(row[:2] + row[3:] == rows[:2] + rows[3:] for row in draws)


def test_a_pipeline_is_trained_saved_and_loaded(tmp_path: Path, report: AnnotatedReport, numbering: Numbering) -> None:
    corpora = Corpora([SENTENCE] * 4, [], [], [], [report], {})
    draw = random.Random(1)
    torch.manual_seed(1)
    model = Annotator(Sizes(len(SPACE + LETTERS) + 4, 1, *map(len, astuple(numbering.classes))))
    phase = Phase(steps=3, rate=1e-3, last_rate=1e-4, corpora_per_report=1)
    settings = Settings(layers=1, batch=2, seed=1, treebank_rounds=1, names="", phases=[phase])
    stream = mixed(corpora.batches(numbering, settings, draw), corpora.report_batches(numbering, draw), 1)
    before = model.names.weight.clone()
    fit(model, stream, phase)
    torch.save(model.state_dict(), tmp_path / WEIGHTS)
    assert not torch.equal(before, model.names.weight)

    numbering.pieces._tokenizer.save(str(tmp_path / TOKENIZER))
    write_json(asdict(numbering.classes), tmp_path / CLASSES)
    write_json(lexicon_of([SENTENCE], numbering.classes.lemmas), tmp_path / LEXICON)
    build(tmp_path, tmp_path / "pipeline")
    doc = spacy.load(tmp_path / "pipeline")("Кметът откри форума.")
    assert doc.has_annotation("LEMMA")
    assert {token.tag_ for token in doc} <= {"Ncmsf", "Vpptf-o3s", "Ncmsh", "punct"}
    assert sum(token.head is token or token.head.i == token.i for token in doc) == len(list(doc.sents))


def test_a_teacher_annotates_running_text(tmp_path: Path) -> None:
    path = tmp_path / PARAGRAPHS
    path.parent.mkdir()
    line = "Река Дунав извира в Германия, минава край Видин и се влива в Черно море.  Дълга е две хиляди километра."
    path.write_bytes(gzip.compress(f"Реки\n{line}\n".encode()))
    sentences = silver_rows(tmp_path, "letopis_bg_sm")
    assert [row.form for row in sentences[0]][:4] == ["Река", "Дунав", "извира", "в"]
    assert len(sentences) == 2
    assert [sum(row.head == ROOT and row.label == "root" for row in rows) for rows in sentences] == [1, 1]
    assert [row.starts for row in sentences[1]] == [True] + [False] * (len(sentences[1]) - 1)
    tags = set(load_backend("letopis_bg_sm").get_pipe("letopis_encoder").network.classes.tags)
    assert {row.tag for rows in sentences for row in rows} <= tags
    assert "B-LOC" in {row.name for row in sentences[0]}
    assert sentences[1][0].spaced


def test_the_mean_of_weights(tmp_path: Path) -> None:
    for number in (1, 3):
        torch.save({"tags.weight": torch.full((2, 2), float(number))}, tmp_path / f"{number}.pt")
    mean = mean_of([tmp_path / "1.pt", tmp_path / "3.pt"])
    assert mean["tags.weight"].tolist() == [[2, 2], [2, 2]]


def test_weights_are_told_apart_by_the_settings_behind_them() -> None:
    phase = Phase(steps=1, rate=1e-4, last_rate=1e-6, corpora_per_report=1)
    settings = Settings(layers=2, batch=8, seed=1, treebank_rounds=1, names="x", phases=[phase])
    longer = replace(settings, phases=[phase, phase])
    assert longer.digest(0) == settings.digest(0) != longer.digest(1)
    assert replace(settings, layers=3).digest(0) != settings.digest(0)


def test_batches_say_what_the_annotators_said(report: AnnotatedReport, numbering: Numbering) -> None:
    window = numbering.window(sentence_rows(SENTENCE))
    assert window.gold["arcs"] == [2, 0, 2, 2]
    assert numbering.classes.lemmas[window.gold["lemmas"][0]] == "lower|0||2|"
    corpora = Corpora([SENTENCE], [], [], [], [report], {})
    batch = next(corpora.report_batches(numbering, random.Random(1)))
    assert batch.functions is not None
    assert batch.functions.shape == (len(batch.mentions), len(numbering.classes.functions))
    assert batch.functions.sum() > 10
    assert {link.kind for link in batch.links} == {0, 1}
    for link in batch.links:
        assert set(link.wanted) <= set(link.candidates)


def test_nobody_is_linked_across_windows(report: AnnotatedReport, numbering: Numbering) -> None:
    rows = list(islice(sentence_rows(SENTENCE), 4))
    assert list(links_in(numbering.window(rows), 0, report)) == []


@pytest.mark.parametrize("pipeline", SHIPPED)
def test_the_shipped_settings_can_be_read(pipeline: str) -> None:
    assert Settings.load(pipeline).phases[-1].corpora_per_report > 0


def test_other_files_are_no_settings(tmp_path: Path) -> None:
    path = tmp_path / "other.toml"
    path.write_text("layers = 3", encoding="utf-8")
    with pytest.raises(ValueError, match="no settings of a training"):
        Settings.load(str(path))


def test_held_out_reports_exist(corpus: Path) -> None:
    assert held_out(corpus)
    assert held_out(corpus) <= {path.stem for path in (corpus / "reports").glob("*.txt")}


def test_another_file_is_no_e5(tmp_path: Path) -> None:
    path = tmp_path / "e5.bin"
    path.write_bytes(b"nothing of the kind")
    with pytest.raises(ValueError, match="no 4-bit e5 file"):
        E5File(path)
