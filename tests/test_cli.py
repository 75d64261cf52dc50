"""The command line as a user meets it: commands, exit codes, messages, files."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from letopis.cli import main
from letopis.schema import TABLES

ROOT = Path(__file__).parent.parent
GOOD = "Среща в Русе\n\nНа 5 май 2018 г. в Русе се проведе работна среща, открита от кмета Иван Петров.\n"


def run(*arguments: str | Path, stdin: str | None = None) -> click.testing.Result:
    return CliRunner().invoke(main, [str(one) for one in arguments], input=stdin)


def errors(folder: Path) -> dict[str, str]:
    with (folder / "errors.csv").open(encoding="utf-8", newline="") as file:
        return {row["source"]: row["error"] for row in csv.DictReader(file)}


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    folder = tmp_path / "доклади с интервал"
    folder.mkdir()
    (folder / "good.txt").write_text(GOOD, encoding="utf-8")
    return folder


def test_every_command_and_option_has_help_and_stands_in_the_readme() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for name, command in main.commands.items():
        assert command.help, name
        assert f"letopis {name}" in readme, f"README.md does not mention letopis {name}"
        for parameter in command.params:
            if isinstance(parameter, click.Option):
                assert parameter.help, f"{name} {parameter.name}"


def test_extract_writes_every_table(reports: Path, tmp_path: Path) -> None:
    output = tmp_path / "out"
    result = run("extract", reports, "--output", output)
    assert result.exit_code == 0, result.output
    assert "1 of 1 reports read" in result.output
    expected = {f"{table}.csv" for table in TABLES} | {"datapackage.json", "reports.jsonl", "reports.schema.json"}
    assert {path.name for path in output.iterdir()} == expected


def test_failed_inputs_are_listed_and_the_others_complete(reports: Path, tmp_path: Path) -> None:
    (reports / "empty.txt").write_bytes(b"")
    (reports / "binary.txt").write_bytes(bytes(range(256)))
    (reports / "english.txt").write_text("The meeting took place in Sofia in the presence of many.", encoding="utf-8")
    result = run("extract", reports, "no such file.txt", "-o", tmp_path / "out")
    assert result.exit_code == 1
    assert errors(tmp_path / "out") == {
        "binary.txt": "binary", "empty.txt": "empty", "english.txt": "no_bulgarian", "no such file.txt": "missing",
    }  # fmt: skip
    assert "1 of 5 reports read" in result.output


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_standard_input_and_json_only(tmp_path: Path, jobs: str) -> None:
    result = run("extract", "-", "-o", tmp_path, "--format", "json", "--jobs", jobs, stdin=GOOD)
    assert result.exit_code == 0, result.output
    record = json.loads((tmp_path / "reports.jsonl").read_text(encoding="utf-8"))
    assert record["source"] == "-"
    assert not (tmp_path / "events.csv").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["extract"], "Missing argument"),
        (["extract", "x.txt", "--format", "xml"], "known: csv, json"),
        (["extract", "x.txt", "--model", "nonsense"], "no pipeline 'nonsense'"),
        (["evaluate", "nowhere", "nowhere"], "does not exist"),
        (["nonsense"], "No such command"),
    ],
)
def test_wrong_usage_is_explained(arguments: list[str], message: str) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert message in result.output


def test_a_folder_without_reports_is_wrong_usage(tmp_path: Path) -> None:
    result = run("extract", tmp_path, "-o", tmp_path / "out")
    assert result.exit_code == 2
    assert "no .txt files" in result.output


def test_show_prints_text_and_tables(reports: Path) -> None:
    result = run("show", reports / "good.txt")
    assert result.exit_code == 0, result.output
    assert "Среща в Русе" in result.output
    assert "events (1)" in result.output


@pytest.mark.parametrize("kind", ["json-schema", "datapackage"])
def test_schema_prints_json(kind: str) -> None:
    assert json.loads(run("schema", "--kind", kind).output)["$schema"].startswith("https://")


def test_import_is_light() -> None:
    program = "import letopis, sys; print([m for m in ('spacy', 'pandas', 'numpy', 'onnxruntime') if m in sys.modules])"
    assert subprocess.check_output([sys.executable, "-c", program], text=True).strip() == "[]"


def test_cli_runs_from_a_checkout() -> None:
    subprocess.run([sys.executable, "cli.py", "--version"], cwd=ROOT, check=True, capture_output=True)
