"""findings.csv: what the evaluators found is raised, answered and closed in this order, never later than the report."""

import codecs
import shutil
from datetime import date

import openpyxl
import pytest

import mineco as mc
from mineco.core.kit import parameters
from mineco.core.labels import problem_text
from mineco.dossier.cells import may_lack, tables
from mineco.dossier.checks.states import FINDINGS, finding_problems
from mineco.dossier.rows import FindingRow
from mineco.evaluation.record.results import results_document
from mineco.runs.converting import convert

QUARRY, COPPER = (parameters() / "mines" / name for name in ("tiny-quarry", "example-copper"))  # report of 2025-03-31
HEAD = "id,kind,raised,what,where,correction,evidence,closed\n"
CLOSED = "NC-1,nonconformity,2025-03-03,a ledger lacks July,activity.csv,July was entered,the ledger,2025-03-10\n"
OPEN = "FAR-1,forward-action,2025-03-04,no meter of the pump,metrics.csv,,,\n"


@pytest.fixture
def quarry(tmp_path):
    return shutil.copytree(QUARRY, tmp_path / "quarry")


def with_rows(folder, *rows, head=HEAD):
    (folder / FINDINGS).write_bytes(codecs.BOM_UTF8 + (head + "".join(rows)).encode())
    return folder


def read(folder, standard="carbon-neutral-mine-2025"):
    return mc.open_case(folder, standard).dossier.findings


def refusal(folder):
    with pytest.raises(mc.BadInput) as refused:
        read(folder)
    return refused.value.problems


def row(**fields):
    usual = {"id": "NC-1", "kind": "nonconformity", "raised": date(2025, 3, 3), "what": "a", "where": "b",
             "correction": "c", "evidence": "d", "closed": date(2025, 3, 3), "line": 2}
    return FindingRow(**{**usual, **fields})


def told(*rows, on=date(2025, 3, 31)):
    return [(one.message, one.row, one.column) for one in finding_problems(rows, on)]


def test_a_dossier_without_the_table_has_no_findings_and_every_other_table_must_be_there(quarry):
    assert not (quarry / FINDINGS).exists()
    assert read(quarry) == []
    assert [file for file in tables() if may_lack(file)] == [FINDINGS]


def test_a_closed_and_an_open_finding_are_read_as_they_stand(quarry):
    first, second = read(with_rows(quarry, CLOSED, OPEN))
    assert (first.kind, first.raised, first.closed) == ("nonconformity", date(2025, 3, 3), date(2025, 3, 10))
    assert (second.kind, second.closed, second.correction, second.line) == ("forward-action", None, "", 3)


def test_headings_and_kinds_may_be_chinese(quarry):
    head = "编号,种类,提出日期,描述,位置,整改措施,证据,关闭日期\n"
    (one,) = read(with_rows(quarry, "F-1,澄清项,2025-03-04,缺说明,5.2,,,\n", head=head))
    assert (one.kind, one.where, one.closed) == ("clarification", "5.2", None)


def test_what_is_right_up_to_the_day_of_the_report_is_not_told():
    day = date(2025, 3, 31)
    assert told(row(), row(raised=day, closed=day), row(raised=day, closed=None, correction="", evidence="")) == []


@pytest.mark.parametrize(("fields", "message", "column"), [
    ({"raised": date(2025, 4, 1), "closed": None}, "finding_after_report", "raised"),
    ({"closed": date(2025, 4, 1)}, "finding_after_report", "closed"),
    ({"closed": date(2025, 3, 2)}, "finding_closed_before_raised", "closed"),
    ({"correction": ""}, "finding_closed_without", "correction"),
    ({"evidence": ""}, "finding_closed_without", "evidence"),
])
def test_what_cannot_be_is_told_at_its_cell(fields, message, column):
    assert told(row(**fields)) == [(message, 2, column)]


def test_everything_wrong_is_told_at_once_with_what_to_do(quarry):
    again = CLOSED.replace("NC-1", "nc-1").replace("July was entered", "").replace("2025-03-10", "2025-03-01")
    problems = refusal(with_rows(
        quarry, CLOSED, again, OPEN.replace("2025-03-04", "2025-04-04").replace("forward-action", "remark")))
    assert {(one.message, one.row, one.column) for one in problems} == {
        ("finding_twice", 3, "id"), ("finding_closed_before_raised", 3, "closed"),
        ("finding_closed_without", 3, "correction"), ("not_in_list", 4, "kind"), ("finding_after_report", 4, "raised")}
    assert all(not set("{}") & set(problem_text(one, language)) for one in problems for language in ("zh", "en"))


@pytest.mark.parametrize(("cells", "column"), [
    ({"NC-1": ""}, "id"), ({"2025-03-03": ""}, "raised"), ({"a ledger lacks July": ""}, "what"),
    ({"activity.csv": ""}, "where"), ({"nonconformity": ""}, "kind")])
def test_without_id_kind_day_text_or_place_it_is_no_finding(quarry, cells, column):
    ((old, new),) = cells.items()
    (one,) = refusal(with_rows(quarry, CLOSED.replace(old, new)))
    assert (one.message, one.column) == ("missing_value", column)


def test_a_proof_under_evidence_must_be_there(quarry):
    (one,) = refusal(with_rows(quarry, CLOSED.replace("the ledger", "evidence/none.pdf")))
    assert (one.message, one.file, one.column) == ("missing_file", FINDINGS, "evidence")


def test_a_finding_of_one_evaluation_is_not_one_of_another():
    ids = {name: [one.id for one in read(COPPER, name)]
           for name in ("carbon-neutral-mine-2025", "restoration-carbon-sink-2024")}
    assert ids == {"carbon-neutral-mine-2025": ["NC-1", "FAR-1"], "restoration-carbon-sink-2024": ["FAR-1"]}


def test_a_workbook_may_have_the_sheet_or_lack_it(tmp_path, quarry):
    book = convert(with_rows(quarry, CLOSED), tmp_path / "mine.xlsx")
    assert [one.closed for one in read(book)] == [date(2025, 3, 10)]
    made = openpyxl.load_workbook(book)
    sheet = made["评价发现"]
    sheet.cell(2, [cell.value for cell in sheet[1]].index("correction") + 1).value = None
    made.save(book)
    (problem,) = refusal(book)
    assert (problem.message, problem.file, problem.row) == ("finding_closed_without", "mine.xlsx", "评价发现!G2")
    del made["评价发现"]
    made.save(book)
    assert read(book) == []


def test_results_hold_the_list_in_the_words_of_the_evaluators_and_no_key_without_one(quarry):
    assert "findings" not in results_document(mc.check(quarry))
    (one,) = results_document(mc.check(with_rows(quarry, OPEN)))["findings"]
    assert one == {"id": "FAR-1", "kind": "forward-action", "raised": "2025-03-04", "what": "no meter of the pump",
                   "where": "metrics.csv", "correction": "", "evidence": "", "closed": None}


def test_a_changed_case_keeps_its_findings(quarry):
    case = mc.open_case(with_rows(quarry, OPEN))
    assert [one.id for one in mc.what_if(case, production="310000 t").dossier.findings] == ["FAR-1"]
