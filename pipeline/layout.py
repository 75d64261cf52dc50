"""The lines of a report: its title, headings, list items and paragraphs, each with offsets into the text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

BULLET = re.compile(r"[•▪●○◦‣■□➢➤✓✔*·–—\-]+(?=\s|[„“\"«А-ЯA-Z])")
NUMBER = re.compile(r"(?:\(?\d{1,2}[.)](?!\d)|\(?[а-яa-z]\)|[IVX]{1,4}[.)])(?=\s|[„“\"«А-ЯA-Z])")
TERMINATOR = re.compile(r"[.!?…;:,][»”“\"')\]]*$")
MAX_TITLE_CHARS = 250
MAX_HEADING_CHARS = 90


@dataclass(frozen=True, slots=True)
class Line:
    """One line with visible text; `start`/`end` leave out the indent and the list marker."""

    kind: Literal["title", "heading", "item", "paragraph"]
    start: int
    end: int
    marker: str
    block: int  # lines without a blank line between them share it


def lines_of(text: str) -> list[Line]:
    """The visible lines of `text` in order.

    The first line is the title where it is short and no full sentence. A list item begins with a bullet or a
    number; a heading is a short line that no terminator ends.
    """
    found: list[Line] = []
    for start, end, block in visible_lines(text):
        marker = BULLET.match(text, start, end) or NUMBER.match(text, start, end)
        content = marker.end() if marker else start
        while content < end and text[content].isspace():
            content += 1
        if marker and content < end:
            found.append(Line("item", content, end, marker.group(), block))
        elif not found and is_title(text[start:end]):
            found.append(Line("title", start, end, "", block))
        elif end - start <= MAX_HEADING_CHARS and not TERMINATOR.search(text[start:end]):
            found.append(Line("heading", start, end, "", block))
        else:
            found.append(Line("paragraph", start, end, "", block))
    return found


def title_of(text: str) -> str:
    """The report's title, or nothing where it begins with running text."""
    first = next(iter(lines_of(text)), None)
    return text[first.start : first.end] if first and first.kind == "title" else ""


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
