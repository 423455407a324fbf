"""Known vulnerabilities of the locked dependencies, told apart from an audit that could not be made.

    python .ci/audit.py LOCK

pip-audit ends with 1 for a vulnerability and for a network that is down, and with 0 where the service knows none of the
packages. Here 0 means that every package was looked up and none has a known vulnerability, 1 that one has, 3 that the
audit could not be made, wholly or in part.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path


def verdict(report: str | None, trouble: str) -> tuple[int, str]:
    """Exit code and message.

    Args:
        report: what pip-audit wrote as JSON; None when it wrote nothing.
        trouble: what it printed on standard error.
    """
    if not report:
        reason = trouble.strip().splitlines()[-1][:200] if trouble.strip() else "pip-audit wrote no report"
        return 3, f"The audit needs a vulnerability service on the network and could not be made: {reason}"
    dependencies = json.loads(report)["dependencies"]
    skipped = [each["name"] for each in dependencies if "skip_reason" in each]
    faults = [
        f"{each['name']} {each['version']}: {fault['id']}, fixed in {', '.join(fault['fix_versions']) or 'no version'}"
        for each in dependencies
        for fault in each.get("vulns", ())
    ]
    if faults:
        return 1, "\n".join([*faults, f"{len(faults)} known vulnerabilities. Raise the versions: make lock"])
    if skipped or not dependencies:
        return 3, (
            f"The vulnerability service does not know {len(skipped)} of {len(dependencies)} packages "
            f"({', '.join(skipped[:5])}…): this is no audit. Run it where the service is whole."
        )
    return 0, f"{len(dependencies)} packages, no known vulnerability."


def main(lock: str) -> int:
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder, "audit.json")
        command = [sys.executable, "-m", "pip_audit", "--requirement", lock, "--require-hashes", "--disable-pip",
                   "--format", "json", "--output", str(report), "--progress-spinner", "off"]  # fmt: skip
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        code, message = verdict(report.read_text("utf-8") if report.exists() else None, done.stderr)
    print(message, file=sys.stderr if code else sys.stdout)
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
