"""Files of the command line appear whole or not at all, and a full disk is one sentence that names the file."""

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from shareshift.basics.errors import ShareshiftError
from shareshift.basics.files import replacing, write_whole
from support.places import TINY


@pytest.fixture
def full_disk(monkeypatch):
    def refuse(_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", refuse)


def test_a_full_disk_is_named_with_the_file_and_the_old_file_stays(run, tmp_path, full_disk):
    old = tmp_path / "summary.csv"
    old.write_text("of yesterday")
    code, out, err = run("project", TINY, "--draws", 64, "--table", "summary", "--out", tmp_path, "--force")
    assert (code, out) == (2, "")
    assert err.splitlines()[-1] == (
        f"{old}: the disk is full. Free some space, then try again. What was at that place is as it was."
    )
    assert old.read_text() == "of yesterday"
    assert [path.name for path in tmp_path.iterdir()] == ["summary.csv"]


def test_a_write_that_is_cut_off_leaves_the_old_file_and_nothing_beside_it(tmp_path):
    file = tmp_path / "results.zip"
    file.write_bytes(b"old")

    def cut_off():
        with replacing(file) as beside:
            beside.write_bytes(b"half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        cut_off()
    assert file.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [file]


def test_a_file_that_is_replaced_keeps_its_rights_and_the_links_to_it(tmp_path):
    file, link = tmp_path / "real.csv", tmp_path / "link.csv"
    file.write_bytes(b"old")
    file.chmod(0o640)
    link.symlink_to(file)
    write_whole(link, b"new")
    assert link.is_symlink()
    assert file.read_bytes() == b"new"
    assert file.stat().st_mode & 0o777 == 0o640


def test_a_device_is_written_to_and_not_replaced():
    write_whole(Path(os.devnull), b"anything")
    assert not Path(os.devnull).is_file()


def test_another_refusal_names_the_file_that_was_asked_for(run, tmp_path):
    with pytest.raises(FileNotFoundError) as refused:
        write_whole(tmp_path / "nowhere" / "a.csv", b"")
    assert refused.value.filename == str(tmp_path / "nowhere" / "a.csv")
    (tmp_path / "summary.csv").mkdir()
    code, _, err = run("project", TINY, "--draws", 64, "--table", "summary", "--out", tmp_path, "--force")
    assert code == 2
    assert f"{tmp_path / 'summary.csv'}: Is a directory" in err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only some systems have a device that is always full")
def test_a_standard_output_that_is_full_is_a_sentence():
    program = "import sys; from shareshift.cli.main import main; sys.argv = ['shareshift', '-V']; main()"
    with Path("/dev/full").open("w") as full:
        done = subprocess.run([sys.executable, "-c", program], stdout=full, stderr=subprocess.PIPE, text=True)
    assert done.returncode == 2
    assert done.stderr.splitlines()[0].startswith("standard output: No space left on device.")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only some systems have a device that is always full")
def test_a_device_that_is_full_is_a_sentence_too():
    with pytest.raises(ShareshiftError, match="/dev/full: the disk is full"):
        write_whole(Path("/dev/full"), b"anything")
