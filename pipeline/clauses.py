"""The pieces of running text: sentences within lines, the end of a stated subject, the members of a coordination.

They are cut from words, tags and punctuation and not from the parse, which errs most in long enumerations.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from spacy.tokens import Doc, Span, Token

from letopis.findings import text_of
from letopis.layout import Line, lines_of
from letopis.quotes import quotations

RELATIVES = re.compile(r"(?:кой|коя|кое|кои|чий|чия|чие|чии)(?:то)?$", re.I)
SUBORDINATORS = {
    "като", "но", "а", "че", "защото", "когато", "където", "докато", "след", "преди", "откъдето", "ако", "пред",
    "организирана", "организиран", "организирано", "водена", "воден", "водено",
}  # fmt: skip
QUESTION_WORDS = {"как", "защо", "какво", "какви", "каква", "какъв", "дали", "кога", "къде", "колко", "кой", "коя"}
COORDINATORS = {"и", "или"}
NOMINAL = {"NOUN", "PROPN", "ADJ", "NUM", "DET", "PRON", "X"}
DEFINITE = re.compile(r"(?:ът|ят|та|то|те)$", re.I)
NEGATED = re.compile(r"\b(?:няма|не)\s+(?:\w+\s+){0,2}$", re.IGNORECASE)  # what stands before a verb that is denied
FINISHED = re.compile(r"(?:[.!?…]|\.{3})[»”“\"')\]]*\s*$")
# What stands before a full stop that ends no sentence: a bare date, an abbreviation.
UNFINISHED = re.compile(
    r"^(?:На|От|В периода|Между|Днес,?)?[\s\d.,–и-]{1,30}(?:\w{3,10}\s+\d{4})?(?:\s?г\.|\s?год\.|\s?години)?"
    r"(?:\s*\([^)]*\)|\s*/[^/]*/)?[\s,]*$"
    r"|(?<!\w)(?:[^\W\d_](?<![гГ])|гр|ул|бул|общ|кв|доц|проф|инж|арх|д-р|чл|акад|гл|ас|св|зам|им|изп|мин|сп|агр|адв|маг|"
    r"полк|ген|кап|т\.нар|prof|dr|mr|mrs|ms|st)\.\s*$",
    re.IGNORECASE,
)
OPENING_BRACKETS, CLOSING_BRACKETS = "([", ")]"


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence, or the part of it that stands on one line."""

    span: Span
    line: Line
    index: int

    @property
    def text(self) -> str:
        return self.span.text


def statements(doc: Doc) -> list[Statement]:
    """The sentences of `doc` below its letterhead, cut at the ends of lines, without list markers.

    A sentence ends with a full stop or its like, but not within a quotation, nor after a bare date or an
    abbreviation („На 27.09.2019 г.“), whatever the parser makes of them.
    """
    found: list[Statement] = []
    starts = {sentence.start for sentence in doc.sents} if doc.has_annotation("SENT_START") else set()
    quoted = {i for opening, closing in quoted_ranges(doc).items() for i in range(opening + 1, closing)}
    for line in lines_of(text_of(doc)):
        tokens = doc.char_span(line.start, line.end, alignment_mode="expand")
        if tokens is None or line.kind == "letterhead":
            continue
        cuts = [tokens.start]
        for i in range(tokens.start + 1, tokens.end):
            if i in quoted or not (i in starts or opens_sentence(doc[i])):
                continue
            before = doc[cuts[-1] : i].text
            if FINISHED.search(before) and not UNFINISHED.search(before):
                cuts.append(i)
        for start, end in pairwise([*cuts, tokens.end]):
            if any(token.is_alpha or token.like_num for token in doc[start:end]):
                found.append(Statement(doc[start:end], line, len(found)))
    return found


def opens_sentence(token: Token) -> bool:
    """A capitalised small word („През“, „Тя“, „Бяха“) begins a sentence wherever a full stop precedes it."""
    return token.is_title and token.pos_ in {"ADP", "PRON", "DET", "AUX", "SCONJ", "CCONJ"}


def quoted_ranges(doc: Doc) -> dict[int, int]:
    """For each token that opens a quotation the index after the token that closes it."""
    ranges: dict[int, int] = {}
    for quotation in quotations(text_of(doc)):
        span = doc.char_span(quotation.start, quotation.end, alignment_mode="expand")
        if span is not None:
            ranges[span.start] = span.end
    return ranges


def is_finite(token: Token) -> bool:
    return token.pos_ in {"VERB", "AUX"} and token.morph.get("VerbForm", []) in (["Fin"], [])


def is_participle(token: Token) -> bool:
    return token.pos_ in {"VERB", "ADJ"} and token.morph.get("VerbForm", []) == ["Part"]


def trimmed(span: Span) -> tuple[int, int]:
    """The characters of `span` without outer quotation marks, white space and closing punctuation."""
    text = text_of(span.doc)
    start, end = span.start_char, span.end_char
    while start < end and (text[start].isspace() or text[start] in ",;:.–—-•"):
        start += 1
    while end > start and (text[end - 1].isspace() or text[end - 1] in ",;:–—-" or _drops_point(text, start, end)):
        end -= 1
    for quotation in quotations(text[start:end]):
        if quotation.start == 0 and quotation.end == end - start:
            return start + quotation.inner_start, start + quotation.inner_end
    return start, end


def _drops_point(text: str, start: int, end: int) -> bool:
    """A final full stop goes, but not that of an abbreviation („2015 г.“)."""
    return text[end - 1] == "." and not re.search(r"(?:\b[а-я]{1,3}|\d)\.$", text[start:end])


def subject_end(doc: Doc, start: int, limit: int, keeps_commas: bool = False) -> int:
    """Where the subject that is stated from token `start` on ends, at the latest at `limit`.

    A subject is a noun phrase, with such a clause as „проектите, по които работим“, or a clause that begins with a
    question word („как се пише писмо“). It ends before a predicate, a bracket, a dash and, unless `keeps_commas`, a
    comma; quotations count as one word.
    """
    quoted = quoted_ranges(doc)
    clause = start < limit and (
        doc[start].lower_ in QUESTION_WORDS or (start + 1 < limit and doc[start + 1].lower_ == "ли")
    )
    i = start
    while i < limit:
        token = doc[i]
        if i in quoted and quoted[i] <= limit:
            i = quoted[i]
            continue
        if token.text in {"(", "[", ";", "–", "—", ":"} or opens_aside(doc, i, start):
            break
        if token.text in {".", "!", "?", "…"} and i + 1 >= limit:
            break
        if token.text == "," and i > start and restricts(doc, i + 1, limit):
            clause = True
        elif token.text == "," and (not keeps_commas or opens_clause(doc, i + 1, limit)):
            break
        if token.lower_ in COORDINATORS and i > start and starts_predicate(doc, i + 1, limit):
            break
        clause = clause or (token.lower_ in QUESTION_WORDS and doc[i - 1].lower_ in COORDINATORS)
        if i > start and not clause and is_finite(token) and not _follows_da(doc, i):
            return _before_conjunction(doc, start, i)
        i += 1
    return i


def whole_subject(span: Span) -> Span:
    """The span up to the end of its noun phrase or question, where the pipeline has cut it short: „въвеждането на“."""
    doc, start = span.doc, span.start
    if closing := quoted_ranges(doc).get(start - 1):
        return doc[start : max(span.end, closing - 1)]
    if start > span.sent.start and doc[start - 1].lower_ in QUESTION_WORDS:
        start -= 1
    following = doc[span.end].lower_ if span.end < span.sent.end else ""
    short = span[-1].pos_ in {"ADP", "ADJ", "DET", "CCONJ", "VERB"} or len(span) == 1 or following in {"на", "за", "по"}
    return doc[start : max(span.end, subject_end(doc, start, span.sent.end))] if short else doc[start : span.end]


def opens_aside(doc: Doc, i: int, start: int) -> bool:
    """A hyphen that stands for a dash, or a slash for a bracket: „изложба - първата у нас“, „форум /онлайн/“."""
    token = doc[i]
    return (token.text == "-" and i > start and bool(doc[i - 1].whitespace_)) or (
        token.text == "/" and not token.whitespace_
    )


def opens_clause(doc: Doc, i: int, limit: int) -> bool:
    """Whether a clause or an aside begins at `i`, and no further member of an enumeration."""
    if i >= limit:
        return True
    word = doc[i]
    if word.lower_ in SUBORDINATORS or RELATIVES.match(word.lower_) or is_finite(word):
        return True
    if word.pos_ == "ADP" and i + 1 < limit and RELATIVES.match(doc[i + 1].lower_):
        return True
    return is_participle(word) and not DEFINITE.search(word.lower_)


def restricts(doc: Doc, i: int, limit: int) -> bool:
    """Whether the clause at `i` says which one is meant: „времето, в което …“, and not „цената, която …“."""
    return (
        i + 1 < limit
        and doc[i].pos_ == "ADP"
        and RELATIVES.match(doc[i + 1].lower_) is not None
        and is_definite(doc, i - 2)
    )


def is_definite(doc: Doc, noun: int) -> bool:
    """Whether the noun, or an adjective right before it, has an article."""
    while noun > 0 and doc[noun].morph.get("Definite", []) != ["Def"] and doc[noun - 1].pos_ == "ADJ":
        noun -= 1
    return doc[noun].morph.get("Definite", []) == ["Def"]


def starts_predicate(doc: Doc, i: int, limit: int) -> bool:
    """„… и разказа за …“, „… и го покани“, „… и защо …“: no member of the noun phrase follows."""
    while i < limit and doc[i].lower_ in {
        "го",
        "я",
        "ги",
        "му",
        "ѝ",
        "им",
        "се",
        "си",
        "също",
        "след",
        "така",
        "че",
        "тя",
        "той",
    }:
        i += 1
    return i < limit and is_finite(doc[i]) and not _follows_da(doc, i)


def _follows_da(doc: Doc, i: int) -> bool:
    """„смелостта да пазиш вярата си“: the predicate belongs to the noun."""
    return any(doc[j].lower_ == "да" for j in range(max(i - 3, 0), i))


def _before_conjunction(doc: Doc, start: int, i: int) -> int:
    """The end of the phrase that a predicate at `i` cuts: before the last „и“, „а“, comma, pronoun or „се“."""
    for j in range(i - 1, start, -1):
        if doc[j].lower_ in {"и", "а", "но", ",", "като"}:
            return j
        if doc[j].pos_ not in {"PRON", "PART", "ADV", "NOUN", "PROPN", "ADJ", "AUX", "ADP", "DET"}:
            break
    return i


def members(span: Span) -> list[Span]:
    """The members of the coordination `span`: „обмен на стажанти, участие в панаири и общ каталог“ → three.

    Commas separate, and „и“ does before the last member; „събирането и сортирането на отпадъци“ and
    „пенсионери и студенти“ stay whole. An empty span has none.
    """
    pieces = list(_comma_pieces(span))
    if not pieces:
        return []
    if len(pieces) > 1 and any(_joint(piece, first=pieces[0]) for piece in pieces[:-1]):
        return pieces
    joint = _joint(pieces[-1], first=pieces[0], alone=len(pieces) == 1)
    if joint is None:
        return pieces
    last, doc = pieces[-1], span.doc
    return [*pieces[:-1], doc[last.start : joint], doc[joint + 1 : last.end]]


def _comma_pieces(span: Span) -> Iterator[Span]:
    doc, quoted, start, i, depth = span.doc, quoted_ranges(span.doc), span.start, span.start, 0
    while i < span.end:
        if i in quoted and quoted[i] <= span.end:
            i = quoted[i]
            continue
        depth += (doc[i].text in OPENING_BRACKETS) - (doc[i].text in CLOSING_BRACKETS)
        width = _separator(doc, i, span.end) if depth <= 0 else 0
        if width and continues_between(doc[start:i], doc[i + width : span.end]):
            width = 0
        if width and i > start and not opens_clause(doc, i + width, span.end):
            yield doc[start:i]
            start = i + width
        i += max(width, 1)
    if start < span.end:
        yield doc[start : span.end]


def continues_between(before: Span, after: Span) -> bool:
    """„между училища, общини и читалища“: what follows the comma is among those that something is between."""
    return any(token.lower_ == "между" for token in before) and begins_definite(after) != begins_definite(before)


def _separator(doc: Doc, i: int, limit: int) -> int:
    """How many tokens at `i` separate two members: „,“, „;“, „, както и“, „, а също и“, „, и“."""
    text = doc[i : min(i + 5, limit)].text.lower()
    match = re.match(r"[,;]?\s*(?:както и|а също(?: така)? и|а така също и)\s|[,;]\s*и\s|[,;]", text)
    if not match:
        return 0
    taken = doc.char_span(doc[i].idx, doc[i].idx + len(match.group().rstrip()), alignment_mode="expand")
    return len(taken) if taken is not None else 1


def _joint(piece: Span, first: Span, alone: bool = False) -> int | None:
    """The „и“ of `piece` that joins two members of the enumeration, if there is one.

    The second begins as the first member of the enumeration does, with an article or without one. Two bare nouns
    share what follows them or belong together; a lone pair is split only where both bring words of their own.
    """
    doc, quoted = piece.doc, quoted_ranges(piece.doc)
    i, candidates = piece.start, []
    while i < piece.end:
        if i in quoted:
            i = quoted[i]
            continue
        if doc[i].lower_ == "и" and piece.start < i < piece.end - 1:
            candidates.append(i)
        i += 1
    for joint in candidates:
        left, right = doc[piece.start : joint], doc[joint + 1 : piece.end]
        if begins_definite(right) != begins_definite(first) and alone:
            continue
        if begins_definite(first) and not begins_definite(right):
            continue
        if right[0].pos_ == "ADP" and right[0].lower_ in {first[0].lower_, doc[max(first.start - 1, 0)].lower_}:
            return joint  # „научиха за машините и за завода“
        if right[0].pos_ == "ADP":
            continue
        if alone and (_is_bare(left) or _is_bare(right) or not begins_definite(first)):
            continue
        if not alone and left[-1].pos_ == "ADJ":
            continue
        return joint
    return None


def begins_definite(span: Span) -> bool:
    """Whether the first nominal of the phrase has an article or is a proper name."""
    first = next((token for token in span if token.pos_ in NOMINAL and token.pos_ != "DET"), None)
    if first is None:
        return False
    if first.morph.get("Definite", []) == ["Def"]:
        return True
    return bool(len(first) > 4 and DEFINITE.search(first.lower_) and "Ind" not in first.morph.get("Definite", []))


def _is_bare(span: Span) -> bool:
    return sum(token.pos_ in {"NOUN", "PROPN"} or token.text[0] in '„“"«' for token in span) < 2 and len(span) < 3
