"""Organisations: a sentence, and the base forms of the names that are to be found in it."""

from __future__ import annotations

import pytest
from spacy.language import Language

from letopis.findings import findings

SENTENCES = [
    ("Присъстваха експерти от Министерството на образованието и науката.", ["Министерство на образованието и науката"]),
    ("Форумът се проведе в Аграрния университет.", ["Аграрен университет"]),
    ("Организатор е Сдружение „Дизайн Борд“.", ["Дизайн Борд"]),
    ("Домакин беше ОУ „Христо Ботев“.", ["ОУ „Христо Ботев“"]),
    ("Спонсор е „Волтар Моторс“ ООД.", ["Волтар Моторс ООД"]),
    ("Срещата организира Община Сливо поле.", ["Община Сливо поле"]),
    ("Партньор е Balkan Cluster Network.", ["Balkan Cluster Network"]),
    ("Гостите посетиха Регионалния исторически музей – Видин.", ["Регионален исторически музей – Видин"]),
    ("Конкурсът е на Българската федерация по ориентиране /БФО/. От БФО благодариха.", ["Българска федерация по ориентиране"]),
    ("Сесията откри ректорът на УНСС.", ["УНСС"]),
    ("Клъстер за зелен транспорт (КЗТ) кани всички. От КЗТ очакват 50 души.", ["Клъстер за зелен транспорт"]),
    # no organisations
    ("Присъстваха представители на държавни институции и местната власт.", []),
    ("Обсъдена бе програма „Хоризонт 2020“.", []),
    ("На 13 март в София се проведе среща.", []),
]  # fmt: skip


@pytest.mark.parametrize(("text", "names"), SENTENCES)
def test_organizations(nlp: Language, text: str, names: list[str]) -> None:
    assert [one.name for one in findings(nlp(text)).organizations] == names


def test_an_abbreviation_is_bound_to_its_long_form(nlp: Language) -> None:
    text = "Конкурсът е на Българската федерация по ориентиране /БФО/. От БФО благодариха."
    (federation,) = findings(nlp(text)).organizations
    assert federation.abbreviation == "БФО"
    assert [text[m.start_char : m.end_char] for m in federation.mentions][-1] == "БФО"
