"""Speed and memory of the extraction: `python -m letopis.benchmark [FOLDER]` prints the figures of this machine."""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

FIRST_RESULT = "import letopis; letopis.extract(['На 13 март 2015 г. в София се проведе клъстерна среща.'])"
MIN_WORDS = 30_000


def main(folder: Path) -> None:
    """Print start-up, words per second of annotation and of the whole way, and peak memory, for one process."""
    print(f"import letopis               {seconds_of_python('import letopis'):8.2f} s")
    print(f"start to first result        {seconds_of_python(FIRST_RESULT):8.2f} s")

    import spacy

    from letopis.annotate import DEFAULT_MODEL, load_pipeline, model_path
    from letopis.read import Source
    from letopis.run import extract_all
    from letopis.tabulate import tabulate

    texts = [path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.txt"))]
    words = sum(len(text.split()) for text in texts)
    texts *= -(-MIN_WORDS // words)
    words = sum(len(text.split()) for text in texts)
    print(f"{len(texts)} reports, {words:,} words, one process")

    annotator, nlp = spacy.load(model_path(DEFAULT_MODEL)), load_pipeline()
    sources = [Source(f"{n:06}", None, text) for n, text in enumerate(texts)]
    tasks: dict[str, Callable[[], object]] = {
        "tokenizer alone": lambda: [nlp.make_doc(text) for text in texts],
        "annotation": lambda: [annotator(text) for text in texts],
        "annotation and extraction": lambda: [nlp(text) for text in texts],
        "the whole way, to tables": lambda: tabulate(extract_all(sources, DEFAULT_MODEL)),
    }
    for name, task in tasks.items():
        print(f"{name:28} {words / seconds_of(task):8,.0f} words/s")
    print(f"peak memory                  {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:8.0f} MB")


def seconds_of(task: Callable[[], object]) -> float:
    start = time.perf_counter()
    task()
    return time.perf_counter() - start


def seconds_of_python(program: str) -> float:
    """The best of three runs of a Python program in a process of its own."""
    command = [sys.executable, "-c", program]
    return min(seconds_of(lambda: subprocess.run(command, check=True)) for _ in range(3))


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "corpus/reports"))
