"""The files of a record's tables and figures, and of the images in its texts, read once for all that needs them."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import PurePath
from typing import TYPE_CHECKING

from reportgen.base.errors import Level, Problem, RecordError, Where
from reportgen.base.foreign import check_name
from reportgen.base.suggestions import suggest
from reportgen.record.data_table import DataTable, TableError, read_data_table
from reportgen.record.files import InputFile, read_file
from reportgen.record.model.exhibit import FIGURE_KINDS, MOST_EXHIBITS, TABLE_KINDS
from reportgen.record.named_paths import name_inside, path_inside, project_of
from reportgen.record.parquet import require_pyarrow
from reportgen.text.markup import anchors, images

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from reportgen.record.model import Record

LARGEST_FILE = 50_000_000
_USUAL = {".png": "PNG", ".pdf": "PDF", ".svg": "SVG", ".csv": "CSV"}


@dataclass(frozen=True)
class Exhibits:
    """The files of a record's tables, figures and images, by the names that the record uses.

    Attributes: ``files`` are all, ``tables`` those that hold one, ``pointers`` where the record names each first.

    """

    files: Mapping[str, InputFile] = field(default_factory=dict)
    tables: Mapping[str, DataTable] = field(default_factory=dict)
    pointers: Mapping[str, str] = field(default_factory=dict)

    @property
    def pictures(self) -> dict[str, InputFile]:
        """Return the files that are no tables."""
        return {name: file for name, file in self.files.items() if name not in self.tables}


def places(record: Record) -> frozenset[str]:
    """Return the names in a record that references may lead to, apart from claims."""
    anchored = (name for text in record.markdown_texts.values() for name in anchors(text))
    return frozenset([*anchored, *(exhibit.id for exhibit in record.exhibits)])


def read_exhibits(
    record: Record, folder: Path, where: Callable[[str], Where]
) -> tuple[Exhibits, list[Problem]]:
    """Read the files that a record shows; ``where`` finds the place of a JSON pointer.

    An image in a text that names no file of the record's project is left to be printed as it stands.

    Raises:
        SetupError: a table is a Parquet file and pyarrow is not installed.

    """
    files: dict[str, InputFile] = {}
    tables: dict[str, DataTable] = {}
    pointers: dict[str, str] = {}
    problems: list[Problem] = []
    named = list(_named(record))
    project = project_of(folder) if named else folder
    for pointer, name, kinds, is_asked_for in named:
        try:
            if name not in files and (
                source := _read(name, kinds, folder, project, where=where(pointer), is_asked_for=is_asked_for)
            ):
                files[name], pointers[name] = source, pointer
                if PurePath(name).suffix.lower() in TABLE_KINDS:
                    tables[name] = _table(source, where(pointer))
        except RecordError as error:
            problems += error.problems
    return Exhibits(files, tables, pointers), [*problems, *_unknown_columns(record, tables, where)]


def _unknown_columns(
    record: Record, tables: Mapping[str, DataTable], where: Callable[[str], Where]
) -> Iterator[Problem]:
    """Find columns that a record's tables print and their files do not have."""
    for number, own in enumerate(record.tables):
        names = tables[own.file].names if own.file in tables else None
        for place, column in enumerate(own.columns):
            if names is None or column.name in names:
                continue
            near = suggest(column.name, names)
            hint = f"did you mean `{near}`?" if near else f"it has {', '.join(f'`{name}`' for name in names)}"
            message = f"{own.file} has no column `{column.name}`"
            at = where(f"/tables/{number}/columns/{place}")
            yield Problem("exhibit-file", Level.ERROR, at, message, hint)


def _named(record: Record) -> Iterator[tuple[str, str, tuple[str, ...], bool]]:
    """Yield the pointer that names a file, its name, the kinds it may be of, and whether it must be there."""
    for index, figure in enumerate(record.figures):
        yield f"/figures/{index}/file", figure.file, FIGURE_KINDS, True
    for index, table in enumerate(record.tables):
        yield f"/tables/{index}/file", table.file, TABLE_KINDS, True
    for pointer, text in record.markdown_texts.items():
        for name in images(text)[:MOST_EXHIBITS]:
            yield pointer, name, FIGURE_KINDS + TABLE_KINDS, False


def _read(
    name: str, kinds: tuple[str, ...], folder: Path, project: Path, *, where: Where, is_asked_for: bool
) -> InputFile | None:
    if refusal := _refusal(folder, name, kinds, project):
        if is_asked_for:
            raise RecordError([Problem("exhibit-file", Level.ERROR, where, *refusal)])
        return None
    path = path_inside(folder, name, project)
    if not is_asked_for and not path.is_file():
        return None
    return read_file(path, where, root=project, most_bytes=LARGEST_FILE)


def _refusal(folder: Path, name: str, kinds: tuple[str, ...], project: Path) -> tuple[str, str] | None:
    """Say why no file of that name is read, and what to do; return None where it is."""
    if PurePath(name).suffix.lower() not in kinds:
        message = f"{name!r} is of no kind that is printed here: {', '.join(kinds)}"
        return message, f"save it as {' or '.join(_USUAL[kind] for kind in kinds if kind in _USUAL)}"
    if PurePath(name).parent == PurePath() and PurePath(name).stem == "logo":
        return f"{name!r} is what the house's logo is called inside a report", "give the file another name"
    try:
        path_inside(folder, name, project)
    except ValueError as error:
        hint = "keep the file in the project: the folder of reportgen.toml, or without one the record's own"
        return str(error), hint
    try:
        check_name(name_inside(name))
    except ValueError as error:
        return str(error), "give the file a short name of plain letters that begins with no dot"
    return None


def _table(source: InputFile, where: Where) -> DataTable:
    if source.path.suffix.lower() == ".parquet":
        require_pyarrow(where, "a table")
    try:
        return read_data_table(source)
    except TableError as error:
        message = f"{source.path} cannot be printed as a table: {error}"
        raise RecordError([Problem("exhibit-file", Level.ERROR, where, message, error.hint)]) from error
