"""Inputs: which files are found, what is said of those that cannot be read."""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path

import pytest

from letopis.read import MAX_BYTES, ReadError, Source, language_of, read, sources_of

BULGARIAN = "На срещата присъстваха кметът и общинските съветници."


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"", "empty"),
        (b" \r\n\t\n", "empty"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\xff\xfe", "binary"),
        (b"\x00\x01\x02 text", "binary"),
        (BULGARIAN.encode("cp1251"), "encoding"),
        (BULGARIAN.encode("utf-16"), "encoding"),
        (b"The meeting took place in Sofia and was attended by forty people.", "no_bulgarian"),
        ("Встреча прошла в Софии, выступил мэр города; это была первая встреча.".encode(), "no_bulgarian"),
        ("На састанку су говорили љубитељи књига и њихови ђаци из Ниша.".encode(), "no_bulgarian"),
    ],
)
def test_what_cannot_be_read_is_named(tmp_path: Path, content: bytes, error: str) -> None:
    (tmp_path / "report.txt").write_bytes(content)
    with pytest.raises(ReadError) as raised:
        read(Source("report.txt", tmp_path / "report.txt"))
    assert raised.value.error == error


def test_missing_file() -> None:
    with pytest.raises(ReadError, match="no such file") as raised:
        read(Source("x.txt", Path("nowhere/x.txt")))
    assert raised.value.error == "missing"


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="permissions do not bind this user")
def test_unreadable_file(tmp_path: Path) -> None:
    (tmp_path / "report.txt").write_text(BULGARIAN, encoding="utf-8")
    (tmp_path / "report.txt").chmod(0)
    with pytest.raises(ReadError) as raised:
        read(Source("report.txt", tmp_path / "report.txt"))
    assert raised.value.error == "unreadable"


def test_a_folder_named_like_a_report_is_unreadable(tmp_path: Path) -> None:
    with pytest.raises(ReadError) as raised:
        read(Source("report.txt", tmp_path))
    assert raised.value.error == "unreadable"


def test_too_large_a_file(tmp_path: Path) -> None:
    with (tmp_path / "report.txt").open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    with pytest.raises(ReadError, match="limit") as raised:
        read(Source("report.txt", tmp_path / "report.txt"))
    assert raised.value.error == "too_large"


def test_text_is_kept_as_it_is(tmp_path: Path) -> None:
    text = f"Заглавие\r\n\r\n{BULGARIAN}\u00a0\u0301\r\n"
    (tmp_path / "report.txt").write_bytes(text.encode("utf-8-sig"))
    report = read(Source("report.txt", tmp_path / "report.txt"))
    assert report.text == text
    assert report.title == "Заглавие"


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(BULGARIAN.encode())))
    (source,) = sources_of(["-"])
    assert read(source).text == BULGARIAN


def test_folders_are_searched_and_sources_are_relative(tmp_path: Path) -> None:
    for name in ("b.txt", "подпапка/а.TXT", ".hidden.txt", ".git/x.txt", "photo.jpg"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(BULGARIAN, encoding="utf-8")
    assert [source.name for source in sources_of([tmp_path])] == ["b.txt", "подпапка/а.TXT"]
    assert [source.name for source in sources_of([tmp_path, tmp_path / "b.txt"])] == ["b.txt", "подпапка/а.TXT"]


def test_same_name_in_two_folders_stays_apart(tmp_path: Path) -> None:
    for folder in ("x", "y"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "a.txt").write_text(BULGARIAN, encoding="utf-8")
    names = [source.name for source in sources_of([tmp_path / "x", tmp_path / "y"])]
    assert len(set(names)) == 2


def test_ids_come_from_path_and_content() -> None:
    one, same, other = (read(Source(name, None, BULGARIAN)) for name in ("a.txt", "a.txt", "b.txt"))
    assert one.report_id == same.report_id != other.report_id


@pytest.mark.parametrize(
    ("text", "language"),
    [(BULGARIAN, "bg"), ("Ще се видим на площада в Русе.", "bg"), ("12345", ""), ("Kurzer deutscher Text", "")],
)
def test_language(text: str, language: str) -> None:
    assert language_of(text) == language
