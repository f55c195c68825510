from __future__ import annotations

import io
import os
import zlib

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

import tagged_documents as documents
from reportgen.pdf.finish import compress_type1

DOCUMENT = pikepdf.new()  # a stream lives as long as its document


def font(data: bytes, **entries) -> pikepdf.Stream:
    return pikepdf.Stream(DOCUMENT, data, **entries)


@given(st.binary(max_size=3000), st.integers(0, 4000))
def test_a_font_reads_as_before(data, readable):
    file = font(data, Length1=readable)
    compress_type1(file)
    assert file.Filter == "/FlateDecode"
    assert zlib.decompress(file.read_raw_bytes()) == file.read_bytes() == data
    assert file.Length1 == readable


def test_the_readable_part_is_compressed_and_the_encrypted_one_hardly_grows():
    clear, encrypted = b"/Encoding 256 array " * 200, os.urandom(70_000)
    file = font(clear + encrypted, Length1=len(clear))
    compress_type1(file)
    assert len(file.read_raw_bytes()) < len(encrypted) + len(clear) / 10


def test_a_font_that_is_compressed_is_left_alone():
    packed = zlib.compress(b"a font", 0)
    file = font(packed, Filter=pikepdf.Name.FlateDecode)
    compress_type1(file)
    assert file.read_raw_bytes() == packed


@pytest.mark.parametrize("engine", documents.ENGINES)
def test_the_fonts_of_a_report_are_those_of_tex(engine, tmp_path):
    document = documents.sample_document(engine)
    path, _ = documents.finished(document, tmp_path)
    assert font_files(io.BytesIO(document.raw)) == font_files(path) != []


def font_files(source) -> list[bytes]:
    with pikepdf.open(source) as pdf:
        return sorted(
            item[key].read_bytes()
            for item in pdf.objects
            if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/FontDescriptor"
            for key in ("/FontFile", "/FontFile2", "/FontFile3")
            if key in item
        )
