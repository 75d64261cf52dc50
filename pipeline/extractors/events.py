"""Events: the one that the report is about, those it announces and those it looks back on.

The title and the first sentences say best what the main event is; each of its values is then the best supported
one of the report, and sentences that speak of other events lend nothing to it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from spacy.language import Language
from spacy.tokens import Doc

from letopis.base_form import base_form
from letopis.clauses import Statement, statements, subject_end
from letopis.event_names import EventPhrase, event_name, event_phrases, written_as_name
from letopis.event_slots import (
    CUES,
    MAIN_STATEMENTS,
    add_attendance,
    city_of,
    country_of,
    date_of,
    inside,
    names_event,
    place_in,
    scope_of,
    start_time_of,
    time_in,
    venue_of,
)
from letopis.findings import (
    CalendarDate,
    Event,
    Findings,
    Mention,
    Place,
    Scope,
    findings,
    mention_of,
    text_of,
    token_at,
)
from letopis.quotes import quotations
from letopis.venues import venue_in
from letopis.vocabulary import toml

_WORDS = toml("event_types.toml")
_DEEDS = {verb: kind for kind, verbs in _WORDS["deeds"].items() for verb in verbs}
_DEED = re.compile(r"\b(?:" + "|".join(sorted(_DEEDS, key=len, reverse=True)) + r")\b", re.I)
_MEETING = re.compile(r"(?<!\w)(?:" + "|".join(_WORDS["meetings"]["verbs"]) + r")\s+", re.IGNORECASE)
_WORKS = {word: kind for kind, words in _WORDS["works"].items() for word in words}
_WORK = re.compile(
    r"\b(?:представ(?:ен[аои]?|и|иха)|премиера|връч(?:и|иха|ени|ен[ао]?))\b[^.]{0,40}?\b(?P<work>(?P<noun>"
    + "|".join(_WORKS)
    + r")(?:та|ът|а|ята|те)?\b"
    r"(?:\s+[„“\"«][^“”\"»]{2,80}[“”\"»])?)",
    re.I,
)

_GENERIC = re.compile(r"\b(?:" + "|".join(_WORDS["series"]["words"]) + ")", re.IGNORECASE)
_VISITOR = re.compile("|".join(_WORDS["deeds_by"]["visit"]), re.IGNORECASE)
_PART_OF = re.compile(r"(?:" + "|".join(_WORDS["series"]["part_of"]) + r")\s+(?:\w+(?:та|ия)\s+)?$", re.IGNORECASE)
_CLAUSE_CUT = re.compile(r",\s+(?:а|докато)\s|;\s|\s(?=и завършва\b)|\.\s+(?=[А-Я])")
_DONE: dict[str, list[str]] = _WORDS["done"]
_DONE_STEM = r"(?P<participle>представен[аои]?|осветен[аои]?|открит[аои]?|връчен[аои]?|показан[аои]?)"
_WILL_BE_DONE = re.compile(
    rf"(?P<before>(?!(?:тя|той|то|те)\b)[\w„“”\" -]{{4,60}}?)\s+ще (?:бъде|бъдат) {_DONE_STEM}\b"
    r"(?:\s+(?:наесен|напролет|през|на|в|по)\b|\s*[.,]|$)"
    rf"|ще (?:бъде|бъдат) {_DONE_STEM.replace('<participle>', '<other>')}\s+(?:и\s+)?"
    r"(?!(?:и|в|на|през|по)\b)(?P<after>[^,.;(]{4,60})"
    r"|ще представ(?:и|ят|им)\s+(?:в\s+[А-Я]\w+\s+)?(?P<work>[^,.;(„]{0,30}[„«“][^”“»]{2,60}[”“»])",
    re.IGNORECASE,
)
_WILL_VISIT = re.compile(
    r"(?:^|[,.;]\s|г\.\s|\b(?:януари|февруари|март|април|май|юни|юли|август|септември|октомври|ноември|декември)\s)"
    r"(?P<who>[^,.;\d]{4,60}?)\s+ще\s+(?:посети|гостува)",
    re.IGNORECASE,
)
MIN_STEM = 5  # letters that the forms of a noun share
LEAST_WEIGHT = 3  # of a phrase that goes before a verb as the event's name
_REPEATED_ELSEWHERE = {"seminar", "training", "meeting", "debate", "campaign", "workshop", "lecture", "other"}


@Language.factory("letopis_events")
class EventsExtractor:
    """Fills `findings(doc).events`: the main event first, then the others in the order of the text."""

    def __init__(self, nlp: Language, name: str) -> None:
        self.name = name

    def __call__(self, doc: Doc) -> Doc:
        found, told = findings(doc), statements(doc)
        phrases = [phrase for statement in told for phrase in event_phrases(statement, found)]
        main = main_event(doc, told, phrases, found)
        if main is not None:
            others = list(other_events(told, phrases, main, found))
            found.events = [main, *without_repeats(others)]
        return doc


# The main event: its name.


def main_event(doc: Doc, told: list[Statement], phrases: list[EventPhrase], found: Findings) -> Event | None:
    """The event that the report is about, with all that the text says of it; nothing if it names none."""
    event = (
        visit_in_title(told, found)
        or named_by_phrase(phrases, told, LEAST_WEIGHT)
        or named_by_verb(told, found)
        or named_by_phrase(phrases, told, 0)
    )
    if event is None:
        return None
    about = [s for s in told if scope_of(s) == "main"]
    event.date = date_of(event, about, found)
    event.start_time = start_time_of(event, about, found)
    event.city = city_of(event, about, found)
    event.country = country_of(event, found)
    event.venue = venue_of(event, about, found)
    add_attendance(event, about)
    return event


def visit_in_title(told: list[Statement], found: Findings) -> Event | None:
    """„Делегация от Окаяма гостува на …“: a visit, whatever else took place during it."""
    for statement in told[:1]:
        deed = _DEED.search(statement.text)
        if deed and _DEEDS[deed.group().lower()] == "visit" and _VISITOR.search(statement.text[: deed.start()]):
            return deed_event(statement, deed.start(), deed.group().lower(), found)
    return None


def named_by_phrase(phrases: list[EventPhrase], told: list[Statement], least: float) -> Event | None:
    """The phrase for whose being the name most speaks, if its weight is `least` or more."""
    ranked = [
        (weight_of(phrase, phrases), -phrase.span.start, phrase)
        for phrase in phrases
        if phrase.statement.index < MAIN_STATEMENTS
    ]
    if not ranked:
        return None
    weight, _, best = max(ranked, key=lambda entry: entry[:2])
    if weight < least or (best.weak and weight < 7.5 and any(_WORK.search(s.text) for s in told[:4])):
        return None
    return Event(
        scope="main",
        mention=mention_of(best.span, min(0.95, 0.4 + weight / 20), "event-phrase"),
        name=event_name(fuller(best, phrases)),
        type=best.type,
    )


def fuller(phrase: EventPhrase, phrases: list[EventPhrase]) -> EventPhrase:
    """The first phrase of the main event that says more than its bare noun: „пресконференция“, „пресконференция за …“."""
    if phrase.words > 1:
        return phrase
    stem = phrase.head[:MIN_STEM]
    same = (p for p in phrases if p.head.startswith(stem) and p.type == phrase.type and not p.plural and p.words > 1)
    return next((p for p in same if p.statement.index < MAIN_STATEMENTS and scope_of(p.statement) == "main"), phrase)


def weight_of(phrase: EventPhrase, phrases: list[EventPhrase]) -> float:
    """How much speaks for this phrase as the main event's name."""
    statement, text = phrase.statement, phrase.statement.text.lower()
    weight = max(0.0, 4 - 0.6 * statement.index)
    weight += 4 * phrase.own_name + 3 * bool(CUES["occurrence"].search(text)) + 2 * (statement.line.kind == "title")
    weight += min(4, 0.6 * (phrase.words - 1)) - 2.5 * phrase.weak - 3 * phrase.plural
    weight -= 6 * (scope_of(statement) != "main")
    weight += min(2.0, 0.5 * sum(other.type == phrase.type for other in phrases))
    start = statement.span.start_char
    before = text_of(statement.span.doc)[start : phrase.span.start_char]
    return weight - 4 * phrase.span.text.isupper() - 6 * bool(_PART_OF.search(before))


def named_by_verb(told: list[Statement], found: Findings) -> Event | None:
    """„Посланикът на Латвия посети Видин“ → „Посещение на посланик на Латвия“; else the name beside „се проведе“."""
    for statement in told[:4]:
        if deed := _DEED.search(statement.text):
            return deed_event(statement, deed.start(), deed.group().lower(), found)
        if (meeting := _MEETING.search(statement.text)) and (event := meeting_event(statement, meeting.end())):
            return event
        if work := _WORK.search(statement.text):
            return work_event(statement, work)
    for statement in told[:MAIN_STATEMENTS]:
        if CUES["occurrence"].search(statement.text.lower()):
            for quotation in quotations(statement.text):
                start, end = (
                    statement.span.start_char + quotation.inner_start,
                    statement.span.start_char + quotation.inner_end,
                )
                if found.entity_at(start, end) is None:
                    return Event(
                        scope="main",
                        mention=Mention(start, end, 0.4, "event-quotation"),
                        name=written_as_name(text_of(told[0].span.doc)[start:end]),
                    )
    if told and told[0].line.kind == "title":
        return Event(
            scope="main", mention=mention_of(told[0].span, 0.3, "event-title"), name=written_as_name(told[0].text)
        )
    return None


def deed_event(statement: Statement, position: int, verb: str, found: Findings) -> Event:
    kind, doc = _DEEDS[verb], statement.span.doc
    subject = doc.char_span(statement.span.start_char, statement.span.start_char + position, alignment_mode="contract")
    phrase = base_form(subject).strip() if subject is not None and len(subject) else ""
    noun = _WORDS["deed_nouns"][kind]
    name = f"{noun} {phrase[:1].lower() + phrase[1:]}" if phrase else noun.removesuffix(" на")
    return Event(
        scope="main", mention=mention_of(statement.span, 0.6, "event-deed"), name=written_as_name(name), type=kind
    )


def meeting_event(statement: Statement, position: int) -> Event | None:
    """The meeting with those that the sentence names from `position` on; nothing where it names nobody there."""
    doc, start = statement.span.doc, statement.span.start_char + position
    first = token_at(doc, start)
    if first is None or first.i >= statement.span.end or first.pos_ not in {"NOUN", "PROPN", "ADJ", "NUM"}:
        return None
    met = doc[first.i : subject_end(doc, first.i, statement.span.end)]
    name = written_as_name(f"{_WORDS['meetings']['name']} {met.text}")
    return Event(scope="main", mention=mention_of(statement.span, 0.6, "event-meeting"), name=name, type="meeting")


def work_event(statement: Statement, work: re.Match[str]) -> Event:
    offset, kind = statement.span.start_char, _WORKS[work["noun"].lower()]
    mention = Mention(offset + work.start("work"), offset + work.end("work"), 0.6, "event-work")
    name = f"{_WORDS['work_nouns'][kind]} {work['work'][:1].lower()}{work['work'][1:]}"
    return Event(scope="main", mention=mention, name=written_as_name(name), type=kind)


# Other events.


def other_events(told: list[Statement], phrases: list[EventPhrase], main: Event, found: Findings) -> Iterator[Event]:
    """Announced and past events: a clause that speaks of one, with a phrase that names it, a date or a place."""
    for statement in told:
        if names_event(main, statement):
            continue
        scope = scope_of(statement)
        for clause in clauses_of(statement):
            scope = scope_of(clause) if scope_of(clause) != "main" else scope
            if scope != "main":
                event = event_in(clause, scope, phrases, main, found)
                if event is not None:
                    yield event


def clauses_of(statement: Statement) -> list[Statement]:
    """The statement cut before „, а“, „;“, „ и завършва“, where one clause may announce what another does not."""
    doc, start, pieces = statement.span.doc, statement.span.start_char, []
    ends = [start + match.start() for match in _CLAUSE_CUT.finditer(statement.text)] + [statement.span.end_char]
    for end in ends:
        span = doc.char_span(start, end, alignment_mode="contract")
        if span is not None and len(span) > 2:
            pieces.append(replace(statement, span=span, index=max(statement.index, 3)))
        start = end
    return pieces


def event_in(clause: Statement, scope: Scope, phrases: list[EventPhrase], main: Event, found: Findings) -> Event | None:
    inside_clause = [p for p in phrases if clause.span.start <= p.span.start < clause.span.end]
    phrase = next((p for p in inside_clause if not p.plural), None)
    place = place_in(clause, found)
    day = day_in(clause, found)
    mention, name, kind = mention_of(clause.span, 0.5, "event-clause"), main.name, main.type
    if deed := deed_in(clause, found):
        name, kind = deed
    elif phrase is not None:
        mention = mention_of(phrase.span, 0.6, "event-phrase")
        name, kind = other_name(phrase, main, place)
    elif not (inside_clause or is_about_series(clause, main)) or (day is None and place is None):
        return None
    venue = venue_in(clause, found)
    return Event(
        scope=scope,
        mention=mention,
        name=name,
        type=kind,
        date=day,
        start_time=time_in(clause, found),
        venue=base_form(venue) if venue is not None else "",
        city=place,
        country=place.country if place is not None else "",
    )


def is_about_series(clause: Statement, main: Event) -> bool:
    """The clause says „изданието“, „следващото“ or repeats the main event's own name."""
    own = quotations(main.name)
    named = own and main.name[own[0].inner_start : own[0].inner_end].lower() in clause.text.lower()
    return bool(_GENERIC.search(clause.text) or named)


def other_name(phrase: EventPhrase, main: Event, place: Place | None) -> tuple[str, str]:
    """Its own name; the main event's where the phrase is but its head („форумът“), „Семинар в Котел“ elsewhere."""
    if phrase.own_name or phrase.words > 1 or phrase.type != main.type:
        name = event_name(phrase)
        return (f"{name} в {place.name}" if phrase.words == 1 and place is not None else name), phrase.type
    elsewhere = place is not None and main.city is not None and place.name != main.city.name
    if elsewhere and place is not None and main.type in _REPEATED_ELSEWHERE:
        return f"{event_name(phrase)} в {place.name}", phrase.type
    return main.name, main.type


def deed_in(clause: Statement, found: Findings) -> tuple[str, str] | None:
    """„ще бъде представен филмът“ → „Представяне на филмът“, „делегация ще посети Пусан“ → „Посещение на делегация“."""
    text = clause.text
    if match := _WILL_BE_DONE.search(text):
        participle = (match["participle"] or match["other"] or "представен").lower()
        noun, kind = next((n, k) for stem, (n, k) in _DONE.items() if participle.startswith(stem))
        group = next(name for name in ("before", "after", "work") if match[name])
        start, thing = clause.span.start_char + match.start(group), match[group]
        span = clause.span.doc.char_span(start, start + len(thing), alignment_mode="contract")
        if span is not None and len(span):
            return f"{noun} {without_capital(base_form(span))}", kind
    if match := _WILL_VISIT.search(text):
        who = re.sub(r"^(?:През|На|В)\s+(?:м\.\s*)?\w+\s+(?:т\.г\.\s+)?", "", match["who"].strip())
        return f"Посещение на {without_capital(who)}", "visit"
    return None


def without_capital(text: str) -> str:
    return text if text[:2].isupper() else text[:1].lower() + text[1:]


def day_in(clause: Statement, found: Findings) -> CalendarDate | None:
    """The first day or range of days of the clause that is no deadline („до 15 май“)."""
    for date in found.dates:
        if inside(date.mention, clause) and date.start and date.granularity in {"day", "range"}:
            before = text_of(clause.span.doc)[max(0, date.mention.start_char - 12) : date.mention.start_char]
            if date.start and date.end and (date.end - date.start).days < 40 and not re.search(r"\bдо\s*$", before):
                return date
    return None


def without_repeats(events: list[Event]) -> list[Event]:
    """One row for an event that two statements tell of."""
    kept: list[Event] = []
    for event in events:
        twin = next(
            (
                k
                for k in kept
                if k.scope == event.scope
                and k.name == event.name
                and (k.date is None or event.date is None or k.date.start == event.date.start)
            ),
            None,
        )
        if twin is None:
            kept.append(event)
        else:
            twin.date, twin.city, twin.country = (
                twin.date or event.date,
                twin.city or event.city,
                twin.country or event.country,
            )
    return kept
