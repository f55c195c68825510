from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from reportgen.sources.latex_text import decode_latex, decode_verbatim


@pytest.mark.parametrize(
    ("source", "text"),
    [
        (r"Erd{\H o}s", "Erdős"),
        (r"\'{\^e} {\"o} \"o \v{c} \c c \k{a} \"{\i}", "ế ö ö č ç ą ï"),
        (r"\o stergaard and \aa ngstr\"om", "østergaard and ångström"),
        (r"{\ss} \L{}\'od\'z", "ß Łódź"),
        (r"\"{ab}", "äb"),
        (r"\~{}user \^{}x", "~user ^x"),
        (r"The {\TeX}book \& \LaTeX\ too", "The TeXbook & LaTeX too"),
        (r"{LLM}s: \emph{bold} {\bf moves}", "LLMs: \ufdd4bold\ufdd5 moves"),
        (r"50\% or 50% of 3#4 & 5_6", "50% or 50% of 3#4 & 5_6"),
        (r"pages 1--2 --- ``quoted'' !`no", "pages 1–2 — “quoted” ¡no"),
        (r"Smith~J., Vol.~3", "Smith\u00a0J., Vol.\u00a03"),
        (
            r"H\textsubscript{2}O and 10\textsuperscript{-3}, x\textsuperscript{ab c}",
            "H₂O and 10⁻³, x\ufdd0ab c\ufdd1",
        ),
        (r"\enquote{so} \textperiodcentered", "“so” ·"),
        (r"{\"A} {B} \emph{c} \emph{d}", "Ä B \ufdd4c\ufdd5 \ufdd4d\ufdd5"),
        ("two\n   lines\t here", "two lines here"),
        (r"a\\b \, c\-d", "a b cd"),
    ],
)
def test_markup_is_read(source, text):
    decoded = decode_latex(source)
    assert (decoded.text, decoded.unknown) == (text, ())


@pytest.mark.parametrize(
    ("source", "text"),
    [
        (r"$E=mc^2$ and \(x_1\)", "$E=mc^2$ and $x_1$"),
        (r"\ensuremath{\alpha^2}", r"$\alpha^2$"),
        (r"$\frac{1}{2}\left(x\right)$", r"$\frac{1}{2}\left(x\right)$"),
        (r"$50%$", "$50%$"),
        ("it costs $5", "it costs $5"),
        (r"\$5 to \$6", "$5 to $6"),
    ],
)
def test_mathematics_and_money_stay(source, text):
    assert decode_latex(source).text == text


@pytest.mark.parametrize(
    ("source", "text"),
    [
        (r"\url{https://x.org/a_b%20c?d=1--2&e=~f}", "https://x.org/a_b%20c?d=1--2&e=~f"),
        (r"see https://x.org/~me--x\_y%20 for M{\"u}ller", "see https://x.org/~me--x_y%20 for Müller"),
        (r"\href{https://x.org/a\%20b}{na{\"\i}ve}", "naïve <https://x.org/a%20b>"),
    ],
)
def test_addresses_lose_nothing(source, text):
    assert decode_latex(source).text == text


@pytest.mark.parametrize(
    ("source", "text", "unknown"),
    [
        (r"\nosuch{a b}{c} rest", r"\nosuch{a b}{c} rest", (r"\nosuch",)),
        (r"\nosuch{M\"uller}", r"\nosuch{Müller}", (r"\nosuch",)),
        (r"see \cite{knuth} \footnote{x}", r"see \cite{knuth} \footnote{x}", (r"\cite", r"\footnote")),
        (r"\today", r"\today", (r"\today",)),
        (r"\input{/etc/passwd}", r"\input{/etc/passwd}", (r"\input",)),
        (r"\begin{foo}x\end{foo}", r"\begin{foo}x\end{foo}", (r"\begin{foo}",)),
        (r"\frac{50%}{2}", r"\frac{50%}{2}", (r"\frac",)),
        ("a } b", "a } b", ("a } b",)),
        (r"\'", r"\'", (r"\'",)),
    ],
)
def test_what_is_not_known_stays_visible_and_is_named(source, text, unknown):
    decoded = decode_latex(source)
    assert (decoded.text, decoded.unknown) == (text, unknown)


def test_a_lone_backslash_is_kept():
    assert decode_latex("end\\").text == "end\\"


def test_characters_of_the_private_plane_are_kept():
    decoded = decode_latex("a \U000f0025 \\'e")
    assert decoded.text == "a \U000f0025 \\'e"
    assert decoded.unknown


@given(
    st.text(
        alphabet=st.characters(categories=["L", "N", "P", "S"], exclude_characters="\\${}~`'-"), max_size=60
    )
)
def test_text_without_markup_stays(source):
    import unicodedata

    assert decode_latex(source).text == unicodedata.normalize("NFC", source)


@given(st.text(alphabet="abcxyz019{}$%~ &#_^-`'!?.", max_size=40))
@example("{$x}$")
@example("$a${b}--$c")
def test_no_letter_or_digit_is_lost_without_commands(source):
    kept = re.sub(r"[^a-z0-9]", "", decode_latex(source).text)
    assert kept == re.sub(r"[^a-z0-9]", "", source)


@given(st.text(alphabet=r"ab1\{}$%~ '", max_size=30))
def test_every_source_decodes_and_keeps_its_digits(source):
    assert decode_latex(source).text.count("1") == source.count("1")


@pytest.mark.parametrize(
    ("source", "code"),
    [
        (r"10.1000/a\_b", "10.1000/a_b"),
        (r"\url{https://x.org/\~{}me/50\%}", "https://x.org/~me/50%"),
        (r"10.1000/a{\textless}1{\textgreater}b$<$2$>$", "10.1000/a<1>b<2>"),
        (r"10.1000/a\textless{}1\&gt;2", "10.1000/a<1>2"),
        (r"https://x.org/$\sim$me", "https://x.org/~me"),
        (r"10.1000/{\textunderscore}x", "10.1000/_x"),
        ("https://x.org/very/\n      long", "https://x.org/very/long"),
        (" 10.1000/x ", "10.1000/x"),
    ],
)
def test_codes_lose_only_their_escapes(source, code):
    assert decode_verbatim(source) == code


_PIECES = st.sampled_from(
    ["a", "Zoo ", " of", "1", "{", "}", "{B}", r"\&", r"\%", r"\_", r"\'e", r"{\"o}", r"\'{\i}", r"{\o}", r"\v{c}", "--", "---", "``", "''", "~", "$x_1$", "$ y $", r"$\alpha$", r"\emph{so it is}", "'", "%", "&", r"{\'\i}"]
)  # fmt: skip


@given(st.lists(_PIECES, max_size=12).map("".join))
def test_what_is_read_simply_is_read_as_the_parser_does(source):
    from reportgen.sources import latex_text

    simple = latex_text.decode_latex(source)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(latex_text, "simply_read", lambda _: None)
        assert simple == latex_text.decode_latex(source)
