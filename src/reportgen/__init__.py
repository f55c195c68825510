"""Turn a record of claims into a report worth publishing."""

from importlib.metadata import version

__all__ = ["__version__"]

__version__ = version("reportgen")
