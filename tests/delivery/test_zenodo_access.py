"""Which repository gets which token, and how a token is kept out of sight."""

from __future__ import annotations

import copy
import pickle
import sys
import traceback
from types import ModuleType

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen import __version__
from reportgen.base.errors import RepositoryError, SettingsError
from reportgen.base.services import Zenodo
from reportgen.base.settings import Settings, find_settings
from reportgen.delivery.zenodo.access import (
    SANDBOX,
    ZENODO,
    Access,
    Bearer,
    Token,
    base_url,
    find_access,
    user_agent,
)

SECRET = "s3cr3t-T0ken_of.mine~"
SETTINGS = Settings()
ELSEWHERE = Settings(zenodo=Zenodo(url="https://repository.example/api"))


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch):
    for name in ("ZENODO_URL", "ZENODO_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setitem(sys.modules, "keyring", None)  # importing it fails


@pytest.fixture
def keyring(monkeypatch):
    """Return a keyring whose entries a test sets; an exception in it is raised."""
    module, errors = ModuleType("keyring"), ModuleType("keyring.errors")
    errors.KeyringError = type("KeyringError", (Exception,), {})
    errors.NoKeyringError = type("NoKeyringError", (errors.KeyringError,), {})
    entries = {}

    def get_password(service, user):
        found = entries.get((service, user))
        if isinstance(found, Exception):
            raise found
        return found

    module.get_password, module.errors = get_password, errors
    monkeypatch.setitem(sys.modules, "keyring", module)
    monkeypatch.setitem(sys.modules, "keyring.errors", errors)
    return entries, errors


def sent_to(access, url):
    request = httpx.Request("GET", url)
    next(Bearer(access).auth_flow(request))
    return request.headers.get("Authorization")


def token_of(access):
    return sent_to(access, access.base)


def failure(call):
    with pytest.raises(RepositoryError) as caught:
        call()
    return caught.value.problems[0]


def test_the_address_is_the_options_then_the_environments_then_the_settings(monkeypatch):
    assert base_url(SETTINGS.zenodo.url) == ZENODO
    assert base_url(ELSEWHERE.zenodo.url) == "https://repository.example/api"
    monkeypatch.setenv("ZENODO_URL", "https://environment.example/api/")
    assert base_url(ELSEWHERE.zenodo.url) == "https://environment.example/api"
    assert base_url(ELSEWHERE.zenodo.url, sandbox=True) == SANDBOX
    assert (
        base_url(ELSEWHERE.zenodo.url, url="https://option.example/api", sandbox=True)
        == "https://option.example/api"
    )


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1:5000/api", "http://localhost/api", "http://[::1]:5000/api", "http://127.8.0.1/api"],
)
def test_this_machine_itself_may_do_without_https(url):
    assert base_url(SETTINGS.zenodo.url, url=url) == url


@pytest.mark.parametrize(
    "url",
    [
        "http://zenodo.org/api",
        "http://localhost.example/api",
        "http://127.0.0.1.example/",
        "http://10.0.0.1/",
    ],
)
def test_others_may_not(url):
    with pytest.raises(SettingsError, match="not https"):
        base_url(SETTINGS.zenodo.url, url=url)


@pytest.mark.parametrize(
    "url",
    [
        "zenodo.org",
        "ftp://zenodo.org/api",
        "https://",
        "https://name:hunter2@zenodo.org/api",
        "https://zenodo.org/api?access_token=hunter2",
        "https://zenodo.org/api#hunter2",
        "https://zenodo.org:port/api",
    ],
)
def test_what_is_no_plain_address_is_refused_without_a_word_of_it(url):
    with pytest.raises(SettingsError, match="not a plain URL") as caught:
        base_url(SETTINGS.zenodo.url, url=url)
    assert "hunter2" not in str(caught.value)


def test_the_settings_name_the_repository(tmp_path):
    (tmp_path / "reportgen.toml").write_text('[zenodo]\nurl = "https://repository.example/api"\n')
    assert base_url(find_settings(tmp_path).zenodo.url) == "https://repository.example/api"
    (tmp_path / "reportgen.toml").write_text('[zenodo]\nurl = "repository.example"\n')
    with pytest.raises(SettingsError, match=r"zenodo\.url"):
        find_settings(tmp_path)


def test_the_token_of_the_environment_goes_to_zenodo_or_where_the_environment_says(monkeypatch):
    monkeypatch.setenv("ZENODO_TOKEN", f" {SECRET}\n")
    assert token_of(find_access(SETTINGS)) == f"Bearer {SECRET}"
    assert token_of(find_access(SETTINGS, sandbox=True)) == f"Bearer {SECRET}"
    assert token_of(find_access(SETTINGS, url="https://option.example/api")) == f"Bearer {SECRET}"
    monkeypatch.setenv("ZENODO_URL", "https://environment.example/api")
    assert token_of(find_access(SETTINGS)) == f"Bearer {SECRET}"


def test_a_settings_file_does_not_say_where_the_token_goes(monkeypatch):
    monkeypatch.setenv("ZENODO_TOKEN", SECRET)
    problem = failure(lambda: find_access(ELSEWHERE))
    assert problem.code == "token-missing"
    assert "repository.example" in problem.message
    assert "ZENODO_URL=https://repository.example/api" in problem.hint


def test_without_a_token_the_message_says_where_it_would_be_looked_for():
    problem = failure(lambda: find_access(SETTINGS))
    assert (problem.code, problem.message) == ("token-missing", "there is no token for zenodo.org")
    assert "ZENODO_TOKEN" in problem.hint
    assert "keyring set reportgen zenodo.org" in problem.hint


def test_the_keyring_knows_a_token_by_host(keyring, monkeypatch):
    entries, _ = keyring
    entries["reportgen", "repository.example"] = SECRET
    assert token_of(find_access(ELSEWHERE)) == f"Bearer {SECRET}"
    assert failure(lambda: find_access(SETTINGS)).code == "token-missing"
    monkeypatch.setenv("ZENODO_TOKEN", "of-the-environment")
    assert token_of(find_access(ELSEWHERE)) == f"Bearer {SECRET}"
    assert token_of(find_access(SETTINGS)) == "Bearer of-the-environment"


def test_a_keyring_that_is_absent_or_locked(keyring):
    entries, errors = keyring
    entries["reportgen", "zenodo.org"] = errors.NoKeyringError(f"no keyring, but {SECRET}")
    assert "no token" in failure(lambda: find_access(SETTINGS)).message
    entries["reportgen", "zenodo.org"] = errors.KeyringError(f"locked, but {SECRET}")
    with pytest.raises(RepositoryError, match="the keyring does not answer: KeyringError") as caught:
        find_access(SETTINGS)
    assert SECRET not in shown(caught.value)


def shown(error):
    """Return an error's words and the locals of our own frames; those of the tests hold the token by nature."""
    assert (error.__cause__, error.__context__) == (None, None)
    frames = [frame for frame, _ in traceback.walk_tb(error.__traceback__)]
    ours = [frame for frame in frames if "/src/reportgen/" in frame.f_code.co_filename]
    assert ours
    return str(error) + repr([frame.f_locals for frame in ours])


@pytest.mark.parametrize(
    "wrong", ["two words", "new\nline", "gr\u00fcn", '"quoted"', "Bearer abc", "\u202eabc"]
)
def test_what_no_token_looks_like_is_refused_without_quoting_it(monkeypatch, keyring, wrong):
    entries, _ = keyring
    entries["reportgen", "zenodo.org"] = wrong
    error = failure_of(lambda: find_access(SETTINGS))
    assert error.problems[0].code == "token-malformed"
    monkeypatch.setenv("ZENODO_TOKEN", wrong)
    again = failure_of(lambda: find_access(SETTINGS))
    assert again.problems[0].code == "token-malformed"
    assert wrong not in shown(error)
    assert wrong not in shown(again)


def failure_of(call):
    with pytest.raises(RepositoryError) as caught:
        call()
    return caught.value


def test_a_token_shows_itself_nowhere():
    token = Token(SECRET)
    access = Access(ZENODO, token, "tests")
    for text in (str(token), repr(token), f"{token}", f"{token!r}", repr(access), str(access)):
        assert SECRET not in text
    assert repr(token) == "***"
    assert not hasattr(token, "__dict__")
    for write in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError, match="not written down"):
            write(token)


@given(st.text(alphabet=st.characters(codec="ascii", categories=("L", "N")), min_size=8))
def test_every_well_formed_token_arrives_and_is_hidden(text):
    access = Access(ZENODO, Token(text).check(), "tests")
    assert token_of(access) == f"Bearer {text}"
    assert access.token.hidden_in(f"it is {text}!".encode()) == b"it is ***!"
    assert text not in repr(access)


@pytest.mark.parametrize(
    "url",
    [
        "https://zenodo.org.example/api",
        "https://www.zenodo.org/api",
        "http://zenodo.org/api",
        "https://zenodo.org:8443/api",
        "https://sandbox.zenodo.org/api",
    ],
)
def test_the_token_goes_to_no_other_origin(url):
    access = Access(ZENODO, Token(SECRET), "tests")
    assert sent_to(access, url) is None
    assert sent_to(access, "https://zenodo.org:443/other") == f"Bearer {SECRET}"
    assert sent_to(access, "https://ZENODO.org/other") == f"Bearer {SECRET}"


def test_the_name_we_go_by_says_who_publishes(monkeypatch):
    assert user_agent(SETTINGS.publisher.url) == f"reportgen/{__version__} (+https://assignee.net)"
    assert user_agent(None) == f"reportgen/{__version__}"
    assert user_agent("https://\u00fc.example") == f"reportgen/{__version__}"
    monkeypatch.setenv("ZENODO_TOKEN", SECRET)
    access = find_access(SETTINGS)
    assert (access.user_agent, access.host) == (user_agent(SETTINGS.publisher.url), "zenodo.org")
