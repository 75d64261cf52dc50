"""Talks: a text, and who spoke about what according to it, with rules alone."""

from __future__ import annotations

import pytest
from spacy.language import Language

from letopis.findings import findings

TEXTS = [
    ("Мария Петрова разказа за горите на Витоша.", [("Мария Петрова", "горите на Витоша")]),
    ("Иван Колев изнесе лекция на тема „Тихи градове“.", [("Иван Колев", "Тихи градове")]),
    ("Резултатите от проекта бяха представени от Анна Стоева.", [("Анна Стоева", "Резултатите от проекта")]),
    ("Анна Стоева говори за хляба, а Иван Колев – за виното.", [("Анна Стоева", "хляба"), ("Иван Колев", "виното")]),
    ("Доклади:\n- Иван Колев: Хляб и вино\n- Анна Стоева: Вода", [("Иван Колев", "Хляб и вино"), ("Анна Стоева", "Вода")]),
    ("Иван Колев представи проектите, по които работят учениците.", [("Иван Колев", "проектите, по които работят учениците")]),
    # no talks
    ("Иван Колев поднесе поздравителен адрес.", []),
    ("Директорът представи Анна Стоева.", []),
]  # fmt: skip


@pytest.mark.parametrize(("text", "talks"), TEXTS)
def test_talks(nlp: Language, text: str, talks: list[tuple[str, str]]) -> None:
    found = findings(nlp("Среща във Видин\n\n" + text))
    assert [(talk.speaker.name if talk.speaker else "", talk.title) for talk in found.talks] == talks
