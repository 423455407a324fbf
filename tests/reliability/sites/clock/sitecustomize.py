"""Python's start-up hook for a child: the clock of the module ``time`` stands at CLOCK, in seconds since 1970.

That of ``datetime`` is compiled in; extensions crash when its classes are exchanged.
"""

import os
import time

_now = float(os.environ["CLOCK"])
_localtime, _gmtime, _strftime = time.localtime, time.gmtime, time.strftime
time.time = lambda: _now
time.time_ns = lambda: int(_now) * 10**9
time.localtime = lambda seconds=None: _localtime(_now if seconds is None else seconds)
time.gmtime = lambda seconds=None: _gmtime(_now if seconds is None else seconds)
time.strftime = lambda form, when=None: _strftime(form, _localtime(_now) if when is None else when)
