"""Tokens (parted by ·) and sentences (parted by |) of messy Bulgarian."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from spacy.language import Language

TOKENS = [
    "На·24·-·25·април·2015·г.·в·Ниш", "13.03.2015·г.", "в·10:30·ч.·в·зала", "програма·2014·-·2020", "Г-жа·Колева", "Д-р·Иванов", "проф.·д-р·Петров",
    "по-голям", "„·Клъстер·за·туризъм·“", "«·Роза·»", "проекта·.·Тя·каза", "изпълнител·,·директор", "на·ул.·„·Гладстон·“", "(·КЗТМ·)", "/·БФО·/",
    "www.example.bg", "a.b@example.bg", "т.г.", "чл.·5·,·ал.·2",
]  # fmt: skip

SENTENCES = [
    "Срещата откри инж. Петър Колев. |Той благодари на г-жа. Иванова.",
    "Говори проф. д-р Асен Людсканов от СУ „Св. Климент Охридски“. |После имаше въпроси.",
    "На 13.03.2015 г. в гр. София се проведе среща. |Участваха 40 души.",
    "Заглавие\n\n|Първо изречение. |Второ изречение.",
    "Теми:\n|• цени на водата\n|• загуби по мрежата\n",
    "През 2014 г. проектът приключи. |През 2015 г. започна нов.",
    "И. Петров и М. Колева говориха. |Всички слушаха.",
]


@pytest.mark.parametrize("expected", TOKENS)
def test_tokens(nlp: Language, expected: str) -> None:
    text = rebuilt(expected)
    assert [token.text for token in nlp.make_doc(text)] == expected.split("·")


def rebuilt(tokens: str) -> str:
    """The text that the tokens are of, as it is written."""
    text = tokens.replace("·", " ")
    for written, apart in (
        ("24-25", "24 - 25"), ("2014-2020", "2014 - 2020"), ("„Клъстер", "„ Клъстер"), ("туризъм“", "туризъм “"), ("«Роза»", "« Роза »"),
        ("проекта.Тя", "проекта . Тя"), ("изпълнител,директор", "изпълнител , директор"), ("„Гладстон“", "„ Гладстон “"), ("(КЗТМ)", "( КЗТМ )"),
        ("/БФО/", "/ БФО /"), ("2015г.", "2015 г."), ("5,", "5 ,"),
    ):  # fmt: skip
        text = text.replace(apart, written)
    return text


@pytest.mark.parametrize("expected", SENTENCES)
def test_sentences(nlp: Language, expected: str) -> None:
    doc = nlp(expected.replace("|", ""))
    assert "|".join(sentence.text_with_ws for sentence in doc.sents) == expected


@given(st.text(max_size=80))
def test_tokenization_loses_nothing(nlp: Language, text: str) -> None:
    assert "".join(token.text_with_ws for token in nlp.make_doc(text)) == text
