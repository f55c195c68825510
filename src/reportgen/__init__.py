"""Turn a record of claims into a report worth publishing."""

__all__ = ["__version__"]

__version__ = "0.1.0"
DISTRIBUTION = "reportgen"
"""What the package is installed as."""
