"""The InvenioRDM that the tests start: which parts are exchanged, and all its settings."""

from __future__ import annotations

import json
import warnings
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from flask_resources import JSONSerializer, ResponseHandler
from invenio_app.factory import create_api
from invenio_communities.cache.cache import IdentityCache
from invenio_drafts_resources.records.systemfields import ParentField
from invenio_pidstore.models import PIDStatus, RecordIdentifier
from invenio_pidstore.providers.base import BaseProvider
from invenio_rdm_records.records.api import RDMDraft, RDMParent, RDMRecord
from invenio_rdm_records.resources.config import record_serializers
from invenio_records_resources.records.systemfields import PIDField
from invenio_records_resources.resources.records.headers import etag_headers
from opensearchpy import Connection
from sqlalchemy import Engine, event

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

    from flask import Flask
    from search import Search

GENEROUS = "1000000 per hour"  # so that only a test that asks for a limit meets one
FIFTY_GIGABYTES = 50 * 10**9


@event.listens_for(Engine, "connect")
def enforce_references(connection: Any, _: object) -> None:
    """Refuse, as PostgreSQL does, to delete what something else refers to: deleting a draft leans on that."""
    connection.execute("PRAGMA foreign_keys = ON")


def numbered(**about: Any) -> PIDField:
    return PIDField("id", provider=Number, **about)


class Number(BaseProvider):
    """Gives records and drafts the next whole number as their name, as on Zenodo."""

    pid_type = "recid"

    @classmethod
    def create(cls, object_type: Any = None, object_uuid: Any = None, **about: Any) -> Any:
        about = {"pid_value": str(RecordIdentifier.next()), "status": PIDStatus.NEW, **about}
        about.pop("options", None)
        return super().create(object_type=object_type, object_uuid=object_uuid, **about)


class Parent(RDMParent):
    """What the versions of one record share."""

    pid = numbered(delete=True)


class Record(RDMRecord):
    """A published record."""

    pid = numbered(delete=True)
    parent_record_cls = Parent
    parent = ParentField(Parent, create=False, soft_delete=False, hard_delete=False)


class Draft(RDMDraft):
    """A record that is not published."""

    pid = numbered(delete=False)
    parent_record_cls = Parent
    parent = ParentField(Parent, create=True, soft_delete=False, hard_delete=True)


class MemoryIdentityCache(IdentityCache):
    """Remembers in this process who belongs to which community; the usual one asks Redis."""

    def __init__(self, app: Flask | None = None) -> None:
        super().__init__(app)
        self._held: dict[str, Any] = {}

    def get(self, key: str) -> Any:
        return self._held.get(key)

    def set(self, key: str, value: Any, timeout: float | None = None) -> None:
        self._held[key] = value

    def delete(self, key: str) -> None:
        self._held.pop(key, None)

    def flush(self) -> None:
        self._held.clear()

    def append(self, key: str, value: Any) -> None:
        self._held[key] = [*filter(value.__ne__, self._held.get(key, [])), value]


class SearchConnection(Connection):
    """Carries the requests for a search cluster to an object in this process."""

    search: Search

    def perform_request(
        self,
        method: str,
        url: str,
        params: Mapping[str, Any] | None = None,
        body: bytes | str | None = None,
        timeout: float | None = None,
        ignore: Collection[int] = (),
        headers: Mapping[str, str] | None = None,
    ) -> tuple[int, dict[str, str], str]:
        sent = body.encode() if isinstance(body, str) else body or b""
        status, answer = self.search.answer(method, url, params or {}, sent)
        if status >= HTTPStatus.BAD_REQUEST and status not in ignore:
            self._raise_error(status, json.dumps(answer), "application/json")
        return status, {"Content-Type": "application/json"}, json.dumps(answer)


class OldZenodoJson(JSONSerializer):
    """Writes a record as Zenodo answers who does not ask for InvenioRDM's own type: no `errors`, no `pids`."""

    def serialize_object(self, obj: Any) -> str:
        return super().serialize_object(_old(obj))

    def serialize_object_list(self, obj_list: Any) -> str:
        hits = {**obj_list["hits"], "hits": [_old(one) for one in obj_list["hits"]["hits"]]}
        return super().serialize_object_list({**obj_list, "hits": hits})


def _old(record: dict[str, Any]) -> dict[str, Any]:
    metadata = record.get("metadata", {})
    doi = record.get("pids", {}).get("doi", {}).get("identifier")
    people = [creator["person_or_org"] for creator in metadata.get("creators", [])]
    kept = {key: metadata[key] for key in ("title", "publication_date", "description") if key in metadata}
    return {
        "id": int(record["id"]),
        "recid": record["id"],
        "conceptrecid": record["parent"]["id"],
        "created": record["created"],
        "modified": record["updated"],
        "title": metadata.get("title"),
        **({"doi": doi, "doi_url": f"https://doi.org/{doi}"} if doi else {}),
        "metadata": {
            **kept,
            "access_right": "open",
            "creators": [{"name": person["name"], "affiliation": None} for person in people],
        },
        "links": record["links"],
        "state": "done" if record.get("is_published") else "unsubmitted",
        "submitted": bool(record.get("is_published")),
    }


def make_app(folder: Path, site: str, search: Search, doi_prefix: str) -> Flask:
    """Make the application of the REST interface whose state lies in a folder, at `http://HOST:PORT`."""
    SearchConnection.search = search
    warnings.simplefilter("ignore")  # they are about code that is not ours
    old_json = ResponseHandler(OldZenodoJson(), headers=etag_headers)
    return create_api(
        instance_path=str(folder),
        SECRET_KEY="known to everyone",
        SITE_UI_URL=site,
        SITE_API_URL=f"{site}/api",
        TRUSTED_HOSTS=["127.0.0.1"],
        APP_DEFAULT_SECURE_HEADERS={"force_https": False},
        SQLALCHEMY_DATABASE_URI=f"sqlite:///{folder}/invenio.db",
        SQLALCHEMY_ENGINE_OPTIONS={"connect_args": {"timeout": 60}},
        SEARCH_HOSTS=[{"host": "in-this-process"}],
        SEARCH_CLIENT_CONFIG={"connection_class": SearchConnection, "max_retries": 0},
        SEARCH_INDEX_PREFIX="tests-",
        JSONSCHEMAS_HOST="unused",
        # What Redis and RabbitMQ would do happens in this process, or not at all.
        CACHE_TYPE="flask_caching.backends.SimpleCache",
        COMMUNITIES_IDENTITIES_CACHE_HANDLER=MemoryIdentityCache,
        ACCOUNTS_SESSION_REDIS_URL=None,
        ACCOUNTS_USERINFO_HEADERS=False,
        BROKER_URL="memory://",
        CELERY_BROKER_URL="memory://",
        CELERY_RESULT_BACKEND="cache",
        CELERY_CACHE_BACKEND="memory",
        MAIL_SUPPRESS_SEND=True,
        RATELIMIT_STORAGE_URI="memory://",
        RATELIMIT_AUTHENTICATED_USER=GENEROUS,
        RATELIMIT_GUEST_USER=GENEROUS,
        # As on Zenodo.
        RDM_RECORD_CLS=Record,
        RDM_DRAFT_CLS=Draft,
        RDM_RECORDS_SERIALIZERS={**record_serializers, "application/json": old_json},
        RDM_ALLOW_METADATA_ONLY_RECORDS=False,
        RDM_ALLOW_RESTRICTED_RECORDS=False,
        RDM_ALLOW_EXTERNAL_DOI_VERSIONING=False,
        RDM_USER_MODERATION_ENABLED=False,
        RDM_FILES_DEFAULT_QUOTA_SIZE=FIFTY_GIGABYTES,
        RDM_FILES_DEFAULT_MAX_FILE_SIZE=FIFTY_GIGABYTES,
        FILES_REST_DEFAULT_MAX_FILE_SIZE=FIFTY_GIGABYTES,
        DATACITE_ENABLED=True,
        DATACITE_TEST_MODE=True,
        DATACITE_USERNAME="nobody",
        DATACITE_PASSWORD="nothing",
        DATACITE_PREFIX=doi_prefix,
        DATACITE_FORMAT="{prefix}/zenodo.{id}",
    )
