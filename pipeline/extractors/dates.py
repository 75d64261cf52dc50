"""Dates: Bulgarian calendar expressions as EDTF values (ISO 8601-2), with what was inferred marked as such.

An expression is read in two steps. Patterns find what the text says: a first and a last day, of which the year,
the month or the day may be unknown. Then missing years are inferred from the report's own dates; where that
cannot be done the year stays unknown (`XXXX-04-24`). No clock is consulted.
"""

from __future__ import annotations

import datetime
import re
from bisect import bisect_right, insort
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass, replace

from spacy.language import Language
from spacy.tokens import Doc

from letopis.findings import CalendarDate, Mention, findings
from letopis.layout import lines_of
from letopis.quotes import quotations
from letopis.vocabulary import toml

WORDS = toml("calendar.toml")
CERTAIN, INFERRED_YEAR, UNKNOWN_YEAR = 1.0, 0.8, 0.5


def value_of(table: str, form: str) -> int:
    """The number that a word of the calendar stands for."""
    plain = re.sub(r"\s+", " ", form.casefold())
    for pattern, value in WORDS[table].items():
        if re.fullmatch(pattern.casefold(), plain):
            return int(value)
    raise KeyError(form)


def any_of(table: str) -> str:
    """A pattern for any word of a table, longest alternatives first."""
    forms = [form for pattern in WORDS[table] for form in split_forms(pattern)]
    return "(?:" + "|".join(sorted(forms, key=len, reverse=True)).replace(" ", r"\s+") + ")"


def split_forms(pattern: str) -> list[str]:
    """The alternatives of a pattern at its top level."""
    return re.split(r"\|(?![^(]*\))", pattern)


GAP = r"[^\S\r\n]{0,3}"
BLANK = r"[^\S\r\n]{1,3}"
DASH = rf"{GAP}[-–—‑−]{GAP}"
MONTH = rf"(?P<month_mark>м\.{GAP}|мес\.{GAP}|месец{BLANK})?(?P<month>{any_of('months')})(?!\w)"
ROMAN = "(?:" + "|".join(sorted(WORDS["roman"], key=len, reverse=True)).replace("X", "[XХ]").replace("I", "[IІ]") + ")"
MONTH_WORD = rf"(?:{any_of('months')})(?!\w)"
FULL_YEAR = r"(?:1[5-9]|20)\d\d"
YEAR_MARK = rf"(?:{GAP}(?:г\.|год\.|година(?:та)?(?!\w)|г(?!\w))|-?та{BLANK}година)"
YEAR = rf"(?:(?P<year>{FULL_YEAR})(?!\d){YEAR_MARK}?|(?P<relative_year>{any_of('relative_years')}|{any_of('qualifying_years')}))"
ORDINAL_ENDING = rf"(?:(?:{GAP}[-–‑]{GAP})?(?:ви|ри|ти|ми|и|ия|ият)(?!\w))?"
DAY_WORD = rf"(?:(?:{any_of('tens')}{BLANK}и{BLANK})?{any_of('ordinals')})(?!\w)"
DAY = rf"(?:(?:[12]\d|3[01]|0?[1-9])(?!\d){ORDINAL_ENDING}|{DAY_WORD})"
BETWEEN_DAYS = rf"(?:,{GAP}|{BLANK}и{BLANK}|{BLANK}до{BLANK}|{DASH})(?:на{BLANK})?"
NUMBER_BEFORE = r"(?<![\w.,:/№§+%-])"
WEEKDAY = rf"(?:{any_of('weekdays')}(?:,{GAP}|{BLANK}))?"
NUMERIC_END = r"(?![\d/]|[.,:]\d|-\d)"

PATTERNS = {
    "iso": rf"{NUMBER_BEFORE}(?P<year>{FULL_YEAR})-(?P<month_number>0[1-9]|1[0-2])-(?P<day>0[1-9]|[12]\d|3[01]){NUMERIC_END}",
    "numeric": rf"""{NUMBER_BEFORE}(?:от{BLANK})?
        (?:(?P<first_day>\d{{1,2}})(?:\.(?P<first_month>\d{{1,2}}|{ROMAN}))?(?:\.(?P<first_year>{FULL_YEAR}))?\.?{GAP}(?:г\.)?
           (?:{DASH}|{BLANK}до{BLANK}|{BLANK}и{BLANK}))?
        (?P<day>\d{{1,2}})(?P<separator>[./])(?P<month_number>\d{{1,2}}|{ROMAN})
        (?P=separator)(?P<year>{FULL_YEAR}|\d\d(?={GAP}г)){NUMERIC_END}{YEAR_MARK}?""",
    "numeric_without_year": rf"""{NUMBER_BEFORE}(?:от{BLANK})?
        (?:(?P<first_day>\d{{1,2}})(?:\.(?P<first_month>0[1-9]|1[0-2]|{ROMAN}))?\.?(?:{DASH}|{BLANK}до{BLANK}|{BLANK}и{BLANK}))?
        (?P<day>\d{{1,2}})\.(?:(?P<month_number>0[1-9]|1[0-2])\.|(?P<roman>{ROMAN})\.?)(?![\d\w])""",
    "worded": rf"""{NUMBER_BEFORE}(?:(?P<lead>от|между){BLANK})?(?P<days>{DAY}(?:{BETWEEN_DAYS}{DAY}){{0,9}}){BLANK}{MONTH}
        (?:{GAP}\({any_of('weekdays')}\))?(?:,?{BLANK}{YEAR})?
        (?:(?:{DASH}|{BLANK}срещу{BLANK}|{BLANK}до{BLANK}|(?P<and>{BLANK}и{BLANK}))(?P<last_day>{DAY}){BLANK}
           (?P<last_month>{MONTH_WORD})(?:,?{BLANK}(?P<last_year>{FULL_YEAR})(?!\d){YEAR_MARK}?)?)?""",
    "months": rf"""(?<!\w)(?:от{BLANK})?{MONTH}(?:{BLANK}(?P<first_year>{FULL_YEAR}){YEAR_MARK}?)?(?:{DASH}|{BLANK}до{BLANK})
        (?P<last_month>{MONTH_WORD}){BLANK}(?P<last_year>{FULL_YEAR})(?!\d){YEAR_MARK}?""",
    "month": rf"""(?<!\w)(?P<lead>(?:края|началото|средата){BLANK}на{BLANK}|(?:през|за|в|във|от|до|след|към){BLANK})?
        {MONTH}(?:{BLANK}(?:на{BLANK})?{YEAR})?""",
    "quarter": rf"""(?<!\w)(?P<quarter>{any_of('quarters')}){BLANK}(?P<unit>тримесечие|полугодие)(?:{BLANK}на)?{BLANK}{YEAR}""",
    "season": rf"""(?<!\w)(?:(?P<which>минал(?:ата|ото)|тази|това|следващ(?:ата|ото)|идн(?:ата|ото)){BLANK}
           (?P<season>{any_of('seasons')})(?!\w)
        |(?P<dated_season>{any_of('seasons')}){BLANK}(?:на{BLANK})?{YEAR}
        |през{BLANK}(?P<bare_season>{any_of('seasons')})(?!\w|{BLANK}(?:на{BLANK})?(?:\d{{4}}|[тсм]\.))|на(?P<adverb>пролет|есен)(?!\w))""",
    "years": rf"""{NUMBER_BEFORE}(?P<first_year>{FULL_YEAR}){GAP}г?\.?(?:{DASH}|{GAP}/{GAP}|{BLANK}до{BLANK}|{BLANK}и{BLANK})
        (?P<last_year>{FULL_YEAR}|\d\d(?!\d))(?![\d/.]\d){YEAR_MARK}?""",
    "year": rf"""{NUMBER_BEFORE}(?:(?P<year>{FULL_YEAR})(?!\d)(?:{YEAR_MARK}|-(?:а|ва|та|ма|ра)(?!\w){YEAR_MARK}?)
        |(?:през|от|до|след|преди|към|за|година){BLANK}(?:началото{BLANK}на{BLANK}|края{BLANK}на{BLANK})?
         (?P<bare_year>{FULL_YEAR})(?![\d/-]|[.,:]\d|{GAP}[\w%€]))""",
    "relative_year": rf"(?<!\w)(?P<relative_year>{any_of('relative_years')})(?!\w)",
    "relative_day": rf"(?<!\w){any_of('relative_days')}(?!\w)",
}  # fmt: skip
COMPILED = {name: re.compile(pattern, re.IGNORECASE | re.VERBOSE) for name, pattern in PATTERNS.items()}
FUTURE = re.compile("|".join(rf"\b{re.escape(word)}" for word in WORDS["context"]["future"]), re.IGNORECASE)
CLAUSE = re.compile(r"[^.!?;\n]*$")
DATELINE_BEFORE = re.compile(
    r"(?:[^\W\d_][\w.„“ -]{0,30},\s*|(?:публикуван[оа]?|дата|обновен[оа]?|качен[оа]?)[\w\s]{0,20}:?\s*)?", re.IGNORECASE
)
DATELINE_AFTER = re.compile(r"[\s.,|]*(?:\d{1,2}[:.]\d\d(?:\s*ч\.?)?\s*)?(?:[-–—/|].*)?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A day, month or year of which parts may be unknown."""

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
        if self.month is None:
            return True
        days = 31 if self.month > 20 else monthrange(self.year or 2000, self.month)[1] if self.month <= 12 else 0
        return 1 <= (self.day or 1) <= days

    def first_day(self) -> datetime.date | None:
        if self.year is None or self.year < 1:
            return None
        return datetime.date(self.year, SEASON_START.get(self.month or 1, self.month or 1), self.day or 1)

    def last_day(self) -> datetime.date | None:
        if self.year is None or self.year < 1:
            return None
        if self.month in SEASON_START:
            year, month = (self.year + 1, 2) if self.month == 24 else (self.year, SEASON_START[self.month] + 2)
        else:
            year, month = self.year, self.month or 12
        return datetime.date(year, month, self.day or monthrange(year, month)[1])


SEASON_START = {21: 3, 22: 6, 23: 9, 24: 12}


@dataclass(frozen=True, slots=True)
class Expression:
    """What the text says at `start:end`: one date, or a first and a last one."""

    start: int
    end: int
    rule: str
    first: PartialDate
    last: PartialDate
    relative_year: int | None = None
    relative_day: int | None = None

    @property
    def is_full(self) -> bool:
        return self.first.year is not None and self.first.month is not None


@Language.factory("letopis_dates")
class DatesExtractor:
    """Fills `dates` and `published` of the findings."""

    def __init__(self, nlp: Language, name: str) -> None:
        self.name = name

    def __call__(self, doc: Doc) -> Doc:
        found = findings(doc)
        expressions = expressions_in(doc.text)
        found.published = published_in(doc.text, expressions)
        found.dates = [calendar_date(*one) for one in resolved(doc.text, expressions, found.published)]
        return doc


def find_dates(text: str, published: datetime.date | None = None) -> list[CalendarDate]:
    """The calendar expressions of `text` in order, never overlapping.

    `published` is the day the text appeared, which „вчера“ counts from; without it, the text's own dateline is used.
    """
    expressions = expressions_in(text)
    published = published or published_in(text, expressions)
    return [calendar_date(*one) for one in resolved(text, expressions, published)]


def expressions_in(text: str) -> list[Expression]:
    """All expressions, found by the patterns in their order: an earlier pattern keeps its characters."""
    quoted = [(q.inner_start, q.inner_end) for q in quotations(text)]
    taken: list[tuple[int, int]] = []
    found: list[Expression] = []
    for rule, pattern in COMPILED.items():
        for match in pattern.finditer(text):
            if overlaps(taken, match.start(), match.end()) or (
                rule == "year" and not match["year"] and overlaps(quoted, match.start(), match.end())
            ):
                continue
            new = [one for one in READERS[rule](match) if one.first.exists and one.last.exists]
            for one in new:
                insort(taken, (one.start, one.end))
            found += new
    return sorted(found, key=lambda one: one.start)


def overlaps(spans: list[tuple[int, int]], start: int, end: int) -> bool:
    place = bisect_right(spans, (start, end))
    return any(s < end and start < e for s, e in spans[max(place - 1, 0) : place + 1])


def expression(
    match: re.Match[str], rule: str, first: PartialDate, last: PartialDate | None = None, lead: str = ""
) -> Expression:
    start = match.start() + len(lead)
    relative = match.groupdict().get("relative_year")
    return Expression(start, match.end(), rule, first, last or first, year_shift(relative) if relative else None)


def year_shift(word: str) -> int:
    """How many years after the report's own year: „м.г.“ → -1."""
    try:
        return value_of("relative_years", word)
    except KeyError:
        return value_of("qualifying_years", word)


def number(text: str | None) -> int | None:
    return int(text) if text else None


def month_number(text: str) -> int:
    """1 to 12 of a number, a Roman number or a name; 0 where there is no such month."""
    if text.isdigit():
        return int(text) if 1 <= int(text) <= 12 else 99
    roman = text.upper().replace("Х", "X").replace("І", "I")
    return int(WORDS["roman"].get(roman, 0)) or value_of("months", text)


def year_number(text: str) -> int:
    """Two digits mean this century."""
    return int(text) if len(text) == 4 else 2000 + int(text)


def day_number(text: str) -> int:
    if digits := re.match(r"\d+", text):
        return int(digits.group())
    tens, _, rest = re.sub(r"\s+", " ", text).rpartition(" и ")
    return (value_of("tens", tens) if tens else 0) + value_of("ordinals", rest)


def read_iso(match: re.Match[str]) -> Iterator[Expression]:
    yield expression(match, "iso", PartialDate(int(match["year"]), int(match["month_number"]), int(match["day"])))


def read_numeric(match: re.Match[str]) -> Iterator[Expression]:
    """„13.03.2015 г.“, „24-25.04.2015“, „30.12.2019 – 2.01.2020“: day before month, as in all Bulgarian writing."""
    last = PartialDate(year_number(match["year"]), month_number(match["month_number"]), int(match["day"]))
    if not match["first_day"]:
        lead = re.match(r"от\s+", match.group(), re.IGNORECASE)
        yield expression(match, "numeric", last, lead=lead.group() if lead else "")
        return
    month = month_number(match["first_month"]) if match["first_month"] else last.month
    first = PartialDate(number(match["first_year"]) or last.year, month, int(match["first_day"]))
    if first.exists and last.exists and ordered(first, last):
        yield expression(match, "numeric_range", first, last)


def read_numeric_without_year(match: re.Match[str]) -> Iterator[Expression]:
    """„30.09.“ with its closing dot, „28.IV“, „17.06. до 30.08.“"""
    last = PartialDate(None, month_number(match["month_number"] or match["roman"]), int(match["day"]))
    first = last
    if match["first_day"]:
        month = month_number(match["first_month"]) if match["first_month"] else last.month
        first = PartialDate(None, month, int(match["first_day"]))
    yield expression(match, "numeric", first, last)


def read_worded(match: re.Match[str]) -> Iterator[Expression]:
    """„13-14 март 2015 г.“, „3, 10 и 17 май“, „от 28 февруари до 2 март 2020 г.“"""
    days = list(re.finditer(rf"(?P<separator>{BETWEEN_DAYS})?(?P<day>{DAY})", match["days"], re.IGNORECASE))
    numbers = [day_number(day["day"]) for day in days]
    month, year = month_number(match["month"]), number(match["year"])
    lead = match[0][: match.start("days") - match.start()]
    if match["last_day"] and not (match["and"] and (match["lead"] or "").casefold() != "между"):
        last = PartialDate(
            number(match["last_year"]) or year, month_number(match["last_month"]), day_number(match["last_day"])
        )
        first = PartialDate(year or year_before(last, month), month, numbers[0])
        yield expression(match, "worded_range", first, last)
        return
    if match["lead"] and "между" in match["lead"].casefold() or is_range(numbers, [day["separator"] or "" for day in days]):
        first, last = PartialDate(year, month, numbers[0]), PartialDate(year, month, numbers[-1])
        dropped = "" if match["lead"] else lead
        yield replace(expression(match, "worded_range", first, last, dropped), end=end_of_first(match))
    else:
        for n, (day, value) in enumerate(zip(days, numbers, strict=True)):
            start = match.start("days") + day.start("day")
            end = end_of_first(match) if n == len(days) - 1 else match.start("days") + day.end("day")
            one = expression(match, "worded", PartialDate(year, month, value))
            yield replace(one, start=start, end=end)
    if match["last_day"]:
        second = PartialDate(
            number(match["last_year"]), month_number(match["last_month"]), day_number(match["last_day"])
        )
        yield Expression(match.start("last_day"), match.end(), "worded", second, second)


def end_of_first(match: re.Match[str]) -> int:
    """Where the first of two dates joined by „и“ ends: before the conjunction."""
    return match.start("and") if match["last_day"] and match["and"] else match.end()


def year_before(last: PartialDate, month: int) -> int | None:
    """The year of a first day that is written without one: that of the last day, or the year before it."""
    if last.year is None:
        return None
    return last.year - 1 if last.month is not None and month > last.month else last.year


def is_range(days: list[int], separators: list[str]) -> bool:
    """„24-25“, „3 до 5“ and days that follow one another („24, 25 и 26“) are one stretch of time."""
    if len(days) == 1 or any(a >= b for a, b in zip(days, days[1:], strict=False)):
        return False
    consecutive = all(b == a + 1 for a, b in zip(days, days[1:], strict=False))
    dashed = len(days) == 2 and not re.search(r",|\bи\b", separators[1])
    return consecutive or dashed


def read_months(match: re.Match[str]) -> Iterator[Expression]:
    last = PartialDate(int(match["last_year"]), month_number(match["last_month"]))
    month = month_number(match["month"])
    first = PartialDate(number(match["first_year"]) or year_before(last, month), month)
    if ordered(first, last):
        yield expression(match, "months", first, last)


def read_month(match: re.Match[str]) -> Iterator[Expression]:
    """„март 2015 г.“; without a year only behind „месец“, „през“ or „края на“, for „май“ is a particle as well."""
    lead = match["lead"] or ""
    one = expression(match, "month", PartialDate(number(match["year"]), month_number(match["month"])))
    marked = re.match(r"(?:през|края|началото|средата)\b", lead, re.IGNORECASE)
    if match["year"] or match["relative_year"] or match["month_mark"] or marked:
        yield replace(one, start=match.start() + (0 if lead.endswith("на ") else len(lead)))


def read_quarter(match: re.Match[str]) -> Iterator[Expression]:
    index, year = value_of("quarters", match["quarter"]), number(match["year"])
    length = 3 if match["unit"].casefold() == "тримесечие" else 6
    if index * length <= 12:
        first, last = PartialDate(year, (index - 1) * length + 1), PartialDate(year, index * length)
        yield expression(match, "quarter", first, last)


def read_season(match: re.Match[str]) -> Iterator[Expression]:
    """„пролетта на 2015 г.“, „миналата есен“, „през зимата“, „наесен“."""
    word = match["season"] or match["dated_season"] or match["bare_season"] or match["adverb"]
    one = expression(match, "season", PartialDate(number(match["year"]), value_of("seasons", word)))
    if match["which"]:
        one = replace(one, relative_year={"м": -1, "т": 0, "с": 1, "и": 1}[match["which"][0].casefold()])
    yield one


def read_years(match: re.Match[str]) -> Iterator[Expression]:
    """„2014-2020“, „учебната 2016/2017“, „2016/17 г.“"""
    first, last = int(match["first_year"]), match["last_year"]
    last_year = int(last) if len(last) == 4 else first // 100 * 100 + int(last)
    if first < last_year and (len(last) == 4 or last_year == first + 1):
        yield expression(match, "years", PartialDate(first), PartialDate(last_year))


def read_year(match: re.Match[str]) -> Iterator[Expression]:
    year = PartialDate(int(match["year"] or match["bare_year"]))
    yield replace(expression(match, "year", year), start=match.start("year" if match["year"] else "bare_year"))


def read_relative_year(match: re.Match[str]) -> Iterator[Expression]:
    yield expression(match, "relative_year", PartialDate())


def read_relative_day(match: re.Match[str]) -> Iterator[Expression]:
    day = value_of("relative_days", match.group())
    yield replace(expression(match, "relative_day", PartialDate()), relative_day=day)


READERS = {
    "iso": read_iso,
    "numeric": read_numeric,
    "numeric_without_year": read_numeric_without_year,
    "worded": read_worded,
    "months": read_months,
    "month": read_month,
    "quarter": read_quarter,
    "season": read_season,
    "years": read_years,
    "year": read_year,
    "relative_year": read_relative_year,
    "relative_day": read_relative_day,
}


def ordered(first: PartialDate, last: PartialDate) -> bool:
    return (first.year or 0, first.month or 0, first.day or 0) < (last.year or 0, last.month or 0, last.day or 0)


def published_in(text: str, expressions: list[Expression]) -> datetime.date | None:
    """The day in the report's dateline („София, 14 май 2019 г.“): a line of its own at either end, or the very start."""
    lines = lines_of(text)
    for line in (*lines[:4], *lines[-3:]):
        for one in expressions:
            if line.start <= one.start and one.end <= line.end and one.first == one.last:
                before, after = text[line.start : one.start], text[one.end : line.end]
                alone = DATELINE_BEFORE.fullmatch(before) and DATELINE_AFTER.fullmatch(after)
                if alone and one.is_full and one.first.day and (before or line.kind != "title"):
                    return one.first.first_day()
    return None


def resolved(
    text: str, expressions: list[Expression], published: datetime.date | None
) -> Iterator[tuple[Expression, str]]:
    """Each expression with its missing parts inferred, and what they were; what stays senseless is left out."""
    reference = published or reference_date(text, expressions)
    for one in expressions:
        if one.relative_day is not None:
            if published:
                day = published + datetime.timedelta(days=one.relative_day)
                date = PartialDate(day.year, day.month, day.day)
                yield replace(one, first=date, last=date), "year month"
        elif one.first.year is not None:
            yield one, ""
        elif reference or one.first.month is not None:
            year = inferred_year(text, one, reference) if reference else None
            last_year = year + ordered(one.last, one.first) if year is not None else None
            dated = replace(one, first=replace(one.first, year=year), last=replace(one.last, year=last_year))
            if dated.first.exists and dated.last.exists:
                yield dated, "year" if year is not None else ""


def reference_date(text: str, expressions: list[Expression]) -> datetime.date | None:
    """The day the report speaks from, where it does not state its publication: its latest date that is not announced."""
    full = [one for one in expressions if one.is_full]
    dated = [one for one in full if not is_announced(text, one)] or full
    return max((day for one in dated if (day := one.first.first_day())), default=None)


def inferred_year(text: str, one: Expression, reference: datetime.date) -> int:
    """The year of an expression without one, as seen from `reference`.

    „м.г.“ and „догодина“ say it. What is announced („ще се проведе“) and would lie behind the reference is of the
    next year, so that January after December is.
    """
    if one.relative_year is not None:
        return reference.year + one.relative_year
    same_year = replace(one.first, year=reference.year)
    last = same_year.last_day() if same_year.exists else None
    return reference.year + bool(last and last < reference and is_announced(text, one))


def is_announced(text: str, one: Expression) -> bool:
    """Whether the clause around the expression speaks of the future."""
    before = CLAUSE.search(text[max(0, one.start - 200) : one.start])
    after = re.split(r"[.!?;\n]", text[one.end : one.end + 80], maxsplit=1)[0]
    return bool(before and FUTURE.search(before.group() + " " + after))


def calendar_date(one: Expression, inferred: str) -> CalendarDate:
    single = one.first == one.last
    known = one.first.year is not None
    confidence = UNKNOWN_YEAR if not known else INFERRED_YEAR if inferred else CERTAIN
    return CalendarDate(
        mention=Mention(one.start, one.end, confidence, f"dates.{one.rule}"),
        edtf=one.first.edtf if single else f"{one.first.edtf}/{one.last.edtf}",
        start=one.first.first_day(),
        end=one.last.last_day(),
        granularity=granularity(one) if single else "range",
        inferred=inferred,
    )


def granularity(one: Expression) -> str:
    if one.first.day:
        return "day"
    if one.first.month:
        return "season" if one.first.month > 12 else "month"
    return "year"
