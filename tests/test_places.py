"""Places: a sentence, and the places in it with their countries."""

from __future__ import annotations

import pytest
from spacy.language import Language

from letopis.findings import findings

SENTENCES = [
    ("Срещата се проведе в София.", {"София": "BG"}),
    ("Гостите пристигнаха от гр. Ниш, Република Сърбия.", {"Ниш": "RS", "Сърбия": "RS"}),
    ("Участваха фирми от Турция, Румъния и България.", {"Турция": "TR", "Румъния": "RO", "България": "BG"}),
    ("Работилницата е в с. Победа.", {"Победа": "BG"}),
    ("Габрово, 21.08.2019 г.\n\nКупата приключи.", {"Габрово": "BG"}),
    ("Клъстерите в Югоизточна Европа растат.", {"Югоизточна Европа": ""}),
    ("Младежи от Черна гора пристигнаха в Баня Лука.", {"Черна гора": "ME", "Баня Лука": "BA"}),
    # no places of their own
    ("Община Варна организира конкурс.", {}),
    ("Победа на нашите деца в конкурса!", {}),
    ("Мир и разбирателство пожела кметът.", {}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "places"), SENTENCES)
def test_places(nlp: Language, text: str, places: dict[str, str]) -> None:
    assert {place.name: place.country for place in findings(nlp(text)).places} == places


def test_a_bulgarian_town_has_its_code(nlp: Language) -> None:
    (place,) = findings(nlp("Срещата се проведе в Пловдив.")).places
    assert (place.ekatte, place.kind) == ("56784", "settlement")
    assert place.latitude == pytest.approx(42.15, abs=0.05)


def test_villages_of_one_name_have_no_code_unless_something_decides(nlp: Language) -> None:
    (place,) = findings(nlp("Работилницата е в с. Победа.")).places
    assert place.ekatte == ""
