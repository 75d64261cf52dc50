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
from itertools import chain, pairwise
from typing import cast

from spacy.language import Language
from spacy.tokens import Doc, Span, Token

from letopis.clauses import NEGATED, RELATIVES, is_finite
from letopis.cues import FUNCTIONS, function_probabilities, linked
from letopis.extractors.persons import titles
from letopis.extractors.positions import Position, positions_in
from letopis.findings import Findings, Function, Mention, Organization, Person, Role, findings, text_of
from letopis.vocabulary import toml

Actor = Person | Organization

LIST_GAP = re.compile(r"\s*(?:,|;|\bи\b|,\s*(?:както\s+)?и\b|\s[-–]\s)\s*", re.IGNORECASE)
JOINT = re.compile(r"(?:[,;]|(?<!\w)и(?:\s+от)?|\s[-–—])[\s„“\"«]*$", re.IGNORECASE)
APPOSITION_GAP = re.compile(
    r"\s*(?:\([^)]{1,25}\)\s*)?(?:,|[-–—:(]|\be\b|\bе\b)\s*(?:двамата\s+|и\s+)?(?:сега\s+|днес\s+)?$|\s+$",
    re.IGNORECASE,
)
AFFILIATION_GAP = re.compile(
    r"\s*(?:,|\(|[-–—/])[\s,]*(?:\d{1,2}\.?\s?[А-яa-z]?\s?клас,?\s*)?(?:от|представител(?:ка)?\s+на|учени(?:к|чка)\s+(?:в|от|на))?\s*[„“\"«]?"
    r"|\s+(?:\((?:и\s+)?(?:двамата|двете)\s+)?от\s+[„“\"«]?|\s+представител(?:ка)?\s+на\s+[„“\"«]?"
)
REPRESENTED = re.compile(r"(?:представляван[аоие]?\s+от|в лицето на)\s+$|^\s*\(\s*$")
SHARED_GAP = re.compile(r"\bот\b|двамата|двете")
EXCELLENCY = re.compile(r"\bН\.\s?пр\.\s?", re.IGNORECASE)  # „Н. Пр.“
PAST = {"бе", "беше", "бил", "била", "били", "бяха"}  # „Колева е водещ на предаването“ tells nothing of this event
BOTH = re.compile(r"\s*и\s*")
MAX_PHRASE_GAP = 4
MAX_JOINT = 200
MAX_REACH = 60
SURE, DENIED = 0.5, 0.02  # the probabilities from which the pipeline alone decides, and below which it overrules a rule
BY_APPOSITION, BY_PHRASE, BY_VERB = 0.9, 0.8, 0.65


@dataclass(frozen=True, slots=True)
class Named:
    """A mention of somebody who can act."""

    start: int
    end: int
    actor: Actor


Probable = tuple[Named, dict[Function, float]]  # a mention, and how probable each function of it is


@dataclass(frozen=True, slots=True)
class Scene:
    """A report's actors and what stands around them."""

    doc: Doc
    named: list[Named]
    positions: list[Position]
    places: list[Mention]

    @property
    def text(self) -> str:
        return text_of(self.doc)


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
    done: dict[Function, Mention] = field(default_factory=dict)

    def belongs_by(self, start: int) -> bool:
        """Whether the mention of an organisation that begins at `start` was the last to say where the actor belongs."""
        return bool(self.held) and self.held[-1].mention.start_char == start


@Language.factory("letopis_roles")
class RolesExtractor:
    """Fills `roles` of the findings."""

    def __init__(self, nlp: Language, name: str) -> None:
        self.name = name

    def __call__(self, doc: Doc) -> Doc:
        found = findings(doc)
        places = [mention for place in found.places for mention in place.mentions]
        scene = Scene(doc, named_in(found), positions_in(doc, found), places)
        dossiers: dict[Actor, Dossier] = defaultdict(Dossier)
        add_positions(scene, dossiers)
        add_affiliations(scene, dossiers)
        add_linked(scene, dossiers)
        add_functions(scene, dossiers)
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


def add_positions(scene: Scene, dossiers: dict[Actor, Dossier]) -> None:
    """Join each position to the person right behind it, else to the one it is in apposition to."""
    text, persons = scene.text, [one for one in scene.named if isinstance(one.actor, Person)]
    holders: list[Person] = []
    last_end = -1
    for position in scene.positions:
        behind = persons_behind(text, position, persons)
        before = persons_before(text, position, persons)
        chained = (
            position.indefinite  # „Иван Петров, кмет на X, и министърът …“ tells of somebody else
            and position.start >= last_end >= 0
            and re.fullmatch(r"\s*(?:,\s*)?(?:и|,|както и)\s+", text[last_end : position.start])
        )
        if behind:
            holders = behind
        elif before:
            holders = before
        elif not chained:
            holders = []
        if position.plural and not behind and len(holders) == 1:  # „…, кметът Иван Петров, членовете на съвета и гости“
            holders = []
        for person in holders:
            start, end = position.start, position.end
            mention = Mention(start, end, BY_APPOSITION, "roles.position")
            base = "" if position.function_only else position.base
            if base or position.organization:
                dossiers[person].held.append(Held(position.organization, base, mention))
        last_end = position.full_end
        if behind:
            ends = (one.end for one in persons if one.actor in holders and 0 <= one.start - last_end < MAX_REACH)
            last_end = max([last_end, *ends])


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
    # „Иван Петров кмет на X“; „След Иван Петров кметът …“ tells of somebody else
    unpunctuated = not gap.strip() and position.full_end > position.end and position.indefinite
    if (
        len(gap) > 40
        or "\n" in gap
        or not (unpunctuated or re.search(r"[,–—(:-]|\bе\b", gap))
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
    gap = EXCELLENCY.sub("", gap)
    return re.sub(r"[\w.‑-]+\.?", lambda word: "" if word.group().lower() in titles() else word.group(), gap)


def add_affiliations(scene: Scene, dossiers: dict[Actor, Dossier]) -> None:
    """„Иван Петров (X)“, „Иван Петров, 9. клас, X“, „A и B от X“, „X, представляван от Иван Петров“."""
    for one, other in pairwise(scene.named):
        gap = scene.text[one.end : other.start]
        if "\n" in gap or len(gap) > 60:
            continue
        if isinstance(one.actor, Person) and isinstance(other.actor, Organization):
            if AFFILIATION_GAP.fullmatch(bare(scene, one.end, other.start)):
                others = [each for each in sharing(scene, one, gap) if not dossiers[each.actor].held]
                for person in [one, *others]:
                    belong(dossiers, person.actor, other)
        elif isinstance(one.actor, Organization) and isinstance(other.actor, Person):
            if REPRESENTED.search(without_titles(gap)):
                belong(dossiers, other.actor, one)
        elif isinstance(one.actor, Organization) and isinstance(other.actor, Organization):
            holder = next((actor for actor, dossier in dossiers.items() if dossier.belongs_by(one.start)), None)
            if holder is not None and BOTH.fullmatch(gap):
                belong(dossiers, holder, other)


def sharing(scene: Scene, last: Named, gap: str) -> list[Named]:
    """The person before `last` in „A и B от X“, „A и B (двамата от X)“."""
    persons = [one for one in scene.named if isinstance(one.actor, Person) and one.end <= last.start]
    if persons and SHARED_GAP.search(gap) and BOTH.fullmatch(without_titles(scene.text[persons[-1].end : last.start])):
        return persons[-1:]
    return []


def add_linked(scene: Scene, dossiers: dict[Actor, Dossier]) -> None:
    """The organisation that the pipeline links a person to, where no rule has found one."""
    organizations = [one for one in scene.named if isinstance(one.actor, Organization)]
    mentions = [(one.start, one.actor) for one in organizations]
    for person in scene.named:
        if isinstance(person.actor, Person) and not any(held.organization for held in dossiers[person.actor].held):
            organization = linked(scene.doc, "organization", person.start, mentions)
            if isinstance(organization, Organization) and all(
                fits(held.position, organization) for held in dossiers[person.actor].held
            ):
                where = [one for one in organizations if one.actor is organization]
                belong(dossiers, person.actor, min(where, key=lambda one: abs(one.start - person.start)))


def fits(position: str, organization: Organization) -> bool:
    """Whether there is such a position in an organisation of this type: a mayor in a municipality alone."""
    kinds = [kind for kind, heads in toml("positions.toml")["implied"].items() if position.split("-")[-1] in heads]
    return not kinds or organization.type in kinds


def belong(dossiers: dict[Actor, Dossier], person: Actor, place: Named) -> None:
    """Note where a person belongs: the organisation of a position that has none, else a row of its own."""
    organization, held = cast(Organization, place.actor), dossiers[person].held
    if any(one.organization is organization for one in held):
        return
    if vacant := next((one for one in held if one.organization is None), None):
        vacant.organization = organization
    else:
        held.append(Held(organization, "", Mention(place.start, place.end, BY_APPOSITION, "roles.affiliation")))


# --- functions --------------------------------------------------------------------------------------------------


@cache
def phrases() -> dict[Function, re.Pattern[str]]:
    """For each function, what stands right before an actor that has it."""
    return {
        function: re.compile(
            r"(?<!\w)(?:" + "|".join(f"(?:{one})" for one in words["before"]) + r")(?!\w)[\s„“\"«]*", re.IGNORECASE
        )
        for function, words in vocabulary()
    }


@cache
def verb_functions() -> dict[str, Function]:
    return {verb: function for function, words in vocabulary() for verb in words["verbs"]}


@cache
def noun_functions() -> dict[str, Function]:
    return {noun: function for function, words in vocabulary() for noun in words.get("nouns", ())}


@cache
def verbs_of_persons() -> frozenset[str]:
    """Verbs that make an organisation an organizer, but not a person: „проведе обучение“."""
    return frozenset(toml("functions.toml")["speaker"]["verbs_of_persons"])


@cache
def given_by_persons() -> re.Pattern[str]:
    """What makes the person who „проведе“ it a speaker."""
    return re.compile(rf"\s+(?:[\w-]+\s+){{0,3}}(?:{toml('functions.toml')['speaker']['given_by_persons']})", re.I)


@cache
def award_verbs() -> frozenset[str]:
    """Verbs whose object gets an award."""
    return frozenset(toml("functions.toml")["awardee"]["given"])


def vocabulary() -> list[tuple[Function, dict[str, list[str]]]]:
    return [(function, toml("functions.toml")[function]) for function in FUNCTIONS]


def add_functions(scene: Scene, dossiers: dict[Actor, Dossier]) -> None:
    """What each actor did; the first to say so is the evidence."""
    probable = [(one, function_probabilities(scene.doc, one.start, one.end)) for one in scene.named]
    denied = denied_functions(probable)
    for actor, function, mention in chain(
        by_phrase(scene), by_verb(scene), by_award(scene), by_predicate(scene), by_cue(scene, probable)
    ):
        if function not in denied[actor]:
            dossiers[actor].done.setdefault(function, mention)
    for talk in findings(scene.doc).talks:
        dossiers[talk.speaker].done.setdefault("speaker", talk.mention)
    for dossier in dossiers.values():
        if len(dossier.done) > 1:
            dossier.done.pop("participant", None)


def denied_functions(probable: list[Probable]) -> dict[Actor, set[Function]]:
    """What the pipeline holds to be hardly possible of any mention of each actor; without cues nothing is."""
    denied: dict[Actor, set[Function]] = {}
    for one, probabilities in probable:
        improbable = {function for function, probability in probabilities.items() if probability < DENIED}
        denied[one.actor] = denied.get(one.actor, improbable) & improbable
    return denied


def by_phrase(scene: Scene) -> Iterator[tuple[Actor, Function, Mention]]:
    """„съвместно с X и Y“, „Домакин на форума беше X“: the actors that begin right behind the phrase, with their list."""
    for function, pattern in phrases().items():
        for match in pattern.finditer(scene.text):
            if is_announced(scene.doc, match.start()):
                continue
            for one in actors_behind(scene, match.end()):
                end = match.start() + len(match.group().rstrip(' „“"«\n'))
                yield one.actor, function, Mention(match.start(), end, BY_PHRASE, "roles.phrase")


def actors_behind(scene: Scene, end: int) -> list[Named]:
    """The actor at `end`, a position before a person skipped, and those coordinated with it."""
    position = next((p for p in scene.positions if end <= p.start <= end + MAX_PHRASE_GAP), None)
    if position is not None:
        behind = next((one for one in scene.named if one.start >= position.full_end), None)
        if behind and close(scene.text[position.full_end : behind.start]):
            return coordinated(scene, behind)
    first = next((one for one in scene.named if one.start >= end - 1), None)
    return coordinated(scene, first) if first and close(scene.text[end : first.start]) else []


def close(gap: str) -> bool:
    """At most some function words („и“, „главният“) between a phrase and its actor, on one line."""
    return (
        "\n" not in gap
        and len(without_titles(gap).split()) <= 2
        and len(gap) <= 30
        and not re.search(r"[.;!?]\s", without_titles(gap))
    )


def coordinated(scene: Scene, first: Named) -> list[Named]:
    """The actor and those of its kind in the same enumeration behind it, whatever is said of each between."""
    chosen = [first]
    for one in scene.named:
        if one.start >= chosen[-1].end and type(one.actor) is type(first.actor):
            if not joins(scene, chosen[-1].end, one.start):
                break
            chosen.append(one)
    return chosen


def coordinated_before(scene: Scene, last: Named) -> list[Named]:
    """The actor and those of its kind in the same enumeration before it."""
    chosen = [last]
    for one in reversed(scene.named):
        if one.end <= chosen[0].start and type(one.actor) is type(last.actor):
            if not joins(scene, one.end, chosen[0].start):
                break
            chosen.insert(0, one)
    return chosen


def joins(scene: Scene, start: int, end: int) -> bool:
    """Whether the text between two actors only says more of the first and of the second, and joins them.

    „…, директор на X, и кметът на Y …“: a separator is the last thing before the second with its titles and position.
    """
    gap = scene.text[start:end]
    if "\n" in gap or len(gap) > MAX_JOINT or not JOINT.search(before_position(scene, start, end)):
        return False
    span = scene.doc.char_span(start, end, alignment_mode="contract")
    return span is None or not any(ends_enumeration(token) for token in span)


def ends_enumeration(token: Token) -> bool:
    """A predicate, a clause or a new sentence."""
    return (
        token.is_sent_start is True or is_finite(token) or bool(RELATIVES.match(token.lower_)) or token.lower_ == "като"
    )


def before_position(scene: Scene, start: int, end: int) -> str:
    """The text from `start` to `end` without titles, cut before the position that stands right before `end`."""
    for position in scene.positions:
        if start <= position.start and position.full_end <= end and only_titles(scene.text[position.full_end : end]):
            return scene.text[start : position.start]
    return without_titles(scene.text[start:end])


def bare(scene: Scene, start: int, end: int) -> str:
    """The text from `start` to `end` without titles and places, and without the positions there."""
    taken = [(p.start, p.end) for p in scene.positions] + [(m.start_char, m.end_char) for m in scene.places]
    kept = [
        letter
        for place, letter in enumerate(scene.text[start:end], start)
        if not any(first <= place < last for first, last in taken)
    ]
    return without_titles("".join(kept))


def by_verb(scene: Scene) -> Iterator[tuple[Actor, Function, Mention]]:
    """„X откри форума“, „форумът беше открит от X“: the subject of a verb that tells a function, or its agent."""
    doc = scene.doc
    for token in doc:
        function = verb_functions().get(verb_lemma(token))
        if function is None or token.pos_ not in ("VERB", "AUX", "ADJ") or is_announced(doc, token.idx):
            continue
        if function == "organizer" and token.i > 0 and doc[token.i - 1].lower_ in ("се", "беше", "бе"):
            continue
        participle = "Part" in token.morph.get("VerbForm", []) and "Pass" in token.morph.get("Voice", [])
        actors = agents(scene, token) if participle else subjects(scene, token)
        mention = Mention(token.idx, token.idx + len(token), BY_VERB, "roles.verb")
        of_person: Function = function
        if token.lemma_.lower() in verbs_of_persons():
            of_person = "speaker" if given_by_persons().match(scene.text, mention.end_char) else "participant"
        for one in actors:
            yield one.actor, of_person if isinstance(one.actor, Person) else function, mention


def verb_lemma(token: Token) -> str:
    """The lemma without BulTreeBank's mark of what may be reflexive: „открия-(се)“."""
    return token.lemma_.lower().split("-(")[0]


def by_award(scene: Scene) -> Iterator[tuple[Actor, Function, Mention]]:
    """„директорът награди X и Y“, „X бе удостоен с …“: whom somebody gives an award."""
    for token in scene.doc:
        if verb_lemma(token) in award_verbs() and token.pos_ in ("VERB", "ADJ"):
            passive = "Pass" in token.morph.get("Voice", [])
            mention = Mention(token.idx, token.idx + len(token), BY_VERB, "roles.award")
            for one in subjects(scene, token) if passive else objects(scene, token):
                yield one.actor, "awardee", mention


def by_predicate(scene: Scene) -> Iterator[tuple[Actor, Function, Mention]]:
    """„X беше домакин на срещата“: the subject of a noun that tells a function."""
    for token in scene.doc:
        function = noun_functions().get(token.lemma_.lower())
        if function is None or token.pos_ != "NOUN" or is_announced(scene.doc, token.idx):
            continue
        if any(child.dep_ == "cop" and child.lower_ in PAST for child in token.children):
            mention = Mention(token.idx, token.idx + len(token), BY_VERB, "roles.predicate")
            yield from ((one.actor, function, mention) for one in subjects(scene, token))


def by_cue(scene: Scene, probable: list[Probable]) -> Iterator[tuple[Actor, Function, Mention]]:
    """What the pipeline takes an actor to have done."""
    for one, probabilities in probable:
        for function, probability in probabilities.items():
            if probability >= SURE and not is_announced(scene.doc, one.start):
                yield one.actor, function, Mention(one.start, one.end, round(probability, 2), "roles.cue")


def is_announced(doc: Doc, start: int) -> bool:
    """Whether the words speak of what will be, or has not been."""
    sentence = next((sent for sent in doc.sents if sent.start_char <= start < sent.end_char), None)
    before = text_of(doc)[sentence.start_char if sentence is not None else 0 : start]
    unquoted = re.sub(r"[„“\"«][^„“”\"«»]*[“”\"»]", "", before)
    return bool(NEGATED.search(before) or re.search(r"\bще\s", unquoted, re.IGNORECASE))


def agents(scene: Scene, verb: Token) -> list[Named]:
    """Who did it: the actors behind „от“ after the participle."""
    end = verb.idx + len(verb)
    by = re.search(r"^[^,.;\n]{0,40}?\bот\s+", scene.text[end : verb.sent.end_char])
    return actors_behind(scene, end + by.end()) if by else []


def subjects(scene: Scene, verb: Token) -> list[Named]:
    """The subject: by the parse, else the person before the verb, else the one behind it (inversion)."""
    doc, sentence = scene.doc, verb.sent
    inside = [one for one in scene.named if sentence.start_char <= one.start < sentence.end_char]
    for token in (verb, *verb.ancestors):
        if token is not verb and (token.pos_ not in ("VERB", "AUX") or verb.dep_ not in ("conj", "ROOT")):
            break
        subject = next((child for child in token.children if child.dep_.startswith("nsubj")), None)
        if subject is not None:
            span = doc[subject.left_edge.i : subject.right_edge.i + 1]
            actors = of_span(scene, span, inside) or pronoun(subject, scene.named)
            if actors:
                return actors
            break
    after = unprepositional_behind(scene, verb)
    before = [one for one in inside if one.end <= verb.idx and isinstance(one.actor, Person)]
    if after and (not before or verb.i == verb.sent.start):
        return coordinated(scene, after[0])
    nearest = before[-1:] if before and not verbs_between(doc, before[-1].end, verb.idx) else []
    return coordinated_before(scene, nearest[0]) if nearest else []


def objects(scene: Scene, verb: Token) -> list[Named]:
    """The direct object, with its list."""
    behind = unprepositional_behind(scene, verb)
    return coordinated(scene, behind[0]) if behind else []


def unprepositional_behind(scene: Scene, verb: Token) -> list[Named]:
    """The actors close behind a verb, in its sentence, that no preposition introduces."""
    end = verb.idx + len(verb)
    behind = [one for one in scene.named if verb.idx < one.start < verb.sent.end_char]
    return [one for one in behind if is_near(scene.text, end, one.start) and not is_object(scene, one)]


def is_near(text: str, start: int, end: int) -> bool:
    return not re.search(r"[.;:!?]|,.*,", without_titles(text[start:end])) and end - start < 80


def is_object(scene: Scene, one: Named) -> bool:
    """Whether a preposition stands before the actor: „участват в конференция в Университета“."""
    held = (
        p.start for p in scene.positions if p.full_end <= one.start and only_titles(scene.text[p.full_end : one.start])
    )
    span = scene.doc.char_span(next(held, one.start), one.end, alignment_mode="expand")
    before = reversed(scene.doc[: span.start]) if span is not None else ()
    last = next((token for token in before if token.lower_ not in titles() and not token.is_quote), None)
    return last is not None and last.pos_ == "ADP"


def verbs_between(doc: Doc, start: int, end: int) -> bool:
    span = doc.char_span(start, end, alignment_mode="contract")
    return bool(span) and any(token.pos_ == "VERB" and token.dep_ != "amod" for token in cast(Span, span))


def of_span(scene: Scene, span: Span, inside: list[Named]) -> list[Named]:
    """The actors in a subject phrase: a person if one is there, with the list around; else the first organisation."""
    within = [one for one in inside if span.start_char <= one.start < span.end_char]
    persons = [one for one in within if isinstance(one.actor, Person)]
    return coordinated(scene, persons[0]) if persons else within[:1]


PRONOUNS = {"той": "male", "тя": "female"}


def pronoun(subject: Token, named: list[Named]) -> list[Named]:
    """„Тя представи …“: the last person of that gender before."""
    gender = PRONOUNS.get(subject.lower_)
    before = [
        one for one in named if one.end <= subject.idx and isinstance(one.actor, Person) and one.actor.gender == gender
    ]
    return before[-1:] if gender else []


# --- rows -------------------------------------------------------------------------------------------------------


def roles_of(actor: Actor, dossier: Dossier, text: str, found: Findings) -> Iterator[Role]:
    """A row for each position or affiliation with each function."""
    held: list[Held | None] = [*dossier.held] or [None]
    done: list[tuple[Function, Mention | None]] = [*dossier.done.items()] or [("", None)]
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
                function=function,
                event=found.main_event if function else None,
            )
