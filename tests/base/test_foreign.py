from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from reportgen.base import foreign
from reportgen.base.foreign import (
    DEEPEST_FOLDER,
    DEEPEST_NESTING,
    files_below,
    is_file_name,
    lay_out,
    open_own,
    parse_foreign_json,
    path_within,
    read_foreign,
)


@pytest.fixture
def folder(tmp_path):
    inside = tmp_path / "inside"
    inside.mkdir()
    (inside / "plain").write_bytes(b"words")
    (tmp_path / "outside").write_bytes(b"secret")
    return inside


class TestReading:
    def test_a_regular_file_is_read(self, folder):
        assert read_foreign(folder / "plain", root=folder) == b"words"

    def test_a_link_inside_the_folder_is_followed(self, folder):
        (folder / "link").symlink_to("plain")
        assert read_foreign(folder / "link", root=folder) == b"words"

    def test_a_link_that_the_user_names_is_followed(self, folder):
        (folder / "link").symlink_to("../outside")
        assert read_foreign(folder / "link") == b"secret"

    @pytest.mark.parametrize("target", ["../outside", "/etc/passwd", "/dev/zero"])
    def test_a_link_out_of_the_folder_is_refused(self, folder, target):
        (folder / "link").symlink_to(target)
        with pytest.raises(OSError, match="outside"):
            read_foreign(folder / "link", root=folder)

    def test_a_folder_that_is_a_link_out_of_the_folder_is_refused(self, folder):
        (folder / "deep").symlink_to("..")
        with pytest.raises(OSError, match="outside"):
            read_foreign(folder / "deep" / "outside", root=folder)

    def test_a_pipe_is_refused_and_not_waited_for(self, folder):
        os.mkfifo(folder / "pipe")
        with pytest.raises(OSError, match="regular file"):
            read_foreign(folder / "pipe", root=folder)

    @pytest.mark.parametrize("name", ["/dev/zero", "/dev/stdin", "/"])
    def test_what_is_no_regular_file_is_refused(self, name, folder):
        (folder / "link").symlink_to(name)
        with pytest.raises(OSError, match=r"regular file|directory"):
            read_foreign(folder / "link")

    def test_a_link_to_itself_is_refused(self, folder):
        (folder / "link").symlink_to("link")
        with pytest.raises(OSError, match=r"outside|Too many"):
            read_foreign(folder / "link", root=folder)

    def test_a_file_over_the_bound_is_refused(self, folder):
        assert read_foreign(folder / "plain", most_bytes=5) == b"words"
        with pytest.raises(OSError, match="larger") as caught:
            read_foreign(folder / "plain", most_bytes=4)
        assert caught.value.errno == errno.EFBIG

    def test_no_file_stays_open(self, folder):
        before = len(list(Path("/proc/self/fd").iterdir()))
        os.mkfifo(folder / "pipe")
        for name in ("plain", "pipe", "none"):
            try:
                read_foreign(folder / name)
            except OSError:
                continue
        assert len(list(Path("/proc/self/fd").iterdir())) == before


class TestWriting:
    def test_a_file_is_made_with_the_mode_that_the_user_wishes(self, folder):
        before = os.umask(0o077)
        try:
            os.close(open_own(folder / "state", os.O_RDWR | os.O_CREAT))
        finally:
            os.umask(before)
        assert (folder / "state").stat().st_mode & 0o777 == 0o600

    def test_a_link_is_not_followed(self, folder):
        (folder / "state").symlink_to("../outside")
        with pytest.raises(OSError, match="link"):
            open_own(folder / "state", os.O_RDWR | os.O_CREAT | os.O_TRUNC)
        assert (folder.parent / "outside").read_bytes() == b"secret"

    def test_a_pipe_is_not_waited_for(self, folder):
        os.mkfifo(folder / "state")
        with pytest.raises(OSError, match="regular file"):
            open_own(folder / "state", os.O_RDWR)


class TestLayingOut:
    def test_files_are_laid_out_in_folders(self, folder):
        paths = lay_out({"a.json": b"1", "templates/sections/b.j2": b"2"}, folder / "new")
        assert [path.read_bytes() for path in paths] == [b"1", b"2"]

    @pytest.mark.parametrize(
        "name",
        [
            "", "/etc/passwd", "../x", "a/../../x", "a//b", "a/", "./a", ".bashrc", "a/.git/config", "a\\b", "a\0b",
            "a\nb", "a\u202eb", "\ud800", "x" * 256, "é" * 128, "/".join("a" * (DEEPEST_FOLDER + 1)),
        ],
    )  # fmt: skip
    def test_a_name_that_is_none_is_refused_and_nothing_written(self, folder, name):
        with pytest.raises(ValueError, match="name"):
            lay_out({"first": b"1", name: b"2"}, folder / "new")
        assert not (folder / "new").exists()

    def test_a_name_that_is_a_file_and_a_folder_is_refused(self, folder):
        with pytest.raises(ValueError, match="both"):
            lay_out({"a": b"1", "a/b": b"2"}, folder / "new")

    def test_a_folder_that_leads_elsewhere_is_refused(self, folder):
        (folder / "deep").symlink_to("..")
        with pytest.raises(OSError, match="outside"):
            lay_out({"deep/outside": b"changed"}, folder)
        assert (folder.parent / "outside").read_bytes() == b"secret"


class TestFinding:
    @pytest.mark.parametrize("link", ["c.tex", "sub"])
    def test_links_that_leave_the_folder_are_an_error(self, folder, link):
        (folder / "a.tex").write_bytes(b"")
        (folder / "b.tex").symlink_to("a.tex")
        assert [path.name for path in files_below(folder, (".tex",))] == ["a.tex", "b.tex"]
        (folder / link).symlink_to("..")
        with pytest.raises(OSError, match="outside"):
            files_below(folder, (".tex",))

    def test_too_many_are_an_error(self, folder):
        for number in range(4):
            (folder / f"{number}.tex").touch()
        with pytest.raises(OSError, match="more than 3"):
            files_below(folder, (".tex",), most=3)

    def test_a_path_that_is_not_there_has_its_place(self, folder):
        assert path_within(folder, folder / "none" / "x") == folder.resolve() / "none" / "x"


class TestJson:
    def test_what_people_write_is_parsed(self):
        assert parse_foreign_json(b'{"a": [1, {"b": null}]}') == {"a": [1, {"b": None}]}

    @pytest.mark.parametrize("depth", [DEEPEST_NESTING + 1, 200_000])
    @pytest.mark.parametrize("opening", ["[", '{"a":'])
    def test_deep_nesting_is_an_error(self, depth, opening):
        closing = "]" if opening == "[" else "}"
        with pytest.raises(ValueError, match="nested"):
            parse_foreign_json(opening * depth + "1" + closing * depth)

    @pytest.mark.parametrize("content", [b"", b"\xff", b"{", b"9" * 5000])
    def test_what_is_not_json_is_an_error(self, content):
        with pytest.raises(ValueError, match=r"Expecting|decode|digits"):
            parse_foreign_json(content)

    def test_the_depth_that_a_record_may_have_is_allowed(self):
        nested = "[" * DEEPEST_NESTING + "]" * DEEPEST_NESTING
        assert foreign.parse_foreign_json(nested)


@pytest.fixture
def follows_links(monkeypatch):
    """A system whose `open` follows links and waits for pipes, as that of Windows does."""
    monkeypatch.setattr(foreign, "_FOLLOWS_NO_LINK", False)
    monkeypatch.setattr(foreign, "_QUIETLY", 0)


class TestWhereOpeningFollowsLinks:
    @pytest.fixture(autouse=True)
    def _system(self, follows_links):
        pass

    def test_a_file_is_read_and_one_that_is_missing_is_told(self, folder):
        assert read_foreign(folder / "plain", root=folder) == b"words"
        with pytest.raises(FileNotFoundError):
            read_foreign(folder / "missing", root=folder)

    def test_a_link_is_followed_inside_the_folder_and_not_out_of_it(self, folder):
        (folder / "in").symlink_to("plain")
        (folder / "out").symlink_to("../outside")
        assert read_foreign(folder / "in", root=folder) == b"words"
        with pytest.raises(OSError, match="lies outside"):
            read_foreign(folder / "out", root=folder)

    def test_a_pipe_is_not_waited_for(self, folder):
        os.mkfifo(folder / "pipe")
        with pytest.raises(OSError, match="not a regular file"):
            read_foreign(folder / "pipe", root=folder)

    def test_what_is_put_in_place_of_a_file_meanwhile_is_not_read(self, folder, monkeypatch):
        real = os.open

        def late(path, flags, mode=0o777):
            Path(path).unlink()
            Path(path).symlink_to("../outside")
            return real(path, flags, mode)

        monkeypatch.setattr(os, "open", late)
        with pytest.raises(OSError, match="lies outside"):
            read_foreign(folder / "plain", root=folder)

    def test_a_file_of_ours_is_made_and_no_link_is_written_through(self, folder):
        os.close(open_own(folder / "new", os.O_RDWR | os.O_CREAT))
        assert (folder / "new").read_bytes() == b""
        (folder / "link").symlink_to("../outside")
        with pytest.raises(OSError, match="it is a link"):
            open_own(folder / "link", os.O_RDWR | os.O_CREAT)


@pytest.mark.parametrize(
    "name", ["a:b", "con", "Nul.txt", "COM1 .json", "lpt²", "what?", "end.", "end ", "a<b"]
)
def test_names_that_windows_reads_as_something_else_are_none_there(name, monkeypatch):
    assert is_file_name(name)
    monkeypatch.setattr("sys.platform", "win32")
    assert not is_file_name(name)


@pytest.mark.parametrize("name", ["record.json", "icon", "console.txt", "com10", "a.con", "über mich.txt"])
def test_other_names_are_names_on_windows(name, monkeypatch):
    monkeypatch.setattr("sys.platform", "win32")
    assert is_file_name(name)
