"""How many small faults the tests notice: a seeded sample of mutants, each held to the quick tests that walk its line.

    python -m tests.mutants [COUNT] [SEED] [WORKERS]

In a mutant one expression differs: an operator, a comparison, a number, an attribute or argument in place of its
neighbour. First the tests are run once, to see which of them walk which line; then each mutant meets those that passed,
all of it in copies of the tree. What survives is printed; mutants-survivors.md says which survivors are no fault.
"""

import ast
import json
import os
import queue
import random
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TARGETS = ("accounting/*.py", "scoring/*.py", "standards/limits.py", "dossier/checks/*.py", "evaluation/views/*.py",
           "evaluation/carbon_neutral_mine/views/*.py",
           *(f"evaluation/{name}.py" for name in (
               "account/*", "case/asked", "ledgers", "score", "indicator_results")))
TESTS = ("accounting", "scoring", "dossier", "evaluation/carbon_neutral_mine", "evaluation/views",
         "evaluation/sensitivity/test_anchors.py", "runs/imports/test_handed_on.py",
         *(f"evaluation/test_{name}.py" for name in (
             "account", "balances", "indicator_results", "ledgers", "offsets", "reweighting")))
CORES = os.cpu_count() or 1
LONGEST = 40.0  # s of tests that a mutant meets, the shortest first
PAIRS = ((ast.Add, ast.Sub), (ast.Mult, ast.Div), (ast.BitAnd, ast.BitOr), (ast.And, ast.Or), (ast.Lt, ast.LtE),
         (ast.Gt, ast.GtE), (ast.Eq, ast.NotEq), (ast.In, ast.NotIn), (ast.Is, ast.IsNot), (ast.USub, ast.UAdd))
OTHER = {one: other for pair in PAIRS for one, other in (pair, pair[::-1])} | {ast.Pow: ast.Mult, ast.Mod: ast.Mult}


def targets(root=ROOT):
    return sorted(path for pattern in TARGETS for path in (root / "mineco").glob(pattern) if path.stem != "__init__")


def edits(node, neighbours):
    """Changes of one node, as (field, new value)."""
    match node:
        case ast.BinOp() | ast.BoolOp() | ast.UnaryOp() if type(node.op) in OTHER:
            yield "op", OTHER[type(node.op)]()
        case ast.Compare(ops=[first, *rest]) if type(first) in OTHER:
            yield "ops", [OTHER[type(first)](), *rest]
        case ast.Constant(value=bool(value)):
            yield "value", not value
        case ast.Constant(value=int(value)):
            yield "value", value + 1
        case ast.Constant(value=float(value)):
            yield "value", value * 1.1 or 1.0
        case ast.IfExp() | ast.If():
            yield "test", ast.UnaryOp(ast.Not(), node.test)
        case ast.Call(args=[first, second, *rest]) if not isinstance(first, ast.Starred):
            yield "args", [second, first, *rest]
        case ast.Dict(values=[first, second, *rest]) if None not in node.keys:
            yield "values", [second, first, *rest]
        case ast.Attribute(ctx=ast.Load()):
            yield from (("attr", one) for one in following(node.attr, neighbours.get(ast.unparse(node.value), ())))
        case ast.Name(ctx=ast.Load()):
            yield from (("id", one) for one in following(node.id, neighbours.get("", ())))


def following(name, names):
    """The name after one in a list, round and round; nothing where it stands in none or alone."""
    known = list(names)
    return [known[(known.index(name) + 1) % len(known)]] if name in known and len(known) > 1 else []


def mutants(node, lines=(), neighbours=None):
    """Every edit below a node, with the lines of its statement."""
    for name, value in ast.iter_fields(node):
        for one in value if isinstance(value, list) else [value]:
            if not isinstance(one, ast.AST) or name in ("annotation", "returns", "decorator_list"):
                continue
            below, known = lines, neighbours
            if isinstance(one, ast.stmt):
                below = range(one.lineno, (one.lineno if hasattr(one, "body") else one.end_lineno) + 1)
            if isinstance(one, ast.FunctionDef):
                known = {"": [each.arg for each in one.args.args]}
                for inner in ast.walk(one):
                    if isinstance(inner, ast.Attribute):
                        known.setdefault(ast.unparse(inner.value), {})[inner.attr] = None
            yield from ((one, field, new, below) for field, new in edits(one, known or {}))
            yield from mutants(one, below, known)


def sampled(count, seed):
    """Mutants drawn from all, as (file, lines, what became what, source)."""
    trees = {path: ast.parse(path.read_text("utf-8")) for path in targets()}
    every = [(path, *one) for path, tree in trees.items() for one in mutants(tree)]
    for path, node, field, new, lines in random.Random(seed).sample(every, min(count, len(every))):
        old, before = getattr(node, field), ast.unparse(node)
        setattr(node, field, new)
        source, after = (ast.unparse(ast.fix_missing_locations(one)) for one in (trees[path], node))
        setattr(node, field, old)
        yield path.relative_to(ROOT).as_posix(), list(lines), f"{before[:70]}  ->  {after[:70]}", source


def chosen(known, file, lines):
    """The tests that walk some of the lines, else those that walk the file, the shortest first."""
    of_file = [(one["seconds"], name, one["lines"][file]) for name, one in known.items() if file in one["lines"]]
    of_line = [one for one in of_file if set(lines) & set(one[2])] or of_file
    spent, found = 0.0, []
    for seconds, name, _ in sorted(of_line):
        spent += seconds
        if not found or spent <= LONGEST:
            found.append(name)
    return found


def run(place, longest, *arguments, **more):
    """Pytest in a copy of the tree; whether it found nothing wrong in time."""
    try:
        return subprocess.run([sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *arguments], cwd=place,
                              capture_output=True, check=False, timeout=longest,
                              env={**os.environ, "PYTHONPATH": str(place), "PYTHONDONTWRITEBYTECODE": "1", **more}
                              ).returncode == 0
    except subprocess.TimeoutExpired:  # a mutant that never ends is noticed too
        return False


def left_out(folder, names):
    """What a copy of the tree goes without: caches anywhere, and runs and builds at the top, where no code lies."""
    of_top = {".git", ".venv", ".hypothesis", "runs", "dist"} if Path(folder) == ROOT else set()
    return {name for name in names if name in of_top or name == "__pycache__" or name.endswith("_cache")}


def walked(place, workers):
    """What each test that passes walks of the targets, in a copy of the tree: its lines by file, and its seconds."""
    files, folder = list(map(str, targets(place))), place / "walked"
    folder.mkdir()
    run(place, 3600, "-p", "tests.helpers.walked", "-m", "not slow", "-n", str(workers if workers > 1 else 0),
        *(f"tests/{name}" for name in TESTS), *files,
        MINECO_WALKED=os.pathsep.join(files), MINECO_WALKED_TO=str(folder))
    every = {name: one for path in folder.glob("*.json") for name, one in json.loads(path.read_text("utf-8")).items()}
    known = {name: one for name, one in every.items() if one["passed"]}
    print(f"{len(every)} tests; not used, since they fail or are left out: {len(every) - len(known)}", flush=True)
    assert known, "the tests of a copy cannot be run"
    for one in known.values():
        one["lines"] = {Path(name).relative_to(place).as_posix(): lines for name, lines in one["lines"].items()}
    return known


def is_noticed(place, known, file, lines, told, source):
    """Whether the tests notice, in a copy of the tree, that a module differs; if not, it is printed."""
    tests, own = chosen(known, file, lines), (place / file).read_text("utf-8")
    (place / file).write_text(source, "utf-8")
    (place / "chosen.txt").write_text("\n".join(tests), "utf-8")
    noticed = bool(tests) and not run(place, 5 * LONGEST, "-x", "@chosen.txt")
    (place / file).write_text(own, "utf-8")
    if not noticed:
        print(f"survives: {file}:{lines[0]}: {told}{'' if tests else '  (no test walks it)'}", flush=True)
    return noticed


def main(count=400, seed=1, workers=CORES):
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(workers) as pool:
        places = queue.Queue()
        for number in range(workers):
            places.put(shutil.copytree(ROOT, Path(folder).resolve() / f"tree{number}", ignore=left_out))
        known = walked(places.queue[0], workers)

        def held(mutant):
            place = places.get()
            try:
                return is_noticed(place, known, *mutant)
            finally:
                places.put(place)

        found = list(pool.map(held, sampled(count, seed)))
    print(f"{sum(found)} of {len(found)} mutants noticed: {sum(found) / len(found):.1%} (seed {seed})")


if __name__ == "__main__":
    main(*(int(one) for one in sys.argv[1:]))
