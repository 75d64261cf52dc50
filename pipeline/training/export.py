"""Trained weights to the files of the component `letopis_encoder`: one ONNX graph, int8 where it pays.

python -m letopis.training.export WEIGHTS_FOLDER COMPONENT_FOLDER
"""

from __future__ import annotations

import hashlib
import json
import sys
import tempfile
from dataclasses import astuple
from pathlib import Path

import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic  # type: ignore[import-untyped]
from torch import Tensor, nn

from letopis.encoder import CHECKSUMS, CLASSES, FILES, MODEL, OUTPUTS, TOKENIZER, Classes
from letopis.training.network import Annotator, Sizes


class Int8Embedding(nn.Module):
    """An embedding in int8, with one scale a row."""

    def __init__(self, weight: Tensor) -> None:
        super().__init__()
        scale = weight.abs().amax(dim=1, keepdim=True).clamp(min=1e-8) / 127
        self.register_buffer("rows", (weight / scale).round().to(torch.int8))
        self.register_buffer("scale", scale)
        self.rows: Tensor
        self.scale: Tensor

    def forward(self, ids: Tensor) -> Tensor:
        return self.rows[ids].float() * self.scale[ids]


class Exported(nn.Module):
    """One window in, what the component needs out; see `letopis.encoder.Scores`."""

    def __init__(self, model: Annotator, root_label: int) -> None:
        super().__init__()
        self.model = model
        penalty = torch.zeros(model.sizes.labels)
        penalty[root_label] = -1e4  # no arc but the root's is called root
        self.register_buffer("penalty", penalty)
        self.penalty: Tensor

    def forward(self, pieces: Tensor, first: Tensor, last: Tensor) -> tuple[Tensor, ...]:
        scores = self.model(pieces, first, last)
        return (
            scores.tags.argmax(-1),
            scores.lemmas.argmax(-1),
            scores.names.log_softmax(-1),
            scores.slots.log_softmax(-1),
            scores.functions.sigmoid(),
            scores.starts,
            scores.arcs,
            (scores.labels + self.penalty).argmax(-1),
            scores.links,
        )


def export(weights: Path, output: Path) -> None:
    """Read `weights.pt`, `classes.json` and `tokenizer.json` of the folder `weights`; write the component's files."""
    output.mkdir(parents=True, exist_ok=True)
    classes = json.loads((weights / CLASSES).read_text(encoding="utf-8"))
    model = load(weights / "weights.pt", classes)
    with tempfile.TemporaryDirectory() as folder:
        whole = Path(folder) / "float.onnx"
        write_graph(model, classes["labels"].index("root"), whole)
        quantize(whole, output / MODEL)
    for name in (TOKENIZER, CLASSES):
        (output / name).write_bytes((weights / name).read_bytes())
    sums = {name: hashlib.sha256((output / name).read_bytes()).hexdigest() for name in sorted(FILES)}
    (output / CHECKSUMS).write_text(json.dumps(sums, indent=2) + "\n", encoding="utf-8")


def load(path: Path, classes: dict[str, list[str]]) -> Annotator:
    """The network with trained weights, for inference."""
    state = torch.load(path)
    layers = 1 + max(int(name.split(".")[2]) for name in state if name.startswith("encoder.layers."))
    counts = [len(names) for names in astuple(Classes(**classes))]
    model = Annotator(Sizes(len(state["encoder.pieces.weight"]), layers, *counts), dropout=0)
    model.load_state_dict(state)
    pieces = state["encoder.pieces.weight"]
    model.encoder.pieces = Int8Embedding(pieces)
    return model.eval()


def write_graph(model: Annotator, root_label: int, path: Path) -> None:
    """The float graph, with free numbers of pieces and words."""
    example = (torch.tensor([[0, 5, 6, 7, 8, 9, 2]]), torch.tensor([[1, 3, 5]]), torch.tensor([[2, 4, 5]]))
    names = ["pieces", "first", "last"]
    axes = {"pieces": {1: "P"}, "first": {1: "W"}, "last": {1: "W"}} | {name: {1: "W"} for name in OUTPUTS}
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
    """The encoder's matrices to int8, a scale for each column; the heads, a small part, stay in float."""
    graph = onnx.load(whole).graph
    encoder = [node.name for node in graph.node if node.op_type == "MatMul" and "/layers" in node.name]
    quantize_dynamic(
        whole,
        path,
        per_channel=True,
        weight_type=QuantType.QInt8,
        op_types_to_quantize=["MatMul"],
        nodes_to_quantize=encoder,
    )


if __name__ == "__main__":
    export(Path(sys.argv[1]), Path(sys.argv[2]))
