"""A log that checks off phases tells of reviews of own work and of documents that prove two steps."""

import csv
import shutil

import pytest

from mineco.core.kit import parameters
from mineco.core.reading.files import sha256
from mineco.dossier.event_log import LOG, log_rows
from mineco.evaluation.carbon_neutral_mine.evaluate import open_case
from tests.helpers.logs import new_paper
from tests.helpers.refusals import refused_with, told_in_both


@pytest.fixture
def quarry(tmp_path):
    folder = shutil.copytree(parameters() / "mines" / "tiny-quarry", tmp_path / "quarry")
    (folder / "evidence").mkdir(exist_ok=True)
    return folder


def with_steps(folder, **changes):
    """The log with other cells in the rows of some steps."""
    rows = [dict(one) | changes.get(one["step"], {}) for one in log_rows(folder)]
    with (folder / LOG).open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def told(folder):
    found = [one for one in open_case(folder).notices if one.file == LOG]
    told_in_both(found)
    return [(one.message, one.row) for one in found]


def test_the_examples_have_nothing_to_tell(quarry):
    assert told(quarry) == []


def test_whoever_made_the_account_does_not_review_it(quarry):
    with_steps(quarry, review={"actor": "评价员乙/Evaluator B "})  # who took the step account in row 12
    assert told(quarry) == [("phase_signer_not_apart", 16)]


def test_one_document_that_proves_two_steps_is_told(quarry):
    papers = [new_paper(quarry, number) for number in (1, 2)]
    shutil.copyfile(quarry / papers[0], quarry / papers[1])
    with_steps(quarry, team={"evidence": papers[0]}, plan={"evidence": papers[1], "hash": sha256(quarry / papers[1])})
    assert told(quarry) == [("phase_evidence_repeated", 3)]


def test_several_documents_prove_one_step(quarry):
    with_steps(quarry, team={"evidence": "; ".join(new_paper(quarry, number) for number in (1, 2))})
    assert told(quarry) == []


def test_an_empty_document_is_refused(quarry):
    (quarry / "evidence/empty.pdf").touch()
    with_steps(quarry, team={"evidence": "evidence/empty.pdf"})
    with refused_with("evidence_blank"):
        open_case(quarry)
