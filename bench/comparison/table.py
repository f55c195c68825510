"""Tables of what was measured, for a terminal, for the documentation and as JSON values."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Table:
    """What one question gave: named columns, rows of texts and numbers, and what a reader must know of them."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str | float | None, ...], ...]
    note: str = ""

    def text(self) -> str:
        """Lay the table out for a terminal: the first column to the left, all others to the right."""
        cells = [self.columns, *(tuple(map(shown, row)) for row in self.rows)]
        widths = [max(len(row[column]) for row in cells) for column in range(len(self.columns))]
        lines = [
            "  ".join(cell.rjust(width) if index else cell.ljust(width) for index, (cell, width) in pairs)
            for row in cells
            for pairs in [enumerate(zip(row, widths, strict=True))]
        ]
        return "\n".join([self.title, "=" * len(self.title), *lines, *([self.note] if self.note else [])])

    def markdown(self) -> str:
        """Write the table in Markdown."""
        rules = ["---", *["---:" for _ in self.columns[1:]]]
        cells = [self.columns, rules, *([shown(value) for value in row] for row in self.rows)]
        table = "\n".join(f"| {' | '.join(row)} |" for row in cells)
        return f"### {self.title}\n\n{table}" + (f"\n\n{self.note}" if self.note else "")

    def value(self) -> dict[str, object]:
        """Return the table as JSON-ready values, unrounded."""
        rows = [dict(zip(self.columns, row, strict=True)) for row in self.rows]
        return {"title": self.title, "note": self.note, "rows": rows}


def shown(value: str | float | None) -> str:
    """Print a number with about three figures; what was not measured is blank."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, int) or abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"
