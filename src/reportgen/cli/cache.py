"""``reportgen cache``: what the cache holds, and emptying it."""

from __future__ import annotations

import click


@click.group("cache")
def cache_group() -> None:
    """Look at the cache of charts and TeX formats, or empty it.

    Everything in it can be made again. REPORTGEN_CACHE moves it; REPORTGEN_CACHE_MB bounds what charts and
    formats take together. What was used longest ago goes first, and nothing that was used within the last hour.
    """


@cache_group.command(
    "stats",
    epilog="""\b
Examples:
  reportgen cache stats
  REPORTGEN_CACHE_MB=200 reportgen cache stats
""",
)
def cache_stats_command() -> None:
    """Print how many files of each kind there are, their size, the bound and the place."""
    from reportgen.base.cache import bound, stock

    limit = bound()
    kinds = stock()
    click.echo(f"{'kind':<10}{'files':>8}{'size':>12}")
    for each in kinds:
        click.echo(f"{each.kind:<10}{each.files:>8}{_megabytes(each.size):>12}")
    total = sum(each.size for each in kinds)
    click.echo(f"{'all':<10}{sum(each.files for each in kinds):>8}{_megabytes(total):>12}")
    click.echo(f"bound of charts and formats: {_megabytes(limit)}")
    click.echo(f"place: {kinds[0].folder.parent}")


@cache_group.command("clear", epilog="\b\nExample:\n  reportgen cache clear\n")
def cache_clear_command() -> None:
    """Remove all that is in the cache; reports that are just being built are not disturbed."""
    from reportgen.base.cache import clear, stock

    freed = clear()
    click.echo(f"freed {_megabytes(freed)} in {stock()[0].folder.parent}")


def _megabytes(size: int) -> str:
    return f"{size / 1_000_000:,.1f} MB"
