"""What goes wrong around the server: killed in the middle, not there, another version, a wrong token; and much work."""

from __future__ import annotations

import copy
import http.server
import json
import os
import resource
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from kakuyaku.annotation.room import Room
from kakuyaku.annotation.standoff import to_bytes
from kakuyaku.findings import Failure
from kakuyaku.project import Project
from kakuyaku.studio.connection import CHUNK as FETCHED
from kakuyaku.studio.connection import URL, Connection, connect
from kakuyaku.studio.controls import read_controls
from kakuyaku.studio.conversion import to_results
from kakuyaku.studio.pulling import pull
from kakuyaku.studio.pushing import CHUNK as SENT_AT_ONCE
from kakuyaku.studio.pushing import config_of, push, task_data, title_of
from kakuyaku.studio.server import KEY, USER, Home, local_token, up
from tests.studio.conftest import name_server, sign_in
from tests.studio.corpora import codes, copies, invented, new_annotator, project_id, sound

MANY = 1000
MEMORY = 1024 * 1024 * 1024  # bytes; what a round trip of MANY articles may add


def kill(server: Project) -> None:
    """End a server as a power cut would."""
    os.kill(json.loads(Home(server.studio).state.read_bytes())["pid"], signal.SIGKILL)


def with_work(room: Room, connection: Connection, annotator: str) -> None:
    """A project on the server in which every article is submitted already."""
    controls = read_controls(config_of(room))
    project = connection.create_project(title=title_of(annotator), label_config=config_of(room))
    tasks = [
        {
            "data": task_data(id_, room.article(id_), "1.2"),
            "annotations": [{"result": to_results(sound(id_, annotator), controls)}],
        }
        for id_ in room.seeds
    ]
    for start in range(0, len(tasks), 100):
        connection.import_tasks(project, copy.deepcopy(tasks[start : start + 100]))


@pytest.mark.parametrize("delay", [0.0, 0.3])
def test_server_killed_in_the_middle_of_a_push(
    start: Callable[[], Project], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, delay: float
) -> None:
    """Killed between two imports, and while one runs: the next push sends what is missing, and nothing twice."""
    server, reader = start(), new_annotator()
    room = invented(tmp_path, copies(4 * SENT_AT_ONCE), reader)
    name_server(server, monkeypatch)
    timers: list[threading.Timer] = []

    def after(done: int, of: int) -> None:
        if not timers:
            timers.append(threading.Timer(delay, kill, [server]))
            timers[0].start()
            timers[0].join(5 if delay == 0 else 0)

    with connect(server) as connection, pytest.raises(Failure) as broken:
        push(room, connection, reader, progress=after)
    assert codes(broken.value.findings) == {"STU001"}
    timers[0].join()
    up(server)
    name_server(server, monkeypatch)
    with connect(server) as connection:
        sent = push(room, connection, reader)
        assert sent.present >= SENT_AT_ONCE and sent.sent + sent.present == len(room.seeds)
        held = Counter(data["article_id"] for data in connection.data(project_id(connection, reader)).values())
    assert held == Counter(list(room.seeds))
    assert sent.findings == ()


def test_server_killed_in_the_middle_of_a_pull(
    start: Callable[[], Project], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """What was read before is written; the next pull brings the rest."""
    server, reader = start(), new_annotator()
    room = invented(tmp_path, copies(2 * FETCHED + 10), reader)
    name_server(server, monkeypatch)
    with connect(server) as connection:
        with_work(room, connection, reader)
        with pytest.raises(Failure) as broken:
            pull(room, connection, reader, progress=lambda done, of: kill(server) if done == FETCHED else None)
    assert codes(broken.value.findings) == {"STU001"}
    folder = room.project.passes / reader
    assert len(list(folder.iterdir())) == FETCHED
    up(server)
    name_server(server, monkeypatch)
    with connect(server) as connection:
        pulled = pull(room, connection, reader)
        assert len(pulled.written) == FETCHED + 10 and codes(pulled.findings) == set()
    for id_ in room.seeds:
        assert json.loads((folder / f"{id_}.json").read_bytes())["article_id"] == id_


def test_a_killed_pull_leaves_the_old_state_or_the_new(connection: Connection, server: Project, tmp_path: Path) -> None:
    """The command itself is killed, at many moments; afterwards every pass is whole, and a last pull completes them."""
    reader = new_annotator()
    room = invented(tmp_path, copies(30), reader)
    with_work(room, connection, reader)
    folder = room.project.passes / reader
    for delay in (2.0, 2.5, 3.0, 3.5, 4.0):
        command = [
            sys.executable,
            "-m",
            "kakuyaku",
            "studio",
            "pull",
            "--project",
            str(tmp_path),
            "--annotator",
            reader,
        ]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(delay)
        process.kill()
        process.wait()
        for path in folder.glob("*.json"):
            assert path.read_bytes().endswith(b"}\n") and json.loads(path.read_bytes())["article_id"] == path.stem
    pull(room, connection, reader, everything=True)
    assert sorted(path.stem for path in folder.iterdir()) == sorted(room.seeds)


def test_a_thousand_articles(connection: Connection, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    reader, other = new_annotator(), new_annotator()
    room = invented(tmp_path, copies(MANY), reader, other)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.monotonic()
    assert push(room, connection, reader).held == MANY
    pushed = time.monotonic()
    assert push(room, connection, reader).sent == 0
    again = time.monotonic()
    with_work(room, connection, other)
    prepared = time.monotonic()
    assert len(pull(room, connection, other).written) == MANY
    pulled = time.monotonic()
    assert pull(room, connection, other).looked_at == 0
    end = time.monotonic()
    memory = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024
    with capsys.disabled():
        print(
            f"\n{MANY} articles: push {pushed - began:.1f} s, again {again - pushed:.1f} s, "
            f"pull {pulled - prepared:.1f} s, again {end - pulled:.1f} s, {memory / 2**20:.0f} MiB more"
        )
    assert memory < MEMORY
    assert (room.project.passes / other / "article-0999.json").read_bytes() == to_bytes(
        sound("article-0999", other)
    ).replace(b'"guideline_version": "1.1"', b'"guideline_version": "1.2"')


def run(*arguments: str, project: Path, **environment: str) -> tuple[int, str]:
    """Exit code and everything that a command printed."""
    done = subprocess.run(
        [sys.executable, "-m", "kakuyaku", *arguments, "--project", str(project)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **environment},
    )
    return done.returncode, done.stdout + done.stderr


COMMANDS = [("studio", "push"), ("studio", "pull"), ("studio", "status")]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_wrong_token_is_refused_and_told_to_nobody(
    connection: Connection, command: tuple[str, ...], tmp_path: Path
) -> None:
    invented(tmp_path, copies(1), new_annotator())
    for token in ("f" * 40, "eyJhbGciOiJIUzI1NiJ9.eyJ0b2tlbiI6MX0.c2lnbmF0dXJl"):
        code, said = run(*command, project=tmp_path, LABEL_STUDIO_API_KEY=token, KAKUYAKU_DEBUG="1")
        assert code == 3 and "STU002" in said and "Traceback" not in said
        assert token not in said and token[:20] not in said


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_no_server(command: tuple[str, ...], tmp_path: Path) -> None:
    invented(tmp_path, copies(1), new_annotator())
    token = "e" * 40
    code, said = run(*command, project=tmp_path, LABEL_STUDIO_URL="http://127.0.0.1:1", LABEL_STUDIO_API_KEY=token)
    assert code == 3 and "STU001" in said and "Traceback" not in said and token not in said


@contextmanager
def answering(answers: Mapping[str, object]) -> Iterator[str]:
    """A server that is no Label Studio, or another one: it gives these answers as JSON, 404 to all else."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = json.dumps(answers.get(self.path.partition("?")[0].rstrip("/"), "no")).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as listening:
        thread = threading.Thread(target=listening.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{listening.server_port}"
        listening.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("answers", "code"),
    [({"/api/version": {"release": "1.99.0", "edition": "Community"}}, "STU003"), ({}, "STU001")],
    ids=["another version", "something else"],
)
def test_another_server(answers: Mapping[str, object], code: str, tmp_path: Path) -> None:
    invented(tmp_path, copies(1), new_annotator())
    with answering(answers) as url:
        left, said = run("studio", "status", project=tmp_path, LABEL_STUDIO_URL=url, LABEL_STUDIO_API_KEY="d" * 40)
    assert left == 3 and code in said and "Traceback" not in said


def test_the_token_stands_in_one_private_file(
    server: Project, connection: Connection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not in the server's log or arguments, not in what commands print or write."""
    token, reader = local_token(server), new_annotator()
    assert token is not None
    room = invented(tmp_path, copies(1), reader)
    printed = [run("studio", each, project=tmp_path)[1] for each in ("push", "pull", "status")]
    monkeypatch.delenv(URL)
    monkeypatch.delenv(KEY)
    printed.append(run("studio", "up", project=server.root)[1])
    home = Home(server.studio)
    assert "password" in printed[-1] and home.password.read_text().strip() not in printed[-1]
    assert [said for said in printed if token in said] == []
    holding = [path for path in (*server.studio.iterdir(), *room.project.root.rglob("*")) if path.is_file()]
    assert [path.name for path in holding if token.encode() in path.read_bytes()] == ["token"]
    assert {path.name: oct(path.stat().st_mode & 0o777) for path in (home.token, home.password, home.log)} == {
        "token": "0o600",
        "password": "0o600",
        "server.log": "0o600",
    }
    pid = json.loads(home.state.read_bytes())["pid"]
    assert token.encode() not in Path(f"/proc/{pid}/cmdline").read_bytes()


def test_a_personal_access_token_is_taken_too(server: Project, connection: Connection, tmp_path: Path) -> None:
    import httpx

    reader = new_annotator()
    room = invented(tmp_path, copies(1), reader)
    push(room, connection, reader)
    user, password = sign_in(server)
    with httpx.Client(base_url=connection.url, follow_redirects=True) as person:
        person.get("/user/login")
        form = {"email": user, "password": password, "csrfmiddlewaretoken": str(person.cookies.get("csrftoken"))}
        person.post("/user/login", data=form, headers={"Referer": f"{connection.url}/user/login"})
        headers = {"X-CSRFToken": str(person.cookies.get("csrftoken")), "Referer": connection.url}
        token = person.post("/api/token/", headers=headers).json()["token"]
    code, said = run("studio", "pull", "--annotator", reader, project=tmp_path, LABEL_STUDIO_API_KEY=token)
    assert (code, "1 of 1 tasks looked at" in said) == (0, True), said
    assert token not in said


def test_nobody_else_can_sign_up(connection: Connection) -> None:
    import httpx

    with httpx.Client(follow_redirects=True) as stranger:
        stranger.get(f"{connection.url}/user/signup")
        form = {"email": "stranger@example.org", "password": "a-long-password", "allow_newsletters": "false"}
        token = stranger.cookies.get("csrftoken")
        stranger.post(
            f"{connection.url}/user/signup",
            data={**form, "csrfmiddlewaretoken": token},
            headers={"X-CSRFToken": str(token), "Referer": f"{connection.url}/user/signup"},
        )
    assert [user.email for user in connection._client.users.list()] == [USER]


def test_up_twice_is_one_server_and_down_ends_it(start: Callable[[], Project]) -> None:
    server = start()
    url, started = up(server)
    assert not started
    code, said = run("studio", "down", project=server.root)
    assert (code, said.strip()) == (0, "stopped")
    assert run("studio", "down", project=server.root) == (0, "no Label Studio of this project was running\n")
    other = "a" * 40
    code, said = run("studio", "up", project=server.root, LABEL_STUDIO_API_KEY=other)
    assert code == 3 and "STU002" in said and other not in said
    assert up(server) == (url, True)  # on the same port again
