"""The words of a chart: format strings of one language, with plural forms."""

from __future__ import annotations

from collections.abc import Mapping

from reportgen.base.errors import Level, Problem, TemplateError, Where

Texts = Mapping[str, str | Mapping[str, str]]


class ChartWording:
    """The table ``[charts]`` of a locale file.

    A value is a format string, or a table with the plural forms ``one`` and ``other`` and, where a sentence
    about nothing reads better, ``none``. The key ``zero`` names the form that otherwise goes with the number
    0: ``other`` in English and German, ``one`` in French.
    """

    def __init__(self, texts: Texts) -> None:
        self._texts = texts
        self._zero = self("zero")

    def __call__(self, key: str, **values: object) -> str:
        """Fill in the text of a key.

        Raises:
            reportgen.base.errors.TemplateError: the key is missing, or asks for a value that is not given.

        """
        text = self._texts.get(key)
        if not isinstance(text, str):
            raise _problem(key, "is missing" if text is None else "must be one text, without plural forms")
        return _filled(key, text, values)

    def count(self, key: str, n: int, **values: object) -> str:
        """Fill in the plural form of a key for the number ``n``, which the text may use as ``{n}``.

        Raises:
            reportgen.base.errors.TemplateError: as for a plain text, or one of the two forms is missing.

        """
        forms = self._texts.get(key)
        if not isinstance(forms, Mapping) or not {"one", "other"} <= forms.keys():
            raise _problem(key, "must be a table with the plural forms 'one' and 'other'")
        form = "one" if n == 1 else "other" if n else "none" if "none" in forms else self._zero
        return _filled(f"{key}/{form}", forms.get(form, forms["other"]), {"n": n, **values})


def _filled(key: str, text: str, values: Mapping[str, object]) -> str:
    try:
        return text.format_map(dict(values))
    except (KeyError, ValueError, IndexError, AttributeError) as error:
        names = ", ".join(f"{{{name}}}" for name in values) or "no values"
        raise _problem(key, f"cannot be filled in ({error}); it can use {names}") from error


def _problem(key: str, what: str) -> TemplateError:
    pointer = f"/charts/{key}"
    message = f"the wording charts.{key.replace('/', '.')} {what}"
    hint = "compare the locale file with templates/locale/en.toml"
    return TemplateError([Problem("chart-wording", Level.ERROR, Where(pointer=pointer), message, hint)])
