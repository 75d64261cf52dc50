"""The best dependency tree from the scores of all arcs (Chu-Liu-Edmonds), with one word under the root."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.floating]

ROOT_PENALTY = 1e6  # makes a second root dearer than any arcs


def best_heads(scores: Floats) -> list[int]:
    """The head of each word, from scores (W, W + 1) of every word's possible heads; 0 is the root, heads count from 1.

    Exactly one word has the root as its head.
    """
    count = len(scores)
    square = np.full((count + 1, count + 1), -np.inf)
    square[1:] = scores
    square[1:, 0] -= ROOT_PENALTY
    np.fill_diagonal(square, -np.inf)
    heads: list[int] = spanning_tree(square).tolist()
    return heads[1:]


def spanning_tree(scores: Floats) -> npt.NDArray[np.int64]:
    """The heads of the best tree over scores (T, T) of dependents' heads; node 0 is the root, and is its own head."""
    heads: npt.NDArray[np.int64] = scores.argmax(axis=1)
    heads[0] = 0
    cycles = cycles_in(heads)
    if not cycles:
        return heads
    # Contract each cycle into one node; solve the rest; then break each cycle where the solution enters it.
    single = np.setdiff1d(np.arange(len(scores)), np.concatenate(cycles))
    contracted, dependents, governors = contraction(scores, heads, single, cycles)
    result: npt.NDArray[np.int64] = heads.copy()
    for node, head in enumerate(spanning_tree(contracted)[1:], 1):
        result[dependents[node, head]] = governors[node, head]
    return result


def contraction(
    scores: Floats, heads: npt.NDArray[np.int64], single: npt.NDArray[np.int64], cycles: list[npt.NDArray[np.int64]]
) -> tuple[Floats, npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Scores between the nodes outside of cycles, then the cycles; for each pair the dependent and the head behind it.

    What an arc into a cycle is worth is its gain over the arc of the cycle that it replaces.
    """
    rows, entered = [scores[single]], [np.repeat(single[:, None], len(scores), axis=1)]
    for cycle in cycles:
        gain = scores[cycle] - scores[cycle, heads[cycle]][:, None]
        rows.append(gain.max(axis=0, keepdims=True))
        entered.append(cycle[gain.argmax(axis=0)][None])
    best, dependent = np.concatenate(rows), np.concatenate(entered)
    every = np.arange(len(best))
    columns, governors = [best[:, single]], [np.repeat(single[None], len(best), axis=0)]
    for cycle in cycles:
        columns.append(best[:, cycle].max(axis=1, keepdims=True))
        governors.append(cycle[best[:, cycle].argmax(axis=1)][:, None])
    contracted, governor = np.concatenate(columns, axis=1), np.concatenate(governors, axis=1)
    np.fill_diagonal(contracted, -np.inf)
    contracted[0] = -np.inf
    return contracted, dependent[every[:, None], governor], governor


def cycles_in(heads: npt.NDArray[np.int64]) -> list[npt.NDArray[np.int64]]:
    """The cycles of the graph of heads; the root, its own head, is none."""
    found: list[npt.NDArray[np.int64]] = []
    done = {0}
    for start in range(1, len(heads)):
        node, path = start, dict[int, None]()
        while node not in done and node not in path:
            path[node] = None
            node = int(heads[node])
        if node in path:
            nodes = list(path)
            found.append(np.array(nodes[nodes.index(node) :]))
        done |= path.keys()
    return found
