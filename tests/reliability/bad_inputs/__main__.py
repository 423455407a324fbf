"""Run the cases whose names begin with an argument, and say what each does wrong."""

from __future__ import annotations

import sys
import time

from tests.reliability.bad_inputs import cases
from tests.reliability.bad_inputs.trying import faults_of

if __name__ == "__main__":
    wanted = tuple(sys.argv[1:]) or ("",)
    n = wrong = 0
    began = time.monotonic()
    for case in cases():
        if case.name.startswith(wanted):
            n += 1
            start = time.monotonic()
            faults = faults_of(case)
            if (took := time.monotonic() - start) > 3:
                print(f"slow {case.name} {took:.1f}", flush=True)
            wrong += bool(faults)
            for fault in faults:
                print(f"{case.name}: {fault}", flush=True)
    print(f"{n} cases, {wrong} wrong, {time.monotonic() - began:.0f} s")
    sys.exit(bool(wrong))
