"""Training windows: rows of words with what the annotators said of each, and their way into tensors."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch
from spacy.tokens import Doc
from spacy.vocab import Vocab
from torch import Tensor

from letopis.corpora import AnnotatedReport, NamedEntity, Sentence, slavicner
from letopis.cues import FUNCTIONS, LINKS, SLOTS
from letopis.encoder import LETTERS_BEGIN, LETTERS_END, Classes, Layout, Letters, Pieces
from letopis.lemma_scripts import lemma_script
from letopis.tokenizer import BulgarianTokenizer
from letopis.training.network import PAD
from letopis.transliteration import to_latin

Inflected = Mapping[str, Sequence[tuple[str, str]]]  # for each tag the forms that bear it, with their lemmas

IGNORED = -100
UNLIKE_LEXICON = ("Degree=Cmp", "Degree=Sup", "Case=")  # the forms lexicon has no such forms
RARE_LETTER = 20  # occurrences
NAMES = ("EVT", "LOC", "ORG", "PER", "PRO")
QUOTES = (("„", "“"), ("„", "”"), ("“", "”"), ("«", "»"), ('"', '"'))


@dataclass(frozen=True, slots=True)
class Row:
    """One word of a window. `head` is an index into the window or `ROOT`; None is what nobody annotated."""

    form: str
    spaced: bool
    after_break: bool = False
    tag: str | None = None
    lemma: str | None = None
    head: int | None = None
    label: str | None = None
    starts: bool | None = None
    name: str | None = None
    slot: str | None = None
    actor: int | None = None  # its number within the report
    talk: int | None = None  # the number of the talk that the word is the title of


ROOT = -1


def classes_of(sentences: Iterable[Sentence]) -> Classes:
    """Every tag and label of the treebank, every lemma script seen twice, every letter seen often; the rest is fixed."""
    words = [word for sentence in sentences for word in sentence]
    letters = Counter(letter for word in words for letter in word.form)
    scripts = Counter(lemma_script(word.form, word.lemma) for word in words)
    return Classes(
        tags=sorted({f"{word.upos}|{word.xpos}|{word.feats}" for word in words}),
        lemmas=sorted(script for script, count in scripts.items() if count > 1),
        labels=sorted({word.deprel for word in words if word.deprel}),
        names=tagged_parts(NAMES),
        slots=tagged_parts(SLOTS),
        functions=list(FUNCTIONS),
        letters=sorted(letter for letter, count in letters.items() if count > RARE_LETTER),
    )


def lexicon_of(sentences: Iterable[Sentence], scripts: Sequence[str]) -> dict[str, dict[str, int]]:
    """For each tag the forms seen with it, in lower case, each with the place among `scripts` of its usual lemma's script.

    -1 where `scripts` lack it.
    """
    seen: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for sentence in sentences:
        for word in sentence:
            seen[word.xpos, word.form.lower()][word.lemma] += 1
    numbers = {script: number for number, script in enumerate(scripts)}
    lexicon: dict[str, dict[str, int]] = defaultdict(dict)
    for (tag, form), lemmas in sorted(seen.items()):
        lexicon[tag][form] = numbers.get(lemma_script(form, lemmas.most_common(1)[0][0]), -1)
    return lexicon


def tagged_parts(labels: Sequence[str]) -> list[str]:
    return ["O", *(f"{part}-{label}" for label in labels for part in "BI")]


@dataclass(frozen=True)
class Window:
    """A window as numbers, with all gold classes of each word (W)."""

    layout: Layout
    gold: dict[str, list[int]]
    actors: list[int | None]
    talks: list[int | None]


@dataclass(frozen=True)
class Link:
    """A word and those it may be linked to: column 0 is nobody, the others count the window's words from 1."""

    kind: int
    window: int
    word: int
    candidates: list[int]
    wanted: list[int]


@dataclass(frozen=True)
class Batch:
    """Windows padded to one length: pieces (B, P), letters (B, W, letters), the others (B, W).

    `functions` is there where the windows are one report: the gold functions (A, functions) of its actors, and for
    each actor the words that name it, as indices into B × W.
    """

    pieces: Tensor
    first: Tensor
    last: Tensor
    letters: Tensor
    gold: dict[str, Tensor]
    functions: Tensor | None = None
    mentions: Sequence[Tensor] = ()
    links: Sequence[Link] = ()


def sentence_rows(sentence: Sentence) -> list[Row]:
    """A treebank sentence; its first word counts as spaced."""
    return [
        Row(
            word.form,
            spaced=index == 0 or sentence[index - 1].space_after,
            tag=f"{word.upos}|{word.xpos}|{word.feats}",
            lemma=word.lemma,
            head=None if word.head is None else word.head - 1,
            label=word.deprel or None,
            starts=index == 0,
        )
        for index, word in enumerate(sentence)
    ]


def named_rows(data: Path, split: str) -> Iterator[list[Row]]:
    """The documents of a SlavicNER split."""
    tokenizer = BulgarianTokenizer(Vocab())
    for text, mentions in slavicner(data, split):
        yield document_rows(text, mentions, tokenizer)


def document_rows(text: str, mentions: list[NamedEntity], tokenizer: BulgarianTokenizer) -> list[Row]:
    """A document's words with the names that it holds."""
    doc = tokenizer(text)
    return [replace(row, name=name) for row, name in zip(rows_of(doc), parts_of(doc, mentions), strict=True)]


def report_rows(report: AnnotatedReport, tokenizer: BulgarianTokenizer) -> list[Row]:
    """A report's words with its names, slots and actors."""
    doc = tokenizer(report.text)
    actors = [NamedEntity(*span, str(n), "") for n, actor in enumerate(report.actors) for span in actor.mentions]
    talks = [NamedEntity(*talk.title, str(n), "") for n, talk in enumerate(report.talks)]
    columns = zip(
        rows_of(doc), *(parts_of(doc, found) for found in (report.names, report.slots, actors, talks)), strict=True
    )
    return [
        replace(row, name=name, slot=slot, actor=number_of(actor), talk=number_of(talk))
        for row, name, slot, actor, talk in columns
    ]


def number_of(part: str) -> int | None:
    return None if part == "O" else int(part[2:])


def rows_of(doc: Doc) -> list[Row]:
    """The words of a document that nobody has annotated."""
    rows, spaced, after_break = [], True, False
    for token in doc:
        if token.is_space:
            spaced, after_break = True, after_break or "\n" in token.text
        else:
            rows.append(Row(token.text, spaced, after_break))
            spaced, after_break = bool(token.whitespace_), False
    return rows


def parts_of(doc: Doc, mentions: Iterable[NamedEntity]) -> list[str]:
    """B-X, I-X or O for each word; a mention covers what it overlaps, the longer of two wins."""
    parts = ["O"] * len(doc)
    for mention in sorted(mentions, key=lambda mention: mention.start - mention.end):
        span = doc.char_span(mention.start, mention.end, alignment_mode="expand")
        if span is not None and all(parts[token.i] == "O" for token in span):
            for token in span:
                parts[token.i] = ("B-" if token.i == span.start else "I-") + mention.label
    return [part for part, token in zip(parts, doc, strict=True) if not token.is_space]


def joined(sentences: Sequence[list[Row]]) -> list[Row]:
    """Sentences as one window: heads counted from its start."""
    rows: list[Row] = []
    for sentence in sentences:
        offset = len(rows)
        rows += [
            replace(row, head=row.head + offset) if row.head is not None and row.head >= 0 else row for row in sentence
        ]
    return rows


def packed(sentences: Sequence[list[Row]], pieces: Pieces, limit: int) -> Iterator[list[list[Row]]]:
    """Neighbouring sentences in windows of at most `limit` pieces; a longer sentence has a window of its own."""
    window: list[list[Row]] = []
    size = 0
    for sentence in sentences:
        length = sum(len(pieces(row.form, row.spaced)) + row.after_break for row in sentence)
        if window and size + length > limit:
            yield window
            window, size = [], 0
        window.append(sentence)
        size += length
    if window:
        yield window


def cut(document: list[Row], most: int = 60) -> list[list[Row]]:
    """A document in sentences, roughly: after a full stop, at a line break, after `most` words."""
    parts: list[list[Row]] = [[]]
    for row in document:
        part = parts[-1]
        if part and (row.after_break or part[-1].form in (".", "!", "?") or len(part) >= most):
            parts.append([])
        parts[-1].append(row)
    return [part for part in parts if part]


def restyled(window: list[list[Row]], draw: random.Random, inflected: Inflected) -> list[list[Row]]:
    """The sentences as others might write them: other nouns, quotes and capitals, headings, names in Latin script."""
    window = [other_case(other_nominals(sentence, draw, inflected), draw) for sentence in window]
    if draw.random() < 0.3:
        window = other_quotes(window, draw.choice(QUOTES))
    window = [in_latin(sentence, draw) for sentence in window]
    return with_breaks(window, draw)


def other_nominals(sentence: list[Row], draw: random.Random, inflected: Inflected) -> list[Row]:
    """Now and then other nouns and adjectives of the same tags, so that the network meets more of them than a treebank has."""
    if draw.random() > 0.4:
        return sentence
    return [other_nominal(row, draw, inflected) if draw.random() < 0.3 else row for row in sentence]


def other_nominal(row: Row, draw: random.Random, inflected: Inflected) -> Row:
    if row.tag is None or row.lemma is None or any(feature in row.tag for feature in UNLIKE_LEXICON):
        return row
    others = inflected.get(row.tag.split("|")[1])
    if not others or not (row.form.islower() or row.form.istitle()):
        return row
    form, lemma = draw.choice(others)
    return replace(row, form=form.title() if row.form.istitle() else form, lemma=lemma)


def other_case(sentence: list[Row], draw: random.Random) -> list[Row]:
    chance = draw.random()
    if chance < 0.03:
        return [replace(row, form=row.form.upper()) for row in sentence]
    if chance < 0.04:
        return [replace(row, form=row.form.lower()) for row in sentence]
    return sentence


def other_quotes(window: list[list[Row]], quotes: tuple[str, str]) -> list[list[Row]]:
    closing = False
    changed = []
    for sentence in window:
        rows = []
        for row in sentence:
            if row.form in ('"', "„", "“", "”"):
                form = quotes[closing]
                rows.append(replace(row, form=form, lemma=row.lemma and form))
                closing = not closing
            else:
                rows.append(row)
        changed.append(rows)
    return changed


def in_latin(sentence: list[Row], draw: random.Random) -> list[Row]:
    """Now and then a person's or an organisation's name in Latin letters."""
    changed, latin = [], False
    for row in sentence:
        part, _, label = (row.name or "O").partition("-")
        if part != "I":
            latin = draw.random() < {"PER": 0.08, "ORG": 0.04}.get(label, 0.0) and row.form[:1].isupper()
        changed.append(replace(row, form=to_latin(row.form)) if latin else row)
    return changed


def with_breaks(window: list[list[Row]], draw: random.Random) -> list[list[Row]]:
    """Line breaks between sentences, some in place of the full stop."""
    chance = draw.choice((0.0, 0.0, 0.2, 1.0))
    changed: list[list[Row]] = []
    for sentence in window:
        if changed and sentence[0].starts and draw.random() < chance:
            if draw.random() < 0.4:
                changed[-1] = without_stop(changed[-1])
            sentence = [replace(sentence[0], after_break=True), *sentence[1:]]
        changed.append(sentence)
    return changed


def without_stop(sentence: list[Row]) -> list[Row]:
    last = len(sentence) - 1
    bare = last > 0 and sentence[last].form == "." and all(row.head != last for row in sentence)
    return sentence[:-1] if bare else sentence


class Numbering:
    """Rows to numbers."""

    def __init__(self, pieces: Pieces, classes: Classes) -> None:
        self.pieces = pieces
        self.letters = Letters(classes.letters)
        self.classes = classes
        self.tags, self.lemmas, self.labels, self.names, self.slots = (
            {name: index for index, name in enumerate(names)}
            for names in (classes.tags, classes.lemmas, classes.labels, classes.names, classes.slots)
        )

    def window(self, rows: Sequence[Row]) -> Window:
        """One window. Classes that are unknown are `IGNORED`; heads count from 1, the root is 0."""
        layout = Layout.of((self.pieces(row.form, row.spaced), self.letters(row.form), row.after_break) for row in rows)
        gold = {
            "tags": [self.tags.get(row.tag or "", IGNORED) for row in rows],
            "lemmas": [
                IGNORED if row.lemma is None else self.lemmas.get(lemma_script(row.form, row.lemma), IGNORED)
                for row in rows
            ],
            "names": [self.names.get(row.name or "", IGNORED) for row in rows],
            "slots": [self.slots.get(row.slot or "", IGNORED) for row in rows],
            "starts": [IGNORED if row.starts is None else int(row.starts) for row in rows],
            "arcs": [IGNORED if row.head is None else row.head + 1 for row in rows],
            "labels": [self.labels.get(row.label or "", IGNORED) for row in rows],
        }
        return Window(layout, gold, [row.actor for row in rows], [row.talk for row in rows])


def batches(windows: list[Window], size: int, draw: random.Random) -> Iterator[Batch]:
    """All windows in random order, `size` of like length at a time."""
    draw.shuffle(windows)
    for start in range(0, len(windows), size * 32):
        chunk = sorted(windows[start : start + size * 32], key=lambda window: len(window.layout.pieces))
        groups = [chunk[index : index + size] for index in range(0, len(chunk), size)]
        draw.shuffle(groups)
        yield from map(batch_of, groups)


def batch_of(windows: Sequence[Window]) -> Batch:
    def padded(rows: Sequence[list[Any]], filling: Any) -> Tensor:
        length = max(map(len, rows))
        return torch.tensor([row + [filling] * (length - len(row)) for row in rows])

    layouts = [window.layout for window in windows]
    return Batch(
        padded([layout.pieces for layout in layouts], PAD),
        padded([layout.first for layout in layouts], 0),
        padded([layout.last for layout in layouts], 0),
        padded([layout.letters for layout in layouts], (0,) * (LETTERS_BEGIN + LETTERS_END)),
        {key: padded([window.gold[key] for window in windows], IGNORED) for key in windows[0].gold},
    )


def report_batch(windows: Sequence[Window], report: AnnotatedReport) -> Batch:
    """The windows of one report, with the functions of those actors that its words name."""
    batch = batch_of(windows)
    width = batch.first.shape[1]
    words: dict[int, list[int]] = defaultdict(list)
    for number, window in enumerate(windows):
        for place, actor in enumerate(window.actors):
            if actor is not None:
                words[actor].append(number * width + place)
    done = [[float(name in report.actors[actor].functions) for name in FUNCTIONS] for actor in words]
    mentions = [torch.tensor(places) for places in words.values()]
    links = [link for number, window in enumerate(windows) for link in links_in(window, number, report)]
    return replace(batch, functions=torch.tensor(done), mentions=mentions, links=links)


def links_in(window: Window, number: int, report: AnnotatedReport) -> Iterator[Link]:
    """Persons to the organisations they belong to, titles to their speakers, as far as the window holds both."""
    actors = beginnings(window.actors)
    columns = {actor: [place + 1 for place in places] for actor, places in actors.items()}
    organizations = [c for actor, places in columns.items() if not report.actors[actor].is_person for c in places]
    for actor, places in actors.items():
        gold = report.actors[actor].organizations
        wanted = [column for one in gold for column in columns.get(one, ())]
        if report.actors[actor].is_person and wanted:  # the mention nearest to the organisation says it
            nearest = min(places, key=lambda place: min(abs(column - 1 - place) for column in wanted))
            yield Link(LINKS.index("organization"), number, nearest, [0, *organizations], wanted)
        elif report.actors[actor].is_person and not gold:
            for place in places:
                yield Link(LINKS.index("organization"), number, place, [0, *organizations], [0])
    everybody = [column for places in columns.values() for column in places]
    for talk, places in beginnings(window.talks).items():
        if wanted := columns.get(report.talks[talk].speaker, []):
            yield Link(LINKS.index("speaker"), number, places[0], [0, *everybody], wanted)


def beginnings(numbers: Sequence[int | None]) -> dict[int, list[int]]:
    """Where each number begins."""
    found: dict[int, list[int]] = defaultdict(list)
    for place, number in enumerate(numbers):
        if number is not None and (place == 0 or numbers[place - 1] != number):
            found[number].append(place)
    return found
