"""The font files that pdfTeX embeds: compressed where that makes them smaller."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

from pikepdf import Name

if TYPE_CHECKING:
    from pikepdf import Object


def compress_type1(file: Object) -> None:
    """Compress the readable part of a Type 1 font and store the encrypted one as it is.

    Encrypted bytes are as good as random: trying to compress them took a sixth of all finishing, in vain.
    """
    if "/Filter" in file:
        return
    data = file.read_bytes()
    readable = int(file.get("/Length1", 0))
    packed, stored = zlib.compressobj(), zlib.compressobj(level=0, wbits=-zlib.MAX_WBITS)
    parts = [
        packed.compress(data[:readable]),
        packed.flush(zlib.Z_SYNC_FLUSH),  # ends on a whole byte, where a second coder may go on
        stored.compress(data[readable:]),
        stored.flush(),
        zlib.adler32(data).to_bytes(4, "big"),
    ]
    file.write(b"".join(parts), filter=Name.FlateDecode)
