"""The server of `make run`: granian, with workers forked from here that find Django loaded and open their own database."""

import gc
import os
import signal
import threading
from functools import partial
from typing import Any

from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels
from granian.server.mp import MPServer

from plan_portal.startup.listening import Listening

WORKERS, SECONDS_TO_STOP = 2, 4


class PortalServer(MPServer):
    def signal_handler_reload(self, *_args: Any, **_kwargs: Any) -> None:
        """A terminal that is closed stops the portal; granian would go on, unseen, and keep the port."""
        self.signal_handler_interrupt()  # type: ignore[no-untyped-call]  # untyped library


def serve(listening: Listening) -> None:
    """Answers until Ctrl+C, SIGTERM or SIGHUP. Every database connection must be closed before."""
    end_of_parent, kept_by_parent = os.pipe()
    os.register_at_fork(after_in_child=_hear_only_the_parent)
    os.register_at_fork(after_in_child=partial(_end_with_the_parent, end_of_parent, kept_by_parent))
    gc.collect()
    gc.freeze()  # a collection in a worker would write to every object that was loaded here, and so copy it: 9 MB a worker
    PortalServer(
        "plan_portal.startup.worker:application",
        address=listening.ip,
        port=listening.port,
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,
        websockets=False,
        workers=WORKERS,
        blocking_threads=1,
        log_level=LogLevels.error,
        workers_kill_timeout=SECONDS_TO_STOP,
        respawn_failed_workers=True,
    ).serve()


def _hear_only_the_parent() -> None:
    """Ctrl+C reaches a whole process group, and the parent then stops its workers: two signals at once hang a worker.

    Until a worker has set handlers of its own, those that it inherits would swallow the one signal.
    """
    os.setpgid(0, 0)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _end_with_the_parent(end_of_parent: int, kept_by_parent: int) -> None:
    """A parent that is killed cannot stop its workers: they would go on, unseen, and keep the port from the next start.

    The pipe is never written to, so a read of it returns once nobody can write any more.
    """
    os.close(kept_by_parent)

    def wait() -> None:
        os.read(end_of_parent, 1)
        os.kill(os.getpid(), signal.SIGKILL)

    threading.Thread(target=wait, name="end-with-the-parent", daemon=True).start()
