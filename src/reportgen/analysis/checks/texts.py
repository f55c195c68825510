"""Checks of the texts: what looks cut, doubled, or not meant to be read."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections import Counter
from itertools import islice
from typing import TYPE_CHECKING, Any

from reportgen.analysis.checks.subject import warning
from reportgen.base.suggestions import suggest
from reportgen.record.model.exhibit import TableColumn
from reportgen.text.inline import is_ended
from reportgen.text.mathematics import split_formulas
from reportgen.text.table_room import is_too_wide
from reportgen.text.wording import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reportgen.analysis.checks.subject import Finding, Subject
    from reportgen.record.data_table import DataTable

_CUT_LENGTHS = (120, 200, 280, 600)
_LEAST_CUT = 100
# What makes another whole word of a whole word, in the languages of the fixed words.
_SUFFIX = re.compile(
    r"ings?|ers|ments?|ness|[ai]ble|ally|i?[sz]?ations?|itions?|ional|(?:at)?ive|it(?:y|ies)|if(?:y|ied|ies)|ifications?"
    r"|ful|less|ists?|ism|ous|i?al|ical|ures?|[ae]nce|[ae]nt"
    r"|ung(?:en)?|lich(?:en?)?|keit|heit|isch(?:en?)?|bar|los|enden?"
    r"|ions|eurs?|euse|ements?|aires?|iques?|istes?|isme|ages?"
)
_MOST_LONGER = 50
_MOST_NOTES = 1_000
_WORD = re.compile(r"[^\W\d_]+")
_LAST_WORD = re.compile(r"(?<![^\W\d_])([^\W\d_]++)(-?)$")  # begun once a word, not at each of its letters
_LABEL = re.compile(
    r"\s*(?:(?:abstract|summary|background|introduction|zusammenfassung|résumé)\s*(?:[:.\u2013\u2014]|\n)"
    r"|(?-i:Abstract|ABSTRACT)\s+(?-i:[A-Z]\w*\s+[a-z]))",
    re.IGNORECASE,
)
_DOUBLED = re.compile(r"\W*(\w[\w ]{0,40}?)\s*:\s*\1\b", re.IGNORECASE)
_WORD_CHARACTER = re.compile(r"\w")
_HEADING_END = re.compile(r"[^\S\n]*+[:.–—*\n]")
_MARKUP = (
    (re.compile(r"(?<!\w)(\*\*|__)(?!\s)[^*_\n]+(?<!\s)\1(?!\w)"), "Markdown emphasis"),
    (re.compile(r"\[(?:[^\[\]\n@]*[\s;-])?@\w[^\[\]\n]*\]"), "a citation"),
    (re.compile(r"(?<!\S)@(?:fig|tbl|eq|sec|claim)-\w[\w-]*"), "a reference"),
    (re.compile(r"\[\^[^\s\[\]]+\]"), "a note"),
    (re.compile(r"!\[[^\[\]\n]*\]\([^()\s]+\)"), "a Markdown image"),
    (re.compile(r"\[[^\[\]\n]+\]\(\s*(?:https?://|mailto:)[^)\s\[]*\)"), "a Markdown link"),
    (re.compile(r"^ {0,3}#{1,6}\s", re.MULTILINE), "a Markdown heading"),
    (re.compile(r"```|(?<!`)`[^`\n]+`(?!`)"), "Markdown code"),
    (re.compile(r"\\[A-Za-z]+\s*\{|\\[%&#_{}$]"), "TeX"),
    (re.compile(r"</?(?:[abip]|em|strong|su[bp]|br|span|div|code|h[1-6]|[uo]l|li)\b[^<>]*>"), "HTML"),
)
_REFERRING = ("a citation", "a reference", "a note", "a Markdown image")
_ELSEWHERE = (
    "put it into a text in Markdown, such as that of a section; a claim names its works in `sources`, "
    "a table or a figure its own in `source`"
)
_UNDEFINED_NOTE = re.compile(r"\[\^([^\s\[\]]+)\]")
_NOTE = re.compile(r"^ {0,3}\[\^([^\s\[\]]+)\]:", re.MULTILINE)
_HIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f"
    "\ufeff\ufff9-\ufffb]|\r(?!\n)"
)


@warning(
    "text-cut",
    "give the whole text",
)
def text_cut(subject: Subject) -> Iterator[Finding]:
    """Find texts that end in dots or inside a word, and those of a length at which programs cut and several share.

    A missing full stop is no evidence; a full stop says that the text is whole.
    """
    record = subject.record
    texts = [(f"/claims/{index}/text", claim.text) for index, claim in enumerate(record.claims)]
    if record.background:
        texts.append(("/background/text", record.background.text))
    texts += record.markdown_texts.items()
    for pointer, text in texts:
        if text.rstrip().endswith(_DOTS):
            yield pointer, f"the text ends in dots: …{text.rstrip()[-24:]}"
    texts = [
        (pointer, text) for pointer, text in texts if not is_ended(text) and not text.rstrip().endswith(_DOTS)
    ]
    lengths = Counter(len(text) for _, text in texts)
    words = _Words(" ".join(field.text for field in subject.texts if field.prose))
    for pointer, text in texts:
        length, end = len(text), f"…{text[-24:]}"
        if length in _CUT_LENGTHS and lengths[length] > 1:
            others = lengths[length] - 1
            shared = "as is another of the record" if others == 1 else f"as are {others} others of the record"
            yield pointer, f"the text is exactly {length} characters long, {shared}, and looks cut: {end}"
        elif words.are_cut_in(text):
            yield pointer, f"the text ends inside a word: {end}"


_DOTS = ("...", "…")
"""What programs put where they cut; an omission that is marked as one, ``[...]``, ends otherwise."""


class _Words:
    """The words of a record, to tell parts of them from words."""

    def __init__(self, text: str) -> None:
        self._counts = Counter(_WORD.findall(text.casefold()))
        self._sorted = sorted(self._counts)

    def are_cut_in(self, text: str) -> bool:
        """Tell whether a text ends with a hyphen, or with what is nowhere a word and begins a longer one."""
        found = _LAST_WORD.search(text.rstrip())
        if found is None or found[2]:
            return found is not None
        part = found[1].casefold()
        # Scripts without letter case may have no spaces between words.
        if len(text) < _LEAST_CUT or self._counts[part] != 1 or part.upper() == part:
            return False
        place = bisect_right(self._sorted, part)
        longer = islice(self._sorted, place, place + _MOST_LONGER)
        rests = [word[len(part) :] for word in longer if word.startswith(part)]
        long = [rest for rest in rests if len(rest) > 2]
        return bool(long) and not any(_SUFFIX.fullmatch(rest) or rest in self._counts for rest in long)


@warning(
    "heading-doubled",
    "remove the repeated heading from the text",
)
def heading_doubled(subject: Subject) -> Iterator[Finding]:
    """Find "Abstract: Abstract", a background or an abstract that opens with its label, and the like in sections."""
    record = subject.record
    titles = [("/title", record.title)]
    titles += [(f"/sections/{index}/title", section.title) for index, section in enumerate(record.sections)]
    for pointer, title in titles:
        if found := _DOUBLED.match(title):
            yield pointer, f"“{found[1]}” stands there twice"
    background = record.background.text if record.background else None
    labelled = [
        ("/background/text", background),
        ("/summary", record.summary),
        ("/abstract", record.abstract),
    ]
    for pointer, text in labelled:
        if text and (found := _LABEL.match(text)):
            yield pointer, f"the text opens with the heading “{found[0].split()[0].rstrip(':.–—')}”"
    for index, section in enumerate(record.sections):
        if _opens_with(section.title, section.text) or _DOUBLED.match(section.text):
            yield f"/sections/{index}/text", f"the text opens with its own heading “{section.title}”"


def _opens_with(heading: str, text: str) -> bool:
    """Tell whether a text opens with a heading, whatever signs stand before either."""
    heading = heading[_first_word(heading) :].rstrip()
    start = _first_word(text)
    end = start + len(heading)
    is_same = text[start:end].casefold() == heading.casefold()
    return bool(heading) and is_same and _HEADING_END.match(text, end) is not None


def _first_word(text: str) -> int:
    found = _WORD_CHARACTER.search(text)
    return found.start() if found else len(text)


@warning(
    "raw-markup",
    "write plain text: Markdown is read in the summary, abstract, sections, declarations, "
    "and the captions and notes of tables and figures; mathematics is $...$ or \\(...\\)",
)
def raw_markup(subject: Subject) -> Iterator[Finding]:
    """Find markup that would be printed as it stands."""
    for field in subject.texts:
        if not field.prose or field.markdown:
            continue
        text = "".join(part for part in split_formulas(field.text) if isinstance(part, str))
        for pattern, kind in _MARKUP:
            if found := pattern.search(text):
                said = f"{kind} is printed as it stands: {found[0].strip()[:40]}"
                yield field.pointer, said, _ELSEWHERE if kind in _REFERRING else ""
                break


@warning(
    "section-markup",
    "write it in Markdown, as $mathematics$, or between backticks where it is meant so",
)
def section_markup(subject: Subject) -> Iterator[Finding]:
    """Find markup that has no meaning in Markdown and is printed as it stands: of each kind the first."""
    for field in subject.texts:
        if field.markdown:
            first: dict[str, str] = {}
            for what, found in subject.knowledge.printed_as_they_stand(field.text):
                first.setdefault(what, found)
            for what, found in first.items():
                yield (
                    field.pointer,
                    f"{what} is printed as it stands: {found[:40]}",
                    _note_meant(found, field.text),
                )


def _note_meant(found: str, text: str) -> str:
    """Say which note of a text was meant by one that it does not define, or nothing."""
    name = _UNDEFINED_NOTE.fullmatch(found)
    meant = suggest(name[1], islice(_NOTE.findall(text), _MOST_NOTES)) if name else None
    return f"did you mean `[^{meant}]`?" if meant else ""


@warning(
    "image-missing",
    "keep the file in the record's project, as PNG, JPEG, PDF, SVG or as CSV, JSON Lines, Parquet; "
    "name a table or figure of the record by `#` and its id",
)
def image_missing(subject: Subject) -> Iterator[Finding]:
    """Find images that are printed as they stand, since nothing can be shown for them."""
    own = {f"#{exhibit.id}" for exhibit in subject.record.exhibits}
    for pointer, text in subject.record.markdown_texts.items():
        for name in subject.knowledge.images(text):
            if name not in own and name not in subject.loaded.exhibits.files:
                yield pointer, f"the image `{name[:100]}` cannot be shown, and is printed as it stands"


@warning(
    "figure-without-alt",
    'say what it shows to those who do not see it: in `alt`, or in a text as `![caption](file "what it shows")`',
)
def figure_without_alt(subject: Subject) -> Iterator[Finding]:
    """Find figures whose caption serves those who do not see them."""
    for index, figure in enumerate(subject.record.figures):
        if not figure.alt:
            yield f"/figures/{index}", f"the figure `{figure.id}` has no `alt`, and its caption serves"
    for pointer, text in subject.record.markdown_texts.items():
        for name in subject.knowledge.undescribed_images(text):
            if name in subject.loaded.exhibits.pictures:
                yield pointer, f"the figure `{name[:100]}` has a caption alone, which serves"


@warning(
    "table-too-wide",
    "print fewer of them: choose `columns`, round with `decimals`, or give long ones a shorter `heading`",
)
def table_too_wide(subject: Subject) -> Iterator[Finding]:
    """Find tables in files whose columns are narrower than their words in the smallest size."""
    files = subject.loaded.exhibits
    own = [(f"/tables/{index}", each.file, each.columns) for index, each in enumerate(subject.record.tables)]
    named = {file for _, file, _ in own}
    shown: list[tuple[str, str, list[TableColumn]]] = [
        (files.pointers[file], file, []) for file in files.tables if file not in named
    ]
    for pointer, file, columns in (*own, *shown):
        if file in files.tables and is_too_wide(_printed_columns(files.tables[file], columns)):
            yield (
                pointer,
                f"the columns of `{file}` do not fit side by side in the smallest size, and may run into one another",
            )


def _printed_columns(table: DataTable, columns: Sequence[TableColumn]) -> list[list[str]]:
    chosen = columns or [TableColumn(name=name) for name in table.names]
    kept = [each for each in chosen if each.name in table.names]
    return [
        [
            each.heading or each.name,
            *(_printed(row[table.column(each.name)], each.decimals) for row in table.rows),
        ]
        for each in kept
    ]


def _printed(cell: Any, decimals: int | None) -> str:
    text = "" if cell is None else str(cell)
    whole, point, digits = text.partition(".")
    return text if decimals is None or not digits.isdigit() else f"{whole}{point}{digits[:decimals]}"


@warning(
    "control-character",
    "remove it, or write what it stands for",
)
def control_character(subject: Subject) -> Iterator[Finding]:
    """Find characters that a reader cannot see, and that may make a text read as another."""
    for field in subject.texts:
        if found := dict.fromkeys(_HIDDEN.findall(field.text)):
            names = ", ".join(f"U+{ord(each):04X} {unicodedata.name(each, 'control')}" for each in found)
            yield field.pointer, f"the text holds {names}"


@warning(
    "language-unsupported",
    f"the report's own words will be English; they exist in {', '.join(LANGUAGES)}; or write them in locale/",
)
def language_unsupported(subject: Subject) -> Iterator[Finding]:
    """Find a language without headings and fixed sentences."""
    language = subject.record.language
    if language.partition("-")[0].lower() not in subject.knowledge.languages:
        yield "/language", f"there are no headings and fixed sentences in `{language}`"


CHECKS = (
    text_cut,
    heading_doubled,
    raw_markup,
    section_markup,
    image_missing,
    figure_without_alt,
    table_too_wide,
    control_character,
    language_unsupported,
)
