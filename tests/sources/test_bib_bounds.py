"""What a stranger's .bib file can ask for stays within bounds: time grows with the file, whatever is in it."""

from __future__ import annotations

import time

import pytest

from references import library_of, printed

N = 20_000


def chain(count: int) -> str:
    keys = ",".join(f"k{number}" for number in range(count))
    return "".join(f"@misc{{k{number}, title = {{T}}, xdata = {{{keys}}}}}\n" for number in range(count))


@pytest.mark.parametrize(
    "bib",
    [
        "@misc{x, title = {T}, " + "note = {a}, " * N + "}",
        "@misc{x, title = {T}, " + "".join(f"f{number}x = {{a}}, " for number in range(3000)) + "}",
        "@misc{x, author = {" + " and ".join(f"A{number} B" for number in range(5000)) + "}, title = {T}}",
        "@misc{x, author = {" + "A. B, " * N + "}, title = {T}}",
        "@misc{x, author = {a" + " " * N + "; " * N + "}, title = {T}}",
        "@misc{x, title = {T}, note = {$_{" + " " * N + "}}",
        "@misc{x, title = {T $" + " " * N + "_2}}",
        "@misc{x, title = {T}, isbn = {" + "0-" * N + "}}",
        "@misc{x, title = {T}, pages = {" + "1+" * N + "}}",
        "@misc{x, title = {T}, year = {" + "1" * N + "}, month = {" + "a" * N + "}}",
        "@misc{x, title = {T}, note = {" + r"\noopsort{" * 5000 + "}" * 5000 + "}}",
        '@preamble{"' + r"\newcommand{\a}" * 5000 + '"}\n@misc{x, title = {T}}',
        '@preamble{"\\newcommand' + " " * N + '"}\n@misc{x, title = {T}}',
        "@comment{" * 5000 + "\n@misc{x, title = {T}}",
        "@comment{@misc{y, title = {}}}\n" * 5000 + "@misc{x, title = {T}}",
        "@misc{x, title = {T}, % {\n" + "% {\n" * N + "}",
        "@misc{x, title = {T}, note = {" + "%" * N + "}}",
        chain(60) + "@misc{x, title = {T}, xdata = {k1, k2, k3}}",
        "@set{x, entryset = {" + "y," * N + "}} @misc{y, title = {Y}}",
    ],
    ids=range(19),
)  # fmt: skip
def test_a_file_made_to_take_long_does_not(bib):
    start = time.process_time()
    library = library_of(bib)
    for key in library.keys[-3:]:
        printed(library.entry(key))
    assert time.process_time() - start < 5
