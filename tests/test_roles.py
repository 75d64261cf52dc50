"""Roles: a sentence, and its rows as actor | organisation | position | function."""

from __future__ import annotations

import pytest
from spacy.language import Language

from letopis.findings import findings

SENTENCES = [
    ("Веселин Карабашев, председател на УС на Сдружение „Дизайн Борд“, представи проекта.",
     {"Веселин Карабашев | Дизайн Борд | председател на УС | speaker"}),
    ("Срещата бе открита от кмета на Община Русе Иван Петров.", {"Иван Петров | Община Русе | кмет | opener"}),
    ("Форумът се организира съвместно с Община Русе.", {"Община Русе |  |  | organizer"}),
    ("Организатори бяха Община Русе и Община Видин.", {"Община Русе |  |  | organizer", "Община Видин |  |  | organizer"}),
    ("Събитието се проведе със съдействието на Фондация „Река“.", {"Река |  |  | partner"}),
    ("Обучението е с финансовата подкрепа на Община Русе.", {"Община Русе |  |  | sponsor"}),
    ("Домакин на срещата беше Аграрният университет.", {"Аграрен университет |  |  | host"}),
    ("Модератор на дискусията беше Мария Колева.", {"Мария Колева |  |  | moderator"}),
    ("Сред гостите бяха Иван Петров и Мария Колева.", {"Иван Петров |  |  | participant", "Мария Колева |  |  | participant"}),
    ("Приветствие поднесе Мария Колева.", {"Мария Колева |  |  | opener"}),
    ("Директорът на музея Иван Петров разказа за находките.", {"Иван Петров |  | директор на музея | speaker"}),
    ("Изпълнителният директор Иван Петров благодари на гостите.", {"Иван Петров |  | изпълнителен директор | speaker"}),
    # the future is not yet a function
    ("Следващата среща ще бъде открита от Иван Петров.", set()),
]  # fmt: skip


@pytest.mark.parametrize(("text", "rows"), SENTENCES)
def test_roles(nlp: Language, text: str, rows: set[str]) -> None:
    found = findings(nlp(text)).roles
    assert {
        f"{role.actor.name} | {role.organization.name if role.organization else ''} | {role.position} | {role.function}"
        for role in found
    } == rows
