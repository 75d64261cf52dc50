"""The network: a BERT encoder of word pieces, and heads that read one vector a word.

Shapes: B windows, P pieces, W words of a window, T = W + 1 (the root stands first), H the encoder's width.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from letopis.cues import LINKS
from letopis.encoder import LETTERS_BEGIN, LETTERS_END

PAD = 1


@dataclass(frozen=True)
class Sizes:
    """The sizes of the network: of the encoder, and the number of classes of each head."""

    pieces: int
    layers: int
    tags: int
    lemmas: int
    labels: int
    names: int
    slots: int
    functions: int
    letters: int
    width: int = 384
    heads: int = 12
    inner: int = 1536
    positions: int = 512
    arc_width: int = 384
    label_width: int = 128
    letter_width: int = 32


class Layer(nn.Module):
    """One transformer layer, normalised after each half."""

    def __init__(self, sizes: Sizes, dropout: float) -> None:
        super().__init__()
        self.heads = sizes.heads
        self.attend = nn.Linear(sizes.width, 3 * sizes.width)
        self.attended = nn.Linear(sizes.width, sizes.width)
        self.attended_norm = nn.LayerNorm(sizes.width, eps=1e-12)
        self.widen = nn.Linear(sizes.width, sizes.inner)
        self.narrow = nn.Linear(sizes.inner, sizes.width)
        self.narrow_norm = nn.LayerNorm(sizes.width, eps=1e-12)
        self.dropout = nn.Dropout(dropout)

    def forward(self, states: Tensor, mask: Tensor) -> Tensor:
        """States (B, P, H) and a mask (B, 1, 1, P) that is added to the attention's scores."""
        windows, pieces, width = states.shape
        query, key, value = (
            part.view(windows, pieces, self.heads, width // self.heads).transpose(1, 2)
            for part in self.attend(states).chunk(3, dim=-1)
        )
        mixed = functional.scaled_dot_product_attention(query, key, value, attn_mask=mask)
        mixed = mixed.transpose(1, 2).reshape(windows, pieces, width)
        states = self.attended_norm(states + self.dropout(self.attended(mixed)))
        widened: Tensor = self.narrow(functional.gelu(self.widen(states)))
        normed: Tensor = self.narrow_norm(states + self.dropout(widened))
        return normed


class Encoder(nn.Module):
    """multilingual-e5-small's encoder; gives the states below and of every layer."""

    def __init__(self, sizes: Sizes, dropout: float) -> None:
        super().__init__()
        self.pieces: nn.Module = nn.Embedding(sizes.pieces, sizes.width)
        self.positions = nn.Embedding(sizes.positions, sizes.width)
        self.norm = nn.LayerNorm(sizes.width, eps=1e-12)
        self.dropout = nn.Dropout(dropout)
        self.layers = nn.ModuleList(Layer(sizes, dropout) for _ in range(sizes.layers))

    def forward(self, pieces: Tensor) -> list[Tensor]:
        """Pieces (B, P), padded with `PAD`; one tensor (B, P, H) for the embeddings and each layer."""
        states = self.pieces(pieces) + self.positions.weight[: pieces.shape[1]]
        mask = (pieces == PAD)[:, None, None, :].to(states.dtype) * -1e4
        states = self.dropout(self.norm(states))
        every = [states]
        for layer in self.layers:
            states = layer(states, mask)
            every.append(states)
        return every


class Mix(nn.Module):
    """A learned weighted mean of the layers, as each task needs it; starts out near the upper layers."""

    def __init__(self, layers: int, dropout: float) -> None:
        super().__init__()
        self.weights = nn.Parameter(torch.linspace(-2.0, 1.0, layers + 1))
        self.dropout = nn.Dropout(dropout)

    def forward(self, layers: Tensor) -> Tensor:
        """Layers (L + 1, B, W, H) to their mean (B, W, H)."""
        weights = self.weights.softmax(0)
        mixed: Tensor = self.dropout((layers * weights[:, None, None, None]).sum(0))
        return mixed


class Biaffine(nn.Module):
    """Scores of (dependent, head) pairs: (B, W, T) for one class, else (B, W, T, classes)."""

    def __init__(self, width: int, inner: int, classes: int, dropout: float) -> None:
        super().__init__()
        self.dependent = nn.Linear(width, inner)
        self.head = nn.Linear(width, inner)
        self.pairs = nn.Linear(inner + 1, inner * classes, bias=False)
        self.dropout = nn.Dropout(dropout)
        self.classes = classes
        nn.init.normal_(self.pairs.weight, std=0.02)

    def forward(self, words: Tensor, heads: Tensor) -> Tensor:
        """Words (B, W, H) against possible heads (B, T, H)."""
        dependent = self.dropout(functional.leaky_relu(self.dependent(words), 0.1))
        head = self.dropout(functional.leaky_relu(self.head(heads), 0.1))
        ones = torch.ones_like(dependent[..., :1])
        moved: Tensor = self.pairs(torch.cat([dependent, ones], dim=-1))
        windows, n_words, _ = moved.shape
        scores: Tensor = moved.view(windows, n_words * self.classes, -1) @ head.transpose(1, 2)
        if self.classes == 1:
            return scores
        return scores.view(windows, n_words, self.classes, -1).transpose(2, 3)


class Forms(nn.Module):
    """What a word is as a form, for its tag and its lemma: its state, and its first and last letters."""

    def __init__(self, sizes: Sizes, dropout: float) -> None:
        super().__init__()
        self.letters = nn.Embedding(sizes.letters + 2, sizes.letter_width)  # no letter, an unknown letter, the known
        read = (LETTERS_BEGIN + LETTERS_END) * sizes.letter_width
        self.inner = nn.Linear(sizes.width + read, 2 * sizes.width)
        self.dropout = nn.Dropout(dropout)

    def forward(self, words: Tensor, letters: Tensor) -> Tensor:
        """Words (B, W, H) and their letters (B, W, letters) to (B, W, 2 H)."""
        read = self.dropout(self.letters(letters).flatten(2))
        inner: Tensor = self.dropout(functional.gelu(self.inner(torch.cat([words, read], dim=-1))))
        return inner


@dataclass
class Scores:
    """What the heads say: tags, lemmas, names, slots, functions (B, W, classes), starts (B, W), arcs (B, W, T), labels
    (B, W, T, classes), links (B, W, T, kinds)."""

    tags: Tensor
    lemmas: Tensor
    names: Tensor
    slots: Tensor
    functions: Tensor
    starts: Tensor
    arcs: Tensor
    labels: Tensor
    links: Tensor


class Annotator(nn.Module):
    """The encoder with all heads."""

    def __init__(self, sizes: Sizes, dropout: float = 0.1) -> None:
        super().__init__()
        self.sizes = sizes
        self.encoder = Encoder(sizes, dropout)
        head_dropout = 2 * dropout
        self.forms_mix = Mix(sizes.layers, head_dropout)
        self.syntax_mix = Mix(sizes.layers, head_dropout)
        self.names_mix = Mix(sizes.layers, head_dropout)
        self.forms = Forms(sizes, head_dropout)
        self.tags = nn.Linear(2 * sizes.width, sizes.tags)
        self.lemmas = nn.Linear(2 * sizes.width, sizes.lemmas)
        self.names = nn.Linear(sizes.width, sizes.names)
        self.slots_mix = Mix(sizes.layers, head_dropout)
        self.slots = nn.Linear(sizes.width, sizes.slots)
        self.functions = nn.Linear(sizes.width, sizes.functions)
        self.nobody = nn.Parameter(torch.randn(sizes.width) * 0.1)
        self.links = Biaffine(sizes.width, sizes.label_width, len(LINKS), head_dropout)
        self.starts = nn.Linear(sizes.width, 1)
        self.root = nn.Parameter(torch.randn(sizes.width) * 0.1)
        self.arcs = Biaffine(sizes.width, sizes.arc_width, 1, head_dropout)
        self.labels = Biaffine(sizes.width, sizes.label_width, sizes.labels, head_dropout)

    def words(self, pieces: Tensor, first: Tensor, last: Tensor) -> Tensor:
        """The mean of each word's first and last piece below and in every layer, (L + 1, B, W, H)."""
        layers = torch.stack(self.encoder(pieces))
        rows = torch.arange(pieces.shape[0])[:, None]
        return (layers[:, rows, first] + layers[:, rows, last]) / 2

    def forward(self, pieces: Tensor, first: Tensor, last: Tensor, letters: Tensor) -> Scores:
        """Pieces (B, P); first and last piece of each word, (B, W); its letters, (B, W, letters)."""
        words = self.words(pieces, first, last)
        forms = self.forms(self.forms_mix(words), letters)
        syntax, names = self.syntax_mix(words), self.names_mix(words)
        slots = self.slots_mix(words)
        heads = torch.cat([self.root.expand(len(pieces), 1, -1), syntax], dim=1)
        linked = torch.cat([self.nobody.expand(len(pieces), 1, -1), slots], dim=1)
        return Scores(
            tags=self.tags(forms),
            lemmas=self.lemmas(forms),
            names=self.names(names),
            slots=self.slots(slots),
            functions=self.functions(slots),
            starts=self.starts(syntax).squeeze(-1),
            arcs=self.arcs(syntax, heads),
            labels=self.labels(syntax, heads),
            links=self.links(slots, linked),
        )
