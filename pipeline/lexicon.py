"""The lexicon: the words that the network was trained on, which have the last word on tags and lemmas.

A network that has seen a word a few times may well have forgotten it; and it tags a new form of a known word by its
ending, although the word itself says which gender or aspect it has. So a tag that the corpora speak against is chosen
only where the network is sure of it. Source of the tags: the tag set of BulTreeBank (Simov, Osenova and Slavcheva 2004).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from letopis.lemma_scripts import apply_script

SURE = 4.0  # the log of how many times likelier than the attested tags an unattested one has to be


class Lexicon:
    """What the tags and scripts of the network's `classes` are for the forms in `table`.

    `table` gives for each fine tag the forms seen with it, in lower case, each with the number of its lemma's script,
    -1 if there is none among `scripts`. `tags` are the fine tags of the network's classes.
    """

    def __init__(self, table: Mapping[str, Mapping[str, int]], tags: Sequence[str], scripts: Sequence[str]) -> None:
        self._tags, self._scripts, self._table = tags, scripts, table
        self._known: dict[str, list[int]] = defaultdict(list)  # form to tags
        self._lexemes: dict[tuple[str, str], set[str]] = defaultdict(set)
        self._inflections: dict[str, list[int]] = defaultdict(list)  # lexeme class to tags
        numbers: dict[str, list[int]] = defaultdict(list)  # a fine tag may have several classes
        for number, tag in enumerate(tags):
            numbers[tag].append(number)
        for tag, of_tag in numbers.items():
            lexeme = lexeme_class(tag)
            if lexeme:
                self._inflections[lexeme] += of_tag
            for form, script in table.get(tag, {}).items():
                self._known[form] += of_tag
                if lexeme and script >= 0:
                    self._lexemes[tag[0], apply_script(form, scripts[script])].add(lexeme)

    def best_tag(self, form: str, scores: npt.NDArray[np.float32], script: int) -> int:
        """The number of the best tag of `form` by the network's log-probabilities (tags) and by what is known of the word.

        `script` is the number of the lemma's likeliest script.
        """
        best = int(scores.argmax())
        attested = self._attested(form, best, script)
        if not attested or best in attested:
            return best
        other = max(attested, key=scores.__getitem__)
        return other if scores[other] > scores[best] - SURE else best

    def _attested(self, form: str, tag: int, script: int) -> Sequence[int]:
        """The tags that the form was seen with; for a new form of a known noun or verb, all tags of that word."""
        known = self._known.get(form.lower())
        if known:
            return known
        lemma = apply_script(form, self._scripts[script])
        lexemes = self._lexemes.get((self._tags[tag][0], lemma), ())
        return [number for lexeme in lexemes for number in self._inflections[lexeme]]

    def lemma(self, form: str, tag: int, script: int) -> str:
        """The lemma that a form has under its tag, else what the script makes of it."""
        known = self._table.get(self._tags[tag], {}).get(form.lower(), -1)
        if known >= 0:
            return apply_script(form.lower(), self._scripts[known])
        return apply_script(form, self._scripts[script])


def lexeme_class(tag: str) -> str | None:
    """The part of a fine tag that all forms of a word share: of a noun its gender, of a verb aspect and transitivity."""
    if tag.startswith(("Nc", "Np")):
        return tag[:3]
    return tag[:4] if tag.startswith("V") else None
