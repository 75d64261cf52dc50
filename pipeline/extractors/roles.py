"""Roles: who holds which position where, and did what at the event.

Positions are joined to the person they stand beside: before the name („директорът на X Иван Петров“), behind it in
apposition („Иван Петров, директор на X“), in brackets. Functions come from phrases right before an actor („съвместно с“)
and from verbs, by their subject or, in the passive, their agent.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import cast

from spacy.language import Language
from spacy.tokens import Doc, Span, Token

from letopis.extractors.persons import titles
from letopis.extractors.positions import Position, positions_in
from letopis.findings import Findings, Function, Mention, Organization, Person, Role, findings, text_of
from letopis.vocabulary import toml

Actor = Person | Organization

LIST_GAP = re.compile(r"\s*(?:,|;|\bи\b|,\s*(?:както\s+)?и\b|\s[-–]\s)\s*", re.IGNORECASE)
APPOSITION_GAP = re.compile(
    r"\s*(?:\([^)]{1,25}\)\s*)?(?:,|[-–—:(]|\be\b|\bе\b)\s*(?:двамата\s+|и\s+)?(?:сега\s+|днес\s+)?$|\s+$",
    re.IGNORECASE,
)
AFFILIATION_GAP = re.compile(
    r"\s*(?:,|\(|[-–—/])\s*(?:от\s+|представител(?:ка)?\s+на\s+)?|\s+(?:\((?:и\s+)?двамата\s+)?от\s+|\s*,?\s*представител(?:ка)?\s+на\s+"
)
PASSIVE = re.compile(r"\bот\s*$", re.IGNORECASE)
NEGATED = re.compile(r"\b(?:няма|не)\s+(?:\w+\s+){0,2}$", re.IGNORECASE)
MAX_PHRASE_GAP = 4
BY_APPOSITION, BY_PREPOSITION, BY_PHRASE, BY_VERB, BY_SUBJECT = 0.9, 0.9, 0.8, 0.65, 0.75


@dataclass(frozen=True, slots=True)
class Named:
    """A mention of somebody who can act."""

    start: int
    end: int
    actor: Actor


@dataclass(slots=True)
class Held:
    """A position or an affiliation of a person."""

    organization: Organization | None
    position: str
    mention: Mention


@dataclass(slots=True)
class Dossier:
    """All that is known of one actor: what they hold and what they did."""

    held: list[Held] = field(default_factory=list)
    done: dict[str, Mention] = field(default_factory=dict)


@Language.factory("letopis_roles")
class RolesExtractor:
    """Fills `roles` of the findings."""

    def __init__(self, nlp: Language, name: str) -> None:
        self.name = name

    def __call__(self, doc: Doc) -> Doc:
        found = findings(doc)
        named = named_in(found)
        dossiers: dict[Actor, Dossier] = defaultdict(Dossier)
        positions = positions_in(doc, found)
        add_positions(doc, positions, named, dossiers)
        add_affiliations(doc, named, dossiers)
        add_functions(doc, named, positions, dossiers)
        found.roles = [
            role for actor, dossier in dossiers.items() for role in roles_of(actor, dossier, text_of(doc), found)
        ]
        found.roles.sort(key=lambda role: role.mention.start_char)
        return doc


def named_in(found: Findings) -> list[Named]:
    """The mentions of persons and organisations in the order of the text."""
    actors: list[Actor] = [*found.persons, *found.organizations]
    named = [Named(m.start_char, m.end_char, actor) for actor in actors for m in actor.mentions]
    return sorted(named, key=lambda one: one.start)


# --- positions and affiliations ---------------------------------------------------------------------------------


def add_positions(doc: Doc, positions: list[Position], named: list[Named], dossiers: dict[Actor, Dossier]) -> None:
    """Join each position to the person right behind it, else to the one it is in apposition to."""
    persons = [one for one in named if isinstance(one.actor, Person)]
    holders: list[Person] = []
    last_end = -1
    for position in positions:
        behind = persons_behind(text_of(doc), position, persons)
        before = persons_before(text_of(doc), position, persons)
        chained = position.start >= last_end >= 0 and re.fullmatch(
            r"\s*(?:,\s*)?(?:и|,|както и)\s+", text_of(doc)[last_end : position.start]
        )
        if behind:
            holders = behind
        elif before:
            holders = before
        elif not chained:
            holders = []
        for person in holders:
            start, end = position.start, position.end
            mention = Mention(start, end, BY_APPOSITION if before else BY_PREPOSITION, "roles.position")
            base = "" if position.function_only else position.base
            if base or position.organization:
                dossiers[person].held.append(Held(position.organization, base, mention))
        last_end = (
            max(
                [position.full_end]
                + [
                    one.end
                    for one in persons
                    if one.actor in holders and one.start >= position.full_end and one.start - position.full_end < 60
                ]
            )
            if behind
            else position.full_end
        )


def persons_behind(text: str, position: Position, persons: list[Named]) -> list[Person]:
    """„директорът на X д-р Иван Петров“; behind a plural all persons of the list: „експертите A, B и C“."""
    following = next((n for n, one in enumerate(persons) if one.start >= position.full_end), None)
    if following is None or not only_titles(text[position.full_end : persons[following].start]):
        return []
    chosen = [persons[following]]
    while (
        position.plural
        and following + 1 < len(persons)
        and LIST_GAP.fullmatch(without_titles(text[chosen[-1].end : persons[following + 1].start]))
    ):
        following += 1
        chosen.append(persons[following])
    return [cast(Person, one.actor) for one in chosen]


def persons_before(text: str, position: Position, persons: list[Named]) -> list[Person]:
    """„Иван Петров, директор на X“; before a plural all persons of the list."""
    place = next((n for n in range(len(persons) - 1, -1, -1) if persons[n].end <= position.start), None)
    if place is None:
        return []
    gap = without_titles(text[persons[place].end : position.start])
    if (
        len(gap) > 40
        or "\n" in gap
        or not re.search(r"[,–—(:-]|\bе\b", gap)
        or not APPOSITION_GAP.match(gap)
        or re.search(r"\w{3,}", gap)
    ):
        return []
    chosen = [persons[place]]
    while (
        position.plural
        and place > 0
        and LIST_GAP.fullmatch(without_titles(text[persons[place - 1].end : chosen[0].start]))
    ):
        place -= 1
        chosen.insert(0, persons[place])
    return [cast(Person, one.actor) for one in chosen]


def only_titles(gap: str) -> bool:
    """Whether nothing but blanks and honorifics lies in between, all on one line."""
    return "\n" not in gap and not without_titles(gap).strip(' \u00a0–-„“"') and "," not in gap


def without_titles(gap: str) -> str:
    return re.sub(r"[\w.‑-]+\.?", lambda word: "" if word.group().lower() in titles() else word.group(), gap)


def add_affiliations(doc: Doc, named: list[Named], dossiers: dict[Actor, Dossier]) -> None:
    """„Иван Петров (X)“, „Иван Петров от X“, „X, представляван от Иван Петров“, where no position says it."""
    for one, other in zip(named, named[1:], strict=False):
        gap = text_of(doc)[one.end : other.start]
        if "\n" in gap or len(gap) > 40:
            continue
        if (
            isinstance(one.actor, Person)
            and isinstance(other.actor, Organization)
            and AFFILIATION_GAP.fullmatch(gap.replace("„", ""))
        ):
            belong(dossiers, one.actor, other)
            for earlier in list_before(text_of(doc), named, one) if "двамата" in gap else []:
                belong(dossiers, earlier, other)
        elif isinstance(one.actor, Organization) and isinstance(other.actor, Person):
            represented = re.search(r"представляван[аоие]?\s+от\s+$|^\s*\(\s*$", without_titles(gap))
            if represented:
                belong(dossiers, other.actor, one)


def list_before(text: str, named: list[Named], one: Named) -> list[Person]:
    persons = [each for each in named if isinstance(each.actor, Person) and each.end <= one.start]
    return (
        [cast(Person, persons[-1].actor)] if persons and LIST_GAP.fullmatch(text[persons[-1].end : one.start]) else []
    )


def belong(dossiers: dict[Actor, Dossier], person: Person, place: Named) -> None:
    organization = cast(Organization, place.actor)
    if all(held.organization is not organization for held in dossiers[person].held):
        mention = Mention(place.start, place.end, BY_APPOSITION, "roles.affiliation")
        dossiers[person].held.append(Held(organization, "", mention))


# --- functions --------------------------------------------------------------------------------------------------


@cache
def phrases() -> dict[str, re.Pattern[str]]:
    """For each function, what stands right before an actor that has it."""
    return {
        function: re.compile(
            r"(?<!\w)(?:" + "|".join(f"(?:{one})" for one in table["before"]) + r")[\s„“\"«]*", re.IGNORECASE
        )
        for function, table in toml("functions.toml").items()
    }


@cache
def verb_functions() -> dict[str, str]:
    return {verb: function for function, table in toml("functions.toml").items() for verb in table["verbs"]}


def add_functions(doc: Doc, named: list[Named], positions: list[Position], dossiers: dict[Actor, Dossier]) -> None:
    by_phrase(doc, named, positions, dossiers)
    by_verb(doc, named, positions, dossiers)
    for talk in findings(doc).talks:
        dossiers[talk.speaker].done.setdefault("speaker", talk.mention)
    for dossier in dossiers.values():
        if len(dossier.done) > 1:
            dossier.done.pop("participant", None)


def by_phrase(doc: Doc, named: list[Named], positions: list[Position], dossiers: dict[Actor, Dossier]) -> None:
    """„съвместно с X и Y“, „Домакин на форума беше X“: the actors that begin right behind the phrase, with their list."""
    for function, pattern in phrases().items():
        for match in pattern.finditer(text_of(doc)):
            if is_announced(doc, match.start()):
                continue
            for one in actors_behind(text_of(doc), match.end(), named, positions):
                mention = Mention(
                    match.start(), match.start() + len(match.group().rstrip(' „“"«\n')), BY_PHRASE, "roles.phrase"
                )
                dossiers[one.actor].done.setdefault(function, mention)


def actors_behind(text: str, end: int, named: list[Named], positions: list[Position]) -> list[Named]:
    """The actor at `end`, a position before a person skipped, and those coordinated with it."""
    place = next((n for n, one in enumerate(named) if one.start >= end - 1), None)
    if place is None:
        return []
    skipped = next((p for p in positions if end <= p.start <= end + MAX_PHRASE_GAP), None)
    if skipped and isinstance(named[place].actor, Organization) and skipped.organization is named[place].actor:
        place, end = place + 1, skipped.full_end
    elif skipped:
        end = max(end, skipped.full_end)
    if place >= len(named) or not close(text[end : named[place].start]):
        return []
    chosen = [named[place]]
    kind = type(named[place].actor)
    for one in named[place + 1 :]:
        gap = text[chosen[-1].end : one.start]
        if isinstance(one.actor, kind) and LIST_GAP.fullmatch(without_details(without_titles(gap))):
            chosen.append(one)
        elif "\n" in gap or len(gap) > 90 or isinstance(one.actor, kind):
            break
    return chosen


def close(gap: str) -> bool:
    """At most some function words („и“, „главният“) between a phrase and its actor, on one line."""
    return (
        "\n" not in gap
        and len(without_titles(gap).split()) <= 2
        and len(gap) <= 30
        and not re.search(r"[.;!?]\s", without_titles(gap))
    )


def without_details(gap: str) -> str:
    """The gap between two coordinated actors without brackets and towns („(КЗТМ), гр. София,“)."""
    gap = re.sub(r"\([^)]*\)|,?\s*гр\.\s*[А-Я]\w+", "", gap)
    gap = re.sub(r"(?:,|–|-)\s*[^,;.]{0,60}(?=,|\s+и\s|;)", "", gap) if len(gap) > 8 else gap
    return re.sub(r",\s*,", ",", gap)


def by_verb(doc: Doc, named: list[Named], positions: list[Position], dossiers: dict[Actor, Dossier]) -> None:
    for token in doc:
        function = verb_functions().get(token.lemma_.lower().split("-(")[0])
        if function is None or token.pos_ not in ("VERB", "AUX", "ADJ") or is_announced(doc, token.idx):
            continue
        if function == "organizer" and token.i > 0 and doc[token.i - 1].lower_ in ("се", "беше", "бе"):
            continue
        participle = "Part" in token.morph.get("VerbForm", []) and "Pass" in token.morph.get("Voice", [])
        actors = agents(doc, token, named, positions) if participle else subjects(doc, token, named)
        mention = Mention(token.idx, token.idx + len(token), BY_VERB, "roles.verb")
        for one in actors:
            dossiers[one.actor].done.setdefault(function, mention)


def is_announced(doc: Doc, start: int) -> bool:
    """Whether the words speak of what will be, or has not been."""
    sentence = next((sent for sent in doc.sents if sent.start_char <= start < sent.end_char), None)
    before = text_of(doc)[sentence.start_char if sentence is not None else 0 : start]
    unquoted = re.sub(r"[„“\"«][^„“”\"«»]*[“”\"»]", "", before)
    return bool(NEGATED.search(before) or re.search(r"\bще\s", unquoted))


def agents(doc: Doc, verb: Token, named: list[Named], positions: list[Position]) -> list[Named]:
    """Who did it: the actors behind „от“ after the participle."""
    end = verb.idx + len(verb)
    by = re.search(r"^[^,.;\n]{0,40}?\bот\s+", text_of(doc)[end : verb.sent.end_char])
    return actors_behind(text_of(doc), end + by.end(), named, positions) if by else []


def subjects(doc: Doc, verb: Token, named: list[Named]) -> list[Named]:
    """The subject: by the parse, else the person before the verb, else the one behind it (inversion)."""
    sentence = verb.sent
    inside = [one for one in named if sentence.start_char <= one.start < sentence.end_char]
    for token in (verb, *verb.ancestors):
        if token is not verb and (token.pos_ not in ("VERB", "AUX") or verb.dep_ not in ("conj", "ROOT")):
            break
        subject = next((child for child in token.children if child.dep_.startswith("nsubj")), None)
        if subject is not None:
            span = doc[subject.left_edge.i : subject.right_edge.i + 1]
            actors = of_span(doc, span, inside) or pronoun(subject, named)
            if actors:
                return actors
            break
    quoted = re.match(r"[“”»\"]?\s*,?\s*", text_of(doc)[max(0, verb.idx - 4) : verb.idx])
    after = [one for one in inside if one.start > verb.idx and is_near(doc, verb.idx + len(verb), one.start)]
    before = [one for one in inside if one.end <= verb.idx and isinstance(one.actor, Person)]
    if quoted and after and (not before or verb.i == verb.sent.start):
        return with_list(text_of(doc), named, after[0])
    nearest = before[-1:] if before and not verbs_between(doc, before[-1].end, verb.idx) else []
    return with_list_before(text_of(doc), named, nearest[0]) if nearest else []


def is_near(doc: Doc, start: int, end: int) -> bool:
    return not re.search(r"[.;:!?]|,.*,", without_titles(text_of(doc)[start:end])) and end - start < 80


def verbs_between(doc: Doc, start: int, end: int) -> bool:
    span = doc.char_span(start, end, alignment_mode="contract")
    return bool(span) and any(token.pos_ == "VERB" and token.dep_ != "amod" for token in cast(Span, span))


def of_span(doc: Doc, span: Span, inside: list[Named]) -> list[Named]:
    """The actors in a subject phrase: a person if one is there, with the list around; else the first organisation."""
    within = [one for one in inside if span.start_char <= one.start < span.end_char]
    persons = [one for one in within if isinstance(one.actor, Person)]
    return with_list(text_of(doc), within, persons[0]) if persons else within[:1]


PRONOUNS = {"той": "male", "тя": "female"}


def pronoun(subject: Token, named: list[Named]) -> list[Named]:
    """„Тя представи …“: the last person of that gender before."""
    gender = PRONOUNS.get(subject.lower_)
    before = [
        one for one in named if one.end <= subject.idx and isinstance(one.actor, Person) and one.actor.gender == gender
    ]
    return before[-1:] if gender else []


def with_list(text: str, named: list[Named], first: Named) -> list[Named]:
    """The actor and those of its kind that are coordinated behind it."""
    chosen = [first]
    for one in named:
        if one.start >= chosen[-1].end and type(one.actor) is type(first.actor):
            if not LIST_GAP.fullmatch(without_details(without_titles(text[chosen[-1].end : one.start]))):
                break
            chosen.append(one)
    return chosen


def with_list_before(text: str, named: list[Named], last: Named) -> list[Named]:
    chosen = [last]
    for one in reversed(named):
        if one.end <= chosen[0].start and type(one.actor) is type(last.actor):
            if not re.fullmatch(r"\s*и\s*", without_titles(text[one.end : chosen[0].start])):
                break
            chosen.insert(0, one)
    return chosen


# --- rows -------------------------------------------------------------------------------------------------------


def roles_of(actor: Actor, dossier: Dossier, text: str, found: Findings) -> Iterator[Role]:
    """A row for each position or affiliation with each function."""
    held: list[Held | None] = [*dossier.held] or [None]
    done: list[tuple[str, Mention | None]] = [*dossier.done.items()] or [("", None)]
    for one in held:
        for function, evidence in done:
            mention = one.mention if one else evidence
            if mention is None:
                continue
            yield Role(
                actor=actor,
                mention=mention,
                organization=one.organization if one else None,
                position=one.position if one else "",
                position_text=text[one.mention.start_char : one.mention.end_char] if one and one.position else "",
                function=cast(Function, function),
                event=found.main_event if function else None,
            )
