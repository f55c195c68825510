"""A project's own templates: read once, so that what is trusted, rendered and carried inside is the same."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reportgen.base.cache import key_of
from reportgen.base.errors import Level, Problem, TemplateError, Where
from reportgen.base.foreign import check_name, files_below, read_foreign
from reportgen.base.settings import places_outside
from reportgen.base.trusted_projects import Wish, require_templates

if TYPE_CHECKING:
    from pathlib import Path

    from reportgen.base.settings import Settings

SUFFIXES = (".j2", ".tex", ".css")
_MOST_BYTES = 2_000_000
_CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class OwnTemplates:
    """Templates that replace packaged ones of the same name: texts by name, such as ``latex/claim_list.tex.j2``."""

    folder: Path
    texts: tuple[tuple[str, str], ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names, sorted."""
        return tuple(name for name, _ in self.texts)

    @property
    def sha256(self) -> str:
        """Return the hash of all names and texts."""
        return key_of(part for pair in self.texts for part in pair)

    @property
    def hashes(self) -> tuple[tuple[str, str], ...]:
        """Return the hash of each text by its name."""
        return tuple((name, key_of([text])) for name, text in self.texts)


def read_own_templates(folder: Path) -> OwnTemplates:
    """Read the templates in a folder and the folders in it.

    Raises:
        TemplateError: a template cannot be read, is too large, is not UTF-8, holds a control character, is a link
            that leads out, or has a name that holds a backslash or steers a terminal.

    """
    texts = []
    try:
        for path in files_below(folder, SUFFIXES):
            name = check_name(path.relative_to(folder).as_posix())
            text = read_foreign(path, root=folder, most_bytes=_MOST_BYTES).decode()
            _require_no_control_character(path, text)
            texts.append((name, text))
    except OSError as error:
        said = f"the templates cannot be read: {error.strerror or error}"
        raise TemplateError([_problem("unreadable", error.filename or folder, said)]) from error
    except UnicodeDecodeError as error:
        raise TemplateError([_problem("encoding", path, f"this is not UTF-8: {error.reason}")]) from error
    except ValueError as error:
        hint = "give it letters and digits: names are printed where people decide whether to trust them"
        raise TemplateError([_problem("name", folder, str(error), hint)]) from error
    old = [name for name, _ in texts if name in _OLD_NAMES or name.startswith("sections/")]
    if old:
        raise TemplateError([_moved(folder, name) for name in old])
    return OwnTemplates(folder, tuple(texts))


def _require_no_control_character(path: Path, text: str) -> None:
    """Refuse what would pass for the beginning or the end of a tag, which travel through a page as such characters."""
    if found := _CONTROL.search(text):
        where = Where(str(path), text.count("\n", 0, found.start()) + 1)
        message = f"this holds the control character U+{ord(found[0]):04X}"
        raise TemplateError([Problem("template-encoding", Level.ERROR, where, message, "remove it")])


def _problem(code: str, place: str | Path, message: str, hint: str = "") -> Problem:
    return Problem(f"template-{code}", Level.ERROR, Where(str(place)), message, hint)


_OLD_NAMES = ("report.tex.j2", "preamble.tex.j2", "hyphenation.tex.j2", "tagging.tex")
_NEW_NAMES = {
    "sections/claims.tex.j2": "claim_list.tex.j2",
    "sections/figure.tex.j2": "figure.tex.j2",
    "sections/panel.tex.j2": "status_strip.tex.j2",
    "sections/references.tex.j2": "reference_list.tex.j2",
    "sections/title.tex.j2": "title.tex.j2",
}


def _moved(folder: Path, name: str) -> Problem:
    message = f"{name} is latex/{_NEW_NAMES.get(name, name)} now, and is given other values"
    hint = "`reportgen template copy` gives a copy of the packaged template to begin with"
    return _problem("moved", folder / name, message, hint)


def own_templates_of(settings: Settings) -> OwnTemplates | None:
    """Read a project's own templates, trusted or not; None where its settings name none.

    Raises:
        TemplateError: as `read_own_templates`.

    """
    return read_own_templates(settings.templates) if settings.templates else None


def trusted_templates(settings: Settings) -> OwnTemplates | None:
    """Return a project's own templates where it has any, to be rendered.

    Raises:
        TrustError: its user has not trusted them.
        TemplateError: as `read_own_templates`.

    """
    own = own_templates_of(settings)
    if own and own.texts and not settings.trust_templates:
        require_templates(Wish(settings.root, own.sha256, files=own.hashes), own.folder)
    return own


def wish_of(settings: Settings) -> Wish:
    """Collect what a project asks for.

    Raises:
        TemplateError: as `read_own_templates`.

    """
    own = own_templates_of(settings)
    places = places_outside(settings)
    return (
        Wish(settings.root, own.sha256, places, own.hashes)
        if own and own.texts
        else Wish(settings.root, "", places)
    )
