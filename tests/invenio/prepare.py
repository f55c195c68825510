"""Makes what a new instance starts from: its tables, its indices, its vocabularies and its place for files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import invenio_rdm_records.fixtures
import yaml
from invenio_access.permissions import system_identity
from invenio_accounts.proxies import current_datastore
from invenio_db import db
from invenio_files_rest.models import Location
from invenio_oauth2server.models import Token
from invenio_rdm_records.fixtures.vocabularies import create_iterator
from invenio_records_resources.services.uow import UnitOfWork
from invenio_search import current_search
from invenio_vocabularies.proxies import current_service as vocabularies

if TYPE_CHECKING:
    from collections.abc import Iterator

SHIPPED = Path(invenio_rdm_records.fixtures.__file__).parent / "data"
KINDS = (
    "resourcetypes",
    "licenses",
    "languages",
    "relationtypes",
    "creatorsroles",
    "contributorsroles",
    "titletypes",
    "descriptiontypes",
    "datetypes",
    "removalreasons",
)
OURS = {"descriptiontypes": [{"id": "notes", "title": {"en": "Notes"}, "props": {"datacite": "Other"}}]}


def prepare() -> None:
    """Fill the empty database and search of the current application."""
    db.create_all()
    for _ in current_search.create(ignore=[400], ignore_existing=True):
        pass
    shipped = yaml.safe_load((SHIPPED / "vocabularies.yaml").read_text())
    for kind in KINDS:
        vocabularies.create_type(system_identity, kind, shipped[kind]["pid-type"])
        with UnitOfWork() as unit:
            for entry in _entries(kind, SHIPPED / shipped[kind]["data-file"]):
                vocabularies.create(system_identity, {**entry, "type": kind}, uow=unit)
            unit.commit()
    db.session.add(Location(name="default", uri="moved to its folder at each start", default=True))
    db.session.commit()


def _entries(kind: str, file: Path) -> Iterator[dict[str, Any]]:
    """Yield the entries that come with InvenioRDM; of its 7,800 languages those with a code of two letters."""
    if file.suffix != ".yaml":
        yield from create_iterator(file)
        return
    for entry in yaml.load(file.read_bytes(), Loader=yaml.CSafeLoader):  # the fast safe loader
        if kind != "languages" or entry["props"]["alpha_2"]:
            yield entry
    yield from OURS.get(kind, [])


def add_user(name: str) -> str:
    """Add a confirmed user who needs no password, and give a token of theirs."""
    user = current_datastore.create_user(email=f"{name}@example.org", active=True)
    now = db.func.current_timestamp()
    user.confirmed_at = user.verified_at = now
    db.session.commit()
    token = Token.create_personal(name, user.id, scopes=["user:email"])
    db.session.commit()
    return str(token.access_token)
