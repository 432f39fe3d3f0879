"""How soon the program answers."""

import subprocess
import sys
import time
from collections.abc import Iterator

REPEATS = 5


def fastest(*command: str) -> float:
    """Seconds of the fastest of some runs, which is the one least disturbed."""
    times = []
    for _ in range(REPEATS):
        begun = time.perf_counter()
        subprocess.run([sys.executable, *command], check=True, capture_output=True)
        times.append(time.perf_counter() - begun)
    return min(times)


def rows() -> Iterator[tuple[str, float, str]]:
    """What, value, unit."""
    yield "python -c pass", fastest("-c", "pass"), "s"
    yield "import mineco", fastest("-c", "import mineco"), "s"
    yield "mineco --help", fastest("-m", "mineco", "--help"), "s"
