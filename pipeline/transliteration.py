"""Bulgarian names in Latin letters, and a key that spellings of one name in both scripts share."""

from __future__ import annotations

import re
import unicodedata

from letopis.vocabulary import toml

LETTERS: dict[str, str] = toml("transliteration.toml")["letters"]
SOUNDS: dict[str, str] = toml("transliteration.toml")["sounds"]
FINAL_IA = re.compile(r"ия\b", re.IGNORECASE)


def to_latin(text: str) -> str:
    """`text` transliterated by the Bulgarian Transliteration Act of 2009; other scripts stay as they are.

    „-ия“ at the end of a word is -ia, and „България“ is written Bulgaria, as the law has it.
    """
    text = re.sub("България", "Bulgaria", text)
    text = FINAL_IA.sub(lambda match: "IA" if match[0].isupper() else "ia", text)
    return "".join(latin_letter(letter, text[n + 1 : n + 2]) for n, letter in enumerate(text))


def latin_letter(letter: str, following: str) -> str:
    latin = LETTERS.get(letter.lower(), letter)
    if letter == letter.lower() or latin == letter:
        return latin
    return latin.upper() if following.isupper() else latin.capitalize()


def sound_key(text: str) -> str:
    """A key that spellings of a name share in both scripts: „Милойкович“, Milojković and Milojkovic.

    Diacritics, case, hyphens and doubled letters fall away and similar sounds fall together; two names of one key
    are not proved to be one, so use it within names of the same length only.
    """
    latin = unicodedata.normalize(
        "NFKD", to_latin(text).casefold().replace("ı", "i").replace("ł", "l").replace("đ", "dj")
    )
    latin = "".join(letter for letter in latin if letter.isalnum() or letter in " -")
    for spelling, sound in SOUNDS.items():
        latin = latin.replace(spelling, sound)
    return re.sub(r"(.)\1+", r"\1", " ".join(latin.replace("-", " ").split())) or text.casefold()
