"""Names in Latin letters by the law of 2009, and spellings of one name in two scripts."""

from __future__ import annotations

import pytest

from letopis.transliteration import sound_key, to_latin


@pytest.mark.parametrize(
    ("bulgarian", "latin"),
    [
        ("София", "Sofia"), ("България", "Bulgaria"), ("Щъркел", "Shtarkel"), ("Жеко Чолаков", "Zheko Cholakov"), ("Цвета Янкова", "Tsveta Yankova"),
        ("Юлия", "Yulia"), ("Мария", "Maria"), ("Ихтиман", "Ihtiman"), ("Кърджали", "Kardzhali"), ("МИНИСТЕРСТВО", "MINISTERSTVO"), ("ЩЕ", "SHTE"),
        ("Гьоте", "Gyote"), ("Cluster House", "Cluster House"), ("Св. Климент 2015", "Sv. Kliment 2015"),
    ],
)  # fmt: skip
def test_to_latin(bulgarian: str, latin: str) -> None:
    assert to_latin(bulgarian) == latin


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Данка Милойкович", "Danka Milojković"), ("Горан Златкович", "Goran Zlatkovic"), ("Таня Радошевич", "Tanja Radosevic"),
        ("Йелена Костич", "Jelena Kostić"), ("Челик", "Çelik"), ("Иван Петров", "Ivan Petrov"),
    ],
)  # fmt: skip
def test_both_scripts_meet(one: str, other: str) -> None:
    assert sound_key(one) == sound_key(other)


@pytest.mark.parametrize(("one", "other"), [("Иван Петров", "Иван Павлов"), ("Мария", "Марин")])
def test_different_names_stay_apart(one: str, other: str) -> None:
    assert sound_key(one) != sound_key(other)
