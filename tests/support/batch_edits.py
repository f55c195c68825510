"""What people do to a project in months of work, drawn by chance: each edit of records or of what they are made with."""

from __future__ import annotations

import json
import os
from itertools import count, pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq
import yaml

from batch_outlook import MANY, parsed
from batch_project import numbered
from minimal_record import claim

if TYPE_CHECKING:
    from pathlib import Path
    from random import Random

    from batch_project import Project

TITLES = ("Calibration", "Early stopping", "Sparse attention", "Label noise", "Weight decay")
PATTERNS = ("{date}-{id8}-{slug}.pdf", "{date}-{slug}.pdf", "{id8}-{version}.pdf")
FORMATS = (".json", ".yaml", ".jsonl", ".parquet")


def load(path: Path) -> list[bytes]:
    """Read the texts of the records that a file holds."""
    if path.suffix == ".jsonl":
        return path.read_bytes().splitlines()
    if path.suffix == ".parquet":
        return [text.encode() for text in pq.read_table(path)["record"].to_pylist()]
    return [path.read_bytes()]


class Slot(NamedTuple):
    """Where a record stands, and its text."""

    path: Path
    number: int
    text: bytes


class Edits:
    """Edits of a project; each tells whether it found something to do."""

    def __init__(self, project: Project, random: Random, *, is_small: bool = False) -> None:
        self.project = project
        self.random = random
        self._most = 3 if is_small else 8
        self._formats = FORMATS[:2] if is_small else FORMATS
        self._number = count(1)
        self._stamp = count(1)
        (project.records / "sub").mkdir(exist_ok=True)
        self.change_claims()
        self.change_bibliography()
        self.change_settings()
        for _ in range(random.randint(3, self._most)):
            self.add()
        self.keep_one_file()

    def store(self, path: Path, texts: list[bytes]) -> None:
        """Write the records of a file, or remove one that holds none any more."""
        if not texts:
            path.unlink(missing_ok=True)
            return
        if path.suffix == ".jsonl":
            path.write_bytes(b"".join(text + b"\n" for text in texts))
        elif path.suffix == ".parquet":
            pq.write_table(pa.table({"record": [text.decode() for text in texts]}), path)
        else:
            (only,) = texts
            path.write_bytes(only)
        self.restamp(path)

    def restamp(self, path: Path) -> None:
        """Give a file a time stamp that it never had: a test is quicker than the clock of a file system."""
        stamp = 1_600_000_000_000_000_000 + next(self._stamp) * 1_000_000_000
        os.utime(path, ns=(stamp, stamp))

    def files(self, *formats: str) -> list[Path]:
        """Return the files of records, in order."""
        found = self.project.records.rglob("*")
        return sorted(path for path in found if path.suffix in (formats or FORMATS))

    def slots(self) -> list[Slot]:
        """Return every record."""
        return [Slot(path, number, text) for path in self.files() for number, text in enumerate(load(path))]

    def any_slot(self) -> Slot:
        return self.random.choice(self.slots())

    def put(self, slot: Slot, *texts: bytes) -> None:
        """Put other records in the place of one."""
        held = load(slot.path)
        held[slot.number : slot.number + 1] = texts
        self.store(slot.path, held)

    def _update(self, **changes: Any) -> bool:
        slot = self.any_slot()
        value = parsed(slot.path, slot.text)
        if value is None:
            return False
        self.put(slot, _text(value | changes, slot.path.suffix))
        return True

    def _new_path(self, suffix: str) -> Path:
        folder = self.random.choice((self.project.records, self.project.records / "sub"))
        return folder / f"{self.random.choice('abcmxyz')}{next(self._number):03}{suffix}"

    def change(self) -> bool:
        return self._update(question=f"What of {next(self._number)}?")

    def retitle(self) -> bool:
        return self._update(title=self.random.choice(TITLES))

    def redate(self) -> bool:
        return self._update(date=f"2026-0{self.random.randint(1, 9)}-11")

    def raise_version(self) -> bool:
        return self._update(version=str(self.random.randint(2, 4)))

    def name_claims(self) -> bool:
        return self._update(claims={"file": "claims.csv"})

    def cite(self) -> bool:
        return self._update(claims=[claim(sources=[{"key": "used"}])])

    def add(self) -> bool:
        """Write a record into a file of its own or of many."""
        if len(self.slots()) >= self._most:
            return False
        number = next(self._number)
        claims: Any = self.random.choice(([claim(sources=[{"key": "used"}])], {"file": "claims.csv"}, None))
        given = numbered(number, title=self.random.choice(TITLES), **({"claims": claims} if claims else {}))
        return self._place(_text(given, ".json"), given)

    def keep_one_file(self) -> None:
        """Have a record in a file of its own, without which a run over the folder finds nothing."""
        if not self.files(".json", ".yaml"):
            self.store(self._new_path(".json"), [_text(numbered(next(self._number)), ".json")])

    def _place(self, text: bytes, value: dict[str, Any]) -> bool:
        suffix = self.random.choice(self._formats)
        others = self.files(suffix)
        if suffix in MANY and others:
            path = self.random.choice(others)
            held = load(path)
            held.insert(self.random.randint(0, len(held)), text)
            self.store(path, held)
        else:
            self.store(self._new_path(suffix), [_text(value, suffix) if suffix == ".yaml" else text])
        return True

    def delete(self) -> bool:
        if len(self.slots()) < 2:
            return False
        self.put(self.any_slot())
        return True

    def rename(self) -> bool:
        path = self.random.choice(self.files())
        path.rename(self._new_path(path.suffix))
        return True

    def swap(self) -> bool:
        """Swap two files, with their records and their time stamps."""
        alike = [(one, other) for one, other in pairwise(self.files()) if one.suffix == other.suffix]
        if not alike:
            return False
        one, other = self.random.choice(alike)
        aside = one.with_name("aside")
        one.rename(aside)
        other.rename(one)
        aside.rename(other)
        return True

    def shift_down(self) -> bool:
        """Delete the first file, and rename each other to the name before it."""
        paths = self.files(self.random.choice((".json", ".yaml")))
        if len(paths) < 2 or len(self.files()) < 2:
            return False
        for before, path in pairwise(paths):
            path.rename(before)
        return True

    def shift_up(self) -> bool:
        """Insert a record before the first file, each other one being renamed to the name behind it."""
        paths = self.files(".json")
        if not paths or len(self.slots()) >= self._most:
            return False
        paths.append(self._new_path(".json"))
        for before, path in reversed(list(pairwise(paths))):
            before.rename(path)
        self.store(paths[0], [_text(numbered(next(self._number)), ".json")])
        return True

    def move(self) -> bool:
        """Move a record into a file of another format."""
        slot = self.any_slot()
        value = parsed(slot.path, slot.text)
        if value is None:
            return False
        text = slot.text if slot.path.suffix != ".yaml" else _text(value, ".json")
        self.put(slot)
        return self._place(text, value)

    def duplicate(self) -> bool:
        """Copy a record, as it is or with another question, and so have two of one id."""
        slot = self.any_slot()
        value = parsed(slot.path, slot.text)
        if value is None or len(self.slots()) >= self._most:
            return False
        value |= self.random.choice(({}, {"question": "Is this a copy?"}))
        return self._place(_text(value, ".json"), value)

    def remove_duplicates(self) -> bool:
        seen: set[tuple[str, str]] = set()
        for slot in self.slots():
            value = parsed(slot.path, slot.text)
            identity = (value["id"], value.get("version", "1")) if value else None
            if identity in seen:
                self.put(slot)
                return True
            seen |= {identity} if identity else set()
        return False

    def damage(self) -> bool:
        """Leave a record that cannot be read, or one that has a head and is wrong."""
        slot = self.any_slot()
        value = parsed(slot.path, slot.text)
        if value is None or value.get("question") == 7:
            return False
        self.put(slot, self.random.choice((b"{", _text(value | {"question": 7}, slot.path.suffix))))
        return True

    def mend(self) -> bool:
        for slot in self.slots():
            value = parsed(slot.path, slot.text)
            if value is None:
                self.put(slot, _text(numbered(next(self._number)), slot.path.suffix))
                return True
            if value["question"] == 7:
                self.put(slot, _text(value | {"question": "Is it mended?"}, slot.path.suffix))
                return True
        return False

    def change_bibliography(self) -> bool:
        """Change the entry that is cited, or the one that is not."""
        titles = [self.random.choice(TITLES) for _ in range(2)]
        self.project.cite(used=titles[0], unused=titles[1])
        self.restamp(self.project.root / "bib" / "a.bib")
        return True

    def change_claims(self) -> bool:
        """Write the claims of a folder anew; now and then they are wrong, as the state of a record is then, too."""
        for folder in (
            self.random.choice((("",), ("sub",), ("", "sub"))) if next(self._number) > 1 else ("", "sub")
        ):
            path = self.project.records / folder / "claims.csv"
            head = self.random.choice(
                ("text,verified", "text,verified", "text,verified", "text,no-such-field")
            )
            path.write_text(f"{head}\nA claim of {next(self._number)}.,true\n")
            self.restamp(path)
        return True

    def change_settings(self) -> bool:
        path = self.project.root / "reportgen.toml"
        pattern, paper = self.random.choice(PATTERNS), self.random.choice(("a4", "letter"))
        path.write_text(f'name_pattern = "{pattern}"\npaper = "{paper}"\n')
        self.restamp(path)
        return True

    COMMON = (change, change, retitle, redate, raise_version, name_claims, cite, add, delete, rename, move)
    RARE = (swap, shift_down, shift_up, duplicate, remove_duplicates, remove_duplicates, damage, mend, mend)
    AROUND = (change_bibliography, change_claims, change_settings)

    def some(self, most: int = 3) -> list[str]:
        """Make some edits and give their names."""
        kinds = (*self.COMMON, *self.RARE, *self.RARE, *self.AROUND)
        chosen = self.random.choices(kinds, k=self.random.randint(1, most))
        return [edit.__name__ for edit in chosen if edit(self)]


def _text(value: dict[str, Any], suffix: str) -> bytes:
    if suffix == ".yaml":
        return yaml.safe_dump(value, sort_keys=False, allow_unicode=True).encode()
    return json.dumps(value).encode()
