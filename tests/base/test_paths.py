"""Whose a file is."""

from __future__ import annotations

import os

from reportgen.base.paths import is_ours_alone


def test_a_file_of_this_user_is_ours_where_users_have_numbers_and_where_not(tmp_path, monkeypatch):
    ours, open_to_all, link = (tmp_path / name for name in ("ours", "open", "link"))
    ours.touch(0o600)
    open_to_all.touch()
    open_to_all.chmod(0o666)
    link.symlink_to(ours)
    assert [is_ours_alone(path) for path in (ours, open_to_all, link, tmp_path / "none")] == [
        True,
        False,
        False,
        False,
    ]
    monkeypatch.delattr(os, "getuid")
    assert [is_ours_alone(path) for path in (ours, link, tmp_path / "none")] == [True, False, False]
