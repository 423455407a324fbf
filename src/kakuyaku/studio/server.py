"""A Label Studio of one's own: on loopback, with its embedded database, without sign-up, sending nothing to anyone.

Everything it keeps lies in the project's ``.kakuyaku-studio/``. The token stands in a file of mode 600 there (or in
the environment, :data:`KEY`) and reaches the server through its environment, never through its arguments.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import secrets
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from kakuyaku.files import open_private, read_bytes, write_private
from kakuyaku.findings import Failure, Finding
from kakuyaku.locks import take_lock
from kakuyaku.project import Project
from kakuyaku.records import json_bytes, parse_json
from kakuyaku.studio.installing import executable

KEY = "LABEL_STUDIO_API_KEY"
USER = "kakuyaku@localhost"
PORT = 8080  # tried first when a project has had none
START_SECONDS = 240  # the first start migrates an empty database: 20 to 60 s on two cores
STOP_SECONDS = 20
_started: list[subprocess.Popen[bytes]] = []  # servers outlive this program: dropped, they would warn
_LEGACY_TOKEN_LENGTH = 40  # a longer one would be cut by the server's database


@dataclass(frozen=True)
class Home:
    """The files of a project's own server."""

    folder: Path

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def token(self) -> Path:
        return self.folder / "token"

    @property
    def password(self) -> Path:
        return self.folder / "password"

    @property
    def state(self) -> Path:
        """JSON: ``url`` and ``pid`` of the server that was started last."""
        return self.folder / "server.json"

    @property
    def log(self) -> Path:
        return self.folder / "server.log"

    @property
    def lock(self) -> Path:
        """Locked by the server's own process: it tells whether that process lives."""
        return self.folder / "server.lock"


def up(project: Project, tell: Callable[[str], None] = lambda _: None, port: int | None = None) -> tuple[str, bool]:
    """Start the project's server unless it runs. Its address, and whether it was started now.

    Raises:
        Failure: STU004 when it cannot be installed or does not start, STU002 when its data know another token.
    """
    home = Home(project.studio)
    program = executable(tell)
    home.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = take_lock(home.lock)
    if lock is None:
        return _running(home), False
    try:
        address = f"http://127.0.0.1:{_free_port(port or _last_port(home))}"
        tell("starting Label Studio (the first start makes its database)")
        place = ["--internal-host", "127.0.0.1", "--port", str(urlsplit(address).port)]
        with open_private(home.log) as log:
            process = subprocess.Popen(
                [program, "start", "--no-browser", *place],
                env=_environment(home, address),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=home.data,
                pass_fds=(lock,),
                start_new_session=True,
            )
        _started.append(process)
        write_private(home.state, json_bytes({"url": address, "pid": process.pid}))
        try:
            _wait(process, home, address)
            if not answers(address, "/api/current-user/whoami", token=local_token(project)):
                raise Failure(Finding("STU002", address, f"its data were made with another token than {KEY} has"))
        except BaseException:
            process.kill()
            process.wait()
            raise
    finally:
        os.close(lock)  # the server's copy holds on
    return address, True


def down(project: Project) -> bool:
    """End the project's server; False when none runs."""
    home = Home(project.studio)
    if not home.state.exists():
        return False
    lock = take_lock(home.lock)
    if lock is None:
        pid = int(parse_json(read_bytes(home.state), str(home.state))["pid"])
        for each, seconds in ((signal.SIGTERM, STOP_SECONDS), (signal.SIGKILL, STOP_SECONDS)):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, each)
            if (lock := _await_lock(home, seconds)) is not None:
                os.close(lock)
                for process in _started:
                    process.poll()  # one of our own is no zombie then
                return True
        raise Failure(Finding("STU004", str(home.state), f"the server (process {pid}) does not end"))
    os.close(lock)
    return False


def local_url(project: Project) -> str | None:
    """The address of the project's own server, running or not; None when it never had one."""
    state = Home(project.studio).state
    return str(parse_json(read_bytes(state), str(state))["url"]) if state.exists() else None


def local_token(project: Project) -> str | None:
    """The token of the project's own server: from the environment, else from its file."""
    path = Home(project.studio).token
    return os.environ.get(KEY) or (read_bytes(path).decode("ascii").strip() if path.exists() else None)


def answers(address: str, path: str = "/health", seconds: float = 5, token: str | None = None) -> bool:
    """Whether a server says 200 at an address. Nothing secret is sent but the legacy ``token``, where one is given."""
    place = urlsplit(address)
    kind = http.client.HTTPSConnection if place.scheme == "https" else http.client.HTTPConnection
    connection = kind(place.netloc, timeout=seconds)
    try:
        headers = {"Authorization": f"Token {token}"} if token else {}
        connection.request("GET", place.path.rstrip("/") + path, headers=headers)
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _environment(home: Home, address: str) -> dict[str, str]:
    """The server's whole environment. Label Studio takes settings from bare names too: nothing else may come in."""
    secret = {}
    for path, given in ((home.token, os.environ.get(KEY)), (home.password, None)):
        if not given and not path.exists():
            write_private(path, secrets.token_hex(_LEGACY_TOKEN_LENGTH // 2).encode("ascii") + b"\n")
        secret[path] = given or read_bytes(path).decode("ascii").strip()
    if len(secret[home.token]) != _LEGACY_TOKEN_LENGTH or not secret[home.token].isalnum():
        message = f"is no legacy token of {_LEGACY_TOKEN_LENGTH} letters and digits"
        raise Failure(Finding("STU004", KEY, message, fix=f"Unset {KEY}: the server then gets a token of its own."))
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
    return kept | {
        "PYTHONUTF8": "1",
        "PYTHONUNBUFFERED": "1",
        "LABEL_STUDIO_HOST": address,
        "LABEL_STUDIO_BASE_DATA_DIR": str(home.data),
        "LABEL_STUDIO_USERNAME": USER,
        "LABEL_STUDIO_PASSWORD": secret[home.password],
        "LABEL_STUDIO_USER_TOKEN": secret[home.token],
        "LABEL_STUDIO_ENABLE_LEGACY_API_TOKEN": "true",
        "LABEL_STUDIO_DISABLE_SIGNUP_WITHOUT_LINK": "true",
        "LABEL_STUDIO_LOCAL_FILES_SERVING_ENABLED": "false",
        "COLLECT_ANALYTICS": "false",
        "LATEST_VERSION_CHECK": "false",
        "FEATURE_FLAGS_OFFLINE": "true",
        "SENTRY_DSN": "",
        "FRONTEND_SENTRY_DSN": "",
    }


def _last_port(home: Home) -> int:
    with contextlib.suppress(Failure, ValueError, KeyError, TypeError):
        return int(str(json.loads(read_bytes(home.state))["url"]).rsplit(":", 1)[1])
    return PORT


def _free_port(wanted: int) -> int:
    """``wanted`` if nobody listens there, else any free one: Label Studio itself would move on without a word."""
    for port in (wanted, 0):
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
            return int(probe.getsockname()[1])
    raise Failure(Finding("STU004", "127.0.0.1", "has no free port"))


def _wait(process: subprocess.Popen[bytes], home: Home, address: str) -> None:
    end = time.monotonic() + START_SECONDS
    while not answers(address):
        if process.poll() is not None:
            raise Failure(Finding("STU004", str(home.log), f"the server ended with {process.returncode}"))
        if time.monotonic() > end:
            raise Failure(Finding("STU004", str(home.log), f"the server does not answer after {START_SECONDS} s"))
        time.sleep(0.2)


def _running(home: Home) -> str:
    """The address of the server whose process holds the lock, once it answers."""
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        with contextlib.suppress(Failure):
            address = str(parse_json(read_bytes(home.state), str(home.state))["url"])
            if answers(address):
                return address
        time.sleep(0.5)
    raise Failure(Finding("STU004", str(home.log), "the server runs and does not answer", fix="`kakuyaku studio down`"))


def _await_lock(home: Home, seconds: float) -> int | None:
    end = time.monotonic() + seconds
    while (lock := take_lock(home.lock)) is None and time.monotonic() < end:
        time.sleep(0.1)
    return lock
