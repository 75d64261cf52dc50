"""Speed and memory: `python -m letopis.benchmark [MODEL...]` prints the figures of this machine.

Each back-end runs in a process of its own, on the same reports, one thread; the others are compared with the first.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from letopis.annotate import SHIPPED

FIRST_RESULT = "import letopis; letopis.extract(['На 13 март 2015 г. в София се проведе клъстерна среща.'])"
REPORTS = Path("corpus/reports")
MIN_WORDS = 30_000
MAX_SECONDS = 60  # a slow back-end reads fewer reports


def main(models: Sequence[str]) -> None:
    """Print start-up, then for each back-end the speed of annotation and of the whole way, and peak memory."""
    print(f"import letopis         {seconds_of_python('import letopis'):6.2f} s")
    print(f"start to first result  {seconds_of_python(FIRST_RESULT):6.2f} s\n")
    os.environ["OMP_NUM_THREADS"] = "1"
    print(f"{'':24} {'annotation alone':>24} {'the whole way, to tables':>24}")
    speeds: list[float] = []
    with ProcessPoolExecutor(1, get_context("spawn"), max_tasks_per_child=1) as pool:
        for model in models:
            annotation, memory = pool.submit(annotating, model).result()
            whole, whole_memory = pool.submit(extracting, model).result()
            speeds.append(annotation)
            ratio = f"   {models[0]} annotates {speeds[0] / annotation:.1f} times as fast" if len(speeds) > 1 else ""
            print(
                f"{model:24} {annotation:8,.0f} w/s {memory:8,.0f} MB {whole:8,.0f} w/s {whole_memory:8,.0f} MB{ratio}"
            )


def annotating(model: str) -> tuple[float, float]:
    """Words a second of a back-end alone, and the peak memory of its process in MB."""
    from letopis.annotate import load_backend

    return speed_of(load_backend(model), lambda doc: None)


def extracting(model: str) -> tuple[float, float]:
    """Words a second from text to tables, and the peak memory of the process in MB."""
    from letopis.read import Source
    from letopis.run import extractor
    from letopis.tabulate import tabulate

    process = extractor(model, ())
    return speed_of(lambda text: process(Source("report", None, text)), lambda found: tabulate([found]))


def speed_of(first: Callable[[str], Any], second: Callable[[Any], object]) -> tuple[float, float]:
    """Words a second of both tasks one after the other, over all reports or as many as `MAX_SECONDS` allow; memory in MB."""
    if "torch" in sys.modules:
        sys.modules["torch"].set_num_threads(1)
    texts = [path.read_text(encoding="utf-8") for path in sorted(REPORTS.glob("*.txt"))]
    texts *= -(-MIN_WORDS // sum(map(n_words, texts)))
    second(first(texts[0]))  # what is loaded late is loaded now
    start, words = time.perf_counter(), 0
    for text in texts:
        second(first(text))
        words += n_words(text)
        if time.perf_counter() - start > MAX_SECONDS:
            break
    speed = words / (time.perf_counter() - start)
    return speed, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def n_words(text: str) -> int:
    return len(text.split())


def seconds_of(task: Callable[[], object]) -> float:
    start = time.perf_counter()
    task()
    return time.perf_counter() - start


def seconds_of_python(program: str) -> float:
    """The best of three runs of a Python program in a process of its own."""
    command = [sys.executable, "-c", program]
    return min(seconds_of(lambda: subprocess.run(command, check=True)) for _ in range(3))


if __name__ == "__main__":
    if not REPORTS.is_dir():
        sys.exit(f"the benchmark reads {REPORTS}: run it in a checkout of Letopis")
    main(sys.argv[1:] or SHIPPED)
