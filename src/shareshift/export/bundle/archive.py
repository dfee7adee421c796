"""Files to one ZIP and back: the same bytes each time, and no archive is trusted before it has been looked through."""

import io
import zipfile
import zlib
from collections.abc import Mapping

from shareshift.basics.errors import ShareshiftError

MAX_ARCHIVE, MAX_WHOLE, MAX_PART, MAX_PARTS = 200_000_000, 500_000_000, 200_000_000, 500
# More than this is no table of numbers but a trap.
MAX_RATIO, SMALL = 500, 1_000_000
MADE = (1980, 1, 1, 0, 0, 0)
ENCRYPTED, LINK = 0x1, 0o120000
BLOCK = 1 << 20


class BundleError(ShareshiftError):
    """A bundle cannot be read: it is no ZIP, cut off, unsafe, or lacks parts."""


def write_archive(files: Mapping[str, bytes]) -> bytes:
    """Return a ZIP of files by path: sorted, without time of day, owner or machine."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for path in sorted(files):
            part = zipfile.ZipInfo(path, MADE)
            part.create_system, part.external_attr = 3, 0o644 << 16
            part.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(part, files[path])
    return buffer.getvalue()


def read_archive(data: bytes, name: str) -> dict[str, bytes]:
    """Return the files of a ZIP by path; nothing is written to disk.

    Raises `BundleError` naming every part that is unsafe, too large, damaged, or there twice.
    """
    if len(data) > MAX_ARCHIVE:
        raise BundleError(f"{name}: is larger than {MAX_ARCHIVE // 1_000_000} MB. No bundle is; choose another file.")
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, EOFError, OSError, NotImplementedError):
        raise BundleError(f"{name}: is no ZIP file, or was cut off. Copy or download it again.") from None
    with archive:
        parts = [part for part in archive.infolist() if not part.is_dir()]
        faults = _faults(parts)
        files: dict[str, bytes] = {}
        for part in parts if not faults else []:
            try:
                files[part.filename] = _read(archive, part)
            except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError):
                faults.append(f"{part.filename} is damaged. Copy or download the file again.")
    if faults:
        raise BundleError("\n".join(f"{name}: {fault}" for fault in faults))
    return files


def _read(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bytes:
    """Return one part, and never more of it than its entry says; what it says may be a lie."""
    with archive.open(part) as stream:
        data = stream.read(part.file_size + 1)
    if len(data) != part.file_size:
        raise zipfile.BadZipFile(part.filename)
    return data


def _faults(parts: list[zipfile.ZipInfo]) -> list[str]:
    if len(parts) > MAX_PARTS:
        return [f"holds {len(parts):,} parts, and a bundle at most {MAX_PARTS}. Choose another file."]
    if sum(part.file_size for part in parts) > MAX_WHOLE:
        return [f"unpacks to more than {MAX_WHOLE // 1_000_000} MB. No bundle does; choose another file."]
    names = [part.filename for part in parts]
    faults = [
        f"{path} is there more than once. Remove one." for path in sorted({n for n in names if names.count(n) > 1})
    ]
    for part in parts:
        faults += [f"{part.filename[:80]!r} {fault}" for fault in _part_faults(part)]
    return faults


def _part_faults(part: zipfile.ZipInfo) -> list[str]:
    path = part.filename
    if path.startswith("/") or "\\" in path or ":" in path or ".." in path.split("/") or not path.isprintable():
        return ["leads out of the archive. Do not trust this file."]
    if part.external_attr >> 16 & 0o170000 == LINK:
        return ["is a link. Do not trust this file."]
    if part.flag_bits & ENCRYPTED:
        return ["is encrypted. Save the archive without a password."]
    if part.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        return ["is packed in a way that bundles are not. Pack it again as a plain ZIP."]
    if part.file_size > MAX_PART:
        return [f"unpacks to more than {MAX_PART // 1_000_000} MB. Choose another file."]
    if part.file_size > SMALL and part.file_size > MAX_RATIO * max(part.compress_size, 1):
        return [f"unpacks to more than {MAX_RATIO} times its size. Do not trust this file."]
    return []
