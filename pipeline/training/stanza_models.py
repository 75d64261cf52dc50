"""Trains Bulgarian models for Stanza with Stanza's own training code, for the back-end `stanza:FOLDER`.

    python -m letopis.training.stanza_models DATA OUTPUT small|default

Two sizes: `small` models are for trying the back-end where no hub is within reach; `default` models have Stanza's
default sizes, character language models included, with which its speed can be measured. They are hardly trained, and
neither uses word vectors, so that no download is needed.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from stanza.models import charlm, lemmatizer, ner_tagger, parser, tagger, tokenizer  # type: ignore[import-untyped]
from stanza.utils.datasets import prepare_tokenizer_data  # type: ignore[import-untyped]

from letopis.accuracy import gold_conllu
from letopis.corpora import Sentence, text_of, treebank
from letopis.training.examples import Row, cut, named_rows

Size = Literal["small", "default"]
Arguments = dict[str, str | float]

NAME = "letopis"  # of the package, and of each model's file
NAMES_SPLIT = "cross-topic_train"
# More would take hours and serve neither tests nor timings.
MOST_SENTENCES, DEV_SENTENCES = 2000, 100
MOST_DOCUMENTS, DEV_DOCUMENTS = 300, 5
DIRECTIONS = ("forward", "backward")
WITH_LANGUAGE_MODELS = ("pos", "depparse", "ner")  # so in Stanza's own Bulgarian package
PARTS = ("tokenize", "pos", "lemma", "depparse", "ner")
# What differs from Stanza's defaults; steps are so few because the models serve tests and timings.
SIZES: dict[Size, dict[str, Arguments]] = {
    "small": {
        "tokenize": {"steps": 300, "hidden_dim": 32, "emb_dim": 16},
        "pos": {
            "max_steps": 400, "eval_interval": 400, "batch_size": 25, "hidden_dim": 64, "char_hidden_dim": 64,
            "char_emb_dim": 32, "deep_biaff_hidden_dim": 64, "composite_deep_biaff_hidden_dim": 32, "word_emb_dim": 32,
            "transformed_dim": 32, "num_layers": 1, "word_cutoff": 10, "lr": 0.005,
        },
        "lemma": {"num_epoch": 3, "hidden_dim": 64, "emb_dim": 50, "batch_size": 200},
        "depparse": {
            "max_steps": 300, "eval_interval": 300, "batch_size": 500, "hidden_dim": 64, "char_hidden_dim": 64,
            "char_emb_dim": 32, "deep_biaff_hidden_dim": 64, "deep_biaff_output_dim": 32, "word_emb_dim": 32,
            "transformed_dim": 32, "num_layers": 1, "word_cutoff": 10,
        },
        "ner": {
            "max_steps": 500, "eval_interval": 250, "hidden_dim": 64, "char_hidden_dim": 32, "char_emb_dim": 16,
            "word_emb_dim": 32,
        },
    },
    "default": {
        "tokenize": {"steps": 50},
        "pos": {"max_steps": 2, "eval_interval": 2, "batch_size": 250},
        "lemma": {"num_epoch": 1},
        "depparse": {"max_steps": 2, "eval_interval": 2, "batch_size": 250},
        "ner": {"max_steps": 2, "eval_interval": 2, "batch_size": 8},
    },
}  # fmt: skip


def train(data: Path, output: Path, size: Size) -> Path:
    """Trains from the folders in `data` and lays the models out under `output` as Stanza's own resources are.

    Returns `output`. Raises OSError if a data file is missing.
    """
    with TemporaryDirectory() as folder:
        work = Path(folder)
        write_treebank(data, work)
        write_names(data, work)
        models = language_models(work, output / "bg") if size == "default" else {}
        for part in PARTS:
            train_part(
                part, work, output / "bg" / part, SIZES[size][part], models if part in WITH_LANGUAGE_MODELS else {}
            )
    (output / "resources.json").write_text(json.dumps(resources(list(models)), indent=1), encoding="utf-8")
    return output


def language_models(work: Path, output: Path) -> dict[str, Path]:
    """Trains Stanza's character language models for hardly a minute; the file of each by its direction."""
    texts: Arguments = {"train_file": str(work / "dev.txt"), "eval_file": str(work / "dev.txt")}
    files = {direction: output / f"{direction}_charlm" / f"{NAME}.pt" for direction in DIRECTIONS}
    for direction, file in files.items():
        file.parent.mkdir(parents=True, exist_ok=True)
        where: Arguments = {"save_dir": str(file.parent), "save_name": file.name, "vocab_save_name": "vocab.pt"}
        how: Arguments = {"direction": direction, "epochs": 1, "batch_size": 4, "cutoff": 1}
        charlm.main([*listed(texts | where | how), "--shorthand", f"bg_{NAME}", "--no_checkpoint"])
    return files


def write_treebank(data: Path, work: Path) -> None:
    """`train` and `dev` as CoNLL-U, as plain text and as Stanza's labels of characters."""
    for part, most in (("train", MOST_SENTENCES), ("dev", DEV_SENTENCES)):
        sentences = treebank(data, part)[:most]
        plain, table = work / f"{part}.txt", work / f"{part}.conllu"
        plain.write_text("\n\n".join(text_of(group) for group in paragraphs(sentences)), encoding="utf-8")
        table.write_text("".join(gold_conllu(sentences)), encoding="utf-8")
        prepare_tokenizer_data.main(
            [str(plain), str(table), "-o", str(work / f"{part}.labels"), "-m", str(work / f"{part}.json")]
        )


def paragraphs(sentences: list[Sentence], size: int = 10) -> Iterator[list[Sentence]]:
    for start in range(0, len(sentences), size):
        yield sentences[start : start + size]


def write_names(data: Path, work: Path) -> None:
    """Sentences of SlavicNER in Stanza's JSON, `train` and `dev`."""
    documents = list(islice(named_rows(data, NAMES_SPLIT), MOST_DOCUMENTS))
    for part, chosen in (("train", documents[DEV_DOCUMENTS:]), ("dev", documents[:DEV_DOCUMENTS])):
        sentences = [sentence for document in chosen for sentence in cut(document)]
        table = [
            [{"text": row.form, "ner": bioes(sentence, n)} for n, row in enumerate(sentence)] for sentence in sentences
        ]
        (work / f"{part}.ner.json").write_text(json.dumps(table, ensure_ascii=False), encoding="utf-8")


def bioes(sentence: list[Row], n: int) -> str:
    """The name that word `n` belongs to, in the scheme that marks beginnings, ends and single words."""
    part, _, label = (sentence[n].name or "O").partition("-")
    goes_on = n + 1 < len(sentence) and (sentence[n + 1].name or "O").startswith("I-")
    if part == "B":
        return f"B-{label}" if goes_on else f"S-{label}"
    if part == "I":
        return f"I-{label}" if goes_on else f"E-{label}"
    return "O"


def train_part(part: str, work: Path, output: Path, arguments: Arguments, models: dict[str, Path]) -> None:
    """Calls Stanza's trainer of one part with its files, sizes and character language models, if any."""
    flags = ["--no_pretrain"]
    if models:
        arguments = arguments | {f"charlm_{direction}_file": str(file) for direction, file in models.items()}
        flags += ["--charlm", "--charlm_shorthand", f"bg_{NAME}"]
    shared: Arguments = {"lang": "bg", "shorthand": f"bg_{NAME}", "save_dir": str(output), "save_name": f"{NAME}.pt"}
    tables: Arguments = {"train_file": str(work / "train.conllu"), "eval_file": str(work / "dev.conllu")}
    if part in ("lemma", "ner"):  # their trainers know the language by the shorthand
        del shared["lang"]
    if part == "tokenize":
        files: Arguments = {
            "txt_file": str(work / "train.txt"), "label_file": str(work / "train.labels"),
            "dev_txt_file": str(work / "dev.txt"), "dev_label_file": str(work / "dev.labels"),
            "dev_conll_gold": str(work / "dev.conllu"), "conll_file": str(work / "found.conllu"),
            "mwt_json_file": str(work / "dev.json"), "max_seqlen": 300,
        }  # fmt: skip
        tokenizer.main(listed(shared | files | arguments))
    elif part == "pos":
        tagger.main([*listed(shared | tables | arguments), *flags])
    elif part == "depparse":
        parser.main([*listed(shared | tables | arguments), *flags])
    elif part == "lemma":
        lemmatizer.main(listed(shared | tables | arguments))
    else:
        files = {"train_file": str(work / "train.ner.json"), "eval_file": str(work / "dev.ner.json")}
        ner_tagger.main([*listed(shared | files | arguments), *flags])


def listed(arguments: Arguments) -> list[str]:
    return [piece for name, value in arguments.items() for piece in (f"--{name}", str(value))]


def resources(directions: list[str]) -> dict[str, object]:
    """What Stanza reads to know which models there are, and which of them need character language models."""
    needed = [{"model": f"{direction}_charlm", "package": NAME} for direction in directions]
    models: dict[str, object] = {
        part: {NAME: {"dependencies": needed} if part in WITH_LANGUAGE_MODELS else {}} for part in PARTS
    }
    models |= {f"{direction}_charlm": {NAME: {}} for direction in directions}
    return {"bg": {"lang_name": "Bulgarian", "packages": {"default": dict.fromkeys(PARTS, NAME)}, **models}}


if __name__ == "__main__":
    if len(sys.argv) != 4 or sys.argv[3] not in SIZES:
        sys.exit(f"usage: python -m letopis.training.stanza_models DATA OUTPUT {'|'.join(SIZES)}")
    train(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
