"""The place of a chart: an empty page of its size, which TeX sets while the chart is being drawn."""

from __future__ import annotations

from itertools import accumulate

MARK = b"%reportgen places here: "
"""What the content of such a page begins with; the chart's name follows."""


def empty_page(name: str, width: float, height: float) -> bytes:
    """Write a PDF of one page, in points, that shows nothing and says which chart belongs there."""
    content = MARK + name.encode("ascii") + b"\n"
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 {width:.10g} {height:.10g}]/Resources<<>>/Contents 4 0 R>>".encode(),
        b"<</Length %d>>stream\n%s\nendstream" % (len(content), content),
    ]
    parts = [b"%PDF-1.4\n", *(b"%d 0 obj%s endobj\n" % item for item in enumerate(objects, 1))]
    *offsets, end = accumulate(map(len, parts))
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    size = len(objects) + 1
    trailer = b"trailer<</Size %d/Root 1 0 R>>startxref\n%d\n%%%%EOF\n" % (size, end)
    return b"".join(parts) + b"xref\n0 %d\n0000000000 65535 f \n%s" % (size, table) + trailer
