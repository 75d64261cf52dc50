"""A lemma as a short script that turns the form into it: what to cut off, what to add, how to case the result.

The same script serves many words („книгите“ → „книга“ and „къщите“ → „къща“ are one), so choosing a lemma is choosing
one of some hundred classes.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

SEPARATOR = "|"
WHOLE = "="

# In the order in which they are tried; "same" leaves the form's own capitals in place.
CASES: dict[str, Callable[[str], str]] = {
    "lower": str.lower,
    "title": lambda text: text[:1].upper() + text[1:].lower(),
    "same": lambda text: text,
    "upper": str.upper,
}


def common_part(form: str, lemma: str) -> tuple[int, int, int]:
    """Where the longest common substring starts in `form` and in `lemma`, and its length; the leftmost of equals."""
    best = (0, 0, 0)
    lengths = [0] * (len(lemma) + 1)
    for i, letter in enumerate(form):
        previous = 0
        for j, other in enumerate(lemma):
            here = lengths[j + 1]
            lengths[j + 1] = previous + 1 if letter == other else 0
            if lengths[j + 1] > best[2]:
                best = (i - lengths[j + 1] + 1, j - lengths[j + 1] + 1, lengths[j + 1])
            previous = here
    return best


@lru_cache(maxsize=100_000)
def lemma_script(form: str, lemma: str) -> str:
    """The script that makes `lemma` of `form`; the lemma itself after `=` where they have nothing in common."""
    for case, change in CASES.items():
        cased = change(form)
        in_form, in_lemma, length = common_part(cased, lemma)
        if length == 0:
            continue
        end_form, end_lemma = in_form + length, in_lemma + length
        script = SEPARATOR.join([case, str(in_form), lemma[:in_lemma], str(len(form) - end_form), lemma[end_lemma:]])
        if change(lemma) == lemma or case == "same":
            return script
    return WHOLE + lemma


@lru_cache(maxsize=100_000)
def apply_script(form: str, script: str) -> str:
    """The lemma that `script` makes of `form`; `form` in lower case where the script would cut off all of it."""
    if script.startswith(WHOLE):
        return script[len(WHOLE) :]
    case, cut_start, add_start, cut_end, add_end = script.split(SEPARATOR)
    end = len(form) - int(cut_end)
    if int(cut_start) >= end:
        return form.lower()
    return add_start + CASES[case](form)[int(cut_start) : end] + add_end
