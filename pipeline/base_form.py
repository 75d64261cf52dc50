"""Base forms of Bulgarian noun phrases: the article off the head and off what agrees with it.

The article is a suffix of the first word that can bear it (Граматика на съвременния български книжовен език, vol. 2,
§ 138 ff.), mostly an adjective; taking it off gives back what it had hidden: „аграрния“ is „аграрен“, „музея“ „музей“.
"""

from __future__ import annotations

import re
from typing import Literal

from spacy.tokens import Span, Token

from letopis.vocabulary import toml

MODIFIERS = {"ADJ", "DET", "NUM"}
RELATIONAL = re.compile(r"(?:ск|шк|цк|чк|зк)(?:ият?|ата|ото|ите)$", re.IGNORECASE)  # adjectives, whatever their tag
SOFT_STEM = re.compile(r"(?:ск|шк|цк|чк|жк|зк)$", re.IGNORECASE)
FLEETING_E = re.compile(r"(?<=[бвгджзйклмнпрстфхцчшщ])н$", re.IGNORECASE)
FLEETING_A = re.compile(r"(?<=[бпдтгкзс])(?=[рл]$)", re.IGNORECASE)
VOWEL = "аеиоуъюя"
DEFINITE_NOUN = re.compile(
    r"(?:ството|ията|ището|ението|остта|\w\w[^аеиоу]ът|(?:итет|ултет|абинет|вирус)[аъ]т?|ците|ките|съветът?|съвета)$",
    re.IGNORECASE,
)
NOT_MASCULINE = re.compile(r"(?:ството|ията|ището|ението|остта|ците|ките)$", re.IGNORECASE)


def base_form(span: Span, number: Literal["keep", "singular"] = "keep") -> str:
    """The indefinite form of the noun phrase `span`: „Министерството на туризма“ → „Министерство на туризма“.

    Only the head noun and what agrees with it before it change; `number="singular"` also makes a plural head singular
    („кметовете“ → „кмет“). White space becomes single blanks.
    """
    words = toml("base_forms.toml")
    if span.text in words["with_article"]:
        return span.text
    if spelled := words["spelling"].get(span.text.lower()):
        return str(spelled)
    tokens = [token for token in span if not token.is_space]
    head = next((n for n, token in enumerate(tokens) if token.pos_ not in MODIFIERS), len(tokens) - 1)
    plural = number == "singular" and "Plur" in tokens[head].morph.get("Number", [])
    pieces = []
    for n, token in enumerate(tokens):
        form = token.text
        if n <= head and re.fullmatch(r"[А-я.-]*[А-я]", form):
            form = singular(token) if plural else without_article(token, is_noun=n == head)
        pieces.append(form + (" " if n < len(tokens) - 1 and tokens[n + 1].idx > token.idx + len(token) else ""))
    return re.sub(r"\s+", " ", "".join(pieces)).strip()


def singular(token: Token) -> str:
    """The lemma of a plural word, in the case of the text."""
    return in_case_of(token.text, token.lemma_.split("-(")[0])


def in_case_of(form: str, lemma: str) -> str:
    if form.isupper() and len(form) > 1:
        return lemma.upper()
    return lemma[:1].upper() + lemma[1:] if form[:1].isupper() else lemma[:1].lower() + lemma[1:]


def without_article(token: Token, is_noun: bool) -> str:
    """The word without its article; as it is where it bears none."""
    form = token.text
    if not is_noun or RELATIONAL.search(form):
        return form if "Ind" in token.morph.get("Definite", []) else adjective_without_article(form)
    definite = "Def" in token.morph.get("Definite", []) and form.lower() != token.lemma_.lower()
    is_abbreviation = form.isupper() and len(form) > 1
    return (
        noun_without_article(form, token) if (definite or DEFINITE_NOUN.search(form)) and not is_abbreviation else form
    )


def adjective_without_article(form: str) -> str:
    """„аграрния“ → „аграрен“, „българския“ → „български“, „държавната“ → „държавна“, „обединените“ → „обединени“."""
    lower = form.lower()
    for ending, kept in (("ата", 1), ("ята", 1), ("ото", 1), ("ето", 1), ("ите", 1)):
        if lower.endswith(ending) and len(form) > 4:
            return form[: len(form) - len(ending) + kept]
    for ending in ("ият", "ия"):
        if lower.endswith(ending) and len(form) > len(ending) + 2:
            return masculine(form[: -len(ending)])
    return form


def masculine(stem: str) -> str:
    """The indefinite masculine of an adjective's stem."""
    if stem.isupper():
        return masculine(stem.lower()).upper()
    irregular = toml("base_forms.toml")["masculine"].get(stem.lower())
    if irregular:
        return in_case_of(stem, irregular)
    if SOFT_STEM.search(stem):
        return stem + "и"
    if re.search(r"[аеиоуъюя]н$", stem.lower()) or re.search(r"ч$", stem.lower()):
        return stem
    stem = FLEETING_E.sub("ен", stem)
    return FLEETING_A.sub("ъ", stem)


def noun_without_article(form: str, token: Token) -> str:
    """„съюза“ → „съюз“, „музея“ → „музей“, „комисията“ → „комисия“, „областта“ → „област“, „общините“ → „общини“."""
    lower = form.lower()
    if lower.endswith("та") and lower[:-1] == token.lemma_.lower():  # „демократа“ is no feminine
        return form[:-1]
    if lower.endswith(("ът", "ят")) and len(form) > 4:
        return restore_short_i(form[:-2], lower[-2])
    gender = token.morph.get("Gender", [] if NOT_MASCULINE.search(form) else ["Masc"])
    masculine_noun = "Masc" in gender and "Plur" not in token.morph.get("Number", [])
    if lower.endswith("ета"):  # „факултета“: no feminine article stands behind е
        return form[:-1]
    if lower.endswith(("та", "то", "те")) and len(form) > 4 and not (masculine_noun and not lower.endswith("ията")):
        return form[:-2]
    if lower.endswith(("а", "я")) and masculine_noun:
        return restore_short_i(form[:-1], lower[-1])
    return form


def restore_short_i(stem: str, vowel: str) -> str:
    """A masculine noun in -й writes its article with я: „музея“."""
    return stem + "й" if vowel == "я" and stem[-1:].lower() in VOWEL else stem


def capitalised(name: str) -> str:
    """The name with a capital first letter."""
    return name[:1].upper() + name[1:]
