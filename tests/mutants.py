"""How many small faults the tests notice: a seeded sample of mutants, each held to the quick tests that walk its line.

    python -m tests.mutants [COUNT] [SEED] [WORKERS]

In a mutant one expression differs: an operator, a comparison, a number, an attribute or argument in place of its
neighbour. First the tests are run once, to see which of them walk which line; then each mutant, in a copy of the tree,
meets those that passed. What survives is printed; mutants-survivors.md says which survivors are no fault.
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
           *(f"evaluation/{name}.py" for name in ("ledgers", "account", "score", "indicator_results")))
TESTS = ("accounting", "scoring", "dossier", "evaluation/carbon_neutral_mine", "evaluation/views",
         *(f"evaluation/test_{name}.py" for name in (
             "account", "balances", "indicator_results", "ledgers", "offsets", "reweighting")))
LONGEST = 40.0  # s of tests that a mutant meets, the shortest first
PAIRS = ((ast.Add, ast.Sub), (ast.Mult, ast.Div), (ast.BitAnd, ast.BitOr), (ast.And, ast.Or), (ast.Lt, ast.LtE),
         (ast.Gt, ast.GtE), (ast.Eq, ast.NotEq), (ast.In, ast.NotIn), (ast.Is, ast.IsNot), (ast.USub, ast.UAdd))
OTHER = {one: other for pair in PAIRS for one, other in (pair, pair[::-1])} | {ast.Pow: ast.Mult, ast.Mod: ast.Mult}


def targets():
    return sorted({path for pattern in TARGETS for path in (ROOT / "mineco").glob(pattern)} - set(
        (ROOT / "mineco").rglob("__init__.py")))


def edits(node, neighbours):
    """Changes of one node, as (field, new value)."""
    if isinstance(node, ast.BinOp | ast.BoolOp | ast.UnaryOp) and type(node.op) in OTHER:
        yield "op", OTHER[type(node.op)]()
    elif isinstance(node, ast.Compare) and type(node.ops[0]) in OTHER:
        yield "ops", [OTHER[type(node.ops[0])](), *node.ops[1:]]
    elif isinstance(node, ast.Constant) and isinstance(node.value, bool | int | float):
        yield "value", not node.value if isinstance(node.value, bool) else (
            node.value + 1 if isinstance(node.value, int) else node.value * 1.1 or 1.0)
    elif isinstance(node, ast.IfExp | ast.If):
        yield "test", ast.UnaryOp(ast.Not(), node.test)
    elif isinstance(node, ast.Call) and len(node.args) > 1 and not isinstance(node.args[0], ast.Starred):
        yield "args", [node.args[1], node.args[0], *node.args[2:]]
    elif isinstance(node, ast.Dict) and len(node.values) > 1 and None not in node.keys:
        yield "values", [node.values[1], node.values[0], *node.values[2:]]
    elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
        yield from (("attr", one) for one in following(node.attr, neighbours.get(ast.unparse(node.value), ())))
    elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
        yield from (("id", one) for one in following(node.id, neighbours.get("", ())))


def following(name, names):
    """The name after one in a list, round and round; nothing where it stands in none or alone."""
    known = list(names)
    return [known[(known.index(name) + 1) % len(known)]] if name in known and len(known) > 1 else []


def mutants(node, lines=(), neighbours=None):
    """Every edit below a node, with the lines of its statement."""
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "decorator_list"):
            continue
        for one in value if isinstance(value, list) else [value]:
            if not isinstance(one, ast.AST):
                continue
            below, known = lines, neighbours
            if isinstance(one, ast.stmt):
                simple = not hasattr(one, "body")
                below = range(one.lineno, (one.end_lineno if simple else one.lineno) + 1)
            if isinstance(one, ast.FunctionDef):
                known = {"": [each.arg for each in one.args.args]}
                for inner in ast.walk(one):
                    if isinstance(inner, ast.Attribute):
                        known.setdefault(ast.unparse(inner.value), {})[inner.attr] = None
            for field, new in edits(one, known or {}):
                yield one, field, new, below
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
    of_file = {name: one for name, one in known.items() if one["passed"] and file in one["lines"]}
    of_line = {name for name, one in of_file.items() if set(lines) & set(one["lines"][file])} or set(of_file)
    found, spent = [], 0.0
    for name in sorted(of_line, key=lambda name: known[name]["seconds"]):
        spent += known[name]["seconds"]
        if found and spent > LONGEST:
            break
        found.append(name)
    return found


def run(place, *arguments, **more):
    """Pytest in a tree; whether it found nothing wrong in five times as long as it may take."""
    try:
        return subprocess.run([sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *arguments], cwd=place,
                              capture_output=True, check=False, timeout=3600 if place == ROOT else 5 * LONGEST,
                              env={**os.environ, "PYTHONPATH": str(place), **more}).returncode == 0
    except subprocess.TimeoutExpired:  # a mutant that never ends is noticed too
        return False


def is_noticed(place, file, source, tests):
    """Whether the tests notice, in a copy of the tree, that a module differs."""
    own = (place / file).read_text("utf-8")
    (place / file).write_text(source, "utf-8")
    (place / "chosen.txt").write_text("\n".join(tests), "utf-8")
    try:
        return not run(place, "-x", "@chosen.txt", PYTHONDONTWRITEBYTECODE="1")
    finally:
        (place / file).write_text(own, "utf-8")


def walked(folder, workers):
    """What each test walks of the targets: its lines by file, its seconds, and whether it passes."""
    rooms = [f"tests/{name}" for name in TESTS] + [path.relative_to(ROOT).as_posix() for path in targets()]
    run(ROOT, "-p", "tests.helpers.walked", "-m", "not slow", "-n", str(workers if workers > 1 else 0), *rooms,
        MINECO_WALKED=os.pathsep.join(map(str, targets())), MINECO_WALKED_TO=folder)
    known = {}
    for path in Path(folder).glob("*.json"):
        known |= json.loads(path.read_text("utf-8"))
    for one in known.values():
        one["lines"] = {Path(name).relative_to(ROOT).as_posix(): lines for name, lines in one["lines"].items()}
    return known


def main(count=400, seed=1, workers=0):
    workers = workers or os.cpu_count() or 1
    with tempfile.TemporaryDirectory() as folder:
        known, places = walked(folder, workers), queue.Queue()
        print(f"{len(known)} tests; not used, since they fail or are left out: "
              f"{sum(not one['passed'] for one in known.values())}", flush=True)
        for number in range(workers):
            places.put(shutil.copytree(ROOT, Path(folder) / f"tree{number}", ignore=shutil.ignore_patterns(
                ".git", ".venv", ".*_cache", "__pycache__", "runs", "dist")))

        def held(mutant):
            file, lines, told, source = mutant
            tests, place = chosen(known, file, lines), places.get()
            try:
                noticed = bool(tests) and is_noticed(place, file, source, tests)
            finally:
                places.put(place)
            if not noticed:
                why = "" if tests else "  (no test walks it)"
                print(f"survives: {file}:{lines[0]}: {told}{why}", flush=True)
            return noticed

        with ThreadPoolExecutor(workers) as pool:
            found = list(pool.map(held, sampled(count, seed)))
    print(f"{sum(found)} of {len(found)} mutants noticed: {sum(found) / len(found):.1%} (seed {seed})")


if __name__ == "__main__":
    main(*(int(one) for one in sys.argv[1:]))
