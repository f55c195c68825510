from __future__ import annotations

from reportgen.base.characters import numbered


def test_what_has_no_meaning_is_a_number_where_nothing_is_framed():
    assert numbered("a\ue000b\u0378c\U000f0000 \u4e2d") == "a<U+E000>b<U+0378>c<U+F0000> \u4e2d"
