"""Dates: Bulgarian calendar expressions as EDTF values (ISO 8601-2), with what was inferred marked as such.

`date_expressions` finds what the text says, of which the year, the month or the day may be unknown. Here missing
years are inferred from the report's own dates; where that cannot be done the year stays unknown (`XXXX-04-24`).
No clock is consulted.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from spacy.language import Language
from spacy.tokens import Doc

from letopis.date_expressions import (
    WORDS,
    Expression,
    PartialDate,
    any_of,
    expressions_in,
    month_and_day,
    value_of,
)
from letopis.findings import CalendarDate, Mention, findings, text_of
from letopis.layout import Line, lines_of

CERTAIN, INFERRED_YEAR, UNKNOWN_YEAR = 1.0, 0.8, 0.5
ONE_DAY = datetime.timedelta(days=1)


def context(name: str) -> re.Pattern[str]:
    return re.compile("|".join(rf"\b{re.escape(word)}" for word in WORDS["context"][name]), re.IGNORECASE)


FUTURE, YEAR_BEFORE = context("future"), context("year_before")
YEARS_AGO = re.compile(rf"\bпреди\s(?P<years>{any_of('years_ago')})\b", re.IGNORECASE)
# A full stop ends a sentence where a space and no small letter follow; „г. се проведе“ goes on.
SENTENCE_END = re.compile(r"[.!?…]+[»”“\"')\]]*\s+(?=[^\sа-я\d])|\n")
DATELINE_BEFORE = re.compile(
    r"(?:[^\W\d_][^\d:]{0,40}[,/|–-]\s*(?:[^\d:]{0,60}[/|]\s*)?|[^\W\d_]{3,12},?\s+"
    r"|(?:[\w\s.]{0,20}\b)?(?:публик|дата|обновен|качен|добавен|създаден)\w*[\w\s]{0,20}:?\s*|гр\.\s*\w{2,20},?\s*)?",
    re.IGNORECASE,
)
DATELINE_AFTER = re.compile(r"[\s.,|]*(?:\d{1,2}[:.]\d\d(?:\s*ч\.?)?\s*)?(?:[-–—/|].*)?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Resolved:
    """An expression with its missing parts; `inferred` says which they were, as in `CalendarDate`."""

    expression: Expression
    inferred: str = ""


@Language.factory("letopis_dates")
class DatesExtractor:
    """Fills `dates` and `published` of the findings."""

    def __init__(self, nlp: Language, name: str) -> None:
        self.name = name

    def __call__(self, doc: Doc) -> Doc:
        found = findings(doc)
        expressions = expressions_in(text_of(doc))
        found.published = published_in(text_of(doc), expressions)
        found.dates = dates_of(text_of(doc), expressions, found.published)
        return doc


def find_dates(text: str, published: datetime.date | None = None) -> list[CalendarDate]:
    """The calendar expressions of `text` in order, never overlapping.

    `published` is the day the text appeared, which „вчера“ counts from; without it, the text's own dateline is used.
    """
    expressions = expressions_in(text)
    return dates_of(text, expressions, published or published_in(text, expressions))


def dates_of(text: str, expressions: list[Expression], published: datetime.date | None) -> list[CalendarDate]:
    return [calendar_date(one) for one in Chronology(text, expressions, published).resolved()]


def published_in(text: str, expressions: list[Expression]) -> datetime.date | None:
    """The day in the report's dateline („София, 14 май 2019 г.“): in a line of its own near either end.

    A title may hold the day of the event; it counts only where nothing but a place or a word for publishing is beside it.
    """
    lines = lines_of(text)
    for line in dict.fromkeys((*lines[:4], *lines[-3:])):
        for one in expressions:
            if line.start <= one.start and one.end <= line.end and is_dateline(text, line, one):
                return one.first.first_day()
    return None


def is_dateline(text: str, line: Line, one: Expression) -> bool:
    start, end = text.rfind("\n", 0, line.start) + 1, line.end
    before, after = text[start : one.start].lstrip(), text[one.end : end]
    alone = DATELINE_BEFORE.fullmatch(before) and DATELINE_AFTER.fullmatch(after)
    full = one.is_single and one.has_year and one.first.day is not None
    return bool(alone and full and (before or line.kind != "title"))


class Chronology:
    """The dates of one report, seen from the day that it speaks of."""

    def __init__(self, text: str, expressions: list[Expression], published: datetime.date | None) -> None:
        self.text, self.expressions, self.published = text, expressions, published
        self.sentence_ends = [0, *(match.end() for match in SENTENCE_END.finditer(text)), len(text)]
        self.full = [one for one in expressions if one.first.year and one.first.month]
        self.reference = published or self.year_that_fits_weekdays(self.reference_date())

    def resolved(self) -> Iterator[Resolved]:
        """Each expression with its missing parts; what stays without any meaning is left out."""
        latest: PartialDate | None = None
        for one in self.expressions:
            resolved = self.resolve(one, latest)
            if resolved and resolved.expression.exists:
                latest = resolved.expression.last if resolved.expression.last.month else latest
                yield resolved

    def resolve(self, one: Expression, latest: PartialDate | None) -> Resolved | None:
        if one.relative is not None:
            return self.counted_from_publication(one)
        if one.first.day and one.first.month is None:
            return same_month(one, latest)
        if one.has_year:
            return Resolved(one)
        year = self.year_of(one)
        if year is None:
            return Resolved(one) if one.first.month else None
        turn = month_and_day(one.last) < month_and_day(one.first) and one.last.granularity == one.first.granularity
        first, last = replace(one.first, year=year), replace(one.last, year=year + turn)
        # A year that would make the weekday wrong or the 29th of February impossible is no year: better none.
        dated = replace(one, first=first, last=last)
        return Resolved(dated, "year") if dated.exists and fits_weekday(dated) else Resolved(one)

    def counted_from_publication(self, one: Expression) -> Resolved | None:
        if self.published is None or one.relative is None:
            return None
        unit, amount, day = one.relative.unit, one.relative.amount, self.published
        if unit == "month":
            months = day.year * 12 + day.month - 1 + (amount or 0)
            month = PartialDate(months // 12, months % 12 + 1)
            return Resolved(replace(one, first=month, last=month), "year month")
        if unit == "day":
            first = last = day + ONE_DAY * (amount or 0)
        elif unit == "week":
            first = day + ONE_DAY * (7 * (amount or 0) - day.weekday())
            last = first + ONE_DAY * 6
        else:
            found = self.nearest_weekday(one)
            if found is None:
                return None
            first = last = found
        return Resolved(replace(one, first=partial(first), last=partial(last)), "year month")

    def nearest_weekday(self, one: Expression) -> datetime.date | None:
        """„миналия петък“, „в петък“: the last one before, or, announced, the next one after the publication.

        Written on a Friday, „в петък“ may be today or not: left open.
        """
        assert self.published
        assert one.relative
        assert one.weekday
        steps = (one.weekday - self.published.isoweekday()) % 7
        if one.relative.amount == 0 or (one.relative.amount is None and steps == 0):
            return self.published + ONE_DAY * (one.weekday - self.published.isoweekday()) if steps else None
        ahead = one.relative.amount == 1 or (one.relative.amount is None and self.is_announced(one))
        return self.published + ONE_DAY * ((steps or 7) if ahead else (steps or 7) - 7 if steps else -7)

    def year_of(self, one: Expression) -> int | None:
        """The year of an expression without one: what the text says of it first, its likeliest place last."""
        if self.reference is None:
            return None
        for rule in (self.stated_year, self.repeated_year, self.weekday_year, self.year_of_sentence):
            if (year := rule(one)) is not None:
                return year
        return self.likely_year(one)

    def stated_year(self, one: Expression) -> int | None:
        """„м.г.“, „догодина“, „миналата есен“, „преди две години“"""
        assert self.reference
        if one.year_shift is not None:
            if one.first.granularity == "season":
                return self.season_year(one)
            return self.reference.year + one.year_shift
        if ago := YEARS_AGO.search(self.text, one.end, min(self.sentence_of(one)[1], one.end + 60)):
            return self.reference.year - value_of("years_ago", ago["years"])
        if YEAR_BEFORE.search(self.text, self.sentence_of(one)[0], one.start):
            return self.reference.year - 1
        return None

    def season_year(self, one: Expression) -> int:
        """„Миналата есен“ is the last one that is over, „следващата“ the first that has not begun."""
        assert self.reference
        assert one.year_shift is not None
        year = self.reference.year
        season = replace(one.first, year=year)
        last, first = season.last_day(), season.first_day()
        if one.year_shift == -1:
            return year if last and last < self.reference else year - 1
        if one.year_shift == 1:
            return year if first and first > self.reference else year + 1
        return year

    def repeated_year(self, one: Expression) -> int | None:
        """„на 19 юни“ in a report of what happened „от 17 до 19 юни 2019 г.“"""
        if not one.first.day or (self.is_announced(one) and not self.published):
            return None
        for other in self.full:
            date = replace(one.first, year=other.first.year)
            day = date.first_day() if date.exists and other.last.day else None
            if day and other.first.first_day() <= day <= other.last.last_day():  # type: ignore[operator]
                return other.first.year
        return None

    def weekday_year(self, one: Expression) -> int | None:
        """A weekday tells which of the years around the reference is meant: „петък, 13 април“ is not of 2019."""
        assert self.reference
        if one.weekday is None:
            return None
        years = (self.reference.year, self.reference.year + 1, self.reference.year - 1)
        return next((year for year in years if fits_weekday(with_year(one, year))), None)

    def year_of_sentence(self, one: Expression) -> int | None:
        """„През 2015 г. вратите бяха отворени на 21 март“"""
        start, _ = self.sentence_of(one)
        in_sentence = [
            other
            for other in self.expressions
            if start <= other.start < one.start and other.is_single and other.first.year and not other.first.day
        ]
        if not in_sentence or self.is_announced(one) or in_sentence[-1].first.month:
            return None
        year = in_sentence[-1]
        opens = re.fullmatch(r"(?:[^\w\n]*(?:през|още|и|а|но)\s)*", self.text[start : year.start], re.IGNORECASE)
        return year.first.year if opens and year.rule == "year" else None

    def likely_year(self, one: Expression) -> int:
        """The year of the reference; announced, the year in which it still lies ahead.

        So a report of December may announce January. What a dated report tells as past is not after its publication.
        """
        assert self.reference
        year = self.reference.year
        dated = with_year(one, year)
        first, last = (dated.first.first_day(), dated.last.last_day()) if dated.exists else (None, None)
        if last and last < self.reference and self.is_announced(one):
            return year + 1
        past = self.published and first and first > self.reference and not self.is_announced(one)
        return year - 1 if past and first and (first - self.reference).days > 180 else year

    def reference_date(self) -> datetime.date | None:
        """The day that a report without a dateline speaks from: the first full date that it tells as its own.

        A year in the title weighs most: it is that of the event. „Миналогодишното издание бе на 12 юни 2018 г.“ puts
        the report a year later. Announced and earlier dates count only where there is no other.
        """
        title = next((line for line in lines_of(self.text) if line.kind == "title"), None)
        in_title = [one for one in self.expressions if title and one.end <= title.end and is_one_year(one)]
        titled = in_title[0].first.year if in_title else None
        own = [one for one in self.full if not self.is_announced(one) and not self.is_told_as_earlier(one)]
        days = [one for one in own if one.first.day and one.first.year == (titled or one.first.year)]
        for candidates in (days, in_title, own):
            if candidates:
                return self.latest_of(candidates) if candidates is own else candidates[0].first.first_day()
        for one in self.full:
            if YEAR_BEFORE.search(self.text, self.sentence_of(one)[0], one.start):
                return partial_year_later(one.first)
        return self.latest_of(self.full)

    def latest_of(self, candidates: list[Expression]) -> datetime.date | None:
        return max((day for one in candidates if (day := one.first.first_day())), default=None)

    def is_told_as_earlier(self, one: Expression) -> bool:
        start, _ = self.sentence_of(one)
        return bool(YEAR_BEFORE.search(self.text, start, one.start))

    def year_that_fits_weekdays(self, reference: datetime.date | None) -> datetime.date | None:
        """The reference, moved by a year where only so the weekdays of the report are right."""
        marked = [one for one in self.expressions if one.weekday and one.first.month and not one.has_year]
        if reference is None or not marked:
            return reference
        for year in (reference.year, reference.year + 1, reference.year - 1):
            if all(fits_weekday(with_year(one, year)) for one in marked):
                moved = with_year(marked[0], year).first.first_day()
                return reference if year == reference.year else moved
        return reference

    def is_announced(self, one: Expression) -> bool:
        """Whether the sentence around the expression speaks of the future."""
        start, end = self.sentence_of(one)
        return bool(
            FUTURE.search(self.text, max(start, one.start - 200), one.start)
            or FUTURE.search(self.text, one.end, min(end, one.end + 80))
        )

    def sentence_of(self, one: Expression) -> tuple[int, int]:
        """Where the sentence (or line) that holds the expression begins and ends."""
        from bisect import bisect_left, bisect_right

        place = bisect_right(self.sentence_ends, one.start) - 1
        return self.sentence_ends[place], self.sentence_ends[bisect_left(self.sentence_ends, one.end)]


def same_month(one: Expression, latest: PartialDate | None) -> Resolved | None:
    """„на 16-и“ in the month of the date before."""
    if latest is None or latest.month is None or latest.month > 12:
        return None
    date = replace(one.first, year=latest.year, month=latest.month)
    return Resolved(replace(one, first=date, last=date), "year month")


def partial(day: datetime.date) -> PartialDate:
    return PartialDate(day.year, day.month, day.day)


def partial_year_later(date: PartialDate) -> datetime.date | None:
    later = replace(date, year=(date.year or 0) + 1)
    return later.first_day() if later.exists else None


def with_year(one: Expression, year: int) -> Expression:
    return replace(one, first=replace(one.first, year=year), last=replace(one.last, year=year))


def is_one_year(one: Expression) -> bool:
    return one.has_year and one.is_single


def fits_weekday(one: Expression) -> bool:
    """Whether the day falls on the weekday that stands beside it, if one does."""
    if one.weekday is None or not one.exists:
        return one.weekday is None
    day = one.first.first_day()
    return day is None or day.isoweekday() == one.weekday


def calendar_date(resolved: Resolved) -> CalendarDate:
    one, inferred = resolved.expression, resolved.inferred
    confidence = UNKNOWN_YEAR if not one.has_year else INFERRED_YEAR if inferred else CERTAIN
    return CalendarDate(
        mention=Mention(one.start, one.end, confidence, f"dates.{one.rule}"),
        edtf=one.first.edtf if one.is_single else f"{one.first.edtf}/{one.last.edtf}",
        start=one.first.first_day(),
        end=one.last.last_day(),
        granularity=granularity(one),
        inferred=inferred,
    )


def granularity(one: Expression) -> str:
    if one.is_single:
        return one.first.granularity
    return one.rule if one.rule in {"quarter", "half_year"} else "range"
