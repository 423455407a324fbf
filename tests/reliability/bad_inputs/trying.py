"""Running a case through the real command line, and all that a machine can see of how it went."""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import multiprocessing
import os
import re
import resource
import shutil
import signal
import stat
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from kakuyaku import cli
from kakuyaku.commands.console import exit_code
from kakuyaku.findings import codes
from kakuyaku.locks import LOCK
from tests.reliability.bad_inputs.case import Case, Expected
from tests.reliability.bad_inputs.mending import mend

NO_PLACE = re.compile(
    r"FS|ENV|USE|FMT|BUG|BLD|DAT00[1-69]|RAW|JSN00[25]|STU|CLN|MAN003|DUP|SPL|VOC002|DRF003|XML002|ORP"
)
# What a terminal would obey or hide. Standard output may hold the text of an article, where only controls are refused.
CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
HIDDEN = re.compile(r"[\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff\U000e0000-\U000e007f]")
_LINE = re.compile(
    r"(?P<path>.*?)(?::(?P<line>\d+)(?::(?P<column>\d+))?)?(?:::(?P<at>\$.*?))?: (?P<code>[A-Z]+\d+) (?P<message>.+)"
)
_ROOM = 2 * 1024**3  # address space beyond the present: a child that runs away ends before the machine does


@dataclass(frozen=True, slots=True)
class Seen:
    """A finding as a reader of the output sees it."""

    code: str
    path: str
    line: int | None
    column: int | None
    at: str | None
    message: str
    fix: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run showed. ``grown`` is by how many bytes the process grew, in a child of its own."""

    exit: int
    stdout: str
    stderr: str
    findings: tuple[Seen, ...]
    seconds: float
    grown: int = 0


# A run may take so many times its CPU time on a busy machine before it counts as hanging.
WAITING = 10


class Overtime(BaseException):
    """A run that takes too long; no ``except Exception`` of the program stops it."""


def faults_of(case: Case) -> list[str]:
    """Everything in which a case does not go as it must; empty when all is well."""
    with scratch() as folder:
        lay_out(case, folder)
        if case.call is not None:
            findings = case.call(folder)
            seen = tuple(Seen(f.code, f.path, f.line, f.column, f.at, f.message, f.advice) for f in findings)
            return _of_findings(case, Outcome(exit_code(findings), "", "", seen, 0.0))
        before = snapshot(folder)
        try:
            outcome = run(case, folder) if case.memory is None else run_apart(case, folder)
        except Overtime:
            return [f"takes more than {case.seconds:.0f} s"]
        after = snapshot(folder)
        faults = [*of_output(case, outcome), *_of_findings(case, outcome), *of_files(case, before, after)]
        if not faults and case.mends:
            faults = _of_mending(case, folder, outcome)
    return faults


def of_output(case: Case, outcome: Outcome) -> Iterator[str]:
    if "Traceback" in outcome.stderr:
        yield f"a traceback: {outcome.stderr[-400:]}"
    data = case.argv[0] == "clean"
    for name, text in (("standard output", outcome.stdout), ("standard error", outcome.stderr)):
        for pattern in (CONTROLS,) if data and name == "standard output" else (CONTROLS, HIDDEN):
            if match := pattern.search(text):
                yield f"{name} replays U+{ord(match.group()):04X} after {text[: match.start()][-40:]!a}"
    if outcome.seconds > case.seconds:
        yield f"took {outcome.seconds:.1f} s of {case.seconds:.0f}"
    if case.memory is not None and outcome.grown > case.memory:
        yield f"grew by {outcome.grown:,} bytes of {case.memory:,}"


def _of_findings(case: Case, outcome: Outcome) -> list[str]:
    shown = [f"{seen.code} {seen.path}:{seen.line}::{seen.at} {seen.message[:80]}" for seen in outcome.findings]
    faults: list[str] = []
    if outcome.exit != case.exit:
        faults.append(f"exit {outcome.exit}, not {case.exit}: {shown[:3]} {outcome.stderr[-200:]!r}")
    if wrong := ({seen.code for seen in outcome.findings} ^ {each.code for each in case.expected}) - case.also:
        faults.append(f"differs in {', '.join(sorted(wrong))}: {shown[:4]}")
    for each in case.expected:
        if not any(_fits(each, seen) for seen in outcome.findings):
            faults.append(f"no finding is {each}: {shown[:4]}")
    for seen in outcome.findings:
        if seen.code not in codes():
            faults.append(f"{seen.code} is no code")
        if not seen.path.strip() or not seen.message.strip() or len(seen.fix.strip()) < 8:
            faults.append(f"{seen.code} lacks a path, a message or a fix")
        if seen.line is None and seen.at is None and "://" not in seen.path and not NO_PLACE.match(seen.code):
            faults.append(f"{seen.code} has no place: {seen.message[:80]}")
        if len(seen.message) > 4_000:
            faults.append(f"{seen.code} has a message of {len(seen.message):,} characters")
    return faults


def _fits(expected: Expected, seen: Seen) -> bool:
    return (
        seen.code == expected.code
        and seen.path.endswith(expected.path)
        and expected.line in (None, seen.line)
        and expected.at in (None, seen.at)
    )


def of_files(case: Case, before: dict[str, str], after: dict[str, str]) -> list[str]:
    changed = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)} - {LOCK}
    changed = {name for name in changed if not name.endswith(f"/{LOCK}")}
    if case.exit == 0:
        changed = {name for name in changed if not any(fnmatch(name, pattern) for pattern in case.written)}
    return [f"changed {name}" for name in sorted(changed)]


def _of_mending(case: Case, folder: Path, outcome: Outcome) -> list[str]:
    for _ in range(5):  # one control character may hide behind another
        if not mend(folder, outcome.findings):
            return [f"the advice cannot be followed: {outcome.findings[:2]}"]
        outcome = run(case, folder)
        if outcome.exit == 0:
            return []
    return [f"what was advised does not help: {outcome.findings[:3]}"]


@contextlib.contextmanager
def scratch() -> Iterator[Path]:
    """An empty folder, gone afterwards whatever rights it was given."""
    folder = Path(tempfile.mkdtemp(prefix="case-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def lay_out(case: Case, folder: Path) -> None:
    """Write the files of a case."""
    for name, data in case.files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    if case.prepare is not None:
        case.prepare(folder)


def snapshot(folder: Path) -> dict[str, str]:
    """Every path below a folder with what stands there: hash, link, kind and mode."""
    found = {}
    for root, folders, names in os.walk(folder):
        for name in (*folders, *names):
            path = Path(root, name)
            status = path.lstat()
            what = f"{status.st_mode:o}"
            if stat.S_ISLNK(status.st_mode):
                what += f" {path.readlink()}"
            elif stat.S_ISREG(status.st_mode):
                with contextlib.suppress(OSError):
                    what += hashlib.blake2b(path.read_bytes()).hexdigest()
            found[str(path.relative_to(folder))] = what
    return found


def run(case: Case, folder: Path) -> Outcome:
    """Run the command of a case inside this process."""
    argv = list(case.argv)
    as_json = argv[0] == "check" and "--format" not in argv and "--explain" not in argv
    if as_json:
        argv[1:1] = ["--format", "json"]
    streams = [io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) for _ in range(2)]
    stdin = io.TextIOWrapper(io.BytesIO(case.stdin), encoding="utf-8")
    kept, here = (sys.argv, sys.stdin, sys.stdout, sys.stderr), Path.cwd()

    def overtime(*_: Any) -> None:
        raise Overtime

    old = signal.signal(signal.SIGALRM, overtime), signal.signal(signal.SIGPROF, overtime)
    signal.setitimer(signal.ITIMER_PROF, case.seconds)
    signal.setitimer(signal.ITIMER_REAL, case.seconds * WAITING)
    began = time.process_time()
    try:
        os.chdir(folder)
        sys.argv, sys.stdin, sys.stdout, sys.stderr = ["kakuyaku", *argv], stdin, *streams
        try:
            cli.main()
        except SystemExit as end:
            status = end.code if isinstance(end.code, int) else int(end.code is not None)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, old[0])
        signal.signal(signal.SIGPROF, old[1])
        sys.argv, sys.stdin, sys.stdout, sys.stderr = kept
        os.chdir(here)
    seconds = time.process_time() - began
    out, err = (stream.buffer.getvalue().decode("utf-8", "replace") for stream in streams)
    return Outcome(status, out, err, tuple(_findings(out if as_json else "", err)), seconds)


def _findings(out: str, err: str) -> Iterator[Seen]:
    if out.startswith("["):  # help is no list of findings
        for each in json.loads(out):
            yield Seen(*(each[key] for key in ("code", "path", "line", "column", "at", "message", "fix")))
    for line in err.splitlines():
        match = _LINE.fullmatch(line)
        if match and match["code"] in codes():
            message, fix = match["message"], codes()[match["code"]].fix
            number, column = (int(match[name]) if match[name] else None for name in ("line", "column"))
            yield Seen(match["code"], match["path"], number, column, match["at"], message, fix)


def _status(field: str) -> int:
    """A figure of this process in bytes, as the kernel gives it."""
    lines = Path("/proc/self/status").read_text("ascii").splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(field))


def limit_memory(more: int) -> None:
    """Let this process have so many bytes of address space beyond what it has now."""
    space = _status("VmSize") + more
    resource.setrlimit(resource.RLIMIT_AS, (space, space))


def _worker(case: Case, folder: str, pipe: Any) -> None:
    limit_memory(_ROOM)
    Path("/proc/self/clear_refs").write_text("5", "ascii")  # the peak counts from here
    before = _status("VmRSS")
    outcome = run(replace(case, seconds=case.seconds * 2), Path(folder))
    pipe.send(replace(outcome, stdout=outcome.stdout[-100_000:], grown=_status("VmHWM") - before))


def forking() -> Any:
    """Where children come from: a process that has the program loaded and nothing else done."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.reliability.bad_inputs.preload"])
    return context


def run_apart(case: Case, folder: Path, start: Callable[[], Any] = forking) -> Outcome:
    """Run the command of a case in a child with bounded memory, which is killed when it takes too long."""
    context = start()
    receiving, sending = context.Pipe(duplex=False)
    portable = replace(case, prepare=None, files={}, call=None)
    child = context.Process(target=_worker, args=(portable, str(folder), sending))
    child.start()
    sending.close()
    try:
        if not receiving.poll(case.seconds * WAITING * 2):
            raise Overtime
        found = receiving.recv()
        assert isinstance(found, Outcome)
        return found
    except EOFError:
        child.join()
        return Outcome(-1, "", f"the process ended with {child.exitcode}", (), 0.0)
    finally:
        child.kill()
        child.join()
        receiving.close()
