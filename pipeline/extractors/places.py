"""Places: settlements, countries, regions and geographic features, found in gazetteers and by the NER model.

Half of the Bulgarian settlements bear a name that is also a word or a family name, so a name counts only with
evidence beside it: the model's word, a prefix („гр.“, „с.“), a preposition of place, a list of places, a dateline.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from spacy.language import Language
from spacy.tokens import Doc

from letopis.base_form import capitalised
from letopis.findings import Findings, Mention, Place, findings, text_of
from letopis.quotes import quotations
from letopis.vocabulary import rows

UPPER = "A-ZÀ-ÖØ-ÞĀ-ſȀ-ȳА-Я"
WORD = re.compile(r"[^\W\d_]+(?:[-‑'’][^\W\d_]+)*")
PREFIX = re.compile(
    r"(?<!\w)(гр\.|град(?:а|ът)?|с\.|село(?:то)?|кв\.|квартал(?:а|ът)?|к\.\s?к\.|общ\.|община(?:та)?|обл\.|област(?:та)?|местност(?:та)?"
    r"|язовир|яз\.|връх|вр\.|р\.|река(?:та)?|планина(?:та)?|район(?:а|ът)?|остров)\s{0,2}[„“\"]?$",
    re.IGNORECASE,
)
PREPOSITION = re.compile(r"(?<!\w)(?:в|във|от|край|до|през|към|из|над|около|между|сред|за|на)\s{1,2}$", re.IGNORECASE)
SENTENCE_START = re.compile(r"(?:^|[.!?:\n•]|\n\s*[-–])[\s„“\"]*$")
IN_LIST = re.compile(r"(?:,|\bи|\(|[-–/])\s{0,2}$")
DATELINE = re.compile(r"\s*,\s*(?:\d{1,2}[.\s]|\w+,)")
COUNTRY_AFTER = re.compile(
    rf"\s{{0,2}}(?:[,(/–-]|в|във)\s{{0,2}}((?:Р\.?\s|Република\s)?[{UPPER}][^\W\d_]+(?:\s[^\W\d_]+)?)"
)
MAX_WORDS = 5
WEIGHT_OF_DISTRICT = 4
BY_GAZETTEER, BY_PREFIX, BY_MODEL = 0.9, 0.98, 0.75


@dataclass(frozen=True, slots=True)
class Entry:
    """A place as the gazetteers know it; `weight` orders places of one name: country, town, foreign city, village."""

    name: str
    kind: str
    country: str
    weight: int
    ekatte: str = ""
    municipality: str = ""
    district: str = ""
    latitude: float | None = None
    longitude: float | None = None


@cache
def gazetteer() -> dict[str, tuple[Entry, ...]]:
    """All known places by name, the weightiest first."""
    found: dict[str, list[Entry]] = defaultdict(list)
    for row in rows("countries.csv"):
        found[row["name"]].append(Entry(row["name"], "country", row["country"], 5))
    for row in rows("regions.csv"):
        found[row["name"]].append(
            Entry(row["name"], row["kind"], row["country"], 2 if row["kind"] == "neighbourhood" else 4)
        )
    for row in rows("cities.csv"):
        found[row["name"]].append(Entry(row["name"], "settlement", row["country"], 2))
    for row in rows("settlements.csv"):
        coordinates = (float(row["latitude"]), float(row["longitude"])) if row["latitude"] else (None, None)
        found[row["name"]].append(
            Entry(
                row["name"],
                "settlement",
                "BG",
                3 if row["kind"] == "town" else 1,
                row["ekatte"],
                row["municipality"],
                row["district"],
                *coordinates,
            )
        )
    return {name: tuple(sorted(entries, key=lambda entry: -entry.weight)) for name, entries in found.items()}


@cache
def first_words() -> frozenset[str]:
    return frozenset(re.split(r"[\s-]", name)[0] for name in gazetteer())


@Language.factory("letopis_places")
class PlacesExtractor:
    """Fills `places` of the findings. A place word inside an organisation's or a person's name is theirs."""

    def __init__(self, nlp: Language, name: str) -> None:
        self.name = name

    def __call__(self, doc: Doc) -> Doc:
        found = findings(doc)
        named = [*known_places(doc, found), *model_places(doc, found)]
        districts = [one for one in districts_in(doc) if not taken(found, one.start, one.end)]
        apart = [one for one in named if not any(d.start <= one.start < d.end for d in districts)]
        found.places = merged(text_of(doc), [*apart, *districts])
        return doc


@dataclass(frozen=True, slots=True)
class Found:
    """A place in the text: its span, what the gazetteer has under its name (nothing for an unknown one), its prefix."""

    start: int
    end: int
    entries: tuple[Entry, ...]
    prefix: str
    confidence: float
    rule: str


def known_places(doc: Doc, found: Findings) -> Iterator[Found]:
    """Names of the gazetteers that have evidence beside them, the longest at each place."""
    text = text_of(doc)
    labels = {i: ent.label_ for ent in doc.ents for i in range(ent.start_char, ent.end_char)}
    quoted = [(q.start, q.end) for q in quotations(text) if q.end - q.start < 60]
    words = list(WORD.finditer(text))
    n = 0
    while n < len(words):
        span = longest_name(text, words, n)
        if span is None or taken(found, words[n].start(), span[0]):
            n += 1
            continue
        end, length = span
        one = with_evidence(text, words[n].start(), end, labels)
        if one and (one.prefix or not any(s < one.start and one.end < e for s, e in quoted)):
            yield one
        n += length


DISTRICT = re.compile(
    r"(?<!\w)(?:[Оо]бласт(?:та)? (?P<town>[А-Я][а-я]+(?: [А-Я][а-я]+)?)|(?P<named>[А-Я][а-я]+(?:-град)?) област(?!\w)"
    r"|(?P<stem>[А-Я][а-я]+)ска(?:та)? област(?:та)?)(?!\w)"
)


def districts_in(doc: Doc) -> Iterator[Found]:
    """„област Силистра“, „София област“, „Кюстендилската област“."""
    for match in DISTRICT.finditer(text_of(doc)):
        town, end = match["town"] or match["named"], match.end()
        if match["town"] and town not in gazetteer():
            town, end = town.split()[0], match.start("town") + len(town.split()[0])
        if match["stem"] or any(entry.country == "BG" for entry in gazetteer().get(town or "", ())):
            entry = Entry(match.group(), "district", "BG", WEIGHT_OF_DISTRICT)
            yield Found(match.start(), end, (entry,), "област", BY_PREFIX, "district")


def longest_name(text: str, words: list[re.Match[str]], n: int) -> tuple[int, int] | None:
    """Where the longest known name that begins with the word `n` ends, and its number of words."""
    word = words[n]
    if not word.group()[0].isupper() or re.split("[-‑]", word.group())[0] not in first_words():
        return None
    for length in range(min(MAX_WORDS, len(words) - n), 0, -1):
        end = words[n + length - 1].end()
        if re.sub(r"\s+", " ", text[word.start() : end]) in gazetteer():
            return end, length
    return None


def with_evidence(text: str, start: int, end: int, labels: dict[int, str]) -> Found | None:
    """The place at `start:end`, if something beside the name says that it is one."""
    entries = gazetteer()[re.sub(r"\s+", " ", text[start:end])]
    before, after, label = text[max(0, start - 30) : start], text[end : end + 40], labels.get(start, "")
    prefix = PREFIX.search(before)
    if prefix:
        return Found(start, end, entries, prefix.group(1).lower(), BY_PREFIX, "prefix")
    if re.match(rf"[-‑]?\w|{GAP_NAME}", after) and entries[0].weight < 5 and label != "LOC":
        return None
    weight = entries[0].weight
    located = bool(
        PREPOSITION.search(before) or IN_LIST.search(before) or DATELINE.match(after) or COUNTRY_AFTER.match(after)
    )
    opens = bool(SENTENCE_START.search(text[max(0, start - 10) : start]) or start == 0)
    if label == "LOC":
        rule, enough = "gazetteer", weight > 1 or located
    elif label in ("PER", "ORG", "PRO", "EVT"):
        rule, enough = (
            "gazetteer",
            (weight >= 3 or end - start > len(text[start:end].split()[0])) and located and not opens,
        )
    else:
        rule, enough = (
            "gazetteer",
            weight >= 4 or (weight >= 2 and located and (not opens or bool(DATELINE.match(after)))),
        )
    return Found(start, end, entries, "", BY_GAZETTEER, rule) if enough else None


GAP_NAME = rf"\s[{UPPER}][^\W\d_]+(?:ов|ев|ова|ева|ски|ска)\b"


def model_places(doc: Doc, found: Findings) -> Iterator[Found]:
    """What the model takes for a place and no gazetteer knows."""
    for ent in doc.ents:
        start, end = ent.start_char, ent.end_char
        if prefix := re.match(r"(?:гр|с|кв|общ|обл)\.\s?", ent.text):
            start += prefix.end()
        name = re.sub(r"\s+", " ", text_of(doc)[start:end])
        proper = (
            ent.label_ == "LOC"
            and len(name) > 2
            and name[0].isupper()
            and not name.isupper()
            and "\n" not in text_of(doc)[start:end]
        )
        covered = any(re.search(rf"\b{re.escape(word)}\b", name) for word in name.split() if word in gazetteer())
        located = PREPOSITION.search(text_of(doc)[max(0, start - 12) : start]) or country_after(text_of(doc), end)
        adjective = ADJECTIVE.search(name) or (len(ent) == 1 and ent[0].pos_ == "ADJ")  # „Югоизточна“ Европа
        if proper and located and not covered and not taken(found, start, end) and not adjective:
            yield Found(start, end, (), "", BY_MODEL, "ner")


ADJECTIVE = re.compile(r"(?:ски|ска|ско|ският?|ската|ското|ските)$")


def taken(found: Findings, start: int, end: int) -> bool:
    return any(m.overlaps(start, end) for one in (*found.organizations, *found.persons) for m in one.mentions)


def merged(text: str, mentions: list[Found]) -> list[Place]:
    """One place for each name and country, in the order of the text."""
    named = {re.sub(r"\s+", " ", text[one.start : one.end]) for one in mentions}
    places: dict[tuple[str, str], Place] = {}
    for one in sorted(mentions, key=lambda each: each.start):
        name = STATE.sub("", re.sub(r"\s+", " ", text[one.start : one.end]))
        if one.rule == "district":
            name = capitalised(re.sub(r"(област|ска)та\b", r"\1", name))
        entry = chosen(one, country_after(text, one.end), named)
        key = (name, entry.country)
        same = next((place for (other, _), place in places.items() if other == name and not one.prefix), None)
        place = places.get(key) or same
        if place is None:
            place = places[key] = Place(
                name=name, kind=entry.kind, country=entry.country, ekatte=entry.ekatte, latitude=entry.latitude,
                longitude=entry.longitude,
            )  # fmt: skip
        place.mentions.append(Mention(one.start, one.end, one.confidence, f"places.{one.rule}"))
    return list(places.values())


STATE = re.compile(r"^(?:Република|Р\.?) (?=[А-Я])")  # „Република Сърбия“ is Сърбия


def country_after(text: str, end: int) -> str:
    """The country named right behind a place: „Бърно, Чехия“, „гр. Ниш, Република Сърбия“."""
    after = COUNTRY_AFTER.match(text, end)
    for name in (after.group(1), after.group(1).split()[0]) if after else ():
        entry = gazetteer().get(name, (None,))[0]
        if entry and entry.kind == "country":
            return entry.country
    return ""


KINDS = {"общ": "municipality", "обл": "district", "кв.": "neighbourhood", "ква": "neighbourhood"}


def chosen(one: Found, country: str, named: set[str]) -> Entry:
    """Which of the places of one name is meant; its code stays empty where nothing decides between villages."""
    kind = KINDS.get(one.prefix[:3], "")
    if one.entries and one.entries[0].kind == "country":  # „Турция, Румъния“: two countries
        return one.entries[0]
    entries = [entry for entry in one.entries if not country or entry.country == country]
    if one.prefix.startswith(("с.", "сел")):
        entries = [entry for entry in entries if entry.ekatte] or entries
    if not entries:
        return Entry("", kind or ("settlement" if one.prefix.startswith(("гр", "с")) else ""), country, 0)
    first = entries[0]
    rivals = [entry for entry in entries if entry.weight == first.weight and entry.kind == "settlement"]
    near = [entry for entry in rivals if entry.municipality in named or entry.district in named]
    if kind:
        return Entry(first.name, kind, first.country, 0)
    if len(rivals) > 1 and len(near) != 1:
        return Entry(first.name, first.kind, first.country, 0)
    return near[0] if len(rivals) > 1 else first
