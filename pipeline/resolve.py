"""Entities across the archive: one person, one organisation, one place each, with ids made from content.

Two entities are the same where they share a name: the base form, an alias that is specific enough, an
abbreviation that stands for one long form only. Persons are compared by sound, so that both scripts meet.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from letopis.findings import Entity, Findings, Organization, Person, Place
from letopis.transliteration import sound_key

PREFIXES = {Person: "per", Organization: "org", Place: "plc"}


@dataclass(slots=True)
class Cluster:
    """The entities of all reports that are one; `names` counts the reports that use each name."""

    members: list[Entity] = field(default_factory=list)
    n_reports: int = 0

    def most_common(self, attribute: str) -> str | float | None:
        """The value that most members have, ties broken by the longest and then the alphabet; None if none has one."""
        values = Counter(value for member in self.members if (value := getattr(member, attribute)) not in ("", None))
        return min(values, key=lambda value: (-values[value], -len(str(value)), str(value)), default=None)

    @property
    def name(self) -> str:
        written = Cluster([member for member in self.members if not member.name.isupper()])
        return str((written if written.members else self).most_common("name"))


def resolve(archive: Iterable[Findings]) -> dict[Entity, tuple[str, Cluster]]:
    """The id and the cluster of every entity of the archive; the same whatever the order of the reports."""
    reports = list(archive)
    resolved: dict[Entity, tuple[str, Cluster]] = {}
    for kind, prefix in PREFIXES.items():
        entities = [(n, entity) for n, found in enumerate(reports) for entity in entities_of(found, kind)]
        resolved |= resolve_kind(entities, prefix)
    return resolved


def entities_of(found: Findings, kind: type[Entity]) -> list[Entity]:
    lists: dict[type[Entity], list[Entity]] = {
        Person: [*found.persons], Organization: [*found.organizations], Place: [*found.places]
    }  # fmt: skip
    return lists[kind]


def resolve_kind(entities: list[tuple[int, Entity]], prefix: str) -> dict[Entity, tuple[str, Cluster]]:
    """As `resolve`, for the entities of one kind, each with the number of its report."""
    ambiguous = ambiguous_abbreviations([entity for _, entity in entities])
    parent: dict[str, str] = {}
    for _, entity in entities:
        first, *others = keys_of(entity, ambiguous)
        for key in others:
            parent[root(parent, key)] = root(parent, first)
        parent.setdefault(first, first)
    members: dict[str, list[tuple[int, Entity]]] = defaultdict(list)
    for number, entity in entities:
        members[root(parent, keys_of(entity, ambiguous)[0])].append((number, entity))
    resolved: dict[Entity, tuple[str, Cluster]] = {}
    for group in members.values():
        cluster = Cluster([entity for _, entity in group], len({number for number, _ in group}))
        identity = f"{prefix}_{digest(min(keys_of(member, ambiguous)[0] for _, member in group))}"
        resolved |= {entity: (identity, cluster) for _, entity in group}
    return resolved


def keys_of(entity: Entity, ambiguous: set[str]) -> list[str]:
    """What identifies the entity across reports, its own name first."""
    if isinstance(entity, Place):
        return [f"{plain(entity.name)}|{entity.country}|{entity.ekatte}"]
    if isinstance(entity, Person):
        full_names = [alias for alias in sorted(entity.aliases) if len(alias.split()) > 1]
        return [sound_key(name) for name in (entity.name, *full_names)]
    keys = [plain(entity.name)] + [plain(alias) for alias in sorted(entity.aliases) if len(alias.split()) > 1]
    if isinstance(entity, Organization) and entity.abbreviation:
        keys.append(plain(entity.abbreviation))
    return [key for n, key in enumerate(keys) if n == 0 or key not in ambiguous]


def ambiguous_abbreviations(entities: list[Entity]) -> set[str]:
    """Abbreviations that stand for more than one long form in this archive."""
    long_forms: dict[str, set[str]] = defaultdict(set)
    for entity in entities:
        if (
            isinstance(entity, Organization)
            and entity.abbreviation
            and plain(entity.name) != plain(entity.abbreviation)
        ):
            long_forms[plain(entity.abbreviation)].add(plain(entity.name))
    return {abbreviation for abbreviation, names in long_forms.items() if len(names) > 1}


def plain(name: str) -> str:
    """A name without case, quotes and punctuation."""
    return " ".join(re.findall(r"\w+", name.casefold()))


def root(parent: dict[str, str], key: str) -> str:
    """The representative of the set that `key` is in (union-find with path halving)."""
    parent.setdefault(key, key)
    while parent[key] != key:
        parent[key] = parent[parent[key]]
        key = parent[key]
    return key


def digest(content: str) -> str:
    return hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()[:16]
