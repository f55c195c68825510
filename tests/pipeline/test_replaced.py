from __future__ import annotations

import pytest

from reportgen.pipeline.replaced import version_replaced


def report(name: str, version: str) -> bytes:
    tags = (
        f"<xmpMM:DocumentID>urn:uuid:{name}</xmpMM:DocumentID>\n<xmpMM:VersionID>{version}</xmpMM:VersionID>"
    )
    return b"%PDF-1.7\n" + tags.encode()


@pytest.mark.parametrize(
    ("before", "warned"),
    [
        (report("a", "1"), True),
        (report("a", "1 &amp; 2"), True),
        (report("a", "2"), False),
        (report("b", "1"), False),
        (b"%PDF-1.7", False),
        (b"", False),
    ],
)
def test_a_report_in_place_of_another_version_is_told(tmp_path, before, warned):
    target, record = tmp_path / "report.pdf", tmp_path / "record.json"
    assert version_replaced(target, report("a", "2"), record) == ()
    target.write_bytes(before)
    found = version_replaced(target, report("a", "2"), record)
    assert [(each.code, each.where.file) for each in found] == [("version-replaced", str(record))] * warned
    said = "1 & 2" if b"&" in before else "1"
    assert all(f"was version {said} of this record, and is version 2 now" in each.message for each in found)


def test_what_is_no_file_is_not_read(tmp_path):
    (tmp_path / "report.pdf").mkdir()
    assert version_replaced(tmp_path / "report.pdf", report("a", "2"), tmp_path / "record.json") == ()
