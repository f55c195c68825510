"""``reportgen serve`` in a browser: the page and its PDF, side by side, anew after each change."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys

import pytest
from playwright.sync_api import expect

from minimal_record import minimal

ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+/")


@pytest.fixture
def served(tmp_path):
    """Start the command over a folder of one record; yield its address, and see that Ctrl-C ends it."""
    record = tmp_path / "records" / "record.json"
    record.parent.mkdir()
    record.write_text(json.dumps(minimal()))
    command = [sys.executable, "-m", "reportgen", "serve", "records"]
    process = subprocess.Popen(
        command, cwd=tmp_path, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    try:
        line = process.stderr.readline()
        yield ADDRESS.search(line)[0], record
    finally:
        os.killpg(process.pid, signal.SIGINT)
        _, said = process.communicate(timeout=60)
        assert process.returncode == 0
        assert "stopped" in said


def test_page_and_pdf_are_shown_and_come_anew_when_the_record_changes(served, browser):
    address, record = served
    page = browser.new_page()
    faults = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(address)
    site = page.frame_locator("#page")
    patient = {"timeout": 60_000}
    expect(page.locator("#state")).to_have_text("up to date", **patient)
    site.locator("main a", has_text=minimal()["title"]).first.click(**patient)
    expect(site.locator("h1")).to_have_text(minimal()["title"], **patient)
    expect(page.locator("#pdf")).to_be_visible(**patient)
    assert "report/" in page.url
    record.write_text(json.dumps(minimal(title="Another title, once more")))
    expect(site.locator("h1")).to_have_text("Another title, once more", **patient)
    record.write_text("{")
    expect(page.locator("#problems")).to_contain_text("record.json", **patient)
    record.write_text(json.dumps(minimal(title="A third title")))
    expect(page.locator("#problems")).to_be_hidden(**patient)
    assert faults == []
    page.close()


def test_a_folder_without_a_record_is_refused(run, tmp_path):
    ended = run("serve", str(tmp_path))
    assert ended.code == 2
    assert f"there is no record in {tmp_path}" in ended.err
