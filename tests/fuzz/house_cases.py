"""Houses whose logo, colours, faces, rules or words were changed."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING

from hypothesis import strategies as st
from mutations import mutated_bytes, written
from record_cases import COMPILE, case_of
from strategies import texts

from fixtures import FOLDER
from logos import GOOD, HOSTILE
from minimal_record import claim, minimal
from reportgen.base.paths import packaged_folder

if TYPE_CHECKING:
    from cases import Case

_RECORD = written(minimal(claims=[claim()], license="CC-BY-4.0", review={"score": 7.4}))
_ITEM = {
    "id": "x",
    "type": "article-journal",
    "title": "On <i>x</i> & $y$",
    "author": [{"family": "Falk", "given": "I"}],
}
_CITING = written(minimal(claims=[claim()], license="CC-BY-4.0", sources=[_ITEM]))
_LOGOS = GOOD | {name: content for name, (content, _) in HOSTILE.items()}


@cache
def logos() -> st.SearchStrategy[Case]:
    """Return a project with a logo that is nearly one."""

    def case(drawn: tuple[str, bytes]) -> Case:
        name, content = drawn
        settings = f'[style]\nlogo = "{name}"\n'.encode()
        return case_of(_RECORD, COMPILE, **{"reportgen.toml": settings, name: content})

    names = st.sampled_from(sorted(_LOGOS))
    return names.flatmap(lambda name: st.tuples(st.just(name), mutated_bytes(_LOGOS[name]))).map(case)


@cache
def styles() -> st.SearchStrategy[Case]:
    """Return a project whose CSL style is nearly one, or turns around itself."""
    whole = (FOLDER / "own-style.csl").read_bytes()
    settings = b'[bibliography]\nstyle = "own.csl"\n'
    parts = [
        b"",
        b"<text macro='a'/>",
        b'<macro name="a"><text macro="a"/></macro>',
        b"&x;",
        b"<choose><if/></choose>",
    ]
    put = st.sampled_from(parts).map(lambda part: whole.replace(b"<citation>", part + b"<citation>"))
    named = st.sampled_from(parts).map(lambda part: whole.replace(b'<text variable="URL"/>', part))
    contents = mutated_bytes(whole) | put | named
    return contents.map(
        lambda content: case_of(_CITING, COMPILE, **{"reportgen.toml": settings, "own.csl": content})
    )


@cache
def words() -> st.SearchStrategy[Case]:
    """Return a project whose words are nearly the packaged ones, or hold texts that attack."""
    whole = (packaged_folder("templates") / "locale" / "en.toml").read_bytes()
    keys = [
        "title.version",
        "heading.abstract",
        "brief.found.other",
        "format.decimal",
        "strip.score",
    ]
    fields = st.sampled_from(
        ["", "{version}", "{score}", "{n}", "{n.__class__}", "{0}", "{", "{n:>99999999}"]
    )
    lines = st.tuples(st.sampled_from(keys), texts(), fields).map(
        lambda line: f"{line[0]} = {json.dumps(line[1] + line[2])}\n".encode()
    )
    contents = mutated_bytes(whole) | st.lists(lines, max_size=3, unique_by=lambda line: line.split()[0]).map(
        b"".join
    )
    return contents.map(lambda content: case_of(_RECORD, COMPILE, **{"locale/en.toml": content}))
