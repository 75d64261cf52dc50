"""Noun phrases that name events: „Регионална клъстерна среща “Networking”“, „конференция по проект „X““."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from spacy.tokens import Doc, Span, Token

from letopis.base_form import base_form
from letopis.clauses import DEFINITE, Statement, is_participle, quoted_ranges
from letopis.findings import Entity, Findings, Person, Place, text_of, token_at
from letopis.vocabulary import toml
from letopis.word_forms import any_of, word_pattern

_WORDS = toml("event_types.toml")
_HEADS = any_of(head for heads in _WORDS["heads"].values() for head in heads)
_WEAK = any_of(_WORDS["weak"]["heads"])
_DROPPED = any_of(_WORDS["dropped"]["words"])
_PREMODIFIERS = tuple(_WORDS["premodifiers"]["words"])

_ORDINAL = re.compile(r"(?:[IVXLХІ]+|\d{1,3})(?:[-–]?(?:та|ят|ия|ия|то|ти|ви|ри|ма|мата|тата|ото|ата))?\.?$")
_PROPER_HEAD = re.compile(r"(?:нощ|дни|дните|денят) на$", re.I)
_COMPLEMENT = {"на", "по", "за", "с", "със", "между", "от", "към"}
_NOT_COMPLEMENT = re.compile(
    r"(?:с|със)\s+(?:участието|подкрепата|съдействието|финансовата|модератор|водещ|председател|ръководител|гост|автор|\d)"
    r"|(?:на|от|по|за)\s+(?:\d|\w+та?\s+(?:януари|февруари|март|април|май|юни|юли|август|септември|октомври|ноември|декември)|"
    r"(?:януари|февруари|март|април|май|юни|юли|август|септември|октомври|ноември|декември)|"
    r"(?:първи|втори|трети|пореден|път|инициатива|покана|време|поредна|повод|случай|място|няколко|който|която|което|които)\b)",
    re.I,
)
_THEME = re.compile(
    r",?\s*(?:озаглавен[аои]?|със заглавие|на тема|под надслов|под мотото|с мото|посветен[аои]? на|на тема:)\s*(?=[„“\"«])",
    re.I,
)
_NAME_PARTS = {"NOUN", "PROPN", "ADJ", "NUM", "DET", "X", "ADV"}
MAX_TOKENS = 24


@dataclass(frozen=True, slots=True)
class EventPhrase:
    """`weak`: more often a part of a larger event; `own_name`: with a quoted or Latin-script name."""

    span: Span
    head: str
    type: str
    statement: Statement
    weak: bool
    own_name: bool
    plural: bool

    @property
    def words(self) -> int:
        return len(self.span)


def event_phrases(statement: Statement, found: Findings) -> list[EventPhrase]:
    """The phrases of the statement that name events, left to right, none inside another."""
    doc, phrases, reached = statement.span.doc, [], statement.span.start
    for match in _HEADS.finditer(text_of(doc), statement.span.start_char, statement.span.end_char):
        head = doc.char_span(match.start(), match.end(), alignment_mode="expand")
        if head is None or head.start < reached or _is_part_of_name(found, match.start(), match.end()):
            continue
        if _inside_quotation(doc, head.start, statement):
            continue
        start, end = _start(doc, head.start, statement), _end(doc, head.end, statement.span.end, found)
        reached = end
        phrases.append(_phrase(doc[start:end], match.group(), statement))
    return phrases


def _phrase(span: Span, head: str, statement: Statement) -> EventPhrase:
    own_name = (
        bool(re.search(r"[„“\"«].{3}", span.text))
        or bool(re.search(r"[A-Za-z]{4}", span.text))
        or bool(_PROPER_HEAD.search(head))
    )
    plural = bool(re.search(r"(?:и|ите|ове|овете)$", head, re.I)) and not re.match(
        r"награди|годишни|дни|игри", head, re.I
    )
    return EventPhrase(span, head.lower(), type_of(head), statement, bool(_WEAK.fullmatch(head)), own_name, plural)


def type_of(head: str) -> str:
    """The event type that the head noun stands for."""
    for pattern, kind in _typed_patterns():
        if pattern.fullmatch(head):
            return kind
    return "other"


@cache
def _typed_patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    typed = [(head, kind) for kind, heads in _WORDS["heads"].items() for head in heads]
    typed.sort(key=lambda pair: -len(pair[0]))
    return tuple((re.compile(word_pattern(head), re.IGNORECASE), kind) for head, kind in typed)


def event_name(phrase: EventPhrase) -> str:
    """The phrase in base form, with a capital, without outer quotes."""
    return written_as_name(base_form(phrase.span))


def written_as_name(text: str) -> str:
    text = re.sub(r"\s+", " ", text).strip(" ,.;:–—-")
    if text.isupper():
        text = text.capitalize()
    return text[:1].upper() + text[1:]


def _is_part_of_name(found: Findings, start: int, end: int) -> bool:
    """„Форум“ inside „Сдружение „Младежки форум““ is no event."""
    return any(
        mention.start_char <= start
        and end <= mention.end_char
        and (mention.start_char, mention.end_char) != (start, end)
        for entity in (*found.organizations, *found.persons)
        for mention in entity.mentions
    )


def _inside_quotation(doc: Doc, i: int, statement: Statement) -> bool:
    """Within a quotation only what the whole quotation says counts, not a word of it."""
    return any(
        start < i < end
        for start, end in quoted_ranges(doc).items()
        if end <= statement.span.end or start >= statement.span.start
    )


def _start(doc: Doc, head: int, statement: Statement) -> int:
    i = head
    while i > statement.span.start and _belongs_before(doc[i - 1]):
        i -= 1
    while i < head and (
        _DROPPED.fullmatch(doc[i].text)
        or (_ORDINAL.match(doc[i].text) and statement.line.kind != "title")
        or doc[i].text in {",", "-", "–"}
    ):
        i += 1
    return i


def _belongs_before(token: Token) -> bool:
    if token.text in {"„", "“", '"', ",", "."} or token.lower_ in {"на", "в", "и"}:
        return False
    if _ORDINAL.match(token.text) or token.lower_.startswith(_PREMODIFIERS):
        return True
    if is_participle(token) and not DEFINITE.search(token.lower_) and token.pos_ == "VERB":
        return False
    return token.pos_ == "ADJ" or (token.pos_ in {"PROPN", "X"} and bool(re.fullmatch(r"[A-Za-z0-9+-]+", token.text)))


def _end(doc: Doc, first: int, limit: int, found: Findings) -> int:
    """Past the head's own name in quotes, or its complements „на …“, „по …“, „за …“."""
    quoted, i = quoted_ranges(doc), first
    if i < limit and re.fullmatch(r"[’'´]?(?:19|20)\d\d", doc[i].text):
        i += 1
    while i < limit and i - first < MAX_TOKENS:
        if i in quoted and quoted[i] <= limit:
            return quoted[i]
        if theme := _THEME.match(
            text_of(doc), doc[i - 1].idx + len(doc[i - 1]), doc[limit - 1].idx + len(doc[limit - 1])
        ):
            opening = token_at(doc, theme.end())
            return quoted.get(opening.i, i) if opening is not None else i
        following = min(_next(doc, i, first, limit, found), limit)
        if following == i:
            break
        i = following
    return _without_tail(doc, first, i)


def _next(doc: Doc, i: int, first: int, limit: int, found: Findings) -> int:
    """Past the word, or the organisation, at `i` if it belongs to the phrase; else `i`."""
    token, open_head = doc[i], i > first or doc[first - 1].lower_ == "на"
    if open_head and (end := _organization_end(doc, i, found)):
        return end
    if token.lower_ in _COMPLEMENT:
        return i + _starts_complement(doc, i, limit, found)
    if token.lower_ in {"в", "във"}:
        return i + (i > first and _within_complement(doc, i, limit, found))
    if token.lower_ == "и":
        return i + (i > first and i + 1 < limit and {doc[i - 1].pos_, doc[i + 1].pos_} <= _NAME_PARTS)
    if open_head:
        return i + (token.pos_ in _NAME_PARTS and not is_participle(token) and not _dated(found, token))
    foreign = token.pos_ in {"PROPN", "X"} or re.fullmatch(r"[A-Za-z][\w+-]*", token.text)
    return i + bool(foreign and not isinstance(_entity(found, token), Place | Person))


def _without_tail(doc: Doc, first: int, i: int) -> int:
    while i > first and (
        doc[i - 1].pos_ in {"ADP", "CCONJ", "PUNCT", "DET", "ADV"} or doc[i - 1].lower_ in _COMPLEMENT
    ):
        i -= 1
    return i


def _starts_complement(doc: Doc, i: int, limit: int, found: Findings) -> bool:
    if i + 1 >= limit or _NOT_COMPLEMENT.match(text_of(doc), doc[i].idx) or _dated(found, doc[i + 1]):
        return False
    if doc[i].lower_ == "от" and not _organization_end(doc, i + 1, found):
        return False
    return doc[i + 1].pos_ in _NAME_PARTS | {"VERB"} or doc[i + 1].text[0] in '„“"«'


def _within_complement(doc: Doc, i: int, limit: int, found: Findings) -> bool:
    """„за войнските традиции в Хасково“ ends before the place; „за работа в екип“ goes on."""
    if (
        i + 1 >= limit
        or doc[i + 1].pos_ not in {"NOUN", "ADJ"}
        or _settled(found, doc[i + 1])
        or _dated(found, doc[i + 1])
    ):
        return False
    return (
        not doc[i + 1].is_title
        and not DEFINITE.search(doc[i + 1].lower_)
        and doc[i + 1].lower_ not in {"периода", "рамките", "сградата", "града", "гр.", "залата"}
    )


def _organization_end(doc: Doc, i: int, found: Findings) -> int | None:
    for organization in found.organizations:
        for mention in organization.mentions:
            if mention.start_char == doc[i].idx:
                span = doc.char_span(mention.start_char, mention.end_char, alignment_mode="expand")
                return span.end if span is not None else None
    return None


def _settled(found: Findings, token: Token) -> bool:
    return isinstance(_entity(found, token), Place)


def _entity(found: Findings, token: Token) -> Entity | None:
    return found.entity_at(token.idx, token.idx + len(token))


def _dated(found: Findings, token: Token) -> bool:
    return any(date.mention.overlaps(token.idx, token.idx + len(token)) for date in found.dates)
