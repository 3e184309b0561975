"""What the operations guide and deploy/ name is there: commands, settings, files, sections."""

import configparser
import getpass
import re
import shlex
import subprocess
from itertools import pairwise
from pathlib import Path

import pytest
import yaml
from django.core.management import get_commands

from tests.portal_process import clean_environment

ROOT = Path(__file__).resolve().parents[3]
DEPLOY = ROOT / "deploy"
GUIDE = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
UNITS = sorted([*DEPLOY.glob("systemd/*.service"), *DEPLOY.glob("systemd/*.timer")])
ONLY_FOR_COMPOSE = {"POSTGRES_PASSWORD"}
READ = re.compile(r"""(?:env\.\w+|os\.environ\.get|environment\.get)\(\s*"([A-Z_]+)\"""")


def options(command: str) -> set[str]:
    module = ROOT / "plan_portal" / "management" / "commands" / f"{command}.py"
    return set(re.findall(r'"(--[a-z-]+)"', module.read_text(encoding="utf-8"))) if module.exists() else set()


def commands(text: str) -> list[tuple[str, list[str]]]:
    """Each `manage.py X --option` in a text, and `manage.sh X`."""
    found = re.findall(r"manage\.(?:py|sh) ([a-z_]+)((?: [^\s`|]+)*)", text)
    return [(name, re.findall(r"--[a-z-]+", rest)) for name, rest in found]


def test_every_command_of_the_guide_is_there():
    named = commands(GUIDE)
    assert {"backup", "restore", "move_database", "createsuperuser"} <= {name for name, _ in named}
    assert {name for name, _ in named} <= set(get_commands())
    ours = {"backup", "restore", "move_database"}
    assert [(name, used) for name, used in named if name in ours and not set(used) <= options(name)] == []


def test_every_make_of_the_guide_is_there():
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = set(re.findall(r"[`\"]make ([a-z]+)", GUIDE))
    assert named
    assert named <= targets


def test_every_link_of_the_guide_leads_somewhere():
    headings = {
        re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in re.findall(r"^#+ (.+)$", GUIDE, re.M)
    }
    links = re.findall(r"\]\(([^)]+)\)", GUIDE)
    assert links
    for link in links:
        assert link[1:] in headings if link.startswith("#") else (ROOT / "docs" / link).resolve().exists(), link


def test_files_of_deploy_that_the_guide_names_are_there():
    named = set(re.findall(r"\bdeploy/[\w./-]+\w", GUIDE))
    assert named
    assert [name for name in sorted(named) if not (ROOT / name).exists()] == []


def test_refusals_lead_to_a_section_that_is_there():
    for path in (ROOT / "plan_portal").rglob("*.py"):
        for section in re.findall(r"docs/operations\.md の「([^」]+)」", path.read_text(encoding="utf-8")):
            assert re.search(f"^#+ {section}$", GUIDE, re.M), section


def test_the_example_environment_is_the_settings_own():
    """Every variable that the portal reads, and no other; nothing secret."""
    code = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "plan_portal").rglob("*.py"))
    lines = (DEPLOY / "example.env").read_text(encoding="utf-8").splitlines()
    values = dict(line.lstrip("#").split("=", 1) for line in lines if re.match(r"#?[A-Z_]+=", line))
    assert set(values) == set(READ.findall(code)) | ONLY_FOR_COMPOSE
    assert not any(values[name] for name in ("SECRET_KEY", "PORTAL_SAMPLE_PASSWORD", "POSTGRES_PASSWORD"))
    for before, line in pairwise(lines):
        if re.match(r"#?[A-Z_]+=", line):
            assert before.startswith("# ") or re.match(r"#?[A-Z_]+=", before), line


def unit(path: Path) -> configparser.ConfigParser:
    parsed = configparser.ConfigParser(strict=True, interpolation=None)
    parsed.optionxform = str
    parsed.read_string(path.read_text(encoding="utf-8"))
    return parsed


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_units_start_commands_that_are_there(path):
    parsed = unit(path)
    if path.suffix == ".timer":
        assert path.with_suffix(".service") in UNITS
        assert parsed["Timer"]["Persistent"] == "yes" or parsed["Timer"]["Persistent"] == "true"
        assert parsed["Install"]["WantedBy"] == "timers.target"
        return
    program, *arguments = shlex.split(parsed["Service"]["ExecStart"])
    assert program == "/opt/plan-portal/.venv/bin/python"
    assert arguments[0] == "manage.py"
    assert arguments[1] in get_commands()
    assert {word for word in arguments[2:] if word.startswith("--")} <= options(arguments[1])
    assert path.with_suffix(".timer") in UNITS or parsed["Install"]["WantedBy"] == "multi-user.target"


def test_units_may_do_no_more_than_they_need():
    service = unit(DEPLOY / "systemd" / "plan-portal-.service.d" / "common.conf")["Service"]
    wanted = {"User": "plan-portal", "ProtectSystem": "strict", "NoNewPrivileges": "yes", "CapabilityBoundingSet": ""}
    assert {name: service[name] for name in wanted} == wanted
    assert service["UMask"] == "0077"


def manage(place, *arguments):
    return subprocess.run(  # noqa: S603
        ["/bin/sh", str(DEPLOY / "manage.sh"), *arguments],
        cwd="/",
        env=clean_environment(PORTAL_USER=getpass.getuser(), PORTAL_ENV=str(place / "env"), PORTAL_VAR=str(place)),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def test_manage_reads_the_settings_as_systemd_does(tmp_path):
    code = "from django.conf import settings; print(settings.DATA_LICENCE, settings.BACKUP_DIR, settings.PORTAL_MAIL)"
    (tmp_path / "env").write_text(
        f"# 説明 A=1\n#PORTAL_MAIL=1\nPORTAL_BACKUPS={tmp_path}/a=b\nPORTAL_DATA_LICENCE=CC BY $HOME 4.0",
        encoding="utf-8",
    )
    said = manage(tmp_path, "shell", "--no-imports", "-c", code)
    assert said.stdout == f"CC BY $HOME 4.0 {tmp_path}/a=b False\n"
    assert (tmp_path / "secret-key").stat().st_mode & 0o777 == 0o600


def test_manage_without_its_settings(tmp_path):
    said = manage(tmp_path, "check")
    assert (said.returncode, said.stdout) == (1, "")
    assert "を読めません。sudo を付けて打つか" in said.stderr


class TestContainers:
    compose = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
    recipe = (DEPLOY / "Containerfile").read_text(encoding="utf-8")

    def test_every_volume_is_declared_and_used(self):
        mounts = [mount.split(":")[0] for service in self.compose["services"].values() for mount in service["volumes"]]
        assert {mount for mount in mounts if mount[0] not in "./"} == set(self.compose["volumes"])

    def test_services_wait_for_services_that_are_there(self):
        services = self.compose["services"]
        assert set(services) == {"portal", "nginx", "db"}
        assert all(set(service.get("depends_on", ())) <= set(services) for service in services.values())
        assert services["nginx"]["network_mode"] == "service:portal"
        assert all("ports" not in services[name] for name in ("db", "nginx"))

    def test_no_secret_and_no_privilege(self):
        assert "privileged" not in str(self.compose)
        assert all(service["restart"] == "unless-stopped" for service in self.compose["services"].values())
        assert self.compose["services"]["portal"]["cap_drop"] == ["ALL"]
        for service in self.compose["services"].values():
            password = service.get("environment", {}).get("POSTGRES_PASSWORD", "${POSTGRES_PASSWORD:?")
            assert password.startswith("${POSTGRES_PASSWORD:?")

    def test_the_programs_of_postgresql_are_the_server_s_own(self):
        release = self.compose["services"]["db"]["image"].rpartition(":")[2]
        assert f"postgresql-client-{release} " in self.recipe

    def test_the_portal_is_not_root_and_is_built_of_what_is_there(self):
        build = self.compose["services"]["portal"]["build"]
        assert (DEPLOY / build["context"] / build["dockerfile"]).resolve() == DEPLOY / "Containerfile"
        assert self.recipe.index("USER plan-portal") < self.recipe.index("CMD ")
        kept = re.findall(r"^!(.+)$", (DEPLOY / "Containerfile.dockerignore").read_text(encoding="utf-8"), re.MULTILINE)
        assert [name for name in kept if not (ROOT / name).exists()] == []
        rooms = {path.parent.name for path in ROOT.glob("*/apps.py")}
        assert rooms | {"manage.py", "templates", "static", "fixtures"} <= set(kept)
