"""The words of a chart: format strings of one language, with plural forms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


class ChartWording:
    """The table ``[charts]`` of a locale file, which was checked when it was read.

    A value is a format string, or a table with the plural forms ``one`` and ``other`` and, where a sentence
    about nothing reads better, ``none``. The key ``zero`` names the form that otherwise goes with the number
    0: ``other`` in English and German, ``one`` in French.
    """

    def __init__(self, texts: Mapping[str, Any]) -> None:
        self._texts = texts

    def __call__(self, key: str, **values: object) -> str:
        """Fill in the text of a key."""
        return str(self._texts[key]).format_map(values)

    def count(self, key: str, n: int, **values: object) -> str:
        """Fill in the plural form of a key for the number ``n``, which the text may use as ``{n}``."""
        forms = self._texts[key]
        form = "one" if n == 1 else "other" if n else "none" if "none" in forms else self._texts["zero"]
        return str(forms.get(form, forms["other"])).format_map({"n": n, **values})
