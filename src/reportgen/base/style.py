"""The look of a house as data: logo, colours, faces, paper, sections."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints

from reportgen.base.values import Line, LocalPath, Model

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ACCENT, INK = "#0B5394", "#1A2433"
LEAST_CONTRAST = 4.5
"""Of text with the paper, as WCAG 2.2 asks of level AA."""
ALL = "all"
LOGO_KINDS = (".png", ".pdf", ".svg")


def _is_logo(path: Path) -> Path:
    if path.suffix.lower() not in LOGO_KINDS:
        raise ValueError("a logo is a PNG, PDF or SVG file")
    return path


def _by_kind(given: Any) -> Any:
    return given if isinstance(given, dict) else {ALL: given}


_Colour = Annotated[str, StringConstraints(pattern=r"^#[0-9A-Fa-f]{6}$"), AfterValidator(str.upper)]
_Names = Annotated[tuple[Annotated[Line, Field(min_length=1)], ...], Field(max_length=100)]


class Faces(Model):
    """The families of type, each by its name."""

    text: Line = Field("", description="The family of the text; without one TeX Gyre Pagella.")
    sans: Line = Field("", description="The family of headings and labels; without one TeX Gyre Heros.")
    mono: Line = Field("", description="The family of code; without one TeX Gyre Cursor.")


class Style(Model):
    """What a house changes of a report's look; sections have an order by kind, and one for `all` others."""

    logo: Annotated[LocalPath, AfterValidator(_is_logo)] | None = Field(
        None, description="A PNG, PDF or SVG of the project, printed above the title."
    )
    accent: _Colour = Field(ACCENT, description="The colour of links and of what is verified.")
    ink: _Colour = Field(INK, description="The colour of the text.")
    faces: Faces = Faces()
    paper: Literal["a4", "letter"] = Field("a4", description="The size of the paper.")
    group_claims: Literal["none", "source", "theme"] = Field(
        "source", description="By what claims are grouped, with a heading for each group."
    )
    sections: Annotated[dict[Line, _Names], BeforeValidator(_by_kind)] = Field(
        default_factory=dict,
        description="The names of the sections in their order: one list for all kinds of report, or a table by kind.",
    )

    def __hash__(self) -> int:
        """Hash what can be; sections are a dict."""
        return hash((self.logo, self.accent, self.ink, self.faces, self.paper, self.group_claims))

    @property
    def pale_colours(self) -> Iterator[tuple[str, float]]:
        """Find the colours that are hard to read on paper, each with its contrast."""
        for name in ("accent", "ink"):
            if (found := contrast(getattr(self, name))) < LEAST_CONTRAST:
                yield name, found


def contrast(colour: str) -> float:
    """Return the contrast ratio of a colour with white, 1 to 21, as WCAG 2.2 defines it."""
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)
