"""Files that somebody else made are opened in one place; what else opens a file opens one of our own or the system's."""

from __future__ import annotations

import ast
from pathlib import Path

import reportgen

PACKAGE = Path(reportgen.__file__).parent
OPENING = {
    "read_bytes",
    "read_text",
    "open",
    "fdopen",
    "copy",
    "copyfile",
    "copytree",
    "load",
    "rglob",
    "glob",
}
OWN = {
    "reportgen.base.foreign": "the place itself",
    "reportgen.pipeline.batch.freshness": "our code and the packaged templates, to hash them",
    "reportgen.pipeline.batch.inputs": "names of records by a pattern; nothing is opened",
    "reportgen.sources.library": "names of .bib files; nothing is opened",
    "reportgen.base.bounded": "/proc of this process",
    "reportgen.base.csl_styles": "names of the styles of a package; nothing is opened",
    "reportgen.pdf.carried": "bytes that foreign read",
    "reportgen.charts.chart": "our code",
    "reportgen.charts.typeface": "fonts of the system",
    "reportgen.cli": "the null device",
    "reportgen.cli.new_project": "the packaged files of a new project, to copy them",
    "reportgen.cli.compile": "the PDF just written",
    "reportgen.explanations": "its own tables",
    "reportgen.pdf.typeset.process": "the pipe of a program that it started",
    "reportgen.cli.findings": "/proc/sys",
    "reportgen.base.locks": "what foreign.open_own opened, and a folder, to lock them",
    "reportgen.base.packages": "its own table, and what the system says of itself",
    "reportgen.base.programs": "names of folders of TeX; nothing is opened",
    "reportgen.pdf.pictures": "our code, and the page just made",
    "reportgen.pdf.pictures.fonts": "bytes that foreign read",
    "reportgen.pdf.pictures.page": "bytes that foreign read",
    "reportgen.pdf.pictures.raster": "bytes that foreign read",
    "reportgen.pdf.finish": "bytes that TeX left, and fonts in them",
    "reportgen.pdf.anchors": "bytes that TeX left",
    "reportgen.pdf.finish.hyphens": "tables of fonts that TeX left",
    "reportgen.pdf.finish.figures": "bytes that matplotlib drew",
    "reportgen.text.faces": "fonts of the system",
    "reportgen.base.paths": "files that it writes",
    "reportgen.pipeline.remote.location": "names in an object store",
    "reportgen.pipeline.remote.records": "names in the mirror in the cache",
    "reportgen.pipeline.remote.staging": "reports just written, in the mirror in the cache",
    "reportgen.text.templates": "its own code, to hash it",
    "reportgen.pipeline.template_files": "packaged templates, to copy them",
    "reportgen.pipeline.word_files": "packaged words, to copy them",
    "reportgen.trust.reproduce": "the PDF that its child wrote",
    "reportgen.base.cache.keep": "the cache",
    "reportgen.text.structure": "no file: an element is opened",
    "reportgen.base.timings": "/proc of this process",
    "reportgen.pdf.typeset.faces": "what LuaTeX made of fonts of the system",
    "reportgen.pdf.typeset.sandbox": "the same",
    "reportgen.delivery.zenodo.payload": "the formats just written",
    "reportgen.exports.pandoc.program": "what pandoc wrote in a folder of ours",
    "reportgen.site.ledger": "what foreign.open_own opened, and a file of its own",
    "reportgen.site.overview": "packaged words",
    "reportgen.site.search": "the index that pagefind wrote in a folder of ours",
    "reportgen.site.shared": "our code and packaged files",
    "reportgen.site.stylesheet": "packaged styles",
    "reportgen.trust.verify": "bytes that foreign read, and those of the rebuild",
}


def opening(path: Path) -> list[str]:
    """The calls in a file that could open another."""
    return [
        ast.unparse(node.func)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and (
            (isinstance(node.func, ast.Attribute) and node.func.attr in OPENING)
            or (isinstance(node.func, ast.Name) and node.func.id == "open")
        )
    ]


def name_of(path: Path) -> str:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


def test_only_one_module_opens_files_of_others():
    found = {name_of(path): calls for path in PACKAGE.rglob("*.py") if (calls := opening(path))}
    assert found["reportgen.base.foreign"], "a scanner that finds nothing proves nothing"
    assert {name: calls for name, calls in found.items() if name not in OWN} == {}


def test_every_exception_is_still_one():
    found = {name_of(path) for path in PACKAGE.rglob("*.py") if opening(path)}
    assert OWN.keys() - found == set()
