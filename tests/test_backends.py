"""Other back-ends than our own: any spaCy pipeline, and Stanza."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st

import letopis
from letopis.annotate import check_backend, load_backend
from letopis.stanza_backend import StanzaTokenizer

VOCAB = spacy.blank("bg").vocab
TEXT = "Кръгла маса\n\nНа 5 юни 2019 г. Иван Петров откри форума в Русе. Дойдоха много хора."


@pytest.fixture
def foreign(tmp_path: Path) -> str:
    """A spaCy pipeline by somebody else: its own tokenizer, names under other labels, neither tags nor sentences."""
    nlp = spacy.blank("bg")
    ruler = nlp.add_pipe("entity_ruler")
    ruler.add_patterns([{"label": "PERSON", "pattern": "Иван Петров"}, {"label": "GPE", "pattern": "Русе"}])  # type: ignore[attr-defined]
    nlp.to_disk(tmp_path / "foreign")
    return str(tmp_path / "foreign")


def test_any_spacy_pipeline_will_do(foreign: str) -> None:
    doc = load_backend(foreign)(TEXT)
    assert [(ent.text, ent.label_) for ent in doc.ents] == [("Иван Петров", "PER"), ("Русе", "LOC")]
    assert [sentence.text.strip() for sentence in doc.sents] == TEXT.replace(". Дойдоха", ".\nДойдоха").replace(
        "\n\n", "\n"
    ).split("\n")
    tables = letopis.extract([TEXT], model=foreign)
    assert list(tables.persons.name) == ["Иван Петров"]
    assert list(tables.dates.edtf) == ["2019-06-05"]
    assert list(tables.places.name) == ["Русе"]


def test_a_single_line_without_a_full_stop_is_one_sentence(foreign: str) -> None:
    assert len(list(load_backend(foreign)("ГОДИШНА СРЕЩА НА ПЧЕЛАРИТЕ В РУСЕ").sents)) == 1


def test_a_pipeline_that_cannot_be_loaded_is_named(tmp_path: Path) -> None:
    (tmp_path / "meta.json").write_text("{}", encoding="utf-8")
    with pytest.raises(OSError, match="cannot be loaded"):
        load_backend(str(tmp_path))


@pytest.mark.parametrize(
    ("model", "message"),
    [("nonsense", "no pipeline 'nonsense'"), ("stanza:nowhere", "nowhere holds no Stanza models")],
)
def test_what_is_not_there_is_said_before_any_work(model: str, message: str) -> None:
    with pytest.raises(OSError, match=message):
        check_backend(model)


# --- Stanza: its output to a `Doc` -------------------------------------------------------------------------------


@dataclass
class Word:
    """A stand-in for Stanza's: no more than what the back-end reads."""

    start_char: int
    end_char: int
    head: int
    text: str = ""
    upos: str = "NOUN"
    xpos: str = "Ncmsi"
    feats: str | None = "Number=Sing"
    lemma: str | None = "лема"
    deprel: str = "dep"


@dataclass
class Entity:
    start_char: int
    end_char: int
    type: str


@dataclass
class Sentence:
    words: list[Word]
    ents: list[Entity] = field(default_factory=list)


@dataclass
class Analysis:
    sentences: list[Sentence]


def by_blanks(text: str) -> Analysis:
    """Words between blanks, a sentence to each line, the first word its root and a name."""
    sentences, start = [], 0
    for line in text.split("\n"):
        words, at = [], start
        for piece in line.split(" "):
            if piece.strip():
                words.append(Word(at, at + len(piece), head=1 if words else 0))
            at += len(piece) + 1
        if words:
            sentences.append(Sentence(words, [Entity(words[0].start_char, words[0].end_char, "PER")]))
        start += len(line) + 1
    return Analysis(sentences)


@given(st.text(alphabet="аб \n", max_size=30))
def test_the_document_is_exactly_the_text(text: str) -> None:
    doc = StanzaTokenizer(VOCAB, by_blanks)(text)
    assert doc.text == text
    words = [token for token in doc if not token.is_space]
    assert [token.text for token in words] == text.split()
    assert len(list(doc.sents)) == (sum(bool(line.strip()) for line in text.split("\n")) or min(len(doc), 1))
    assert all(token.head.sent == token.sent for token in doc)


def test_what_stanza_says_is_in_the_document() -> None:
    doc = StanzaTokenizer(VOCAB, by_blanks)(" Първа дума.\n\nВтора  дума")
    assert [(token.text, token.head.text, token.dep_) for token in doc if not token.is_space] == [
        ("Първа", "Първа", "ROOT"), ("дума.", "Първа", "dep"), ("Втора", "Втора", "ROOT"), ("дума", "Втора", "dep"),
    ]  # fmt: skip
    assert [(ent.text, ent.label_) for ent in doc.ents] == [("Първа", "PER"), ("Втора", "PER")]
    assert {(t.pos_, t.tag_, str(t.morph), t.lemma_) for t in doc if not t.is_space} == {
        ("NOUN", "Ncmsi", "Number=Sing", "лема")
    }
