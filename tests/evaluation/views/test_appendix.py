"""The appendices: factors, assumptions, readings, documents and the command, each cell under its own heading."""

import hashlib
import platform
from datetime import date
from importlib.metadata import version

import pytest

from mineco import views
from mineco.core import kit, labels
from mineco.core.labels import label
from mineco.dossier.mine import NotApplicable
from mineco.dossier.rows import FindingRow
from mineco.dossier.texts import OwnText
from mineco.evaluation.carbon_neutral_mine.evaluate import evaluate
from mineco.evaluation.record.lineage import references_used
from mineco.evaluation.record.proof import proof_lacking
from mineco.evaluation.registry import check
from mineco.evaluation.views.appendix import ROOM, state
from mineco.evaluation.views.beside import closing_sentence, findings_line
from mineco.evaluation.views.words import in_files, join_names
from mineco.report.tables import heading
from tests.helpers import mines
from tests.helpers.printed import column, lines, row, table

KINDS = {"NC": "nonconformity", "CL": "clarification", "FAR": "forward-action"}
QUARRY = kit.parameters() / "mines" / "tiny-quarry"


pytestmark = pytest.mark.usefixtures("english")


def found():
    return mines.evaluated("tiny-quarry")


def test_a_factor_is_printed_with_value_edition_source_and_status():
    diesel = row(views.appendix.factors_table(found()), "diesel, net calorific value [NDRC2014.diesel.NCV]")
    name, value, edition, source, status = diesel.values()
    assert (value, edition, status) == ("43.33 GJ/t", "NDRC2014", "◎ quoted")
    assert "table 2.1" in source
    period = row(views.appendix.factors_table(found()), "evaluation period [accounting_period]")
    assert period["Source"] == "Draft standard: Evaluation of carbon-neutral mines"  # a reference by its title
    labels.set_language("zh")
    assert "柴油" in next(one for one in views.appendix.factors_table(found()).text.splitlines()
                        if "[NDRC2014.diesel.NCV]" in one)


def test_assumed_data_are_counted_and_named_and_weak_rules_told_with_their_clause():
    first, *rest = lines(views.appendix.assumptions(found()))
    assert first == ("2 of the dossier's 44 data are assumed: "
                     "carbon of newly disturbed land · pit edge · carbon right after")  # one of each year
    assert "convention threshold of near-zero emissions as a share of the base year (clause 3.2): assumed" in rest
    (scored,) = [one for one in rest if one.startswith("value functions and rubrics (clause A.1), assumed: ")]
    assert "E1.1 Total emissions" in scored
    assert "O2.2" in scored


def test_what_was_left_out_is_told_with_its_reason():
    why = OwnText(zh="没有特许经营", en="there are no franchises")
    unused = NotApplicable(reason="no_solid_waste", text=OwnText(zh="全部回填", en="backfilled"))
    backfilled = mines.without_figures(mines.example(), "solid_waste_generated", "solid_waste_used")
    case = mines.with_mine(backfilled, excluded_sources={"franchises": why}, not_applicable={"E3.1": unused})
    source, indicator = case.standard.sources["franchises"], case.standard.indicators["E3.1"]
    assert lines(views.appendix.missing(evaluate(case))) == [
        f"{source.name['en']}: there are no franchises",
        f"E3.1 {indicator.name['en']}: {case.standard.reasons['no_solid_waste'].name['en']}"]
    assert views.appendix.missing(found()).text == label("nothing_to_list").format(caption=label("left_out"))


def test_a_reading_is_printed_as_the_standard_holds_it():
    reading = found().case.standard.readings["R8"]
    shown = row(views.appendix.readings_table(found()), "R8")
    assert list(shown.values()) == ["R8", "9.3", *(
        getattr(reading, part)[0].en for part in ("question", "reading", "reason", "effect"))]


@pytest.mark.parametrize(("mine", "told"), [("tiny-quarry", False), ("changcun-coal", True)])
def test_a_reading_tells_of_drained_gas_to_mines_that_have_some(mine, told):
    shown = views.appendix.readings_table(mines.evaluated(mine))
    assert ("drained gas" in row(shown, "R26")["Our reading"]) is told
    assert ("R36" in column(shown, "No." if "No." in table(shown)[0] else "Id")) is told


def test_a_document_is_printed_with_its_standing_and_what_replaced_it():
    shown = table(views.appendix.references_table(found()))
    (old,) = [one for one in shown if one["Edition"] == "2015" and one["Replaced by"].endswith("enterprises, 2025")]
    assert (old["Standing"], old["Status"]) == ("superseded", "△ unverified")
    assert old["Title"].startswith("General guideline of greenhouse gas accounting")


def test_the_documents_are_those_that_the_standard_cites_and_those_that_were_used():
    # the quarry burns diesel and buys power; it mines neither kaolin nor nickel, and holds no coal
    used = references_used(found())
    assert {"cnm-draft-2025", "cnm-notes", "gbt32150-2015", "calculator-24-sectors", "mee-nbs-2025-47",
            "ipcc2006-v2"} <= set(used)
    assert not {"sanlv-kaolin", "sanlv-nickel-tin", "ndrc-coal-2014", "sanlv-coal-2012", "kholod-2020"} & set(used)
    coal = references_used(mines.evaluated("changcun-coal"))
    assert "gb21522-2024" in coal
    assert "cochilco-2023" not in coal  # copper


def test_what_the_mine_did_not_tell_stays_a_dash():
    shown = views.appendix.disclosures(found().case)
    assert row(shown, "3.6")["Content"] == "No production moved elsewhere"
    assert row(shown, "3.6")["Evidence"].endswith("capacity register (illustration)")
    assert row(shown, "3.5")["Content"] == "—"
    assert row(shown, "3.5")["Evidence"] == "—"


def test_findings_are_numbered_open_and_leave_room_for_those_of_people():
    shown = table(views.appendix.findings(found()))
    told = len(found().notices) + len(list(proof_lacking(found())))
    assert told == 6  # base year, two references; assumed data, evidence in words, assumed anchors
    assert [one["No."] for one in shown] == [str(number) for number in range(1, told + ROOM + 1)]
    assert [bool(one["Description"]) for one in shown] == [True] * told + [False] * ROOM
    states = [one["State"].replace("\N{NO-BREAK SPACE}", " ") for one in shown]
    assert states == ["■ open　□ closed"] * told + ["□ open　□ closed"] * ROOM
    assert {(one["Corrective action"], one["Closed on"]) for one in shown} == {("", "")}


@pytest.mark.parametrize("standard", ["carbon-neutral-mine-2025", "restoration-carbon-sink-2024",
                                      "restoration-area-2025"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_notices_stand_first_in_the_findings_of_every_standard_in_the_language_of_the_report(standard, language):
    labels.set_language(language)
    name = "example-restoration-area" if standard.startswith("restoration-area") else "changcun-coal"
    one = check(kit.parameters() / "mines" / name, standard)
    shown = [list(line.values())[1] for line in table(views.appendix.findings(one))]
    assert shown[:len(one.notices)] == [labels.problem_text(notice) for notice in one.notices]
    assert shown[-ROOM:] == [""] * ROOM


def test_versions_hashes_and_the_command_stand_in_the_last_table():
    case = mines.example(gwp="AR4")
    shown = {one["Item"]: one["Content"] for one in table(views.appendix.provenance(case))}
    assert shown[heading("standard")] == "carbon-neutral-mine-2025 (2025-draft)"
    assert shown["Python"] == platform.python_version()
    assert shown["numpy"] == version("numpy")
    assert shown["activity.csv"].endswith(hashlib.sha256((QUARRY / "activity.csv").read_bytes()).hexdigest())
    assert shown[heading("command")] == (
        "mineco run inputs --standard carbon-neutral-mine-2025 --lang en --option gwp=AR4")
    plain = {one["Item"]: one["Content"] for one in table(views.appendix.provenance(mines.example()))}
    assert plain[heading("command")] == "mineco run inputs --standard carbon-neutral-mine-2025 --lang en"


def test_a_check_is_printed_with_its_difference_and_ticked():
    assert set(column(views.appendix.checks(found()), "Result")) == {"■ passed　□ not passed"}


def test_more_than_four_rows_of_one_file_are_told_by_their_number():
    rows = [f"pools.csv:{place}" for place in range(2, 7)]
    assert in_files(rows) == ["pools.csv (5 rows)"]
    assert in_files(rows[:4]) == rows[:4]


def test_names_are_parted_as_the_language_parts_them():
    assert join_names(["a", "b"]) == "a; b"
    labels.set_language("zh")
    assert join_names(["a", "b"]) == "a；b"


def test_rounding_is_a_thousandth_of_a_millionth_of_the_scale_on_both_sides():
    assert views.appendix.is_rounding(-0.99e-9 * 50, 50)
    assert not views.appendix.is_rounding(1.01e-9 * 50, 50)


def with_findings(**closed):
    """The quarry with a nonconformity, a clarification and a forward action, some of them closed."""
    rows = [FindingRow(id=name, kind=kind, raised=date(2025, 3, 3), what=f"what of {name}", where="5.2",
                       correction="mended" if name in closed else "", evidence="photo" if name in closed else "",
                       closed=closed.get(name), line=line)
            for line, (name, kind) in enumerate(KINDS.items(), 2)]
    return evaluate(mines.with_dossier(mines.example(), findings=rows))


def test_a_closed_finding_has_its_box_ticked():
    assert state(False, True).replace("\N{NO-BREAK SPACE}", " ") == "□ open　■ closed"
    assert state(True).replace("\N{NO-BREAK SPACE}", " ") == "■ open　□ closed"


def test_what_the_evaluators_found_stands_above_with_its_state_and_leaves_no_room_to_be_filled():
    shown = views.appendix.findings(with_findings(NC=date(2025, 3, 10)))
    assert row(shown, "NC") == {
        "Id": "NC", "Kind": "nonconformity", "Raised": "2025-03-03", "Where": "5.2", "What": "what of NC",
        "Corrective action": "mended", "Evidence": "photo", "State": state(False, True), "Closed on": "2025-03-10"}
    assert (row(shown, "FAR")["State"], row(shown, "FAR")["Closed on"]) == (state(True), "—")
    plain = views.appendix.findings(found())
    assert plain.text.split("List of findings")[1].count("\n") - ROOM == shown.text.split(
        "List of findings")[1].count("\n")


@pytest.mark.parametrize(("closed", "sentence"), [
    ((), "What the evaluators raised is not all closed (NC; CL); until it is, this conclusion does not stand."),
    (("NC",), "What the evaluators raised is not all closed (CL); until it is, this conclusion does not stand."),
    # a forward action is for the next evaluation
    (("NC", "CL"), "All nonconformities and clarifications raised (2) were closed before this conclusion."),
])
def test_no_conclusion_stands_while_a_nonconformity_or_a_clarification_is_open(closed, sentence):
    case = with_findings(**dict.fromkeys(closed, date(2025, 3, 10))).case
    assert closing_sentence(case) == [sentence]
    assert closing_sentence(found().case) == findings_line(found().case) == []


def test_a_conclusion_counts_what_was_found_by_kind_and_names_what_is_open():
    ((name, text),) = findings_line(with_findings(NC=date(2025, 3, 10)).case)
    assert label(name) == "What the evaluators found and its state"
    assert text.splitlines() == ["nonconformity: 1, all closed", "clarification: 1, open: CL",
                                 "forward action: 1, open: FAR"]


def test_the_proof_of_a_correction_is_listed_with_the_evidence():
    listed = views.appendix.evidence_list(with_findings(NC=date(2025, 3, 10)).case)
    assert row(listed, "photo") == {"Evidence": "photo", "Proves": "NC"}
