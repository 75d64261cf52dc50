"""How many people were at an event: „над 120 души“, „между 50 и 60 участници“, „двадесет и пет деца“."""

from __future__ import annotations

import re
from dataclasses import dataclass

from letopis.clauses import Statement
from letopis.vocabulary import toml
from letopis.word_forms import any_of

_WORDS = toml("attendance.toml")
_NUMBER_WORDS: dict[str, int] = _WORDS["numbers"]
_BOUNDS: dict[str, list[str]] = _WORDS["bounds"]
_PRESENCE = re.compile("|".join(_WORDS["presence"]))
_PEOPLE = any_of(_WORDS["people"]).pattern

_DIGITS = r"\d{1,3}(?:[  ]\d{3})+|\d{1,6}"
_WORD_NUMBER = "(?:" + "|".join(sorted(_NUMBER_WORDS, key=len, reverse=True)) + ")"
_NUMBER = rf"(?:{_DIGITS}|{_WORD_NUMBER}(?:\s+и\s+{_WORD_NUMBER}|\s+{_WORD_NUMBER})*)"
_BOUND = "|".join(sorted((b for bounds in _BOUNDS.values() for b in bounds), key=len, reverse=True))
_COUNT = re.compile(
    rf"(?<![\w№.,/])(?:(?P<between>между)\s+)?(?:(?P<bound>{_BOUND})\s+)?(?P<first>{_NUMBER})(?P<suffix>-?(?:ма|те|имата|тимата)\b)?"
    rf"(?:\s*(?:и|до|–|-)\s*(?P<second>{_DIGITS}))?(?P<gap>(?:\s+[\w„“\"-]+){{0,3}}?)\s+(?:{_PEOPLE})",
    re.IGNORECASE,
)
# The number alone, where its noun is understood: „присъстваха 91“, „бяхме 43-ма“, „над 60 на брой“.
_BARE = re.compile(
    rf"(?:присъства(?:т|ха)|бяхме|участваха)\s+(?:(?P<bound>{_BOUND})\s+)?(?P<first>\d{{1,5}})(?:-?ма)?(?=[,.;\s]*(?:$|,|\.|;|души))"
    rf"|(?:(?P<bound2>{_BOUND})\s+)?(?P<first2>\d{{1,5}})\s+на брой",
    re.IGNORECASE,
)
_NOT_PEOPLE_GAP = re.compile(
    r"\b(?:лв|евро|лева|год\w*|фирми|държави|града|час\w*|минути|ден|дни|млн|хил|км|т\.|%|на сто|от|и|клъстера|"
    r"компании|без|екип\w*|отбор\w*|народни)\b",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Attendance:
    """`least`/`most` people; `most` is empty where the text names a lower bound only."""

    least: int | None
    most: int | None
    start_char: int
    end_char: int
    certainty: int


def attendance_in(statement: Statement) -> list[Attendance]:
    """The counts of people that the statement gives, with how surely they are the people at an event."""
    text, offset = statement.text, statement.span.start_char
    present = bool(_PRESENCE.search(text.lower()))
    found = []
    for match in _COUNT.finditer(text):
        if _NOT_PEOPLE_GAP.search(match["gap"] or "") or re.match(r"\s*годи", text[match.end() :]):
            continue
        least, most = _bounds(
            match["bound"], match["first"], match["second"] if match["between"] or match["second"] else None
        )
        if (least or most or 0) < 5:
            continue
        certainty = 3 * present + 2 * bool(match["bound"] or match["between"])
        found.append(Attendance(least, most, offset + match.start(), offset + match.end(), certainty))
    for match in _BARE.finditer(text):
        least, most = _bounds(match["bound"] or match["bound2"], match["first"] or match["first2"], None)
        found.append(Attendance(least, most, offset + match.start(), offset + match.end(), 5))
    return found


def _bounds(bound: str | None, first: str, second: str | None) -> tuple[int | None, int | None]:
    number = _value(first)
    if second:
        return number, _value(second)
    kind = (bound or "").lower()
    if kind in _BOUNDS["least"]:
        return number, None
    if kind in _BOUNDS["most"]:
        return None, number
    return number, number


def _value(text: str) -> int:
    digits = re.sub(r"\D", "", text)
    if digits:
        return int(digits)
    parts = [_NUMBER_WORDS[word] for word in text.lower().split() if word in _NUMBER_WORDS]
    return sum(parts)
