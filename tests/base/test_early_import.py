from __future__ import annotations

import sys

import pytest

from reportgen.base.early_import import importing


@pytest.fixture
def module(tmp_path, monkeypatch):
    """Yield the name of a module that nobody has imported."""
    (tmp_path / "never_seen.py").write_text("import threading\nthread = threading.current_thread()\n")
    monkeypatch.syspath_prepend(tmp_path)
    yield "never_seen"
    sys.modules.pop("never_seen", None)


def test_modules_are_there_when_the_block_ends(module):
    with importing(module):
        pass
    assert sys.modules[module].thread.name != "MainThread"


def test_what_is_there_already_is_left_alone(module):
    __import__(module)
    with importing(module, "sys"):
        pass
    assert sys.modules[module].thread.name == "MainThread"


def test_a_module_that_cannot_be_imported_is_met_where_it_is_needed(module):
    with importing("there_is_no_such_module", module):
        pass
    assert module in sys.modules


def test_the_modules_are_there_even_when_the_block_fails(module):
    with pytest.raises(KeyError), importing(module):
        raise KeyError
    assert module in sys.modules
