"""Reports through the pipeline, in this process or in a pool of them; each input ends as findings or as an error."""

from __future__ import annotations

import functools
import multiprocessing
import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
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


Extract = Callable[[Source], Extracted | Failure]


def extract_all(
    sources: Iterable[Source], model: str, jobs: int = 1, exclude: tuple[str, ...] = ()
) -> Iterator[Extracted | Failure]:
    """What was found in each source, in their order; `jobs` worker processes (0: one for each core)."""
    jobs = jobs or os.cpu_count() or 1
    if jobs == 1:
        yield from map(extractor(model, exclude), sources)
    else:
        extract = functools.partial(extract_in_worker, model=model, exclude=exclude)
        yield from in_pool([with_standard_input(source) for source in sources], jobs, extract)


def extractor(model: str, exclude: tuple[str, ...]) -> Extract:
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


workers_extractor = functools.cache(extractor)


def extract_in_worker(source: Source, *, model: str, exclude: tuple[str, ...]) -> Extracted | Failure:
    """What was found in one source; the first call of a worker process loads the pipeline."""
    return workers_extractor(model, exclude)(source)


def in_pool(sources: list[Source], jobs: int, extract: Extract) -> Iterator[Extracted | Failure]:
    """As `extract_all`, by a pool that is started anew without the culprit when a worker process dies."""
    done = 0
    while done < len(sources):
        with new_pool(jobs) as pool:
            try:
                for outcome in ordered(pool, extract, sources[done:], jobs * TASKS_AHEAD):
                    yield outcome
                    done += 1
                return
            except BrokenProcessPool:
                pass
        with new_pool(1) as pool:  # alone, so that it is known which report kills its worker
            try:
                yield pool.submit(extract, sources[done]).result()
            except BrokenProcessPool:
                message = "the worker process died on this report (out of memory?); try it alone"
                yield Failure(sources[done].name, "extract", "crashed", message)
            done += 1


@contextmanager
def new_pool(jobs: int) -> Iterator[ProcessPoolExecutor]:
    """A pool of `jobs` processes, each with one thread; what nobody waits for any more is not begun.

    Raises RuntimeError if no process can start.
    """
    os.environ["OMP_NUM_THREADS"] = "1"  # which the libraries of a new process read
    pool = ProcessPoolExecutor(jobs, multiprocessing.get_context("spawn"))
    try:
        check_start(pool)
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)


def check_start(pool: ProcessPoolExecutor) -> None:
    """Raises RuntimeError if no process can start; each reads the main script anew."""
    try:
        pool.submit(os.getpid).result()
    except BrokenProcessPool as error:
        raise RuntimeError(
            'no worker process can start: put what your script does under `if __name__ == "__main__":`, save it as a'
            " file, or leave `jobs` out"
        ) from error


def ordered(
    pool: ProcessPoolExecutor, extract: Extract, sources: list[Source], ahead: int
) -> Iterator[Extracted | Failure]:
    """The outcomes in the order of `sources`, with at most `ahead` of them in flight."""
    futures: list[Future[Extracted | Failure]] = []
    for source in sources:
        futures.append(pool.submit(extract, source))
        if len(futures) >= ahead:
            yield futures.pop(0).result()
    for future in futures:
        yield future.result()
