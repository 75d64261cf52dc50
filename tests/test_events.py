"""Events, talks and topics: a small report, and what it tells of."""

from __future__ import annotations

import pytest
from spacy.language import Language

from letopis.findings import findings

REPORT = """Кръгла маса за водата събра експерти в Плевен

На 3 май 2018 г. от 10:30 ч. в зала „Катя Попова“ в Плевен се проведе кръгла маса на тема „Водата утре“. В нея взеха участие над 120 души.

Проф. Мария Колева изнесе лекция на тема „Реки без граници“.

Бяха обсъдени следните теми:
• цени на водата
• загуби по мрежата

Следващата кръгла маса ще се проведе на 10 октомври 2018 г. във Враца.
"""


def test_main_event(nlp: Language) -> None:
    event = findings(nlp(REPORT)).main_event
    assert event is not None
    assert event.type == "round_table"
    assert event.date is not None
    assert event.date.edtf == "2018-05-03"
    assert event.start_time == "10:30"
    assert event.city is not None
    assert (event.city.name, event.country) == ("Плевен", "BG")
    assert "Катя Попова" in event.venue
    assert event.attendance_min == 120


def test_announced_event(nlp: Language) -> None:
    (event,) = [event for event in findings(nlp(REPORT)).events if event.scope == "upcoming"]
    assert event.date is not None
    assert event.date.edtf == "2018-10-10"
    assert event.city is not None
    assert event.city.name == "Враца"


def test_talk(nlp: Language) -> None:
    (talk,) = findings(nlp(REPORT)).talks
    assert (talk.speaker.name, talk.title) == ("Мария Колева", "Реки без граници")


def test_topics_are_listed_and_themes_named(nlp: Language) -> None:
    texts = [REPORT[t.mention.start_char : t.mention.end_char] for t in findings(nlp(REPORT)).topics]
    assert texts == ["Водата утре", "цени на водата", "загуби по мрежата"]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("На 3 май 2018 г. в Русе се проведе конференция за езика.", "conference"),
        ("На 3 май 2018 г. в Русе се проведе обучение на учители.", "training"),
        ("На 3 май 2018 г. в Русе бе открита изложба на Иван Петров.", "exhibition"),
        ("На 3 май 2018 г. в Русе се проведе фестивал на розата.", "festival"),
        ("На 3 май 2018 г. в Русе се проведе работна среща.", "meeting"),
        ("На 3 май 2018 г. в Русе се проведе турнир по шахмат.", "competition"),
    ],
)
def test_type(nlp: Language, text: str, kind: str) -> None:
    event = findings(nlp(text)).main_event
    assert event is not None
    assert event.type == kind
