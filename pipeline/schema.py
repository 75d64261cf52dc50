"""The tables, written once: CSV columns, pandas dtypes, JSON Schema and the Data Package descriptor come from here.

A table is a pydantic model and a row an instance of it; the order of the fields is the order of the columns. An
empty cell is unknown (None here, null in JSON, <NA> in pandas).
"""

from __future__ import annotations

import datetime
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, ConfigDict, Field

EventType = Literal[
    "conference", "forum", "meeting", "round_table", "seminar", "training", "workshop", "lecture", "visit", "award",
    "ceremony", "exhibition", "festival", "competition", "campaign", "presentation", "debate", "other",
]  # fmt: skip
MentionKind = Literal[
    "person", "organization", "place", "date", "event", "role", "talk", "topic", "quantity"
]  # fmt: skip
Function = Literal[
    "organizer", "host", "partner", "sponsor", "moderator", "opener", "speaker", "awardee", "participant"
]  # fmt: skip
SCHEMA_VERSION = "1.0"
SCHEMA_ID = f"urn:letopis:report:{SCHEMA_VERSION}"


class Row(BaseModel):
    """One fact. Text offsets count Unicode code points of the report's decoded text, end exclusive."""

    model_config = ConfigDict(extra="forbid")


class ReportRow(Row):
    """An input document."""

    report_id: str = Field(description="stable id, from the source path and the content")
    source: str = Field(description="path relative to the input folder")
    title: str | None
    published: datetime.date | None = Field(description="publication date, where the text states it")
    language: str | None = Field(description="ISO 639-1 code, empty if it could not be told")
    n_chars: int
    n_sentences: int
    n_tokens: int
    sha256: str = Field(description="of the input's bytes")


class EventRow(Row):
    """An event that the report tells of."""

    event_id: str
    report_id: str
    scope: Literal["main", "upcoming", "past"]
    name: str | None = Field(description="proper name or shortest full noun phrase, base form")
    type: EventType
    start: datetime.date | None
    end: datetime.date | None
    edtf: str | None = Field(description="Extended Date/Time Format (ISO 8601-2)")
    start_time: str | None = Field(description="HH:MM, local")
    venue: str | None
    city: str | None
    country: str | None = Field(description="ISO 3166-1 alpha-2")
    attendance_min: int | None
    attendance_max: int | None
    start_char: int
    end_char: int
    confidence: float = Field(ge=0, le=1)


class DateRow(Row):
    """A calendar expression."""

    date_id: str
    report_id: str
    event_id: str | None = Field(description="the event that takes place then, if any")
    text: str
    edtf: str = Field(description="Extended Date/Time Format (ISO 8601-2)")
    start: datetime.date | None = Field(description="first day, if the year is known")
    end: datetime.date | None = Field(description="last day, if the year is known")
    granularity: str = Field(description="day, range, month, season, year …")
    inferred: str | None = Field(description="what was not in the text: year, month, or nothing")
    start_char: int
    end_char: int
    confidence: float = Field(ge=0, le=1)


class PersonRow(Row):
    """A person, once in the archive."""

    person_id: str
    name: str
    given_name: str | None
    family_name: str | None
    gender: Literal["female", "male"] | None
    name_latin: str = Field(description="by the Bulgarian transliteration law of 2009")
    n_reports: int


class OrganizationRow(Row):
    """An organisation, once in the archive."""

    organization_id: str
    name: str = Field(description="base form: without the article")
    abbreviation: str | None
    type: str | None
    country: str | None = Field(description="ISO 3166-1 alpha-2")
    name_latin: str
    n_reports: int


class PlaceRow(Row):
    """A place, once in the archive."""

    place_id: str
    name: str
    kind: str | None = Field(description="settlement, municipality, district, region, country …")
    country: str | None = Field(description="ISO 3166-1 alpha-2")
    ekatte: str | None = Field(description="code of a Bulgarian settlement")
    latitude: float | None = Field(description="degrees, WGS 84")
    longitude: float | None = Field(description="degrees, WGS 84")
    n_reports: int


class RoleRow(Row):
    """Who holds which position where, and did what at the event; the actor is the person, or else the organisation."""

    role_id: str
    report_id: str
    event_id: str | None
    person_id: str | None
    organization_id: str | None
    position: str | None = Field(description="base form")
    position_text: str | None
    function: Function | None
    start_char: int
    end_char: int
    confidence: float = Field(ge=0, le=1)


class TalkRow(Row):
    """A contribution with a subject."""

    talk_id: str
    report_id: str
    event_id: str | None
    person_id: str | None
    organization_id: str | None
    title: str
    kind: str | None
    language: str | None
    start_char: int
    end_char: int
    confidence: float = Field(ge=0, le=1)


class TopicRow(Row):
    """A subject discussed."""

    topic_id: str
    report_id: str
    event_id: str | None
    text: str
    label: str = Field(description="normalised")
    source: Literal["list", "discussion", "theme"]
    rank: int
    start_char: int
    end_char: int
    confidence: float = Field(ge=0, le=1)


class MentionRow(Row):
    """One occurrence in the text."""

    mention_id: str
    report_id: str
    kind: MentionKind
    entity_id: str = Field(description="id of the person, organisation, place, date, event, role, talk or topic")
    text: str
    start_char: int
    end_char: int
    confidence: float = Field(ge=0, le=1)
    extractor: str


class ErrorRow(Row):
    """What could not be read or was cut off."""

    source: str
    stage: str
    error: str
    message: str


TABLES: dict[str, type[Row]] = {
    "reports": ReportRow,
    "events": EventRow,
    "dates": DateRow,
    "persons": PersonRow,
    "organizations": OrganizationRow,
    "places": PlaceRow,
    "roles": RoleRow,
    "talks": TalkRow,
    "topics": TopicRow,
    "mentions": MentionRow,
    "errors": ErrorRow,
}
ENTITY_TABLES = ("persons", "organizations", "places")
NESTED_TABLES = ("events", "dates", "roles", "talks", "topics", "mentions")
KEY_TABLES = {
    "report_id": "reports",
    "event_id": "events",
    "person_id": "persons",
    "organization_id": "organizations",
    "place_id": "places",
}
DTYPES = {str: "string", int: "Int64", float: "Float64", datetime.date: "datetime64[s]"}
FRICTIONLESS_TYPES = {str: "string", int: "integer", float: "number", datetime.date: "date"}


def columns(table: str) -> list[str]:
    """The column names of `table`, in order."""
    return list(TABLES[table].model_fields)


def alternatives(table: str, column: str) -> list[Any]:
    """What the annotation of a column allows, None left out: a type or the values of a Literal."""
    annotation = TABLES[table].model_fields[column].annotation
    members = get_args(annotation) if get_origin(annotation) in (Union, UnionType) else (annotation,)
    return [
        value
        for member in members
        if member is not type(None)
        for value in (get_args(member) if get_origin(member) is Literal else (member,))
    ]


def value_type(table: str, column: str) -> type:
    """str, int, float or datetime.date: what a cell of this column holds when it is not empty."""
    first = alternatives(table, column)[0]
    return first if isinstance(first, type) else str


def dtypes(table: str) -> dict[str, str]:
    """The pandas dtype of each column of `table`."""
    return {column: DTYPES[value_type(table, column)] for column in columns(table)}


def primary_key(table: str) -> str | None:
    """The column that identifies a row, None for `errors`."""
    first = columns(table)[0]
    return first if first.endswith("_id") else None


def data_package(tables: dict[str, int] | None = None) -> dict[str, Any]:
    """The Data Package (v2) descriptor of the CSV files; `tables` gives the number of rows of each, if known."""
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "letopis",
        "title": "Bulgarian event reports as tables",
        "version": SCHEMA_VERSION,
        "resources": [resource(table, tables) for table in TABLES],
    }


def resource(table: str, tables: dict[str, int] | None) -> dict[str, Any]:
    described: dict[str, Any] = {
        "name": table,
        "title": TABLES[table].__doc__,
        "path": f"{table}.csv",
        "type": "table",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": table_schema(table),
    }
    if tables is not None:
        described["rowcount"] = tables[table]
    return described


def table_schema(table: str) -> dict[str, Any]:
    """The Table Schema (frictionless) of one table, with its keys."""
    key = primary_key(table)
    schema: dict[str, Any] = {
        "fields": [field_schema(table, column) for column in columns(table)],
        "missingValues": [""],
    }
    if key:
        schema["primaryKey"] = [key]
    foreign = [
        {"fields": [column], "reference": {"resource": KEY_TABLES[column], "fields": [column]}}
        for column in columns(table)
        if column in KEY_TABLES and column != key
    ]
    if foreign:
        schema["foreignKeys"] = foreign
    return schema


def field_schema(table: str, column: str) -> dict[str, Any]:
    info = TABLES[table].model_fields[column]
    described: dict[str, Any] = {"name": column, "type": FRICTIONLESS_TYPES[value_type(table, column)]}
    if info.description:
        described["description"] = info.description
    choices = [value for value in alternatives(table, column) if isinstance(value, str)]
    constraints: dict[str, Any] = {"enum": choices} if choices else {}
    if column == primary_key(table):
        constraints |= {"required": True, "unique": True}
    if constraints:
        described["constraints"] = constraints
    return described


class ReportRecord(ReportRow):
    """One line of reports.jsonl: the report, its decoded text, and everything found in it."""

    text: str = Field(description="the decoded text that all offsets count in")
    events: list[EventRow]
    dates: list[DateRow]
    persons: list[PersonRow] = Field(description="the persons mentioned here")
    organizations: list[OrganizationRow] = Field(description="the organisations mentioned here")
    places: list[PlaceRow] = Field(description="the places mentioned here")
    roles: list[RoleRow]
    talks: list[TalkRow]
    topics: list[TopicRow]
    mentions: list[MentionRow]


def json_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) that every line of `reports.jsonl` satisfies."""
    schema = ReportRecord.model_json_schema(mode="serialization")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": SCHEMA_ID, **schema}
