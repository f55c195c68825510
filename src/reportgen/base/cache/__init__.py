"""What can be made again, kept in the user's cache: found by content, verified, bounded, safe under parallel runs.

`recall` keeps bytes, and so do `find` and `keep`, one at a time; `recall_file` a file that another program reads by
its path. What is kept is whole or absent, and what was cut or altered is made again. Whatever is wrong with the
cache, a full disk or a folder that cannot be written, the content is made and handed over all the same.
"""

from __future__ import annotations

from reportgen.base.cache.bounds import Stock, bound, clear, prune, stock
from reportgen.base.cache.keep import find, keep, key_of, recall, recall_file, still_whole

__all__ = [
    "Stock",
    "bound",
    "clear",
    "find",
    "keep",
    "key_of",
    "prune",
    "recall",
    "recall_file",
    "still_whole",
    "stock",
]
