"""Findings to tables: typed pandas frames with the columns of the schema."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, fields
from typing import Any

import pandas as pd

from letopis.findings import CalendarDate, Entity, Event, Mention, Organization, Person, Role, Talk
from letopis.resolve import Cluster, digest, resolve
from letopis.run import Extracted, Failure
from letopis.schema import ENTITY_TABLES, TABLES, columns, dtypes
from letopis.transliteration import to_latin

Rows = dict[str, list[dict[str, Any]]]
Resolved = dict[Entity, tuple[str, Cluster]]


@dataclass
class Tables:
    """The tables of a run, each a data frame with the columns and dtypes of the schema; unknown is <NA>.

    `texts` holds the decoded text of each report by its id, which all offsets count in.
    """

    reports: pd.DataFrame
    events: pd.DataFrame
    dates: pd.DataFrame
    persons: pd.DataFrame
    organizations: pd.DataFrame
    places: pd.DataFrame
    roles: pd.DataFrame
    talks: pd.DataFrame
    topics: pd.DataFrame
    mentions: pd.DataFrame
    errors: pd.DataFrame
    texts: dict[str, str] = field(default_factory=dict, repr=False)

    def __getitem__(self, table: str) -> pd.DataFrame:
        frame: pd.DataFrame = getattr(self, table)
        return frame

    def items(self) -> Iterator[tuple[str, pd.DataFrame]]:
        """Each table's name and frame, in the order of the schema."""
        return ((name, self[name]) for name in TABLES)

    def __repr__(self) -> str:
        return "Tables(" + ", ".join(f"{name}: {len(self[name])}" for name in TABLES) + ")"


def tabulate(outcomes: Iterable[Extracted | Failure]) -> Tables:
    """The tables of a run; rows in the order of the reports' sources and of the text, entities by name."""
    outcomes = list(outcomes)
    extracted = sorted(
        (outcome for outcome in outcomes if isinstance(outcome, Extracted)), key=lambda one: one.report.source
    )
    resolved = resolve(one.findings for one in extracted)
    rows: Rows = {table: [] for table in TABLES}
    for one in extracted:
        for table, new in ReportTables(one, resolved).rows().items():
            rows[table] += new
    for table, new in entity_rows(resolved).items():
        rows[table] += new
    rows["errors"] = sorted(
        (vars_of(outcome) for outcome in outcomes if isinstance(outcome, Failure)),
        key=lambda row: row["source"],
    )
    frames = {table: frame_of(table, rows[table]) for table in TABLES}
    return Tables(**frames, texts={one.report.report_id: one.report.text for one in extracted})


def vars_of(failure: Failure) -> dict[str, Any]:
    return {each.name: getattr(failure, each.name) for each in fields(failure)}


def frame_of(table: str, rows: list[dict[str, Any]]) -> pd.DataFrame:
    """The rows, or their cells as read from a file, as a frame with the dtypes of the schema."""
    frame = pd.DataFrame(rows, columns=columns(table), dtype=object)
    known = frame.where(frame.notna() & (frame != ""), None)
    return pd.DataFrame(
        {column: typed(known[column], dtype) for column, dtype in dtypes(table).items()},
        columns=columns(table),
    )


def typed(values: pd.Series[Any], dtype: str) -> pd.Series[Any]:
    if dtype.startswith("datetime"):
        return pd.to_datetime(values, format="%Y-%m-%d").astype(dtype)
    if dtype in ("Int64", "Float64"):
        return pd.to_numeric(values).astype(dtype)
    return values.astype(dtype)


class ReportTables:
    """The rows of one report, with the ids that relate them."""

    def __init__(self, extracted: Extracted, resolved: Resolved) -> None:
        self.extracted = extracted
        self.report = extracted.report
        self.found = extracted.findings
        self.resolved = resolved
        self.events = {event: self.identity("evt", *span_of(event.mention), event.scope) for event in self.found.events}

    def rows(self) -> Rows:
        tables = {
            "reports": [self.report_row()],
            "events": [self.event_row(event) for event in self.found.events],
            "dates": [self.date_row(date) for date in self.found.dates],
            "roles": [self.role_row(role) for role in self.found.roles],
            "talks": [self.talk_row(talk) for talk in self.found.talks],
            "topics": self.topic_rows(),
        }
        tables = {table: distinct(rows) for table, rows in tables.items()}
        tables["mentions"] = distinct(sorted(self.mention_rows(tables), key=lambda row: row["start_char"]))
        return tables

    def report_row(self) -> dict[str, Any]:
        return {
            "report_id": self.report.report_id,
            "source": self.report.source,
            "title": self.report.title,
            "published": self.found.published,
            "language": self.report.language,
            "n_chars": len(self.report.text),
            "n_sentences": self.extracted.n_sentences,
            "n_tokens": self.extracted.n_tokens,
            "sha256": self.report.sha256,
        }

    def event_row(self, event: Event) -> dict[str, Any]:
        date = event.date
        return {
            "event_id": self.events[event],
            "scope": event.scope,
            "name": event.name,
            "type": event.type,
            "start": date.start if date and date.granularity in ("day", "range") else None,
            "end": date.end if date and date.granularity in ("day", "range") else None,
            "edtf": date.edtf if date else None,
            "start_time": event.start_time,
            "venue": event.venue,
            "city": event.city.name if event.city else None,
            "country": event.country,
            "attendance_min": event.attendance_min,
            "attendance_max": event.attendance_max,
            **self.place_in_text(event.mention),
        }

    def date_row(self, date: CalendarDate) -> dict[str, Any]:
        event = next((event for event in self.found.events if event.date is date), None)
        return {
            "date_id": self.identity("dat", *span_of(date.mention)),
            "event_id": self.events[event] if event else None,
            "text": self.text_of(date.mention),
            "edtf": date.edtf,
            "start": date.start,
            "end": date.end,
            "granularity": date.granularity,
            "inferred": date.inferred,
            **self.place_in_text(date.mention),
        }

    def role_row(self, role: Role) -> dict[str, Any]:
        actor, organization = self.id_of(role.actor), self.id_of(role.organization)
        person = isinstance(role.actor, Person)
        return {
            "role_id": self.identity("rol", actor, organization, role.position, role.function),
            "event_id": self.events.get(role.event) if role.event else None,
            "person_id": actor if person else None,
            "organization_id": organization if person else actor,
            "position": role.position,
            "position_text": role.position_text,
            "function": role.function,
            **self.place_in_text(role.mention),
        }

    def talk_row(self, talk: Talk) -> dict[str, Any]:
        speaker, organization = self.id_of(talk.speaker), self.id_of(talk.organization)
        person = isinstance(talk.speaker, Person)
        return {
            "talk_id": self.identity("tlk", speaker, *span_of(talk.mention)),
            "event_id": self.events.get(talk.event) if talk.event else None,
            "person_id": speaker if person else None,
            "organization_id": organization if person else speaker,
            "title": talk.title,
            "kind": talk.kind,
            "language": talk.language,
            **self.place_in_text(talk.mention),
        }

    def topic_rows(self) -> list[dict[str, Any]]:
        return [
            {
                "topic_id": self.identity("top", *span_of(topic.mention)),
                "event_id": self.events.get(topic.event) if topic.event else None,
                "text": self.text_of(topic.mention),
                "label": topic.label,
                "source": topic.source,
                "rank": topic.rank,
                **self.place_in_text(topic.mention),
            }
            for topic in self.found.topics
        ]

    def mention_rows(self, tables: Rows) -> list[dict[str, Any]]:
        """A row for each mention of an entity, for each row of the other tables, and for the attendance."""
        found = self.found
        mentions: list[tuple[str, str | None, Mention]] = [
            (kind, self.id_of(entity), mention)
            for kind, entities in (
                ("person", found.persons), ("organization", found.organizations), ("place", found.places)
            )
            for entity in entities
            for mention in entity.mentions
        ]  # fmt: skip
        for kind, prefix, mentioned in (
            ("date", "dates", found.dates), ("event", "events", found.events), ("role", "roles", found.roles),
            ("talk", "talks", found.talks), ("topic", "topics", found.topics),
        ):  # fmt: skip
            extractors = {span_of(one.mention): one.mention for one in mentioned}
            mentions += [
                (kind, row[columns(prefix)[0]], extractors[row["start_char"], row["end_char"]])
                for row in tables[prefix]
            ]
        mentions += [
            ("quantity", self.events[event], event.attendance_mention)
            for event in found.events
            if event.attendance_mention
        ]
        return [
            {
                "mention_id": self.identity("men", kind, entity, *span_of(mention)),
                "kind": kind,
                "entity_id": entity,
                "text": self.text_of(mention),
                "extractor": mention.extractor,
                **self.place_in_text(mention),
            }
            for kind, entity, mention in mentions
        ]

    def place_in_text(self, mention: Mention) -> dict[str, Any]:
        return {
            "report_id": self.report.report_id,
            "start_char": mention.start_char,
            "end_char": mention.end_char,
            "confidence": mention.confidence,
        }

    def text_of(self, mention: Mention) -> str:
        return self.report.text[mention.start_char : mention.end_char]

    def id_of(self, entity: Person | Organization | Entity | None) -> str | None:
        return self.resolved[entity][0] if entity else None

    def identity(self, prefix: str, *content: object) -> str:
        return f"{prefix}_{digest('|'.join(map(str, (self.report.report_id, *content))))}"


def span_of(mention: Mention) -> tuple[int, int]:
    return mention.start_char, mention.end_char


def distinct(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows without those whose id (the first column that ends in _id and is not report_id) came before."""
    return list({next(iter(row.values())): row for row in reversed(rows)}.values())[::-1]


def entity_rows(resolved: Resolved) -> Rows:
    """The rows of persons, organizations and places."""
    clusters = dict(resolved.values())
    rows: Rows = {table: [] for table in ENTITY_TABLES}
    for identity, cluster in sorted(clusters.items(), key=lambda item: (item[1].name, item[0])):
        table = {"per": "persons", "org": "organizations", "plc": "places"}[identity[:3]]
        key, *attributes = columns(table)
        row: dict[str, Any] = {key: identity}
        for attribute in attributes:
            if attribute == "n_reports":
                row[attribute] = cluster.n_reports
            elif attribute == "name_latin":
                row[attribute] = to_latin(cluster.name)
            else:
                row[attribute] = cluster.most_common(attribute)
        rows[table].append(row)
    return rows
