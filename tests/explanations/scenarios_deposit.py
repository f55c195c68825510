"""Situations in which a deposit is refused: by the repository, on the way to it, or by what lies beside the record."""

from __future__ import annotations

import errno
import json
import os
import socket
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from faulty_proxy import Answer, lose_answer, pass_on, refuse
from reportgen.base import paths
from reportgen.delivery.zenodo.lock import held
from reportgen.record.registration import lock_path, write_deposit
from zenodo_project import deposit_of

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

    from explained_deposits import Deposits
    from faulty_proxy import Exchange
    from reportgen.base.errors import Problem
    from reportgen.explanations import Explanation

DRAFT = r"/draft$"


def meanwhile(act: Callable[[], object]) -> Callable[[Exchange], None]:
    """Return a fault that lets something happen right before a request is passed on."""

    def meet(exchange: Exchange) -> None:
        act()
        pass_on(exchange)

    return meet


def answering(answer: Answer) -> Callable[[Exchange], None]:
    """Return a fault that answers in the repository's place."""

    def meet(exchange: Exchange) -> None:
        exchange.read()
        exchange.answer(answer)

    return meet


def spoil(exchange: Exchange) -> None:
    """Let a file arrive as another one of the same length."""
    exchange.read()
    exchange.request = replace(exchange.request, body=exchange.request.body[::-1])
    exchange.answer(exchange.forward())


def without_token(wrong: bool, deposits: Deposits, monkeypatch: pytest.MonkeyPatch) -> list[Problem]:
    if wrong:
        monkeypatch.delenv("ZENODO_TOKEN")
    return deposits.step("reserve")


def token_with_a_blank(wrong: bool, deposits: Deposits, monkeypatch: pytest.MonkeyPatch) -> list[Problem]:
    if wrong:
        monkeypatch.setenv("ZENODO_TOKEN", "my token")
    return deposits.step("reserve")


def unknown_token(wrong: bool, deposits: Deposits, monkeypatch: pytest.MonkeyPatch) -> list[Problem]:
    if wrong:
        monkeypatch.setenv("ZENODO_TOKEN", "0" * 40)
    return deposits.step("reserve")


def token_of_a_colleague(wrong: bool, deposits: Deposits, monkeypatch: pytest.MonkeyPatch) -> list[Problem]:
    deposits.done("reserve")
    if wrong:
        monkeypatch.setenv("ZENODO_TOKEN", deposits.server.bob)
    return deposits.step("reserve")


def nobody_answers(wrong: bool, deposits: Deposits, monkeypatch: pytest.MonkeyPatch) -> list[Problem]:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        if wrong:
            monkeypatch.setenv("ZENODO_URL", f"http://127.0.0.1:{silent.getsockname()[1]}/api")
        return deposits.step("reserve")


def too_many_requests(wrong: bool, deposits: Deposits) -> list[Problem]:
    if wrong:
        deposits.proxy.fault("GET", "/user/records", refuse(429, retry_after="3600"))
    return deposits.step("reserve")


def led_elsewhere(wrong: bool, deposits: Deposits) -> list[Problem]:
    if wrong:
        elsewhere = (("Location", "https://repository.example.org/api"),)
        deposits.proxy.fault("GET", "/user/records", answering(Answer(302, elsewhere)))
    return deposits.step("reserve")


def answer_of_another_program(wrong: bool, deposits: Deposits) -> list[Problem]:
    if wrong:
        deposits.proxy.fault("POST", "/records$", answering(Answer(201, body=b'{"id": "../etc"}')))
    return deposits.step("reserve")


def answer_lost(wrong: bool, deposits: Deposits) -> list[Problem]:
    if wrong:
        deposits.proxy.fault("POST", "/records$", lose_answer(504))
    with deposits.server.search_lag():
        return deposits.step("reserve")


def no_room_in_the_account(wrong: bool, deposits: Deposits) -> list[Problem]:
    with deposits.server.limited(quota=10 if wrong else None):
        return deposits.step("upload")


def field_refused(wrong: bool, deposits: Deposits, explanation: Explanation) -> list[Problem]:
    example = explanation.example
    deposits.change(**json.loads(example.wrong if wrong else example.right))
    return deposits.step("reserve")


def deleted_meanwhile(wrong: bool, deposits: Deposits) -> list[Problem]:
    if wrong:
        deposits.proxy.fault("GET", DRAFT, meanwhile(deposits.server.state.drafts.clear), nth=2)
    return deposits.step("reserve")


def file_too_large_for_it(wrong: bool, deposits: Deposits) -> list[Problem]:
    if wrong:
        deposits.proxy.fault("PUT", "/content$", refuse(413))
    return deposits.step("upload")


def saved_by_somebody_else(wrong: bool, deposits: Deposits) -> list[Problem]:
    def save() -> None:
        deposits.draft.revision += 2

    if wrong:
        deposits.proxy.fault("PUT", DRAFT, meanwhile(save))
    return deposits.step("upload")


def spoilt_on_the_way(wrong: bool, deposits: Deposits) -> list[Problem]:
    if wrong:
        deposits.proxy.fault("PUT", "/content$", spoil, times=100)
    return deposits.step("upload")


def exchanged_while_uploading(wrong: bool, deposits: Deposits) -> list[Problem]:
    def exchange() -> None:
        deposits.draft.files["record.json"].content = b"{}"

    if wrong:
        deposits.proxy.fault("PUT", DRAFT, meanwhile(exchange))
    return deposits.step("upload")


def lock_file_exchanged(wrong: bool, deposits: Deposits) -> list[Problem]:
    deposits.done("reserve")
    ours = deposit_of(deposits.record)

    def exchange() -> None:
        write_deposit(lock_path(deposits.record), replace(ours, doi="10.5072/zenodo.99"))

    if wrong:
        deposits.proxy.fault("GET", DRAFT, meanwhile(exchange))
    return deposits.step("upload")


def file_of_many_records(wrong: bool, deposits: Deposits) -> list[Problem]:
    if wrong:
        deposits.record = deposits.record.rename(deposits.record.with_suffix(".jsonl"))
    return deposits.step("reserve")


def lock_file_unreadable(wrong: bool, deposits: Deposits) -> list[Problem]:
    if wrong:
        lock_path(deposits.record).mkdir()
    return deposits.step("reserve")


def lock_file_damaged(wrong: bool, deposits: Deposits) -> list[Problem]:
    if wrong:
        lock_path(deposits.record).write_text("{")
    return deposits.step("reserve")


def no_room_for_the_lock_file(
    wrong: bool, deposits: Deposits, monkeypatch: pytest.MonkeyPatch
) -> list[Problem]:
    real, calls = os.fsync, []

    def full(handle: int) -> None:
        calls.append(handle)
        if len(calls) > 1:  # the first is that of the note that a draft is asked for
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        real(handle)

    if wrong:
        monkeypatch.setattr(paths.os, "fsync", full)
    return deposits.step("reserve")


def two_commands_at_once(wrong: bool, deposits: Deposits) -> list[Problem]:
    with held(lock_path(deposits.record)):
        during = deposits.step("reserve")
    return during if wrong else deposits.step("reserve")


def lock_file_of_another_record(wrong: bool, deposits: Deposits) -> list[Problem]:
    deposits.done("reserve")
    if wrong:
        deposits.change(id="99999999-2222-4333-8444-555555555555")
    return deposits.step("reserve")


def asked_of_another_repository(wrong: bool, deposits: Deposits) -> list[Problem]:
    deposits.done("reserve")
    return deposits.step("upload", *(["--sandbox"] if wrong else []))


def doi_changed_there(wrong: bool, deposits: Deposits) -> list[Problem]:
    deposits.done("reserve")
    if wrong:
        deposits.draft.doi = "10.1234/theirs"
    return deposits.step("reserve")


def draft_deleted(wrong: bool, deposits: Deposits) -> list[Problem]:
    deposits.done("reserve")
    if wrong:
        deposits.server.state.drafts.clear()
    return deposits.step("upload")


def doi_in_the_record(wrong: bool, deposits: Deposits, explanation: Explanation) -> list[Problem]:
    return field_refused(wrong, deposits, explanation)


def publish_first(wrong: bool, deposits: Deposits) -> list[Problem]:
    return deposits.step("publish", "--yes") if wrong else deposits.step("reserve")


def publish_without_upload(wrong: bool, deposits: Deposits) -> list[Problem]:
    deposits.done("reserve", *([] if wrong else ["upload"]))
    return deposits.step("publish", "--yes")


def new_version_of_a_draft(wrong: bool, deposits: Deposits) -> list[Problem]:
    deposits.done("reserve")
    return deposits.step("new-version" if wrong else "upload")


def version_raised(wrong: bool, deposits: Deposits) -> list[Problem]:
    deposits.done("upload", "publish")
    deposits.change(version="2")
    return deposits.step("upload" if wrong else "new-version")


def version_not_raised(wrong: bool, deposits: Deposits) -> list[Problem]:
    deposits.done("upload", "publish")
    deposits.change(keywords=["calibration"], **({} if wrong else {"version": "2"}))
    return deposits.step("new-version")


def upload_after_publication(wrong: bool, deposits: Deposits) -> list[Problem]:
    deposits.done("upload", "publish")
    if wrong:
        deposits.change(keywords=["calibration"])
    return deposits.step("upload")


def published_file_exchanged(wrong: bool, deposits: Deposits) -> list[Problem]:
    deposits.done("upload", "publish")
    (published,) = deposits.server.state.records.values()
    if wrong:
        published.files["record.json"].content = b"{}"
    return deposits.step("publish", "--yes")


def changed_before_publication(wrong: bool, deposits: Deposits) -> list[Problem]:
    deposits.done("upload")
    deposits.draft.document["metadata"]["title"] = "Mine"
    if not wrong:
        deposits.done("upload")
    return deposits.step("publish", "--yes")


def file_of_a_colleague(wrong: bool, deposits: Deposits) -> list[Problem]:
    deposits.done("upload")
    files: dict[str, Any] = deposits.draft.files
    if wrong:
        files["notes.txt"] = replace(files["record.json"], content=b"mine")
    return deposits.step("upload")


def deposit_without_doi(wrong: bool, deposits: Deposits) -> list[Problem]:
    deposits.done("upload")
    if wrong:
        write_deposit(lock_path(deposits.record), replace(deposit_of(deposits.record), doi=""))
    return deposits.step("publish", "--yes")
