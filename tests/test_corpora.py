"""Annotations found again in their texts."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from spacy.vocab import Vocab

from letopis.corpora import FORMS, annotated_reports, inflected, longest, nominal_tag, places_of
from letopis.tokenizer import BulgarianTokenizer


@pytest.mark.parametrize(
    ("text", "form", "found"),
    [
        ("В Министерството на туризма заседаваха.", "Министерство на туризма", ["Министерството на туризма"]),
        ("Кметът Иван Петров и кметът на Русе.", "кмет", ["Кметът", "кметът"]),
        ("от „Волтар Моторс“ ООД, Пазарджик", "Волтар Моторс ООД", ["„Волтар Моторс“ ООД"]),
        ("Директорката Ана Колева", "директор", ["Директорката"]),
        ("в зала „Ловеч“ на хотела", "Зала „Ловеч“", ["зала „Ловеч“"]),
        ("Петров говори за Петрич.", "Петър", []),
        ("БАН и баня", "БАН", ["БАН"]),
    ],
)
def test_forms_are_found_in_any_inflection(text: str, form: str, found: list[str]) -> None:
    words = [token for token in BulgarianTokenizer(Vocab())(text) if not token.is_space]
    assert [text[one.start : one.end] for one in places_of(words, form, "X", form)] == found


def test_of_two_that_overlap_the_longer_stays() -> None:
    words = list(BulgarianTokenizer(Vocab())("Община Русе в Русе"))
    both = [*places_of(words, "Русе", "LOC", "Русе"), *places_of(words, "Община Русе", "ORG", "Община Русе")]
    assert [(one.start, one.label) for one in longest(both)] == [(0, "ORG"), (14, "LOC")]


def test_nearly_every_annotation_stands_in_its_text(corpus: Path) -> None:
    reports = list(annotated_reports(corpus))
    assert len(reports) == len(list((corpus / "gold").glob("*.json")))
    for report in reports:
        assert all(report.text[one.start : one.end].strip() for one in (*report.names, *report.slots))
        assert report.actors, report.name
        for actor in report.actors:
            assert all(not report.actors[number].is_person for number in actor.organizations), report.name


@pytest.mark.parametrize(
    ("lexeme", "inflection", "tag"),
    [
        ("Част на речта=Съществително име|Род=Мъжки", "Форма=Основна|Число=Единствено", "Ncmsi"),
        ("Част на речта=Съществително име|Род=Мъжки", "Число=Единствено|Член=Пълен", "Ncmsf"),
        ("Част на речта=Съществително име|Род=Мъжки", "Форма=Бройна", "Ncmt"),
        ("Част на речта=Съществително име|Род=Женски", "Число=Множествено|Член=Има", "Ncfpd"),
        ("Част на речта=Прилагателно име", "Число=Множествено", "A-pi"),
        ("Част на речта=Прилагателно име", "Член=Кратък|Род=Мъжки|Число=Единствено", "Amsh"),
        ("Част на речта=Съществително име|Означава=Държава", "Форма=Основна|Число=Единствено", None),
        ("Част на речта=Наречие", "Форма=Основна", None),
    ],
)
def test_nominals_of_the_lexicon_get_the_tags_of_the_treebank(lexeme: str, inflection: str, tag: str | None) -> None:
    assert nominal_tag(lexeme, inflection) == tag


def test_forms_are_read_by_tag(tmp_path: Path) -> None:
    (tmp_path / FORMS).parent.mkdir()
    lines = [
        "form\tlemma\tlexeme_props\tform_props\ttable",
        "дъба\tдъб\tЧаст на речта=Съществително име|Род=Мъжки\tЧисло=Единствено|Член=Кратък\t1",
    ]
    (tmp_path / FORMS).write_bytes(gzip.compress("\n".join(lines).encode()))
    assert inflected(tmp_path) == {"Ncmsh": [("дъба", "дъб")]}
    assert inflected(tmp_path / "elsewhere") == {}
