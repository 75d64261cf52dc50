"""Calendar expressions as the text words them: partial dates that know what they do not know.

Named atoms are composed into patterns; each pattern has a reader that turns a match into expressions. What looks
like a date and is none (room numbers, money, clock times, codes) has patterns of its own and is blanked out first.
Dates that belong together („от 15 септември до края на октомври“) are joined last.
"""

from __future__ import annotations

import datetime
import re
from calendar import monthrange
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from letopis.quotes import quotations
from letopis.vocabulary import toml

WORDS = toml("calendar.toml")
SEASON_START = {21: 3, 22: 6, 23: 9, 24: 12}  # EDTF season codes and the month that each begins with
BLANKED = "\x00"


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A day, month or year of which parts may be unknown. A month above 12 is a season."""

    year: int | None = None
    month: int | None = None
    day: int | None = None

    @property
    def edtf(self) -> str:
        year = f"{self.year:04}" if self.year is not None else "XXXX"
        parts = [year, *(f"{part:02}" for part in (self.month, self.day) if part is not None)]
        return "-".join(parts)

    @property
    def exists(self) -> bool:
        """Whether the calendar has such a date; 29 February needs a leap year where the year is known."""
        if self.month in SEASON_START:
            return self.day is None
        if self.month is None:
            return 1 <= (self.day or 1) <= 31
        days = monthrange(self.year or 2000, self.month)[1] if 1 <= self.month <= 12 else 0
        return 1 <= (self.day if self.day is not None else 1) <= days

    @property
    def granularity(self) -> Literal["day", "month", "season", "year"]:
        if self.day:
            return "day"
        if self.month:
            return "season" if self.month in SEASON_START else "month"
        return "year"

    def first_day(self) -> datetime.date | None:
        if self.year is None:
            return None
        return datetime.date(self.year, SEASON_START.get(self.month or 1, self.month or 1), self.day or 1)

    def last_day(self) -> datetime.date | None:
        """The winter of a year (code 24) begins in its December and ends in the February after."""
        if self.year is None:
            return None
        year, month = self.year, self.month or 12
        if month in SEASON_START:
            year, month = (year + 1, 2) if month == 24 else (year, SEASON_START[month] + 2)
        return datetime.date(year, month, self.day or monthrange(year, month)[1])


@dataclass(frozen=True, slots=True)
class Relative:
    """A time counted from the day of publication: `amount` units later; for a weekday, weeks later or nothing."""

    unit: Literal["day", "weekday", "week", "month"]
    amount: int | None


@dataclass(frozen=True, slots=True)
class Expression:
    """What the text says at `start:end`: one date, or a first and a last one.

    `year_shift` counts from the report's year („м.г.“ → -1), `weekday` is that of a single day (Monday is 1). A `weak` expression is none
    by itself („юни“), only as a part of a longer one („юни и юли 2015“). `opens` says that a second date must follow.
    """

    start: int
    end: int
    rule: str
    first: PartialDate
    last: PartialDate
    year_shift: int | None = None
    relative: Relative | None = None
    weekday: int | None = None
    weak: bool = False
    opens: Literal["от", "между", ""] = ""

    @property
    def is_single(self) -> bool:
        return self.first == self.last

    @property
    def has_year(self) -> bool:
        return self.first.year is not None

    @property
    def exists(self) -> bool:
        return self.first.exists and self.last.exists


def any_of(table: str) -> str:
    """A pattern for any word of a table, longest forms first."""
    forms = [form for pattern in WORDS[table] for form in forms_of(pattern)]
    return "(?:" + "|".join(sorted(forms, key=len, reverse=True)).replace(" ", r"\s{1,3}") + ")"


def forms_of(pattern: str) -> list[str]:
    """The alternatives of a pattern at its top level."""
    return re.split(r"\|(?![^(]*\))", pattern)


def one_of(name: str) -> str:
    """A pattern for any of the words that tell a false positive."""
    words = sorted(WORDS["false_positives"][name], key=len, reverse=True)
    return "(?:" + "|".join(words).replace(" ", r"\s") + ")"


def value_of(table: str, form: str) -> int:
    """The number that a word of the calendar stands for."""
    plain = re.sub(r"\s+", " ", form.casefold())
    for pattern, value in WORDS[table].items():
        if re.fullmatch(pattern.casefold(), plain):
            return int(value)
    raise KeyError(form)


# Atoms. Every repetition is bounded, so that no line is read in more than linear time.
GAP = r"[^\S\r\n]{0,3}"
BLANK = r"[^\S\r\n]{1,3}"
DASH = rf"{GAP}[-–—‑−]{GAP}"
END = r"(?![^\W\d_])"  # a figure may follow at once („март2015“), a letter may not
WORD_END = r"(?!\w)"
MONTH_NAME = rf"{any_of('months')}{END}"
MONTH = rf"(?:(?P<month_mark>м\.{GAP}|мес\.{GAP}|месец{BLANK}))?(?P<month>{MONTH_NAME})"
ROMAN = "(?:" + "|".join(sorted(WORDS["roman"], key=len, reverse=True)).replace("X", "[XХ]").replace("I", "[IІ]") + ")"
FULL_YEAR = r"(?:1[5-9]|20)\d\d"
YEAR_MARK = rf"(?:{GAP}(?:г\.|год\.|година(?:та)?{WORD_END}|г{WORD_END}))"
YEAR_ENDING = rf"(?:{GAP}[-–]{GAP}(?:та|ва|ма|ра|а){WORD_END})"
YEAR_WORDS = rf"{any_of('centuries')}{BLANK}(?:и{BLANK})?(?:{any_of('tens')}{BLANK}и{BLANK})?{any_of('year_ordinals')}"
RELATIVE_YEAR = rf"(?:{any_of('relative_years')}|{any_of('qualifying_years')})(?!\w)"
YEAR = rf"""(?:(?P<year>{FULL_YEAR})(?!\d){YEAR_ENDING}?{YEAR_MARK}?
    |\(?(?P<year_words>{YEAR_WORDS}){WORD_END}{YEAR_MARK}?\)?|(?P<relative_year>{RELATIVE_YEAR}))"""
ORDINAL_ENDING = rf"(?:(?:{GAP}[-–‑]{GAP})?(?:ви|ри|ти|ми|и|ия|ият){WORD_END})?"
DAY_WORD = rf"(?:(?:{any_of('tens')}{BLANK}и{BLANK})?{any_of('ordinals')}){WORD_END}"
DAY_FIGURE = r"(?:[12]\d|3[01]|0?[1-9])(?!\d)"
DAY = rf"(?:{DAY_FIGURE}(?:\.(?=[^\S\r\n]\w)|{ORDINAL_ENDING})|{DAY_WORD})"  # „24. март“ as well
LAST_SEPARATOR = rf"(?:{BLANK}(?:и|до|срещу){BLANK}|{DASH}|/)(?:на{BLANK})?"
DAYS = rf"(?:{DAY}(?:(?:,{GAP}(?:на{BLANK})?{DAY}){{0,8}}{LAST_SEPARATOR}{DAY}|(?:,{GAP}(?:на{BLANK})?{DAY}){{1,8}})?)"
# In figures a dot may stand behind each day: „24. и 25.04.2015“.
DAY_FIGURES = rf"(?:{DAY_FIGURE}(?:(?:,{GAP}{DAY_FIGURE}){{0,8}}\.?(?:{BLANK}(?:и|до){BLANK}|{DASH}|/){DAY_FIGURE})?)"
NUMBER_BEFORE = r"(?<![\w:/№§+%–-])(?<!\d[.,])(?<!\d[.,][^\S\r\n])"
DAYS_BEFORE = r"(?<![\w:/№§+%])(?<!\d[.,–-])"  # a dash may precede: „Сбор – 5 май“
NUMERIC_END = r"(?![\d/]|[.,:]\d|-\d)"
WEEKDAY = any_of("weekdays")
OPENS = rf"(?:(?P<opens>от|между){BLANK})?"
PART = rf"(?:(?:края|началото|средата|(?:първата|втората){BLANK}половина){BLANK}на{BLANK})"
PREPOSITION = r"(?:през|за|в|във|от|до|след|към|преди)"

FALSE_POSITIVES = {
    "address": r"(?i:https?://|www\.)\S{1,300}|(?<![\w.+-])[\w.+-]{1,64}@[\w.-]{1,100}",
    "file": r"(?<![\w./-])[\w./-]{1,120}\.(?i:pdf|docx?|xlsx?|pptx?|jpe?g|png|zip|html?|php|bg|com|eu|org|net)\b",
    "standard": r"\b(?:ISO|ИСО|БДС|EN|IEC)[ /A-ZА-Я-]{0,12}\d{3,5}(?:-\d{1,2})?(?::\d{4})?",
    "project": r"\b(?:\d{4}-\d-[A-Z]{2}[\w-]{1,30}|[A-ZА-Я]{1,8}\d[\w.]{0,40}(?:[-/][\w.]{1,40}){1,6})",
    "document": rf"№{GAP}[\w.-]{{1,30}}(?:{GAP}/{GAP}[\w.-]{{1,30}})?",
    "numbered": rf"(?<![\w.])(?i:{one_of('numbered')}){GAP}(?:№{GAP})?[„“\"]?\d{{1,5}}(?!\d)(?:/(?:19|20)\d\d)?(?!{GAP}(?:-?[а-я]{{1,2}}{BLANK})?{MONTH_NAME}|[./]\d\d?[./])",
    "phone": r"(?i:\b(?:тел|факс|моб|gsm|мобилен|телефон\w{0,3})\b)[\s.:№]{0,4}[\d+()/ .–-]{5,30}|(?<![\w./])0\d{1,4} {0,2}/ {0,2}\d[\d -]{4,12}|\+\d[\d /-]{6,18}",
    "money": rf"(?<![\w.])\d[\d\u00a0 .,]{{0,20}}(?<=\d){GAP}(?i:{one_of('units')})",
    "clock": rf"(?<![\d.,])\d{{1,2}}[.:]\d\d(?:{DASH}|{BLANK}(?i:до|и){BLANK})\d{{1,2}}[.:][0-5]\d(?![\d.])(?:{GAP}(?i:ч\.|ч\b|часа?\b))?",
    "hour": rf"(?<![\d.,])\d{{1,2}}(?:[.:]\d\d)?{GAP}(?i:ч\.|ч\b|часа?\b)|(?<!\d)\d{{1,2}}:\d\d(?::\d\d)?(?!\d)",
    "quantity": rf"(?<![\w.])(?i:{one_of('about')}){BLANK}\d[\d\u00a0 ]{{2,10}}(?<=\d)(?!{YEAR_MARK}|[.\d])|(?<![\w.,])\d[\d\u00a0 ]{{2,10}}(?:{DASH}\d{{3,5}})?(?<=\d){GAP}(?:-?(?:ма|те|мата)\b)?{GAP}(?i:{one_of('counted')})",
    "programme": rf"\b(?:{one_of('programmes')})[ -]{{1,2}}(?:{FULL_YEAR}|\d{{1,2}})(?![\d/–-]|{GAP}[-–]{GAP}\d|{YEAR_MARK}|\.\d)",
    "street": rf"(?<![\w.])(?i:{one_of('streets')}){GAP}[„“\"]?{DAY}{BLANK}(?i:{MONTH_NAME})[“”\"]?",
}  # fmt: skip
NOT_DATES = {name: re.compile(pattern) for name, pattern in FALSE_POSITIVES.items()}
# The year that ends a quoted name („Хоризонт 2020“; not a programme's period, „Околна среда 2014-2020“), and a day
# that is one as a whole („Трети март“).
YEAR_OF_NAME = re.compile(rf"(?<=[^\W\d_])\W{{1,3}}{FULL_YEAR}$|^{FULL_YEAR}$")
DAY_OF_NAME = re.compile(rf"(?:{DAY}{BLANK}(?:{MONTH_NAME}))", re.IGNORECASE)

PATTERNS = {
    "iso": rf"{NUMBER_BEFORE}(?P<year>{FULL_YEAR})(?P<separator>[-./])(?P<month>0[1-9]|1[0-2])(?P=separator)(?P<day>0[1-9]|[12]\d|3[01]){NUMERIC_END}{YEAR_MARK}?",
    "numeric": rf"""{DAYS_BEFORE}{OPENS}(?P<days>{DAY_FIGURES})
        (?:(?P<separator>[./-]){GAP}(?P<month>\d{{1,2}}|{ROMAN})(?P=separator){GAP}|{BLANK}(?P<roman>{ROMAN}){BLANK})
        (?P<year>{FULL_YEAR}|\d\d(?={GAP}г|{BLANK}\d\d:\d\d)|(?<=\d\d[./-]\d\d[./-])\d\d(?=$|[\s,;)])){NUMERIC_END}{YEAR_MARK}?""",
    "numeric_without_year": rf"""{DAYS_BEFORE}{OPENS}(?P<days>{DAY_FIGURES})\.{GAP}
        (?:(?P<month>0?[1-9]|1[0-2])|(?P<roman>{ROMAN}))(?![\w%])(?!{GAP}(?:ч\.|ч\b|час))(?P<dot>\.(?!\d))?(?:{GAP}(?P<relative_year>{RELATIVE_YEAR}))?""",
    "worded": rf"""{DAYS_BEFORE}{OPENS}(?P<days>{DAYS})(?:{GAP}\(?{WEEKDAY}\)?,?)?(?:{GAP}|{BLANK}(?:ден{BLANK})?на{BLANK})
        {MONTH}(?:,?{GAP}\(?{WEEKDAY}\)?)?(?:,?{GAP}(?:на{BLANK})?{YEAR})?""",
    "relative_month_of_year": rf"(?<!\w)(?P<relative_year>{RELATIVE_YEAR})(?P<lead>{BLANK}през{BLANK}){MONTH}",
    "half_of_year": rf"(?<!\w)(?P<half>първата|втората){BLANK}половина{BLANK}на{BLANK}{YEAR}",
    "month": rf"""(?<!\w)(?P<lead>(?:{PREPOSITION}{BLANK})?{PART}|(?P<preposition>{PREPOSITION}|между){BLANK})?
        {MONTH}(?:,?{GAP}(?:на{BLANK})?{YEAR})?""",
    "quarter": rf"""(?<!\w)(?P<quarter>{any_of('quarters')}){BLANK}(?P<unit>тримесечие|полугодие)(?:{BLANK}на)?{BLANK}{YEAR}
        |(?<!\w)Q(?P<english_quarter>[1-4]){BLANK}(?P<english_year>{FULL_YEAR})(?!\d)""",
    "season": rf"""(?<!\w)(?:(?P<which>{any_of('which_season')}){BLANK}(?P<season>{any_of('seasons')}){WORD_END}
        |(?P<lead>{PREPOSITION}{BLANK}{PART}?|{PART})?(?P<dated_season>{any_of('seasons')}){WORD_END}(?:,?{BLANK}(?:на{BLANK})?{YEAR})?
        |(?P<adverb>{any_of('season_adverbs')}){WORD_END})""",
    "years": rf"""{DAYS_BEFORE}(?:(?P<lead>от|между){BLANK})?(?P<first_year>{FULL_YEAR}){GAP}г?\.?
        (?:{DASH}|{GAP}/{GAP}|{BLANK}(?:до|и){BLANK})(?P<last_year>{FULL_YEAR}|\d\d(?!\d))(?![\d/]|[.:]\d){YEAR_MARK}?""",
    "year": rf"""{NUMBER_BEFORE}(?:(?P<year>{FULL_YEAR})(?!\d)(?:{YEAR_ENDING}{YEAR_MARK}?|{YEAR_MARK})
        |(?P<year_words>{YEAR_WORDS}){BLANK}година(?:та)?{WORD_END}
        |[’'](?P<short_year>{FULL_YEAR})(?!\d)
        |(?:през|година){BLANK}(?:{PART})?(?P<bare_year>{FULL_YEAR})(?![\d/-]|[.,:]\d){YEAR_MARK}?
        |(?:от|до|след|преди|към|за|на){BLANK}(?:{PART})?(?P<weak_year>{FULL_YEAR})(?![\d/-]|[.,:]\d|{GAP}[\w%€])
        |(?<=[(,][^\S\r\n])(?P<bracket_year>{FULL_YEAR})(?=\)|{GAP}$)|(?<=\()(?P<close_year>{FULL_YEAR})(?=\)))""",
    "relative_year": rf"(?<!\w)(?:(?P<relative_year>{any_of('relative_years')})(?!\w))",
    "relative_day": rf"(?<!\w)(?P<day>{any_of('relative_days')}){WORD_END}",
    "relative_week": rf"(?<!\w)(?P<which>{any_of('which')}){BLANK}(?:(?P<unit>седмица|месец){WORD_END}|(?P<weekday>{WEEKDAY}){WORD_END})",
    "weekday": rf"(?<!\w)(?:в|във){BLANK}(?P<weekday>{WEEKDAY}){WORD_END}(?![^\S\r\n]*[,(]?[^\S\r\n]*\d)",
    "day_of_month": rf"""{NUMBER_BEFORE}(?<!\w)(?:(?:(?:на|от|до){BLANK})|(?P<weekday_before>{WEEKDAY}(?:та)?,{BLANK}))
        (?P<days>(?:[12]\d|3[01]|[1-9])-(?:ви|ри|ти|ми|и){WORD_END})(?={GAP}[.,;:!?)]|{BLANK}(?:в|във|се|с|със|бе|беше|бяха|е|са|ще|и|по|при|пред|от|до|целият|цялата|всички|\w{{2,20}}(?:хме|ха)){WORD_END})""",
}  # fmt: skip
COMPILED = {name: re.compile(pattern, re.IGNORECASE | re.VERBOSE | re.MULTILINE) for name, pattern in PATTERNS.items()}

DATE_BEFORE = re.compile(r"(?:^|[(,–—-]|\b(?:на|от|до|след|преди|и|дата:?|срок:?))[^\S\r\n]{0,3}$", re.IGNORECASE)
WEEKDAY_BEFORE = re.compile(rf"\b(?P<weekday>{WEEKDAY}),?\s{{0,2}}(?:на\s)?\(?$", re.IGNORECASE)
WEEKDAY_WITHIN = re.compile(rf"\b(?P<weekday>{WEEKDAY}){WORD_END}", re.IGNORECASE)
WEEKDAY_AFTER = re.compile(rf",?[^\S\r\n]{{0,2}}\(?(?P<weekday>{WEEKDAY}){WORD_END}", re.IGNORECASE)
TO = re.compile(rf"\.?(?:{DASH}|,?{BLANK}(?P<word>до|срещу){BLANK})", re.IGNORECASE)
AND = re.compile(rf"(?:{BLANK}(?P<word>и|или){BLANK}|,{GAP}|{GAP}/{GAP})(?:на{BLANK}|през{BLANK})?", re.IGNORECASE)


def expressions_in(text: str) -> list[Expression]:
    """All calendar expressions of `text` in order, never overlapping, unresolved.

    Patterns run in their order; what one has read is blanked out for the next.
    """
    rest, found = without_false_positives(text), list[Expression]()
    for rule, pattern in COMPILED.items():
        new = [one for match in pattern.finditer(rest) for one in READERS[rule](match) if one.exists]
        rest = blanked(rest, ((one.start, one.end) for one in new))
        found += new
    found = [with_weekday(text, one) for one in sorted(found, key=lambda one: one.start)]
    return [one for one in joined(text, found) if not one.weak]


def without_false_positives(text: str) -> str:
    """`text` with everything that only looks like a date replaced by as many blanks of another kind."""
    names: list[tuple[int, int]] = []
    for quoted in quotations(text):
        inner = text[quoted.inner_start : quoted.inner_end]
        if year := YEAR_OF_NAME.search(inner):
            names.append((quoted.inner_start + year.start(), quoted.inner_end))
        elif DAY_OF_NAME.fullmatch(inner):
            names.append((quoted.inner_start, quoted.inner_end))
    text = blanked(text, names)
    for pattern in NOT_DATES.values():
        text = blanked(text, (match.span() for match in pattern.finditer(text)))
    return text


def blanked(text: str, spans: Iterable[tuple[int, int]]) -> str:
    pieces, position = [], 0
    for start, end in sorted(spans):
        if start >= position:
            pieces += [text[position:start], BLANKED * (end - start)]
            position = end
    return "".join([*pieces, text[position:]])


def expression(match: re.Match[str], rule: str, first: PartialDate, last: PartialDate | None = None) -> Expression:
    relative = match.groupdict().get("relative_year")
    return Expression(match.start(), match.end(), rule, first, last or first, shift_of(relative) if relative else None)


def shift_of(word: str) -> int:
    """How many years after the report's own year: „м.г.“ → -1."""
    try:
        return value_of("relative_years", word)
    except KeyError:
        return value_of("qualifying_years", word)


def year_of(match: re.Match[str]) -> int | None:
    if words := match["year_words"]:
        return year_in_words(words)
    return int(match["year"]) if match["year"] else None


def year_in_words(words: str) -> int:
    """„две хиляди и петнадесета“ → 2015"""
    parts = re.fullmatch(
        rf"({any_of('centuries')})\s+(?:и\s+)?(?:({any_of('tens')})\s+и\s+)?({any_of('year_ordinals')})", words, re.I
    )
    assert parts, words
    century, tens, rest = parts.groups()
    return value_of("centuries", century) + (value_of("tens", tens) if tens else 0) + value_of("year_ordinals", rest)


def month_number(text: str) -> int:
    """1 to 12 of a figure, a Roman number or a name; a figure that is no month stays as it is, and does not exist."""
    if text.isdigit():
        return int(text) if int(text) <= 12 else 99
    roman = text.upper().replace("Х", "X").replace("І", "I")
    return int(WORDS["roman"].get(roman, 0)) or value_of("months", text)


def day_number(text: str) -> int:
    if figures := re.match(r"\d+", text):
        return int(figures.group())
    tens, _, rest = re.sub(r"\s+", " ", text).rpartition(" и ")
    return (value_of("tens", tens) if tens else 0) + value_of("ordinals", rest)


def read_iso(match: re.Match[str]) -> Iterator[Expression]:
    """„2015-03-13“: four figures first, so the month is in the middle."""
    yield expression(match, "iso", PartialDate(int(match["year"]), int(match["month"]), int(match["day"])))


def read_numeric(match: re.Match[str]) -> Iterator[Expression]:
    """„13.03.2015 г.“, „24-25.04.2015“: day before month, as in all Bulgarian writing; two figures mean this century."""
    year = int(match["year"]) if len(match["year"]) == 4 else 2000 + int(match["year"])
    yield from read_days(match, "numeric", year, month_number(match["month"] or match["roman"]))


def read_numeric_without_year(match: re.Match[str]) -> Iterator[Expression]:
    """„30.09.“, „28.IV“. Two figures without a closing dot may be a mark, a sum or an hour: weak by themselves."""
    month = match["month"] or match["roman"]
    sure = (bool(match["roman"]) and len(match["roman"]) > 1) or bool(match["relative_year"])
    if not sure and match["dot"]:
        before = match.string[max(0, match.start("days") - 12) : match.start("days")]
        sure = len(month) == 2 or bool(match["roman"]) or match["days"] != match["days"][:2]
        sure = sure and bool(DATE_BEFORE.search(before) or WEEKDAY_BEFORE.search(before))
    for one in read_days(match, "numeric", None, month_number(month)):
        yield one if sure else replace(one, weak=True)


def read_worded(match: re.Match[str]) -> Iterator[Expression]:
    """„13-14 март 2015 г.“, „3, 10 и 17 май“, „двадесет и четвърти май“"""
    yield from read_days(match, "worded", year_of(match), month_number(match["month"]))


def read_days(match: re.Match[str], rule: str, year: int | None, month: int) -> Iterator[Expression]:
    """One or several days of one month. The last one reaches to the end of the match, over month and year."""
    days = list(re.finditer(rf"{DAY_WORD}|{DAY_FIGURE}{ORDINAL_ENDING}", match["days"], re.IGNORECASE))
    if is_bare_enumeration(match):
        days = days[-1:]
    numbers = [day_number(day.group()) for day in days]
    opens = (match["opens"] or "").casefold()
    start = match.start("days") + days[0].start()
    whole = expression(match, rule, PartialDate(year, month, numbers[0]), PartialDate(year, month, numbers[-1]))
    if len(days) == 1:
        yield replace(whole, start=start, opens=opens)  # type: ignore[arg-type]
    elif is_range(numbers, match["days"], opens):
        yield replace(whole, start=match.start() if opens else start, rule=f"{rule}_range")
    else:
        for day, value in zip(days, numbers, strict=True):
            one = expression(match, rule, PartialDate(year, month, value))
            end = match.end() if day is days[-1] else match.start("days") + day.end()
            yield replace(one, start=match.start("days") + day.start(), end=end)


def is_bare_enumeration(match: re.Match[str]) -> bool:
    """In „зала 5, 14 май“ the first number need not be a day; in „на 5, 14 май“ and „5, 7 и 14 май“ it is."""
    before = match.string[max(0, match.start("days") - 8) : match.start("days")]
    named = re.search(r"\b(?:на|датите|дните|дати:)\s$", before, re.IGNORECASE)
    return "," in match["days"] and not named and not re.search(r"\d\D*?\s(?:и|до)\s|[-–—]\d", match["days"])


def is_range(days: list[int], text: str, opens: str) -> bool:
    """„24-25“, „3 до 5“, „между 3 и 9“ and days that follow one another („24, 25 и 26“) are one stretch of time."""
    if any(a >= b for a, b in zip(days, days[1:], strict=False)):
        return False
    consecutive = all(b == a + 1 for a, b in zip(days, days[1:], strict=False))
    stretch = re.search(r"\d\s*[-–—‑−]\s*(?:на\s+)?\d|\bдо\b|[а-я]\s*[-–—]\s*\d", text)
    return consecutive or (len(days) == 2 and (bool(stretch) or opens == "между"))


def read_month(match: re.Match[str]) -> Iterator[Expression]:
    """„март 2015 г.“; without a year only behind „месец“, „през“ or „края на“, for „май“ is a particle as well."""
    lead, preposition = match["lead"] or "", (match["preposition"] or "").casefold()
    one = expression(match, "month", PartialDate(year_of(match), month_number(match["month"])))
    dated = one.has_year or one.year_shift is not None or bool(match["month_mark"])
    part = re.search(rf"{PART}$", lead, re.IGNORECASE | re.VERBOSE)
    start = match.start() + (part.start() if part else len(lead))
    sure = dated or bool(part) or preposition in {"през", "преди"}
    # „от септември“, „до юни“: the particle „май“ and the name „Юли“ do not stand behind these.
    sure = sure or (
        preposition in {"от", "до", "за", "към", "след"} and match["month"].islower() and len(match["month"]) > 3
    )
    opens = preposition if preposition in {"от", "между"} else ""
    yield replace(one, start=start, weak=not sure, opens=opens)  # type: ignore[arg-type]


def read_relative_month(match: re.Match[str]) -> Iterator[Expression]:
    """„м.г. през юли“"""
    yield expression(match, "month", PartialDate(None, month_number(match["month"])))


def read_quarter(match: re.Match[str]) -> Iterator[Expression]:
    """„първото тримесечие на 2018 г.“ as the interval of its months"""
    if match["english_quarter"]:
        yield part_of_year(match, "quarter", int(match["english_year"]), int(match["english_quarter"]), 3)
    else:
        index, quarter = value_of("quarters", match["quarter"]), match["unit"].casefold() == "тримесечие"
        if quarter or index <= 2:
            rule, length = ("quarter", 3) if quarter else ("half_year", 6)
            yield part_of_year(match, rule, year_of(match), index, length)


def read_half_year(match: re.Match[str]) -> Iterator[Expression]:
    """„втората половина на 2018 г.“"""
    yield part_of_year(match, "half_year", year_of(match), 1 if match["half"].casefold() == "първата" else 2, 6)


def part_of_year(match: re.Match[str], rule: str, year: int | None, index: int, months: int) -> Expression:
    first, last = PartialDate(year, (index - 1) * months + 1), PartialDate(year, index * months)
    return expression(match, rule, first, last)


def read_season(match: re.Match[str]) -> Iterator[Expression]:
    """„пролетта на 2015 г.“, „миналата есен“, „през зимата“, „наесен“; „празник на есента“ is none."""
    if match["adverb"]:
        yield expression(match, "season", PartialDate(None, value_of("season_adverbs", match["adverb"])))
        return
    word = match["season"] or match["dated_season"]
    one = expression(match, "season", PartialDate(year_of(match), value_of("seasons", word)))
    if match["which"]:
        yield replace(one, year_shift=value_of("which_season", match["which"]))
    elif one.has_year or one.year_shift is not None or (match["lead"] and word.casefold().endswith(("та", "то"))):
        yield replace(one, start=match.start("dated_season"))


def read_years(match: re.Match[str]) -> Iterator[Expression]:
    """„2014-2020“, „учебната 2016/2017“, „2016/17 г.“; „между 2014 и 2020“ is a stretch, „2014 и 2016“ two years."""
    first, last, lead = int(match["first_year"]), match["last_year"], (match["lead"] or "").casefold()
    last_year = int(last) if len(last) == 4 else first // 100 * 100 + int(last)
    start = match.start() if lead == "между" or re.search(r"\sдо\s", match.group()) else match.start("first_year")
    one = expression(match, "years", PartialDate(first), PartialDate(last_year))
    if re.search(r"\sи\s", match.group(), re.IGNORECASE) and lead != "между" and last_year != first + 1:
        if len(last) == 4:
            yield replace(
                one, start=match.start("first_year"), end=match.end("first_year"), rule="year", last=one.first
            )
            yield replace(one, start=match.start("last_year"), rule="year", first=one.last)
    elif first < last_year and (len(last) == 4 or last_year == first + 1):
        yield replace(one, start=start)


def read_year(match: re.Match[str]) -> Iterator[Expression]:
    groups = ("year", "short_year", "bare_year", "weak_year", "bracket_year", "close_year")
    if match["year_words"]:
        yield expression(match, "year", PartialDate(year_in_words(match["year_words"])))
    for group in groups:
        if match[group]:
            yield replace(expression(match, "year", PartialDate(int(match[group]))), start=match.start(group))


def read_relative_year(match: re.Match[str]) -> Iterator[Expression]:
    yield expression(match, "relative_year", PartialDate())


def read_relative_day(match: re.Match[str]) -> Iterator[Expression]:
    amount = value_of("relative_days", match["day"])
    yield replace(expression(match, "relative_day", PartialDate()), relative=Relative("day", amount))


def read_relative_week(match: re.Match[str]) -> Iterator[Expression]:
    """„миналия петък“, „следващата седмица“, „този месец“"""
    which, one = value_of("which", match["which"]), expression(match, "relative_week", PartialDate())
    if match["weekday"]:
        yield replace(one, relative=Relative("weekday", which), weekday=value_of("weekdays", match["weekday"]))
    else:
        unit: Literal["week", "month"] = "week" if match["unit"].casefold() == "седмица" else "month"
        yield replace(one, relative=Relative(unit, which))


def read_weekday(match: re.Match[str]) -> Iterator[Expression]:
    """„в петък“: the one before or after the publication, as the sentence has it."""
    one = replace(expression(match, "weekday", PartialDate()), start=match.start("weekday"))
    yield replace(one, relative=Relative("weekday", None), weekday=value_of("weekdays", match["weekday"]))


def read_day_of_month(match: re.Match[str]) -> Iterator[Expression]:
    """„на 16-и“: of the month that the text spoke of last."""
    day = PartialDate(None, None, day_number(match["days"]))
    yield replace(expression(match, "day_of_month", day), start=match.start("days"))


READERS: dict[str, Callable[[re.Match[str]], Iterator[Expression]]] = {
    "iso": read_iso,
    "numeric": read_numeric,
    "numeric_without_year": read_numeric_without_year,
    "worded": read_worded,
    "relative_month_of_year": read_relative_month,
    "half_of_year": read_half_year,
    "month": read_month,
    "quarter": read_quarter,
    "season": read_season,
    "years": read_years,
    "year": read_year,
    "relative_year": read_relative_year,
    "relative_day": read_relative_day,
    "relative_week": read_relative_week,
    "weekday": read_weekday,
    "day_of_month": read_day_of_month,
}


def with_weekday(text: str, one: Expression) -> Expression:
    """A single day with the weekday that stands before, within or behind it: „петък, 13 май“, „13 май (петък)“."""
    if one.weekday or not one.first.day or not one.is_single:
        return one
    match = (
        WEEKDAY_BEFORE.search(text, max(0, one.start - 24), one.start)
        or WEEKDAY_WITHIN.search(text, one.start, one.end)
        or WEEKDAY_AFTER.match(text, one.end, one.end + 24)
    )
    if not match:
        return one
    return replace(one, weekday=value_of("weekdays", match["weekday"]), weak=False)


def joined(text: str, found: list[Expression]) -> list[Expression]:
    """Dates that belong together made one stretch of time, or given the year that only the last of them bears.

    From right to left, because Bulgarian writes month and year once, behind the last day.
    """
    kept: list[Expression] = []
    for one in reversed(found):
        following = kept[-1] if kept else None
        between = text[one.end : following.start] if following else ""
        if following and (stretch := stretch_of(text, one, following, between)):
            kept[-1] = stretch
        elif following and AND.fullmatch(between):
            kept.append(enumerated(one, following))
        else:
            kept.append(one)
    return kept[::-1]


def stretch_of(text: str, one: Expression, following: Expression, between: str) -> Expression | None:
    """`one` and `following` as one expression, if „до“, a dash or „между … и …“ joins them."""
    separator, junction = TO.fullmatch(between), AND.fullmatch(between)
    alike = one.first.granularity == following.first.granularity
    months = one.first.granularity == "month" and alike and junction is not None and follows(one.first, following.first)
    bound = (separator and (alike or separator["word"])) or (junction and one.opens == "между") or months
    # „наближава 10.10-10.12“: two weak ones say nothing; one sure date makes the other sure.
    if not bound or not all(x.is_single and x.first.month and x.relative is None for x in (one, following)):
        return None
    if (one.weak and following.weak) or "season" in (one.first.granularity, following.first.granularity):
        return None
    first, last = shared_year(one.first, following.first)
    if first.year is not None and last.year is not None and not before(first, last):
        return None
    opening = re.search(rf"(?:от|между){BLANK}$", text[max(0, one.start - 10) : one.start], re.IGNORECASE)
    start = one.start - (len(opening.group()) if opening else 0)
    shift = following.year_shift if following.year_shift is not None else one.year_shift
    rule = f"{one.rule.removesuffix('_range')}_range"
    return Expression(start, following.end, rule, first, last, shift)


def shared_year(first: PartialDate, last: PartialDate) -> tuple[PartialDate, PartialDate]:
    """A year that only one of two consecutive dates bears, given to both, across the turn of the year where need be."""
    turn = month_and_day(first) > month_and_day(last)
    if first.year is None and last.year is not None:
        first = replace(first, year=last.year - turn)
    elif last.year is None and first.year is not None:
        last = replace(last, year=first.year + turn)
    return first, last


def month_and_day(date: PartialDate) -> tuple[int, int]:
    return (date.month or 0, date.day or 0)


def before(first: PartialDate, last: PartialDate) -> bool:
    """Whether `first` precedes `last`; „3 юли – края на юли“ does, whose months are the same."""
    if first.day is None or last.day is None:
        return (first.year or 0, first.month or 0) < (last.year or 0, last.month or 0) or bool(first.day)
    return (first.year or 0, *month_and_day(first)) < (last.year or 0, *month_and_day(last))


def follows(first: PartialDate, last: PartialDate) -> bool:
    return last.month == (first.month or 0) + 1 and first.year in (None, last.year)


def enumerated(one: Expression, following: Expression) -> Expression:
    """The first of „30 април и 2 май 2015 г.“ with the year of the second."""
    same_kind = one.first.granularity == following.first.granularity
    if not same_kind or one.has_year or one.year_shift is not None or not one.is_single or not one.first.month:
        return one
    if following.has_year and not following.weak:
        return replace(
            one,
            first=shared_year(one.first, following.first)[0],
            last=shared_year(one.last, following.first)[0],
            weak=False,
        )
    return replace(one, year_shift=following.year_shift, weak=one.weak and following.weak)
