"""The lines of a report: its title, headings, list items and paragraphs, each with offsets into the text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Literal

from letopis.vocabulary import toml

BULLET = re.compile(r"[•▪●○◦‣■□➢➤✓✔*·–—\-]+(?=\s|[„“\"«А-ЯA-Z])")
NUMBER = re.compile(r"(?:\(?\d{1,2}[.)](?!\d)|\(?[а-яa-z]\)|[IVX]{1,4}[.)])(?=\s|[„“\"«А-ЯA-Z])")
TERMINATOR = re.compile(r"[.!?…;:,][»”“\"')\]]*$")
MAX_TITLE_CHARS = 250
MAX_LETTERHEAD_LINES = 5
_PARTS = re.compile(r"\s*[|»›]\s*|\s+/\s+")


def _letterhead() -> re.Pattern[str]:
    """An institution with its complements („на …“, a quoted or capitalised name, a town), a rubric, a date, an address."""
    words = toml("letterheads.toml")
    heads = "|".join(words["heads"] + [re.escape(head) for head in toml("organizations.toml")["heads"]])
    letters = r"[^\W\d_](?:[^\W\d_]|[.-])*"
    adjective = rf"{letters}(?i:{'|'.join(words['endings_of_adjectives'])})\s+"
    quoted, capital = r"[„“\"«][^„“”\"»]+[“”\"»]", r"(?:(?i:гр|с)\.\s?)?[А-ЯA-Z][\w.-]*"
    name = rf"(?:\s+[-–—]|,)?\s+(?:{quoted}|{capital})"
    noun = rf"(?:{adjective})*{letters}"
    complement = rf"\s+(?i:на|за|по|в|към|при|с|със)\s+{noun}(?:(?:\s*,\s*|\s+(?i:и)\s+){noun})*"
    institution = rf"(?:{adjective})*(?i:{heads})(?:{complement}|{name})*"
    abbreviated = rf"[А-Я]{{2,10}}(?:\s+{quoted}|\s+[-–—]\s+{capital})+"
    rubric = rf"(?i:{'|'.join(words['rubrics'])})(?:\s+от)?(?:{complement}|{name})*(?:,?\s*бр\.\s*\d+)?"
    hour = r"(?:,?\s*\d{1,2}[:.]\d\d(?:\s*ч\.?)?)?"
    day = rf"(?i:\d{{1,2}}(?:[./]\s?(?:\d{{1,2}}|[IVX]+)[./]\s?|\s+{letters}\s+)\d{{4}}(?:\s?(?:г\.?|год\.?))?{hour})"
    date = rf"(?:{capital}(?:\s{capital})?,\s+|(?i:{'|'.join(words['published'])})(?:\s+на)?\s*:?\s*)?{day}"
    address = rf"(?:\d{{4}}\s+)?{capital}.{{0,20}},\s+(?:ул|бул|пл)\.\s.*"
    place = rf"(?:гр|с)\.\s?{capital}(?:\s{capital})?(?:,\s+(?:община|област)(?:{name})+)?"
    return re.compile(
        rf"(?:{institution}|{abbreviated}|{rubric}|{place})(?:,?\s+(?i:от\s+)?{day})?|{date}|{address}|(?:\w ){{5,}}\w"
    )


_LETTERHEAD = _letterhead()
MAX_HEADING_CHARS = 90


@dataclass(frozen=True, slots=True)
class Line:
    """One line with visible text; `start`/`end` leave out the indent and the list marker."""

    kind: Literal["letterhead", "title", "heading", "item", "paragraph"]
    start: int
    end: int
    marker: str
    block: int  # lines without a blank line between them share it


def lines_of(text: str) -> list[Line]:
    """The visible lines of `text` in order.

    The first line below the letterhead is the title where it is short and no full sentence. A list item begins with a
    bullet or a number; a heading is a short line that no terminator ends.
    """
    found: list[Line] = []
    title = title_start(text)
    for start, end, block in visible_lines(text):
        if title is not None and start < title:
            found.append(Line("letterhead", start, end, "", block))
            continue
        marker = BULLET.match(text, start, end) or NUMBER.match(text, start, end)
        content = marker.end() if marker else start
        while content < end and text[content].isspace():
            content += 1
        if marker and content < end:
            found.append(Line("item", content, end, marker.group(), block))
        elif start == title:
            found.append(Line("title", start, end, "", block))
        elif end - start <= MAX_HEADING_CHARS and not TERMINATOR.search(text[start:end]):
            found.append(Line("heading", start, end, "", block))
        else:
            found.append(Line("paragraph", start, end, "", block))
    return found


def title_of(text: str) -> str:
    """The report's title, or nothing where it begins with running text."""
    title = next((line for line in lines_of(text) if line.kind == "title"), None)
    return text[title.start : title.end] if title else ""


def title_start(text: str) -> int | None:
    """Where the title begins: the first visible line that is no letterhead, or the very first where all are."""
    lines = list(islice(visible_lines(text), MAX_LETTERHEAD_LINES + 1))
    below = [start for start, end, _ in lines if not is_letterhead(text[start:end])]
    start, end = next(((a, b) for a, b, _ in lines if a in below[:1]), (None, None))
    if start is not None and is_title(text[start:end]):
        return start
    first = lines[:1]
    return first[0][0] if first and is_title(text[first[0][0] : first[0][1]]) else None


def is_letterhead(line: str) -> bool:
    """„Министерство на туризма | Прессъобщение | 10.07.2020“: a publisher, a rubric, a date, and nothing that happened."""
    return all(_LETTERHEAD.fullmatch(part.strip()) for part in _PARTS.split(line))


def is_title(line: str) -> bool:
    return len(line) <= MAX_TITLE_CHARS and not re.search(r"(?<!\bг)\.[»”“\"]?$|[:;,]$", line)


def visible_lines(text: str) -> Iterator[tuple[int, int, int]]:
    """(start, end, block) of each line that holds more than white space, without its outer white space."""
    block, blank = 0, False
    for match in re.finditer(r"[^\r\n\v\f\x1c-\x1e\x85\u2028\u2029]+|\r\n|[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]", text):
        line = match.group()
        if line.strip():
            start = match.start() + len(line) - len(line.lstrip())
            block += blank
            blank = False
            yield start, match.start() + len(line.rstrip()), block
        elif not line.startswith(("\r", "\n")) or text[: match.start()].endswith(("\n", "\r")):
            blank = True
