"""Our measures against the team's scorer, and the floors that accuracy may not fall below."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import letopis
from letopis.annotate import SHIPPED
from letopis.corpora import held_out
from letopis.evaluate import evaluate, mean_f1
from letopis.tabulate import Tables
from letopis.write import write

HERE = Path(__file__).parent
FLOORS = json.loads((HERE / "floors.json").read_text(encoding="utf-8"))
BACKENDS = {name: name for name in SHIPPED} | {"stanza": f"stanza:{HERE / 'stanza'}"}


@pytest.fixture(scope="module")
def corpus_tables(corpus: Path) -> Tables:
    return letopis.extract([corpus / "reports"], jobs=2)


def fallen(tables: Tables, gold: Path, floors: dict[str, float]) -> dict[str, tuple[float, float]]:
    """The measures below their floors: F1 now, and the floor."""
    scores = evaluate(tables, gold)
    figures = {name: score.f1 for name, score in scores.items()} | {"mean": mean_f1(scores)}
    return {name: (round(figures[name], 4), floor) for name, floor in floors.items() if figures[name] < floor}


def test_corpus_does_not_fall_below_the_last_recorded_score(corpus_tables: Tables, corpus: Path) -> None:
    assert fallen(corpus_tables, corpus / "gold", FLOORS["corpus"]) == {}


@pytest.fixture(scope="module")
def held_out_gold(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the annotations of the reports that nothing was trained on."""
    folder = tmp_path_factory.mktemp("held_out")
    for name in held_out(corpus):
        shutil.copy(corpus / "gold" / f"{name}.json", folder)
    return folder


@pytest.mark.parametrize("backend", BACKENDS)
def test_held_out_reports_do_not_fall_below_the_last_recorded_score(
    corpus: Path, held_out_gold: Path, backend: str
) -> None:
    """The same reports through every back-end."""
    reports = [corpus / "reports" / f"{name}.txt" for name in sorted(held_out(corpus))]
    tables = letopis.extract(reports, jobs=2, model=BACKENDS[backend])
    assert fallen(tables, held_out_gold, FLOORS["held_out"][backend]) == {}


def test_seed_report_does_not_fall_below_the_last_recorded_score(shared: Path) -> None:
    tables = letopis.extract([shared / "gold" / "seed" / "klasterna-sreshta-2015.txt"])
    assert fallen(tables, shared / "gold" / "seed", FLOORS["seed"]) == {}


def test_our_measures_agree_with_the_scorer(corpus_tables: Tables, corpus: Path, shared: Path, tmp_path: Path) -> None:
    write(corpus_tables, tmp_path, ["csv"])
    command = [sys.executable, shared / "score" / "score.py", tmp_path, corpus / "gold", "--json", tmp_path / "f.json"]
    subprocess.run(command, check=True, capture_output=True)
    theirs = json.loads((tmp_path / "f.json").read_text(encoding="utf-8"))
    ours = evaluate(letopis.load(tmp_path), corpus / "gold")
    assert mean_f1(ours) == pytest.approx(theirs["mean"], abs=5e-4)
    for measure, score in ours.items():
        assert score.f1 == pytest.approx(theirs["tables"][measure]["f1"], abs=5e-4), measure


def test_gold_annotations_are_sound(corpus: Path, shared: Path) -> None:
    command = [sys.executable, shared / "score" / "check_gold.py", corpus / "gold", corpus / "reports"]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout
