"""The lexicon against the network's scores: attested tags win unless the network is sure."""

from __future__ import annotations

import numpy as np
import pytest

from letopis.lexicon import Lexicon, lexeme_class

TAGS = ["Ncmsd", "Ncfsd", "Ncfsi", "Vpitf-r3s", "Vpptf-o3s", "Dm"]
SCRIPTS = ["lower|0||2|", "lower|0||0|", "lower|0||0|м"]
TABLE = {
    "Ncmsd": {"слугата": 0},  # слуга
    "Ncfsi": {"книга": 1, "градина": 1},
    "Vpptf-o3s": {"обича": 2},
    "Dm": {"бързо": 1, "там": -1},
}


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return Lexicon(TABLE, TAGS, SCRIPTS)


@pytest.mark.parametrize(
    ("form", "scores", "script", "tag"),
    [
        ("Книга", [-9, -9, -2, -0.2, -9, -9], 1, "Ncfsi"),  # seen as nothing but a noun
        ("Книга", [-9, -9, -7, -0.2, -9, -9], 1, "Vpitf-r3s"),  # but the network is sure
        ("книгата", [-0.2, -2, -9, -9, -9, -9], 0, "Ncfsd"),  # a new form of a feminine noun
        ("книгата", [-0.2, -9, -9, -9, -9, -9], 0, "Ncmsd"),
        ("обича", [-9, -9, -9, -0.1, -3, -9], 2, "Vpptf-o3s"),
        ("слугата", [-0.1, -1, -9, -9, -9, -9], 0, "Ncmsd"),
        ("реката", [-0.1, -1, -9, -9, -9, -9], 0, "Ncmsd"),  # nothing is known of „река“
        ("там", [-9, -9, -9, -0.1, -9, -1], 1, "Dm"),
    ],
)
def test_best_tag(lexicon: Lexicon, form: str, scores: list[float], script: int, tag: str) -> None:
    assert TAGS[lexicon.best_tag(form, np.array(scores, dtype=np.float32), script)] == tag


@pytest.mark.parametrize(
    ("form", "tag", "script", "lemma"),
    [
        ("Слугата", "Ncmsd", 1, "слуга"),  # as the lexicon has it under this tag
        ("Слугата", "Ncfsd", 1, "слугата"),  # by the script
        ("Там", "Dm", 1, "там"),
    ],
)
def test_lemma(lexicon: Lexicon, form: str, tag: str, script: int, lemma: str) -> None:
    assert lexicon.lemma(form, TAGS.index(tag), script) == lemma


@pytest.mark.parametrize(
    ("tag", "lexeme"),
    [("Ncmsd", "Ncm"), ("Npfsi", "Npf"), ("Vpitf-r3s", "Vpit"), ("Ansi", None), ("R", None)],
)
def test_what_all_forms_of_a_word_share(tag: str, lexeme: str | None) -> None:
    assert lexeme_class(tag) == lexeme
