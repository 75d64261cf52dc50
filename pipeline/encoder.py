"""The spaCy component `letopis_encoder`: tags, features, lemmas, sentences, parse and names from one network.

The network is an int8 ONNX graph that reads word pieces and writes scores for every word; the rest is here: cutting
a document into windows, and making trees, names and sentences of scores. A document's annotation depends on that
document alone, since each window is run by itself.

Shapes: P pieces and W words of a window, T = W + 1 possible heads (the root stands first).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnxruntime  # type: ignore[import-untyped]
from spacy.attrs import DEP, HEAD, LEMMA, MORPH, POS, TAG  # type: ignore[import-not-found,unused-ignore]
from spacy.language import Language
from spacy.tokens import Doc, Span
from spacy.util import SimpleFrozenList
from spacy.vocab import Vocab
from tokenizers import Tokenizer

from letopis.cues import LinkScores, set_cues
from letopis.lexicon import Lexicon
from letopis.trees import best_heads

Floats = npt.NDArray[np.float32]
Integers = npt.NDArray[np.int64]

SPACE = "▁"
START, UNKNOWN = 0, 3
END = BREAK = 2  # </s> ends a window and marks a line break
MOST_PIECES = 16  # of one word
USUAL_WINDOW = 180  # pieces; sentences are packed up to this
LONGEST_WINDOW = 500  # pieces; the network knows 512 positions
WRAP = 2**64  # spaCy takes negative distances as unsigned numbers
OVERLAP = 100  # pieces that two windows of one long sentence share
LETTERS_BEGIN, LETTERS_END = 2, 9  # of a word's letters, the network reads its first and last ones

MODEL, TOKENIZER, CLASSES, LEXICON = "model.onnx", "tokenizer.json", "classes.json", "lexicon.json"
FILES = (MODEL, TOKENIZER, CLASSES, LEXICON)
CHECKSUMS = "checksums.json"


class Pieces:
    """Words to word pieces."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer
        self._cached = lru_cache(maxsize=100_000)(self._cut)

    @classmethod
    def load(cls, path: Path) -> Pieces:
        """From a `tokenizers` file."""
        return cls(Tokenizer.from_file(str(path)))

    def __call__(self, form: str, spaced: bool) -> tuple[int, ...]:
        """The pieces of `form`, one to `MOST_PIECES`; of a longer word, such as an address, both ends.

        `spaced`: white space stands before it.
        """
        return self._cached(form, spaced)

    def _cut(self, form: str, spaced: bool) -> tuple[int, ...]:
        encoding = self._tokenizer.encode(SPACE * spaced + form, add_special_tokens=False)
        ids = encoding.ids or [UNKNOWN]
        if len(ids) > MOST_PIECES:
            ids = ids[: MOST_PIECES // 2] + ids[-MOST_PIECES // 2 :]
        return tuple(ids)


class Letters:
    """Words to the numbers of their first and last letters, which show prefix, capital and ending."""

    def __init__(self, alphabet: Sequence[str]) -> None:
        self._numbers = {letter: number for number, letter in enumerate(alphabet, 2)}  # 0: no letter, 1: an unknown one
        self._cached = lru_cache(maxsize=100_000)(self._read)

    def __call__(self, form: str) -> tuple[int, ...]:
        """`LETTERS_BEGIN + LETTERS_END` numbers; the last ones stand at the right, whatever the length of `form`."""
        return self._cached(form)

    def _read(self, form: str) -> tuple[int, ...]:
        numbers = [self._numbers.get(letter, 1) for letter in form]
        first, last = numbers[:LETTERS_BEGIN], numbers[-LETTERS_END:]
        return (*first, *[0] * (LETTERS_BEGIN - len(first)), *[0] * (LETTERS_END - len(last)), *last)


@dataclass(frozen=True)
class Layout:
    """A window as the network reads it: P pieces; of each of W words its first and last piece and its letters."""

    pieces: list[int]
    first: list[int]
    last: list[int]
    letters: list[tuple[int, ...]]

    @classmethod
    def of(cls, words: Iterable[tuple[tuple[int, ...], tuple[int, ...], bool]]) -> Layout:
        """The layout of words, each given by its pieces, its letters, and whether it stands after a line break."""
        layout = cls([START], [], [], [])
        for pieces, letters, after_break in words:
            if after_break:
                layout.pieces.append(BREAK)
            layout.first.append(len(layout.pieces))
            layout.pieces.extend(pieces)
            layout.last.append(len(layout.pieces) - 1)
            layout.letters.append(letters)
        layout.pieces.append(END)
        return layout


@dataclass(frozen=True, slots=True)
class Word:
    """A token that is no white space: its index in the document, and how it stands there."""

    index: int
    pieces: tuple[int, ...]
    letters: tuple[int, ...]
    after_break: bool
    starts: bool | None  # fixed by an earlier component; None: for the network to say

    @property
    def size(self) -> int:
        """Pieces that it takes up, with the mark of a line break before it."""
        return len(self.pieces) + self.after_break


@dataclass(frozen=True)
class Scores:
    """What the network says of W words."""

    tags: Floats  # (W, classes) log-probabilities
    lemmas: Integers  # (W,) the best class
    names: Floats  # (W, classes) log-probabilities
    slots: Floats  # (W, classes) log-probabilities
    functions: Floats  # (W, functions) probabilities
    starts: Floats  # (W,) above 0 where a sentence starts
    arcs: Floats  # (W, T)
    labels: Integers  # (W, T) the best label of each possible arc
    links: Floats  # (W, T, kinds) of `letopis.cues.LINKS`; column 0 is nobody


@dataclass(frozen=True)
class Window:
    """Words first to last (exclusive) of a document, and their scores."""

    first: int
    last: int
    scores: Scores

    def depth(self, word: int) -> int:
        """How far a word is from the nearer edge: the farther, the more context it had."""
        return min(word - self.first, self.last - 1 - word)


@dataclass(frozen=True)
class Classes:
    """The classes of each head, in the order of the network's outputs. A tag is `UPOS|XPOS|features`."""

    tags: list[str]
    lemmas: list[str]
    labels: list[str]
    names: list[str]
    slots: list[str]
    functions: list[str]
    letters: list[str]  # no classes, but the alphabet that the network knows


@Language.factory(
    "letopis_encoder",
    assigns=[
        "token.tag",
        "token.pos",
        "token.morph",
        "token.lemma",
        "token.head",
        "token.dep",
        "token.is_sent_start",
        "doc.sents",
        "doc.ents",
    ],
    default_config={"threads": 1},
)
def create_encoder(nlp: Language, name: str, threads: int) -> Encoder:
    """The component without a model; `from_disk`, which `spacy.load` calls, brings one. `threads`: CPU threads."""
    return Encoder(nlp.vocab, name, threads)


class Encoder:
    """Annotates documents; sentence boundaries that are set already stay as they are."""

    def __init__(self, vocab: Vocab, name: str = "letopis_encoder", threads: int = 1) -> None:
        self.vocab = vocab
        self.name = name
        self.threads = threads
        self._files: dict[str, bytes] = {}
        self._network: Network | None = None

    def __call__(self, doc: Doc) -> Doc:
        """Annotate `doc` in place. Raises `ValueError` if no model was loaded."""
        words = list(self._words(doc))
        if words:
            windows = [Window(first, last, self.network.run(words[first:last])) for first, last in windows_of(words)]
            self._annotate(doc, words, windows)
        else:
            for token in doc:
                token.tag_, token.pos_, token.dep_ = "_SP", "SPACE", "ROOT"
        return doc

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = 1) -> Iterator[Doc]:
        """Annotate one document after the other; `batch_size` is of no effect."""
        return map(self, stream)

    @property
    def network(self) -> Network:
        """The network; made anew in a process that got the component by pickle. Raises `ValueError` if no model was loaded."""
        if self._network is None:
            if not self._files:
                raise ValueError(f"{self.name}: no model loaded; load a trained pipeline, or call from_disk()")
            self._network = Network(self._files, self.vocab, self.threads)
        return self._network

    def _words(self, doc: Doc) -> Iterator[Word]:
        spaced, after_break = True, False
        fixed = False
        for token in doc:
            fixed = fixed or (token.is_sent_start is True and token.i > 0)
            if token.is_space:
                spaced, after_break = True, after_break or "\n" in token.text
                continue
            starts = True if fixed else token.is_sent_start
            pieces, letters = self.network.pieces(token.text, spaced), self.network.letters(token.text)
            yield Word(token.i, pieces, letters, after_break, starts)
            spaced, after_break, fixed = bool(token.whitespace_), False, False

    def _annotate(self, doc: Doc, words: list[Word], windows: list[Window]) -> None:
        network = self.network
        owner = owners(len(words), windows)
        scores = [(windows[number].scores, word - windows[number].first) for word, number in enumerate(owner)]
        starts = [
            index == 0 or (bool(scored.starts[row] > 0) if word.starts is None else word.starts)
            for index, (word, (scored, row)) in enumerate(zip(words, scores, strict=True))
        ]
        heads, deps = self._trees(owner, windows, starts)
        values = np.zeros((len(doc), 6), dtype=np.uint64)
        for word, (scored, row), head, dep in zip(words, scores, heads, deps, strict=True):
            tag, pos, morph, lemma = network.word_values(
                doc[word.index].text, scored.tags[row], int(scored.lemmas[row])
            )
            values[word.index] = tag, pos, morph, lemma, (words[head].index - word.index) % WRAP, dep
        self._hang_white_space(doc, words, values)
        slots: list[Span] = []
        doc.from_array([TAG, POS, MORPH, LEMMA, HEAD, DEP], values)  # type: ignore[arg-type]
        for part, classes, continues, keep in (
            ("names", network.classes.names, network.names_continue, doc.set_ents),
            ("slots", network.classes.slots, network.slots_continue, slots.extend),
        ):
            best = best_names(np.stack([getattr(scored, part)[row] for scored, row in scores]), starts, continues)
            keep(spans(doc, words, [classes[name] for name in best]))
        functions = np.zeros((len(doc), len(network.classes.functions)), dtype=np.float32)
        for word, (scored, row) in zip(words, scores, strict=True):
            functions[word.index] = scored.functions[row]
        window_of = np.full(len(doc), -1)
        window_of[[word.index for word in words]] = owner
        tokens = [np.array([word.index for word in words[window.first : window.last]]) for window in windows]
        set_cues(doc, slots, functions, LinkScores(window_of, tokens, [window.scores.links for window in windows]))

    def _trees(self, owner: list[int], windows: list[Window], starts: list[bool]) -> tuple[list[int], list[int]]:
        """The head of each word (a root's is itself) and the hash of its label.

        A sentence that no window holds whole is parsed in stretches; the roots of the later ones hang on the first's.
        """
        heads, deps = list(range(len(owner))), [self.network.root] * len(owner)
        bounds = [n for n, start in enumerate(starts) if start or owner[n] != owner[n - 1]] + [len(owner)]
        root = 0
        for first, last in pairwise(bounds):
            window = windows[owner[first]]
            rows = slice(first - window.first, last - window.first)
            arcs = window.scores.arcs[rows]
            inside = np.concatenate([arcs[:, :1], arcs[:, rows.start + 1 : rows.stop + 1]], axis=1)
            for word, head in enumerate(best_heads(inside), first):
                if head > 0:
                    heads[word] = first + head - 1
                    label = window.scores.labels[word - window.first, heads[word] - window.first + 1]
                    deps[word] = self.network.labels[label]
                elif starts[first]:
                    root = word
                else:
                    heads[word], deps[word] = root, self.network.loose
        return heads, deps

    def _hang_white_space(self, doc: Doc, words: list[Word], values: npt.NDArray[np.uint64]) -> None:
        """White space belongs to the word before it, at the document's start to the first word."""
        nearest = words[0].index
        real = {word.index for word in words}
        for index in range(len(doc)):
            if index in real:
                nearest = index
            else:
                tag, pos, dep = self.network.white_space
                values[index] = tag, pos, 0, doc[index].orth, (nearest - index) % WRAP, dep

    def to_disk(self, path: str | Path, *, exclude: Sequence[str] = SimpleFrozenList()) -> None:
        """Write the model's files and their checksums into the folder `path`."""
        folder = Path(path)
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in self._files.items():
            (folder / name).write_bytes(content)
        sums = {name: hashlib.sha256(content).hexdigest() for name, content in sorted(self._files.items())}
        (folder / CHECKSUMS).write_text(json.dumps(sums, indent=2) + "\n", encoding="utf-8")

    def from_disk(self, path: str | Path, *, exclude: Sequence[str] = SimpleFrozenList()) -> Encoder:
        """Read what `to_disk` wrote. Raises `ValueError` that names the file which is missing or damaged."""
        folder = Path(path)
        checksums = read_file(folder / CHECKSUMS)
        try:
            sums = dict(json.loads(checksums))
        except (TypeError, ValueError) as error:
            raise ValueError(f"{folder / CHECKSUMS} is damaged; install the model again") from error
        files = {name: read_file(folder / name) for name in FILES}
        for name, content in files.items():
            if hashlib.sha256(content).hexdigest() != sums.get(name):
                raise ValueError(f"{folder / name} is damaged: its checksum differs; install the model again")
        return self.load(files)

    def load(self, files: dict[str, bytes]) -> Encoder:
        """Take the model whose files, by name, these are."""
        self._files = files
        self._network = Network(files, self.vocab, self.threads)
        return self

    def to_bytes(self, *, exclude: Sequence[str] = SimpleFrozenList()) -> bytes:
        """The files one after the other, after a line of JSON with their names and sizes."""
        index = {name: len(content) for name, content in self._files.items()}
        return json.dumps(index).encode() + b"\n" + b"".join(self._files.values())

    def from_bytes(self, content: bytes, *, exclude: Sequence[str] = SimpleFrozenList()) -> Encoder:
        """Read what `to_bytes` gave."""
        index, _, rest = content.partition(b"\n")
        self._files, self._network = {}, None
        position = 0
        for name, size in json.loads(index).items():
            self._files[name] = rest[position : position + size]
            position += size
        return self

    def __getstate__(self) -> dict[str, Any]:
        return self.__dict__ | {"_network": None}


class Network:
    """The ONNX graph with all that turns its numbers into hashes of the vocabulary's strings."""

    def __init__(self, files: dict[str, bytes], vocab: Vocab, threads: int) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(files[MODEL], options, providers=["CPUExecutionProvider"])
        self.pieces = Pieces(Tokenizer.from_str(files[TOKENIZER].decode()))
        self.classes = Classes(**json.loads(files[CLASSES]))
        self.letters = Letters(self.classes.letters)
        fine_tags = [tag.split("|")[1] for tag in self.classes.tags]
        self.lexicon = Lexicon(json.loads(files[LEXICON]), fine_tags, self.classes.lemmas)
        add = vocab.strings.add
        self.tags = [tag_values(tag, vocab) for tag in self.classes.tags]
        self.labels = [add(label) for label in self.classes.labels]
        self.root, self.loose = add("ROOT"), add("parataxis")
        self.white_space = add("_SP"), add("SPACE"), add("dep")  # tag, part of speech, label
        self.names_continue = may_follow(self.classes.names)
        self.slots_continue = may_follow(self.classes.slots)
        self.strings = vocab.strings

    def word_values(self, form: str, tag_scores: Floats, script: int) -> tuple[int, int, int, int]:
        """The hashes of a word's fine tag, universal tag, features and lemma.

        The lemma is added each time, since a memory zone forgets what was added in it.
        """
        tag = self.lexicon.best_tag(form, tag_scores, script)
        return (*self.tags[tag], self.strings.add(self.lexicon.lemma(form, tag, script)))

    def run(self, words: Sequence[Word]) -> Scores:
        """The scores of one window's words."""
        layout = Layout.of((word.pieces, word.letters, word.after_break) for word in words)
        inputs = {name: np.array([numbers], dtype=np.int64) for name, numbers in vars(layout).items()}
        outputs = dict(zip(OUTPUTS, self._session.run(list(OUTPUTS), inputs), strict=True))
        return Scores(**{name: values[0] for name, values in outputs.items()})


OUTPUTS = ("tags", "lemmas", "names", "slots", "functions", "starts", "arcs", "labels", "links")


def read_file(path: Path) -> bytes:
    """The bytes of a model's file. Raises `ValueError` if it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise ValueError(
            f"the model's file {path} cannot be read ({error.strerror}); install the model again"
        ) from error


def tag_values(tag: str, vocab: Vocab) -> tuple[int, int, int]:
    """The hashes of the fine tag, the universal tag and the features in `UPOS|XPOS|features`."""
    upos, xpos, feats = tag.split("|", 2)
    return vocab.strings.add(xpos), vocab.strings.add(upos), vocab.morphology.add(feats or "_")


def windows_of(words: Sequence[Word]) -> Iterator[tuple[int, int]]:
    """Ranges of words that together take at most `USUAL_WINDOW` pieces and begin where a sentence or line does.

    A stretch without such a place has a window of its own up to `LONGEST_WINDOW` pieces, beyond it several that overlap.
    """
    bounds = [index for index, word in enumerate(words) if index == 0 or begins(word)] + [len(words)]
    opened, size = 0, 0
    for first, last in pairwise(bounds):
        length = sum(word.size for word in words[first:last])
        if size and size + length > USUAL_WINDOW:
            yield opened, first
            opened, size = first, 0
        if length > LONGEST_WINDOW:
            yield from overlapping(words, first, last)
            opened = last
        else:
            size += length
    if opened < len(words):
        yield opened, len(words)


def begins(word: Word) -> bool:
    return word.after_break if word.starts is None else word.starts


def overlapping(words: Sequence[Word], first: int, last: int) -> Iterator[tuple[int, int]]:
    """Windows of `LONGEST_WINDOW` pieces over a longer stretch, each begun `OVERLAP` pieces before the last one's end."""
    while True:
        end, size = first, 0
        while end < last and size + words[end].size <= LONGEST_WINDOW:
            size += words[end].size
            end += 1
        yield first, end
        if end == last:
            return
        first, size = end, 0
        while size < OVERLAP:
            first -= 1
            size += words[first].size


def owners(count: int, windows: Sequence[Window]) -> list[int]:
    """The window to believe for each of `count` words: the one in which it stands deepest."""
    owner = [-1] * count
    for number, window in enumerate(windows):
        for word in range(window.first, window.last):
            if owner[word] < 0 or window.depth(word) > windows[owner[word]].depth(word):
                owner[word] = number
    return owner


def may_follow(names: Sequence[str]) -> Floats:
    """0 where the column's name may follow the row's, else a large penalty: I-X follows B-X or I-X alone."""
    penalties = np.zeros((len(names), len(names)), dtype=np.float32)
    for column, name in enumerate(names):
        part, _, label = name.partition("-")
        if part == "I":
            penalties[:, column] = [0 if before[1:] == "-" + label else -1e4 for before in names]
    return penalties


def best_names(scores: Floats, starts: Sequence[bool], continues: Floats) -> list[int]:
    """The best sequence of name classes by Viterbi, from scores (W, classes); no name goes on into a new sentence."""
    first = np.where((continues < 0).any(axis=0), np.float32(-1e4), np.float32(0))
    path = scores[0] + first
    back = np.zeros(scores.shape, dtype=np.int64)
    for row in range(1, len(scores)):
        if starts[row]:
            back[row] = path.argmax()
            path = path.max() + first + scores[row]
        else:
            reached = path[:, None] + continues
            back[row] = reached.argmax(axis=0)
            path = reached.max(axis=0) + scores[row]
    best = [int(path.argmax())]
    for row in range(len(scores) - 1, 0, -1):
        best.append(int(back[row, best[-1]]))
    return best[::-1]


def spans(doc: Doc, words: Sequence[Word], names: Sequence[str]) -> list[Span]:
    """The entities of a sequence of B-, I- and O."""
    found: list[tuple[int, int, str]] = []
    for word, name in zip(words, names, strict=True):
        part, _, label = name.partition("-")
        if part == "B":
            found.append((word.index, word.index + 1, label))
        elif part == "I":
            found[-1] = (found[-1][0], word.index + 1, label)
    return [Span(doc, start, end, label=label) for start, end, label in found]
