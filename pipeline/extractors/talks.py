"""Talks: who spoke about what.

Told in sentences („Ана Петрова запозна гостите с новия музей“, „Резултатите бяха представени от …“) or listed in
lines („„Хляб и вино“ – Ана Петрова“, „Ана Петрова, музей: Хляб и вино“).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc, Span

from letopis.clauses import Statement, statements, subject_end, trimmed, whole_subject
from letopis.cues import linked, slot_spans
from letopis.extractors.positions import is_head
from letopis.findings import Findings, Mention, Organization, Person, Talk, findings, text_of
from letopis.layout import Line, lines_of
from letopis.quotes import Quotation, quotations
from letopis.vocabulary import toml

_WORDS: dict[str, Any] = toml("talks.toml")
_VERBS = [
    (verb["kind"], re.compile(r"(?<!\w)" + verb["pattern"].replace("{audience}", _WORDS["audience"]), re.IGNORECASE))
    for verb in _WORDS["verb"]
]
_PASSIVES = [re.compile(pattern, re.IGNORECASE) for pattern in _WORDS["passive"]["patterns"]]
_ACQUAINTED = re.compile(_WORDS["acquainted"], re.IGNORECASE)
_NOT_SUBJECT = re.compile(r"(?:" + "|".join(_WORDS["not_subjects"]) + ")", re.IGNORECASE)
_AUDIENCE_BEHIND = re.compile(_WORDS["audience_behind"], re.IGNORECASE)
_CONTRIBUTION = re.compile(r"(?<!\w)(?:" + "|".join(_WORDS["credited"]["contributions"]) + r")\s+", re.IGNORECASE)
_CREDIT = re.compile(_WORDS["credited"]["credit"], re.IGNORECASE)
_OF_SESSION = re.compile(
    r"(?<!\w)(?:" + "|".join(_WORDS["sessions"]) + r")(?:\s+(?:на\s+тема(?:та)?|\d+|беше|бе))*\s*[-–:]?\s*[„“\"«]?$",
    re.IGNORECASE,
)
_LECTURER = re.compile(
    r"\s*[–—-]\s+(?:" + "|".join(_WORDS["lists"]["speaker_cues"]) + r")\w{0,2}\s*:?\s+", re.IGNORECASE
)
_JOINT_BEFORE = re.compile(r"(?:,|\s+и)\s+(?:[\w-]{1,5}\.?\s+){0,3}$")
_GREETING = re.compile("|".join(_WORDS["greeting"]), re.IGNORECASE)
_LEAD = re.compile(r"\b(?:" + "|".join(_WORDS["lists"]["leads"]) + ")", re.IGNORECASE)
_NOT_LEAD = re.compile(r"\b(?:" + "|".join(_WORDS["lists"]["not_leads"]) + ")", re.IGNORECASE)
_NOT_LISTED_TITLE = re.compile("|".join(_WORDS["lists"]["not_titles"]), re.IGNORECASE)
_SPEAKER_CUE = re.compile(
    r",?\s*(?:" + "|".join(_WORDS["lists"]["speaker_cues"]) + r")(?:и)?\b\s*[:–-]?\s*", re.IGNORECASE
)
_NOT_TITLE = re.compile(r"(?:^|\s)(?:" + "|".join(map(re.escape, _WORDS["not_titles"])) + r")\s*$", re.IGNORECASE)
_CLAUSE_BREAK = re.compile(r"[;:]\s|, а (?=\S)|, докато |, но |, като | – а ")
_ELLIPSIS = re.compile(r"\s[–—-]\s(?:за|относно)\s+")
_PRONOUN = re.compile(
    r"(?:^|[\s,–])(?:той|тя|те|двамата|двете|последният|последната)\s+(?:\w+\s+){0,3}$", re.IGNORECASE
)
_HOUR = re.compile(
    r"\d{1,2}[.:]\d\d(?:\s*(?:ч\.)?\s*[-–]\s*\d{1,2}[.:]\d\d)?\s*(?:ч\.?|часа)?\s*[-–—:|]?\s*|[\d.]+\.?\s+(?=\D)|[>→*]\s*"
)
_PERSON_LINE_SEPARATOR = re.compile(r"\s*(?:[:–—]|\s-\s|-(?=\s)|,\s*(?=за\s))\s*(?P<about>за\s+)?")
MAX_TITLE_GAP = 3  # words between parts of one title
MAX_SPEAKER_GAP = 30  # characters of the titles and the position between „лектор“ and the name
MAX_TITLE_CHARS = 300
MIN_TITLE_CHARS = 4
MAX_LINE_CHARS = 260
NO_TALKS = "-"  # a line has announced prizes or people


@dataclass(frozen=True, slots=True)
class _Title:
    start: int
    end: int
    kind: str


@Language.factory("letopis_talks")
class TalksExtractor:
    """Fills `findings(doc).talks`, in the order of the text."""

    def __init__(self, nlp: Language, name: str) -> None:
        self.name = name

    def __call__(self, doc: Doc) -> Doc:
        found = findings(doc)
        talks: list[Talk] = []
        listed = list(listed_talks(doc, found))
        taken = {line for line, _ in listed}
        talks.extend(talk for _, talk in listed)
        for statement in statements(doc):
            if statement.line not in taken:
                talks.extend(told_talks(statement, found))
        found.talks = without_overlaps([*talks, *cued_talks(doc, talks, found)])
        return doc


# Talks told in sentences.


def told_talks(statement: Statement, found: Findings) -> Iterator[Talk]:
    """The talks of one sentence: active, then with the subject in front, then titles in brackets."""
    if _is_quoted(statement.text):
        return
    seen: list[tuple[int, int]] = []
    told = [
        *fronted_talks(statement, found),
        *active_talks(statement, found),
        *bracketed_talks(statement, found),
        *credited_talks(statement, found),
        *announced_talks(statement, found),
    ]
    if told:
        told.extend(elliptic_talks(statement, found))
    for talk in told:
        span = (talk.mention.start_char, talk.mention.end_char)
        if not any(a < span[1] and span[0] < b and (a, b) != span for a, b in seen):
            seen.append(span)
            yield talk


def active_talks(statement: Statement, found: Findings) -> Iterator[Talk]:
    """„Ана Петрова разказа за …“: the speaker before the verb, the subject behind."""
    doc, taken = statement.span.doc, list[int]()
    for kind, pattern in _VERBS:
        for match in pattern.finditer(text_of(doc), statement.span.start_char, statement.span.end_char):
            if any(abs(match.start() - other) < 3 for other in taken) or _in_quotation(
                text_of(doc), match.start(), statement
            ):
                continue
            title = title_after(statement, match.end(), kind, found)
            speakers = speakers_before(
                statement, match.start(), found, plural=match.group().split()[0].lower().endswith("ха")
            )
            if title is None or not speakers:
                continue
            taken.append(match.start())
            respective = titles_respectively(statement, match.end(), len(speakers), kind)
            for number, speaker in enumerate(speakers):
                yield talk_of(doc, speaker, respective[number] if respective else title, "active-verb", found)


def titles_respectively(statement: Statement, start: int, count: int, kind: str) -> list[_Title]:
    """„X и Y направиха презентации, съответно „A“ и „B““: a title for each of the speakers."""
    rest = text_of(statement.span.doc)[start : statement.span.end_char]
    respectively = rest.find("съответно")
    quoted = [q for q in quotations(rest) if respectively >= 0 and q.start > respectively]
    if count < 2 or len(quoted) != count:
        return []
    return [_Title(start + q.inner_start, start + q.inner_end, kind) for q in quoted]


def title_after(statement: Statement, start: int, kind: str, found: Findings) -> _Title | None:
    """The subject that begins at `start`: a quotation, a noun phrase or a question clause."""
    doc, text = statement.span.doc, text_of(statement.span.doc)
    for quotation in quotations(text[start : statement.span.end_char]):
        if quotation.start == 0:
            return _Title(start + quotation.inner_start, start + quotation.inner_end, kind)
        break
    first = doc.char_span(start, min(start + 1, len(text)), alignment_mode="expand")
    if first is None or start >= statement.span.end_char or _person_at(found, start) is not None:
        return None
    end = subject_end(doc, first.start, statement.span.end, keeps_commas=True)
    if end <= first.start:
        return None
    begin, finish = trimmed(doc[first.start : end])
    if audience := _AUDIENCE_BEHIND.search(text, begin, finish):  # „представи музея пред ученици от …“
        finish = audience.start()
    finish = _before_next_speaker(text, begin, finish, found)
    if (
        finish - begin < MIN_TITLE_CHARS
        or _NOT_SUBJECT.match(text, begin)
        or _is_person_phrase(doc, begin, finish, found)
    ):
        return None
    return _Title(begin, finish, kind)


def _before_next_speaker(text: str, begin: int, end: int, found: Findings) -> int:
    """„… говори за хляба и д-р Ана Петрова, директор“: the subject ends before another person of the sentence."""
    for start, _, _ in _persons_between(found, begin, end):
        if joint := _JOINT_BEFORE.search(text, begin, start):
            return joint.start()
    return end


def _is_person_phrase(doc: Doc, start: int, end: int, found: Findings) -> bool:
    """„представи директора Иван Петров“, „представи литературният критик доц. Х“: a person, no subject."""
    ends = [m.end_char for person in found.persons for m in person.mentions if start <= m.start_char < end]
    return any(abs(stop - end) < 3 for stop in ends) and not re.search(r"[„“\"]", text_of(doc)[start:end])


def speakers_before(statement: Statement, position: int, found: Findings, plural: bool) -> list[Person | Organization]:
    """Who is the subject of the verb at `position`: the last person before it in the clause, or both of a pair.

    A pronoun, or a verb without a subject, takes up the last person of the sentence before.
    """
    text = text_of(statement.span.doc)
    before = text[statement.span.start_char : position]
    breaks = [match.end() for match in _CLAUSE_BREAK.finditer(before)]
    clause = statement.span.start_char + (breaks[-1] if breaks else 0)
    persons = _persons_between(found, clause, position)
    pronoun = _PRONOUN.search(before[-40:])
    if not persons and breaks:
        persons = _persons_between(found, statement.span.start_char, position)
    if persons and (not pronoun or breaks):
        if plural and len(persons) > 1:
            return _joined(text, persons, position)
        return [subject_person(text, persons, clause)]
    if _PRONOUN.search(before) or len(before.split()) <= 3:
        earlier = _persons_between(
            found, statement.line.start if not _PRONOUN.search(before) else 0, statement.span.start_char
        )
        last_line = [entry for entry in earlier if statement.span.start_char - entry[1] < 600]
        if last_line:
            return [subject_person(text, sentence_of(text, last_line), 0)]
    return []


def sentence_of(text: str, persons: list[tuple[int, int, Person]]) -> list[tuple[int, int, Person]]:
    """Those persons that stand in the sentence of the last one."""
    last = persons[-1]
    kept = [
        entry
        for entry in persons
        if not re.search(r"[.!?]\s+[А-ЯA-Z„]|\n", re.sub(r"\b(?:[а-я]{1,4}|[А-Я])\.", "", text[entry[1] : last[0]]))
    ]
    return kept or [last]


def subject_person(text: str, persons: list[tuple[int, int, Person]], clause: int) -> Person:
    """The last person who is not a genitive or a companion: not „от Х“, „на Х“, „с Х“."""
    for start, _, person in reversed(persons):
        before = text[max(clause, start - 40) : start]
        if not re.search(
            r"\b(?:от|на|с|със|пред|при|към)\s+(?:(?:г-н|г-жа|д-р|проф\.|доц\.|инж\.|[а-я-]+)\s+){0,3}$", before, re.I
        ):
            return person
    return persons[0][2]


def _joined(text: str, persons: list[tuple[int, int, Person]], position: int) -> list[Person | Organization]:
    """The persons in front of a plural verb who are joined by commas and „и“."""
    group = [persons[-1]]
    for entry in reversed(persons[:-1]):
        if re.search(r"(?:,|\bи\b)", text[entry[1] : group[0][0]]):
            group.insert(0, entry)
        else:
            break
    return [person for _, _, person in group]


def fronted_talks(statement: Statement, found: Findings) -> Iterator[Talk]:
    """„Резултатите бяха представени от …“, „Лекция на тема „…“ изнесе …“, „За Х разказа …“."""
    doc, text = statement.span.doc, text_of(statement.span.doc)
    start = statement.span.start_char
    for pattern in (_ACQUAINTED, *_PASSIVES):
        for match in pattern.finditer(text, start, statement.span.end_char):
            after = _persons_between(found, match.end(), min(match.end() + 160, statement.span.end_char))
            breaks = [m.end() for m in _CLAUSE_BREAK.finditer(text[start : match.start()])]
            clause = start + (breaks[-1] if breaks else 0)
            if (
                not after
                or _persons_between(found, clause, match.start())
                or not _speaker_follows(text, match.end(), after[0][0])
            ):
                continue
            title = fronted_title(doc, clause, match.start(), found)
            if title is not None and not _in_quotation(text, match.start(), statement):
                for speaker in _companions(text, after):
                    yield talk_of(doc, speaker, title, "fronted-subject", found)


def _speaker_follows(text: str, start: int, person: int) -> bool:
    """Between the verb and the person stands a position at most: „представи координаторът на проекта Х“."""
    between = text[start:person]
    return not re.search(r"[.;:]\s|„|\bза\b|\bкак\b|\bче\b", re.sub(r"\b\w{1,4}\.", "", between))


def _companions(text: str, persons: list[tuple[int, int, Person]]) -> list[Person]:
    group = [persons[0]]
    for entry in persons[1:]:
        if re.fullmatch(r"(?:,| и| –)\s*(?:\S+\s+){0,2}", text[group[-1][1] : entry[0]]):
            group.append(entry)
        else:
            break
    return [person for _, _, person in group]


def fronted_title(doc: Doc, start: int, end: int, found: Findings) -> _Title | None:
    """What stands before the verb: a quotation in it, or all of it without „За“/„С“."""
    text = text_of(doc)
    kind = kind_of(text[start:end])
    for quotation in quotations(text[start:end]):
        at = start + quotation.inner_start
        utterance = re.match(r"[,!?]?,?\s*$", text[start + quotation.end : end]) and kind == "talk"
        if utterance and quotation.end - quotation.start > 20:
            return None
        if not _names_something(text, start, quotation, found) and kind != "talk":
            return _Title(at, start + quotation.inner_end, kind)
    match = re.compile(r"\s*(?:а\s+|и\s+)?(?:(?:след това|накрая|първо)\s+)?(?:със?\s+|за\s+)?", re.I).match(
        text, start, end
    )
    begin = match.end() if match else start
    span = doc.char_span(begin, end, alignment_mode="contract")
    if span is None or len(span) == 0 or len(span) > 30:
        return None
    begin, finish = trimmed(doc[span.start : max(span.start + 1, _before_audience(span))])
    begin, finish = _before_comma(text, begin, finish)
    if len(span) <= 2 and any(is_head(token) for token in span):  # „Директорът представи Анна Стоева“
        return None
    if finish - begin < MIN_TITLE_CHARS or _NOT_SUBJECT.match(text, begin) or _GREETING.search(text[begin:finish]):
        return None
    return _Title(begin, finish, kind)


def _before_audience(span: Span) -> int:
    last = span.end
    while last > span.start and span.doc[last - 1].lower_ in {
        "участниците",
        "присъстващите",
        "гостите",
        "делегатите",
        "се",
        "ги",
        "също",
        "бяха",
        "пак",
    }:
        last -= 1
    return last


def _before_comma(text: str, start: int, end: int) -> tuple[int, int]:
    """„Книгата, отпечатана от …, представи …“: the subject is „Книгата“; „X, като инструмент за Y“ stays."""
    comma = re.search(r",(?!\s*като\b)", text[start:end])
    return (start, start + comma.start()) if comma and quotations(text[start:end]) == [] else (start, end)


def bracketed_talks(statement: Statement, found: Findings) -> Iterator[Talk]:
    """„говориха Иван Петров („Хляб и вино“) и …“ and „докладът на Иван Петров „Хляб и вино““."""
    text = text_of(statement.span.doc)
    if not re.search(r"презентаци|доклад|лекци|говори|представи|тема", statement.text, re.I):
        return
    for quotation in quotations(statement.text):
        at = statement.span.start_char + quotation.start
        before = text[statement.span.start_char : at]
        persons = _persons_between(found, statement.span.start_char, at)
        bracket = before.rstrip().endswith("(")
        genitive = re.search(r"(?:доклад\w*|презентаци\w+|лекци\w+)\s+на\s+[^„“\"]{3,60}$", before, re.I)
        if persons and (bracket or genitive) and not _NOT_TITLE.search(before) and at - persons[-1][1] < 90:
            title = _Title(
                statement.span.start_char + quotation.inner_start,
                statement.span.start_char + quotation.inner_end,
                kind_of(before),
            )
            if not _names_something(text, statement.span.start_char, quotation, found):
                yield talk_of(statement.span.doc, persons[-1][2], title, "title-in-brackets", found)


def credited_talks(statement: Statement, found: Findings) -> Iterator[Talk]:
    """„лекцията за хляба, изнесена от Иван Петров“, „презентациите „Хляб“ на Иван Петров и „Сол“ на …“."""
    doc, text, end = statement.span.doc, text_of(statement.span.doc), statement.span.end_char
    for match in _CONTRIBUTION.finditer(text, statement.span.start_char, end):
        reached = match.end()
        for start, stop, person in _persons_between(found, match.end(), end):
            credit = _CREDIT.search(text, reached, start)
            span = doc.char_span(reached, credit.start(), alignment_mode="contract") if credit else None
            if not span or _NOT_SUBJECT.match(text, span.start_char):
                break
            begin, finish = trimmed(span)
            if finish - begin >= MIN_TITLE_CHARS:
                yield talk_of(doc, person, _Title(begin, finish, kind_of(match.group())), "credited", found)
            following = next(iter(quotations(text[stop:end])), None)
            if following is None or begin == span.start_char:
                break
            reached = stop + following.start


def announced_talks(statement: Statement, found: Findings) -> Iterator[Talk]:
    """„„Хляб и вино“ – лектор Иван Петров“: a title, and who its speaker is said to be."""
    doc, text, end = statement.span.doc, text_of(statement.span.doc), statement.span.end_char
    for quotation in quotations(statement.text):
        at = statement.span.start_char
        cue = _LECTURER.match(text, at + quotation.end, end)
        person = next(iter(_persons_between(found, cue.end(), end)), None) if cue else None
        if cue and person and person[0] - cue.end() < MAX_SPEAKER_GAP and _speaker_follows(text, cue.end(), person[0]):
            title = _Title(at + quotation.inner_start, at + quotation.inner_end, "talk")
            yield talk_of(doc, person[2], title, "announced", found)


def elliptic_talks(statement: Statement, found: Findings) -> Iterator[Talk]:
    """„… говори за хляба, а Иван Петров – за виното“: the verb is said once."""
    text, start, end = text_of(statement.span.doc), statement.span.start_char, statement.span.end_char
    for match in _ELLIPSIS.finditer(text, start, end):
        persons = _persons_between(found, start, match.start())
        title = title_after(statement, match.end(), "talk", found)
        if persons and title is not None and match.start() - persons[-1][1] < 90:
            yield talk_of(statement.span.doc, persons[-1][2], title, "elliptic-verb", found)


# Talks listed in lines.


def listed_talks(doc: Doc, found: Findings) -> Iterator[tuple[Line, Talk]]:
    """One talk a line: title and speaker in either order, under a line that announces talks or with a quoted title."""
    text, lead = text_of(doc), ""
    for line in lines_of(text):
        content = text[line.start : line.end]
        short = line.kind != "paragraph" or len(content) < MAX_LINE_CHARS
        listing = (line.kind == "item" or bool(_HOUR.match(content)) or bool(lead)) and short and lead != NO_TALKS
        persons = _persons_between(found, line.start, line.end)
        talks = (
            list(line_talks(doc, line, lead, persons, found)) if listing and persons and line.kind != "title" else []
        )
        yield from ((line, talk) for talk in talks)
        if not talks and line.kind != "item" and not _HOUR.match(content):
            lead = lead_of(content, line, lead)


def lead_of(content: str, line: Line, before: str) -> str:
    """What the line announces: contributions, something else (`NO_TALKS`) or nothing."""
    if _NOT_LEAD.search(content[-80:]) and (content.endswith(":") or line.kind == "heading"):
        return NO_TALKS
    announces = content.endswith(":") or line.kind == "heading" or len(content) < 100
    if _LEAD.search(content[-80:]) and announces:
        return content
    return before if re.match(r"(?:водещ|модератор|председател)", content, re.IGNORECASE) else ""


def line_talks(
    doc: Doc, line: Line, lead: str, persons: list[tuple[int, int, Person]], found: Findings
) -> Iterator[Talk]:
    text = text_of(doc)
    start = line.start
    if hour := _HOUR.match(text, line.start, line.end):
        start = hour.end()
    title = quoted_title(text, start, line.end, persons, found) or unquoted_title(
        doc, start, line, lead, persons, found
    )
    if title is None or _NOT_LISTED_TITLE.match(text, title.start):
        return
    speakers = [entry for entry in persons if entry[1] <= title.start or entry[0] >= title.end]
    if not speakers:
        return
    chosen = _companions(text, speakers) if speakers[0][0] >= title.end or len(speakers) > 1 else [speakers[0][2]]
    if len(speakers) > 1 and speakers[-1][1] <= title.start and len(chosen) == 1:
        chosen = _line_pair(text, speakers)
    kind = kind_of(lead) if title.kind == "talk" else title.kind
    for speaker in chosen:
        yield talk_of(doc, speaker, _Title(title.start, title.end, kind), "list-line", found)


def _line_pair(text: str, speakers: list[tuple[int, int, Person]]) -> list[Person]:
    """„Х, архитект, и д-р У, музей: …“: both speak."""
    if len(speakers) == 2 and re.search(r"(?:,|\))? и (?:\S+\s+){0,2}$", text[speakers[0][1] : speakers[1][0]]):
        return [speakers[0][2], speakers[1][2]]
    return [speakers[0][2]]


def quoted_title(
    text: str, start: int, end: int, persons: list[tuple[int, int, Person]], found: Findings
) -> _Title | None:
    """The first quotation of the line that is no name of an organisation and stands beside the speaker."""
    for quotation in quotations(text[start:end]):
        at = start + quotation.start
        before, after = text[start:at], text[start + quotation.end : end]
        beside = re.search(r"(?:^|[:–—(,]|\s-|\bтема|\bза|доклад|лекция|презентация)\s*$", before) and (
            re.match(r"\s*(?:[–—,(|/-]|\([^)]*\)|$|\.)", after) or not after.strip(" .;,)")
        )
        if beside and not _NOT_TITLE.search(before.rstrip()) and not _names_something(text, start, quotation, found):
            if re.search(r"\w,?\s*$", before) and not re.search(
                r"[:–—(]\s*$|\s-\s*$|тема\s*$|за\s*$|доклад\s*$|лекция\s*$|презентация\s*$", before
            ):
                continue
            return _Title(start + quotation.inner_start, start + quotation.inner_end, kind_of(before))
    return None


def unquoted_title(
    doc: Doc, start: int, line: Line, lead: str, persons: list[tuple[int, int, Person]], found: Findings
) -> _Title | None:
    """„Ана Петрова, музей: Хляб и вино“, „Хляб и вино, лектор Ана Петрова“, „Ана Петрова – за хляба“."""
    text, first = text_of(doc), persons[0]
    if first[0] > start + 3 and (
        cue := re.search(_SPEAKER_CUE.pattern + r"(?:\S+\s+){0,3}$", text[start : first[0]], re.I)
    ):
        return _unquoted(doc, start, start + cue.start(), "talk")
    if (
        first[0] - start > 3
        and lead
        and re.search(r"\s*[:–—]\s*(?:\S+\s+){0,3}$", text[start : first[0]])
        and len(text[start : first[0]].split()) > 3
    ):
        separator = re.search(r"\s*[:–—]\s*(?:\S+\s+){0,3}$", text[start : first[0]])
        return _unquoted(doc, start, start + separator.start(), "talk") if separator else None
    last = persons[-1] if len(persons) > 1 and _line_pair(text, persons[:2]) != [first[2]] else first
    for separator in _PERSON_LINE_SEPARATOR.finditer(text, last[1], line.end):
        if separator["about"] or (separator.group().strip() == ":" and (lead or line.kind == "item")):
            return _unquoted(doc, separator.end(), line.end, "talk")
    if verb := re.compile(r"\bразказа\s+(?=как|за)(?:за\s+)?").search(text, last[1], line.end):
        return _unquoted(doc, verb.end(), line.end, "talk")
    return None


def _unquoted(doc: Doc, start: int, end: int, kind: str) -> _Title | None:
    span = doc.char_span(start, end, alignment_mode="contract")
    if span is None or not len(span):
        return None
    stop = subject_end(doc, span.start, span.end, keeps_commas=True)
    dash = doc.char_span(start, end, alignment_mode="contract")
    if dash is not None and stop < span.end and doc[stop].text in {"–", "—", ":"}:
        stop = next((i for i in range(stop, span.end) if doc[i].text in {"(", ";"}), span.end)
    begin, finish = trimmed(doc[span.start : stop])
    if relative := re.search(r",\s+ко(?:йто|ято|ето|ито)\b", text_of(doc)[begin:finish]):
        finish = begin + relative.start()
    return _Title(begin, finish, kind) if MIN_TITLE_CHARS <= finish - begin <= MAX_TITLE_CHARS else None


# Talks that the pipeline sees.


def cued_talks(doc: Doc, talks: list[Talk], found: Findings) -> Iterator[Talk]:
    """Titles that the pipeline tells and no rule has found, with the speaker that it links them to."""
    actors: list[Person | Organization] = [*found.persons, *found.organizations]
    mentions = [(mention.start_char, actor) for actor in actors for mention in actor.mentions]
    for span in whole_titles(slot_spans(doc, "TALK")):
        start, end = trimmed(whole_subject(span))
        speaker = linked(doc, "speaker", span.start_char, mentions)
        before = text_of(doc)[span.sent.start_char : start]
        of_something = _OF_SESSION.search(before) or _NOT_TITLE.search(before.rstrip(' „“"«'))
        if speaker is None or of_something or any(talk.mention.overlaps(start, end) for talk in talks):
            continue
        yield talk_of(doc, speaker, _Title(start, end, kind_of(span.sent.text)), "cue", found)


def whole_titles(spans: Iterable[Span]) -> Iterator[Span]:
    """The spans, those of one sentence joined that a few words part; a bare word is no title, unless in quotation marks."""
    whole: list[Span] = []
    for span in spans:
        last = whole[-1] if whole else None
        if last is not None and span.sent == last.sent and span.start - last.end <= MAX_TITLE_GAP:
            whole[-1] = span.doc[last.start : span.end]
        else:
            whole.append(span)
    yield from (span for span in whole if len(span) > 1)


# What all share.


def kind_of(text: str) -> str:
    """lecture, report, presentation or poster where a word of the text says so, else talk."""
    lowered = text.lower()
    for stem, kind in (
        ("лекци", "lecture"),
        ("лектор", "lecture"),
        ("постер", "poster"),
        ("презентац", "presentation"),
        ("доклад", "report"),
        ("представ", "presentation"),
    ):
        if stem in lowered:
            return kind
    return "talk"


def talk_of(doc: Doc, speaker: Person | Organization, title: _Title, extractor: str, found: Findings) -> Talk:
    text = re.sub(r"\s+", " ", text_of(doc)[title.start : title.end])
    mention = Mention(title.start, title.end, 0.8, extractor)
    return Talk(
        speaker=speaker,
        mention=mention,
        title=text,
        kind=title.kind,
        language=language_of(text),
        event=found.main_event,
    )


def language_of(title: str) -> str:
    """By script and a few small words; empty where the title is too short to tell."""
    cyrillic, latin = len(re.findall(r"[а-яѝ]", title, re.I)), len(re.findall(r"[a-z]", title, re.I))
    if cyrillic >= latin:
        return "sr" if re.search(r"[љњћђј]", title, re.I) else "bg" if cyrillic else ""
    words = set(title.lower().split())
    for language, cues in _WORDS["languages"].items():
        if words & set(cues):
            return str(language)
    return "en" if latin > 5 else ""


def without_overlaps(talks: Iterable[Talk]) -> list[Talk]:
    """In the order of the text, one talk for a speaker and title."""
    kept: list[Talk] = []
    for talk in sorted(talks, key=lambda talk: (talk.mention.start_char, -talk.mention.end_char)):
        if not any(
            k.speaker is talk.speaker
            and (k.mention.overlaps(talk.mention.start_char, talk.mention.end_char) or k.title == talk.title)
            for k in kept
        ):
            kept.append(talk)
    return kept


def _persons_between(found: Findings, start: int, end: int) -> list[tuple[int, int, Person]]:
    return sorted(
        (
            (m.start_char, m.end_char, person)
            for person in found.persons
            for m in person.mentions
            if start <= m.start_char and m.end_char <= end
        ),
        key=lambda entry: entry[:2],
    )


def _person_at(found: Findings, position: int) -> Person | None:
    return next(
        (person for person in found.persons for m in person.mentions if m.start_char <= position < m.end_char), None
    )


def _names_something(text: str, start: int, quotation: Quotation, found: Findings) -> bool:
    """The quotation is, or is part of, the name of an organisation or a place."""
    before = text[start : start + quotation.start]
    inner = found.entity_at(start + quotation.inner_start, start + quotation.inner_end)
    return inner is not None or bool(_NOT_TITLE.search(before.rstrip()))


def _is_quoted(text: str) -> bool:
    return any(quotation.end - quotation.start > 0.8 * len(text) for quotation in quotations(text))


def _in_quotation(text: str, position: int, statement: Statement) -> bool:
    offset = statement.line.start
    return any(offset + q.start < position < offset + q.end for q in quotations(text[offset : statement.line.end]))
