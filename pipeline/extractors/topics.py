"""Topics: what was discussed, presented or worked on at the main event.

Three sources: a list under a line that announces subjects, an enumeration after a verb of discussion, and the
stated theme of the event or of one of its sessions; and what the pipeline takes for a subject.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Literal

from spacy.language import Language
from spacy.tokens import Doc, Span

from letopis.base_form import base_form
from letopis.clauses import (
    NEGATED,
    Statement,
    begins_definite,
    is_participle,
    members,
    statements,
    subject_end,
    trimmed,
    whole_subject,
)
from letopis.cues import slot_spans
from letopis.findings import Findings, Mention, Organization, Topic, findings, text_of, token_at
from letopis.layout import Line, lines_of
from letopis.quotes import quotations
from letopis.vocabulary import toml

Source = Literal["list", "discussion", "theme"]

_WORDS: dict[str, Any] = toml("topics.toml")


def _either(patterns: list[str]) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


_LEAD, _NOT_LEAD = _either(_WORDS["lead"]), _either(_WORDS["not_lead"])
_DISCUSSION = _WORDS["discussion"]
_PASSIVE, _ACTIVE, _THEMES = (
    "|".join(_DISCUSSION[key]).replace("{done}", _DISCUSSION["done"]).replace("{was}", _DISCUSSION["was"])
    for key in ("passive", "active", "themes")
)
_VERB = re.compile(rf"(?<!\w)(?:{_PASSIVE}|{_ACTIVE}|{_THEMES})(?!\w)", re.IGNORECASE)
_FILLERS = re.compile(_DISCUSSION["fillers"], re.IGNORECASE)
_PASSIVE_END = re.compile(rf"\s*,?\s*(?:{_PASSIVE})", re.IGNORECASE)
_SHARED = re.compile(r"(?:за|по|от|върху|относно)\s+", re.IGNORECASE)
_QUOTED_THEME = re.compile(r"(?<!\w)" + _WORDS["theme"]["quoted"] + r"(?=[„“\"«])", re.IGNORECASE)
_DEDICATED = re.compile(
    rf"(?:{_WORDS['theme']['sessions']}[^.;:]{{0,60}}?|(?<!\w){_DISCUSSION['was']}\s+){_WORDS['theme']['dedicated']}",
    re.IGNORECASE,
)
_NAMED_SESSION = re.compile(
    r"(?<!\w)" + _WORDS["theme"]["named_session"].replace("{was}", _DISCUSSION["was"]) + r"(?=[„“\"«])", re.IGNORECASE
)
_NOT_A_SUBJECT = _either(_WORDS["not_a_subject"]["patterns"])
_LATER = re.compile(r"\bще (?:бъд|се|обсъд|разгледа)|\bследващ|\bпредсто|\bза следващ", re.IGNORECASE)
_OWN_MARKER = re.compile(r"\s*(?:\d{1,2}\s?[.)/]|[-–—•*>→+]|[а-я]\))\s*")
_END_OF_QUOTATIONS = re.compile(r"\s*(?:[.;:!?(–—]|\bс\b|$)")
_BETWEEN_QUOTATIONS = re.compile(r"\s*[,;]?\s*(?:(?:както\s+)?и)?\s*")
_DAY_OR_HOUR = re.compile(
    r"\d{1,2}[.:]\d\d|(?:понеделник|вторник|сряда|четвъртък|петък|събота|неделя)\b", re.IGNORECASE
)
MIN_CHARS = 4
MAX_TITLES = 20  # characters of the titles before a person
MAX_CHARS = 260


@Language.factory("letopis_topics")
class TopicsExtractor:
    """Fills `findings(doc).topics`, ranked in the order of the text."""

    def __init__(self, nlp: Language, name: str) -> None:
        self.name = name

    def __call__(self, doc: Doc) -> Doc:
        found = findings(doc)
        spans = [*listed(doc, found), *discussed(doc, found), *themes(doc, found)]
        spans += cued(doc, spans)
        found.topics = ranked(doc, spans, found)
        return doc


def ranked(doc: Doc, spans: list[tuple[int, int, Source]], found: Findings) -> list[Topic]:
    """One topic for each span, the longer of two that overlap, no repeated wording, no subject of a talk."""
    kept: list[tuple[int, int, Source]] = []
    for start, end, source in sorted(spans, key=lambda span: span[0] - span[1]):
        talk = any(t.mention.overlaps(start, end) for t in found.talks)
        if not talk and not any(start < b and a < end for a, b, _ in kept):
            kept.append((start, end, source))
    topics: list[Topic] = []
    for start, end, source in sorted(kept):
        label = label_of(doc, start, end)
        if any(topic.label.lower() == label.lower() for topic in topics):
            continue
        mention = Mention(start, end, 0.8 if source == "list" else 0.7, f"topic-{source}")
        topics.append(Topic(mention=mention, label=label, source=source, rank=len(topics) + 1, event=found.main_event))
    return topics


def label_of(doc: Doc, start: int, end: int) -> str:
    span = doc.char_span(start, end, alignment_mode="contract")
    text = (
        base_form(span)
        if span is not None and (span.start_char, span.end_char) == (start, end)
        else text_of(doc)[start:end]
    )
    return re.sub(r"\s+", " ", text).strip(" .,;:–—")


# Lists.


def listed(doc: Doc, found: Findings) -> Iterator[tuple[int, int, Source]]:
    """The items under each line that announces subjects."""
    lines = lines_of(text_of(doc))
    for number, line in enumerate(lines):
        if announces_topics(text_of(doc), line, lines[number + 1 : number + 2]):
            for item in items_below(lines, number):
                if span := item_subject(doc, item, found):
                    yield *span, "list"


def announces_topics(text: str, line: Line, below: list[Line]) -> bool:
    """The last sentence of the line, or the heading, speaks of topics, an agenda, modules, questions."""
    content = text[line.start : line.end]
    last = re.split(r"(?<=[.!?])\s+(?=[А-ЯA-Z])", content)[-1]
    colon = content.endswith((":", ": "))
    heading = line.kind == "heading" or (len(content) < 60 and line.kind == "item" and content.isupper())
    if not colon and not (heading and below and below[0].kind == "item"):
        return False
    return bool(_LEAD.search(last)) and not _NOT_LEAD.search(last) and not _LATER.search(last)


def items_below(lines: list[Line], number: int) -> list[Line]:
    """The run of list items below a line; where none are marked, the lines down to the next blank one.

    Items of an outer list end an inner one: it has its own marker.
    """
    below = lines[number + 1 :]
    if not below:
        return []
    marked = below[0].kind == "item"
    run: list[Line] = []
    for line in below:
        same = line.kind == "item" if marked else line.block == below[0].block
        outer = (
            marked and lines[number].kind == "item" and marker_kind(line.marker) == marker_kind(lines[number].marker)
        )
        if not same or outer or (run and marked and marker_kind(line.marker) != marker_kind(run[0].marker)):
            break
        run.append(line)
    return run if marked or len(run) > 1 else []


def marker_kind(marker: str) -> str:
    return re.sub(r"[а-яa-z]", "a", re.sub(r"\d+", "1", marker.strip("()"))).strip()


def item_subject(doc: Doc, item: Line, found: Findings) -> tuple[int, int] | None:
    """The item without its marker; nothing where it names people, hours or contacts."""
    start = item.start
    if marker := _OWN_MARKER.match(text_of(doc), item.start, item.end):
        start = marker.end()
    if _DAY_OR_HOUR.match(text_of(doc), start) or re.search(r"\bтел\.|@|\bлв\.", text_of(doc)[start : item.end]):
        return None
    if any(mention.overlaps(start, start + 25) for person in found.persons for mention in person.mentions):
        return None
    span = doc.char_span(start, item.end, alignment_mode="contract")
    if span is None or not len(span):
        return None
    begin, end = trimmed(span)
    return (begin, end) if MIN_CHARS <= end - begin <= MAX_CHARS else None


# Discussion.


def discussed(doc: Doc, found: Findings) -> Iterator[tuple[int, int, Source]]:
    """What follows „бяха обсъдени“, „обсъдиха“, „темите бяха“, or precedes „бяха обсъдени“."""
    for statement in statements(doc):
        if inside_quotation(text_of(doc), statement):
            continue
        begin = statement.span.start_char
        for match in _VERB.finditer(text_of(doc), begin, statement.span.end_char):
            if NEGATED.search(text_of(doc), begin, match.start()) or _LATER.search(text_of(doc), begin, match.end()):
                continue
            spans = list(enumeration_after(doc, match.end(), statement, found))
            if not spans:
                spans = list(enumeration_before(doc, match.start(), statement, found))
            for start, end in spans:
                yield start, end, "discussion"


def enumeration_after(doc: Doc, position: int, statement: Statement, found: Findings) -> Iterator[tuple[int, int]]:
    filler = _FILLERS.match(text_of(doc), position, statement.span.end_char)
    start = filler.end() if filler else position
    while start < statement.span.end_char and text_of(doc)[start].isspace():
        start += 1
    if start >= statement.span.end_char - MIN_CHARS:
        return
    if quoted := quoted_run(text_of(doc), start, statement.span.end_char):
        yield from quoted
        return
    first = token_at(doc, start)
    if (
        first is None
        or first.pos_ in {"ADP", "SCONJ", "VERB", "AUX"}
        or (is_participle(first) and not begins_definite(doc[first.i : first.i + 1]))
        or (first.pos_ == "ADV" and first.lower_ != "как")
    ):
        return
    limit = statement.span.end
    end = subject_end(doc, first.i, limit, keeps_commas=True)
    end = past_brackets(doc, first.i, end, limit)
    yield from member_spans(doc[first.i : end], found)


def quoted_run(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The insides of the quotations from `start` on where nothing else stands there: „Хляб“, „Вода“ и „Сол“."""
    run, reached = leading_quotations(text, start, end)
    return run if _END_OF_QUOTATIONS.match(text[reached:end]) else []


def leading_quotations(text: str, start: int, end: int) -> tuple[list[tuple[int, int]], int]:
    """The insides of the quotations that stand one after the other from `start` on, and where the last one ends."""
    run, reached = [], start
    for quotation in quotations(text[start:end]):
        if not _BETWEEN_QUOTATIONS.fullmatch(text, reached, start + quotation.start):
            break
        run.append((start + quotation.inner_start, start + quotation.inner_end))
        reached = start + quotation.end
    return [(a, b) for a, b in run if b - a >= MIN_CHARS], reached


def past_brackets(doc: Doc, start: int, end: int, limit: int) -> int:
    """An aside in brackets within the enumeration does not end it: „туризмът (днес слаб) и вносът“."""
    while end < limit and doc[end].text == "(":
        close = next((i for i in range(end, limit) if doc[i].text == ")"), None)
        if close is None or close + 1 >= limit or doc[close + 1].text not in {",", "и", ";"}:
            return end
        end = max(subject_end(doc, close + 2, limit, keeps_commas=True), close + 2)
    return end


def enumeration_before(doc: Doc, position: int, statement: Statement, found: Findings) -> Iterator[tuple[int, int]]:
    """„Състоянието на пътищата и бюджетът бяха обсъдени“, where the sentence begins with the subject."""
    if not _PASSIVE_END.match(text_of(doc), position):
        return
    span = doc.char_span(statement.span.start_char, position, alignment_mode="contract")
    if span is None or not len(span) or span[0].pos_ in {"ADP", "ADV", "SCONJ", "PRON"} or len(span) > 30:
        return
    yield from member_spans(span, found)


def member_spans(span: Span, found: Findings) -> Iterator[tuple[int, int]]:
    for member in members(span):
        start, end = trimmed(without_aside(member))
        if shared := _SHARED.match(text_of(span.doc), start, end):  # „научиха за новия закон и за таксите“
            start = shared.end()
        text = text_of(span.doc)[start:end]
        person = any(0 <= m.start_char - start < MAX_TITLES for one in found.persons for m in one.mentions)
        begins_otherwise = member.start > span.start and member[0].pos_ == "ADP" and not shared
        if (
            MIN_CHARS <= end - start <= MAX_CHARS
            and not (_NOT_A_SUBJECT.search(text) or person or begins_otherwise)
            and not isinstance(found.entity_at(start, end), Organization)
        ):
            yield start, end


def without_aside(member: Span) -> Span:
    """„туристическият данък (днес 3 лв.)“ without the bracket."""
    bracket = next((token.i for token in member if token.text == "(" and token.i > member.start), None)
    return member.doc[member.start : bracket] if bracket else member


def inside_quotation(text: str, statement: Statement) -> bool:
    """The sentence is part of what somebody is quoted to have said."""
    line = text[statement.line.start : statement.line.end]
    offset = statement.line.start
    return any(
        offset + q.start <= statement.span.start_char and statement.span.end_char <= offset + q.end + 1
        for q in quotations(line)
    )


# Themes.


def themes(doc: Doc, found: Findings) -> Iterator[tuple[int, int, Source]]:
    """„кръгла маса на тема „…““, „под надслов „…““, „сесия, посветена на …“, in sentences about the main event."""
    for statement in statements(doc):
        text, start, end = text_of(doc), statement.span.start_char, statement.span.end_char
        for match in (*_QUOTED_THEME.finditer(text, start, end), *_NAMED_SESSION.finditer(text, start, end)):
            if not lectured(text[start : match.start()]) and not _LATER.search(text, start, match.end()):
                yield from ((a, b, "theme") for a, b in leading_quotations(text, match.end(), end)[0])
        for match in _DEDICATED.finditer(text, start, end):
            if not _LATER.search(text, start, match.end()):
                yield from ((a, b, "theme") for a, b in dedicated_to(doc, match.end(), statement, found))


def lectured(before: str) -> bool:
    """„изнесе лекция на тема …“, „конкурс за есе на тема …“ state no theme of the event."""
    return bool(
        re.search(
            r"(?:говори|изнес|доклад|презентаци|есе|рисунк|конкурс|лекция)\w*[^,;:]{0,60}$", before, re.IGNORECASE
        )
    )


def dedicated_to(doc: Doc, position: int, statement: Statement, found: Findings) -> Iterator[tuple[int, int]]:
    first = token_at(doc, position)
    if first is not None and first.i < statement.span.end:
        end = subject_end(doc, first.i, statement.span.end, keeps_commas=True)
        yield from member_spans(doc[first.i : end], found)


# What the pipeline sees.


def cued(doc: Doc, spans: list[tuple[int, int, Source]]) -> Iterator[tuple[int, int, Source]]:
    """Subjects that the pipeline tells and no rule has found."""
    items = [line for line in lines_of(text_of(doc)) if line.kind == "item"]
    for span in slot_spans(doc, "TOPIC"):
        start, end = trimmed(whole_subject(span))
        if end - start >= MIN_CHARS and not any(start < b and a < end for a, b, _ in spans):
            yield start, end, "list" if any(line.start <= start < line.end for line in items) else "discussion"
