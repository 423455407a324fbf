"""A real Label Studio for the tests, started from a database that was migrated once and is kept in the user's cache."""

from __future__ import annotations

import contextlib
import os
import shutil
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import sync_playwright

from kakuyaku.annotation.actors import read_actors
from kakuyaku.annotation.label_config import label_config
from kakuyaku.contract import load
from kakuyaku.project import Project
from kakuyaku.studio.connection import URL, Connection, connect
from kakuyaku.studio.installing import SERVER_VERSION
from kakuyaku.studio.server import KEY, Home, down, local_token, up
from tests.conftest import REPOSITORY
from tests.studio import browser

CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
FLAGS += ["--disable-component-update", "--disable-sync"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        item.add_marker(pytest.mark.enable_socket)


@pytest.fixture(scope="session")
def template() -> Path:
    """The ``.kakuyaku-studio`` of a server that was started once: data, token and password."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    kept = cache / "kakuyaku-tests" / f"label-studio-{SERVER_VERSION}"
    if not kept.exists():
        making = Project(kept.with_name(f"making-{os.getpid()}"))
        shutil.rmtree(making.root, ignore_errors=True)
        making.root.mkdir(parents=True)
        up(making, print)
        down(making)
        for name in ("server.json", "server.log", "server.lock"):
            (making.studio / name).unlink()
        with contextlib.suppress(OSError):  # somebody else was faster
            making.studio.rename(kept)
        shutil.rmtree(making.root, ignore_errors=True)
    return kept


@pytest.fixture(scope="session")
def start(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], Project]]:
    """Starts a fresh server in a project of its own; all are stopped at the end."""
    started: list[Project] = []

    def fresh() -> Project:
        project = Project(tmp_path_factory.mktemp("server"))
        shutil.copytree(template, project.studio)
        up(project)
        started.append(project)
        return project

    yield fresh
    for project in started:
        down(project)


@pytest.fixture(scope="session")
def server(start: Callable[[], Project]) -> Project:
    """The project whose server most tests share; each test takes annotators of its own."""
    return start()


@pytest.fixture
def connection(server: Project, monkeypatch: pytest.MonkeyPatch) -> Iterator[Connection]:
    """A connection to the shared server, which the environment names as well."""
    name_server(server, monkeypatch)
    with connect(server) as connected:
        yield connected


def name_server(server: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the environment name a project's server."""
    token = local_token(server)
    assert token is not None
    monkeypatch.setenv(URL, up(server)[0])
    monkeypatch.setenv(KEY, token)


def sign_in(server: Project) -> tuple[str, str]:
    """User and password for the pages of a server."""
    from kakuyaku.studio.server import USER

    return USER, Home(server.studio).password.read_text("ascii").strip()


@pytest.fixture(scope="session")
def config() -> str:
    registry = read_actors((REPOSITORY / "annotation/actors.csv").read_bytes(), "actors.csv")[0]
    return label_config(load("vocabulary"), load("annotation"), registry.actors.values())


@pytest.fixture(scope="session")
def keys(config: str) -> dict[tuple[str, str], str]:
    """The key of each label, as Playwright names it, by control and id."""
    found = {}
    for control in ET.fromstring(config).iter():
        for choice in control:
            if key := choice.get("hotkey"):
                found[str(control.get("name")), choice.attrib["alias"].removeprefix("_")] = _pressed(key)
    return found


def _pressed(key: str) -> str:
    """``shift+c`` as Playwright wants it: with shift a letter or digit is named by its place on the keyboard."""
    plain = key.removeprefix("shift+")
    return key if plain == key else f"Shift+{'Digit' if plain.isdecimal() else 'Key'}{plain.upper()}"


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    if not Path(CHROMIUM).exists():
        pytest.fail(f"no Chromium at {CHROMIUM}, so the labelling page is not tested: apt-get install chromium")
    with sync_playwright() as started:
        launched = started.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield launched
        launched.close()


@pytest.fixture
def screen(chromium: Any, server: Project, connection: Connection) -> Iterator[Any]:
    """A signed-in window as wide as a small laptop's; what throws in the page fails the test."""
    window = chromium.new_page(viewport={"width": 1366, "height": 768})
    window.set_default_timeout(60_000)  # a full article takes 7 s on an idle machine
    thrown: list[str] = []
    window.on("pageerror", lambda error: thrown.append(str(error)))
    browser.sign_in(window, connection.url, *sign_in(server))
    yield window
    window.close()
    assert thrown == []
