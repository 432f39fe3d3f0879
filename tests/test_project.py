"""The files around the package say the same as each other, and the rooms of the house hold."""

import ast
import doctest
import re
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from mineco.cli.main import main
from mineco.core.yaml_reading import read_yaml
from tests import rooms
from tests.helpers.places import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
LOCK = (ROOT / "requirements.lock").read_text("utf-8")
DOCS = ("README.md", "README.zh.md")
LONGEST_README = 120  # lines


def tracked_texts() -> dict[str, str]:
    names = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    texts = {}
    for name in filter(None, names.split("\0")):
        data = (ROOT / name).read_bytes() if (ROOT / name).is_file() else b""
        if b"\0" not in data:
            texts[name] = data.decode("utf-8", errors="replace")
    return texts


def specified(lines: list[str]) -> dict[str, SpecifierSet]:
    required = [Requirement(line) for line in lines]
    return {canonicalize_name(one.name): one.specifier for one in required}


def locked() -> dict[str, tuple[str, str]]:
    """Version and hashes of each package of the lock."""
    entries = re.findall(r"^([A-Za-z0-9._-]+)==(\S+)([^\n]*\\\n(?:    --hash=\S+(?: \\)?\n)+)", LOCK, re.MULTILINE)
    return {canonicalize_name(name): (version, rest) for name, version, rest in entries}


def required_by_project() -> dict[str, SpecifierSet]:
    extras = PROJECT["project"]["optional-dependencies"]
    return specified(PROJECT["project"]["dependencies"] + extras["lab"] + extras["app"] + extras["cluster"]
                     + extras["audit"] + extras["forecast"])


def test_conda_environment_asks_for_the_same_packages_as_pyproject():
    given = read_yaml(ROOT / "environment.yml")["dependencies"]
    conda = [line for line in given if isinstance(line, str)]
    (pip,) = [line["pip"] for line in given if isinstance(line, dict)]
    asked = specified(conda + [line for line in pip if not line.startswith("--editable")])
    assert asked.pop("python") == SpecifierSet(PROJECT["project"]["requires-python"])
    assert asked.pop("pip") == SpecifierSet("")
    assert asked == required_by_project()


def test_the_lock_pins_every_package_that_pyproject_asks_for_within_its_bounds():
    pinned = locked()
    extras = PROJECT["project"]["optional-dependencies"]
    wanted = required_by_project() | specified(extras["dev"] + extras["bench"] + extras["docs"])
    wanted |= specified(PROJECT["build-system"]["requires"])
    assert [f"{name}{bound}" for name, bound in wanted.items()
            if name not in pinned or not bound.contains(pinned[name][0])] == []


def test_every_pinned_package_has_a_hash():
    names = {canonicalize_name(name) for name in re.findall(r"^([A-Za-z0-9._-]+)==", LOCK, re.MULTILINE)}
    assert names == set(locked())
    assert all("--hash=sha256:" in hashes for _, hashes in locked().values())


def test_the_lock_names_no_place_to_fetch_from():
    assert re.findall(r"^\s*(?:-i|-f|--(?:extra-)?index|--find)[-\w]*\b.*", LOCK, re.MULTILINE) == []
    assert "://" not in LOCK


def test_no_file_names_a_package_registry():
    # written in pieces, so that this file does not name one either
    registries = ["pypi" + ".org", "files.python" + "hosted.org", "registry.npm" + "js.org", "conda." + "anaconda.org",
                  "mirrors." + "aliyun.com", "tuna." + "tsinghua.edu.cn"]
    pattern = re.compile("|".join(map(re.escape, registries)) + r"|(?<!no-emit)--(?:extra-)?index-" + "url")
    named = {name: found[0] for name, text in tracked_texts().items() if (found := pattern.search(text))}
    named.pop("tests/test_project.py", None)  # the options above
    assert named == {}


def test_imports_between_the_rooms_run_downward():
    linted = subprocess.run([sys.executable, "-c", "from importlinter.cli import lint_imports_command as lint; lint()",
                             "--no-cache"], cwd=ROOT, capture_output=True, text=True)
    assert linted.returncode == 0, linted.stdout


PACKAGE = ROOT / "mineco"
ROOMS = sorted(path.parent for path in PACKAGE.rglob("__init__.py") if path.parent != PACKAGE)
MOST_AT_THE_TOP, MOST_IN_A_ROOM = 14, 12


def modules(room: Path) -> set[str]:
    return {path.stem for path in room.glob("*.py")} - {"__init__", "__main__"}


def test_one_finds_ones_way_in_the_package():
    assert len([path for path in PACKAGE.iterdir() if path.name != "__pycache__"]) <= MOST_AT_THE_TOP
    assert {room.name: len(modules(room)) for room in ROOMS if len(modules(room)) > MOST_IN_A_ROOM} == {}


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.relative_to(PACKAGE).as_posix())
def test_every_room_tells_its_rule_and_the_names_that_it_offers(room):
    tree = ast.parse((room / "__init__.py").read_text("utf-8"))
    offered = [ast.literal_eval(line.value) for line in tree.body
               if isinstance(line, ast.Assign) and ast.unparse(line.targets[0]) == "__all__"]
    assert ast.get_docstring(tree)
    assert len(offered) == 1
    assert offered[0]
    formulas = any(isinstance(line, ast.ImportFrom) for line in tree.body)  # such a room offers functions
    inner = {path.name for path in room.iterdir() if (path / "__init__.py").is_file()}
    assert formulas or set(offered[0]) == modules(room) | inner


def test_no_module_is_found_by_a_name_that_is_put_together():
    built = [f"{path.relative_to(ROOT)}:{node.lineno}" for path in PACKAGE.rglob("*.py")
             for node in ast.walk(ast.parse(path.read_text("utf-8")))
             if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("import_module")
             and not isinstance(node.args[0], ast.Constant | ast.Name | ast.Attribute)]
    assert built == []


@pytest.mark.parametrize("name", DOCS)
def test_the_readme_mentions_every_command_and_every_make_target(name):
    text = (ROOT / name).read_text("utf-8")
    targets = re.search(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    assert targets
    wanted = [f"mineco {command}" for command in main.commands]
    within = ("help", "digests", "lint", "lock", "release", "wheel")
    wanted += [f"make {target}" for target in targets[1].split() if target not in within]
    assert [one for one in wanted if one not in text] == []


@pytest.mark.parametrize("name", DOCS)
def test_the_readme_is_read_in_five_minutes(name):
    assert len((ROOT / name).read_text("utf-8").splitlines()) <= LONGEST_README


def test_contributing_gives_a_reason_for_every_dependency():
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8").partition("## Dependencies")[2]
    table = re.findall(r"^\| `([\w.-]+)` \| ([^|]+)\|", text, re.MULTILINE)
    rows = {canonicalize_name(name): why.strip() for name, why in table}
    extras = PROJECT["project"]["optional-dependencies"]
    wanted = required_by_project() | specified(extras["dev"] + extras["bench"] + extras["docs"])
    assert [name for name in wanted if not rows.get(name)] == []
    assert [name for name in rows if name not in wanted] == []


def imported_distributions() -> set[str]:
    """The packages that the modules of mineco import, by the name under which they are installed."""
    modules = set()
    for path in (ROOT / "mineco").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [one.name for one in node.names] if isinstance(node, ast.Import) else (
                [node.module] if isinstance(node, ast.ImportFrom) and node.module else [])
            modules |= {name.split(".")[0] for name in names}
    installed = packages_distributions()
    return {canonicalize_name(installed[name][0]) for name in modules - sys.stdlib_module_names - {"mineco"}}


def test_whatever_the_package_imports_is_asked_for():
    assert imported_distributions() - set(required_by_project()) == set()


def test_version_is_the_same_everywhere():
    source = (ROOT / "mineco" / "__init__.py").read_text("utf-8")
    (version,) = [ast.literal_eval(line.value) for line in ast.parse(source).body
                  if isinstance(line, ast.Assign) and ast.unparse(line.targets[0]) == "__version__"]
    cited, changelog = read_yaml(ROOT / "CITATION.cff"), (ROOT / "CHANGELOG.md").read_text("utf-8")
    heading = re.search(r"^## (\S+)(?: – (\S+))?$", changelog, re.MULTILINE)
    assert (cited["version"], cited.get("date-released")) == heading.groups()
    assert (version, ".dev" in version) == (heading[1], heading[2] is None)


def test_no_notebook_is_kept_with_outputs():
    kept = [name for name, text in tracked_texts().items() if name.endswith(".ipynb") and '"output_type"' in text]
    assert kept == []



def test_the_picture_of_the_rooms_is_drawn_of_the_imports_that_there_are():
    assert rooms.PICTURE.read_text("utf-8") == rooms.drawn(), "python -m tests.rooms"


@pytest.mark.parametrize("page", ["architecture.md", "architecture.zh.md"])
def test_a_datum_goes_the_way_that_the_page_of_the_architecture_tells(page, monkeypatch):
    monkeypatch.chdir(ROOT)
    ran = doctest.testfile(str(ROOT / "docs" / page), module_relative=False, encoding="utf-8")
    assert ran.attempted > 10
    assert not ran.failed
