"""A disk that can be filled and emptied: a small file system in memory, or, where none may be mounted, a limit to all writing."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


class SmallDisk:
    """`limit_writing`: stops those who write to it ("0") and lets them go on ("unlimited"), where that stands for a full disk.

    NO_MOUNT=1: as where nothing may be mounted.
    """

    def __init__(self, megabytes: int) -> None:
        self.place = Path(tempfile.mkdtemp(prefix="small-disk-"))
        self.place.chmod(0o755)
        self.mounted = os.environ.get("NO_MOUNT") != "1" and _mount(self.place, megabytes)
        self.limit_writing: Callable[[str], None] = lambda _: None
        self._filler = self.place / "filler"

    def fill(self) -> None:
        if not self.mounted:
            self.limit_writing("0")
            return
        with self._filler.open("wb", buffering=0) as file:
            for size in (1 << 20, 1 << 12, 1):
                with suppress(OSError):
                    while True:
                        file.write(bytes(size))

    def free(self) -> None:
        if self.mounted:
            self._filler.unlink()
        else:
            self.limit_writing("unlimited")

    def remove(self) -> None:
        if self.mounted:
            subprocess.run(["umount", "--lazy", self.place], check=True)
        shutil.rmtree(self.place)


def _mount(place: Path, megabytes: int) -> bool:
    command = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", place]
    return os.geteuid() == 0 and subprocess.run(command, capture_output=True, check=False).returncode == 0


def limit_writing(pid: int, size: str, *, run_as: tuple[str, ...] = ()) -> None:
    """Of one process. It may have ended meanwhile."""
    subprocess.run([*run_as, "prlimit", f"--pid={pid}", f"--fsize={size}:"], capture_output=True, check=False)


@contextmanager
def small_disk(megabytes: int) -> Iterator[SmallDisk]:
    disk = SmallDisk(megabytes)
    try:
        yield disk
    finally:
        disk.remove()
