"""Events: the one that the report is about, those it announces and those it looks back on.

The title and the first sentences say best what the main event is; each of its values is then the best supported
one of the report, and sentences that speak of other events lend nothing to it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from spacy.language import Language
from spacy.tokens import Doc

from letopis.attendance import attendance_in
from letopis.base_form import base_form
from letopis.clauses import Statement, statements
from letopis.event_names import EventPhrase, event_name, event_phrases, written_as_name
from letopis.findings import CalendarDate, Event, Findings, Mention, Place, Scope, findings, mention_of
from letopis.quotes import quotations
from letopis.venues import venue_in
from letopis.vocabulary import toml

_WORDS = toml("event_types.toml")
_CUES = {name: re.compile("|".join(patterns)) for name, patterns in _WORDS["cues"].items()}
_DEEDS = {verb: kind for kind, verbs in _WORDS["deeds"].items() for verb in verbs}
_DEED = re.compile(r"\b(?:" + "|".join(sorted(_DEEDS, key=len, reverse=True)) + r")\b", re.I)
_WORKS = {word: kind for kind, words in _WORDS["works"].items() for word in words}
_WORK = re.compile(
    r"\b(?:представ(?:ен[аои]?|и|иха)|премиера|връч(?:и|иха|ени|ен[ао]?))\b[^.]{0,40}?\b(?P<work>(?P<noun>"
    + "|".join(_WORKS)
    + r")(?:та|ът|а|ята|те)?\b"
    r"(?:\s+[„“\"«][^“”\"»]{2,80}[“”\"»])?)",
    re.I,
)

_CLOCK = re.compile(
    r"(?<![\d.,/])(?P<lead>(?:от|в|във|начален час|начало(?:то)?(?: (?:е|беше|бе))?(?: (?:в|от))?)[:\s]+)?"
    r"(?P<hour>[01]?\d|2[0-3])(?:[.:,](?P<minute>[0-5]\d))?(?:\s*[-–]\s*\d{1,2}(?:[.:]\d\d)?)?\s*(?P<unit>ч\.|ч\b|часа?\b|h\b)?(?![\d/]|[.,:]\d)",
    re.I,
)
_NEAR_PLACE = re.compile(r"(?:\b(?:в|във|гр\.|град|село|с\.|край|на)\s*(?:гр\.|град|село|с\.)?|^)\s*$", re.I)
_FROM_PLACE = re.compile(
    r"(?:\b(?:от|кмет(?:ът|а)? на|община|област|район|до|за|през)\s+(?:гр\.|с\.|град)?|[(/]\s*)$", re.I
)
_NOT_ITS_DATE = re.compile(
    r"(?:\b(?:до|роден\w*|подписан\w*|качена[^.]{0,30}|срок|издаден\w*|приета?[^.]{0,40}|основан\w*|повод)"
    r"\s*(?:на|през)?\s*)$",
    re.I,
)
_GENERIC = re.compile(
    r"\b(?:издание|форум|събитие|среща|конференция|обучение|семинар|събор|проява|церемония|кампания|фестивал|конкурс|турнир)",
    re.I,
)
_PEOPLE_COME = re.compile(r"(?:ще гостува|гостува|ще посети)", re.I)
MAIN_STATEMENTS = 12


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
    event = named_by_phrase(phrases) or named_by_verb(told, found)
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


def named_by_phrase(phrases: list[EventPhrase]) -> Event | None:
    ranked = [
        (weight_of(phrase, phrases), -phrase.span.start, phrase)
        for phrase in phrases
        if phrase.statement.index < MAIN_STATEMENTS
    ]
    if not ranked:
        return None
    weight, _, best = max(ranked, key=lambda entry: entry[:2])
    if weight < 3:
        return None
    return Event(
        scope="main",
        mention=mention_of(best.span, min(0.95, 0.4 + weight / 20), "event-phrase"),
        name=event_name(best),
        type=best.type,
    )


def weight_of(phrase: EventPhrase, phrases: list[EventPhrase]) -> float:
    """How much speaks for this phrase as the main event's name."""
    statement, text = phrase.statement, phrase.statement.text.lower()
    weight = max(0.0, 4 - 0.6 * statement.index)
    weight += 4 * phrase.own_name + 3 * bool(_CUES["occurrence"].search(text)) + 2 * (statement.line.kind == "title")
    weight += min(3, 0.5 * (phrase.words - 1)) - 2.5 * phrase.weak - 3 * phrase.plural
    weight -= 6 * (scope_of(statement) != "main")
    weight += min(2.0, 0.5 * sum(other.type == phrase.type for other in phrases))
    return weight - 2 * phrase.span.text.isupper()


def named_by_verb(told: list[Statement], found: Findings) -> Event | None:
    """„Посланикът на Латвия посети Видин“ → „Посещение на посланик на Латвия“; else the name beside „се проведе“."""
    for statement in told[:4]:
        if deed := _DEED.search(statement.text):
            return deed_event(statement, deed.start(), deed.group().lower(), found)
        if work := _WORK.search(statement.text):
            return work_event(statement, work)
    for statement in told[:MAIN_STATEMENTS]:
        if _CUES["occurrence"].search(statement.text.lower()):
            for quotation in quotations(statement.text):
                start, end = (
                    statement.span.start_char + quotation.inner_start,
                    statement.span.start_char + quotation.inner_end,
                )
                if found.entity_at(start, end) is None:
                    return Event(
                        scope="main",
                        mention=Mention(start, end, 0.4, "event-quotation"),
                        name=written_as_name(told[0].span.doc.text[start:end]),
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


def work_event(statement: Statement, work: re.Match[str]) -> Event:
    offset, kind = statement.span.start_char, _WORKS[work["noun"].lower()]
    mention = Mention(offset + work.start("work"), offset + work.end("work"), 0.6, "event-work")
    name = f"{_WORDS['work_nouns'][kind]} {work['work'][:1].lower()}{work['work'][1:]}"
    return Event(scope="main", mention=mention, name=written_as_name(name), type=kind)


def scope_of(statement: Statement) -> Scope:
    """Whether the statement tells of the main event, of a later or of an earlier one."""
    text = statement.text.lower()
    if statement.index < 3 and _CUES["occurrence"].search(text) and not re.match(r"(?:следващ|предишн|предсто)", text):
        return "main"
    if _CUES["upcoming"].search(text):
        return "upcoming"
    return "past" if _CUES["past"].search(text) else "main"


# The main event: its values.


def names_event(event: Event, statement: Statement) -> bool:
    return statement.span.start_char <= event.mention.start_char < statement.span.end_char


def is_dateline(statement: Statement) -> bool:
    """„София, 28.02.2018 г.“, „Публикувано на 12.04.2018“: when the report was written."""
    text = statement.text.lower()
    if _CUES["not_the_event"].search(text):
        return True
    dated = len(text) < 60 and statement.index < 4 and statement.line.kind != "title" and re.search(r"\d{4}", text)
    return bool(dated) and not _CUES["occurrence"].search(text) and not re.search(r"\b(?:кога|дата и час)\b", text)


def date_of(event: Event, about: list[Statement], found: Findings) -> CalendarDate | None:
    ranked = []
    for statement in about:
        for date in found.dates:
            if (
                inside(date.mention, statement)
                and date.granularity in {"day", "range", "days"}
                and "X" not in date.edtf
                and date.start
            ):
                ranked.append((date_weight(date, event, statement, found), -date.mention.start_char, date))
    if not ranked:
        return None
    weight, _, best = max(ranked, key=lambda entry: entry[:2])
    return best if weight > 0.5 else None


def date_weight(date: CalendarDate, event: Event, statement: Statement, found: Findings) -> float:
    text = statement.text.lower()
    before = statement.span.doc.text[
        max(statement.span.start_char, date.mention.start_char - 45) : date.mention.start_char
    ]
    days = (date.end - date.start).days if date.end and date.start else 0
    weight = (
        max(0.0, 3 - 0.4 * statement.index)
        + 3 * bool(_CUES["occurrence"].search(text))
        + 3 * names_event(event, statement)
    )
    weight += (0 < days < 40) - 6 * (days > 200) + (statement.line.kind == "title")
    if is_dateline(statement):
        weight -= 4
    if _NOT_ITS_DATE.search(before):
        weight -= 4
    relative = date.mention.end_char - date.mention.start_char < 8 and re.match(
        r"днес|вчера|снощи", statement.span.doc.text[date.mention.start_char :].lower()
    )
    weight += 1.5 * bool(relative) - 3 * bool(found.published and date.start and date.start > found.published)
    return weight


def start_time_of(event: Event, about: list[Statement], found: Findings) -> str:
    for statement in about:
        text = statement.text
        if (
            is_dateline(statement)
            or _CUES["not_the_event"].search(text.lower())
            or on_another_day(event, statement, found)
        ):
            continue
        for match in _CLOCK.finditer(text):
            offset = statement.span.start_char + match.start("hour")
            if (
                match["unit"] or (match["minute"] and (match["lead"] or "").lower().startswith("нача"))
            ) and not is_duration(match, text):
                if any(date.mention.overlaps(offset, offset + 1) for date in found.dates):
                    continue
                return f"{int(match['hour']):02d}:{match['minute'] or '00'}"
    return ""


def is_duration(match: re.Match[str], text: str) -> bool:
    """„24 часа“, „1 ч. и 40 мин.“, „към 11 часа“ and „продължи 3 часа“ are no beginning."""
    if re.match(r"\s*и\s+\d+\s*мин", text[match.end() :]) or re.search(
        r"\b(?:към|до|около|след|над|продължи|общо|преди)\s*$", text[: match.start()], re.I
    ):
        return True
    return not match["minute"] and not match["lead"] and not re.search(r"\(\s*$", text[: match.start()])


def on_another_day(event: Event, statement: Statement, found: Findings) -> bool:
    """The statement has a date and it is not the first day of the event."""
    days = [
        date.start
        for date in found.dates
        if inside(date.mention, statement) and date.granularity in {"day", "range"} and date.start
    ]
    return bool(days and event.date and event.date.start not in days)


def city_of(event: Event, about: list[Statement], found: Findings) -> Place | None:
    weights: dict[int, float] = {}
    places = {
        id(place): place for place in found.places if place.kind in {"settlement", "city", "town", "village", "capital"}
    }
    for statement in about:
        for key, place in places.items():
            for mention in place.mentions:
                if inside(mention, statement):
                    weight = place_weight(mention, event, statement)
                    weights[key] = max(weights.get(key, 0.0), weight) + 0.2
    if not weights:
        return None
    best = max(weights, key=lambda key: weights[key])
    return places[best] if weights[best] > 0.5 else None


def place_weight(mention: Mention, event: Event, statement: Statement) -> float:
    text = statement.span.doc.text
    before = text[max(statement.span.start_char, mention.start_char - 25) : mention.start_char]
    weight = (
        max(0.0, 3 - 0.4 * statement.index)
        + 2 * bool(_CUES["occurrence"].search(statement.text.lower()))
        + 3 * names_event(event, statement)
    )
    weight += (
        2 * bool(_NEAR_PLACE.search(before)) - 4 * bool(_FROM_PLACE.search(before)) + (statement.line.kind == "title")
    )
    return weight - 1 * (statement.line.kind == "item")


def country_of(event: Event, found: Findings) -> str:
    if event.city is not None:
        return event.city.country
    return "BG" if any(place.country == "BG" for place in found.places) else ""


def venue_of(event: Event, about: list[Statement], found: Findings) -> str:
    first = [s for s in about if names_event(event, s)]
    held = [s for s in about if s.index < MAIN_STATEMENTS and _CUES["occurrence"].search(s.text.lower())]
    for statement in (*first, *held, *about[:4]):
        if is_dateline(statement) or statement.line.kind == "item":
            continue
        if venue := venue_in(statement, found):
            text = base_form(venue)
            return re.sub(r"\s+", " ", text).strip(" ,;–-")
    return ""


def add_attendance(event: Event, about: Iterable[Statement]) -> None:
    ranked = []
    for statement in about:
        for count in attendance_in(statement):
            weight = count.certainty + 2 * (statement.index < 6) + max(0.0, 2 - 0.2 * statement.index)
            ranked.append((weight, -count.start_char, count))
    if not ranked:
        return
    weight, _, best = max(ranked, key=lambda entry: entry[:2])
    if weight < 4:
        return
    event.attendance_min, event.attendance_max = best.least, best.most
    event.attendance_mention = Mention(best.start_char, best.end_char, 0.8, "attendance")


def inside(mention: Mention, statement: Statement) -> bool:
    return statement.span.start_char <= mention.start_char < statement.span.end_char


# Other events.


def other_events(told: list[Statement], phrases: list[EventPhrase], main: Event, found: Findings) -> Iterator[Event]:
    """Announced and past events: a statement that speaks of one, with a phrase that names it, a date or a place."""
    for statement in told:
        scope = scope_of(statement)
        if scope == "main" or names_event(main, statement):
            continue
        named = [phrase for phrase in phrases if phrase.statement.index == statement.index]
        dates = [
            date
            for date in found.dates
            if inside(date.mention, statement) and date.granularity in {"day", "range", "month", "season", "year"}
        ]
        place = place_in(statement, found)
        if not named and not (_GENERIC.search(statement.text) and (dates or place)):
            continue
        phrase = next((p for p in named if not p.plural), None)
        yield other_event(statement, scope, phrase, main, dates, place, found)


def other_event(
    statement: Statement,
    scope: Scope,
    phrase: EventPhrase | None,
    main: Event,
    dates: list[CalendarDate],
    place: Place | None,
    found: Findings,
) -> Event:
    name, kind, mention = main.name, main.type, mention_of(statement.span, 0.5, "event-other")
    if phrase is not None:
        mention = mention_of(phrase.span, 0.6, "event-other")
        if phrase.own_name or phrase.words > 1 or phrase.type != main.type:
            name, kind = event_name(phrase), phrase.type
            if phrase.words == 1 and place is not None:
                name = f"{name} в {place.name}"
    day = next((date for date in dates if date.start and date.granularity in {"day", "range"}), None)
    venue = venue_in(statement, found)
    return Event(
        scope=scope,
        mention=mention,
        name=name,
        type=kind,
        date=day,
        start_time=time_in(statement, found),
        venue=base_form(venue) if venue is not None else "",
        city=place,
        country=place.country if place is not None else "",
    )


def time_in(statement: Statement, found: Findings) -> str:
    return start_time_of(
        Event(scope="upcoming", mention=mention_of(statement.span, 0.5, ""), name=""), [statement], found
    )


def place_in(statement: Statement, found: Findings) -> Place | None:
    text, candidates = statement.span.doc.text, []
    for place in found.places:
        for mention in place.mentions:
            if inside(mention, statement) and place.kind in {"settlement", "city", "town", "village", "capital"}:
                before = text[max(statement.span.start_char, mention.start_char - 25) : mention.start_char]
                candidates.append(
                    (bool(_NEAR_PLACE.search(before)) - bool(_FROM_PLACE.search(before)), -mention.start_char, place)
                )
    return max(candidates, key=lambda entry: entry[:2])[2] if candidates else None


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
