"""Patterns that find a dictionary word in all its forms, whatever its gender, and whatever the model says of it."""

from __future__ import annotations

import re
from collections.abc import Iterable

ENDINGS = "(?:а|ът|ят|я|та|ата|ята|и|ите|е|ето|те|о|ото|ове|овете|ия|ията|ият|ие|ието|иета|ни|та)?"
VOWEL = re.compile(r"[аеоуияю]$")


def word_pattern(word: str) -> str:
    """A regular expression for all forms of `word`, which may be several words.

    „кръгла маса“ finds „кръглата маса“ and „кръгли маси“; к/г/х before „и“ also stand as ц/з/с.
    """
    return r"\s+".join(_single(part) for part in word.split())


def any_of(words: Iterable[str]) -> re.Pattern[str]:
    """One pattern for all forms of all `words`; the longest word that fits wins. Ignores case."""
    longest_first = sorted(set(words), key=lambda word: (-len(word), word))
    return re.compile(r"(?<![\w-])(?:" + "|".join(map(word_pattern, longest_first)) + r")(?!\w)", re.IGNORECASE)


def _single(word: str) -> str:
    if len(word) < 4 or not word[-1].isalpha():
        return re.escape(word)
    stem = re.sub(r"ие?$", "и", word) if word.endswith("ие") else VOWEL.sub("", word)
    if stem.endswith("ц") and word.endswith("а"):
        return re.escape(stem) + ENDINGS
    if stem.endswith("к"):
        return f"{re.escape(stem[:-1])}[кц]{ENDINGS}"
    if stem.endswith("г"):
        return f"{re.escape(stem[:-1])}[гз]{ENDINGS}"
    if stem.endswith("ър"):
        return f"{re.escape(stem[:-2])}(?:ър|р){ENDINGS}"
    if stem.endswith("ен") and len(stem) > 5:
        return f"{re.escape(stem[:-2])}(?:ен|н){ENDINGS}"
    return re.escape(stem) + ENDINGS
