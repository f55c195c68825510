"""Projects and records packed for a worker that shares no disk with us."""

from __future__ import annotations

import hashlib
import os
import pickle
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from reportgen.base.errors import SettingsError, TemplateError
from reportgen.base.foreign import LARGEST_BYTES, read_foreign
from reportgen.base.house_files import house_paths, read_house_files
from reportgen.base.own_templates import trusted_templates
from reportgen.base.trusted_projects import TrustError
from reportgen.pipeline.batch.freshness import tools_here
from reportgen.pipeline.batch.inputs import names_in
from reportgen.record import path_inside, project_of
from reportgen.record.registration import lock_path
from reportgen.sources.library import bib_paths

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from reportgen.base.settings import Settings
    from reportgen.exports import FileFacts
    from reportgen.pipeline.batch.worker import Task


class CannotTravelError(Exception):
    """Something is not a plain file that can be read; only this machine can say what a record makes of it."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """The shared part of a project's records: settings, the bibliography, own templates, our tools by version.

    ``files`` are contents by absolute path, ``folders`` the folders there are, ``key`` is the hash of it all.
    """

    settings: Settings
    files: Mapping[str, bytes]
    folders: tuple[str, ...]
    tools: Mapping[str, str]
    key: str = ""


@dataclass(frozen=True, slots=True)
class Parcel:
    """A record to build, and the files it names: contents by their path from the record's folder.

    ``pdf`` is the PDF that stays, where only the files beside it are to be made.
    """

    source_path: Path
    raw: bytes
    files: Mapping[str, bytes]
    strict: bool
    pdf: FileFacts | None = None


@contextmanager
def _travelling() -> Iterator[None]:
    """Tell what cannot travel by one error, whatever the reason."""
    try:
        yield
    except (SettingsError, TrustError, TemplateError, ValueError, OSError) as error:
        raise CannotTravelError(str(error)) from error


@_travelling()
def pack_project(settings: Settings) -> Bundle:
    """Collect what all records under these settings need.

    Raises:
        CannotTravelError: a file cannot be read, is no plain file, or is a template that is not trusted.

    """
    folders = [folder for folder in settings.bib if folder.is_dir()]
    files = [*bib_paths(settings.bib), *([settings.lock] if settings.lock.exists() else [])]
    contents = {str(path): read_foreign(path) for path in files}
    house = read_house_files(settings)
    contents |= {str(path): house[name] for name, path in house_paths(settings).items()}
    if own := trusted_templates(settings):
        folders.append(own.folder)
        contents |= {str(own.folder / name): text.encode() for name, text in own.texts}
        # What is trusted here is trusted there, where nobody could be asked.
        settings = settings.model_copy(update={"trust_templates": True})
    bundle = Bundle(settings, contents, tuple(map(str, folders)), tools_here(settings.engine))
    return replace(bundle, key=hashlib.sha256(pickle.dumps(bundle)).hexdigest())


@_travelling()
def pack_record(task: Task) -> Parcel:
    """Collect the files that a record names, and that of its deposit.

    What is missing here, below the record, the worker finds missing, too.

    Raises:
        CannotTravelError: the record names what lies outside its project, is missing above the record, cannot be read,
            is no plain file, or is more together than one file may be.

    """
    folder = task.source_path.parent
    project = project_of(folder)
    files: dict[str, bytes] = {}
    left = LARGEST_BYTES
    for name in (*names_in(task.source_path, task.raw), lock_path(task.source_path).name):
        path = path_inside(folder, name, project)
        if os.path.lexists(path):
            files[name] = read_foreign(path, root=project, most_bytes=left)
            left -= len(files[name])
        elif name.startswith(".."):
            raise CannotTravelError(
                f"{name} is missing, and only here it is known what lies above the record"
            )
    return Parcel(task.source_path, task.raw, files, task.strict, task.pdf)
