r"""The report as LaTeX: the content tree, written with the templates in ``latex/``, its structure numbered."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any, cast

from jinja2 import nodes
from jinja2.ext import Extension

from reportgen.base.timings import stage
from reportgen.latex.directions import escape_either_way, layout, set_code, set_isolated, set_paragraph
from reportgen.latex.escaping import Latex
from reportgen.latex.gauges import TONES, draw_gauge, tone_colour, tone_numbers
from reportgen.latex.heading_room import heading_room
from reportgen.latex.hyphenation import divided_words
from reportgen.latex.tables import in_blocks, set_table
from reportgen.text.direction import direction_of, language_direction
from reportgen.text.inline import joined, plain_text
from reportgen.text.mathematics import parse_formula
from reportgen.text.mathematics.spoken_words import language_of
from reportgen.text.report import Heard
from reportgen.text.structure import Numbered, number, tag
from reportgen.text.templates import Output, Printed, Writer, of_written, template_errors
from reportgen.text.tree import Paragraph, Strong

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from jinja2.parser import Parser
    from jinja2.runtime import Context

    from reportgen.base.own_templates import OwnTemplates
    from reportgen.base.style import Style
    from reportgen.text.families import Family
    from reportgen.text.mathematics import Formula
    from reportgen.text.report import Author, Report
    from reportgen.text.tree import Block, Definition, Inlines

REPORT = "report.tex.j2"
PREAMBLE = "preamble.tex.j2"

_GREEK = {
    code: name
    for code, name in zip(
        range(0x3B1, 0x3CA),
        [
            "alpha",
            "beta",
            "gamma",
            "delta",
            "varepsilon",
            "zeta",
            "eta",
            "theta",
            "iota",
            "kappa",
            "lambda",
            "mu",
            "nu",
            "xi",
            "o",
            "pi",
            "rho",
            "varsigma",
            "sigma",
            "tau",
            "upsilon",
            "varphi",
            "chi",
            "psi",
            "omega",
        ],
        strict=True,
    )
    if name not in {"o", "varsigma"}
} | dict(
    zip(
        (0x393, 0x394, 0x398, 0x39B, 0x39E, 0x3A0, 0x3A3, 0x3A6, 0x3A8, 0x3A9),
        ["Gamma", "Delta", "Theta", "Lambda", "Xi", "Pi", "Sigma", "Phi", "Psi", "Omega"],
        strict=True,
    )
)


class TagExtension(Extension):
    """``((* tag "P", id="x" *)) ... ((* endtag *))`` puts what it holds into a structure element."""

    tags = {"tag"}  # noqa: RUF012

    def parse(self, parser: Parser) -> nodes.Node:
        """Turn the statement into a call that wraps its body."""
        line = next(parser.stream).lineno
        role = parser.parse_expression()
        keywords = []
        while parser.stream.skip_if("comma"):
            name = parser.stream.expect("name").value
            parser.stream.expect("assign")
            keywords.append(nodes.Keyword(name, parser.parse_expression(), lineno=line))
        body = parser.parse_statements(("name:endtag",), drop_needle=True)
        call = self.call_method("_wrap", [nodes.ContextReference(), role], keywords)
        return nodes.CallBlock(call, [], [], body).set_lineno(line)

    def _wrap(self, context: Context, role: str, caller: Any, **attributes: str | None) -> str:
        """Wrap what a template writes; an element that shows a field of the record is in its block's language."""
        if "at" in attributes:
            attributes.setdefault("lang", getattr(context.get("it"), "lang", None))
        return tag(role, caller(), **attributes)


def _formula(source: str) -> Latex:
    from reportgen.latex.mathematics import set_formula

    return set_formula(parse_formula(source))


def _has_grid(source: str) -> bool:
    from reportgen.latex.mathematics import has_grid

    return has_grid(parse_formula(source))


def _spoken(language: str, formula: Formula) -> str:
    """Return what a reader who hears the text is told in a formula's place."""
    from reportgen.text.mathematics.speech import spoken  # many reports have no formula

    return spoken(parse_formula(formula.source), language)


def _mathml(formula: Formula, *, is_display: bool = False) -> str:
    """Return what a formula says to machines; how it is read aloud stands beside it."""
    from reportgen.text.mathematics.mathml import mathml

    return mathml(parse_formula(formula.source), is_display=is_display, spoken="")


def _pieces(block: Block) -> list[Block]:
    """Cut a very long paragraph into several."""
    if not isinstance(block, Paragraph):
        return [block]
    return [replace(block, content=part) for part in in_blocks(block.content)]


_RAISED = dict(zip("0123456789+-−=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿⁱ", strict=True))
_LOWERED = dict(zip("0123456789+-−=()aeox", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₒₓ", strict=True))


def _in_script(signs: Mapping[str, str], content: Inlines) -> str:
    """Return what a reader who hears the text is told: 10² and not 102; '' where Unicode has no such signs."""
    text = plain_text(content)
    return "".join(map(signs.__getitem__, text)) if set(text) <= signs.keys() else ""


def _struck(writer: Writer, content: Inlines) -> Latex:
    """Strike words through one by one, so that lines can break between them."""
    parts = (part.split(" ") if type(part) is str else [part] for part in content)
    words = [[f"\\Struck{{{writer.write(word)}}}" if word else "" for word in part] for part in parts]
    return Latex("".join(" ".join(part) for part in words))


def _one_line(author: Author) -> Inlines:
    """Return what is said of an author, as one line."""
    behind = [each for link in (author.orcid, author.contact) if link for each in ("\u2002", link)]
    return (Strong(author.name), *((", ", *author.affiliation) if author.affiliation else ()), *behind)


def _note(support: Definition) -> Inlines:
    """Return what supports a claim as one line."""
    term = (support.term,) if isinstance(support.term, str) else support.term
    values = joined(cast("tuple[Inlines, ...]", support.values), " ")
    return (*term, " ", *values) if plain_text(term) else values


@of_written
def _run_in(written: str) -> str:
    """Take the end of its last paragraph off what was written, where the line goes on."""
    return written.removesuffix("\\par\n")


def _file_name(name: str) -> Latex:
    if not re.fullmatch(r"[a-z0-9-]+", name):
        raise ValueError(f"{name!r} is no name of a figure")
    return Latex(name)


LATEX = Output(
    folder="latex",
    suffix=".tex.j2",
    escape=escape_either_way,
    brackets={
        "block_start_string": "((*",
        "block_end_string": "*))",
        "variable_start_string": "(((",
        "variable_end_string": ")))",
        "comment_start_string": "((=",
        "comment_end_string": "=))",
    },
    extensions=(TagExtension,),
    functions={
        "file_name": _file_name,
        "formula": _formula,
        "heading_room": heading_room,
        "has_grid": _has_grid,
        "furniture": escape_either_way,
        "gauge": draw_gauge,
        "note": _note,
        "one_line": _one_line,
        "lowered": partial(_in_script, _LOWERED),
        "pieces": _pieces,
        "raised": partial(_in_script, _RAISED),
        "run_in": _run_in,
    },
)


@dataclass(frozen=True, slots=True)
class Body:
    """A report's LaTeX behind the preamble, with its structure, and every text that it prints.

    ``reached`` are the pointers of the blocks that a template was asked to write.
    """

    numbered: Numbered
    printed: tuple[Printed, ...]
    reached: frozenset[str] = frozenset()


def latex_writer(
    own: OwnTemplates | None,
    leads_to: Callable[[str], bool],
    language: str = "en",
    words: str = "",
    heard: Heard | None = None,
) -> Writer:
    """Return what writes nodes as LaTeX; ``leads_to`` tells which anchors the document has.

    ``language`` is the record's: a paragraph without letters runs in its direction. ``words`` is the language of the
    fixed words: formulas are read aloud in it where they can be. ``heard`` are words that stand for what is seen.
    """
    heard = heard or Heard()
    words = words or language
    writer = Writer(LATEX, own, leads_to=leads_to)
    default = language_direction(language)
    writer.give(
        bold=lambda content: Latex(f"\\textbf{{{writer.write(content)}}}"),
        dimmed=lambda content: Latex(f"\\Dim{{{writer.write(content)}}}"),
        noted=lambda content: Latex(tag("Span", f"\\Dim{{{writer.write(content)}}}", lang=words)),
        flow=lambda content, way=default: set_paragraph(writer, content, way),
        isolate=partial(set_isolated, writer),
        direction=partial(direction_of, default=default),
        number_gap=Latex("\\enspace\\space "),
        layout=partial(layout, default=default),
        verbatim=partial(set_code, writer),
        tag=lambda role, content, **attributes: Latex(tag(role, writer.write(content), **attributes)),
        code=partial(_code, writer),
        mathml=_mathml,
        spoken=partial(_spoken, language_of(words)),
        spoken_language=language_of(words),
        words_language=words,
        heard=heard,
        struck=partial(_struck, writer),
        table=lambda node: set_table(node, writer, default, heard.nothing),
    )
    return writer


@stage("render")
def render_body(report: Report, words: Iterable[str] = (), own: OwnTemplates | None = None) -> Body:
    """Write a report; ``words`` are the language's fixed ones, to be hyphenated.

    Raises:
        TemplateError: a template is missing or wrong, or asks for what a node does not have.

    """
    language = report.text_language or report.language
    writer = latex_writer(own, report.anchors.__contains__, language, report.language, report.heard)
    with template_errors(REPORT):
        body = Latex("".join(map(writer.write, report.bands)))
    printed = tuple(writer.printed)
    said = [each.text for each in printed if each.pointer]
    divided = Latex(divided_words("\n".join([*said, *words]), language))
    marked = writer.document(REPORT, report=report, body=body, divided=divided, language=language)
    return Body(number(marked), printed, frozenset(writer.reached))


def _code(writer: Writer, source: str) -> Latex:
    """Set a program line by line; its blanks are kept."""
    # The braces keep a line that begins with a bracket or a star from being taken as the break's own argument.
    lines = source.rstrip("\n").expandtabs(8).split("\n")
    return Latex("\\\\{}\n".join(_code_line(writer, line) for line in lines))


def _code_line(writer: Writer, line: str) -> str:
    parts = re.split(r"(^ +| {2,})", line)
    # In a box, because TeX drops spaces at the start of a line; an empty line has one, too.
    return (
        "".join(
            f"\\mbox{{{'~' * len(part)}}}" if part.isspace() else set_code(writer, part)
            for part in parts
            if part
        )
        or "\\mbox{~}"
    )


@lru_cache(maxsize=32)
def render_preamble(
    *, engine: str, style: Style, families: tuple[Family, ...] = (), own: OwnTemplates | None = None
) -> str:
    """Fill the preamble for an engine and a style; it never depends on a record."""
    options = {
        "engine": engine,
        "paper": style.paper,
        "tones": [
            (Latex(tone), Latex(tone_colour(tone, style)[1:]), Latex(tone_numbers(tone, style)))
            for tone in TONES
        ],
        "families": [
            (family, [(*face, Latex(font.file)) for *face, font in family.shapes]) for family in families
        ],
        "greek": [(Latex(f"{code:04X}"), Latex(name)) for code, name in _GREEK.items()],
    }
    return Writer(LATEX, own).document(PREAMBLE, options=options)
