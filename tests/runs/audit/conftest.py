"""What the tests of the audit share: an edited checkout is as good as a committed one, and runs with every report."""

import shutil
from pathlib import Path

import pytest

from mineco.core.kit import kit_files, parameters
from mineco.evaluation.record import kit_used
from mineco.runs.audit import verify
from mineco.runs.audit.rerun import rerun_archived
from mineco.runs.run import run


@pytest.fixture(autouse=True)
def _edited_checkout(monkeypatch: pytest.MonkeyPatch) -> None:
    own = kit_used.digests_of(kit_files())
    monkeypatch.setattr(kit_used, "of_this_version", lambda: (own, False))


def _run_and_again(factory: pytest.TempPathFactory, *formats: str) -> tuple[Path, Path]:
    dossier = parameters() / "mines" / "tiny-quarry"
    made = run(dossier, out=factory.mktemp("runs"), formats=formats, language="en")
    return made, rerun_archived(made, factory.mktemp("again"))


@pytest.fixture(scope="session")
def reported(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A run of the tiny quarry with page and document, and the one that is made again of it; nobody changes them."""
    return _run_and_again(tmp_path_factory, "html", "docx")


@pytest.fixture(scope="session")
def on_paper(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Two such runs with a PDF."""
    return _run_and_again(tmp_path_factory, "pdf")


@pytest.fixture
def forged(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of such a run to be meddled with; what is made again is that of the untouched one, whose inputs it has."""
    made, again = request.getfixturevalue(getattr(request, "param", "reported"))
    monkeypatch.setattr(verify, "rerun_archived", lambda run, out, **_: again)
    return Path(shutil.copytree(made, tmp_path / "runs" / made.name))
