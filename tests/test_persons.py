"""Persons: a sentence, and the names that are to be found in it."""

from __future__ import annotations

import pytest
from spacy.language import Language

from letopis.findings import findings

SENTENCES = [
    ("Срещата откри г-н Стефан Илчев.", ["Стефан Илчев"]),
    ("Сред гостите бяха Иван Петров, Мария Колева и Петър Иванов.", ["Иван Петров", "Мария Колева", "Петър Иванов"]),
    ("Доклад изнесе проф. д-р Асен Людсканов.", ["Асен Людсканов"]),
    ("Присъства инж. Тодор Ж. Пиперков.", ["Тодор Ж. Пиперков"]),
    ("Говори д-р Ayumi Tanabe от Окаяма.", ["Ayumi Tanabe"]),
    ("Лекцията изнесе Jelena Kostić, директор на центъра.", ["Jelena Kostić"]),
    ("Наградата получи Мария Иванова-Петрова от Враца.", ["Мария Иванова-Петрова"]),
    ("Г-жа Айше Мехмедова представи проекта.", ["Айше Мехмедова"]),
    ("Иван Петров откри срещата. Г-н Петров благодари на всички.", ["Иван Петров"]),
    ("Говори Милош Пейчич. После Miloš Pejčić отговори на въпроси.", ["Милош Пейчич"]),
    # names that others bear
    ("Събитието бе в училище „Христо Ботев“.", []),
    ("Адрес: ул. „Иван Вазов“ 5.", []),
    ("Гостува в СУ „Св. Климент Охридски“.", []),
    ("Община Варна организира конкурс.", []),
    ("На 13 март се проведе среща.", []),
]  # fmt: skip


@pytest.mark.parametrize(("text", "names"), SENTENCES)
def test_persons(nlp: Language, text: str, names: list[str]) -> None:
    assert [person.name for person in findings(nlp(text)).persons] == names


@pytest.mark.parametrize(
    ("text", "gender"),
    [("Говори г-жа Kim Lee.", "female"), ("Говори Мария Колева.", "female"), ("Говори Иван Петров.", "male")],
)
def test_gender(nlp: Language, text: str, gender: str) -> None:
    assert [person.gender for person in findings(nlp(text)).persons] == [gender]


def test_mentions_of_one_person_are_joined(nlp: Language) -> None:
    (person,) = findings(nlp("Иван Петров откри срещата. Г-н Петров благодари на всички.")).persons
    assert len(person.mentions) == 2
    assert person.aliases == {"Петров"}
