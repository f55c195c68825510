"""House settings: ``reportgen.toml`` beside the records or in a folder above them."""

from __future__ import annotations

import errno
from pathlib import Path
from string import Formatter
from typing import TYPE_CHECKING, Annotated, Any, Literal, get_args

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    ValidationInfo,
    model_validator,
)

from reportgen.base.author import Author  # noqa: TC001  # pydantic reads it at run time
from reportgen.base.csl_styles import HOUSE
from reportgen.base.errors import Level, Problem, SettingsError, Where, field_path, pointer_of
from reportgen.base.foreign import LARGEST_TOML, is_file_name, parse_foreign_toml, read_foreign
from reportgen.base.paths import nearest_with, real_path
from reportgen.base.policy import UNNAMED, Policy
from reportgen.base.services import Fetch, Url, Zenodo
from reportgen.base.setting_words import setting_message, syntax_problem
from reportgen.base.style import Style
from reportgen.base.suggestions import suggest
from reportgen.base.trusted_projects import Wish, require_places
from reportgen.base.values import Line, LocalPath, Model

if TYPE_CHECKING:
    import os
    from collections.abc import Collection, Sequence

    from pydantic_core import ErrorDetails

FILE_NAME = "reportgen.toml"
_NOT_IN_FILE = {
    "root": "relative paths start from the folder that this file is in",
    "trust_templates": "a project cannot trust itself: use `reportgen trust` or --trust-templates",
    "require_sandbox": "this is an option of the command line, --require-sandbox",
    "allow_unsandboxed": "this is an option of the command line, --allow-unsandboxed",
}


# What a name pattern may hold in braces.
NAME_FIELDS = ("date", "id8", "id", "slug", "version", "kind")
PROBLEMS_SHOWN = 100


def _is_pattern(pattern: str) -> str:
    try:
        parts = list(Formatter().parse(pattern))
    except ValueError as error:
        raise ValueError(f"it cannot be filled: {error}") from error
    fields = [(field, spec, conversion) for _, field, spec, conversion in parts if field is not None]
    if any(field not in NAME_FIELDS or spec or conversion for field, spec, conversion in fields):
        raise ValueError(
            f"the fields are {', '.join('{' + name + '}' for name in NAME_FIELDS)}, as they stand"
        )
    name = "".join(literal + ("x" if field else "") for literal, field, _, _ in parts)
    if not is_file_name(name) or name.startswith("-"):
        raise ValueError("it gives no plain name of a file")
    return pattern


def _from_root(path: Path, info: ValidationInfo) -> Path:
    """Resolve a path against the folder that the settings were found in."""
    root: Path = info.data["root"]
    return root / path


def _with_logo_from_root(style: Style, info: ValidationInfo) -> Style:
    return style.model_copy(update={"logo": _from_root(style.logo, info)}) if style.logo else style


_Path = Annotated[LocalPath, AfterValidator(_from_root)]


class Publisher(Model):
    """Who publishes the reports."""

    name: Annotated[Line, StringConstraints(pattern=r"\S")] = Field(
        UNNAMED, description="Who publishes; where it is not set, a warning says so."
    )
    url: Url | None = Field(None, description="Where the publisher can be found.")


PUBLISHED = Publisher(name="Assignee Research", url="https://assignee.net")
"""The house whose published reports are followed where nothing is set."""


class Limits(Model):
    """Bounds on one run of TeX."""

    seconds: int = Field(
        60, gt=0, le=86_400, strict=True, description="How long one run of TeX may take, in seconds."
    )
    memory_mb: int = Field(
        2000, gt=0, le=1_000_000, strict=True, description="How much memory it may take, in MB."
    )
    output_mb: int = Field(200, gt=0, le=100_000, strict=True, description="How much it may write, in MB.")


class References(Model):
    """How references are written."""

    style: Annotated[Line, StringConstraints(pattern=r"^\S.*$")] = Field(
        HOUSE,
        description="``house``, a CSL style of the extra ``styles`` by its name, or a ``.csl`` file of the project.",
    )


class Settings(Model):
    """Every setting with its default; paths are absolute, relative ones start from the folder ``root``.

    What the user alone may say, on the command line or here: ``trust_templates``, that templates and places which the
    project brings are trusted; ``require_sandbox``, that nothing is built without one; ``allow_unsandboxed``, that
    LuaTeX may run own templates without one.

        >>> Settings.find("records", paper="letter").publisher.name
        'Example Group'
        >>> report = build("records/example.json", Settings(paper="letter", publisher={"name": "The Institute"}))
    """

    model_config = ConfigDict(validate_default=True)

    root: Annotated[Path, AfterValidator(Path.absolute)] = Path()
    trust_templates: bool = False
    require_sandbox: bool = False
    allow_unsandboxed: bool = False
    publisher: Publisher = PUBLISHED
    policy: Policy = Policy()
    id_prefix: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9]{0,12}$")] = Field(
        "SRCH", description="The letters before the number under which a report is shown: ``SRCH:FBCA8EE9``."
    )
    authors: tuple[Author, ...] = Field(
        (),
        max_length=1000,
        description="Who answers for a record that names no authors; else the publisher does.",
    )
    license: Line | None = Field(
        None, description="The SPDX identifier of the licence of a record that names none."
    )
    templates: _Path | None = Field(
        None, description="A folder whose files replace the packaged templates of the same name."
    )
    bib: tuple[_Path, ...] = Field(
        (Path("bib"),), max_length=100, description="Files, and folders of files, with entries in BibTeX."
    )
    lock: _Path = Field(
        Path("references.lock.json"), description="Where ``reportgen bib fetch`` keeps its answers."
    )
    output: _Path = Field(Path("out"), description="The folder for the PDFs.")
    name_pattern: Annotated[str, Field(max_length=200), AfterValidator(_is_pattern)] = Field(
        "{date}-{id8}-{slug}.pdf",
        description="The name of a PDF. There are ``{date}``, ``{id8}``, ``{id}``, ``{slug}``, ``{version}`` and "
        "``{kind}``; ``{slug}`` is the title in ASCII: ``grossen`` for ``großen``.",
    )
    formats: tuple[Line, ...] = Field(
        (),
        max_length=100,
        description="The formats of ``export --to`` that ``compile`` and ``batch`` write beside each PDF.",
    )
    paper: Literal["a4", "letter"] | None = Field(
        None, description="``style.paper`` in its older place, which wins."
    )
    style: Annotated[Style, AfterValidator(_with_logo_from_root)] = Style()
    engine: Literal["auto", "pdftex", "luatex"] = Field(
        "auto",
        description="Which TeX sets the report; ``auto`` takes pdfTeX where its fonts have every character.",
    )
    tier_claims: Literal["extracted", "verified"] = Field(
        "extracted", description="Which claims count for the quality tiers: all, or the verified ones."
    )
    levels: dict[Line, Literal["error", "warning", "ignore"]] = Field(
        default_factory=dict, max_length=1000, description="For the code of any check, how it is taken."
    )
    limits: Limits = Limits()
    bibliography: References = References()
    fetch: Fetch = Fetch()
    zenodo: Zenodo = Zenodo()

    @classmethod
    def find(cls, folder: str | os.PathLike[str] = ".", **changes: Any) -> Settings:
        """Return the settings that hold in a folder, changed, as `find_settings`."""
        return find_settings(Path(folder), **changes)

    @model_validator(mode="before")
    @classmethod
    def _without_rules_or_name_of_another_house(cls, given: Any) -> Any:
        """Let a house that names itself follow another's rules only where it asks for them; a plain one has no name."""
        if not isinstance(given, dict):
            return given
        policy = given.get("policy", {})
        if _named(given.get("publisher")) not in (None, PUBLISHED.name) and isinstance(policy, dict):
            given = {**given, "policy": {"name": "plain", **policy}}
        return {"publisher": Publisher(), **given} if _named(given.get("policy")) == "plain" else given

    @property
    def names_publisher(self) -> bool:
        """Tell whether the house says who publishes."""
        return "publisher" in self.model_fields_set and self.publisher.name != UNNAMED

    @property
    def look(self) -> Style:
        """Return how a page looks; `paper` at the top, where it stood before there was a style, wins."""
        return self.style.model_copy(update={"paper": self.paper or self.style.paper})


def _named(table: Any) -> Any:
    """Return the name that a table, or what was made of one, has; None without one."""
    return table.get("name") if isinstance(table, dict) else getattr(table, "name", None)


def find_settings(start: Path, **overrides: Any) -> Settings:
    """Read the settings of the project that a record's folder lies in, `project_root`; without one, the defaults.

    Without a project, relative paths start from the folder that we are in.
    ``overrides`` are command line options; those that are None do not count.

    Raises:
        SettingsError: the file cannot be read, or holds an unknown or ill-typed setting.
        TrustError: it names a place outside the project, and the user has not allowed that.

    """
    given = {name: value for name, value in overrides.items() if value is not None}
    if (root := project_root(start)) is None:
        file = Path(FILE_NAME)
        settings = _checked({"root": Path.cwd(), **given}, file)
    else:
        file = root / FILE_NAME
        settings = _checked({**_parse(file), "root": root, **given}, file)
    if not settings.trust_templates:
        places = places_outside(settings, _PLACES - given.keys())
        require_places(Wish(settings.root, places=places), file)
    return settings


def project_root(folder: Path) -> Path | None:
    """Find the project of a folder: the nearest at or above it with a settings file; what is no file counts, too."""
    return nearest_with(FILE_NAME, folder)


_PLACES = frozenset(["bib", "lock", "output"])
"""The settings that name places; a project's templates lie inside it in any case."""


def places_outside(settings: Settings, names: Collection[str] = _PLACES) -> tuple[str, ...]:
    """List the places outside the project that its settings name: ``output = /srv/reports``."""
    root = real_path(settings.root)
    named = [*(("bib", path) for path in settings.bib), ("lock", settings.lock), ("output", settings.output)]
    found = [(name, real_path(path)) for name, path in named if name in names]
    return tuple(f"{name} = {path}" for name, path in found if not path.is_relative_to(root))


def _parse(file: Path) -> dict[str, Any]:
    content = b""
    try:
        content = read_foreign(file, root=file.parent, most_bytes=LARGEST_TOML)
        values = parse_foreign_toml(content)
    except (OSError, UnicodeDecodeError) as error:
        is_large = getattr(error, "errno", None) == errno.EFBIG
        said = f"it is larger than {LARGEST_TOML // 1000} kB" if is_large else str(error)
        raise SettingsError([Problem("settings-unreadable", Level.ERROR, Where(str(file)), said)]) from error
    except ValueError as error:
        raise SettingsError([syntax_problem(error, content, file)]) from error
    refused = [
        _refused((name,), f"{name} cannot be set: {_NOT_IN_FILE[name]}", file)
        for name in sorted(_NOT_IN_FILE.keys() & values.keys())
    ]
    if refused:
        raise SettingsError(refused)
    return values


def _refused(place: Sequence[str | int], message: str, file: Path, hint: str = "") -> Problem:
    where = Where(str(file), pointer=pointer_of(place))
    return Problem("settings-value", Level.ERROR, where, message, hint)


def _checked(values: dict[str, Any], file: Path) -> Settings:
    try:
        settings = Settings.model_validate(values)
    except ValidationError as error:
        raise SettingsError([_problem(detail, file) for detail in error.errors()[:PROBLEMS_SHOWN]]) from error
    named = [("templates", settings.templates)]
    named += [("bib", path) for path in settings.bib if path != settings.root / "bib"]
    missing = [(name, path) for name, path in named if path is not None and not path.exists()]
    if missing:
        raise SettingsError([_missing(name, path, file) for name, path in missing])
    if (own := settings.templates) and not real_path(own).is_relative_to(real_path(settings.root)):
        where = Where(str(file), pointer="/templates")
        message = f"{own} lies outside the project: its own templates lie in its folder"
        hint = f"copy them to a folder beside {FILE_NAME}"
        raise SettingsError([Problem("settings-path", Level.ERROR, where, message, hint)])
    return settings


def _missing(name: str, path: Path, file: Path) -> Problem:
    where = Where(str(file), pointer=f"/{name}")
    hint = "paths in the settings start from the folder of reportgen.toml"
    return Problem("settings-path", Level.ERROR, where, f"{path} does not exist", hint)


def _problem(detail: ErrorDetails, file: Path) -> Problem:
    place = detail["loc"]
    name = field_path(pointer_of(place))
    if detail["type"] != "extra_forbidden":
        return _refused(place, f"{name}: {setting_message(detail)}", file)
    known = sorted(_table(place[:-1]).model_fields.keys() - _NOT_IN_FILE.keys())
    close = suggest(str(place[-1]), known)
    hint = f"did you mean `{close}`?" if close else f"the settings here are {', '.join(known)}"
    return _refused(place, f"there is no setting {name}", file, hint)


def _table(place: Sequence[str | int]) -> type[BaseModel]:
    """Find the model of a table of the file, such as ``("limits",)`` or ``("authors", 0)``."""
    table: type[BaseModel] = Settings
    for name in place:
        if isinstance(name, str):
            annotation = table.model_fields[name].annotation
            parts = (annotation, *get_args(annotation))
            table = next(part for part in parts if isinstance(part, type) and issubclass(part, BaseModel))
    return table
