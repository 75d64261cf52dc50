"""The best dependency tree against all trees there are."""

from __future__ import annotations

import itertools

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from letopis.trees import best_heads


def is_tree(heads: tuple[int, ...]) -> bool:
    """Every word reaches the root, and just one word has it as its head."""
    for word in range(1, len(heads) + 1):
        seen = set()
        while word and word not in seen:
            seen.add(word)
            word = heads[word - 1]
        if word:
            return False
    return heads.count(0) == 1


def score_of(scores: np.ndarray, heads: tuple[int, ...]) -> float:
    return float(sum(scores[word, head] for word, head in enumerate(heads)))


@given(scores=st.integers(1, 4).flatmap(lambda n: arrays(np.float64, (n, n + 1), elements=st.integers(-9, 9))))
def test_no_tree_is_better(scores: np.ndarray) -> None:
    count = len(scores)
    heads = tuple(best_heads(scores))
    assert is_tree(heads)
    trees = [tree for tree in itertools.product(range(count + 1), repeat=count) if is_tree(tree)]
    assert score_of(scores, heads) == max(score_of(scores, tree) for tree in trees)


def test_a_cycle_is_broken_where_it_costs_least() -> None:
    # Words 1 and 2 would choose each other; word 1 is the cheaper one to hang on the root.
    scores = np.array([[5.0, -9, 9], [1.0, 9, -9]])
    assert best_heads(scores) == [0, 1]
