"""deploy/environment.sh on machines that lack something: one plain sentence that says what to do, and nothing left behind."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TOOLS = ("sh", "cat", "cksum", "mkdir", "rm", "tail")
FILES = ("deploy/environment.sh", "uv.lock", "requirements.txt", "tests/requirements.txt")
# What a stub of Python does before it does what it is asked: it claims to be older, or has no ensurepip.
OLD = "import sys; sys.version_info = (3, 10, 13, 'final', 0); code = sys.argv.pop(1); exec(code)"
INSTALLED_PYTHON = """#!/bin/sh
case "$*" in
*"pip install"*) echo "$*" >>asked; cat pip-says >&2 && exit 1; exit 0 ;;
esac
exit 0
"""


class Machine:
    """A folder with the portal's files, and a PATH that holds only what the test puts there."""

    def __init__(self, place: Path) -> None:
        self.portal = place / "the portal"
        self.path = place / "bin"
        self.path.mkdir()
        for name in FILES:
            (self.portal / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, self.portal / name)
        for tool in TOOLS:
            found = shutil.which(tool)
            assert found
            (self.path / tool).symlink_to(found)

    def has(self, place: str, script: str) -> None:
        program = self.path / place
        program.parent.mkdir(parents=True, exist_ok=True)
        program.write_text(script, encoding="utf-8")
        program.chmod(0o755)

    def make(self, what: str = "runtime") -> subprocess.CompletedProcess[str]:
        return subprocess.run(  # noqa: S603
            [str(self.path / "sh"), "deploy/environment.sh", what, "make run"],
            cwd=self.portal,
            env={"PATH": str(self.path)},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            timeout=120,
            check=False,
        )

    @property
    def asked_of_pip(self) -> list[str]:
        log = self.portal / "asked"
        return log.read_text(encoding="utf-8").splitlines() if log.exists() else []


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


@pytest.fixture
def installed(machine: Machine) -> Machine:
    """A machine with a Python in .venv whose pip does what the file `pip-says` tells."""
    machine.has("../the portal/.venv/bin/python", INSTALLED_PYTHON)
    return machine


def refusal(machine: Machine, what: str = "runtime") -> str:
    result = machine.make(what)
    assert result.returncode == 1
    assert not (machine.portal / ".venv/plan-portal-environment").exists()
    return result.stderr


def test_no_python(machine: Machine) -> None:
    assert refusal(machine).startswith(
        "Python がありません。Python 3.11〜3.14 を入れて、もう一度 make run と打ってください。\n  "
    )
    assert not (machine.portal / ".venv").exists()


def test_too_old_python(machine: Machine) -> None:
    machine.has("python3", f'#!/bin/sh\nshift\nexec "{sys.executable}" -c "{OLD}" "$@"\n')
    assert refusal(machine).startswith("この Python（3.10）では動きません。Python 3.11〜3.14 を入れて、")
    assert not (machine.portal / ".venv").exists()


def test_name_on_path_with_no_python_behind_it(machine: Machine) -> None:
    machine.has("python3.12", "#!/bin/sh\nexit 127\n")
    assert "Python がありません" in refusal(machine)


@pytest.mark.parametrize(("name", "package"), [("python3", "python3-venv"), ("python3.12", "-venv")])
def test_python_without_venv(machine: Machine, name: str, package: str) -> None:
    machine.has(name, f'#!/bin/sh\ncase "$*" in *ensurepip*) exit 1 ;; esac\nexec "{sys.executable}" "$@"\n')
    words, command = refusal(machine).splitlines()
    assert "環境を作る部品（venv）がありません" in words
    assert command.startswith("  sudo apt-get install python3")
    assert command.endswith(package)


def test_folder_that_cannot_be_written(machine: Machine) -> None:
    machine.has("python3", f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    (machine.portal / ".venv").touch()
    assert refusal(machine).startswith("このフォルダーには書き込めません。")


@pytest.mark.parametrize(
    ("pip_says", "words"),
    [
        (
            "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device",
            "ディスクがいっぱい",
        ),
        ("OSError: [Errno 13] Permission denied: 'x'", "書き込めません"),
        ("NewConnectionError: Temporary failure in name resolution", "部品の配布元につながりません"),
        ("ERROR: No matching distribution found for django", "部品の配布元につながりません"),
        ("something that nobody foresaw", "something that nobody foresaw\n部品を入れられませんでした。"),
    ],
)
def test_pip_fails(installed: Machine, pip_says: str, words: str) -> None:
    (installed.portal / "pip-says").write_text(pip_says + "\n", encoding="utf-8")
    assert words in refusal(installed)
    (installed.portal / "pip-says").unlink()
    assert installed.make().returncode == 0


def test_second_time_has_nothing_to_do(installed: Machine) -> None:
    assert "必要な部品を" in installed.make().stdout
    assert installed.make().stdout == ""
    (asked,) = installed.asked_of_pip
    assert "--require-hashes -r requirements.txt" in asked


def test_tests_add_their_parts_and_are_enough_to_run(installed: Machine) -> None:
    for what in ("runtime", "tests", "runtime", "tests"):
        assert installed.make(what).returncode == 0
    assert [line.split()[-1] for line in installed.asked_of_pip] == ["requirements.txt", "tests/requirements.txt"]


def test_changed_parts_are_installed(installed: Machine) -> None:
    installed.make()
    with (installed.portal / "requirements.txt").open("a", encoding="utf-8") as file:
        file.write("# more\n")
    installed.make()
    assert len(installed.asked_of_pip) == 2
