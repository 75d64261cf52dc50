"""A lemma as a script: what it is, that it gives the lemma back, that like words share one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from letopis.lemma_scripts import apply_script, lemma_script

WORDS = st.text("абвгдежзийклмнопрстуфхцчшщъьюя-", min_size=1, max_size=12)


@pytest.mark.parametrize(
    ("form", "lemma", "script"),
    [
        ("книгите", "книга", "lower|0||3|а"),
        ("къщите", "къща", "lower|0||3|а"),
        ("Софийския", "софийски", "lower|0||1|"),
        ("НАТО", "нато", "lower|0||0|"),
        ("най-добър", "добър", "lower|4||0|"),
        ("е", "съм", "=съм"),
    ],
)
def test_script_of_a_word(form: str, lemma: str, script: str) -> None:
    assert lemma_script(form, lemma) == script
    assert apply_script(form, script) == lemma


@given(form=WORDS, lemma=WORDS, capital=st.booleans())
def test_a_script_gives_its_lemma_back(form: str, lemma: str, capital: bool) -> None:
    form = form.capitalize() if capital else form
    assert apply_script(form, lemma_script(form, lemma)) == lemma


def test_a_script_that_would_cut_off_all_leaves_the_form() -> None:
    assert apply_script("Ти", lemma_script("книгите", "книга")) == "ти"
