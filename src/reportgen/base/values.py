"""The kinds of value a record is made of, each as strict as the format says."""

from __future__ import annotations

import datetime as dt
import os
import re
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from reportgen.base.characters import STEERING, is_blank
from reportgen.base.foreign import LONGEST_NAME
from reportgen.base.identifiers import RefusedValueError, identify


class Model(BaseModel):
    """The common rules of every part: frozen, no unknown key, no NaN, types as written."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=False, allow_inf_nan=False)


def _written_as(pattern: str, ready: type) -> BeforeValidator:
    """Let only text of one form through: pydantic alone would read 1717200000 as a date."""

    def check(value: Any) -> Any:
        if isinstance(value, ready) or (isinstance(value, str) and re.fullmatch(pattern, value)):
            return value
        raise PydanticCustomError("form", "not of the form that is written in a record")

    return BeforeValidator(check)


def _visible(text: str) -> str:
    if is_blank(text):
        raise ValueError("the text has no character that can be seen")
    return text


def _plain(text: str) -> str:
    if re.search(f"[{STEERING}]", text):
        raise ValueError("it holds a character that is not seen, or steers what shows it")
    return text


def _short(path: Path) -> Path:
    _plain(str(path))
    if max(len(os.fsencode(part)) for part in (*path.parts, "")) > LONGEST_NAME or len(str(path)) > 1000:
        raise ValueError("it is longer than a path should be")
    return path


def _orcid(text: str) -> str:
    text = text.removeprefix("https://orcid.org/").removeprefix("http://orcid.org/")
    if not re.fullmatch(r"([0-9]{4}-){3}[0-9]{3}[0-9X]", text):
        raise ValueError("an ORCID iD has the form 0000-0002-1825-0097")
    total = 0
    for digit in text.replace("-", "")[:-1]:
        total = (total + int(digit)) * 2
    check = (12 - total % 11) % 11
    if text[-1] != ("X" if check == 10 else str(check)):
        remedy = "compare it with the person's page at https://orcid.org; one of its digits is another"
        raise RefusedValueError(f"the check digit of the ORCID iD {text} is wrong", remedy)
    return text


def _doi(text: str) -> str:
    found = identify(text, "doi")
    if found.kind == "doi":
        return found.value
    return f"10.48550/arXiv.{found.value}" + (f"v{found.version}" if found.version else "")


def _day_as_moment(value: Any) -> Any:
    """Let a bare date stand for the start of that day, UTC."""
    if isinstance(value, str) and re.fullmatch(_DATE, value):
        return f"{value}T00:00:00Z"
    return value


_DATE = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_MOMENT = rf"{_DATE}T[0-9]{{2}}:[0-9]{{2}}(:[0-9]{{2}}(\.[0-9]{{1,9}})?)?(Z|[+-][0-9]{{2}}:[0-9]{{2}})"
_UUID = r"[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"
_DOI = r"^\s*(https?://(dx\.|www\.)?doi\.org/|doi:)?\s*10\.[0-9]{4,9}(/|%2[Ff])\S+\s*$"

LONGEST_LANGUAGE = 100
"""Characters of a language tag; RFC 5646 asks for room for 35."""

Text = Annotated[
    str,
    StringConstraints(min_length=1, strict=True, pattern=r"\S"),
    AfterValidator(_visible),
    Field(description="Plain Unicode text, not blank"),
]
Line = Annotated[str, Field(max_length=1000), AfterValidator(_plain)]
"""A line of the settings."""
LocalPath = Annotated[Path, AfterValidator(_short)]
Probability = Annotated[float, Field(ge=0, le=1, strict=True, examples=[0.82])]
Score = Annotated[float, Field(ge=0, le=10, strict=True, examples=[7.83])]
Count = Annotated[int, Field(ge=0, strict=True, examples=[14])]
Language = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*$", max_length=LONGEST_LANGUAGE),
    Field(title="BCP 47 language tag", examples=["en", "de", "fr-CA"]),
]
Orcid = Annotated[str, AfterValidator(_orcid), Field(title="ORCID iD", examples=["0000-0002-1825-0097"])]
Email = Annotated[
    str,
    StringConstraints(pattern=r"^[^@\s<>]{1,64}@[^@\s<>]{1,255}$"),
    AfterValidator(_plain),
    Field(title="address such as ada@example.org", examples=["ada@example.org"]),
]
Sha256 = Annotated[
    str,
    StringConstraints(pattern=r"^[0-9a-f]{64}$"),
    Field(title="SHA-256 checksum: 64 hex digits, lower case", examples=["9f86d081" + "0" * 56]),
]
Doi = Annotated[
    str,
    AfterValidator(_doi),
    Field(
        title="DOI",
        examples=["10.5281/zenodo.20636503"],
        json_schema_extra={"pattern": _DOI},
    ),
]
Date = Annotated[dt.date, _written_as(_DATE, dt.date), Field(examples=["2026-05-30"])]
Moment = Annotated[
    AwareDatetime,
    _written_as(_MOMENT, dt.datetime),
    Field(examples=["2026-06-10T06:30:49+00:00"], json_schema_extra={"pattern": f"^{_MOMENT}$"}),
]
DayOrMoment = Annotated[
    AwareDatetime,
    _written_as(_MOMENT, dt.datetime),
    BeforeValidator(_day_as_moment),
    WithJsonSchema(
        {
            "type": "string",
            "examples": ["2026-06-10T06:30:49+00:00", "2026-06-10"],
            "anyOf": [{"format": "date-time", "pattern": f"^{_MOMENT}$"}, {"format": "date"}],
        }
    ),
]
Uuid = Annotated[UUID, _written_as(_UUID, UUID), Field(examples=["fbca8ee9-d340-4bba-9b15-625d1df52d32"])]
