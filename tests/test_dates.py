"""Calendar expressions: the text, and what it says as EDTF beside it."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from letopis.extractors.dates import find_dates

MONTHS = [
    "януари",
    "февруари",
    "март",
    "април",
    "май",
    "юни",
    "юли",
    "август",
    "септември",
    "октомври",
    "ноември",
    "декември",
]

EXPRESSIONS = [
    # days
    ("На 13 март 2015 г. се проведе среща.", {"13 март 2015 г.": "2015-03-13"}),
    ("Срещата бе на 13.03.2015г. в Ниш.", {"13.03.2015г.": "2015-03-13"}),
    ("Срещата бе на 3.3.2015 в Ниш.", {"3.3.2015": "2015-03-03"}),
    ("Срещата бе на 05/03/2015.", {"05/03/2015": "2015-03-05"}),
    ("Архив: 2015-03-05", {"2015-03-05": "2015-03-05"}),
    ("Писмо от 13.III.2015 г.", {"13.III.2015 г.": "2015-03-13"}),
    ("На 1-ви ноември 2016 г. отворихме.", {"1-ви ноември 2016 г.": "2016-11-01"}),
    ("На 13-и юни 2016 отворихме.", {"13-и юни 2016": "2016-06-13"}),
    ("На първи април 2016 г. отворихме.", {"първи април 2016 г.": "2016-04-01"}),
    ("На двадесет и четвърти май 2016 г. отворихме.", {"двадесет и четвърти май 2016 г.": "2016-05-24"}),
    ("На 17 юни (вторник) 2014 г. отворихме.", {"17 юни (вторник) 2014 г.": "2014-06-17"}),
    ("На 9 месец май 2014 г.", {"9 месец май 2014 г.": "2014-05-09"}),
    # ranges
    ("На 24-25 април 2015 г. в Скопие", {"24-25 април 2015 г.": "2015-04-24/2015-04-25"}),
    ("На 24 – 25 април 2015 г. в Скопие", {"24 – 25 април 2015 г.": "2015-04-24/2015-04-25"}),
    ("На 24 и 25 април 2015 г.", {"24 и 25 април 2015 г.": "2015-04-24/2015-04-25"}),
    ("На 24, 25 и 26 април 2015 г.", {"24, 25 и 26 април 2015 г.": "2015-04-24/2015-04-26"}),
    ("от 3 до 5 юни 2015 г.", {"от 3 до 5 юни 2015 г.": "2015-06-03/2015-06-05"}),
    ("между 5 и 9 юли 2015 г.", {"между 5 и 9 юли 2015 г.": "2015-07-05/2015-07-09"}),
    ("28 февруари – 2 март 2020 г.", {"28 февруари – 2 март 2020 г.": "2020-02-28/2020-03-02"}),
    ("30 декември – 2 януари 2020 г.", {"30 декември – 2 януари 2020 г.": "2019-12-30/2020-01-02"}),
    ("24-25.04.2015 г.", {"24-25.04.2015 г.": "2015-04-24/2015-04-25"}),
    ("30.12.2019 – 2.01.2020 г.", {"30.12.2019 – 2.01.2020 г.": "2019-12-30/2020-01-02"}),
    # separate days
    ("на 3, 10 и 17 май 2015 г.", {"3": "2015-05-03", "10": "2015-05-10", "17 май 2015 г.": "2015-05-17"}),
    ("На 5 юни 2015 г. и 7 юли 2015 г.", {"5 юни 2015 г.": "2015-06-05", "7 юли 2015 г.": "2015-07-07"}),
    # months, seasons, years
    ("през март 2015 г.", {"март 2015 г.": "2015-03"}),
    ("в края на октомври 2018 г.", {"края на октомври 2018 г.": "2018-10"}),
    ("април–май 2016 г.", {"април–май 2016 г.": "2016-04/2016-05"}),
    ("през пролетта на 2015 г.", {"пролетта на 2015 г.": "2015-21"}),
    ("първото тримесечие на 2018 г.", {"първото тримесечие на 2018 г.": "2018-01/2018-03"}),
    ("второто полугодие на 2018 г.", {"второто полугодие на 2018 г.": "2018-07/2018-12"}),
    ("през 2011 г. бе основан", {"2011 г.": "2011"}),
    ("програмен период 2014-2020", {"2014-2020": "2014/2020"}),
    ("учебната 2016/2017 година", {"2016/2017 година": "2016/2017"}),
    ("учебната 2016/17 г.", {"2016/17 г.": "2016/2017"}),
    # a missing year comes from the report's own dates
    ("На 1 февруари 2018 г. подписаха, а на 16 май ще открият.", {"1 февруари 2018 г.": "2018-02-01", "16 май": "2018-05-16"}),
    ("На 5 декември 2018 г. приключи. На 7 януари ще се проведе нов.",
     {"5 декември 2018 г.": "2018-12-05", "7 януари": "2019-01-07"}),
    ("На 5 юни 2018 г. се събраха. Последно бе през април м.г.", {"5 юни 2018 г.": "2018-06-05", "април м.г.": "2017-04"}),
    ("Срещата е на 24 април.", {"24 април": "XXXX-04-24"}),
    ("Срещата е на 14.05. в Ниш.", {"14.05.": "XXXX-05-14"}),
]  # fmt: skip

NOT_DATES = [
    "чл. 5, ал. 2 от закона", "Бюджетът е 1 143 208,55 евро.", "тел. 032/ 000 000", "Започва в 10.30 ч. в зала 2.", "от 10:30 до 17:30 часа",
    "над 2000 участници", "повече от 40 участника", "продължи три дни", "програма „Хоризонт 2020“", "ISO 9001:2015", "резултат 3:2",
    "проект BG16RFOP002-2.024", "в 12 общини и 5 области", "от 2000 души", "май никой не дойде", "версия 3.11.7", "32.13.2015", "200 лв. и 20 ст.",
    "30 февруари", "стая 1204", "Наредба № 16734", "дължина 12.5 м",
]  # fmt: skip


def found(text: str) -> dict[str, str]:
    return {text[d.mention.start_char : d.mention.end_char]: d.edtf for d in find_dates(text)}


@pytest.mark.parametrize(("text", "expected"), EXPRESSIONS)
def test_expressions(text: str, expected: dict[str, str]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize("text", NOT_DATES)
def test_what_is_no_date(text: str) -> None:
    assert found(text) == {}


def test_an_inferred_year_is_marked() -> None:
    stated, concluded = find_dates("На 1 май 2018 г. подписаха, на 16 май откриха.")
    assert (stated.inferred, stated.mention.confidence) == ("", 1.0)
    assert concluded.inferred == "year"
    assert concluded.mention.confidence < 1


def test_an_unknown_year_leaves_no_day() -> None:
    (date,) = find_dates("Срещата е на 24 април.")
    assert (date.start, date.end, date.inferred) == (None, None, "")


def test_relative_days_count_from_the_publication() -> None:
    text = "Вчера в Русе се проведе среща."
    assert find_dates(text) == []
    (date,) = find_dates(text, datetime.date(2019, 3, 1))
    assert date.edtf == "2019-02-28"
    assert date.inferred


@pytest.mark.parametrize(
    "text",
    ["София, 14 май 2019 г.\n\nДнес в Русе се проведе среща.", "Среща\n\nПубликувано на 14.05.2019\n\nДнес бе среща."],
)
def test_the_dateline_dates_today(text: str) -> None:
    assert "2019-05-14" in found(text).values()
    assert found(text)["Днес"] == "2019-05-14"


days = st.dates(datetime.date(1990, 1, 1), datetime.date(2039, 12, 31))
FORMS = [
    "{d} {month} {y} г.", "{d} {month} {y}", "{d}.{m:02}.{y} г.", "{d:02}.{m:02}.{y}", "{d}.{roman}.{y} г.", "{d}-и {month} {y} г.", "{y}-{m:02}-{d:02}",
]  # fmt: skip
ROMAN = ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"]


@given(day=days, form=st.sampled_from(FORMS))
def test_every_written_form_of_a_day_is_read_back(day: datetime.date, form: str) -> None:
    written = form.format(d=day.day, m=day.month, y=day.year, month=MONTHS[day.month - 1], roman=ROMAN[day.month - 1])
    (date,) = find_dates(f"Срещата на {written} мина добре.")
    assert (date.edtf, date.start, date.end) == (day.isoformat(), day, day)


@given(st.text(alphabet="0123456789./-– гмайюниотдо,\n", max_size=60))
def test_mentions_are_in_order_and_values_agree(text: str) -> None:
    end = 0
    for date in find_dates(text):
        assert end <= date.mention.start_char < date.mention.end_char <= len(text)
        end = date.mention.end_char
        if date.start and date.end:
            assert date.start <= date.end
            assert date.edtf.startswith(f"{date.start.year:04}")


def test_long_lines_are_read_in_linear_time() -> None:
    assert find_dates("1-2-3, 4 и 5 до 6 – " * 5000) == []
