"""What the tests share: the shipped pipeline, loaded once, and the folders of the repository."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings
from spacy.language import Language
from spacy.tokens import Doc

from letopis.annotate import load_pipeline
from letopis.cues import FUNCTIONS_KEY, LINKS_KEY, SPANS_KEY

# The same examples in every run: what CI tests does not depend on luck. Other examples: pytest --hypothesis-seed=N
settings.register_profile("fixed", derandomize=True)
settings.load_profile("fixed")

ROOT = Path(__file__).parent.parent


@Language.component("forget_cues")
def forget_cues(doc: Doc) -> Doc:
    doc.spans.pop(SPANS_KEY)
    del doc.user_data[FUNCTIONS_KEY], doc.user_data[LINKS_KEY]
    return doc


@pytest.fixture(scope="session")
def nlp() -> Language:
    """The default pipeline without cues: what the tables of examples see is the work of the rules."""
    nlp = load_pipeline()
    nlp.add_pipe("forget_cues", after="letopis_encoder")
    return nlp


@pytest.fixture(scope="session")
def default_pipeline() -> Language:
    return load_pipeline()


@pytest.fixture(scope="session")
def corpus() -> Path:
    return ROOT / "corpus"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The team's data beside the checkout; tests that need it are skipped where it is not."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("the folder shared/ is not beside this checkout")
    return folder
