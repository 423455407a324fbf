"""The one way to a Label Studio server: its address and token, checked before anything is asked, and what is asked.

All requests go through the SDK, without its repetitions: a request that was sent twice would make tasks twice. No
error shows the token, a header or a body.
"""

from __future__ import annotations

import importlib.util
import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlsplit

from kakuyaku.findings import Failure, Finding
from kakuyaku.project import Project
from kakuyaku.studio.installing import SERVER_VERSION
from kakuyaku.studio.server import KEY, local_token, local_url

URL = "LABEL_STUDIO_URL"
SERIES = SERVER_VERSION.rpartition(".")[0]
TIMEOUT = 120  # seconds; an import of 100 articles takes 2
PAGE = 1000  # tasks in a list of ids and times
DATA_PAGE = 200  # tasks in a list with their texts
CHUNK = 50  # tasks fetched whole at once: some MB
# Label Studio applies this list to annotations and drafts too: names and addresses of annotators are not asked for.
_FIELDS = "id,data,annotations,drafts,predictions,updated_at,result,was_cancelled,model_version"
T = TypeVar("T")
Record = dict[str, Any]


@dataclass(frozen=True)
class Task:
    """One task as the server holds it.

    Attributes:
        annotations: the submitted and skipped ones: ``id``, ``result``, ``was_cancelled``.
        drafts: the results of those not submitted.
        predictions: results by model version.
        updated_at: the server's time of the last change to the task or its annotations.
    """

    id: int
    data: Mapping[str, Any]
    annotations: Sequence[Mapping[str, Any]]
    drafts: Sequence[Any]
    predictions: Mapping[str, Any]
    prediction_ids: Mapping[str, int]
    updated_at: str


class Connection:
    """A server that has answered, is of the right version, and knows the token."""

    def __init__(self, url: str, client: Any, close: Callable[[], None]) -> None:
        self.url, self._client, self._close = url, client, close

    def __enter__(self) -> Connection:
        return self

    def __exit__(self, *_: object) -> None:
        self._close()

    def page(self, project: int, task: int | None = None) -> str:
        """The address of a project's page, or of a task's."""
        return f"{self.url}/projects/{project}/data" + (f"?task={task}" if task is not None else "")

    def find_project(self, title: str) -> int | None:
        """The project with exactly this title.

        Raises:
            Failure: STU005 when several have it.
        """
        found = [each.id for each in self._ask(lambda: self._client.projects.list(title=title)) if each.title == title]
        if len(found) > 1:
            raise Failure(Finding("STU005", self.url, f"{len(found)} projects are called “{title}”", fix="Rename one."))
        return found[0] if found else None

    def create_project(self, **settings: Any) -> int:
        """Make a project; its id."""
        return int(self._ask(lambda: self._client.projects.create(**settings)).id)

    def update_project(self, project: int, **settings: Any) -> None:
        """Change a project's settings where they differ.

        Raises:
            Failure: STU005 when the new labelling configuration does not fit the work that is there.
        """
        present = self._ask(lambda: self._client.projects.get(id=project))
        if changed := {key: value for key, value in settings.items() if getattr(present, key, None) != value}:
            if "label_config" in changed:
                config = changed["label_config"]
                self._ask(lambda: self._client.projects.validate_label_config(id=project, label_config=config))
            self._ask(lambda: self._client.projects.update(id=project, **changed))

    def stamps(self, project: int) -> dict[int, str]:
        """The server's time of the last change of each task of a project, by task."""
        listed = self._list(project=project, fields="task_only", include="id,updated_at", page_size=PAGE)
        return {task.id: _time(task.updated_at) for task in listed}

    def data(self, project: int) -> dict[int, Mapping[str, Any]]:
        """The data of every task of a project, by task."""
        listed = self._list(project=project, fields="task_only", include="id,data", page_size=DATA_PAGE)
        return {task.id: task.data or {} for task in listed}

    def tasks(self, project: int, ids: Sequence[int]) -> Iterator[Task]:
        """These tasks with all that was submitted; one that has gone meanwhile is left out."""
        for start in range(0, len(ids), CHUNK):
            chosen = {"selectedItems": {"all": False, "included": list(ids[start : start + CHUNK])}}
            query = json.dumps(chosen)
            yield from map(
                _task, self._list(project=project, fields="all", include=_FIELDS, query=query, page_size=CHUNK)
            )

    def import_tasks(self, project: int, tasks: Sequence[Record]) -> int:
        """Import tasks; how many the server says it took."""
        answer = self._ask(lambda: self._client.projects.import_tasks(id=project, request=list(tasks)))
        return int(answer.task_count or 0)

    def put_prediction(self, task: Task, version: str, results: list[Record]) -> None:
        """Give a task a prediction, or renew the one of this model version."""
        of = {"task": task.id, "model_version": version, "result": results}
        if (id_ := task.prediction_ids.get(version)) is not None:
            self._ask(lambda: self._client.predictions.update(id=id_, **of))
        else:
            self._ask(lambda: self._client.predictions.create(**of))

    def _list(self, **query: Any) -> Any:
        return self._ask(lambda: list(self._client.tasks.list(**query)))

    def _ask(self, request: Callable[[], T]) -> T:
        return _asked(self.url, request)


def connect(project: Project) -> Connection:
    """The server that the environment names (:data:`URL`, :data:`KEY`), else the project's own.

    Raises:
        Failure: ENV001 without the SDK, STU001 when no server answers, STU002 when it does not know the token, STU003
            when it is of another series of versions.
    """
    named = os.environ.get(URL)
    url = (named or local_url(project) or "").rstrip("/")
    token = os.environ.get(KEY) if named else local_token(project)
    if not url:
        raise Failure(Finding("STU001", URL, "is not set, and no local server was ever started"))
    if urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).hostname:
        raise Failure(Finding("STU001", URL, "is no address such as http://127.0.0.1:8080"))
    if not token:
        raise Failure(Finding("STU002", KEY, "is not set"))
    if importlib.util.find_spec("label_studio_sdk") is None:
        raise Failure(Finding("ENV001", url, "label-studio-sdk is missing", fix="pip install 'kakuyaku[annotate]'"))
    import httpx
    from label_studio_sdk import LabelStudio

    local = urlsplit(url).hostname in ("127.0.0.1", "localhost", "::1")
    http = httpx.Client(trust_env=not local, timeout=TIMEOUT, follow_redirects=not local)  # no proxy on the way home
    try:
        client = _asked(url, lambda: LabelStudio(base_url=url, api_key=token, max_retries=0, httpx_client=http))
        check_version(url, _asked(url, client.versions.get).release)
        _asked(url, client.users.whoami)
    except BaseException:
        http.close()
        raise
    return Connection(url, client, http.close)


def check_version(url: str, release: object) -> None:
    """Refuse a server of another series (STU003), and what is no Label Studio at all (STU001)."""
    if not isinstance(release, str):
        raise Failure(Finding("STU001", url, "something answers there that is no Label Studio"))
    if release.split(".")[:2] != SERIES.split("."):
        raise Failure(Finding("STU003", url, f"is Label Studio {release}, expected {SERIES}"))


def refusal(url: str, status: int | None, body: object) -> Finding:
    """What an error of the server means; of its body only the one line made for people."""
    if status in (401, 403):
        return Finding("STU002", url, f"the server refuses the token ({status})")
    detail = body.get("detail") if isinstance(body, dict) else None
    said = f": {str(detail)[:200]}" if detail else ""
    if isinstance(body, dict) and isinstance(body.get("validation_errors"), dict):
        said += f" {str(body['validation_errors'])[:300]}"
    return Finding("STU005", url, f"answers with {status}{said}")


def _asked(url: str, request: Callable[[], T]) -> T:
    import httpx
    from label_studio_sdk.core.api_error import ApiError

    try:
        return request()
    except ApiError as error:
        raise Failure(refusal(url, error.status_code, error.body)) from None
    except httpx.HTTPError as error:
        raise Failure(Finding("STU001", url, f"no answer ({type(error).__name__})")) from None
    except (ValueError, AttributeError, TypeError) as error:  # not what a Label Studio would say
        raise Failure(Finding("STU001", url, f"something else answers there ({type(error).__name__})")) from None


def _time(value: Any) -> str:
    return str(value.isoformat() if hasattr(value, "isoformat") else value).replace("+00:00", "Z")


def _task(listed: Any) -> Task:
    record = listed.model_dump()
    predictions = record.get("predictions") or []
    return Task(
        record["id"],
        record.get("data") or {},
        record.get("annotations") or [],
        [draft.get("result") for draft in record.get("drafts") or [] if not draft.get("annotation")],
        {str(each.get("model_version")): each.get("result") for each in predictions},
        {str(each.get("model_version")): each["id"] for each in predictions if each.get("id") is not None},
        _time(record.get("updated_at")),
    )
