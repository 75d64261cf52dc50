"""From findings to files and back: resolution, tables, formats, schema."""

from __future__ import annotations

import datetime
import json
from dataclasses import replace
from pathlib import Path

import frictionless
import jsonschema
import pandas as pd
import pytest

import letopis
from letopis.findings import CalendarDate, Event, Findings, Mention, Organization, Person, Place, Role
from letopis.read import Source, read
from letopis.run import Extracted, Failure
from letopis.schema import TABLES, columns, data_package, dtypes, json_schema
from letopis.tabulate import Tables, tabulate
from letopis.write import write

TEXT = "На 001 се проведе среща в Ниш. Присъства Иван Петров от NA."


def mention(piece: str) -> Mention:
    start = TEXT.index(piece)
    return Mention(start, start + len(piece), 1.0, "test")


def person(name: str = "Иван Петров", *aliases: str) -> Person:
    return Person(name=name, aliases=set(aliases), mentions=[mention("Иван Петров")])


def organization(name: str = "NA", abbreviation: str = "", *aliases: str) -> Organization:
    return Organization(name=name, abbreviation=abbreviation, aliases=set(aliases), mentions=[mention("NA")])


def extracted(found: Findings, source: str = "a.txt") -> Extracted:
    return Extracted(replace(read(Source(source, None, TEXT)), source=source), found, 2, 12)


def full_findings() -> Findings:
    """A finding of each kind, with values that careless readers of CSV spoil."""
    day = CalendarDate(
        mention=mention("001"), edtf="2015-03", start=datetime.date(2015, 3, 1), end=datetime.date(2015, 3, 31),
        granularity="month",
    )  # fmt: skip
    ivan, na = person(), organization()
    nis = Place(name="Ниш", country="RS", kind="settlement", latitude=43.3, longitude=21.9, mentions=[mention("Ниш")])
    event = Event(
        scope="main", mention=mention("среща"), name="NULL", date=day, city=nis, country="RS", attendance_min=1,
        attendance_mention=mention("001"),
    )  # fmt: skip
    role = Role(actor=ivan, organization=na, mention=mention("от NA"), function="participant", event=event)
    return Findings(
        dates=[day], persons=[ivan], organizations=[na], places=[nis], events=[event], roles=[role],
        published=datetime.date(2015, 4, 1),
    )  # fmt: skip


@pytest.fixture
def tables() -> Tables:
    return tabulate([extracted(full_findings()), Failure("b.txt", "read", "empty", "the file holds no text")])


def test_frames_have_the_columns_and_dtypes_of_the_schema(tables: Tables) -> None:
    for name, frame in tables.items():
        assert list(frame.columns) == columns(name)
        assert frame.dtypes.astype(str).to_dict() == dtypes(name) | {
            column: "str" for column, dtype in frame.dtypes.astype(str).items() if dtype == "str"
        }


@pytest.mark.parametrize("formats", [["csv"], ["json"], ["csv", "json"]])
def test_load_gives_back_what_was_written(tables: Tables, tmp_path: Path, formats: list[str]) -> None:
    write(tables, tmp_path, formats)
    loaded = letopis.load(tmp_path)
    for name, frame in tables.items():
        pd.testing.assert_frame_equal(loaded[name], frame)
    assert loaded.organizations.name.tolist() == ["NA"]
    assert loaded.dates.text.tolist() == ["001"]
    assert loaded.dates.edtf.tolist() == ["2015-03"]
    assert loaded.events.name.tolist() == ["NULL"]
    assert loaded.persons.gender.isna().all()


def test_load_says_when_there_is_no_run(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="holds no run"):
        letopis.load(tmp_path)


def test_load_says_when_a_column_is_missing(tables: Tables, tmp_path: Path) -> None:
    write(tables, tmp_path, ["csv"])
    (tmp_path / "places.csv").write_text("place_id,name\n", encoding="utf-8")
    with pytest.raises(ValueError, match="places"):
        letopis.load(tmp_path)


def test_json_lines_satisfy_the_schema(tables: Tables, tmp_path: Path) -> None:
    write(tables, tmp_path, ["json"])
    lines = [json.loads(line) for line in (tmp_path / "reports.jsonl").read_text(encoding="utf-8").splitlines()]
    for line in lines:
        jsonschema.validate(line, json_schema(), cls=jsonschema.Draft202012Validator)
    assert lines[0]["text"] == TEXT
    assert lines[0]["events"][0]["venue"] is None


def test_frictionless_accepts_the_package(tables: Tables, tmp_path: Path) -> None:
    write(tables, tmp_path, ["csv"])
    report = frictionless.validate(tmp_path / "datapackage.json", type="package")
    assert report.valid, report.flatten(["message"])


def test_data_package_names_every_table_and_foreign_key() -> None:
    resources = {resource["name"]: resource for resource in data_package()["resources"]}
    assert set(resources) == set(TABLES)
    keys = {key["fields"][0] for key in resources["roles"]["schema"]["foreignKeys"]}
    assert keys == {"report_id", "event_id", "person_id", "organization_id"}


def test_csv_is_plain_utf8(tables: Tables, tmp_path: Path) -> None:
    write(tables, tmp_path, ["csv"])
    data = (tmp_path / "places.csv").read_bytes()
    assert data.startswith(b"place_id,")
    assert b"\r" not in data
    assert not list(tmp_path.glob(".*")), "no temporary file is left"


def test_a_failed_write_leaves_the_old_file(tables: Tables, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tables, tmp_path, ["csv"])
    before = (tmp_path / "reports.csv").read_bytes()
    monkeypatch.setattr(pd.DataFrame, "to_csv", lambda *_, **__: (_ for _ in ()).throw(OSError("disk full")))
    with pytest.raises(OSError, match="disk full"):
        write(tables, tmp_path, ["csv"])
    assert (tmp_path / "reports.csv").read_bytes() == before
    assert not list(tmp_path.glob(".*"))


def ids(*found: Findings) -> list[str]:
    tables = tabulate([extracted(one, f"{n}.txt") for n, one in enumerate(found)])
    return [*tables.persons.name, *tables.organizations.name]


@pytest.mark.parametrize(
    ("first", "second", "merged"),
    [
        (person("Иван Петров"), person("Иван Петров"), ["Иван Петров"]),
        (person("Иван Петров", "Петров"), person("Георги Петров", "Петров"), ["Георги Петров", "Иван Петров"]),
        (person("Иван Петров"), person("Иван Илиев Петров", "Иван Петров"), ["Иван Илиев Петров"]),
        (person("Ivan Petrov"), person("Иван Петров"), ["Ivan Petrov"]),
        (organization("Фонд „Река“"), organization("Фонд “Река”"), ["Фонд „Река“"]),
        (organization("Български Червен кръст", "БЧК"), organization("БЧК"), ["Български Червен кръст"]),
        (organization("Стопански факултет", "СФ"), organization("Стандартен фонд", "СФ"),
         ["Стандартен фонд", "Стопански факултет"]),
    ],
)  # fmt: skip
def test_resolution_across_reports(first: Person, second: Person, merged: list[str]) -> None:
    def found(entity: Person | Organization) -> Findings:
        return Findings(persons=[entity]) if isinstance(entity, Person) else Findings(organizations=[entity])

    names = ids(found(first), found(second))
    assert len(names) == len(merged)
    assert ids(found(second), found(first)) == names, "the order of the reports must not matter"


def test_order_of_reports_does_not_matter() -> None:
    one, other = extracted(full_findings(), "a.txt"), extracted(full_findings(), "b.txt")
    forth, back = tabulate([one, other]), tabulate([other, one])
    for name, frame in forth.items():
        pd.testing.assert_frame_equal(frame, back[name])


def test_entities_are_counted_by_report() -> None:
    tables = tabulate([extracted(full_findings(), "a.txt"), extracted(full_findings(), "b.txt")])
    assert tables.persons.n_reports.tolist() == [2]
    assert len(tables.roles) == 2
