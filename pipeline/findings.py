"""What the extractors find in one report: mentions, entities and relations.

All offsets count Unicode code points of the report's decoded text, end exclusive, so that
``text[start_char:end_char]`` is the mention. A value the text does not support is empty.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from typing import Literal

from spacy.tokens import Doc, Span, Token

Function = Literal[
    "organizer", "host", "partner", "sponsor", "moderator", "opener", "speaker", "awardee", "participant", ""
]
Scope = Literal["main", "upcoming", "past"]


@dataclass(frozen=True, slots=True)
class Mention:
    """One occurrence in the text. `extractor` names the rule or model that found it."""

    start_char: int
    end_char: int
    confidence: float
    extractor: str

    def overlaps(self, start_char: int, end_char: int) -> bool:
        return self.start_char < end_char and start_char < self.end_char


@dataclass(eq=False, kw_only=True)
class Entity:
    """Somebody or something with a name; `name` is the base form, `aliases` other forms of it in this report."""

    name: str
    mentions: list[Mention] = field(default_factory=list)
    aliases: set[str] = field(default_factory=set)


@dataclass(eq=False, kw_only=True)
class Person(Entity):
    given_name: str = ""
    family_name: str = ""
    gender: Literal["female", "male", ""] = ""


@dataclass(eq=False, kw_only=True)
class Organization(Entity):
    abbreviation: str = ""
    type: str = ""
    country: str = ""


@dataclass(eq=False, kw_only=True)
class Place(Entity):
    """`country` is ISO 3166-1 alpha-2; `ekatte` the five-digit code of a Bulgarian settlement; degrees WGS 84."""

    kind: str = ""
    country: str = ""
    ekatte: str = ""
    latitude: float | None = None
    longitude: float | None = None


@dataclass(eq=False, kw_only=True)
class CalendarDate:
    """A calendar expression. `edtf` is ISO 8601-2; `start`/`end` its first and last day, if its year is known.

    `inferred` says what was not in the text: "year", "month", both joined by a space, or nothing.
    """

    mention: Mention
    edtf: str
    start: datetime.date | None
    end: datetime.date | None
    granularity: str
    inferred: str = ""


@dataclass(eq=False, kw_only=True)
class Event:
    """An event the report tells of; the mention is the phrase that names it."""

    scope: Scope
    mention: Mention
    name: str
    type: str = "other"
    date: CalendarDate | None = None
    start_time: str = ""
    venue: str = ""
    city: Place | None = None
    country: str = ""
    attendance_min: int | None = None
    attendance_max: int | None = None
    attendance_mention: Mention | None = None


@dataclass(eq=False, kw_only=True)
class Role:
    """Who holds which position where, and what they did at `event`; the mention is the position or the verb."""

    actor: Person | Organization
    mention: Mention
    organization: Organization | None = None
    position: str = ""
    position_text: str = ""
    function: Function = ""
    event: Event | None = None


@dataclass(eq=False, kw_only=True)
class Talk:
    """A contribution with a subject; the mention is the title."""

    speaker: Person | Organization
    mention: Mention
    title: str
    kind: str = ""
    language: str = ""
    organization: Organization | None = None
    event: Event | None = None


@dataclass(eq=False, kw_only=True)
class Topic:
    """A subject discussed, as the text words it; `rank` counts from 1 in the order of the text."""

    mention: Mention
    label: str
    source: Literal["list", "discussion", "theme"]
    rank: int
    event: Event | None = None


@dataclass(eq=False)
class Findings:
    """All that the extractors found in one report, each list in the order of the text."""

    published: datetime.date | None = None
    dates: list[CalendarDate] = field(default_factory=list)
    organizations: list[Organization] = field(default_factory=list)
    persons: list[Person] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    roles: list[Role] = field(default_factory=list)
    talks: list[Talk] = field(default_factory=list)
    topics: list[Topic] = field(default_factory=list)

    @property
    def main_event(self) -> Event | None:
        return next((event for event in self.events if event.scope == "main"), None)

    def entity_at(self, start_char: int, end_char: int) -> Entity | None:
        """The entity whose mention covers these characters, if any."""
        for entity in (*self.organizations, *self.persons, *self.places):
            for mention in entity.mentions:
                if mention.start_char <= start_char and end_char <= mention.end_char:
                    return entity
        return None


def findings(doc: Doc) -> Findings:
    """The findings of this document; empty before the first extractor has run."""
    found: Findings = doc.user_data.setdefault("letopis", Findings())
    return found


def text_of(doc: Doc) -> str:
    """`doc.text`, joined once: spaCy joins the tokens anew at each access."""
    if "letopis_text" not in doc.user_data:
        doc.user_data["letopis_text"] = doc.text
    text: str = doc.user_data["letopis_text"]
    return text


def token_at(doc: Doc, char: int) -> Token | None:
    """The token that covers a character, if there is one."""
    span = doc.char_span(char, char + 1, alignment_mode="expand")
    return span[0] if span else None


def mention_of(span: Span, confidence: float, extractor: str) -> Mention:
    return Mention(span.start_char, span.end_char, confidence, extractor)
