"""What tests of land begin with."""

import shutil
from pathlib import Path

import pytest

from tests.helpers.land import FOLDER


@pytest.fixture
def copy(tmp_path):
    """A copy of the example, to change or to spoil."""
    return Path(shutil.copytree(FOLDER, tmp_path / "dossier"))
