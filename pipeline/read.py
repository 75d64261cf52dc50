"""Inputs to reports: find the files, decode them, tell the title and the language."""

from __future__ import annotations

import hashlib
import os
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from letopis.layout import title_of

SUFFIXES = {".txt"}
MAX_BYTES = 20_000_000  # a report is a page or two; what is larger is something else
CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a]")
BULGARIAN_ONLY = re.compile(r"\b(?:на|се|от|за|със|ще|беше|бяха|както|през|които|която|който|че)\b|[ъщ]", re.IGNORECASE)
NOT_BULGARIAN = re.compile(r"[ыэёіїєґђјљњћџѓќѕ]", re.IGNORECASE)
LETTERS = re.compile(r"[^\W\d_]")
CYRILLIC = re.compile(r"[\u0400-\u04ff]")
MIN_LETTERS = 20


@dataclass(frozen=True, slots=True)
class Report:
    """One input document. `text` is what its bytes decode to, never altered; all offsets count in it."""

    source: str
    text: str
    sha256: str
    title: str
    language: str

    @property
    def report_id(self) -> str:
        return "rep_" + hashlib.sha256(f"{self.source}\0{self.sha256}".encode()).hexdigest()[:16]


class ReadError(Exception):
    """An input that could not be read; the message says what is wrong and what to do.

    `error` is a short code for the `errors` table: missing, unreadable, empty, too_large, binary, encoding,
    unsupported, no_bulgarian.
    """

    def __init__(self, error: str, message: str) -> None:
        super().__init__(message)
        self.error = error
        self.message = message

    def __reduce__(self) -> tuple[type[ReadError], tuple[str, str]]:
        return ReadError, (self.error, self.message)


@dataclass(frozen=True, slots=True)
class Source:
    """Where a report is to be read: `name` is its path relative to the input folder, `-` standard input."""

    name: str
    path: Path | None
    text: str | None = None
    data: bytes | None = None  # standard input, where it was read ahead


def sources_of(inputs: Iterable[str | os.PathLike[str]]) -> list[Source]:
    """The sources behind files, folders (searched recursively) and `-`, each once, sorted by name.

    A path that does not exist is kept: reading it then says so. Inside folders, files with other suffixes than
    `.txt` and hidden files are left out.
    """
    found: dict[Path | str, Source] = {}
    for given in map(str, inputs):
        if given == "-":
            found["-"] = Source("-", None)
        elif (path := Path(given)).is_dir():
            for file in sorted(files_below(path)):
                found.setdefault(file.resolve(), Source(file.relative_to(path).as_posix(), file))
        else:
            found.setdefault(path.resolve(), Source(path.name, path))
    return unambiguous(sorted(found.values(), key=lambda source: (source.name, str(source.path))))


def files_below(folder: Path) -> Iterator[Path]:
    for root, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            if not name.startswith(".") and Path(name).suffix.lower() in SUFFIXES:
                yield Path(root) / name


def unambiguous(sources: list[Source]) -> list[Source]:
    """Two inputs of one relative name (from two folders) are told apart by their paths as given."""
    times = Counter(source.name for source in sources)
    return [
        Source(source.path.as_posix(), source.path) if source.path and times[source.name] > 1 else source
        for source in sources
    ]


def read(source: Source) -> Report:
    """The report behind `source`. Raises ReadError, naming what is wrong, if there is none."""
    if source.text is not None:
        return report_of(source.name, source.text.encode("utf-8", "surrogatepass"), source.text)
    data = bytes_of(source)
    if not data.strip():
        raise ReadError("empty", "the file holds no text")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise ReadError("encoding", "the file is UTF-16; save it as UTF-8")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if b"\x00" in data[:4096]:
            raise ReadError("binary", "the file is binary, not text") from error
        raise ReadError("encoding", f"not UTF-8 at byte {error.start}; save the file as UTF-8") from error
    if CONTROL.search(text[:4096]):
        raise ReadError("binary", "the file holds control characters: it is binary, not text")
    return report_of(source.name, data, text)


def with_standard_input(source: Source) -> Source:
    """The source with standard input read, if it is that: worker processes have none of it."""
    is_input = source.path is None and source.text is None
    return replace(source, data=sys.stdin.buffer.read()) if is_input else source


def bytes_of(source: Source) -> bytes:
    try:
        if source.path is None:
            return sys.stdin.buffer.read() if source.data is None else source.data
        size = source.path.stat().st_size
        if size > MAX_BYTES:
            raise ReadError("too_large", f"{size:,} bytes, over the limit of {MAX_BYTES:,}; split the file")
        return source.path.read_bytes()
    except FileNotFoundError as error:
        raise ReadError("missing", "no such file or folder; check the path") from error
    except OSError as error:
        raise ReadError("unreadable", f"{error.strerror}; check the file's permissions") from error


def report_of(name: str, data: bytes, text: str) -> Report:
    language = language_of(text)
    if not text.strip():
        raise ReadError("empty", "the file holds no text")
    if language != "bg":
        raise ReadError("no_bulgarian", "no Bulgarian text found in the file; Letopis reads Bulgarian only")
    return Report(name, text, hashlib.sha256(data).hexdigest(), title_of(text), language)


def language_of(text: str) -> str:
    """ "bg", or nothing where the text is not Bulgarian.

    Cyrillic letters must carry a fair share of the text, with frequent Bulgarian words or letters, and without
    the letters that only its neighbours (Russian, Ukrainian, Serbian, Macedonian) have.
    """
    n_letters = len(LETTERS.findall(text))
    n_cyrillic = len(CYRILLIC.findall(text))
    if n_cyrillic < MIN_LETTERS or n_cyrillic < 0.2 * n_letters:
        return ""
    if len(NOT_BULGARIAN.findall(text)) > 0.01 * n_cyrillic:
        return ""
    return "bg" if BULGARIAN_ONLY.search(text) else ""
