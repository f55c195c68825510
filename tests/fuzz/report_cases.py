"""PDFs that say they are reports: what they carry is changed, with and without a manifest that agrees."""

from __future__ import annotations

import hashlib
import io
import json
import zlib
from functools import cache
from pathlib import Path
from typing import Any

import hypothesis
import pikepdf
from cases import REPORT, Case
from hypothesis import strategies as st
from mutations import mutated, mutated_bytes, odd_values, written
from strategies import texts
from world import CANARY

from reportgen.pdf.attachments import MANIFEST

_RECORDS = Path(__file__).parents[2] / "records"
_NAMES = (
    "..", "../x", "a/../../x", str(CANARY), "/etc/passwd", "a\0b", "n" * 300, "d/" * 40 + "x", "manifest.json/x", "", ".",
    ".bashrc", "templates/latex/report.tex.j2", "templates/latex/preamble.tex.j2", "templates/x.tex", "references.lock.json", "CON",
    "reportgen.toml", "record.zenodo.json", "a\nb", "\u202egnp.x", "claims.csv", "\ud83d", "record.json ", "..\\x", "é",
)  # fmt: skip
_CLAIMS = (
    "claims.csv",
    "../claims.csv",
    "../../../x",
    str(CANARY / "x"),
    "a/b/record.json",
    "manifest.json",
    "",
    "a\0b",
    7,
)
_TEMPLATES = (
    "((( tag.__globals__ )))",
    "((* for a in range(10 ** 9) *))((* endfor *))",
    "((( 'x' * 10 ** 9 )))",
    "((* include 'latex/report.tex.j2' *))",
    f"\\directlua{{io.open('{CANARY}', 'w')}}",
    "((( x",
    "\\input{/etc/passwd}",
    "\\loop\\iftrue\\repeat",
)
_COMMANDS = (("verify", REPORT), ("extract", REPORT), ("extract", REPORT, "-o", "inside"))


@cache
def report() -> bytes:
    """Build a report, once."""
    from reportgen.base.settings import Settings
    from reportgen.pipeline.build import make_report

    return make_report(_RECORDS / "795ca78a.json", Settings(root=_RECORDS.parent)).pdf


@cache
def _carried() -> dict[str, bytes]:
    with pikepdf.open(io.BytesIO(report())) as pdf:
        return {name: file.get_file().read_bytes() for name, file in pdf.attachments.items()}


def _agreeing(files: dict[str, bytes]) -> dict[str, bytes]:
    """Return the files with a manifest that names them as they are: what a forger does."""
    manifest = json.loads(files[MANIFEST])
    manifest["files"] = {
        name: {"sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}
        for name, data in files.items()
        if name != MANIFEST
    }
    return {**files, MANIFEST: json.dumps(manifest).encode("utf-8", "surrogatepass")}


@st.composite
def _files(draw: st.DrawFn) -> dict[str, bytes]:  # noqa: C901 - one case a change
    """Change the files inside in some ways."""
    files = dict(_carried())
    for _ in range(draw(st.integers(1, 3))):
        name = draw(st.sampled_from(sorted(files)))
        match draw(
            st.sampled_from(["bytes", "value", "claims", "name", "remove", "add", "template", "many"])
        ):
            case "bytes":
                files[name] = draw(mutated_bytes(files[name]))
            case "value" if "record.json" in files:
                files["record.json"] = written(draw(mutated(_json(files["record.json"]))))
            case "claims" if "record.json" in files:
                claims = {"file": draw(st.sampled_from(_CLAIMS) | odd_values())}
                files["record.json"] = written({**_object(files["record.json"]), "claims": claims})
                files[draw(st.sampled_from(["claims.csv", "x", "record.json"]))] = (
                    b"text,verified\nA claim.,true\n"
                )
            case "name":
                files[draw(st.sampled_from(_NAMES) | texts())] = files.pop(name)
            case "remove":
                del files[name]
            case "add":
                files[draw(st.sampled_from(_NAMES) | texts())] = draw(st.binary(max_size=20))
            case "template":
                place = draw(
                    st.sampled_from(
                        [
                            "latex/report.tex.j2",
                            "latex/preamble.tex.j2",
                            "latex/sections/claims.tex.j2",
                            "latex/x.tex",
                        ]
                    )
                )
                files[f"templates/{place}"] = draw(st.sampled_from(_TEMPLATES)).encode()
            case "many":
                files |= {
                    f"{name[:20]}{number}": b"" for number in range(draw(st.sampled_from([10, 300, 3000])))
                }
        if not files:
            break
    return _agreeing(files) if MANIFEST in files and draw(st.booleans()) and _is_manifest(files) else files


def _json(content: bytes) -> Any:
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        return json.loads(_carried()["record.json"])


def _object(content: bytes) -> dict[str, Any]:
    value = _json(content)
    return value if isinstance(value, dict) else {}


def _is_manifest(files: dict[str, bytes]) -> bool:
    return files[MANIFEST] == _carried()[MANIFEST]


def _pdf(files: dict[str, bytes], **options: Any) -> bytes:
    with pikepdf.open(io.BytesIO(report())) as pdf:
        for name in list(pdf.attachments):
            del pdf.attachments[name]
        for name, content in files.items():
            # A name is text for pikepdf: half a character is none.
            whole = name.encode("utf-8", "replace").decode()
            pdf.attachments[whole] = pikepdf.AttachedFileSpec(pdf, content, filename=whole)
        out = io.BytesIO()
        pdf.save(out, **options)
        return out.getvalue()


def _given(pdfs: st.SearchStrategy[bytes]) -> st.SearchStrategy[Case]:
    """Return the commands a PDF."""
    drawn = st.tuples(pdfs, st.sampled_from(_COMMANDS))
    return drawn.map(lambda case: Case({REPORT: case[0]}, case[1]))


@cache
def carried_files() -> st.SearchStrategy[Case]:
    """Return reports that carry other files than they were built from."""
    return _given(_files().map(_pdf))


@cache
def manifests() -> st.SearchStrategy[Case]:
    """Return reports whose manifest has other values than it should."""
    values = mutated(json.loads(_carried()[MANIFEST])) | odd_values().map(
        lambda value: {**json.loads(_carried()[MANIFEST]), "settings": value}
    )
    pdfs = (values | odd_values()).map(lambda value: _pdf({**_carried(), MANIFEST: written(value)}))
    return _given(pdfs)


def _filtered(drawn: tuple[str, Any, Any, int]) -> bytes:
    """Change how one attachment is stored: its filter, its parameters, its size, what its bytes become."""
    name, filters, parameters, megabytes = drawn
    with pikepdf.open(io.BytesIO(report())) as pdf:
        stream = pdf.attachments[name].get_file().obj
        data = zlib.compress(bytes(megabytes * 1_000_000)) if megabytes else stream.read_raw_bytes()
        stream.write(data)
        stream.Filter = pikepdf.Array(map(pikepdf.Name, filters))
        if parameters is not None:
            stream.DecodeParms = parameters
        out = io.BytesIO()
        try:
            pdf.save(out, stream_decode_level=pikepdf.StreamDecodeLevel.none, compress_streams=False)
        except pikepdf.PdfError:  # the library does not write every nonsense
            hypothesis.reject()
        return out.getvalue()


@cache
def stored_files() -> st.SearchStrategy[Case]:
    """Return reports whose attachments decode to something else, to much, or not at all."""
    filters = [
        "/FlateDecode",
        "/LZWDecode",
        "/ASCIIHexDecode",
        "/ASCII85Decode",
        "/RunLengthDecode",
        "/DCTDecode",
        "/Crypt",
        "/No",
    ]
    parameters = [None, {"/Predictor": 12, "/Columns": 10**9}, {"/Predictor": 99}, {"/EarlyChange": 5}]
    drawn = st.tuples(
        st.sampled_from(sorted(_carried())),
        st.lists(st.sampled_from(filters), max_size=3)
        | st.just(["/FlateDecode"] * 50)
        | st.just(["/FlateDecode"]),
        st.sampled_from(parameters).map(lambda given: given and pikepdf.Dictionary(given)),
        st.sampled_from([0, 0, 0, 30, 300]),
    )
    return _given(drawn.map(_filtered))


@cache
def pdf_bytes() -> st.SearchStrategy[Case]:
    """Return reports with damage to the PDF itself, and ones that a password keeps shut."""
    locked = st.builds(
        lambda user, strength: _pdf(
            _carried(), encryption=pikepdf.Encryption(user=user, owner="o", R=strength)
        ),
        st.sampled_from(["", "secret"]),
        st.sampled_from([4, 6]),
    )
    plain = st.sampled_from(
        [b"", b"%PDF-1.7", b"%PDF-1.7\n%%EOF", b"\0" * 1000, b"PK\3\4", b"trailer<</Root 1 0 R>>"]
    )
    # Asked for when drawn, so that no message of hypothesis prints the whole of it.
    broken = st.just(report).flatmap(lambda given: mutated_bytes(given())) | _graphs()
    return _given(broken | locked | plain)


@st.composite
def _graphs(draw: st.DrawFn) -> bytes:
    """Change what objects of the tree of attachments are and where they lead, also back to themselves."""
    with pikepdf.open(io.BytesIO(report())) as pdf:
        tree = pdf.Root.Names.EmbeddedFiles
        specification = next(iter(pdf.attachments.values())).obj
        places = [
            (pdf.Root, "/Names"), (pdf.Root.Names, "/EmbeddedFiles"), (tree, "/Names"), (tree, "/Kids"), (tree, "/Limits"),
            (specification, "/EF"), (specification, "/F"), (specification, "/UF"), (specification.EF, "/F"), (pdf.Root, "/AF"),
            (pdf.Root, "/Pages"), (pdf.Root, "/Metadata"),
        ]  # fmt: skip
        values = [
            tree,
            specification,
            pdf.Root,
            7,
            "x",
            True,
            pikepdf.Array([tree, tree]),
            pikepdf.Array(),
            pikepdf.Dictionary(),
        ]
        for parent, key in draw(st.lists(st.sampled_from(places), min_size=1, max_size=3)):
            if isinstance(parent, pikepdf.Dictionary):
                parent[key] = draw(st.sampled_from(values))
        out = io.BytesIO()
        pdf.save(out, fix_metadata_version=False)
        return out.getvalue()
