"""Where an event took place: the hall, building or institution, not the settlement."""

from __future__ import annotations

import re

from spacy.tokens import Doc, Span

from letopis.clauses import Statement, quoted_ranges
from letopis.findings import Findings, Organization, Place, text_of
from letopis.vocabulary import toml
from letopis.word_forms import any_of

_HEAD = any_of(toml("venues.toml")["heads"])
_NO_HOUSES = set(toml("venues.toml")["no_houses"])
_PREPOSITIONS = {"в", "във", "на", "край", "изпълниха"}
_INSIDE = {"на", "към", "при", "до"}
_MODIFIERS = {"ADJ", "NUM", "PROPN", "X"}
_NOMINAL = {"NOUN", "PROPN", "ADJ", "NUM", "X"}
_STOP_WORDS = {"гр.", "гр", "град", "с.", "село", "общ.", "се", "бе", "беше", "бяха", "пред"}


def venue_in(statement: Statement, found: Findings) -> Span | None:
    """The first phrase of the statement that names a venue after „в“, „във“, „на“ or „край“."""
    doc = statement.span.doc
    organizations = _starts(doc, found)
    if statement.span[0].lower_ in {"къде", "място"} and len(statement.span) > 2 and statement.span[1].text == ":":
        return _venue_at(doc, statement.span.start + 2, statement.span.end, organizations, found)
    for token in statement.span:
        if token.lower_ not in _PREPOSITIONS or token.i + 1 >= statement.span.end:
            continue
        venue = _venue_at(doc, token.i + 1, statement.span.end, organizations, found)
        if venue is not None and (token.lower_ != "на" or _is_room(venue)):
            return venue
    return None


def _venue_at(doc: Doc, start: int, limit: int, organizations: dict[int, int], found: Findings) -> Span | None:
    head = start
    while (
        head < limit
        and head - start < 5
        and not _HEAD.match(text_of(doc), doc[head].idx)
        and doc[head].pos_ in _MODIFIERS
    ):
        head += 1
    if head < limit and (match := _HEAD.match(text_of(doc), doc[head].idx)):
        last = doc.char_span(match.start(), match.end(), alignment_mode="expand")
        if last is None:
            return None
        return doc[start : _extended(doc, last.end, limit, organizations, found)]
    if start in organizations:
        return doc[start : _extended(doc, organizations[start], limit, organizations, found)]
    return None


def _is_room(venue: Span) -> bool:
    """After „на“ only what cannot be a genitive: „на стадион Х“, „на остров Персин“, but not „на Общината“."""
    return bool(
        re.match(
            r"(?:\w+\s+){0,2}(?:стадион|остров|площад|пл\.|открит|сцена|арена|летн|паркинг|атлетическ)",
            venue.text,
            re.I,
        )
    )


def is_house(organization: Organization) -> bool:
    """Whether one can meet in it: not in a committee, nor in what nothing but the model takes for an organisation."""
    return bool(organization.type) and not _NO_HOUSES & set(organization.name.lower().split())


def _starts(doc: Doc, found: Findings) -> dict[int, int]:
    """For the first token of each organisation's mention the index after its last."""
    starts = {}
    for organization in filter(is_house, found.organizations):
        for mention in organization.mentions:
            span = doc.char_span(mention.start_char, mention.end_char, alignment_mode="expand")
            if span is not None:
                starts[span.start] = span.end
    return starts


def _extended(doc: Doc, i: int, limit: int, organizations: dict[int, int], found: Findings) -> int:
    """The end of the venue's name: number or name, quotation, „на хотел „…““, „към НЧ „…““."""
    quoted = quoted_ranges(doc)
    while i < limit:
        token = doc[i]
        if i in quoted and quoted[i] <= limit:
            i = quoted[i]
        elif i in organizations and token.lower_ not in _STOP_WORDS:
            i = organizations[i]
        elif (token.lower_ in _INSIDE and i + 1 < limit and _continues(doc, i + 1, found)) or (
            token.lower_ not in _STOP_WORDS and _is_name_part(doc, i, found)
        ):
            i += 1
        else:
            break
    while doc[i - 1].pos_ in {"ADP", "CCONJ", "PUNCT"} and i - 1 not in quoted and doc[i - 1].text[-1] not in '“”"»':
        i -= 1
    return i


def _continues(doc: Doc, i: int, found: Findings) -> bool:
    word = doc[i]
    entity = found.entity_at(word.idx, word.idx + len(word))
    if isinstance(entity, Place) and entity.kind == "settlement":
        return False
    dated = any(date.mention.overlaps(word.idx, word.idx + len(word)) for date in found.dates)
    return not dated and (isinstance(entity, Organization) or word.pos_ in _NOMINAL or word.text[0] in '„“"«')


def _is_name_part(doc: Doc, i: int, found: Findings) -> bool:
    """A capitalised or numbered word, or any nominal after „на“: „зала 6“, „Палата 6“, „на Младежкия дом“."""
    word, before = doc[i], doc[i - 1]
    if any(date.mention.overlaps(word.idx, word.idx + len(word)) for date in found.dates):
        return False
    if before.lower_ in _INSIDE or (before.pos_ == "ADJ" and i - 2 >= 0 and doc[i - 2].lower_ in _INSIDE):
        return word.pos_ in _NOMINAL
    return (
        word.pos_ in {"PROPN", "NUM", "X"}
        or (word.is_title and word.pos_ in _NOMINAL)
        or bool(_HEAD.fullmatch(word.text))
    )
