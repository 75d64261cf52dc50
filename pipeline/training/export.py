"""Trained weights to the files of the component `letopis_encoder`: one ONNX graph, its large matrices in int8."""

from __future__ import annotations

import json
import math
import tempfile
from dataclasses import astuple
from pathlib import Path

import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic  # type: ignore[import-untyped]
from torch import Tensor, nn

from letopis.encoder import (
    CLASSES,
    LETTERS_BEGIN,
    LETTERS_END,
    LEXICON,
    MODEL,
    OUTPUTS,
    TOKENIZER,
    Classes,
    Layout,
)
from letopis.training.network import Annotator, Sizes

WEIGHTS = "weights.pt"
BLOCK = 32  # weights that share a scale
LARGE = 100_000  # weights of a matrix that is worth int8


class FourBitEmbedding(nn.Module):
    """An embedding in blocks of 32 weights: a scale and 4 bits each, as in the file that they come from (ggml's Q4_0).

    Lossless for e5's pieces, which training leaves as they are.
    """

    def __init__(self, weight: Tensor) -> None:
        super().__init__()
        blocks = weight.view(len(weight), -1, BLOCK)
        largest = blocks.gather(2, blocks.abs().argmax(dim=2, keepdim=True))
        scale = largest / -8
        scale[scale == 0] = 1.0
        levels = (blocks / scale).round().clamp(-8, 7) + 8
        self.register_buffer("levels", (levels[..., : BLOCK // 2] + 16 * levels[..., BLOCK // 2 :]).to(torch.uint8))
        self.register_buffer("scale", scale.half())
        self.levels: Tensor
        self.scale: Tensor

    def forward(self, ids: Tensor) -> Tensor:
        levels = self.levels[ids].float()
        high = (levels / 16).floor()
        blocks = torch.cat([levels - 16 * high, high], dim=-1) - 8
        return (blocks * self.scale[ids].float()).flatten(-2)


class Exported(nn.Module):
    """One window in, what the component needs out; see `letopis.encoder.Scores`."""

    def __init__(self, model: Annotator, root_label: int) -> None:
        super().__init__()
        self.model = model
        penalty = torch.zeros(model.sizes.labels)
        penalty[root_label] = -1e4  # no arc but the root's is called root
        self.register_buffer("penalty", penalty)
        self.penalty: Tensor

    def forward(self, pieces: Tensor, first: Tensor, last: Tensor, letters: Tensor) -> tuple[Tensor, ...]:
        scores = self.model(pieces, first, last, letters)
        return (
            scores.tags.log_softmax(-1),
            scores.lemmas.argmax(-1),
            scores.names.log_softmax(-1),
            scores.slots.log_softmax(-1),
            scores.functions.sigmoid(),
            scores.starts,
            scores.arcs,
            (scores.labels + self.penalty).argmax(-1),
            scores.links,
        )


def exported(work: Path) -> dict[str, bytes]:
    """The component's files by name, made of `weights.pt` and the other three in the folder `work`."""
    classes = json.loads((work / CLASSES).read_text(encoding="utf-8"))
    model = load(work / WEIGHTS, classes)
    with tempfile.TemporaryDirectory() as folder:
        whole, quantized = Path(folder) / "float.onnx", Path(folder) / MODEL
        write_graph(model, classes["labels"].index("root"), whole)
        quantize(whole, quantized)
        files = [quantized, *(work / name for name in (TOKENIZER, CLASSES, LEXICON))]
        return {file.name: file.read_bytes() for file in files}


def load(path: Path, classes: dict[str, list[str]]) -> Annotator:
    """The network with trained weights, for inference."""
    state = torch.load(path)
    layers = 1 + max(int(name.split(".")[2]) for name in state if name.startswith("encoder.layers."))
    counts = [len(names) for names in astuple(Classes(**classes))]
    model = Annotator(Sizes(len(state["encoder.pieces.weight"]), layers, *counts), dropout=0)
    model.load_state_dict(state)
    model.encoder.pieces = FourBitEmbedding(state["encoder.pieces.weight"])
    return model.eval()


def write_graph(model: Annotator, root_label: int, path: Path) -> None:
    """The float graph, with free numbers of pieces and words."""
    letters = (1,) * (LETTERS_BEGIN + LETTERS_END)
    layout = Layout.of(((5, 6), letters, False) for _ in range(3))
    example = tuple(torch.tensor([numbers]) for numbers in vars(layout).values())
    names = list(vars(layout))
    axes = {name: {1: "P" if name == "pieces" else "W"} for name in [*names, *OUTPUTS]}
    axes["arcs"] = axes["labels"] = axes["links"] = {1: "W", 2: "T"}
    torch.onnx.export(
        Exported(model, root_label),
        example,
        str(path),
        input_names=names,
        output_names=list(OUTPUTS),
        dynamic_axes=axes,
        opset_version=17,
        dynamo=False,
    )


def quantize(whole: Path, path: Path) -> None:
    """The large matrices to int8, a scale for each column; the small ones stay in float."""
    graph = onnx.load(whole).graph
    large = {tensor.name for tensor in graph.initializer if math.prod(tensor.dims) >= LARGE}
    quantize_dynamic(
        whole,
        path,
        per_channel=True,
        weight_type=QuantType.QInt8,
        op_types_to_quantize=["MatMul"],
        nodes_to_quantize=[node.name for node in graph.node if node.op_type == "MatMul" and large & {*node.input}],
    )
