"""The component that runs the network: whole documents, damaged files, copies."""

from __future__ import annotations

import pickle
import shutil
from pathlib import Path

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st
from spacy.language import Language

from letopis.annotate import load_backend, shipped_path
from letopis.encoder import CHECKSUMS, FILES, LONGEST_WINDOW, OVERLAP, Letters, Word, owners, windows_of

SENTENCE = "Кметът на Русе откри Международната конференция."


@pytest.fixture(scope="module")
def annotator() -> Language:
    return load_backend("letopis_bg")


def test_a_sentence_is_annotated(annotator: Language) -> None:
    doc = annotator(SENTENCE)
    assert [token.pos_ for token in doc] == ["NOUN", "ADP", "PROPN", "VERB", "ADJ", "NOUN", "PUNCT"]
    assert [token.lemma_ for token in doc][:4] == ["кмет", "на", "русе", "открия-(се)"]
    assert doc[0].morph.to_dict()["Definite"] == "Def"
    assert [token.head.text for token in doc] == ["откри", "Русе", "Кметът", "откри", "конференция", "откри", "откри"]
    assert ("Русе", "LOC") in [(ent.text, ent.label_) for ent in doc.ents]


@pytest.mark.parametrize("text", ["", " ", "\n\n", "\u00a0\n1", "…", "а" * 3000, "- \n- \n", SENTENCE + "\n" * 50])
def test_whatever_the_text_each_token_has_a_head_and_a_tag(annotator: Language, text: str) -> None:
    doc = annotator(text)
    assert doc.text == text
    assert all(token.tag_ and token.head.sent == token.sent for token in doc)


def test_a_stretch_without_sentences_is_read_in_windows(annotator: Language) -> None:
    doc = annotator("експертът Иван Петров и " * 400)
    assert len(doc) > 3 * LONGEST_WINDOW
    assert sum(ent.label_ == "PER" for ent in doc.ents) > 350


def test_an_annotation_does_not_depend_on_the_neighbours(annotator: Language) -> None:
    alone = annotator(SENTENCE)
    among = list(annotator.pipe(["Друг текст.", SENTENCE, "Трети."]))[1]
    assert among.to_bytes() == alone.to_bytes()


def test_what_is_annotated_in_a_memory_zone_stays_right(annotator: Language) -> None:
    with annotator.memory_zone():
        once = [token.lemma_ for token in annotator("Щъркелицата долетяваше.")]
    with annotator.memory_zone():
        assert [token.lemma_ for token in annotator("Щъркелицата долетяваше.")] == once


@pytest.mark.parametrize("name", [*FILES, CHECKSUMS])
def test_damaged_files_are_named(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "model"
    shutil.copytree(shipped_path("letopis_bg"), folder)
    file = folder / "letopis_encoder" / name
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 255
    file.write_bytes(content)
    with pytest.raises(ValueError, match=rf"{name} is damaged"):
        spacy.load(folder)
    file.unlink()
    with pytest.raises(ValueError, match=rf"{name} cannot be read"):
        spacy.load(folder)


def test_a_copy_annotates_the_same(annotator: Language) -> None:
    encoder = annotator.get_pipe("letopis_encoder")
    copy = pickle.loads(pickle.dumps(encoder))
    doc = copy(annotator.make_doc(SENTENCE))
    assert [token.head.i for token in doc] == [token.head.i for token in annotator(SENTENCE)]


words = st.lists(
    st.builds(
        Word,
        index=st.just(0),
        pieces=st.lists(st.just(9), min_size=1, max_size=16).map(tuple),
        letters=st.just(()),
        after_break=st.booleans(),
        starts=st.sampled_from([None, None, False, True]),
    ),
    min_size=1,
    max_size=400,
)


@pytest.mark.parametrize(
    ("form", "read"),
    [("", ""), ("и", "и......... и"), ("сесия", "се....сесия"), ("конференцията", "коеренцията")],
)
def test_letters_show_where_a_word_begins_and_ends(form: str, read: str) -> None:
    alphabet = sorted(set("конференцията сесия") - {" "})
    shown = "".join("." if number == 0 else alphabet[number - 2] for number in Letters(alphabet)(form))
    assert shown == (read.replace(" ", "") or "." * 11)


@given(words=words)
def test_windows_hold_every_word_and_are_short_enough(words: list[Word]) -> None:
    ranges = list(windows_of(words))
    assert ranges[0][0] == 0
    assert ranges[-1][1] == len(words)
    for (_, end), (start, _) in zip(ranges, ranges[1:], strict=False):
        assert start <= end
        assert sum(word.size for word in words[start:end]) <= OVERLAP + 17
    assert all(sum(word.size for word in words[first:last]) <= LONGEST_WINDOW for first, last in ranges)
    from letopis.encoder import Window

    owner = owners(len(words), [Window(first, last, None) for first, last in ranges])  # type: ignore[arg-type]
    assert all(ranges[number][0] <= word < ranges[number][1] for word, number in enumerate(owner))
