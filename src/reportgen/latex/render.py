"""Templates: Jinja2 environments in which every expression is escaped unless it is `Latex`."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import (
    BytecodeCache,
    ChoiceLoader,
    FileSystemLoader,
    FunctionLoader,
    StrictUndefined,
    TemplateNotFound,
    TemplateSyntaxError,
    UndefinedError,
    nodes,
)
from jinja2 import TemplateError as JinjaError
from jinja2.exceptions import SecurityError
from jinja2.ext import Extension
from jinja2.sandbox import ImmutableSandboxedEnvironment

from reportgen.base.cache import find, keep, key_of
from reportgen.base.errors import Level, Problem, TemplateError, Where
from reportgen.base.paths import packaged_folder
from reportgen.base.timings import stage
from reportgen.latex.escaping import Latex, join, to_latex
from reportgen.text.structure import Numbered, number, tag

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from jinja2.bccache import Bucket
    from jinja2.parser import Parser

    from reportgen.base.own_templates import OwnTemplates
    from reportgen.base.style import Style
    from reportgen.latex.families import Family

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
        call = self.call_method("_wrap", [role], keywords)
        return nodes.CallBlock(call, [], [], body).set_lineno(line)

    def _wrap(self, role: str, caller: Any, **attributes: str | None) -> str:
        return tag(role, caller(), **attributes)


@lru_cache(maxsize=8)
def environment(own: OwnTemplates | None) -> ImmutableSandboxedEnvironment:
    """Make the environment: a project's own templates first, the packaged ones behind them.

    Even templates that are trusted reach only what they are given: no attribute of Python's own, no change.
    """
    packaged = FileSystemLoader(packaged_folder("templates"))
    made = ImmutableSandboxedEnvironment(
        block_start_string="((*",
        block_end_string="*))",
        variable_start_string="(((",
        variable_end_string=")))",
        comment_start_string="((=",
        comment_end_string="=))",
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,
        undefined=StrictUndefined,
        finalize=to_latex,
        keep_trailing_newline=True,
        loader=ChoiceLoader([FunctionLoader(_source_of(own)), packaged]) if own else packaged,
        bytecode_cache=_CompiledTemplates(),
        extensions=[TagExtension],
    )
    made.globals = {"tag": _tagged}
    made.filters = {
        name: made.filters[name] for name in ("length", "first", "last", "default", "list", "batch", "select")
    } | {"commas": lambda parts: join(list(parts), ", ")}
    return made


def _source_of(own: OwnTemplates) -> Callable[[str], tuple[str, str, Callable[[], bool]] | None]:
    texts = dict(own.texts)

    def source(name: str) -> tuple[str, str, Callable[[], bool]] | None:
        return (texts[name], str(own.folder / name), lambda: True) if name in texts else None

    return source


class _CompiledTemplates(BytecodeCache):
    """Compiled templates in the user's cache; one that was cut or altered is compiled again."""

    def __init__(self) -> None:
        # A template compiles to the same code only while this module, which shapes the code, is the same.
        self._version = hashlib.sha256(Path(__file__).read_bytes()).hexdigest()

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill a bucket with what is kept of its template."""
        if kept := find("templates", self._key(bucket), ".jinja"):
            bucket.bytecode_from_string(kept)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what a bucket holds."""
        keep("templates", self._key(bucket), ".jinja", bucket.bytecode_to_string())

    def _key(self, bucket: Bucket) -> str:
        return key_of([bucket.key, self._version])


def _tagged(role: str, content: Any, **attributes: str | None) -> Latex:
    return Latex(tag(role, to_latex(content), **attributes))


@stage("render")
def render_body(view: Any, own: OwnTemplates | None = None) -> Numbered:
    """Fill the report's template and number its structure.

    Raises:
        TemplateError: a template is missing or wrong, or asks for what the view does not have.

    """
    marked = _render(REPORT, {"report": view, "t": view.wording.t, "w": view.wording}, own)
    try:
        return number(marked)
    except ValueError as error:
        raise TemplateError(
            [Problem("template-structure", Level.ERROR, Where(REPORT), str(error))]
        ) from error


@lru_cache(maxsize=32)
def render_preamble(
    *, engine: str, style: Style, families: tuple[Family, ...] = (), own: OwnTemplates | None = None
) -> str:
    """Fill the preamble for an engine and a style; it never depends on a record."""
    options = {
        "engine": engine,
        "paper": style.paper,
        "accent": style.accent[1:],
        "ink": style.ink[1:],
        "families": families,
        "greek": [(f"{code:04X}", Latex(name)) for code, name in _GREEK.items()],
    }
    return _render(PREAMBLE, {"options": options}, own)


def _render(name: str, values: Mapping[str, Any], own: OwnTemplates | None) -> str:
    try:
        return environment(own).get_template(name).render(values)
    except TemplateSyntaxError as error:
        where = Where(error.filename or error.name or name, error.lineno)
        raise TemplateError([Problem("template-syntax", Level.ERROR, where, error.message or "")]) from error
    except TemplateNotFound as error:
        raise TemplateError(
            [Problem("template-missing", Level.ERROR, Where(str(error)), "no such template")]
        ) from error
    except (UndefinedError, AttributeError) as error:
        hint = "`reportgen template check` lists the fields a template may use"
        raise TemplateError(
            [Problem("template-field", Level.ERROR, _place(error), str(error), hint)]
        ) from error
    except SecurityError as error:
        hint = "templates read the report's fields and call no Python"
        raise TemplateError(
            [Problem("template-unsafe", Level.ERROR, _place(error), str(error), hint)]
        ) from error
    except (JinjaError, ValueError, TypeError, ArithmeticError, LookupError, RecursionError) as error:
        raise TemplateError([Problem("template", Level.ERROR, _place(error), str(error))]) from error


def _place(error: BaseException) -> Where:
    """Find the innermost template line of a traceback; Jinja2 rewrites tracebacks to template lines."""
    place = Where(REPORT)
    trace = error.__traceback__
    while trace:
        if trace.tb_frame.f_code.co_filename.endswith((".j2", ".tex")):
            place = Where(trace.tb_frame.f_code.co_filename, trace.tb_lineno)
        trace = trace.tb_next
    return place
