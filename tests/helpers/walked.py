"""A plugin of pytest that notes which test walks which line of some files: `-p tests.helpers.walked`.

The environment names the files (MINECO_WALKED, parted by the path separator) and the folder for what each process saw.
"""

import functools
import json
import os
import sys
import time
from pathlib import Path

import pytest

FILES = dict.fromkeys(filter(None, os.environ.get("MINECO_WALKED", "").split(os.pathsep)))
seen, current = {}, None


def trace(frame, event, _):
    name = frame.f_code.co_filename
    if name not in FILES or current is None:
        return None
    seen[current]["lines"].setdefault(name, set()).add(frame.f_lineno)
    return trace


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item):
    global current
    for name, module in list(sys.modules.items()):  # what an earlier test computed and kept would hide lines from it
        for one in vars(module).values() if name.startswith("tests.") else ():
            if isinstance(one, functools._lru_cache_wrapper) and one.__module__ == name:
                one.cache_clear()
    current, begun = item.nodeid, time.perf_counter()
    seen[current] = {"lines": {}, "passed": True}
    sys.settrace(trace)
    try:
        return (yield)
    finally:
        sys.settrace(None)
        seen[current]["seconds"], current = time.perf_counter() - begun, None


def pytest_runtest_logreport(report):
    if report.nodeid in seen and not report.passed:
        seen[report.nodeid]["passed"] = False


def pytest_sessionfinish():
    if seen:
        text = json.dumps(seen, default=sorted)
        (Path(os.environ["MINECO_WALKED_TO"]) / f"{os.getpid()}.json").write_text(text, "utf-8")
