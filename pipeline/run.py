"""Reports through the pipeline, in this process or in a pool of them; each input ends as findings or as an error."""

from __future__ import annotations

import functools
import multiprocessing
import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass

from letopis.findings import Findings, findings
from letopis.read import ReadError, Report, Source, read, with_standard_input

TASKS_AHEAD = 8  # reports handed to a worker in advance: enough to keep it busy, few enough to bound memory


@dataclass(frozen=True, slots=True)
class Extracted:
    """One report and what was found in it."""

    report: Report
    findings: Findings
    n_sentences: int
    n_tokens: int


@dataclass(frozen=True, slots=True)
class Failure:
    """One input that gave no rows: a row of the table `errors`."""

    source: str
    stage: str
    error: str
    message: str


def extract_all(
    sources: Iterable[Source], model: str, jobs: int = 1, exclude: tuple[str, ...] = ()
) -> Iterator[Extracted | Failure]:
    """What was found in each source, in their order; `jobs` worker processes (0: one for each core)."""
    jobs = jobs or os.cpu_count() or 1
    if jobs == 1:
        process = extractor(model, exclude)
        yield from map(process, sources)
    else:
        extractor(model, exclude)  # what cannot be loaded fails here, and not in every worker
        readable = [with_standard_input(source) for source in sources]
        yield from in_pool(readable, jobs, functools.partial(start_worker, model, exclude))


def extractor(model: str, exclude: tuple[str, ...]) -> Callable[[Source], Extracted | Failure]:
    """The function from a source to its findings, with its pipeline loaded."""
    from letopis.annotate import load_pipeline

    nlp = load_pipeline(model, exclude)

    def process(source: Source) -> Extracted | Failure:
        try:
            report = read(source)
        except ReadError as error:
            return Failure(source.name, "read", error.error, error.message)
        try:
            with nlp.memory_zone():
                doc = nlp(report.text)
                n_tokens = sum(not token.is_space for token in doc)
                return Extracted(report, findings(doc), sum(1 for _ in doc.sents), n_tokens)
        except Exception as error:  # one bad report never stops a run
            cause = error.__cause__ or error  # spaCy wraps what a component raises
            return Failure(source.name, "extract", type(cause).__name__, str(cause) or "no message")

    return process


_process: Callable[[Source], Extracted | Failure]


def start_worker(model: str, exclude: tuple[str, ...]) -> None:
    global _process
    os.environ["OMP_NUM_THREADS"] = "1"  # one process for each core: threads inside would only compete
    _process = extractor(model, exclude)


def process_source(source: Source) -> Extracted | Failure:
    return _process(source)


def in_pool(sources: list[Source], jobs: int, initializer: Callable[[], None]) -> Iterator[Extracted | Failure]:
    """As `extract_all`, by a pool that is started anew without the culprit when a worker process dies."""
    done = 0
    while done < len(sources):
        with new_pool(jobs, initializer) as pool:
            try:
                for outcome in ordered(pool, sources[done:], jobs * TASKS_AHEAD):
                    yield outcome
                    done += 1
                return
            except BrokenProcessPool:
                pass
        with new_pool(1, initializer) as pool:  # alone, so that it is known which report kills its worker
            try:
                yield pool.submit(process_source, sources[done]).result()
            except BrokenProcessPool:
                message = "the worker process died on this report (out of memory?); try it alone"
                yield Failure(sources[done].name, "extract", "crashed", message)
            done += 1


def new_pool(jobs: int, initializer: Callable[[], None]) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(jobs, multiprocessing.get_context("spawn"), initializer)


def ordered(pool: ProcessPoolExecutor, sources: list[Source], ahead: int) -> Iterator[Extracted | Failure]:
    """The outcomes in the order of `sources`, with at most `ahead` of them in flight."""
    futures: list[Future[Extracted | Failure]] = []
    for source in sources:
        futures.append(pool.submit(process_source, source))
        if len(futures) >= ahead:
            yield futures.pop(0).result()
    for future in futures:
        yield future.result()
