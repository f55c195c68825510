"""Time a large bibliography: read cold, read again, looked up, and checked: `./run bench bibliography`.

20,000 generated entries, unless --entries says otherwise: every common type, with accents, formulas, abstracts, cross
references and identifiers as real files have them. Prints CPU seconds with children; the process that is timed is a new
one each time.
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import tempfile
from pathlib import Path

FAMILIES = (
    "Lindqvist",
    'M{\\"u}ller',
    "Okafor",
    "van der Meer",
    "Garc{\\'i}a M{\\'a}rquez",
    "Sato",
    "{\\O}stby",
    "Ng",
)
GIVEN = ("Anna", "J. R.", "Mar{\\'i}a", "Wei", "Per-Olof", "T. K.", "{\\'E}milie", "Ji-woo")
WORDS = [
    *(
        "structure",
        "dynamics",
        "of",
        "adaptive",
        "CO$_2$",
        "{DNA}",
        "networks",
        "under",
        "{Bayesian}",
        "load",
        "--",
        "a",
    ),
    *(
        "\\emph{review}",
        "in",
        "sparse",
        "deep",
        "random",
        "fields",
        "from",
        "noisy",
        "data",
        "with",
        "5\\%",
        "error",
    ),
    *("and", 'M{\\"o}bius', "symmetry", "for", "robust", "inference"),
]
PAGES = "  pages = {%(n)d--%(k)d},\n"
TYPES = (
    ("article", "  journal = {Journal of %(word)s},\n  volume = {%(n)d},\n  number = {%(m)d},\n" + PAGES),
    (
        "inproceedings",
        "  booktitle = {Proceedings of the Meeting on %(word)s},\n  series = {Notes},\n" + PAGES,
    ),
    ("book", "  publisher = {Sample \\& Sons},\n  edition = {Second},\n  isbn = {978-0-306-40615-7},\n"),
    ("incollection", "  crossref = {whole%(whole)d},\n" + PAGES),
    ("phdthesis", "  school = {University of Samples},\n"),
)


def entries(count: int, seed: int = 12) -> str:
    """Write the text of a .bib file of so many entries."""
    chance = random.Random(seed)
    texts = ["@string{sample = {Sample Press}}\n"]
    for number in range(count):
        if number % 50 == 49:
            texts.append(
                f"@book{{whole{number // 50},\n  editor = {{{_people(chance, 2)}}},\n  title = {{{_title(chance)}}},\n"
                f"  publisher = sample,\n  year = {chance.randint(1950, 2025)},\n}}\n"
            )
            continue
        type_, own = TYPES[chance.randrange(len(TYPES))]
        n = chance.randint(1, 900)
        values = {"n": n, "k": n + 12, "m": n % 12 + 1, "word": chance.choice(WORDS), "whole": number // 50}
        texts.append(
            f"@{type_}{{key{number},\n  author = {{{_people(chance, chance.randint(1, 6))}}},\n"
            f"  title = {{{_title(chance)}}},\n{own % values}"
            f"  year = {{{chance.randint(1950, 2025)}}},\n"
            f"  month = {chance.choice(('jan', 'jul', 'oct'))},\n"
            f"  doi = {{10.5555/sample.{number}}},\n"
            f"  url = {{https://doi.org/10.5555/sample.{number}}},\n"
            f"  abstract = {{{_title(chance)} {_title(chance)}}},\n"
            f"  keywords = {{{chance.choice(WORDS)}, sample}},\n}}\n"
        )
    return "\n".join(texts)


def _people(chance: random.Random, count: int) -> str:
    return " and ".join(f"{chance.choice(FAMILIES)}, {chance.choice(GIVEN)}" for _ in range(count))


def _title(chance: random.Random) -> str:
    return " ".join(chance.choice(WORDS) for _ in range(chance.randint(5, 12)))


READ = "from pathlib import Path; from reportgen.sources import load_library; load_library([Path({file!r})])"
FIND = READ + ".find(__import__('reportgen.base.identifiers', fromlist=['']).identify('10.5555/sample.7'))"


def cpu(arguments: list[str], cache: str) -> float:
    """Return the CPU seconds that Python takes for these arguments, with its children."""
    before = os.times()
    environment = os.environ | {"REPORTGEN_CACHE": cache}
    subprocess.run([sys.executable, *arguments], env=environment, check=True, stdout=subprocess.DEVNULL)
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--entries", type=int, default=20_000)
    count = parser.parse_args().entries
    with tempfile.TemporaryDirectory() as name:
        file = Path(name) / "large.bib"
        file.write_text(entries(count), encoding="utf-8")
        caches = [f"{name}/cache{number}" for number in range(3)]
        measured = [
            ("read cold", cpu(["-c", READ.format(file=str(file))], caches[0])),
            ("read again", cpu(["-c", READ.format(file=str(file))], caches[0])),
            ("read cold and look up", cpu(["-c", FIND.format(file=str(file))], caches[1])),
            ("bib check, cold", cpu(["-m", "reportgen", "bib", "check", "--bib", str(file)], caches[2])),
            ("bib check, again", cpu(["-m", "reportgen", "bib", "check", "--bib", str(file)], caches[2])),
        ]
        print(f"{count} entries, {file.stat().st_size / 1e6:.1f} MB")
    for what, seconds in measured:
        print(f"| {what:<22} | {seconds:6.2f} s |")


if __name__ == "__main__":
    main()
