"""One ZIP of the same bytes each time; what is unsafe, too large, damaged or cut off is refused by name."""

import io
import struct
import zipfile
import zlib

import pytest

from shareshift.export.bundle import archive
from shareshift.export.bundle.archive import BundleError, read_archive, write_archive

FILES = {"b.txt": b"two", "a/c.csv": b"x,y\n1,2\n" * 50}


def zipped(*parts: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED, **looks: int) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as out:
        for name, data in parts:
            info = zipfile.ZipInfo(name)
            info.compress_type = method
            for key, value in looks.items():
                setattr(info, key, value)
            out.writestr(info, data)
    return buffer.getvalue()


def refusal(data: bytes) -> str:
    with pytest.raises(BundleError) as error:
        read_archive(data, "x.zip")
    return str(error.value)


def test_files_come_back_as_they_were_and_in_the_same_bytes_whatever_their_order():
    assert read_archive(write_archive(FILES), "x.zip") == FILES
    assert write_archive(FILES) == write_archive(dict(reversed(FILES.items())))


def test_an_archive_holds_no_time_of_day_and_nothing_of_the_machine():
    with zipfile.ZipFile(io.BytesIO(write_archive(FILES))) as found:
        parts = found.infolist()
    assert [part.filename for part in parts] == sorted(FILES)
    assert {(part.date_time, part.create_system, part.extra, part.comment) for part in parts} == {
        ((1980, 1, 1, 0, 0, 0), 3, b"", b"")
    }


@pytest.mark.parametrize("name", ["../up.csv", "/etc/passwd", "a/../../b", "C:/windows", "a\\b", "tables/..", "x\x07y"])
def test_a_path_that_leads_out_of_the_archive_is_refused(name):
    assert "leads out of the archive" in refusal(zipped((name, b"x")))


def test_every_unsafe_part_is_named_at_once():
    words = refusal(zipped(("../a", b"1"), ("fine.txt", b"2"), ("/b", b"3")))
    assert [line.split("'")[1] for line in words.splitlines()] == ["../a", "/b"]


def test_a_link_is_refused():
    assert "is a link" in refusal(zipped(("inputs/spend.csv", b"/etc/passwd"), external_attr=0o120777 << 16))


def test_a_bomb_is_refused_before_it_is_unpacked():
    assert "times its size" in refusal(zipped(("bomb.csv", b"0" * 20_000_000)))


def test_a_part_larger_than_its_entry_says_is_refused():
    honest = zipped(("big.csv", b"0" * 900_000))
    directory = honest.index(b"PK\x01\x02")
    # The sizes that an entry states stand 22 bytes into its local header and 24 into the central one.
    lying = bytearray(honest)
    lying[22:26] = lying[directory + 24 : directory + 28] = struct.pack("<I", 10)
    assert "big.csv is damaged" in refusal(bytes(lying))


def test_more_parts_or_bytes_than_any_bundle_has_are_refused(monkeypatch):
    assert "501 parts" in refusal(zipped(*((f"{i}.txt", b"") for i in range(501))))
    monkeypatch.setattr(archive, "MAX_WHOLE", 10)
    assert "unpacks to more than" in refusal(zipped(("a.txt", b"12345678"), ("b.txt", b"12345678")))
    monkeypatch.setattr(archive, "MAX_ARCHIVE", 10)
    assert "is larger than" in refusal(zipped(("a.txt", b"")))


def test_a_part_that_is_there_twice_is_refused():
    with pytest.warns(UserWarning, match="Duplicate name"):
        data = zipped(("a.txt", b"1"), ("a.txt", b"2"))
    assert "a.txt is there more than once" in refusal(data)


@pytest.mark.parametrize("keep", [0, 3, 60, -1, -30])
def test_a_file_that_was_cut_off_is_said_to_be(keep):
    assert "is no ZIP file, or was cut off" in refusal(write_archive(FILES)[:keep])


@pytest.mark.parametrize("data", [b"not a zip", b"PK\x05\x06", b"\x1f\x8b" + bytes(50)])
def test_what_is_no_archive_is_refused(data):
    assert "is no ZIP file" in refusal(data)


def test_a_damaged_part_is_named():
    data = bytearray(zipped(("a.txt", b"hello" * 100), method=zipfile.ZIP_STORED))
    data[60] ^= 1
    assert "a.txt is damaged" in refusal(bytes(data))


def test_an_encrypted_part_and_an_odd_method_are_refused():
    data = bytearray(zipped(("a.txt", b"hello")))
    directory = data.index(b"PK\x01\x02")
    data[6] |= 1
    data[directory + 8] |= 1
    assert "is encrypted" in refusal(bytes(data))
    assert "packed in a way" in refusal(zipped(("a.txt", b"hello"), method=zipfile.ZIP_BZIP2))


def test_every_flipped_byte_is_either_refused_or_harmless():
    whole = write_archive({"a.txt": b"hello", "b.txt": zlib.compress(b"x")})
    for place in range(len(whole)):
        data = bytearray(whole)
        data[place] ^= 0x55
        try:
            found = read_archive(bytes(data), "x.zip")
        except BundleError:
            continue
        # What no checksum covers is names and dates; contents that come back are those that went in.
        assert set(found.values()) <= {b"hello", zlib.compress(b"x")}
