"""The packaged words as files: which there are, and a copy in which a house writes its own."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from reportgen.base.errors import Level, OutputError, Problem, Where
from reportgen.base.paths import packaged_folder, write_atomically
from reportgen.text.wording import LANGUAGES, OWN

if TYPE_CHECKING:
    from pathlib import Path

_NAME = re.compile(rf"(?:{OWN})?(?P<part>charts\.)?(?P<language>[a-z]{{2,3}})\.toml")
_TEXT = re.compile(r"^(?=[\w-])", re.MULTILINE)
_OF_PACKAGED = """\
# The words of reports, as they are packaged. What stands behind a # changes nothing: take it away where you write a
# text of your own. Texts that you leave out stay as they are, in later versions, too.

"""
_OF_OWN = """\
# The words of reports in a language of your own: translate what stands between the quotation marks. No text may be left
# out; what stands in braces is filled in, and keeps its name.

"""


def packaged_words() -> tuple[str, ...]:
    """Return the names of the files of words, as a house's own have them: ``locale/en.toml``."""
    return tuple(f"{OWN}{part}{language}.toml" for language in LANGUAGES for part in ("", "charts."))


def is_words(name: str) -> bool:
    """Tell whether a name is that of a file of words, packaged or not."""
    return _NAME.fullmatch(name) is not None


def copy_words(name: str, root: Path) -> Path:
    """Copy a file of words into a project, replacing nothing.

    Of a packaged language every text is a comment, so that only what is changed counts; another language begins with
    the English texts.

    Raises:
        OutputError: a file of its name is there already.

    """
    found = _NAME.fullmatch(name)
    if found is None:
        raise ValueError(f"{name} is no file of words")
    part, language = found["part"] or "", found["language"]
    target = root / OWN / f"{part}{language}.toml"
    if target.exists():
        hint = "move it away first, if the packaged words are wanted again"
        raise OutputError([Problem("template-exists", Level.ERROR, Where(str(target)), "it exists", hint)])
    is_packaged = language in LANGUAGES
    file = packaged_folder("templates") / OWN / f"{part}{language if is_packaged else 'en'}.toml"
    text = file.read_text(encoding="utf-8")
    text = _OF_PACKAGED + _TEXT.sub("# ", text) if is_packaged else _OF_OWN + text
    write_atomically(target, text.encode())
    return target
