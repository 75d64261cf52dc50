"""Position phrases: a head noun with its adjectives and complements, up to the organisation it is held in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from spacy.tokens import Doc, Token

from letopis.base_form import base_form
from letopis.extractors.organizations import is_nominal, noun_end
from letopis.findings import Findings, Organization
from letopis.vocabulary import toml

COMPLEMENT = {"на", "за", "по", "към", "при", "в", "във", "от", "с", "със"}
ONLY_BEFORE_ORGANIZATION = {"в", "във", "при", "от", "към", "с", "със"}
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


@cache
def heads() -> frozenset[str]:
    return frozenset(toml("positions.toml")["heads"])


@cache
def functions_only() -> frozenset[str]:
    return frozenset(toml("positions.toml")["functions_only"])


def positions_in(doc: Doc, found: Findings) -> list[Position]:
    """The position phrases of the document in order, none inside another or inside a name."""
    organizations = {m.start_char: (m.end_char, one) for one in found.organizations for m in one.mentions}
    names = [(m.start_char, m.end_char) for one in (*found.organizations, *found.persons) for m in one.mentions]
    positions: list[Position] = []
    for token in doc:
        if not is_head(token) or any(start <= token.idx < end for start, end in names):
            continue
        if positions and token.idx < positions[-1].end:
            continue
        positions.append(position_of(token, organizations, found))
    return positions


def is_head(token: Token) -> bool:
    lemma = COMPOUND.sub("", token.lemma_.lower())
    return token.pos_ in ("NOUN", "PROPN", "ADJ") and (lemma in heads() or COMPOUND.sub("", token.lower_) in heads())


def position_of(head: Token, organizations: dict[int, tuple[int, Organization]], found: Findings) -> Position:
    doc, start, end = head.doc, head.i, head.i + 1
    while start > 0 and belongs_before(doc[start - 1]):
        start -= 1
    organization, full_end = None, doc[end - 1].idx + len(doc[end - 1])
    while end < len(doc) - 1 and not doc[end].is_sent_start:
        word, following = doc[end], doc[end + 1]
        if word.lower_ in COMPLEMENT and following.idx in organizations:
            full_end, organization = organizations[following.idx]
            break
        if word.lower_ in ("на", "към", "в") and (named := meant(following, found)) is not None:
            full_end, organization = following.idx + len(following), named
            break
        abstract = word.lower_ in ("в", "във") and bool(ABSTRACT.search(following.lower_))
        if ((word.lower_ in COMPLEMENT - ONLY_BEFORE_ORGANIZATION or abstract) and is_nominal(following)) or (
            word.lower_ == "и" and end > head.i + 1 and is_nominal(following) and continues(following)
        ):
            end = noun_end(doc, end + 1)
        elif end == head.i + 1 and word.idx in organizations and word.idx - full_end <= 1:
            full_end, organization = organizations[word.idx]
            break
        else:
            break
        full_end = doc[end - 1].idx + len(doc[end - 1])
    span = doc[start:end]
    base = base_form(span, "singular")
    base = base[:1].lower() + base[1:] if not base[:2].isupper() else base
    plural = "Plur" in head.morph.get("Number", [])
    return Position(
        span.start_char, span.end_char, max(full_end, span.end_char), base, plural, organization,
        head.lemma_.lower() in functions_only() and len(span) == 1,
    )  # fmt: skip


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
    if noun not in toml("positions.toml")["anaphora"] or not token.text.islower() or noun == token.lower_:
        return None
    before = [
        (mention.start_char, one)
        for one in found.organizations
        for mention in one.mentions
        if mention.start_char < token.idx and noun[:6] in f"{one.name} {' '.join(one.aliases)}".lower()
    ]
    return max(before, key=lambda pair: pair[0])[1] if before else None
