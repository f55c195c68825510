"""One build of a site: every page that something changed for, then the lists, the search, and what is gone."""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from concurrent.futures import BrokenExecutor
from contextlib import closing
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, Self

from reportgen.base.cache import key_of
from reportgen.base.errors import Level, OutputError, Problem, RecordError, ReportgenError, SetupError, Where
from reportgen.base.paths import from_here, keep_log
from reportgen.exports import FileFacts
from reportgen.pipeline.batch.locating import at_line
from reportgen.pipeline.batch.options import Options
from reportgen.pipeline.batch.outcome import Outcome, Status
from reportgen.pipeline.batch.run import Batch, executor_for
from reportgen.site.files import Seen, remove_files, remove_unfinished, require_free
from reportgen.site.history import histories
from reportgen.site.layout import PAGE, version_address
from reportgen.site.ledger import Entry, Ledger
from reportgen.site.page_files import PageResult, PageTask, make_page
from reportgen.site.shared import put_shared, site_code
from reportgen.site.summary import read_summary, summary_values

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Mapping, Sequence
    from concurrent.futures import Executor, Future
    from pathlib import Path

    from reportgen.pipeline.batch.inputs import RecordSource
    from reportgen.pipeline.batch.plan import Planned
    from reportgen.site.history import History
