"""Whatever stands in the folder of a run, `verify` ends in sentences and never in a traceback.

One minute under `make test-heavy`; as many as MINECO_FUZZ_MINUTES says. What it found is a case of test_verify.py or
test_forgeries.py.
"""

import json
import os
import random
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from mineco.cli.main import main
from mineco.runs import runlog
from mineco.runs.archive import CRATE
from mineco.runs.audit import verify
from mineco.runs.audit.rerun import rerun_archived
from tests.helpers.forger import seal

MINUTES = float(os.environ.get("MINECO_FUZZ_MINUTES", "1"))
SEED = int(os.environ.get("MINECO_FUZZ_SEED", int.from_bytes(os.urandom(4), "big")))
RARELY = 60  # one of so many is made again for real, which takes seconds
ODD: list[Any] = [None, True, 0, -1, 5, 10**400, 1e300, 0.1, "", "x", "../..", "/etc/passwd", "\u202e", "\x00",
                  "é" * 9000, "NaN", [], {}, [[]], [None], {"a": None}, [5], {"": {"": []}}, "2024-02-30"]
ODD_BYTES = [b"", b"\x00", b"\xff\xfe", b"\xed\xa0\x80", b"NaN", b"Infinity", b"{", b"[" * 2000, b'"', b"\n", b"\r",
             b",", b"&a [*a]", b"!!python/object:x ", b"../../x", b"0" * 5000, b"1e999", b"\\ud800", b"<!ENTITY x 'y'>"]
JSON = (".json", ".ipynb")
# of which something may be true that cannot be known, or that the forger mends when he seals the run
UNKNOWN = ("inputs/", "environment.json", "manifest-sha256.txt", CRATE, runlog.NAME)


def mutate_document(document: Any, draw: random.Random) -> None:
    """Put something odd in one place of a document, take it away, or put it there twice."""
    places: list[tuple[Any, Any]] = []
    level = [document]
    while level:
        one = level.pop()
        for key in one if isinstance(one, dict) else range(len(one)):
            places.append((one, key))
            if isinstance(one[key], dict | list):
                level.append(one[key])
    if not places:
        return
    inside, key = draw.choice(places)
    what = draw.randrange(4)
    if what == 0:
        del inside[key]
    elif what == 1 and isinstance(inside, list):
        inside.append(inside[key])
    elif what == 2:
        deep: Any = draw.choice(ODD)
        for _ in range(draw.choice((3, 70, 900))):
            deep = [deep] if draw.random() < 0.5 else {"a": deep}
        inside[key] = deep
    else:
        inside[key] = draw.choice(ODD)


def mutate_bytes(content: bytes, draw: random.Random) -> bytes:
    place = draw.randrange(len(content) + 1)
    length = draw.choice((0, 1, 5, 1000, len(content)))
    return content[:place] + draw.choice(ODD_BYTES) + content[place + length:]


def mutate(run: Path, draw: random.Random) -> str:
    """Change one file of a run, or of what lies beside it; its name."""
    names = sorted(path.relative_to(run).as_posix() for path in run.rglob("*") if path.is_file())
    names += 10 * [name for name in names if name.endswith(JSON)] + 3 * [f"../{runlog.NAME}"]
    path = run / draw.choice(names)
    if path.suffix in JSON and draw.random() < 0.8:
        document = json.loads(path.read_bytes())
        mutate_document(document, draw)
        try:
            path.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", "utf-8", newline="\n")
        except RecursionError:
            path.write_bytes(b"[" * 5000)
    elif path.is_file():
        path.write_bytes(mutate_bytes(path.read_bytes(), draw))
    return path.relative_to(run).as_posix() if path.is_relative_to(run) else path.name


def no_traceback(run: Path, changed: str, told: str) -> None:
    said = CliRunner().invoke(main, ["verify", str(run), "--lang", "en"])
    assert said.exception is None or isinstance(said.exception, SystemExit), told
    assert "Traceback" not in said.output, told
    assert said.exit_code in ((0, 1, 2) if changed.startswith(UNKNOWN) else (1, 2)), told


@pytest.mark.heavy
def test_no_archive_ends_in_a_traceback(reported, tmp_path, monkeypatch):
    start, seed = time.monotonic(), SEED
    remade: Callable[..., Path] = rerun_archived
    while time.monotonic() - start < 60 * MINUTES:
        draw = random.Random(seed)
        run = Path(shutil.copytree(reported[0], tmp_path / str(seed) / reported[0].name))
        seal(run)
        before = {path: path.read_bytes() for path in [*run.rglob("*"), run.parent / runlog.NAME] if path.is_file()}
        changed = mutate(run, draw).removeprefix("../")
        if any(path.read_bytes() != content for path, content in before.items()):
            if draw.random() < 0.9 and runlog.NAME not in changed and "manifest" not in changed:
                seal(run)
            monkeypatch.setattr(verify, "rerun_archived", remade if draw.randrange(RARELY) == 0
                                else lambda run, out, **_: reported[1])
            no_traceback(run, changed, f"seed {seed}: {changed}")
        shutil.rmtree(run.parent)
        seed += 1


def test_a_few_hundred_changes_are_told_apart_from_none():
    draw = random.Random(1)
    document = {"a": [1, {"b": "c"}], "d": None}
    made = set()
    for _ in range(300):
        copy = json.loads(json.dumps(document))
        mutate_document(copy, draw)
        made.add(json.dumps(copy)[:200])
    assert len(made) > 30
    assert mutate_bytes(b"abc", draw) != b"abc"
