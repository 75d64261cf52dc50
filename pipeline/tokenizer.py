"""The Bulgarian tokenizer: text in, spaCy `Doc` of words out, not a character lost.

BulTreeBank's conventions: „по-голям“, „д-р“, „София-град“ and „13-и“ are one token, „г.“ and „лв.“ keep their full
stop. Beyond them: a range is three tokens („24-25“), a numeric date one („25.04.2015“), a unit comes off its
number („2015г.“), and a missing space after a full stop or comma is seen („проекта.Тя“).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from spacy.language import Language
from spacy.tokens import Doc
from spacy.util import DummyTokenizer, registry
from spacy.vocab import Vocab

from letopis.vocabulary import toml

LETTER = r"[^\W\d_]"
CHARS = r"(?:[^\W_][\u00ad\u0300-\u036f]*)+"  # letters and digits with accents; the soft hyphen is part of a word
WORD = rf"(?={LETTER}){CHARS}(?:['’‑-]{CHARS})*"
TOP_LEVEL = "bg|biz|com|de|edu|eu|fr|gov|info|int|io|mk|net|org|ro|rs|ru|tv|uk|бг"
LINK_TAIL = r"(?:[^\s„“”\"«»<>]*[^\s„“”\"«»<>.,;:!?()\[\]])"
# Some alternative takes every character; the bounds keep the time linear whatever the input.
TOKEN = re.compile(
    rf"""
    (?P<space> \s+ )
  | (?P<link>
        (?:https?://|ftp://|www\.){LINK_TAIL}
      | [\w.+-]{{1,64}}@[\w-]{{1,64}}(?:\.[\w-]{{1,64}}){{1,6}}
      | (?:[^\W_][\w-]{{0,62}}\.){{1,6}}(?:{TOP_LEVEL})(?![\w-])(?:/{LINK_TAIL})? )
  | (?P<code> [A-Z][A-Z0-9]{{0,30}}(?:[.-][A-Z]{{0,8}}\d[A-Z0-9]{{0,30}}|-[A-Z]{{1,30}}){{1,8}}(?![^\W_]) )
  | (?P<number>
        \d{{4}}-\d\d-\d\d(?![\d-])                  # 2015-04-25
      | \d{{1,2}}\.[IVX]{{1,4}}(?:\.\d{{4}}|(?![\w.]))  # 25.IV.2015, 25.IV
      | \d+(?:[.,:/]\d+)*(?:-(?={LETTER})[\w-]*\w)? # 25.04.2015, 1,5, 10:30, 1/3, 13-и, 24-годишен
    )(?P<unit>{CHARS}(?:-(?={LETTER}){CHARS})*)?    # 2015г, 10ч, 5G
  | (?P<whole> (?:км/ч|и/или|(?:кв|куб)\.к?м)(?![\w.]) )
  | (?P<dotted> {WORD}(?:\.[\ -]?{WORD}){{0,4}}\. )
  | (?P<word> {WORD}(?:-(?=\ (?:и|или)\ ))? )       # радио- и телевизионни
  | (?P<mark> ,,(?=\S) | '' | `` | (?P<run>[.…*_=~•·–—-])(?P=run)* | .[\u0300-\u036f\ufe0f]* )
    """,
    re.VERBOSE | re.DOTALL,
)
# What follows: on this line or, at its end, at the start of the next one.
FOLLOWING = re.compile(r"[ \t\u00a0]*(?:\r?\n)?[ \t\u00a0]*(\S?\w?)")
FOLLOWING_ON_LINE = re.compile(r"[ \t\u00a0]*(\S?)")
HYPHENATED = re.compile(rf"-{WORD}")
LETTER_PAIR = re.compile(r"(?<!\w)[а-я]\. [а-я]\.")  # т. е., и. д.
LETTER_WITH_STOP = 2
OPENING = tuple('„“”"«№')


@dataclass(frozen=True)
class Abbreviations:
    """What may stand before a full stop; see `abbreviations.toml`. A value is the full form or empty."""

    labelled: list[str]
    never_ends: dict[str, str]
    may_end: dict[str, str]
    inside: dict[str, str]
    before_name: dict[str, str]
    given_names: dict[str, str]
    contracted: dict[str, str]
    units: dict[str, str]

    def norm(self, token: str) -> str:
        """The full form of an abbreviation in any case, or nothing."""
        form = token.lower()
        for section in (self.never_ends, self.may_end, self.inside, self.before_name, self.contracted):
            if form in section:
                return section[form]
        return ""


@cache
def abbreviations() -> Abbreviations:
    """The shipped vocabulary, read once."""
    return Abbreviations(**toml("abbreviations.toml"))


class BulgarianTokenizer(DummyTokenizer):
    """Cuts text into tokens as spaCy expects them: a space belongs to the token before it, other white space is a token.

    Nothing is saved with a pipeline: the rules are those of the installed letopis.
    """

    def __init__(self, vocab: Vocab) -> None:
        self.vocab = vocab
        self.known = abbreviations()

    def __call__(self, text: str) -> Doc:
        """The tokens of `text`; `"".join(token.text_with_ws for token in doc) == text` holds for any string."""
        words, spaces = self.cut(text)
        doc = Doc(self.vocab, words=words, spaces=spaces)
        self.set_norms(doc, words)
        return doc

    def cut(self, text: str) -> tuple[list[str], list[bool]]:
        words: list[str] = []
        spaces: list[bool] = []
        position = 0
        while match := TOKEN.match(text, position):
            position = self.end_of_token(text, match, words)
            word = text[match.start() : position]
            if match.lastgroup == "space" and words and word[0] == " ":
                spaces[-1] = True
                word = word[1:]
            if word:
                words.append(word)
                spaces.append(False)
        return words, spaces

    def end_of_token(self, text: str, match: re.Match[str], before: list[str]) -> int:
        """Where the token that begins at this match ends: earlier than the match, where it took too much."""
        unit = match["unit"]
        if unit and unit.lower() in self.known.units:
            return match.start("unit")
        if match["dotted"]:
            return self.end_of_dotted(text, match.start(), match.end(), before)
        return match.end()

    def end_of_dotted(self, text: str, start: int, end: int, before: list[str]) -> int:
        """The end of the longest abbreviation here, else of the word before the first full stop."""
        stops = [place + 1 for place in range(start, end) if text[place] == "."]
        for stop in reversed(stops):
            lower = text[start:stop].lower()
            more = HYPHENATED.match(text, stop)
            if more and (lower in self.known.never_ends or lower in self.known.before_name):
                return more.end()  # зам.-министър, ген.-майор
            if self.keeps_stop(text, start, stop, before):
                return stop
        return stops[0] - 1

    def keeps_stop(self, text: str, start: int, stop: int, before: list[str]) -> bool:
        """Whether text[start:stop] is an abbreviation together with its full stop."""
        form = text[start:stop]
        following = FOLLOWING.match(text, stop)[1]  # type: ignore[index]  # it matches anywhere
        if len(form) == LETTER_WITH_STOP and form[0].isupper():
            return self.is_initial(form, following, before)
        if form in self.known.given_names:
            return following[:1].isupper()
        lower = form.lower()
        if lower in self.known.before_name:
            follower = FOLLOWING_ON_LINE.match(text, stop)[1]  # type: ignore[index]
            return follower.isupper() or follower.isdigit() or follower in (*OPENING, ":")
        if lower in self.known.inside:
            return following[:1].islower() or following[:1].isdigit() or following[:1] == ","
        if lower in self.known.never_ends or lower in self.known.may_end:
            return not (is_acronym(form) or are_initials(form, following)) or following.isupper() or is_number(before)
        return len(form) == LETTER_WITH_STOP and in_letter_pair(text, start)

    def is_initial(self, form: str, following: str, before: list[str]) -> bool:
        """„Ж.“ before a name or after one, „Т. 5“, „В. „Труд““, „2015 Г.“; not „група А.“"""
        lower, previous, follower = form.lower(), last_word(before), following[:1]
        if form[0] in "IVX" and not follower.isascii() and begins_line(before):
            return False  # „I. Откриване“
        if follower.isdigit():
            return lower in self.known.never_ends
        if is_number(before):
            return lower in self.known.may_end
        if previous.lower() in self.known.labelled:
            return False
        if follower.isupper() or follower in OPENING:
            return follower.isupper() or lower in self.known.may_end
        return previous[:1].isupper() and (follower.islower() or follower in tuple(",(-–"))

    def set_norms(self, doc: Doc, words: list[str]) -> None:
        """Full forms as `norm_`: „г.“ година; „г“ as well, but only after a number."""
        for index, word in enumerate(words):
            if word[-1] == "." or "-" in word:
                norm = self.known.norm(word)
            elif index and word.lower() in self.known.units and words[index - 1][-1].isdigit():
                norm = self.known.units[word.lower()]
            else:
                continue
            if norm:
                doc[index].norm_ = norm


def last_word(before: list[str]) -> str:
    """The last token that is no white space, or nothing."""
    return next((word for word in reversed(before[-2:]) if not word.isspace()), "")


def is_number(before: list[str]) -> bool:
    return last_word(before)[-1:].isdigit()


def is_acronym(form: str) -> bool:
    """„АП.“, which ends a sentence, looks like „ап.“ in capitals."""
    letters = form[:-1]
    return len(letters) > 1 and letters.isalpha() and letters.isupper()


def are_initials(form: str, following: str) -> bool:
    """„П.К. Русева“ is no „п.к. 1000“."""
    return form.isupper() and len(form) == 2 * LETTER_WITH_STOP and following[:1].isupper() and following[1:].islower()


def begins_line(before: list[str]) -> bool:
    return not before or "\n" in before[-1]


def in_letter_pair(text: str, start: int) -> bool:
    return bool(LETTER_PAIR.match(text, start) or (start > 2 and LETTER_PAIR.match(text, start - 3)))


@registry.tokenizers("letopis.Tokenizer.v1")
def create_tokenizer() -> Callable[[Language], BulgarianTokenizer]:
    """For `[nlp.tokenizer]` of a spaCy config."""
    return lambda nlp: BulgarianTokenizer(nlp.vocab)
