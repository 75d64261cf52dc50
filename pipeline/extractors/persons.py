"""Persons: every named individual once, without honorific or degree, with all mentions in both scripts.

A run of capitalised words is read as a name where the NER model, an honorific before it or a known given name says
so. Then mentions are joined: by sound across scripts, by initials, and a surname alone with the one full name it fits.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Literal, cast

from spacy.language import Language
from spacy.tokens import Doc

from letopis.extractors.places import gazetteer
from letopis.findings import Mention, Organization, Person, findings, text_of
from letopis.quotes import quotations
from letopis.transliteration import sound_key
from letopis.vocabulary import rows, toml

Gender = Literal["female", "male", ""]

UPPER, LOWER = r"A-ZÀ-ÖØ-ÞĀ-ſȀ-ȳЀ-Я", r"a-zß-öø-ÿā-ſǎ-ǰȀ-ȳа-џ\u0300-\u036f"
WORD = rf"[{UPPER}](?:[’'][{UPPER}])?[{LOWER}{UPPER}]+(?:[-‑][{UPPER}][{LOWER}{UPPER}]+)*"
INITIAL = rf"[{UPPER}][{LOWER}]{{0,2}}\.(?={{GAP}}?[{UPPER}])".replace("{GAP}", r"[^\S\r\n]{0,2}")
PARTICLE = r"(?:van|von|der|den|de|da|di|del|dos|la|le|bin|ibn|al|el|ван|фон|дер|де|да|ди|дел|дос|ал|ел|бин|ибн|ла|ле)"
GAP = r"(?:[^\S\r\n]{1,2})"
RUN = re.compile(
    rf"(?<![\w.])(?:{INITIAL}{GAP}?){{1,2}}{WORD}(?:{GAP}{WORD})?"
    rf"|(?<!\w){WORD}(?:{GAP}?{INITIAL}|{GAP}(?:{PARTICLE}{GAP}){{0,2}}{WORD}){{0,6}}"
)
PIECE = re.compile(rf"{INITIAL}|{WORD}|{PARTICLE}")
ROMAN = re.compile(r"[IVXL]+|[ІХ]+")
FAMILY_NAME = re.compile(
    r"(?:ов|ев|ин|ова|ева|ина|ски|ска|цки|цка|чки|чка|шки|шка|зки|зка|ич|вич|ян|оглу|лу|енко|дис|ић|ić|ić|escu|еску|ов[аи]|[оe]v|ova|eva|ski|ska|sky)$",
    re.IGNORECASE,
)
PLAIN_FAMILY_NAME = re.compile(r"(?:[оеё]ва?|ева|ова)$")
ADJECTIVE = re.compile(r"(?:ски|ска|ско|ски[яй]т?|ен|на|но|ия|ият|ата|ото)$")
FEMALE_ENDING = re.compile(r"(?:ова|ева|ина|ска|цка|чка|шка|зка|ova|eva|ska)$", re.IGNORECASE)
MALE_ENDING = re.compile(r"(?:ов|ев|ин|ски|цки|чки|шки|зки|ov|ev|ski|sky)$", re.IGNORECASE)
TITLE_BEFORE = re.compile(r"([\w.‑-]+\.?)[^\S\r\n]{0,2}$")
SPEECH_WORDS = 7  # a quotation of so many words may name persons; a shorter one is a title or a name
BY_MODEL, BY_TITLE, BY_LIST, BY_SURNAME = 0.9, 0.95, 0.85, 0.8


@cache
def given_names() -> dict[str, str]:
    """Known given names with their gender, empty where both sexes bear them."""
    return {row["name"]: row["gender"] for row in rows("given_names.csv")}


@cache
def titles() -> dict[str, str]:
    """Honorifics, degrees and ranks, lower case, with the gender that they tell."""
    tables = toml("honorifics.toml")
    found = {form: "" for table in ("address", "degrees", "ranks", "clergy") for form in tables[table]["any"]}
    return found | {form: gender for gender in ("female", "male") for form in tables["address"][gender]}


@cache
def clergy() -> frozenset[str]:
    """Those who are called by one name."""
    return frozenset(toml("honorifics.toml")["clergy"]["any"])


@cache
def patron_heads() -> tuple[frozenset[str], tuple[str, ...]]:
    table = toml("honorifics.toml")["patrons"]
    return frozenset(table["heads"]), tuple(table["saints"])


@dataclass(frozen=True, slots=True)
class Name:
    """A name in the text: its pieces, and whether a title stands before it."""

    start: int
    end: int
    pieces: tuple[str, ...]
    title: str
    confidence: float
    rule: str

    @property
    def words(self) -> tuple[str, ...]:
        return tuple(piece for piece in self.pieces if piece[:1].isupper())

    @property
    def is_full(self) -> bool:
        return len(self.words) > 1

    @property
    def text(self) -> str:
        """The name as it is written, white space made plain; capitals throughout become ordinary."""
        name = " ".join(self.pieces)
        return name.title() if name.isupper() and not any(piece.endswith(".") for piece in self.pieces) else name


@Language.factory("letopis_persons")
class PersonsExtractor:
    """Fills `persons` of the findings. Names inside organisations are theirs."""

    def __init__(self, nlp: Language, name: str) -> None:
        self.name = name

    def __call__(self, doc: Doc) -> Doc:
        found = findings(doc)
        names = [name for name in names_in(doc) if not inside(found.organizations, name)]
        found.persons = joined(names)
        return doc


def inside(organizations: list[Organization], name: Name) -> bool:
    return any(m.overlaps(name.start, name.end) for one in organizations for m in one.mentions)


def names_in(doc: Doc) -> Iterator[Name]:
    """The names of persons in the text, full and short, in order."""
    named = {i for ent in doc.ents if ent.label_ == "PER" for i in range(ent.start_char, ent.end_char)}
    other = {i for ent in doc.ents if ent.label_ != "PER" for i in range(ent.start_char, ent.end_char)}
    quoted = [
        (q.start, q.end) for q in quotations(text_of(doc)) if len(text_of(doc)[q.start : q.end].split()) < SPEECH_WORDS
    ]
    for run in RUN.finditer(text_of(doc)):
        name = name_in(text_of(doc), run, named, other)
        if (
            name
            and name.text not in gazetteer()
            and not is_patron(text_of(doc), name)
            and not any(s <= name.start and name.end <= e for s, e in quoted)
        ):
            yield name


def name_in(text: str, run: re.Match[str], named: set[int], other: set[int]) -> Name | None:
    """The name within a run of capitalised words, if there is one."""
    pieces = [(piece.start(), piece.group()) for piece in PIECE.finditer(text, run.start(), run.end() + 2)]
    pieces = [(start, piece) for start, piece in pieces if start < run.end() and not ROMAN.fullmatch(piece)]
    if not pieces:
        return None
    title = title_before(text, run.start())
    while len(pieces) > 1 and pieces[0][1].lower() in titles() and not is_given(pieces[0][1]):
        title = title or pieces[0][1].lower()
        pieces = pieces[1:]
    while len(pieces) > 2 and pieces[0][1] in gazetteer() and not is_given(pieces[0][1]) and is_given(pieces[1][1]):
        pieces = pieces[1:]  # „областният управител на Силистра Минчо Йорданов“
    by_model = [start in named for start, _ in pieces]
    known = [is_given(piece) for _, piece in pieces]
    first = 0 if title else first_of_name(pieces, by_model, known)
    if first is None or (title and not starts_name(pieces[0], named)):
        return None
    last = first
    for n in range(first + 1, len(pieces)):
        start, piece = pieces[n]
        if by_model[n] or ((title or known[first] or start not in other) and continues_name(pieces[first][1], piece)):
            last = n
        else:
            break
    chosen = pieces[first : last + 1]
    if title:
        rule, confidence = "title", BY_TITLE
    elif by_model[first]:
        rule, confidence = "ner", BY_MODEL
    else:
        rule, confidence = ("given_name", BY_LIST) if known[first] else ("family_name", BY_SURNAME)
    end = chosen[-1][0] + len(chosen[-1][1])
    return Name(chosen[0][0], end, tuple(piece for _, piece in chosen), title, confidence, rule)


def first_of_name(pieces: list[tuple[int, str]], by_model: list[bool], known: list[bool]) -> int | None:
    """Which piece a name without title begins with: a known given name before a family name, what the model says,
    or else any word before a plain family name, where just these two stand together."""
    given = next((n for n in range(len(pieces)) if known[n] and (fits(pieces, n) or by_model[n])), None)
    if given is not None:
        return given
    if True in by_model:
        return by_model.index(True)
    plain = len(pieces) == 2 and PLAIN_FAMILY_NAME.search(pieces[1][1]) and not ADJECTIVE.search(pieces[0][1])
    return 0 if plain else None


@cache
def given_name_keys() -> dict[str, str]:
    return {sound_key(name): gender for name, gender in given_names().items()}


def is_given(piece: str) -> bool:
    """Whether this is a known given name, in either script; of a double name the first half counts."""
    return sound_key(re.split("[-‑]", piece)[0]) in given_name_keys()


def fits(pieces: list[tuple[int, str]], n: int) -> bool:
    """Whether a family name follows the given name at `n`: by its ending, or any word in another script than Cyrillic."""
    return any(FAMILY_NAME.search(piece) or not re.search("[А-я]", piece) for _, piece in pieces[n + 1 : n + 4])


def starts_name(piece: tuple[int, str], named: set[int]) -> bool:
    """Behind a title stands a name, not an institution („проф. Институтът“): what no model denies."""
    return (
        piece[0] in named
        or is_given(piece[1])
        or bool(FAMILY_NAME.search(piece[1]))
        or piece[1].isascii()
        or len(piece[1]) == 2
    )


def continues_name(first: str, piece: str) -> bool:
    same_script = first[0].isascii() == piece[0].isascii()
    latin = not re.search("[А-я]", piece)
    return (
        piece.endswith(".")
        or not piece[0].isupper()
        or (same_script and (latin or bool(FAMILY_NAME.search(piece)) or is_given(piece)))
    )


def title_before(text: str, start: int) -> str:
    """The honorific, degree or rank right before `start`, lower case, or nothing."""
    before = TITLE_BEFORE.search(text[max(0, start - 30) : start])
    word = before.group(1).lower() if before else ""
    return word if word in titles() else ""


def is_patron(text: str, name: Name) -> bool:
    """„ул. Иван Вазов“, „награда „Иван Вазов““, „Св. Климент Охридски“: a name that something else bears."""
    heads, saints = patron_heads()
    before = text[max(0, name.start - 40) : name.start].rstrip(' \u00a0„“”"«').lower()
    words = before.split()
    return bool(words) and (words[-1] in heads or before.endswith(saints))


def joined(names: list[Name]) -> list[Person]:
    """One person for all names that are the same; short names without a full one count only behind a title."""
    persons: list[Person] = []
    for name in sorted((one for one in names if one.is_full), key=lambda one: -len(one.words)):
        same = [person for person in persons if same_person(person.name, name.text)]
        if len(same) == 1:
            add(same[0], name)
        else:
            persons.append(new_person(name))
    for name in (one for one in names if not one.is_full):
        same = [person for person in persons if short_for(name.text, person.name)]
        if len(same) == 1:
            add(same[0], name)
        elif not same and name.title and (name.title in clergy() or not is_given(name.text)):
            persons.append(new_person(name))
    for person in persons:
        person.mentions.sort(key=lambda mention: mention.start_char)
        person.gender = person.gender or gender_of(person)
    return sorted(persons, key=lambda person: person.mentions[0].start_char)


def new_person(name: Name) -> Person:
    words = [word for word in name.text.split() if word[:1].isupper()]
    person = Person(
        name=name.text,
        given_name=words[0] if len(words) > 1 and not words[0].endswith(".") else "",
        family_name=words[-1],
    )
    add(person, name)
    return person


def add(person: Person, name: Name) -> None:
    if name.text != person.name:
        person.aliases.add(name.text)
    person.mentions.append(Mention(name.start, name.end, name.confidence, f"persons.{name.rule}"))
    told = titles().get(name.title, "")
    if told in ("female", "male") and not person.gender:
        person.gender = "female" if told == "female" else "male"


def same_person(full: str, other: str) -> bool:
    """Whether two full names can be one: the same words by sound, one with an initial or without the middle name."""
    a, b = sound_key(full).split(), sound_key(other).split()
    if a == b:
        return True
    ends = matches(a[0], b[0]) and a[-1] == b[-1]
    return ends and (len(a) != len(b) or all(matches(x, y) for x, y in zip(a, b, strict=True)))


def matches(one: str, other: str) -> bool:
    """The same word, or one the initial of the other."""
    return one == other or (min(len(one), len(other)) == 1 and one[0] == other[0])


def short_for(short: str, full: str) -> bool:
    """Whether a single name is the family name, or else the given name, of the full one."""
    words = re.split(r"[\s-]", full)
    return sound_key(short) in {sound_key(word) for word in (words[0], words[-1], full.split()[-1])}


def gender_of(person: Person) -> Gender:
    """By the ending of the family name, else by the given name."""
    if FEMALE_ENDING.search(person.family_name):
        return "female"
    if MALE_ENDING.search(person.family_name):
        return "male"
    return cast(Gender, given_name_keys().get(sound_key(person.given_name), ""))
