"""A second PostgreSQL server that follows another one."""

import shutil
import tempfile
from pathlib import Path

from tests.faults.own_postgresql import OwnPostgresql


class Standby(OwnPostgresql):
    """Only reads. It has what the other one commits a moment later."""

    def __init__(self, primary: OwnPostgresql) -> None:
        self.programs, self.owner, self.run_as = primary.programs, primary.owner, primary.run_as
        self.place = Path(tempfile.mkdtemp(prefix="standby-"))
        shutil.chown(self.place, self.owner)
        origin = ("-h", str(primary.place), "-U", "portal")
        self._run("pg_basebackup", *origin, "--write-recovery-conf", "--checkpoint=fast", "--no-sync")
        self.start()

    def follow(self) -> None:
        self.ask("SELECT pg_wal_replay_resume()")

    def fall_behind(self) -> None:
        """What the other one commits from now on is not seen until follow()."""
        self.ask("SELECT pg_wal_replay_pause()")
