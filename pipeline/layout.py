"""The lines of a report: its letterhead, title, headings, list items and paragraphs, each with offsets into the text."""

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
MAX_HEADING_CHARS = 90
MAX_LETTERHEAD_LINES = 5
_PARTS = re.compile(r"\s?\|\s?|\s(?:[»›/•]|::)\s")
MIN_PATH, MAX_WORDS = 3, 5  # „Начало / Пресцентър / Новини“: so many parts of so few words are a path through a site


def _letterhead() -> re.Pattern[str]:
    """An institution with its complements („на …“, a quoted or capitalised name, a town), a rubric, a date, an address.

    Every word is read in one way only (atomic groups), so that the time stays linear.
    """
    words = toml("letterheads.toml")
    heads = "|".join(words["heads"] + [re.escape(head) for head in toml("organizations.toml")["heads"]])
    events = "|".join(re.escape(head) for heads in toml("event_types.toml")["heads"].values() for head in heads)
    small = r"(?!(?i:и|на|за|по|в|във|към|при|с|със|бр)(?![\w.]))(?!(?i:бр)\.)"
    letters = small + r"[^\W\d_](?:[^\W\d_]|[.-])*+"
    news = rf"(?!(?i:{'|'.join(words['news'])}))"
    endings = "|".join(words["endings_of_adjectives"])
    adjective = rf"(?>{small}{news}[^\W\d_](?:[^\W\d_]|[.-])*(?i:{endings})\s+)"
    quoted, capital = r"[„“\"«][^„“”\"»]+[“”\"»]", rf"{small}(?:(?i:гр|с)\.\s?)?[А-ЯA-Z][\w.-]*+"
    plain = rf"(?>(?:\s+{capital}){{1,2}})"
    sure = rf"(?>(?:\s+[-–—]|,)\s+(?:{quoted}|{capital})|\s+{quoted})"
    noun = rf"(?>(?:{adjective})*{letters})"
    complement = rf"(?>\s+(?i:на|за|по|в|във|към|при|с|със)\s+{noun}(?:(?:\s*,\s*|\s+(?i:и)\s+){noun})*+)"
    names = rf"(?>{plain}(?>{complement})?)?(?>{sure}(?>{complement})?(?>{plain})?)*+"
    institution = rf"(?:{adjective})*(?i:{heads})(?>{complement})*+{names}"
    abbreviated = rf"(?!(?i:{events})(?!\w))[А-Я]{{2,10}}(?:\s+{quoted}|\s+[-–—]\s+{capital})+"
    rubric = rf"(?i:{'|'.join(words['rubrics'])})(?:\s+от)?(?>{complement})*+{names}(?:,?\s*бр\.\s*\d+)?"
    hour = r"(?:,?\s*\d{1,2}[:.]\d\d(?:\s*ч\.?)?)?"
    day = rf"(?i:\d{{1,2}}(?:[./]\s?(?:\d{{1,2}}|[IVX]+)[./]\s?|\s+{letters}\s+)\d{{4}}(?:\s?(?:г\.?|год\.?))?{hour})"
    date = rf"(?:{capital}(?:\s{capital})?,\s+|(?i:{'|'.join(words['published'])})(?:\s+на)?\s*:?\s*)?{day}"
    address = r"(?:\d{4}\s+)?[А-ЯA-Z][\w.-]*.{0,20},\s+(?:ул|бул|пл)\.\s.*"
    place = rf"(?i:гр|с)\.\s?{capital}(?:\s{capital})?(?:,\s+(?:община|област)\s+{capital})?"
    spaced = r"(?:\w ){5,}\w"  # „П Р Е С С Ъ О Б Щ Е Н И Е“
    source = rf"(?:{institution}|{abbreviated}|{rubric}|{place})(?:,?\s+(?i:от\s+)?{day})?"
    return re.compile(rf"{source}|{date}|{address}|{spaced}")


_LETTERHEAD = _letterhead()


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
    """Where the title begins: the first visible line that is no letterhead, or the very first where that is none."""
    lines = [(start, text[start:end]) for start, end, _ in islice(visible_lines(text), MAX_LETTERHEAD_LINES + 1)]
    below = next((line for line in lines if not is_letterhead(line[1])), None)
    candidates = [line for line in (below, *lines[:1]) if line is not None]
    return next((start for start, line in candidates if is_title(line)), None)


def is_letterhead(line: str) -> bool:
    """„Министерство на туризма | Прессъобщение | 10.07.2020“: a publisher, a rubric, a date, and nothing that happened."""
    if len(line) > MAX_TITLE_CHARS:
        return False
    parts = [part.strip() for part in _PARTS.split(re.sub(r"\s+", " ", line)) if part.strip(" »›/•")]
    path = len(parts) >= MIN_PATH and all(len(part.split()) <= MAX_WORDS for part in parts)
    return path or (bool(parts) and all(_LETTERHEAD.fullmatch(part) for part in parts))


def is_title(line: str) -> bool:
    marked = BULLET.match(line) or NUMBER.match(line)
    return not marked and len(line) <= MAX_TITLE_CHARS and not re.search(r"(?<!\bг)\.[»”“\"]?$|[:;,]$", line)


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
