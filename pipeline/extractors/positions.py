"""Position phrases: a head noun with its adjectives and complements, up to the organisation it is held in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from spacy.tokens import Doc, Span, Token

from letopis.base_form import base_form
from letopis.clauses import DEFINITE
from letopis.cues import slot_spans
from letopis.extractors.organizations import is_nominal, noun_end
from letopis.extractors.persons import titles
from letopis.findings import Findings, Organization, text_of
from letopis.quotes import MARKS
from letopis.vocabulary import toml

COMPLEMENT = {"на", "за", "по", "към", "при", "в", "във", "от", "с", "със"}
ONLY_BEFORE_ORGANIZATION = {"в", "във", "при", "от", "към", "с", "със"}
ANAPHORIC = {"на", "към", "в"}
ABSTRACT = re.compile(r"(?:ието|ията|ството|остта|областта|сферата)$")  # „експерт в развитието на …“
COMPOUND = re.compile(r"^(?:зам|заместник|вице|съ|главен|генерален|арт|пиар|PR|уеб|министър)[.-]*-", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Position:
    """A position phrase. `start:end` is the position without its organisation, `full_end` lies behind both."""

    start: int
    end: int
    full_end: int
    base: str
    plural: bool
    organization: Organization | None
    function_only: bool
    indefinite: bool


@cache
def heads() -> frozenset[str]:
    return frozenset(toml("positions.toml")["heads"])


@cache
def functions_only() -> frozenset[str]:
    return frozenset(toml("positions.toml")["functions_only"])


def positions_in(doc: Doc, found: Findings) -> list[Position]:
    """The position phrases of the document in order, none inside another or inside a name.

    They are what the pipeline takes for positions, and the phrases around known head nouns.
    """
    organizations = {m.start_char: (m.end_char, one) for one in found.organizations for m in one.mentions}
    names = [(m.start_char, m.end_char) for one in (*found.organizations, *found.persons) for m in one.mentions]
    spans = (span for span in slot_spans(doc, "POSITION") if not within(span[0], names))
    cued = {
        span.start: span
        for span in spans
        if any(token.pos_ in ("NOUN", "PROPN") and not is_title(token) for token in span)
    }
    positions: list[Position] = []
    for token in doc:
        if positions and token.idx < positions[-1].end:
            continue
        if token.i in cued:
            positions.append(position_of(completed(cued[token.i], organizations, found), organizations, found))
        elif is_head(token) and not within(token, names):
            positions.append(position_of(phrase_around(token, organizations, found), organizations, found))
    return positions


def completed(span: Span, organizations: dict[int, tuple[int, Organization]], found: Findings) -> Span:
    """A position that the pipeline has cut short, „кмет“, „посланик на“, with its complement; an organisation is none."""
    doc, cut = span.doc, span[:-1] if len(span) > 1 and span[-1].lower_ in COMPLEMENT else span
    # „заместник министър“
    if len(cut) == 1 and belongs_before(cut[0]) and cut.end < len(doc) and is_head(doc[cut.end]):
        return doc[cut.start : phrase_around(doc[cut.end], organizations, found).end]
    if (head := next((token for token in reversed(cut) if is_head(token)), None)) is not None:
        whole = phrase_around(head, organizations, found)
        if whole.end > cut.end and names_person(doc, whole.end, found):
            return doc[cut.start : whole.end]
    if cut.end + 1 >= len(doc) or doc[cut.end].lower_ not in COMPLEMENT - ONLY_BEFORE_ORGANIZATION:
        return cut
    following = doc[cut.end + 1]
    of_organization = following.idx in organizations or meant(following, found) is not None
    if of_organization or following.is_sent_start or not is_nominal(following):
        return cut
    if place := next((m for one in found.places for m in one.mentions if m.start_char == following.idx), None):
        return doc.char_span(cut.start_char, place.end_char, alignment_mode="expand") or cut
    end = noun_end(doc, cut.end + 1)
    return doc[cut.start : end] if len(cut) < len(span) or names_person(doc, end, found) else cut


def names_person(doc: Doc, i: int, found: Findings) -> bool:
    """Whether a person's name begins at `i`, behind titles: „кметът на общината инж. Иван Петров“."""
    while i < len(doc) and (doc[i].lower_ in titles() or doc[i].text == "."):
        i += 1
    return i < len(doc) and any(m.start_char == doc[i].idx for one in found.persons for m in one.mentions)


def is_title(token: Token) -> bool:
    """An honorific or a degree: no position („чл.-кор.“, „г-жа“), but some positions are titles before a name („съдия“)."""
    return token.lower_ in titles() and not is_head(token)


def within(token: Token, names: list[tuple[int, int]]) -> bool:
    return any(start <= token.idx < end for start, end in names)


def is_head(token: Token) -> bool:
    lemma = COMPOUND.sub("", token.lemma_.lower())
    return token.pos_ in ("NOUN", "PROPN", "ADJ") and (lemma in heads() or COMPOUND.sub("", token.lower_) in heads())


def phrase_around(head: Token, organizations: dict[int, tuple[int, Organization]], found: Findings) -> Span:
    """A position by its head noun: with its adjectives and those complements that are no organisation."""
    doc, start, end = head.doc, head.i, head.i + 1
    while start > 0 and belongs_before(doc[start - 1]):
        start -= 1
    while end < len(doc) - 1 and not doc[end].is_sent_start:
        word, following = doc[end], doc[end + 1]
        if following.idx in organizations or (word.lower_ in ANAPHORIC and meant(following, found) is not None):
            break
        abstract = word.lower_ in ("в", "във") and bool(ABSTRACT.search(following.lower_))
        if ((word.lower_ in COMPLEMENT - ONLY_BEFORE_ORGANIZATION or abstract) and is_nominal(following)) or (
            word.lower_ == "и" and end > head.i + 1 and is_nominal(following) and continues(following)
        ):
            end = noun_end(doc, end + 1)
        else:
            break
    return doc[start:end]


def position_of(span: Span, organizations: dict[int, tuple[int, Organization]], found: Findings) -> Position:
    """The position of these tokens, with the organisation behind it."""
    organization, full_end = organization_behind(span, organizations, found)
    base = base_form(span, "singular")
    base = base[:1].lower() + base[1:] if not base[:2].isupper() else base
    head = next((token for token in span if token.pos_ == "NOUN"), span[0])
    plural = "Plur" in head.morph.get("Number", [])
    only = len(span) == 1 and head.lemma_.lower() in functions_only()
    indefinite = span.text.islower() and not DEFINITE.search(span[0].lower_)
    return Position(span.start_char, span.end_char, full_end, base, plural, organization, only, indefinite)


def organization_behind(
    span: Span, organizations: dict[int, tuple[int, Organization]], found: Findings
) -> tuple[Organization | None, int]:
    """The organisation that the position is held in, and where its name ends; else nothing and the position's end."""
    doc, end = span.doc, span.end
    if end < len(doc) - 1 and not doc[end].is_sent_start:
        word, following = doc[end], doc[end + 1]
        inside = organizations.get(doc[end + 2].idx) if following.is_quote and end + 2 < len(doc) else None
        if word.lower_ in COMPLEMENT and (named := organizations.get(following.idx) or inside):
            stop, organization = named
            return organization, stop + (text_of(doc)[stop : stop + 1] in {*MARKS})
        if word.idx in organizations and word.idx - span.end_char <= 1:
            stop, organization = organizations[word.idx]
            return organization, stop
        if word.lower_ in ANAPHORIC and (one := meant(following, found)) is not None:
            return one, following.idx + len(following)
    return implied(span, found), span.end_char


def implied(span: Span, found: Findings) -> Organization | None:
    """The one organisation of the report in which alone there is such a position: „кметът“, „зам.-ректорът“."""
    if any(token.pos_ == "PROPN" for token in span):  # „кметът на Айтос“
        return None
    base = COMPOUND.sub("", base_form(span, "singular").lower())
    for position, name in toml("positions.toml")["implied_by_name"].items():
        if base.startswith(position):
            named = [one for one in found.organizations if one.name.startswith(name)]
            return named[0] if len(named) == 1 else None
    lemmas = {COMPOUND.sub("", token.lemma_.lower()) for token in span}
    for kind, heads_of_kind in toml("positions.toml")["implied"].items():
        if lemmas & set(heads_of_kind):
            fitting = [one for one in found.organizations if one.type == kind]
            return fitting[0] if len(fitting) == 1 else None
    return None


def belongs_before(token: Token) -> bool:
    """Adjectives and abbreviated parts before the head: „изпълнителен“, „зам.“, „главен“."""
    if token.lower_ in toml("positions.toml")["prefixes"]:
        return True
    after_break = token.i == 0 or token.nbor(-1).is_punct  # a capital letter there is no part of a name
    return token.pos_ == "ADJ" and token.is_alpha and (token.text.islower() or after_break)


def continues(token: Token) -> bool:
    return token.text.islower() and not is_head(token) and token.pos_ in ("NOUN", "ADJ")


def meant(token: Token, found: Findings) -> Organization | None:
    """The organisation that „фондацията“ or „общината“ stands for: the last named one with such a head."""
    noun = base_form(token.doc[token.i : token.i + 1]).lower()
    if noun not in toml("positions.toml")["anaphora"] or token.text.isupper() or noun == token.lower_:
        return None
    before = [
        (mention.start_char, one)
        for one in found.organizations
        for mention in one.mentions
        if mention.start_char < token.idx and noun[:6] in f"{one.name} {' '.join(one.aliases)}".lower()
    ]
    return max(before, key=lambda pair: pair[0])[1] if before else None
