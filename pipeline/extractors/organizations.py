"""Organisations: named institutions, companies, schools, associations, media, by their base form.

Names come from head nouns („Министерство на …“, училище „…“), legal forms („…“ ООД), the NER model and known
abbreviations; an abbreviation in brackets is bound to its long form. Then the forms of one organisation are joined.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import takewhile

from spacy.language import Language
from spacy.tokens import Doc, Span, Token

from letopis.base_form import base_form, capitalised
from letopis.clauses import is_participle
from letopis.extractors.persons import is_given
from letopis.extractors.places import gazetteer
from letopis.findings import Mention, Organization, findings, text_of, token_at
from letopis.quotes import MARKS, Quotation, quotations, with_marks
from letopis.vocabulary import rows, toml

ABBREVIATION = r"[A-ZА-Я][A-ZА-Я0-9&]{1,9}(?![\w])"
NUMBER_BEFORE = re.compile(r"(?<!\S)\d{1,3}\. $")  # „37. СУ „Райна Княгиня““
LOOK_ALIKES = str.maketrans("ABCEHKMOPTXYaceopxy", "АВСЕНКМОРТХУасеорху")
BOUND = re.compile(rf"\s{{0,2}}[(/]\s?({ABBREVIATION})\s?[)/]")
BARE = re.compile(rf"(?<![\w„“\"(/.-]){ABBREVIATION}|(?<=[(/„“\"]){ABBREVIATION}")
TOWN_SUFFIX = re.compile(r"\s?[-–—]\s?(?:гр\.\s?)?([А-Я][а-я]+(?:\s[А-Яа-я][а-я]+)?)(?!\w)")
MUNICIPALITY = re.compile(
    r"(?<!\w)(?P<head>[ОоOo]бщина|[Кк]метство)(?:т[ао])?\s(?P<first>[А-Я][а-я]+)(?P<second>\s[А-Яа-я][а-я]+)?(?!\w)"
)
STATE_BEHIND = re.compile(r" на Р(?:епублика |\. ?)България$")
TOWN_BEHIND = re.compile(r"\s(?:гр\.\s?)?([А-Я][а-я]+(?:\s[А-Яа-я][а-я]+)?)(?!\w)")
SURNAME_BEHIND = re.compile(r"\s[А-Я][а-я]+")
LONG_NAME = 3  # words that make a name whole
WEIGHT_OF_TOWN = 3  # in the gazetteer: a town and no village
MAX_TOKENS, MAX_QUOTED_CHARS = 16, 120
LATIN = re.compile(r"[A-Za-zÀ-ɏ&'’.-]*[A-Za-zÀ-ɏ&][A-Za-zÀ-ɏ'’.-]*")
NOT_NAMES = toml("organizations.toml")["not_names"]
NOT_NAME_WORDS = frozenset(NOT_NAMES["words"])
BY_HEAD, BY_QUOTE, BY_LEGAL_FORM, BY_MODEL, BY_LIST = 0.9, 0.95, 0.95, 0.75, 0.9


@cache
def vocabulary() -> dict[str, dict[str, object]]:
    return toml("organizations.toml")


@cache
def head_types() -> dict[str, str]:
    """The type that each head noun tells, by lemma."""
    return {str(head): str(kind) for head, kind in vocabulary()["heads"].items()}


@cache
def abbreviated_heads() -> dict[str, str]:
    tables = vocabulary()["abbreviated"]
    return {head: kind for kind, heads in tables.items() for head in heads}  # type: ignore[attr-defined]


@cache
def generic_heads() -> frozenset[str]:
    return frozenset(toml("organizations.toml")["generic"]["heads"])


@cache
def legal_forms() -> re.Pattern[str]:
    forms = sorted(toml("organizations.toml")["legal_forms"]["forms"], key=len, reverse=True)
    return re.compile(r"\s{0,2}(?:" + "|".join(map(re.escape, forms)) + r")(?!\w)")


@cache
def known() -> dict[str, dict[str, str]]:
    """Well-known institutions by their abbreviation and by their name."""
    return {key: row for row in rows("institutions.csv") for key in (row["abbreviation"], row["name"])}


@dataclass(slots=True)
class Name:
    """A name in the text with its base form; `aliases` are other base forms of the same."""

    start: int
    end: int
    base: str
    type: str
    confidence: float
    rule: str
    abbreviation: str = ""
    aliases: set[str] = field(default_factory=set)


@Language.factory("letopis_organizations")
class OrganizationsExtractor:
    """Fills `organizations` of the findings."""

    def __init__(self, nlp: Language, name: str) -> None:
        self.name = name

    def __call__(self, doc: Doc) -> Doc:
        names = longest(
            [
                *municipalities(doc),
                *quoted_names(doc),
                *head_names(doc),
                *company_names(doc),
                *latin_names(doc),
                *model_names(doc),
            ]
        )
        titles = titles_of_others(doc)
        names = [name for name in names if not {name.start, name.start - 1} & titles]
        for name in names:
            if bound := BOUND.match(text_of(doc), name.end):
                name.abbreviation = bound.group(1)
        organizations = shortened_joined(joined(names))
        add_abbreviations(text_of(doc), organizations, names)
        findings(doc).organizations = sorted(organizations, key=lambda one: one.mentions[0].start_char)
        return doc


def titles_of_others(doc: Doc) -> set[int]:
    """Where the quotations begin that name no organisation: „проект „Активно гражданско общество““."""
    found = set()
    for quotation in quotations(text_of(doc)):
        before = text_of(doc)[: quotation.start].rstrip()
        word = token_at(doc, len(before) - 1) if before else None
        if word is not None and {word.lemma_.lower(), indefinite(word)} & NOT_NAME_WORDS:
            found.add(quotation.start)
    return found


def municipalities(doc: Doc) -> Iterator[Name]:
    """„Община Варна“ as an authority; a second word belongs to the name where the gazetteer has it („Сливо поле“)."""
    for match in MUNICIPALITY.finditer(text_of(doc)):
        first, second = match["first"], (match["second"] or "").strip()
        two_words = f"{first} {second}" in gazetteer()
        town = f"{first} {second}" if two_words else first
        span = doc.char_span(match.start("first"), match.end("first"), alignment_mode="expand")
        person = is_given(first) or (span is not None and span[0].ent_type_ == "PER")
        if town in gazetteer() or not person:  # not „кметът на общината Иван Петров“
            end = match.end() if two_words else match.end("first")
            base = capitalised(match["head"].lower().translate(LOOK_ALIKES)) + " " + town
            yield Name(match.start(), end, base, "municipality", BY_HEAD, "municipality")


def quoted_names(doc: Doc) -> Iterator[Name]:
    """A head noun of any case before a quoted name: „сдружение „Дизайн Борд““, „ОУ „Христо Ботев““."""
    for quotation in quotations(text_of(doc)):
        before = text_of(doc)[: quotation.start].rstrip()
        head = token_at(doc, len(before) - 1) if before and len(before) >= quotation.start - 2 else None
        kind = head_type(head) if head is not None else ""
        if head is None or not kind or quotation.end - quotation.start > MAX_QUOTED_CHARS:
            continue
        first = doc[phrase_start(head)]
        begin = first.idx if first.text[0].isupper() else head.idx
        phrase = doc[phrase_start(head) if begin == first.idx else head.i : head.i + 1]
        full = capitalised(base_form(phrase)) + " " + text_of(doc)[quotation.start : quotation.end]
        inner = text_of(doc)[quotation.inner_start : quotation.inner_end].strip()
        generic = {head.lemma_.lower(), head.text.lower(), indefinite(head)} & generic_heads()
        end = quotation.end if generic else with_town(text_of(doc), quotation.end)
        if end > quotation.end:
            full += text_of(doc)[quotation.end : end]
        if number := NUMBER_BEFORE.search(text_of(doc)[:begin]):
            begin, full = number.start(), number.group() + full
        name = Name(begin, end, inner if generic else full, kind, BY_QUOTE, "quoted")
        name.aliases = {inner, full} - {name.base}
        yield name


def head_type(token: Token) -> str:
    """The type of organisation that a head noun tells, or nothing."""
    forms = (token.text.lower(), token.lemma_.lower(), indefinite(token))
    tables = (abbreviated_heads(), head_types(), toml("organizations.toml")["quoted_heads"])
    return next((str(table[form]) for form in forms for table in tables if form in table), "")


def indefinite(token: Token) -> str:
    return base_form(token.doc[token.i : token.i + 1]).lower()


def phrase_start(head: Token) -> int:
    """The first of the adjectives right before the head."""
    start = head.i
    while start > 0 and head.doc[start - 1].pos_ in ("ADJ", "NUM") and not head.doc[start - 1].is_sent_end:
        if not re.fullmatch(r"[А-Яа-я-]+", head.doc[start - 1].text):
            break
        start -= 1
    return start


def with_town(text: str, end: int) -> int:
    """The end of the name with the town behind it: „… – Ниш“, „… - Стара Загора“, „Областна администрация Силистра“."""
    for pattern, least in ((TOWN_SUFFIX, 0), (TOWN_BEHIND, WEIGHT_OF_TOWN)):
        if town := pattern.match(text, end):
            for name in (town.group(1), town.group(1).split()[0]):
                entries = gazetteer().get(name, ())
                if any(entry.weight >= least and entry.kind == "settlement" for entry in entries):
                    stop = town.start(1) + len(name)
                    return end if pattern is TOWN_BEHIND and SURNAME_BEHIND.match(text, stop) else stop
    return end


def head_names(doc: Doc) -> Iterator[Name]:
    """A capitalised phrase around a head noun: „Министерството на образованието и науката“."""
    quoted_strings = quotations(text_of(doc))
    for token in doc:
        kind = head_types().get(token.lemma_.lower()) or head_types().get(indefinite(token), "")
        if not kind or kind == "municipality" or token.pos_ not in ("NOUN", "PROPN"):
            continue
        start = next((n for n in range(phrase_start(token), token.i + 1) if doc[n].text[0].isupper()), None)
        if start is None:
            continue
        span = doc[start : phrase_end(token)]
        quoted = next((q for q in quoted_strings if 0 < q.start - span.end_char <= 2), None)
        if quoted and not text_of(doc)[span.end_char : quoted.start].isspace():
            quoted = None
        last = quoted.end if quoted else with_town(text_of(doc), span.end_char)
        building = last == span.end_char and base_form(span).lower() in NOT_NAMES["phrases"]  # „Съдебната палата“
        if (len(span) > 1 or last > span.end_char) and not building:
            yield Name(
                span.start_char, last, base_form(span) + text_of(doc)[span.end_char : last], kind, BY_HEAD, "head"
            )


def opens_sentence(token: Token) -> bool:
    return bool(token.is_sent_start) or token.i == 0 or "\n" in token.nbor(-1).text


def phrase_end(head: Token) -> int:
    """The index behind the last word of the name: its complements while they go on."""
    doc, end = head.doc, name_end(head)
    placed = head.lemma_.lower() in toml("organizations.toml")["placed"]["heads"]
    while end < len(doc) - 1 and end - head.i < MAX_TOKENS:
        word, following = doc[end], doc[end + 1]
        if (
            (word.lower_ in ("на", "за", "по", "към") and is_nominal(following) and not opens_new_name(following, word))
            or (end > head.i + 1 and takes(doc[end - 1], word) and is_nominal(following))
            or (word.lower_ in ("в", "във") and placed and end == head.i + 1 and following.text[0].isupper())
            or (word.lower_ in ("в", "във") and end > head.i + 1 and says_where(doc, end))
            or (word.lower_ in ("и", ",") and end > head.i + 1 and continues(doc, head, end))
        ):
            end = noun_end(doc, end + 1)
        else:
            break
    return end


def takes(noun: Token, preposition: Token) -> bool:
    """„борба с трафика“, „хората с увреждания“: the noun asks for this preposition."""
    table = toml("organizations.toml")["takes"]
    follower = preposition.nbor().lemma_.lower() if preposition.i + 1 < len(preposition.doc) else ""
    return follower not in table["nothing"] and preposition.lower_ in table.get(noun.lemma_.lower(), ())


def name_end(head: Token) -> int:
    """Behind the capitalised words that follow a head which bears a name: „Радио Мизия“, „ПП ГЕРБ“, „Кметство Гарван“."""
    doc, end = head.doc, head.i + 1
    if not {head.lower_, head.lemma_.lower()} & frozenset(toml("organizations.toml")["named"]["heads"]):
        return end
    while (
        end < len(doc)
        and doc[end].text[0].isupper()
        and doc[end].is_alpha
        and not doc[end].is_sent_start
        and doc[end].ent_type_ != "PER"
        and not is_given(doc[end].text)
    ):
        end += 1
    return end


def says_where(doc: Doc, i: int) -> bool:
    """„… на инсталаторите в България“, „… на работещите в хранителната индустрия“: the place belongs to the name."""
    country = any(entry.kind == "country" for entry in gazetteer().get(doc[i + 1].text, ()))
    participle = is_participle(doc[i - 1]) and doc[i - 1].lower_.endswith("ите")
    return country or (participle and is_nominal(doc[i + 1]))


def is_nominal(token: Token) -> bool:
    return token.pos_ in ("NOUN", "PROPN", "ADJ", "X", "NUM") and is_word(token)


def is_word(token: Token) -> bool:
    return token.is_alpha or "-" in token.text


def opens_new_name(token: Token, preposition: Token) -> bool:
    """„Министерството към Община …“, „Факултетът на Софийския университет“: another organisation, not a complement."""
    if not token.text[0].isupper():
        return False
    head = next((each for each in token.doc[token.i : token.i + 4] if each.pos_ != "ADJ"), token)
    quoted = head.i + 1 < len(token.doc) and token.doc[head.i + 1].text in MARKS
    return preposition.lower_ == "към" or (bool(head_type(head)) and (quoted or not head.text.isupper()))


def noun_end(doc: Doc, start: int) -> int:
    """Behind the noun phrase that begins at `start`: adjectives, a noun, and the proper names right after it."""
    end = start
    while end < len(doc) and doc[end].pos_ in ("ADJ", "DET", "NUM") and is_word(doc[end]):
        end += 1
        if end + 1 < len(doc) and doc[end].lower_ in (",", "и") and joins_adjectives(doc, end):
            end += 1
    if end < len(doc) and is_nominal(doc[end]):
        end += 1
        while (
            end < len(doc)
            and doc[end].pos_ == "PROPN"
            and doc[end].text[0].isupper()
            and doc[end - 1].text[0].isupper()
        ):
            if doc[end].ent_type_ == "PER" or doc[end].is_sent_start:
                break
            end += 1
    return max(end, start + 1)


def joins_adjectives(doc: Doc, i: int) -> bool:
    """„музикално, танцово и изобразително изкуство“: the noun behind `i` has several adjectives of one form."""
    before, after = doc[i - 1], doc[i + 1]
    if before.pos_ != "ADJ" or after.pos_ != "ADJ" or before.morph.get("Gender", []) != after.morph.get("Gender", []):
        return False
    end = i + 1
    while end < len(doc) and (doc[end].pos_ == "ADJ" or doc[end].lower_ in (",", "и")):
        end += 1
    return (
        end < len(doc)
        and doc[end].pos_ == "NOUN"
        and doc[end].morph.get("Gender", []) == before.morph.get("Gender", [])
    )


def continues(doc: Doc, head: Token, end: int) -> bool:
    """Whether the conjunct behind „и“ or a comma belongs to the name: a lower-case noun without a verb or a new head.

    After a comma a later „и“ must close the list within reach („архитектура, строителство и геодезия“).
    """
    following = doc[end + 1]
    if not is_nominal(following) or following.text[0].isupper() or following.is_sent_start or doc[end].is_sent_start:
        return False
    after = noun_end(doc, end + 1)
    noun = doc[after - 1]
    if noun.pos_ != "NOUN" or PERSON_NOUN.search(noun.lower_) or head_types().get(noun.lemma_.lower()):
        return False
    if doc[end].text == ",":
        return after < len(doc) and doc[after].lower_ in ("и", ",") and continues(doc, head, after)
    definite_before = "Def" in doc[end - 1].morph.get("Definite", [])
    definite_after = any("Def" in token.morph.get("Definite", []) for token in doc[end + 1 : after])
    return definite_before == definite_after or noun.dep_ == "conj"


PERSON_NOUN = re.compile(
    r"(?:тел(?:ят|и|ите)?|(?:тор|ер|нт)ът|ник(?:ът|а)?|ници(?:те)?|ист(?:ът|и|ите)?|ори(?:те)?|ент(?:и|ите)|партньори?|граждани)$"
)


def company_names(doc: Doc) -> Iterator[Name]:
    """A quoted or capitalised name before a legal form: „„Волтар Моторс“ ООД“."""
    for quotation in quotations(text_of(doc)):
        if form := legal_forms().match(text_of(doc), quotation.end):
            inner = text_of(doc)[quotation.inner_start : quotation.inner_end]
            name = Name(
                quotation.start, form.end(), f"{inner} {form.group().strip()}", "company", BY_LEGAL_FORM, "legal_form"
            )
            name.aliases = {inner}
            yield name
    for match in re.finditer(r"(?<!\w)[A-ZА-Я][\w&-]*(?:\s[A-ZА-Я&][\w&-]*){0,3}(?=\s)", text_of(doc)):
        if form := legal_forms().match(text_of(doc), match.end()):
            yield Name(match.start(), form.end(), match.group() + form.group(), "company", BY_LEGAL_FORM, "legal_form")


def latin_names(doc: Doc) -> Iterator[Name]:
    """A run of capitalised Latin words with a telling one among them: „Balkan Cluster Network“."""
    table = toml("organizations.toml")["latin"]
    heads, others = frozenset(table["heads"]), frozenset(table["not_names"])
    for match in LATIN_NAME.finditer(text_of(doc)):
        words = set(re.findall(r"[^\W\d_]+", match.group()))
        if words & heads and not words & others and len(words) > 1:
            yield Name(match.start(), match.end(), re.sub(r"\s+", " ", match.group()), "", BY_HEAD, "latin")


LATIN_WORD = r"[A-ZÀ-ÞĀ-ſȘȚ][A-Za-zÀ-ɏ'’-]+"
LATIN_NAME = re.compile(
    rf"(?<![\w/]){LATIN_WORD}(?:(?:[^\S\r\n]|/)(?:(?:de|din|di|da|do|și|i|of|the|and|for|am|&|u)[^\S\r\n])*{LATIN_WORD}){{1,7}}"
    r"(?:[^\S\r\n][„“\"«][^„“”\"«»\n]{2,40}[“”\"»])?"
)


def model_names(doc: Doc) -> Iterator[Name]:
    """What the NER model takes for an organisation."""
    parts = [part for ent in doc.ents if ent.label_ == "ORG" for part in nested(ent)]
    for span in map(trimmed, map(latin_run, parts)):
        if span is not None and not is_other_name(span.text):
            end = with_town(text_of(doc), span.end_char)
            base = base_form(span) + text_of(doc)[span.end_char : end]
            name = Name(span.start_char, end, unquoted(base), head_type(span[0]), BY_MODEL, "ner")
            name.aliases = {base[q.inner_start : q.inner_end] for q in quotations(base) if " " in base[q.start : q.end]}
            yield name


def nested(ent: Span) -> list[Span]:
    """„Исторически факултет на СУ „Св. Климент Охридски““ is two organisations."""
    for token in ent[1:-1]:
        if token.lower_ in ("на", "към", "при") and opens_new_name(token.nbor(), token):
            return [ent.doc[ent.start : token.i], *nested(ent.doc[token.i + 1 : ent.end])]
    return [ent]


def is_other_name(name: str) -> bool:
    """Whether the model's organisation is rather a person, a place or an abbreviation of another kind."""
    words = name.strip(MARKS).split()
    person = len(words) > 1 and is_given(words[0]) and words[1][0].isupper() and not legal_forms().search(name)
    place = any(entry.weight > 1 for entry in gazetteer().get(name.strip(MARKS), ()))
    place = place or (words[0] == "Република" and " ".join(words[1:]) in gazetteer())
    shouted = len(words) == 1 and name.isupper() and (len(name) > 6 or name in NOT_NAMES["abbreviations"])
    return person or place or shouted or bool(re.fullmatch(r"[IVXХІ]+", name))


def latin_run(ent: Span) -> Span:
    """The entity with the Latin words around it: foreign names go on where the model stops."""
    if not LATIN.fullmatch(ent[0].text):
        return ent
    start, end, doc = ent.start, ent.end, ent.doc
    while end < len(doc) and LATIN.fullmatch(doc[end].text):
        end += 1
    while start > 0 and LATIN.fullmatch(doc[start - 1].text):
        start -= 1
    return doc[start:end]


def trimmed(ent: Span) -> Span | None:
    """The entity without what cannot belong to a name; None if nothing of one is left."""
    if "\n" in ent.text.strip() or not any(letter.isupper() for letter in ent.text):
        return None
    while len(ent) and ((ent[0].is_punct and ent[0].text not in MARKS) or ent[0].pos_ == "ADP"):
        ent = ent[1:]
    while len(ent) and ((ent[-1].is_punct and ent[-1].text not in MARKS + ")") or ent[-1].pos_ in ("ADP", "CCONJ")):
        ent = ent[:-1]
    held_in = next((n for n in range(2, len(ent)) if ent[n].text in MARKS and ent[n - 1].lower_ == "на"), 0)
    if held_in and ent[0].is_lower:  # „надзорния съвет на „Холсим““
        ent = ent[held_in:]
    ent = with_marks(ent)
    if not len(ent) or len(ent.text.strip(MARKS)) < 2:
        return None
    lower = {token.lemma_.lower() for token in takewhile(lambda token: token.pos_ != "ADP", ent)}
    single_common = len(ent) == 1 and ent[0].pos_ in ("NOUN", "ADJ", "PRON", "VERB") and not ent.text.isupper()
    if (
        lower & NOT_NAME_WORDS
        or base_form(ent).lower() in NOT_NAMES["phrases"]
        or single_common
        or not ent.text.strip(MARKS)[0].isupper()
    ):
        return None
    return ent


def unquoted(name: str) -> str:
    """Without the quotation marks around the whole name."""
    whole = next((q for q in quotations(name) if q.start == 0 and q.end == len(name)), None)
    return name[whole.inner_start : whole.inner_end] if isinstance(whole, Quotation) else name


def longest(names: list[Name]) -> list[Name]:
    """Names that do not overlap: the surest first, then the longest."""
    kept: list[Name] = []
    for name in sorted(names, key=lambda one: (one.rule == "ner", -(one.end - one.start), one.start)):
        if all(one.end <= name.start or name.end <= one.start for one in kept):
            kept.append(name)
    return sorted(kept, key=lambda one: one.start)


def plain(name: str) -> str:
    """What two forms of one name share: no case, quotes, punctuation, nor Latin letters in a Cyrillic word."""
    words = re.findall(r"\w+", name)
    return " ".join(word.translate(LOOK_ALIKES) if re.search("[а-я]", word) else word for word in words).lower()


def written_out(form: str) -> str:
    """A plain form with its first word written out, if that is an abbreviation everybody knows („обс дулово“); else nothing."""
    first, _, rest = form.partition(" ")
    long = vocabulary()["written_out"].get(first)
    return f"{long} {rest}".strip() if long is not None and rest else ""


def joined(names: list[Name]) -> list[Organization]:
    """One organisation for all names with a common form."""
    organizations: list[Organization] = []
    by_form: dict[str, Organization] = {}
    for name in names:
        forms = [plain(form) for form in (name.base, *sorted(name.aliases), name.abbreviation) if form]
        forms += [long for form in forms if (long := written_out(form))]
        if row := known().get(name.base):
            forms += [plain(row["name"]), plain(row["abbreviation"])]
        one = next((by_form[form] for form in forms if form in by_form), None)
        if one is None:
            one = Organization(name=name.base, type=name.type)
            organizations.append(one)
        one.type = one.type or name.type
        if one.name == one.abbreviation != name.base:
            one.name = name.base
        one.abbreviation = one.abbreviation or name.abbreviation or (row["abbreviation"] if row else "")
        one.country = one.country or (row["country"] if row else "")
        one.aliases |= {form for form in ({name.base, name.abbreviation} | name.aliases) if form and form != one.name}
        one.mentions.append(Mention(name.start, name.end, name.confidence, f"organizations.{name.rule}"))
        by_form |= dict.fromkeys(forms, one)
    return organizations


def shortened_joined(organizations: list[Organization]) -> list[Organization]:
    """Each organisation with those that are named after it in short."""
    kept = list(organizations)
    for one in organizations:
        long = in_full(one, [each for each in kept if each is not one])
        if long is not None:
            kept.remove(one)
            long.aliases |= {one.name, *one.aliases}
            long.mentions += one.mentions
    return kept


def in_full(one: Organization, others: list[Organization]) -> Organization | None:
    """The only organisation that „НТГ – Пловдив“ (initials) or „Областна администрация“ (no town) can stand for."""
    short = re.fullmatch(rf"({ABBREVIATION})(?:{TOWN_SUFFIX.pattern})?", one.name)
    if short and (long := by_initials(short.group(1), others)):
        long.abbreviation = long.abbreviation or short.group(1)
        return long
    if shorter := next((each for each in others if begins(each.name, one.name)), None):
        return shorter
    longer = [each for each in others if stands_for(one.name, each.name)]
    return longer[0] if len(longer) == 1 else None


def stands_for(short: str, long: str) -> bool:
    """Whether `short` is `long` without its town, its patron, its state, its generic word, or with its head in initials."""
    shortened = (without_town(long), without_patron(long), without_state(long), without_head(long))
    return short in shortened or abbreviated_head(short, long)


def without_state(name: str) -> str:
    """„Министерски съвет на Република България“ without the state; nothing where there is none."""
    stem = STATE_BEHIND.sub("", name)
    return stem if stem != name else ""


def without_head(name: str) -> str:
    """„Фонд ИГА“ without the generic word; nothing where no abbreviation follows one."""
    match = re.fullmatch(rf"[А-Я][а-я]+ ({ABBREVIATION})", name)
    return match.group(1) if match else ""


def abbreviated_head(short: str, long: str) -> bool:
    """„РБ „Проф. Боян Пенев““ for „Регионална библиотека „Проф. Б. Пенев““: one patron, and a head in initials."""
    (head, patron), (written, other) = patron_of(short), patron_of(long)
    return bool(patron) and patron == other and re.fullmatch(ABBREVIATION, head) is not None and written[:1] == head[:1]


def patron_of(name: str) -> tuple[str, str]:
    """What stands before the quotation at the end of a name, and the last word of that quotation."""
    last = quotations(name)[-1:]
    if not last or last[0].end < len(name):
        return name, ""
    words = plain(name[last[0].inner_start : last[0].inner_end]).split()
    return name[: last[0].start].strip(), words[-1] if words else ""


def without_patron(name: str) -> str:
    """„Русенски университет „Ангел Кънчев““ without the quoted name; nothing where there is none, or nothing else."""
    last = quotations(name)[-1:]
    bare = name[: last[0].start].strip() if last else ""
    return bare if " " in bare else ""


def begins(short: str, long: str) -> bool:
    """„Ирландско-българска търговска палата“ and the same with a complement that need not belong to it."""
    rest = long.removeprefix(short) if len(short.split()) >= LONG_NAME else long
    return rest != long and rest.startswith(" за ")


def without_town(name: str) -> str:
    """„Национална търговска гимназия – Пловдив“ without the town; nothing where there is none."""
    stem = re.sub(rf"(?:{TOWN_SUFFIX.pattern}|{TOWN_BEHIND.pattern})$", "", name)
    return stem if stem != name and with_town(name, len(stem)) == len(name) else ""


def by_initials(short: str, organizations: list[Organization]) -> Organization | None:
    """The one organisation whose words begin with these letters, which may be Latin look-alikes („KOOK“)."""
    letters = short.translate(LOOK_ALIKES)
    same = [one for one in organizations if len(short) > 2 and letters in initials(one.name)]
    return same[0] if len(same) == 1 else None


def initials(name: str) -> set[str]:
    """The first letters of a name's words, with and without the small ones („и“, „за“)."""
    words = re.findall(r"[^\W\d_]+", name)
    return {
        "".join(word[0] for word in chosen).upper()
        for chosen in (words, [w for w in words if len(w) > 2 and w.lower() not in ("над", "при", "към", "със", "под")])
    }


def add_abbreviations(text: str, organizations: list[Organization], names: list[Name]) -> None:
    """Bare abbreviations: of the organisations found, and well-known ones."""
    by_abbreviation = {one.abbreviation: one for one in organizations if one.abbreviation}
    for match in BARE.finditer(text):
        short = match.group()
        if any(name.start < match.end() and match.start() < name.end for name in names):
            continue
        one = by_abbreviation.get(short) or by_initials(short, organizations)
        row = known().get(short)
        if one is None and row is not None and short == row["abbreviation"]:
            one = next((each for each in organizations if plain(each.name) == plain(row["name"])), None)
            if one is None:
                one = Organization(name=short, aliases={row["name"]}, type=row["type"], country=row["country"])
                organizations.append(one)
            one.abbreviation = one.abbreviation or short
            by_abbreviation[short] = one
        if one is not None:
            one.aliases.add(short)
            one.mentions.append(Mention(match.start(), match.end(), BY_LIST, "organizations.abbreviation"))
    for one in organizations:
        one.mentions.sort(key=lambda mention: mention.start_char)
