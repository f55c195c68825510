"""Templates: a folder of them is an output. Each node of the content tree is written by the one that bears its name.

Every expression is made safe for the output unless it was `Written` by a template. What is printed is remembered,
with the field of the record it comes from, to be looked for in the finished document.
"""

from __future__ import annotations

import hashlib
import re
import sys
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from jinja2 import (
    BytecodeCache,
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    FunctionLoader,
    StrictUndefined,
    TemplateNotFound,
    TemplateSyntaxError,
    UndefinedError,
    pass_context,
)
from jinja2 import TemplateError as JinjaError
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from reportgen.base.cache import find, keep, key_of
from reportgen.base.errors import Level, Problem, TemplateError, Where
from reportgen.base.paths import packaged_folder
from reportgen.text.inline import plain_text
from reportgen.text.report import Section
from reportgen.text.template_faults import missing_field
from reportgen.text.tree import Block

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from jinja2 import Template
    from jinja2.bccache import Bucket
    from jinja2.ext import Extension
    from jinja2.runtime import Context

    from reportgen.base.own_templates import OwnTemplates

_FILTERS = ("length", "first", "last", "default", "list", "batch", "select")
_WORD_START = re.compile(r"(?<!^)(?=[A-Z])")


class Written(str):
    """Text that a template has written: the only strings that a template prints as they are."""

    __slots__ = ()

    def __add__(self, other: str) -> Written | str:
        """Keep the marker only when both sides carry it: a lost mark is escaped again, which is safe."""
        whole = str.__add__(self, other)
        return type(self)(whole) if isinstance(other, Written) else whole


def of_written(function: Callable[..., str]) -> Callable[..., Written]:
    """Let a function of templates change only what was written, so that no text passes by its escape."""

    def change(written: str, *arguments: Any) -> Written:
        if not isinstance(written, Written):
            raise TypeError("this takes what `write` has written, and no plain text")
        return Written(function(written, *arguments))

    return change


@dataclass(frozen=True)
class Output:
    """A kind of output: the folder of its templates, their ending, and what makes a text safe in it.

    ``brackets`` are Jinja2's, ``extensions`` its extensions, ``functions`` what templates may call. Where the folder
    has no template for a node, that of the folder ``behind`` writes it.
    """

    folder: str
    suffix: str
    escape: Callable[[str], str]
    brackets: Mapping[str, Any] = field(default_factory=dict, hash=False)
    extensions: tuple[type[Extension], ...] = ()
    functions: Mapping[str, Any] = field(default_factory=dict, hash=False)
    behind: str = ""


class Printed(NamedTuple):
    """A text that was printed, and the JSON pointer of the field it comes from."""

    text: str
    pointer: str


class Writer:
    """Writes nodes of one document in one output, a project's own templates first."""

    def __init__(self, output: Output, own: OwnTemplates | None = None, **functions: Any) -> None:
        self.printed: list[Printed] = []
        self.reached: set[str] = set()
        self._environment = environment(output, own)
        self._output = output
        self._pointer = ""
        self._given: dict[str, Any] = {}
        self._inlines: dict[Any, Written] = {}
        self._templates = _templates_of(output, own)
        self.give(**self._environment.globals, write=self.write, plain=plain_text, is_blocks=_is_blocks)
        self.give(**functions)

    def give(self, **functions: Any) -> None:
        """Add functions for templates to call."""
        self._given |= functions

    def write(self, node: Any) -> Written:
        """Write a node, several, or a plain text."""
        if isinstance(node, Written):
            return node
        if isinstance(node, str):
            return self._text(node)
        if isinstance(node, tuple):
            return Written("".join([self.write(part) for part in node]))
        if isinstance(node, Block):
            self.reached.add(node.at)
            with self.at(node.at):
                return Written(self._rendered(node))
        if node is None or isinstance(node, (int, float)):
            return Written("" if node is None else node)
        # Marks and citations come again and again, and are the same wherever they stand.
        if (written := self._inlines.get(node)) is None:
            # The line of an inline's template ends where the line that it stands in goes on.
            written = self._inlines[node] = Written(self._rendered(node).removesuffix("\n"))
        return written

    @contextmanager
    def at(self, pointer: str) -> Iterator[None]:
        """Lay what is printed meanwhile to a field of the record; without one, to that of the block around it."""
        outer, self._pointer = self._pointer, pointer or self._pointer
        try:
            yield
        finally:
            self._pointer = outer

    def _rendered(self, node: Any) -> str:
        kind = node.name if type(node) is Section else type(node)
        if (template := self._templates.get(kind)) is None:
            template = self._templates[kind] = self._environment.select_template(names_of(node, self._output))
        # Sharing the values spares Jinja2 a copy of them for every node.
        context = template.new_context({**self._given, "it": node}, shared=True)
        return "".join(template.root_render_func(context))

    def document(self, name: str, **values: Any) -> str:
        """Fill a template by its name, with errors that name template and line.

        Raises:
            TemplateError: a template is missing or wrong, or asks for what there is not.

        """
        name = f"{self._output.folder}/{name}"
        with template_errors(name):
            return self._environment.get_template(name).render({**self._given, **values})

    def _text(self, text: str) -> Written:
        if not text.isspace():
            self.remember(text)
        return Written(self._output.escape(text))

    def remember(self, text: str) -> None:
        """Keep a text that is printed here, to be looked for in the finished document."""
        self.printed.append(Printed(text, self._pointer))


def names_of(node: Any, output: Output) -> list[str]:
    """Name the templates that may write a node: for its class, and before that for a section's name."""
    names = [template_name(type(node).__name__, output)]
    if isinstance(node, Section):
        names.insert(0, f"{output.folder}/sections/{node.name}{output.suffix}")
    if output.behind:
        names += names_of(node, replace(output, folder=output.behind, behind=""))
    return names


@lru_cache(maxsize=256)
def template_name(kind: str, output: Output) -> str:
    """Name the template of a class of nodes."""
    return f"{output.folder}/{_WORD_START.sub('_', kind).lower()}{output.suffix}"


def _is_blocks(value: Any) -> bool:
    return isinstance(value, tuple) and bool(value) and isinstance(value[0], Block)


@lru_cache(maxsize=8)
def environment(output: Output, own: OwnTemplates | None) -> Environment:
    """Make the environment of an output: a project's own templates first, the packaged ones behind them.

    Even templates that are trusted reach only what they are given: no attribute of Python's own, no change.
    """
    packaged = FileSystemLoader(packaged_folder("templates"))

    @pass_context
    def safe(context: Context, value: Any) -> str:
        return value if type(value) is Written else context["write"](value)

    made = (ImmutableSandboxedEnvironment if own else Environment)(
        **output.brackets,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,
        undefined=StrictUndefined,
        finalize=safe,
        keep_trailing_newline=True,
        auto_reload=False,  # a project's own are read anew by their content, and the packaged ones stay
        loader=ChoiceLoader([FunctionLoader(_source_of(own)), packaged]) if own else packaged,
        bytecode_cache=_CompiledTemplates(output, sandboxed=own is not None),
        extensions=output.extensions,
    )
    made.globals = dict(output.functions)
    made.filters = {name: made.filters[name] for name in _FILTERS}
    return made


@lru_cache(maxsize=8)
def _templates_of(_output: Output, _own: OwnTemplates | None) -> dict[Any, Template]:
    """Return where the templates of an environment are remembered by what they write, from document to document."""
    return {}


def _source_of(own: OwnTemplates) -> Callable[[str], tuple[str, str, Callable[[], bool]] | None]:
    texts = dict(own.texts)

    def source(name: str) -> tuple[str, str, Callable[[], bool]] | None:
        return (texts[name], str(own.folder / name), lambda: True) if name in texts else None

    return source


class _CompiledTemplates(BytecodeCache):
    """Compiled templates in the user's cache; one that was cut or altered is compiled again."""

    def __init__(self, output: Output, *, sandboxed: bool) -> None:
        # A template compiles to the same code only while the modules that shape the code are the same.
        shaping = (__name__, *(extension.__module__ for extension in output.extensions))
        files = (Path(str(sys.modules[name].__file__)) for name in shaping)
        self._version = " ".join(
            [*(hashlib.sha256(file.read_bytes()).hexdigest() for file in files), str(sandboxed)]
        )

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill a bucket with what is kept of its template."""
        if kept := find("templates", self._key(bucket), ".jinja"):
            bucket.bytecode_from_string(kept)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what a bucket holds."""
        keep("templates", self._key(bucket), ".jinja", bucket.bytecode_to_string())

    def _key(self, bucket: Bucket) -> str:
        return key_of([bucket.key, self._version])


@contextmanager
def template_errors(name: str) -> Iterator[None]:
    """Turn what goes wrong in templates into errors that name template and line."""
    try:
        yield
    except TemplateSyntaxError as error:
        where = Where(error.filename or error.name or name, error.lineno)
        raise TemplateError([Problem("template-syntax", Level.ERROR, where, error.message or "")]) from error
    except TemplateNotFound as error:
        where = Where(str(error))
        raise TemplateError([Problem("template-missing", Level.ERROR, where, "no such template")]) from error
    except (UndefinedError, AttributeError) as error:
        message, close = missing_field(str(error))
        hint = close or "`reportgen template list` shows what each template is given"
        where = _place(error, name)
        raise TemplateError([Problem("template-field", Level.ERROR, where, message, hint)]) from error
    except SecurityError as error:
        hint = "templates read what they are given and call no Python"
        where = _place(error, name)
        raise TemplateError([Problem("template-unsafe", Level.ERROR, where, str(error), hint)]) from error
    except (JinjaError, ValueError, TypeError, ArithmeticError, LookupError, RecursionError) as error:
        where = _place(error, name)
        raise TemplateError([Problem("template", Level.ERROR, where, str(error))]) from error


def _place(error: BaseException, name: str) -> Where:
    """Find the innermost line of a template in a traceback."""
    place = Where(name)
    trace = error.__traceback__
    while trace:
        frame = trace.tb_frame
        if template := frame.f_globals.get("__jinja_template__"):
            place = Where(
                template.filename or template.name, template.get_corresponding_lineno(trace.tb_lineno)
            )
        elif frame.f_code.co_filename.endswith((".j2", ".tex")):  # as Jinja2 rewrites them
            place = Where(frame.f_code.co_filename, trace.tb_lineno)
        trace = trace.tb_next
    return place
