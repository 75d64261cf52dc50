"""Lines of a report and quotations in it, with what each should be written beside the text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from letopis.layout import is_letterhead, lines_of, title_of
from letopis.quotes import quotations

REPORT = """Кръгла маса за водата

На 3 май в Плевен се проведе кръгла маса.
Участваха 40 души.

Теми:
 • цени на водата
 2. загуби по мрежата
а) нови тръби
– Инж. Петър Колев, ВиК
Снимки
"""


def test_lines_have_their_kind_and_offsets() -> None:
    lines = [(line.kind, REPORT[line.start : line.end]) for line in lines_of(REPORT)]
    assert lines == [
        ("title", "Кръгла маса за водата"),
        ("paragraph", "На 3 май в Плевен се проведе кръгла маса."),
        ("paragraph", "Участваха 40 души."),
        ("paragraph", "Теми:"),
        ("item", "цени на водата"),
        ("item", "загуби по мрежата"),
        ("item", "нови тръби"),
        ("item", "Инж. Петър Колев, ВиК"),
        ("heading", "Снимки"),
    ]


def test_blank_lines_part_blocks() -> None:
    assert [line.block for line in lines_of("а\r\n\r\nб\r\nв\n \nг")] == [0, 1, 1, 2]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Среща в Ниш\nНа 3 май…", "Среща в Ниш"),
        ("Среща в Ниш, 13 март 2015 г.\n", "Среща в Ниш, 13 март 2015 г."),
        ("\n\n  Среща в Ниш  \n", "Среща в Ниш"),
        ("В Ниш се проведе среща. Участваха 40 души.", ""),
        ("• първо\n• второ", ""),
        ("", ""),
    ],
)
def test_title(text: str, title: str) -> None:
    assert title_of(text) == title


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("фондация „Сливи“ и «Роза»", ["Сливи", "Роза"]),
        ("сдружение “Дизайн Борд” участва", ["Дизайн Борд"]),
        ('програма "Иновации" 2014', ["Иновации"]),
        ("НЧ „Св. Св. Кирил и Методий“, Русе", ["Св. Св. Кирил и Методий"]),
        ("проект „Училище “Зора” чете“ завърши", ["Училище “Зора” чете"]),
        ("незатворена „кавичка\nна друг ред“", []),
        ("без кавички", []),
    ],
)
def test_quotations(text: str, quoted: list[str]) -> None:
    assert [text[q.inner_start : q.inner_end] for q in quotations(text)] == quoted


@given(st.text(alphabet='аб „“”"«»\n•-1.)', max_size=80))
def test_lines_and_quotations_lie_in_the_text_in_order(text: str) -> None:
    ends = [0] + [end for line in lines_of(text) for end in (line.start, line.end)]
    assert ends == sorted(ends)
    assert ends[-1] <= len(text)
    spans = [end for q in quotations(text) for end in (q.start, q.inner_start, q.inner_end, q.end)]
    assert spans == sorted(spans)


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Министерство на туризма | Прессъобщение | 10.07.2020\n\nРусе има нов музей\n", "Русе има нов музей"),
        ("ОБЩИНА РУСЕ\nДирекция „Култура и образование“\n12 май 2019 г.\n\nОтвори врати нов музей\n", "Отвори врати нов музей"),
        ("Русе, 12 май 2019 г.\nОтвори врати нов музей\n", "Отвори врати нов музей"),
        ("РДПБЗН – Монтана / Актуално / 08.05.2015\nНов автомобил за пожарникарите\n", "Нов автомобил за пожарникарите"),
        ("Новини\nСреща на кметовете\nМинистерство на туризма\n", "Среща на кметовете"),
        ("Министерство на туризма\n\nСъобщава се, че срещата се проведе.", "Министерство на туризма"),
        ("Сдружение «Дизайн Борд»\nСреща на кметовете\n", "Среща на кметовете"),
        ("Начало » Култура » Ловеч\nСреща на кметовете\n", "Среща на кметовете"),
        ("Министерство на туризма\n- Среща на кметовете\nИ друго.", "Министерство на туризма"),
        # an institution that did something is a title
        ("ОБЩИНА РУСЕ НАГРАДИ УЧЕНИЦИТЕ\nОще един ред\n", "ОБЩИНА РУСЕ НАГРАДИ УЧЕНИЦИТЕ"),
        ("КОНКУРС „МЛАД ПОЕТ“\nОще един ред\n", "КОНКУРС „МЛАД ПОЕТ“"),
        ("Нова детска градина в Русе\nОще един ред\n", "Нова детска градина в Русе"),
        ("Община Русе награди учениците\nНовини\n", "Община Русе награди учениците"),
        ("Министерството на туризма откри музей\n", "Министерството на туризма откри музей"),
    ],
)  # fmt: skip
def test_the_title_stands_below_the_letterhead(text: str, title: str) -> None:
    assert title_of(text) == title


def test_a_long_line_is_no_letterhead() -> None:
    assert not is_letterhead(
        "Община" + " на Горна Баня" * 14 + "!"
    )  # read in more than one way, this would take for ever
