"""The folder that nginx serves, release after release."""

import os
import re
from pathlib import Path

import pytest

from plan_portal.published_files.errors import PublishError
from plan_portal.published_files.releases import Changes, Folder

TEXT = "ことばの多いページ" * 50


@pytest.fixture
def static(tmp_path: Path) -> Path:
    (tmp_path / "static").mkdir()
    (tmp_path / "static" / "portal.0123456789ab.css").write_text("main{}")
    return tmp_path / "static"


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "published")


def release(folder: Folder, static: Path, *words: str) -> Changes:
    """Pages that say each word, with and without furigana."""
    names = [f"{state}/{number}/page.html" for number in range(len(words)) for state in ("plain", "furigana")]
    with folder.locked():
        return folder.replace({name: f"{words[int(name.split('/')[1])]}{TEXT}".encode() for name in names}, static)


def files(folder: Folder) -> dict[str, Path]:
    current = folder.path / "current"
    return {str(file.relative_to(current)): file for file in current.rglob("*") if file.is_file()}


def state(folder: Folder) -> tuple[str, dict[str, tuple[int, int, bytes]]]:
    found = {
        name: (file.stat().st_ino, file.stat().st_mtime_ns, file.read_bytes()) for name, file in files(folder).items()
    }
    return str((folder.path / "current").readlink()), found


def releases(folder: Folder) -> list[str]:
    return sorted(entry.name for entry in (folder.path / "releases").iterdir())


def test_a_page_that_stays_keeps_its_file(folder: Folder, static: Path) -> None:
    release(folder, static, "あ", "い")
    _, before = state(folder)
    assert release(folder, static, "あ", "う") == Changes(("plain/1/page.html", "furigana/1/page.html"))
    _, after = state(folder)
    assert {name for name in after if after[name] != before[name]} == {
        f"{furigana}/1/page.html{form}" for furigana in ("plain", "furigana") for form in ("", ".br", ".gz")
    }


def test_a_tag_of_nginx_never_comes_twice(folder: Folder, static: Path) -> None:
    """Also not for contents of one length within one second, nor for other forms of an address: it is made of the seconds and the size."""
    seen: dict[tuple[str, int, int], bytes] = {}
    for words in ("あ", "い", "あ", "う"):
        release(folder, static, words)
        for name, file in files(folder).items():
            address = re.sub(r"^(plain|furigana)/|(\.br|\.gz)$", "", name)
            tag = address, int(file.stat().st_mtime), file.stat().st_size
            assert seen.setdefault(tag, file.read_bytes()) == file.read_bytes(), name
        times = {file.stat().st_mtime for name, file in files(folder).items() if "page" in name}
        assert len(times) == 6, "each form has its own"


def test_what_is_gone_goes(folder: Folder, static: Path) -> None:
    release(folder, static, "あ", "い")
    assert release(folder, static, "あ") == Changes((), ("furigana/1/page.html", "plain/1/page.html"))
    assert not [name for name in files(folder) if "/1/" in name]


def test_two_releases_are_kept(folder: Folder, static: Path) -> None:
    for word in "あいうえ":
        before = releases(folder)[-1:] if (folder.path / "releases").exists() else []
        release(folder, static, word)
        assert releases(folder)[:-1] == before
    assert str((folder.path / "current").readlink()) == f"releases/{releases(folder)[-1]}"


def test_new_static_files_come_and_old_ones_go(folder: Folder, static: Path) -> None:
    release(folder, static, "あ")
    (static / "portal.0123456789ab.css").unlink()
    (static / "portal.ba9876543210.css").write_text("main{color:#333}")
    assert release(folder, static, "あ") == Changes(static=True)
    assert [name for name in files(folder) if name.startswith("static/")] == ["static/portal.ba9876543210.css"]
    assert not release(folder, static, "あ")


def test_static_files_on_another_disk(folder: Folder, static: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    link = os.link

    def within_one_disk(source: Path, target: Path) -> None:
        if static in Path(source).parents:
            raise OSError(18, "Invalid cross-device link")
        link(source, target)

    monkeypatch.setattr(os, "link", within_one_disk)
    release(folder, static, "あ")
    assert files(folder)["static/portal.0123456789ab.css"].read_text() == "main{}"
    assert not release(folder, static, "あ")


def test_a_run_that_was_broken_off(folder: Folder, static: Path) -> None:
    """Killed while it built, or when the release was whole but not linked yet: the next run clears up, and builds on what is linked."""
    release(folder, static, "あ")
    before = state(folder)
    newer = int(releases(folder)[0]) + 1000
    for name in (f"{newer}.new", str(newer + 1), str(newer + 2), str(newer + 3)):
        (folder.path / "releases" / name / "plain").mkdir(parents=True)
    (folder.path / ".current").symlink_to("releases/none")
    assert not release(folder, static, "あ")
    assert state(folder) == before
    assert releases(folder) == [Path(before[0]).name]
    release(folder, static, "い")
    assert len(releases(folder)) == 2


def test_a_full_disk_changes_nothing(folder: Folder, static: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    release(folder, static, "あ")
    before = state(folder)

    def full(_fd: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(PublishError, match=r"No space left on device.*前のファイルは、そのままです"):
            release(folder, static, "い")
    assert state(folder) == before
    assert release(folder, static, "い")


def test_while_another_run_is_at_it(folder: Folder, static: Path) -> None:
    with folder.locked(), pytest.raises(PublishError, match="ほかの publish_site"):
        release(Folder(folder.path), static, "あ")
    release(folder, static, "あ")


def test_folder_that_cannot_be_written(static: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(PublishError, match=r"に書き込めません（.*）。空きと権限を確かめて"):
        release(Folder(tmp_path / "file" / "published"), static, "あ")


def test_no_file_is_left_where_none_is_smaller(folder: Folder, static: Path) -> None:
    with folder.locked():
        folder.replace({"plain/robots.txt/file.txt": b"x", "plain/relationship.png/file.png": bytes(1000)}, static)
    assert sorted(name for name in files(folder) if name.startswith("plain")) == [
        "plain/relationship.png/file.png",
        "plain/robots.txt/file.txt",
    ]
