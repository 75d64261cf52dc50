"""Sentence boundaries that layout, abbreviations and full stops give away; the parser decides the others.

A spaCy component before the parser: it sets `Token.is_sent_start` to True where a sentence must begin, to False
where none can, and leaves None elsewhere. White space is part of the sentence before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from spacy.language import Language
from spacy.tokens import Doc, Token

from letopis.layout import BULLET, NUMBER
from letopis.quotes import quotations
from letopis.tokenizer import abbreviations

LINE_BREAK = re.compile(r"\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
STOPS = (".", "!", "?")
ELLIPSES = ("...", "…")
OPENING = ("„", "«", "(", "[")
QUOTATION_MARKS = ("„", "“", "”", '"', "«")
CLOSING = ("“", "”", '"', "»", ")", "]")
NEVER_FIRST = (".", "!", "?", "...", "…", ";", ":", ")", "]", "»", "%", "/")
DASHES = ("-", "–", "—")
MAX_WRAP_CHARS = 100  # longer lines are not wrapped by hand
ROMAN = re.compile(r"[IVX]+")
# No sentence ends with these words, whatever the line does.
CONNECTIVES = {
    "а", "без", "в", "във", "че", "да", "до", "за", "и", "или", "из", "към", "между", "на", "над", "но", "от", "по", "под",
    "пред", "през", "при", "с", "след", "срещу", "със", "чрез",
}  # fmt: skip
ADDRESS_WORDS = 4
TITLE_WORDS = 12  # a quotation of so many words is a title, and no sentence begins in it


@dataclass(frozen=True, slots=True)
class Line:
    """A line with visible text, doc[first : last + 1]; `content` is the first token after the list marker."""

    first: int
    last: int
    content: int
    text: str
    after_blank: bool

    @property
    def is_item(self) -> bool:
        return self.content > self.first


@Language.component("letopis_sentences", assigns=["token.is_sent_start"])
def mark_sentences(doc: Doc) -> Doc:
    """Presets the sentence boundaries that are beyond doubt; the document is not parsed yet."""
    lines = list(lines_of(doc))
    width = wrap_width(lines)
    mark_words(doc, lines)
    for previous, line in pairwise(lines):
        doc[line.first].is_sent_start = begins_with_line(doc, previous, line, width)
    for token in doc[1 : lines[0].first + 1] if lines else doc[1:]:
        token.is_sent_start = False  # white space before the title belongs to it
    return doc


def mark_words(doc: Doc, lines: list[Line]) -> None:
    """Decides inside the lines: never after a list marker or inside a quoted title, else by the words."""
    titled = quoted_titles(doc)
    unmarked = None if len(lines) < 2 else False
    for line in lines:
        previous = doc[line.first]
        for token in doc[line.first + 1 : line.last + 1]:
            if token.is_space:
                token.is_sent_start = False
                continue
            inside = token.i <= line.content or (token.i in titled and previous.text not in (".", *ELLIPSES))
            token.is_sent_start = False if inside else begins_with_word(previous, token, unmarked)
            previous = token


def begins_with_word(previous: Token, token: Token, unmarked: bool | None) -> bool | None:
    """Whether a sentence begins with this word of a line; `unmarked` is the answer where nothing before it ends one.

    That is None (the parser decides) in a text of a single line, which may hold headings, and False in others.
    """
    glued = previous.i == token.i - 1 and not previous.whitespace_
    if token.text in NEVER_FIRST or (token.text in (",", *CLOSING) and glued) or expects_more(previous):
        return False
    if token.text[0].islower():
        return None if previous.text in ELLIPSES and not glued else False
    if token.text in DASHES and is_small(following(token)):
        return False  # „– Добро утро! – поздрави ги …“
    if previous.text in STOPS and not numbers_item(previous):
        return True if capital_of(token) else None
    if numbers_item(previous) and ROMAN.fullmatch(token.text):
        return False  # „29. VII“
    if closes_sentence(previous) and capital_of(token):
        return True
    return None if ends_sentence(previous) else unmarked


def begins_with_line(doc: Doc, previous: Line, line: Line, width: int) -> bool | None:
    """Whether a sentence begins with this line; `width` is that of hand-wrapped text, 0 where it is not wrapped."""
    first, last = doc[line.first], doc[previous.last]
    if line.after_blank or (line.is_item and not (width and runs_on(previous, line, last))):
        return True
    if is_address(previous, last) and capital_of(first):
        return True
    if expects_more(last) or last.text == "," or last.lower_ in CONNECTIVES or first.text in NEVER_FIRST:
        return False
    if first.text[0].islower():
        return begins_with_small_letter(last, first, width)
    if width and len(previous.text) + len(f" {line.text.split(maxsplit=1)[0]}") > width:
        return begins_with_word(last, first, unmarked=False)
    return True


def is_address(line: Line, last: Token) -> bool:
    """„Уважаеми колеги,“, „С уважение,“: such a line of a letter stands for itself."""
    return line.after_blank and last.text == "," and len(line.text.split()) <= ADDRESS_WORDS


def begins_with_small_letter(last: Token, first: Token, width: int) -> bool | None:
    """List items without markers begin so, after a colon or semicolon, and addresses („гр. Ловеч“); wrapped prose goes on so."""
    if (last.text in (":", ";") or first.lower_ in abbreviations().never_ends) and not width:
        return True
    return None if ends_sentence(last) else False


def runs_on(previous: Line, line: Line, last: Token) -> bool:
    """Whether what looks like a list marker is a dash or an ordinal of a wrapped sentence („…на\\n24. април“)."""
    content = line.text.split(maxsplit=1)[-1]
    return not previous.is_item and last.is_alpha and (line.text[0] in DASHES or content[0].islower())


def expects_more(token: Token) -> bool:
    """„проф.“, „гр.“, „Ж.“, „г-н“, an opening bracket: no sentence ends here."""
    known, form = abbreviations(), token.lower_
    return (
        form in known.never_ends
        or form in known.before_name
        or form in known.contracted
        or token.text in known.given_names
        or token.text in OPENING
        or (len(form) == 2 and form[1] == "." and token.text[0].isupper() and form not in known.may_end)
    )


def ends_sentence(token: Token) -> bool:
    """Whether a sentence may end with this token: a full stop, an ellipsis, a closing mark, „г.“, „и др.“"""
    known = abbreviations()
    marks = (*STOPS, *ELLIPSES, *CLOSING)
    return token.text in marks or token.lower_ in known.may_end or token.lower_ in known.inside


def closes_sentence(token: Token) -> bool:
    """Whether this is a closing quotation mark right behind a full stop: „… почака.“"""
    before = token.nbor(-1) if token.i else token
    return token.text in ("“", "”", "»") and before.text == "." and not before.whitespace_


def following(token: Token) -> Token | None:
    return token.nbor() if token.i + 1 < len(token.doc) else None


def is_small(token: Token | None) -> bool:
    return token is not None and token.text[0].islower()


def numbers_item(stop: Token) -> bool:
    """Whether this full stop belongs to a number before it, as in „1. Откриване“."""
    number = stop.nbor(-1) if stop.i and stop.text == "." else stop
    return number.shape_ in ("d", "dd") or (number.is_upper and set(number.text) <= set("IVX"))


def capital_of(token: Token) -> bool:
    """Whether a word with a capital begins here, possibly after a quotation mark."""
    if token.text in QUOTATION_MARKS and token.i + 1 < len(token.doc) and not token.whitespace_:
        return token.nbor().text[0].isupper()
    return token.text[0].isupper()


def quoted_titles(doc: Doc) -> set[int]:
    """The tokens inside short quotations, and the marks that close them."""
    spans = [(q.start, q.end) for q in quotations(doc.text) if is_title(doc.text[q.inner_start : q.inner_end])]
    found: set[int] = set()
    for start, end in spans:
        span = doc.char_span(start, end, alignment_mode="contract")
        found.update(range(span.start + 1, span.end) if span else ())
    return found


def is_title(quoted: str) -> bool:
    return quoted == quoted.strip() and len(quoted.split()) <= TITLE_WORDS


def lines_of(doc: Doc) -> Iterator[Line]:
    """The lines of the text that hold more than white space."""
    visible: list[int] = []
    breaks_before = breaks = 0
    for token in doc:
        if not token.is_space:
            breaks_before = breaks_before if visible else breaks
            visible.append(token.i)
            breaks = 0
        elif new_breaks := len(LINE_BREAK.findall(token.text)):
            if visible:
                yield line_of(doc, visible, breaks_before > 1)
                visible = []
            breaks += new_breaks
    if visible:
        yield line_of(doc, visible, breaks_before > 1)


def line_of(doc: Doc, visible: list[int], after_blank: bool) -> Line:
    first, last = visible[0], visible[-1]
    text = doc[first : last + 1].text
    marker = BULLET.match(text) or NUMBER.match(text)
    start = doc[first].idx + (marker.end() if marker else 0)
    content = next((index for index in visible if doc[index].idx >= start), first)
    return Line(first, last, content, text, after_blank)


def wrap_width(lines: list[Line]) -> int:
    """The width to which the text is wrapped by hand, 0 if it is not.

    It is if no line is long and a third of the lines that follow another without a blank line begin with a small letter.
    """
    following = [line for line in lines[1:] if not line.after_blank and not line.is_item]
    small = sum(line.text[0].islower() for line in following)
    width = max((len(line.text) for line in lines), default=0)
    return width if following and 3 * small >= len(following) and width <= MAX_WRAP_CHARS else 0
