"""When and where an event took place and how many came: the best supported value of the report for each.

Sentences that speak of other events, and lines that only say when the report was written, lend nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from spacy.tokens import Span

from letopis.attendance import attendance_in
from letopis.base_form import base_form
from letopis.clauses import Statement
from letopis.cues import slot_spans
from letopis.extractors.places import gazetteer
from letopis.findings import CalendarDate, Event, Findings, Mention, Place, Scope, mention_of, text_of
from letopis.venues import venue_in
from letopis.vocabulary import toml

CUES = {name: re.compile("|".join(patterns)) for name, patterns in toml("event_types.toml")["cues"].items()}
TOWN_IN_NAME = re.compile(r"(?:^Община |[-–—] ?|(?:администрация|съд|прокуратура) )([А-Я][а-я]+(?: [А-Яа-я][а-я]+)?)$")
HELD_IN = {"settlement", "city", "town", "village", "capital"}
MAIN_STATEMENTS = 12
OF_ORGANIZATION = 2.5  # how much the name of an organisation speaks for the town in it
ABROAD = 1.5  # how much it speaks against a town that it is abroad

_CLOCK = re.compile(
    r"(?<![\d.,/])(?P<lead>(?:от|в|във|начален час|начало(?:то)?(?: (?:е|беше|бе))?(?: (?:в|от))?)[:\s]+)?"
    r"(?P<hour>[01]?\d|2[0-3])(?:[.:,](?P<minute>[0-5]\d))?(?:\s*[-–]\s*\d{1,2}(?:[.:]\d\d)?)?"
    r"\s*(?P<unit>ч\.|ч\b|часа?\b|h\b)?(?![\d/]|[.,:]\d)",
    re.I,
)
_NEAR_PLACE = re.compile(r"(?:\b(?:в|във|гр\.|град|село|с\.|край|на)\s*(?:гр\.|град|село|с\.)?|^)\s*$", re.I)
_FROM_PLACE = re.compile(
    r"(?:\b(?:от|кмет(?:ът|а)? на|община|област|район|до|за|през)\s+(?:гр\.|с\.|град)?|[(/]\s*)$", re.I
)
_NOT_ITS_DATE = re.compile(
    r"(?:\b(?:до|роден\w*|подписан\w*|качена[^.]{0,30}|срок|издаден\w*|приета?[^.]{0,40}|основан\w*|"
    r"повод[^.]{0,50}|ден[^.]{0,30} [–-])"
    r"\s*(?:на|през)?\s*)$",
    re.I,
)


def scope_of(statement: Statement) -> Scope:
    """Whether the statement tells of the main event, of a later or of an earlier one."""
    text = statement.text.lower()
    if statement.index < 3 and CUES["occurrence"].search(text) and not re.match(r"(?:следващ|предишн|предсто)", text):
        return "main"
    if CUES["upcoming"].search(text):
        return "upcoming"
    return "past" if CUES["past"].search(text) else "main"


def names_event(event: Event, statement: Statement) -> bool:
    return statement.span.start_char <= event.mention.start_char < statement.span.end_char


def is_dateline(statement: Statement) -> bool:
    """„София, 28.02.2018 г.“, „Публикувано на 12.04.2018“: when the report was written."""
    text = statement.text.lower()
    if CUES["not_the_event"].search(text):
        return True
    dated = len(text) < 60 and statement.index < 4 and statement.line.kind != "title" and re.search(r"\d{4}", text)
    return bool(dated) and not CUES["occurrence"].search(text) and not re.search(r"\b(?:кога|дата и час)\b", text)


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
    before = text_of(statement.span.doc)[
        max(statement.span.start_char, date.mention.start_char - 45) : date.mention.start_char
    ]
    days = (date.end - date.start).days if date.end and date.start else 0
    weight = (
        max(0.0, 3 - 0.4 * statement.index)
        + 3 * bool(CUES["occurrence"].search(text))
        + 3 * names_event(event, statement)
    )
    weight += (0 < days < 40) - 6 * (days > 200) + (statement.line.kind == "title")
    if is_dateline(statement):
        weight -= 4
    if _NOT_ITS_DATE.search(before):
        weight -= 4
    relative = date.mention.end_char - date.mention.start_char < 8 and re.match(
        r"днес|вчера|снощи", text_of(statement.span.doc)[date.mention.start_char :].lower()
    )
    weight += 1.5 * bool(relative) - 3 * bool(found.published and date.start and date.start > found.published)
    return weight


def start_time_of(event: Event, about: list[Statement], found: Findings) -> str:
    for statement in about:
        text = statement.text
        if (
            is_dateline(statement)
            or CUES["not_the_event"].search(text.lower())
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
    places = {id(place): place for place in found.places if place.kind in HELD_IN}
    for statement in about:
        for key, place in places.items():
            for mention in place.mentions:
                if inside(mention, statement):
                    weight = place_weight(mention, event, statement)
                    weights[key] = max(weights.get(key, 0.0), weight) + 0.2
    for key, town in ((key, places[key]) for key in weights):
        weights[key] += OF_ORGANIZATION * named_after(town, found) - ABROAD * (town.country not in ("", "BG"))
    best = max(weights, key=lambda key: weights[key], default=None)
    if best is None or weights[best] <= 0.5:
        return town_of_organizations(found)
    return places[best]


def named_after(town: Place, found: Findings) -> bool:
    """Whether a town stands in the name of one of the report's organisations."""
    return any(re.search(rf"(?<!\w){re.escape(town.name)}$", one.name) for one in found.organizations)


def town_of_organizations(found: Findings) -> Place | None:
    """The one town that stands in the names of organisations: „Община Ситово“, „Окръжен съд – Силистра“."""
    towns = {
        town
        for organization in found.organizations
        for town in TOWN_IN_NAME.findall(organization.name)
        if any(entry.kind == "settlement" and entry.country == "BG" for entry in gazetteer().get(town, ()))
    }
    return Place(name=towns.pop(), kind="settlement", country="BG") if len(towns) == 1 else None


def place_weight(mention: Mention, event: Event, statement: Statement) -> float:
    text = text_of(statement.span.doc)
    before = text[max(statement.span.start_char, mention.start_char - 25) : mention.start_char]
    weight = (
        max(0.0, 3 - 0.4 * statement.index)
        + 2 * bool(CUES["occurrence"].search(statement.text.lower()))
        + 3 * names_event(event, statement)
    )
    weight += (
        2 * bool(_NEAR_PLACE.search(before)) - 4 * bool(_FROM_PLACE.search(before)) + (statement.line.kind == "title")
    )
    return weight - 1 * (statement.line.kind == "item")


def country_of(event: Event, found: Findings) -> str:
    """The city's, else Bulgaria where the report names a Bulgarian place or none at all."""
    if event.city is not None:
        return event.city.country
    countries = {place.country for place in found.places if place.country}
    return "BG" if "BG" in countries or not countries else ""


def venue_of(event: Event, about: list[Statement], found: Findings) -> str:
    first = [s for s in about if names_event(event, s)]
    held = [s for s in about if s.index < MAIN_STATEMENTS and CUES["occurrence"].search(s.text.lower())]
    for statement in (*first, *held, *about[:6]):
        if is_dateline(statement) or statement.line.kind == "item":
            continue
        if venue := venue_in(statement, found):
            return venue_name(venue)
    cued = [span for s in about for span in slot_spans(s.span.doc, "VENUE") if s.span.start <= span.start < s.span.end]
    return venue_name(cued[0]) if cued else ""


def venue_name(venue: Span) -> str:
    return re.sub(r"\s+", " ", base_form(venue)).strip(" ,;–-")


def add_attendance(event: Event, about: Iterable[Statement]) -> None:
    ranked = []
    for statement in about:
        for count in attendance_in(statement):
            weight = count.certainty + max(0, 4 - statement.index // 3)
            ranked.append((weight, count.least or 0, -count.start_char, count))
    if not ranked:
        return
    weight, _, _, best = max(ranked, key=lambda entry: entry[:3])
    if weight < 3:
        return
    event.attendance_min, event.attendance_max = best.least, best.most
    event.attendance_mention = Mention(best.start_char, best.end_char, 0.8, "attendance")


def inside(mention: Mention, statement: Statement) -> bool:
    return statement.span.start_char <= mention.start_char < statement.span.end_char


def time_in(statement: Statement, found: Findings) -> str:
    return start_time_of(
        Event(scope="upcoming", mention=mention_of(statement.span, 0.5, ""), name=""), [statement], found
    )


def place_in(statement: Statement, found: Findings) -> Place | None:
    text, candidates = text_of(statement.span.doc), []
    for place in found.places:
        for mention in place.mentions:
            if inside(mention, statement) and place.kind in HELD_IN:
                before = text[max(statement.span.start_char, mention.start_char - 25) : mention.start_char]
                candidates.append(
                    (bool(_NEAR_PLACE.search(before)) - bool(_FROM_PLACE.search(before)), -mention.start_char, place)
                )
    return max(candidates, key=lambda entry: entry[:2])[2] if candidates else None
