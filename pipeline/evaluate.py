"""Tables against gold annotations: precision, recall and F1 per table, micro-averaged over the gold reports.

The measures are those of the gold guidelines: entities pair one-to-one by shared names, dates by EDTF value,
the main event slot by slot, free text by word overlap of at least a half.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any, TypeVar

from letopis.schema import ENTITY_TABLES, columns
from letopis.tabulate import Tables
from letopis.write import rows_of

MEASURES = (
    "dates", "persons", "organizations", "places", "positions", "affiliations", "functions", "event",
    "other_events", "talks", "topics", "base_form",
)  # fmt: skip
EVENT_SLOTS = ("name", "type", "start", "end", "start_time", "city", "country", "venue", "attendance")
QUOTES = dict.fromkeys(map(ord, "„“”\"«»'’‘`‚"))
SAME_NAME = 0.75  # entities: share of words in common
SAME_TEXT = 0.5  # names of events, positions, titles, topics

Row = dict[str, Any]
T = TypeVar("T")
U = TypeVar("U")


@dataclass
class Score:
    """Counts of one measure: right, too much, missing; and what was wrong, report by report."""

    right: int = 0
    extra: int = 0
    missing: int = 0
    slips: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float:
        return self.right / (self.right + self.extra) if self.right + self.extra else 0.0

    @property
    def recall(self) -> float:
        return self.right / (self.right + self.missing) if self.right + self.missing else 0.0

    @property
    def f1(self) -> float:
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0

    def add(self, right: int, found: int, wanted: int) -> None:
        self.right += right
        self.extra += found - right
        self.missing += wanted - right

    def add_pairs(self, report: str, found: Sequence[T], wanted: Sequence[U], pairs: Iterable[tuple[int, int]]) -> None:
        """Count one-to-one `pairs` of indices into `found` and `wanted`, and note what is in none."""
        hits = list(pairs)
        hit_found, hit_wanted = {i for i, _ in hits}, {j for _, j in hits}
        self.add(len(hits), len(found), len(wanted))
        self.slips += [f"{report} + {one}" for n, one in enumerate(found) if n not in hit_found]
        self.slips += [f"{report} - {one}" for n, one in enumerate(wanted) if n not in hit_wanted]


def evaluate(tables: Tables, gold_folder: Path) -> dict[str, Score]:
    """The score of each measure over the gold reports of `gold_folder` (NAME.json for the report NAME.*).

    Raises FileNotFoundError if there is no gold file.
    """
    golds = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(gold_folder.glob("*.json"))]
    if not golds:
        raise FileNotFoundError(f"no gold annotations (*.json) in {gold_folder}")
    found = FoundTables(tables)
    scores = {measure: Score() for measure in MEASURES}
    for gold in golds:
        score_report(scores, found.report(gold["report"]), gold)
    return scores


def mean_f1(scores: dict[str, Score]) -> float:
    """The plain mean of the F1s; base forms are a measure of their own and stay out."""
    counted = [score.f1 for measure, score in scores.items() if measure != "base_form"]
    return sum(counted) / len(counted)


@dataclass
class FoundReport:
    """What the tables hold on one report: its rows by table, and for each entity mentioned its forms and its name."""

    rows: dict[str, list[Row]]
    forms: dict[str, dict[str, set[str]]]
    names: dict[str, str]


class FoundTables:
    """The rows of all tables, by report."""

    def __init__(self, tables: Tables) -> None:
        rows = {name: rows_of(frame, name) for name, frame in tables.items()}
        self.ids = {PurePosixPath(row["source"]).stem: row["report_id"] for row in rows["reports"]}
        self.names = {table: {row[columns(table)[0]]: row["name"] for row in rows[table]} for table in ENTITY_TABLES}
        self.by_report: dict[str, dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
        for table in ("events", "dates", "roles", "talks", "topics", "mentions"):
            for row in rows[table]:
                self.by_report[row["report_id"]][table].append(row)

    def report(self, name: str) -> FoundReport:
        rows = self.by_report[self.ids.get(name, "")]
        forms: dict[str, dict[str, set[str]]] = {table: defaultdict(set) for table in ENTITY_TABLES}
        for mention in rows["mentions"]:
            for table, names in self.names.items():
                if mention["entity_id"] in names:
                    forms[table][mention["entity_id"]] |= {mention["text"], names[mention["entity_id"]]}
        names = {entity: self.names[table][entity] for table in ENTITY_TABLES for entity in forms[table]}
        return FoundReport(rows, forms, names)


def score_report(scores: dict[str, Score], found: FoundReport, gold: dict[str, Any]) -> None:
    """Add what one report got right and wrong to `scores`."""
    matched = score_entities(scores, found, gold)
    score_dates(scores["dates"], found, gold)
    score_main_event(scores["event"], found, gold)
    score_other_events(scores["other_events"], found, gold)
    score_roles(scores, found, gold, matched)
    score_talks(scores["talks"], found, gold, matched)
    texts, wanted = [topic["text"] for topic in found.rows["topics"]], gold.get("topics", [])
    scores["topics"].add_pairs(gold["report"], texts, wanted, pair(texts, wanted, overlap, SAME_TEXT))


def score_entities(scores: dict[str, Score], found: FoundReport, gold: dict[str, Any]) -> dict[str, str]:
    """Score persons, organisations, places and base forms; returns the gold name of each matched entity id."""
    matched: dict[str, str] = {}
    for table in ENTITY_TABLES:
        ids = list(found.forms[table])
        wanted = gold.get(table, [])
        wanted_forms = [{one["name"], *one.get("aliases", [])} for one in wanted]
        pairs = pair([found.forms[table][one] for one in ids], wanted_forms, name_similarity, SAME_NAME)
        scores[table].add_pairs(
            gold["report"], [found.names[one] for one in ids], [one["name"] for one in wanted], pairs
        )
        matched |= {ids[i]: wanted[j]["name"] for i, j in pairs}
        if table != "places":
            wrong = [(i, j) for i, j in pairs if plain(found.names[ids[i]]) != plain(wanted[j]["name"])]
            scores["base_form"].add(len(pairs) - len(wrong), len(pairs), len(pairs))
            scores["base_form"].slips += [
                f"{gold['report']} {found.names[ids[i]]!r} for {wanted[j]['name']!r}" for i, j in wrong
            ]
    return matched


def score_dates(score: Score, found: FoundReport, gold: dict[str, Any]) -> None:
    values = sorted({date["edtf"] for date in found.rows["dates"]})
    wanted = sorted({date["edtf"] for date in gold.get("dates", [])})
    pairs = [(i, wanted.index(value)) for i, value in enumerate(values) if value in wanted]
    score.add_pairs(gold["report"], values, wanted, pairs)


def score_main_event(score: Score, found: FoundReport, gold: dict[str, Any]) -> None:
    main = next((event for event in found.rows["events"] if event["scope"] == "main"), {})
    wanted_main: Row = next((event for event in gold.get("events", []) if event["scope"] == "main"), {})
    for slot in EVENT_SLOTS:
        value = text_of(main.get("attendance_min" if slot == "attendance" else slot))
        wanted = text_of(wanted_main.get(slot))
        if slot in ("name", "venue"):
            right = bool(value and wanted) and (overlap(value, wanted) >= SAME_TEXT or plain(value) == plain(wanted))
        else:
            right = bool(wanted) and plain(value) == plain(wanted)
        score.add(int(right), int(bool(value)), int(bool(wanted)))
        if (value or wanted) and not right:
            score.slips.append(f"{gold['report']} {slot}: {value!r} for {wanted!r}")


def score_other_events(score: Score, found: FoundReport, gold: dict[str, Any]) -> None:
    def similarity(one: Row, other: Row) -> float:
        if one["scope"] != other["scope"]:
            return 0.0
        same_start = bool(other.get("start")) and one["start"] == other["start"]
        return 1.0 if same_start else overlap(one["name"], other["name"])

    others = [event for event in found.rows["events"] if event["scope"] != "main"]
    wanted = [event for event in gold.get("events", []) if event["scope"] != "main"]
    pairs = pair(others, wanted, similarity, SAME_TEXT)
    score.add_pairs(gold["report"], [event["name"] for event in others], [event["name"] for event in wanted], pairs)


def score_roles(scores: dict[str, Score], found: FoundReport, gold: dict[str, Any], matched: dict[str, str]) -> None:
    """Who holds which position, who belongs where, who did what."""
    held, belongs, did = set(), set(), set()
    for role in found.rows["roles"]:
        actor = plain(name_of(role["person_id"] or role["organization_id"], found, matched))
        if role["person_id"] and role["organization_id"]:
            belongs.add((actor, plain(name_of(role["organization_id"], found, matched))))
        if role["position"]:
            held.add((actor, role["position"]))
        if role["function"]:
            did.add((actor, role["function"]))
    canonical = gold_names(gold)
    roles = gold.get("roles", [])
    wanted_held = {(canonical(role["actor"]), role["position"]) for role in roles if role.get("position")}
    wanted_belongs = {
        (canonical(role["actor"]), canonical(role["organization"])) for role in roles if role.get("organization")
    }
    wanted_did = {(canonical(role["actor"]), one) for role in roles for one in role.get("functions", [])}
    for measure, values, wanted, similarity in (
        ("positions", held, wanted_held, same_actor_and_text),
        ("affiliations", belongs, wanted_belongs, equal),
        ("functions", did, wanted_did, equal),
    ):
        ordered, wanted_ordered = sorted(values), sorted(wanted)
        pairs = pair(ordered, wanted_ordered, similarity, SAME_TEXT)
        scores[measure].add_pairs(gold["report"], ordered, wanted_ordered, pairs)


def score_talks(score: Score, found: FoundReport, gold: dict[str, Any], matched: dict[str, str]) -> None:
    canonical = gold_names(gold)
    talks = [
        (plain(name_of(talk["person_id"] or talk["organization_id"], found, matched)), talk["title"])
        for talk in found.rows["talks"]
    ]
    wanted = [(canonical(talk["speaker"]), talk["title"]) for talk in gold.get("talks", [])]
    pairs = pair(talks, wanted, lambda one, other: (one[0] == other[0]) * overlap(one[1], other[1]), SAME_TEXT)
    score.add_pairs(gold["report"], talks, wanted, pairs)


def gold_names(gold: dict[str, Any]) -> Callable[[str], str]:
    """The function from any form of a gold person or organisation to its plain name."""
    names = {
        plain(form): plain(one["name"])
        for table in ("persons", "organizations")
        for one in gold.get(table, [])
        for form in (one["name"], *one.get("aliases", []))
    }
    return lambda text: names.get(plain(text), plain(text))


def name_of(entity: str | None, found: FoundReport, matched: dict[str, str]) -> str:
    return matched.get(entity or "") or found.names.get(entity or "", entity or "")


def pair(
    found: Sequence[T], wanted: Sequence[U], similarity: Callable[[T, U], float], threshold: float
) -> list[tuple[int, int]]:
    """Greedy one-to-one pairing of indices, most similar first, none under `threshold`."""
    candidates = sorted(
        ((similarity(one, other), i, j) for i, one in enumerate(found) for j, other in enumerate(wanted)),
        key=lambda candidate: -candidate[0],
    )
    pairs: list[tuple[int, int]] = []
    used_found, used_wanted = set[int](), set[int]()
    for value, i, j in candidates:
        if value >= threshold and i not in used_found and j not in used_wanted:
            used_found.add(i)
            used_wanted.add(j)
            pairs.append((i, j))
    return pairs


def equal(one: Hashable, other: Hashable) -> float:
    return float(one == other)


def same_actor_and_text(one: tuple[str, str], other: tuple[str, str]) -> float:
    return (one[0] == other[0]) * max(overlap(one[1], other[1]), float(plain(one[1]) == plain(other[1])))


def name_similarity(forms: set[str], others: set[str]) -> float:
    """1 where a form is shared, else the best word overlap of two forms."""
    one, other = {plain(form) for form in forms if form}, {plain(form) for form in others if form}
    if one & other:
        return 1.0
    return max((overlap(p, q) for p in one for q in other), default=0.0)


def overlap(one: str | None, other: str | None) -> float:
    """Jaccard similarity of the word stems of two texts."""
    a, b = stems(one), stems(other)
    if not a or not b:
        return float(bool(plain(one)) and plain(one) == plain(other))
    return len(a & b) / len(a | b)


def stems(text: str | None) -> frozenset[str]:
    """Words cut to five letters: a rough stem without the Bulgarian article and number endings."""
    return frozenset(word[:5] for word in re.findall(r"\w+", plain(text)) if len(word) > 2 or word.isdigit())


def plain(text: str | None) -> str:
    """The text without case, quotes, kinds of dash and outer punctuation."""
    text = unicodedata.normalize("NFC", text or "").translate(QUOTES).casefold()
    text = re.sub(r"[‐‑‒–—−]", "-", text)
    return re.sub(r"\s+", " ", text).strip(" .,;:-()")


def text_of(value: object) -> str:
    return "" if value is None else str(value)
