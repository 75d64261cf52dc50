"""What DESIGN promises of every run: text untouched, offsets true, same input same output, no report lost."""

from __future__ import annotations

import filecmp
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from spacy.language import Language

import letopis
from letopis.read import Source, sources_of
from letopis.run import Extracted, Failure, extract_all, in_pool
from letopis.tabulate import Tables, tabulate
from letopis.write import write

PIECES = [
    "На 13 март 2015 г.", "24-25 април", "от 3 до 5 юни т.г.", "„Клъстер за туризъм“", "г-н Иван Петров", "г-жа",
    "д-р Danka Milojkovic", "изпълнителен директор на", "Министерството на туризма", "/БФО/", "(КООК)", "в София",
    "се проведе", "среща", "бяха обсъдени", "на тема „Вода“", "и", ",", ".", ":", ";", "-", "–", "\n", "\r\n", "\n\n", " ",
    "\u00a0", "\u00ad", "е\u0301", "• ", "1. ", "повече от 40 участници", "представи", "🙂", "«", "\"", "“", "Община Русе",
    "с модератор", "10:30 ч.", "1 143 208,55 евро", "тел. 02/ 000 000", "ЪЪЪ", "\t", "\u200b", "\x85", "\u2028", "І", "ё",
]  # fmt: skip
reports = st.lists(st.sampled_from(PIECES), min_size=1, max_size=40).map(" ".join)
wild_reports = st.text(max_size=120)
SETTINGS = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@pytest.fixture(scope="module")
def tabulated(default_pipeline: Language) -> Callable[[str], Tables]:
    """The tables of one text, by the pipeline that all tests share."""
    from letopis.findings import findings
    from letopis.read import Report

    def tables_of(text: str) -> Tables:
        doc = default_pipeline(text)
        assert doc.text == text
        report = Report("a.txt", text, "0", "", "bg")
        return tabulate([Extracted(report, findings(doc), 1, len(doc))])

    return tables_of


@SETTINGS
@given(text=reports | wild_reports)
def test_every_mention_is_its_text(tabulated: Callable[[str], Tables], text: str) -> None:
    tables = tabulated(text)
    for mention in tables.mentions.itertuples():
        assert 0 <= mention.start_char < mention.end_char <= len(text)
        assert text[mention.start_char : mention.end_char] == mention.text
    for name, frame in tables.items():
        if "start_char" in frame:
            assert (frame.start_char < frame.end_char).all(), name
    for topic in tables.topics.itertuples():
        assert text[topic.start_char : topic.end_char] == topic.text


@SETTINGS
@given(text=reports)
def test_keys_are_unique_and_point_somewhere(tabulated: Callable[[str], Tables], text: str) -> None:
    tables = tabulated(text)
    for name, frame in tables.items():
        if name != "errors":
            assert frame.iloc[:, 0].is_unique, name
    for name in ("dates", "roles", "talks", "topics"):
        assert set(tables[name].event_id.dropna()) <= set(tables.events.event_id)
    for name in ("roles", "talks"):
        assert set(tables[name].person_id.dropna()) <= set(tables.persons.person_id)
        assert set(tables[name].organization_id.dropna()) <= set(tables.organizations.organization_id)


def test_same_output_whatever_the_workers_and_the_order(corpus: Path, tmp_path: Path) -> None:
    paths = sorted((corpus / "reports").glob("*.txt"))[:6]
    forth = letopis.extract(paths)
    back = letopis.extract(reversed(paths), jobs=2)
    write(forth, tmp_path / "forth")
    write(back, tmp_path / "back")
    names = [path.name for path in (tmp_path / "forth").iterdir()]
    match, mismatch, missing = filecmp.cmpfiles(tmp_path / "forth", tmp_path / "back", names, shallow=False)
    assert (mismatch, missing) == ([], [])
    assert len(match) > 10


def test_no_report_is_lost(corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A report on which an extractor fails is an error row; the others are complete."""
    import letopis.extractors.dates as dates

    original = dates.DatesExtractor.__call__

    def failing(self: dates.DatesExtractor, doc: object) -> object:
        if "БОМБА" in str(doc):
            raise RuntimeError("out of order")
        return original(self, doc)  # type: ignore[arg-type]

    monkeypatch.setattr(dates.DatesExtractor, "__call__", failing)
    (tmp_path / "bad.txt").write_text("На 5 май се проведе среща. БОМБА!", encoding="utf-8")
    good = sorted((corpus / "reports").glob("*.txt"))[:2]
    outcomes = list(extract_all(sources_of([*good, tmp_path / "bad.txt"]), "letopis_bg"))
    failures = [one for one in outcomes if isinstance(one, Failure)]
    assert [(one.source, one.stage, one.error) for one in failures] == [("bad.txt", "extract", "RuntimeError")]
    assert len(outcomes) == 3


def test_a_dying_worker_costs_one_report() -> None:
    """The pool is started anew after a crash; the culprit is named and nothing else is lost."""
    sources = [Source(f"{n}.txt", None, text) for n, text in enumerate(["едно", "УБИЙ", "две", "три"])]
    outcomes = list(in_pool(sources, 2, die_or_answer))
    assert [one.source for one in outcomes if isinstance(one, Failure)] == [f"{n}.txt" for n in range(4)]
    assert [one.error for one in outcomes if isinstance(one, Failure)] == ["ok", "crashed", "ok", "ok"]


def test_a_script_whose_workers_cannot_start_is_told_so() -> None:
    script = 'import letopis; letopis.extract(["Среща в Русе."], jobs=2)'
    result = subprocess.run([sys.executable, "-"], input=script, text=True, capture_output=True, check=False)
    assert result.returncode == 1
    assert "no worker process can start" in result.stderr.splitlines()[-1]


def test_a_pipeline_that_workers_cannot_load_stops_the_run(tmp_path: Path) -> None:
    (tmp_path / "meta.json").write_text("{}", encoding="utf-8")
    sources = [Source(f"{n}.txt", None, "едно") for n in range(40)]
    with pytest.raises(OSError, match="cannot be loaded"):
        list(extract_all(sources, str(tmp_path), jobs=2))


def die_or_answer(source: Source) -> Failure:
    if source.text == "УБИЙ":
        os._exit(9)
    return Failure(source.name, "test", "ok", "")
