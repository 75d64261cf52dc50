"""Readers of the data that train and measure a pipeline: BulTreeBank, SlavicNER, our own annotated reports."""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice, takewhile
from pathlib import Path
from typing import Any

from spacy.tokens import Token
from spacy.vocab import Vocab

from letopis.quotes import MARKS, with_marks
from letopis.tokenizer import BulgarianTokenizer

TREEBANK = "ud_btb/bg_btb-ud-{split}.conllu"
TAGGED = "btb_morphology/btb_morphology.tsv"
FORMS = "lexicon/forms.tsv.gz"
CLOSING = (".", ",", ":", ";", "!", "?", "...", ")", "]", "%", "”", "»")
OPENING = ("(", "[", "„", "«")
TOKEN = re.compile(r"\w+|[^\w\s]")
DEGREES = {"по-": "Cmp", "най-": "Sup"}
GENDERS = {"Мъжки": "m", "Женски": "f", "Среден": "n"}
NUMBERS = {"Единствено": "s", "Множествено": "p"}
ARTICLES = {"Кратък": "h", "Пълен": "f", "Има": "d"}


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a treebank; `head` counts from 1 within the sentence, 0 is the root, None unknown; `feats` "" for none."""

    form: str
    lemma: str
    upos: str
    xpos: str
    feats: str
    head: int | None
    deprel: str
    space_after: bool


Sentence = tuple[Word, ...]


def treebank(data: Path, split: str) -> list[Sentence]:
    """The sentences of BulTreeBank's `train`, `dev` or `test` part. Raises OSError if the file is not there."""
    text = (data / TREEBANK.format(split=split)).read_text(encoding="utf-8")
    blocks = (block.splitlines() for block in text.split("\n\n") if block.strip())
    return [tuple(word_of(line) for line in lines if line[:1].isdigit()) for lines in blocks]


def word_of(line: str) -> Word:
    _, form, lemma, upos, xpos, feats, head, deprel, _, misc = line.split("\t")
    return Word(form, lemma, upos, xpos, feats.strip("_"), int(head), deprel, "SpaceAfter=No" not in misc)


def tagged(data: Path, known: Sequence[Sentence]) -> list[Sentence]:
    """BulTreeBank's sentences outside UD and outside `known`: form, lemma, tag; the rest follows from `known`.

    Empty where the data folder lacks them.
    """
    path = data / TAGGED
    if not path.is_file():
        return []
    seen = {forms_of(sentence) for sentence in known}
    upos_feats = upos_feats_by_tag(known)
    found = []
    for block in path.read_text(encoding="utf-8").split("\n\n"):
        rows = [line.split("\t") for line in block.splitlines()]
        if rows and all(len(row) == 3 and row[2] in upos_feats for row in rows):
            words = tuple(tagged_word(row[0], row[1], row[2], upos_feats) for row in without_doubled_stop(rows))
            if forms_of(words) not in seen:
                found.append(with_spaces(words))
    return found


def without_doubled_stop(rows: list[list[str]]) -> list[list[str]]:
    """„г.“ at the end of a sentence is followed by a full stop of its own there; in writing it is not."""
    return rows[:-1] if len(rows) > 1 and rows[-1][0] == "." and rows[-2][0].endswith(".") else rows


def inflected(data: Path) -> dict[str, list[tuple[str, str]]]:
    """The nouns and adjectives of the forms lexicon: for each of BulTreeBank's tags the forms that bear it, with their lemmas.

    Empty where the data folder lacks the lexicon.
    """
    path = data / FORMS
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    if path.is_file():
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for form, lemma, lexeme, inflection, _ in (
                line.rstrip("\n").split("\t") for line in islice(lines, 1, None)
            ):
                if (tag := nominal_tag(lexeme, inflection)) and form.isalpha() and form.islower():
                    found[tag].append((form, lemma))
    return found


def nominal_tag(lexeme: str, inflection: str) -> str | None:
    """BulTreeBank's tag of a noun or an adjective that the lexicon describes in such words as „Род=Мъжки|Член=Пълен“.

    Source: the tag set of BulTreeBank (Simov, Osenova and Slavcheva 2004); None for every other word.
    """
    words = dict(part.split("=") for part in f"{lexeme}|{inflection}".split("|"))
    kind = {"Съществително име": "Nc", "Прилагателно име": "A"}.get(words.get("Част на речта", ""))
    if kind is None or "Означава" in words or (kind == "Nc" and "Род" not in words):
        return None
    gender = GENDERS.get(words.get("Род", ""), "-")
    if words.get("Форма") == "Бройна":
        return f"Nc{gender}t"
    if "Число" not in words:
        return None
    return f"{kind}{gender}{NUMBERS[words['Число']]}{ARTICLES.get(words.get('Член', ''), 'i')}"


def forms_of(sentence: Sentence) -> tuple[str, ...]:
    return tuple(word.form for word in sentence)


def upos_feats_by_tag(known: Sequence[Sentence]) -> dict[str | tuple[str, str], tuple[str, str]]:
    """The commonest universal tag and features of each tag with a lemma, and of each tag alone."""
    counts: dict[str | tuple[str, str], Counter[tuple[str, str]]] = defaultdict(Counter)
    for sentence in known:
        for word in sentence:
            counts[word.xpos, word.lemma][word.upos, word.feats] += 1
            counts[word.xpos][word.upos, word.feats] += 1
    return {key: counter.most_common(1)[0][0] for key, counter in counts.items()}


def tagged_word(form: str, lemma: str, tag: str, upos_feats: dict[str | tuple[str, str], tuple[str, str]]) -> Word:
    upos, feats = upos_feats.get((tag, lemma)) or upos_feats[tag]
    for prefix, degree in DEGREES.items():
        if form.lower().startswith(prefix):
            feats = feats.replace("Degree=Pos", f"Degree={degree}")
    return Word(form, lemma, upos, tag, feats, None, "", True)


def with_spaces(sentence: Sentence) -> Sentence:
    """The sentence written as usual: no space before a comma or inside brackets and quotation marks."""
    words, quoted = [], False
    for word, following in zip(sentence, (*sentence[1:], None), strict=True):
        opens = word.form in OPENING or (word.form == '"' and not quoted)
        quoted ^= word.form == '"'
        closes = following is not None and (following.form in CLOSING or (following.form == '"' and quoted))
        words.append(replace(word, space_after=not (opens or closes)))
    return tuple(words)


def text_of(sentences: Sequence[Sentence]) -> str:
    """The sentences as running text, one space between them."""
    return " ".join("".join(word.form + " " * word.space_after for word in sentence).strip() for sentence in sentences)


@dataclass(frozen=True, slots=True)
class NamedEntity:
    """`text[start:end]` is a mention; `lemma` its base form as the annotators gave it."""

    start: int
    end: int
    label: str
    lemma: str


def slavicner(data: Path, split: str) -> Iterator[tuple[str, list[NamedEntity]]]:
    """The Bulgarian documents of SlavicNER's split (`cross-topic_train` …), each with its text and mentions.

    Raises OSError if a file is not there.
    """
    folder = data / "slavicner"
    for name in (folder / f"{split}.txt").read_text(encoding="utf-8").split():
        raw = folder / name
        table = folder / "ner" / Path(name).relative_to("raw").with_suffix(".tsv")
        rows = (line.split("\t") for line in table.read_text(encoding="utf-8").splitlines() if line)
        mentions = [NamedEntity(int(row[0]), int(row[1]), row[4], row[3]) for row in rows]
        yield raw.read_bytes().decode("utf-8"), mentions


@dataclass(frozen=True, slots=True)
class Actor:
    """Where a person or an organisation stands in a report, as (start, end), and what it did at the main event.

    `organizations` are the places in the report's list of actors of those that a person belongs to.
    """

    mentions: list[tuple[int, int]]
    functions: frozenset[str]
    is_person: bool
    organizations: frozenset[int]


@dataclass(frozen=True, slots=True)
class Contribution:
    """Where the title of a talk stands, as (start, end), and the place of its speaker in the list of actors."""

    title: tuple[int, int]
    speaker: int


@dataclass(frozen=True, slots=True)
class AnnotatedReport:
    """A report of our own corpus: names, and what fills the slots `POSITION`, `VENUE`, `TALK` and `TOPIC`."""

    name: str
    text: str
    names: list[NamedEntity]
    slots: list[NamedEntity]
    actors: list[Actor]
    talks: list[Contribution]


def held_out(folder: Path) -> set[str]:
    """The names in `folder/held_out.txt`: reports that nothing may be trained on."""
    path = folder / "held_out.txt"
    return set(path.read_text(encoding="utf-8").split()) if path.is_file() else set()


def annotated_reports(folder: Path) -> Iterator[AnnotatedReport]:
    """The reports of `folder/reports` with the annotations of `folder/gold`, aligned to their texts.

    Raises OSError if a file is not there.
    """
    tokenizer = BulgarianTokenizer(Vocab())
    for path in sorted((folder / "gold").glob("*.json")):
        gold = json.loads(path.read_text(encoding="utf-8"))
        text = (folder / "reports" / f"{path.stem}.txt").read_bytes().decode("utf-8-sig")
        words = [token for token in tokenizer(text) if not token.is_space]
        kinds = {"persons": "PER", "organizations": "ORG", "places": "LOC"}
        forms = [
            (form, label, entity["name"])
            for table, label in kinds.items()
            for entity in gold[table]
            for form in (entity["name"], *entity["aliases"])
        ] + [(event["name"], "EVT", event["name"]) for event in gold["events"]]
        names = longest(found for form in forms for found in places_of(words, *form))
        slots = longest(found for form in slot_fillers(gold) for found in places_of(words, *form))
        actors = actors_of(gold, names)
        yield AnnotatedReport(path.stem, text, names, slots, [*actors.values()], talks_of(gold, slots, [*actors]))


def slot_fillers(gold: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """The surface or base form, the label and the base form of each slot that the annotation fills."""
    fillers = [
        *((event["venue"], "VENUE") for event in gold["events"]),
        *((role["position"], "POSITION") for role in gold["roles"]),
        *((talk["title"], "TALK") for talk in gold["talks"]),
        *((topic, "TOPIC") for topic in gold["topics"]),
    ]
    return ((form, label, form) for form, label in fillers if form)


def actors_of(gold: dict[str, Any], names: list[NamedEntity]) -> dict[str, Actor]:
    """Every person and organisation of the annotation that its text names, by name."""
    mentions: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for name in names:
        if name.label in ("PER", "ORG"):
            mentions[name.lemma].append((name.start, name.end))
    persons = {person["name"] for person in gold["persons"]}
    base_form = base_forms(gold)
    place = {name: number for number, name in enumerate(mentions)}
    functions: dict[str, set[str]] = {name: set() for name in mentions}
    organizations: dict[str, set[int]] = {name: set() for name in mentions}
    for role in gold["roles"]:
        actor, organization = base_form[role["actor"]], base_form.get(role["organization"] or "")
        if actor in mentions:
            functions[actor] |= set(role["functions"])
            organizations[actor] |= {place[organization]} if organization in place else set()
    return {
        name: Actor(mentions[name], frozenset(functions[name]), name in persons, frozenset(organizations[name]))
        for name in mentions
    }


def talks_of(gold: dict[str, Any], slots: list[NamedEntity], actors: list[str]) -> list[Contribution]:
    """The talks whose title and speaker the text holds."""
    base_form = base_forms(gold)
    return [
        Contribution((slot.start, slot.end), actors.index(speaker))
        for talk in gold["talks"]
        for slot in slots
        if slot.label == "TALK" and slot.lemma == talk["title"] and (speaker := base_form[talk["speaker"]]) in actors
    ]


def base_forms(gold: dict[str, Any]) -> dict[str, str]:
    """The base form of each name and alias of a person or an organisation."""
    return {
        form: entity["name"]
        for table in ("persons", "organizations")
        for entity in gold[table]
        for form in (entity["name"], *entity["aliases"])
    }


def places_of(words: list[Token], form: str, label: str, lemma: str) -> Iterator[NamedEntity]:
    """Where `form` stands among the words of a text, in any inflection, whatever its quotation marks."""
    wanted = [part for part in TOKEN.findall(form) if part not in MARKS]
    kept = [token for token in words if token.text not in MARKS]
    parts = [part for token in kept for part in TOKEN.findall(token.text)]
    token_of = [token for token in kept for _ in TOKEN.findall(token.text)]
    for start in range(len(parts) - len(wanted) + 1):
        if wanted and all(same_word(*pair) for pair in zip(parts[start:], wanted, strict=False)):
            first, last = token_of[start], token_of[start + len(wanted) - 1]
            span = with_marks(first.doc[first.i : last.i + 1])
            yield NamedEntity(span.start_char, span.end_char, label, lemma)


def same_word(one: str, other: str) -> bool:
    """Whether two words differ in their endings at most."""
    one, other = one.casefold(), other.casefold()
    shared = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
    return one == other or (
        min(len(one), len(other)) > 3
        and abs(len(one) - len(other)) < 5
        and shared >= max(4, min(len(one), len(other)) - 3)
    )


def longest(found: Iterable[NamedEntity]) -> list[NamedEntity]:
    """The longer of two that overlap, in the order of the text."""
    kept: list[NamedEntity] = []
    for one in sorted(found, key=lambda one: (one.start - one.end, one.start, one.label)):
        if all(one.end <= other.start or other.end <= one.start for other in kept):
            kept.append(one)
    return sorted(kept, key=lambda one: one.start)
