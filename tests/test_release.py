"""A release is the same whoever makes it, carries its licences, and says of its packages what is known of them."""

import json
import re
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest
from packaging.version import Version

from mineco import __version__
from mineco.evaluation.record.kit_used import digest
from tests import release
from tests.helpers.places import ROOT
from tests.helpers.programs import program

LOCK = (ROOT / "requirements.lock").read_text("utf-8")
PERMISSIVE = re.compile(r"Apache|BSD|MIT|ISC|PSF|Python Software Foundation|MPL|Mozilla|Zlib|CC0|HPND|Unlicense")
READ_BY_HAND = {  # whose metadata do not tell, or not all: after the licence file in the package
    "axe-playwright-python": "MIT, and MPL-2.0 of the axe-core that it carries",
    "docutils": "public domain and BSD; what is under the GPL is a mode for Emacs that no wheel holds",
}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The same release twice, in folders of its own each."""
    one, other = (tmp_path_factory.mktemp("release") / "made" for _ in range(2))
    for folder in (one, other):
        release.build(folder)
        release.write_sums(folder)
    return one, other


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.slow
def test_a_release_made_twice_is_the_same_to_the_byte(made):
    one, other = map(contents, made)
    assert one.keys() == other.keys()
    assert [name for name in one if one[name] != other[name]] == []
    assert {"requirements.lock", "packages.csv", "NOTICE", "CHANGELOG.md", "SHA256SUMS"} < set(one)


@pytest.mark.slow
def test_the_sums_are_those_of_the_files_and_name_all_of_them(made):
    subprocess.run([program("sha256sum"), "--check", "--strict", "--quiet", release.SUMS], cwd=made[0], check=True)
    named = {line.split("  ")[1] for line in (made[0] / release.SUMS).read_text("utf-8").splitlines()}
    assert named == set(contents(made[0])) - {release.SUMS}


@pytest.mark.slow
def test_the_source_makes_the_wheel_again(made, tmp_path, monkeypatch):
    (source,), (wheel,) = made[0].glob("*.tar.gz"), made[0].glob("*.whl")
    with tarfile.open(source) as kept:
        kept.extractall(tmp_path, filter="data")
    (folder,) = [path for path in tmp_path.iterdir() if path.is_dir()]
    monkeypatch.setenv("SOURCE_DATE_EPOCH", release.git("log", "-1", "--format=%ct").decode().strip())
    subprocess.run([sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(tmp_path)],
                   cwd=folder, check=True, capture_output=True)
    assert (tmp_path / wheel.name).read_bytes() == wheel.read_bytes()


@pytest.mark.slow
def test_wheel_and_source_carry_licence_and_notice_and_the_wheel_no_program_of_others(made):
    (source,), (wheel,) = made[0].glob("*.tar.gz"), made[0].glob("*.whl")
    carried = zipfile.ZipFile(wheel).namelist()
    licences = f"{'-'.join(wheel.name.split('-')[:2])}.dist-info/licenses"
    assert {f"{licences}/{name}" for name in ("LICENSE", "NOTICE")} <= set(carried)
    with tarfile.open(source) as kept:
        assert {"LICENSE", "NOTICE"} <= {name.partition("/")[2] for name in kept.getnames()}
    programs = [name for name in carried if re.search(r"\.(ttf|otf|woff2?|js|so|dll|exe|jar|ttc)$", name)]
    assert programs == ["mineco/_kit/templates/app/app.js"]  # our own


@pytest.mark.slow
def test_the_digests_are_those_of_the_parameters_and_templates_of_the_wheel_and_a_version_under_way_has_none(made):
    (wheel,) = made[0].glob("*.whl")
    path, kept = made[0] / "digests.json", zipfile.ZipFile(wheel)
    assert path.is_file() == (".dev" not in __version__)
    told = json.loads(path.read_text("utf-8")) if path.is_file() else {"version": __version__, "files": {}}
    assert told["version"] == __version__
    assert {name: digest(kept.read(f"mineco/_kit/{name}")) for name in told["files"]} == told["files"]


def test_a_package_is_pinned_once_for_each_system_and_python_and_never_as_a_file_or_a_branch():
    pins = re.findall(r"^([A-Za-z0-9._-]+)==(\S+?)(?: ; ([^\\\n]+?))? \\$", LOCK, re.MULTILINE)
    assert len(pins) == len(set(pins)) > 150
    several = [name for name, _, _ in pins if [one for one, _, _ in pins].count(name) > 1]
    assert [(name, version) for name, version, when in pins if name in several and not when] == []
    assert re.findall(r"^(?!#|\s)(?![A-Za-z0-9._-]+==)\S.*", LOCK, re.MULTILINE) == []
    assert [version for _, version, _ in pins if Version(version).is_prerelease] == []


def test_what_is_installed_is_what_is_pinned_and_its_licence_is_permissive():
    told = {name: licence for name, _, licence in release.packages() if licence != release.ABSENT}
    assert len(told) > 150
    assert {name: one for name, one in told.items()
            if not PERMISSIVE.search(one) and name not in READ_BY_HAND} == {}
    assert {name: one for name, one in told.items()
            if re.search(r"\b[AL]?GPL|General Public", one) and name not in READ_BY_HAND} == {}


def test_no_release_is_made_of_a_version_under_way_or_of_what_is_not_committed(monkeypatch):
    monkeypatch.setattr(release, "__version__", "1.0.0.dev0")
    assert "under way" in release.why_not()
    monkeypatch.setattr(release, "__version__", "1.0.0")
    monkeypatch.setattr(release, "git", lambda *words: b" M README.md\n")
    assert "not committed" in release.why_not()
    monkeypatch.setattr(release, "git", lambda *words: b"")
    monkeypatch.setattr(release, "written", lambda: "others")
    assert "make digests" in release.why_not()
