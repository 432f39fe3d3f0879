"""What a mine declares of itself counts as far as it is proved (reading R28), and no further."""

import shutil
from dataclasses import replace
from functools import cache

import pytest

import mineco as mc
from mineco.core.errors import BadInput
from mineco.core.kit import parameters
from mineco.core.labels import problem_text
from mineco.dossier.mine import NotApplicable
from mineco.dossier.rows import BasisRow
from mineco.dossier.texts import OwnText
from mineco.evaluation.carbon_neutral_mine import evaluate as cnm
from tests.helpers import mines
from tests.helpers.refusals import refused_with

DIESEL_2023 = 219 * 43.33 * (20.2e-3 * 0.98 * 44 / 12 + 4.15e-6 * 29.8 + 28.6e-6 * 273)  # t CO2e of last year's trucks


@cache
def quarry():
    return mines.example()


@cache
def coal():
    return mines.example("changcun-coal")


def told(case):
    """Ids of the findings, each of which can be said in both languages."""
    found = cnm.evaluate(case).notices
    assert all(problem_text(one, language) for one in found for language in ("zh", "en"))
    return [one.message for one in found]


def refused(case):
    with pytest.raises(BadInput) as caught:
        cnm.evaluate(case)
    assert all(problem_text(one, language) for one in caught.value.problems for language in ("zh", "en"))
    return [(one.message, one.column) for one in caught.value.problems]


def with_row(case, name, value=None, year=2024, **fields):
    """The case with another value of a figure, and another basis or meter of its row."""
    def changed(row):
        if (row.metric, row.year) != (name, year):
            return row
        quantity = row.quantity if value is None else replace(row.quantity, value=value)
        if "meter" in fields:
            quantity = replace(quantity, origin=replace(quantity.origin, meter=fields["meter"]))
        return replace(row, quantity=quantity, basis=fields.get("basis", row.basis))

    return mines.with_dossier(case, metrics=[changed(row) for row in case.dossier.metrics])


def with_measure(case, **fields):
    """The case whose only measure is another one."""
    (row,) = case.dossier.measures
    amounts = {name: replace(getattr(row, name), value=fields.pop(name))
               for name in ("baseline_t_co2e", "project_t_co2e") if name in fields}
    return mines.with_dossier(case, measures=[replace(row, **amounts, **fields)])


# --- planned abatement ----------------------------------------------------------------------------------------------

def test_a_plan_of_one_tonne_counts_as_a_fortieth_of_last_years_emissions():
    one = cnm.evaluate(mines.with_metric(quarry(), "planned_abatement", 1.0))
    emissions = float(one.accounts[2023].emissions())
    assert float(one.indicators["E2.5"].value) == pytest.approx(66 / (0.025 * emissions) * 100)  # 239 %, not 6600 %
    assert "plan_below_least" in told(one.case)


# --- baselines of measures ------------------------------------------------------------------------------------------

def abatement(case):
    return float(cnm.compute_ledger(case).abatement.total)


def test_a_baseline_of_five_million_tonnes_counts_up_to_the_emissions_of_its_source():
    case = with_measure(quarry(), baseline_t_co2e=5e6, project_t_co2e=52.0, since=2024)
    assert abatement(case) == pytest.approx(DIESEL_2023 - 52)
    assert "baselines_above_source" in told(case)


def test_a_measure_split_in_two_passes_the_bound_no_better():
    case = with_measure(quarry(), baseline_t_co2e=600.0, project_t_co2e=50.0, since=2024)
    (row,) = case.dossier.measures
    twice = mines.with_dossier(case, measures=[row, replace(row, id="the other half")])
    assert abatement(twice) == pytest.approx(DIESEL_2023 - 100)  # 1200 t of baselines at a source of some 764 t


def test_what_an_older_measure_spares_is_added_to_last_years_emissions():
    case = with_measure(quarry(), baseline_t_co2e=1000.0, project_t_co2e=400.0, since=2020)
    assert abatement(case) == 600.0  # 1000 t are less than 689 + 600 t


def test_an_older_measure_that_spares_more_than_its_source_emitted_is_told():
    assert "older_measures_above_source" in told(with_measure(quarry(), baseline_t_co2e=1000.0, project_t_co2e=50.0,
                                                              since=2020))


def test_an_older_measure_opens_no_room_for_itself_however_much_it_declares():
    case = with_measure(quarry(), baseline_t_co2e=1e6, project_t_co2e=0.0, since=1990)
    assert abatement(case) == pytest.approx(2 * DIESEL_2023)  # last year's, which is the base year's too, once more
    assert {"baselines_above_source", "older_measures_above_source", "measure_leaves_nothing"} <= set(told(case))


def test_a_measure_without_source_is_listed_and_not_counted():
    case = with_measure(quarry(), source="")
    ledger = cnm.compute_ledger(case)
    assert (list(ledger.abatement.measures), float(ledger.abatement.total)) == (["electric-loader"], 0.0)
    assert "measure_without_source" in told(case)


def test_a_source_that_the_mine_did_not_have_gives_nothing_in_its_first_year():
    assert abatement(with_measure(quarry(), source="road-vehicles", since=2024)) == 0.0


# --- the energy cap -------------------------------------------------------------------------------------------------

ENERGY_2023 = 219 * 43.33 / 29.3076 + (655 + 110) * 0.1229  # tce


def test_a_cap_without_basis_counts_up_to_last_years_energy():
    case = with_row(quarry(), "energy_cap", 1e6, basis="")
    one = cnm.evaluate(case).indicators["E2.1"]
    energy = 207 * 43.33 / 29.3076 + (640 + 140) * 0.1229
    assert float(one.value) == pytest.approx(energy / ENERGY_2023)
    assert "figure_counted_in_part" in told(case)


def test_older_measures_open_room_up_to_what_the_source_emitted_in_the_base_year():
    # trucks emitted twice as much in 2021 as in 2023; of 5000 t of baselines last year's and twice its like count
    case = mines.with_years(with_measure(quarry(), baseline_t_co2e=5000.0, project_t_co2e=50.0, since=2020), y2021=2.0)
    base = case.dossier.mine.base_year.model_copy(update={"year": 2021})
    early = mines.with_mine(case, base_year=base)
    assert abatement(early) == pytest.approx(DIESEL_2023 + 2 * DIESEL_2023 - 50)


def test_a_smaller_cap_without_basis_counts_as_it_is():
    one = cnm.evaluate(with_row(quarry(), "energy_cap", 400.0, basis="")).indicators["E2.1"]
    assert float(one.value.origin.inputs["cap"]) == 400.0


def test_a_quota_needs_the_number_of_its_document():
    assert refused(with_row(quarry(), "energy_cap", meter="")) == [("quota_without_document", "meter")]


def test_a_basis_that_is_none_is_refused_with_those_that_may_be():
    assert refused(with_row(quarry(), "energy_cap", basis="as we like")) == [("unknown_basis", "basis")]
    assert refused(with_row(quarry(), "reference_intensity", basis="gangue-norm-2012")) == [("unknown_basis", "basis")]


def test_a_limit_per_tonne_is_held_to_the_benchmark_that_it_names():
    # 9 kgce/t (coal-energy-2023) of 8,000,000 t are 72,000 tce
    limit = with_row(coal(), "energy_cap", 72_000.0, basis="coal-energy-2023")
    assert float(cnm.evaluate(limit).indicators["E2.1"].value.origin.inputs["cap"]) == 72_000.0
    assert refused(with_row(limit, "energy_cap", 74_000.0)) == [("not_the_named_value", "value")]


@pytest.mark.parametrize(("figure", "value", "basis"), [
    ("energy_cap", 2700.0, "coal-energy-2023"), ("reference_intensity", 45.0, "nger-nsw"),
    ("reference_energy_intensity", 11.8, "gb29444-limit"), ("reference_intensity", 2.18, "quarry-crushed-stone")])
def test_a_benchmark_of_another_sector_or_one_that_only_stands_beside_is_no_basis(figure, value, basis):
    assert refused(with_row(quarry(), figure, value, basis=basis)) == [("unknown_basis", "basis")]


def test_a_limit_that_was_superseded_is_no_basis_from_that_year_on():
    # 11.8 kgce/t (gb29444-limit) of 8,000,000 t are 94,400 tce; superseded by GB 29445-2025 on 2026-08-01
    limit = with_row(coal(), "energy_cap", 94_400.0, basis="gb29444-limit")
    assert float(cnm.evaluate(limit).indicators["E2.1"].value.origin.inputs["cap"]) == 94_400.0
    assert refused(mines.years_later(limit, 2)) == [("unknown_basis", "basis")]


@pytest.mark.parametrize(("cap", "is_told"), [(2.01, True), (1.99, False)])
def test_a_quota_of_more_than_twice_the_energy_used_is_told(cap, is_told):
    energy = 207 * 43.33 / 29.3076 + (640 + 140) * 0.1229
    assert ("quota_far_above_use" in told(with_row(quarry(), "energy_cap", cap * energy))) is is_told


def test_a_plan_of_a_tonne_in_both_years_is_still_a_fortieth():
    case = mines.with_metric(mines.with_metric(quarry(), "planned_abatement", 1.0), "planned_abatement", 1.0, 2023)
    one = cnm.evaluate(case)
    emissions = float(one.accounts[2023].emissions())
    assert float(one.indicators["E2.5"].value) == pytest.approx(66 / (0.025 * emissions) * 100)


# --- reference intensities ------------------------------------------------------------------------------------------

def test_a_reference_of_500_counts_as_the_mines_own_value_and_scores_at_most_80():
    honest, lying = (cnm.evaluate(with_row(quarry(), "reference_intensity", value)).indicators["E1.2"].score
                     for value in (4.0, 500.0))
    assert lying == honest  # 4.0 lies above last year's 3.984 kg/t already
    fewer = mines.with_metric(quarry(), "production", 600_000.0)  # half the intensity: 100 points on a benchmark
    one = cnm.evaluate(with_row(fewer, "reference_intensity", 500.0)).indicators["E1.2"]
    assert (float(one.score), float(one.most)) == (80.0, 80.0)


def test_a_benchmark_by_its_id_scores_in_full_and_is_held_to_its_value():
    # no published intensity is a quarry's own yet, so that one is made up: 3.5 kg/t are far below 0.7 of 45 kg/t
    standard = quarry().standard
    peers = standard.benchmarks["coal-energy-2023"].model_copy(update={
        "id": "peers", "indicators": ("E1.2",), "value": 45.0, "unit": "kgCO2e/t", "mines": ("non-metal-opencast",)})
    known = standard.model_copy(update={"benchmarks": {**standard.benchmarks, "peers": peers}})
    case = with_row(replace(quarry(), standard=known), "reference_intensity", 45.0, basis="peers")
    assert float(cnm.evaluate(case).indicators["E1.2"].score) == 100.0
    assert refused(with_row(case, "reference_intensity", 46.0)) == [("not_the_named_value", "value")]


@pytest.mark.parametrize("basis", ["own:2024", "own:2025", "own:2020", "own:last year", "own:", "own:２０２３"])
def test_an_own_reference_is_of_last_year_or_of_one_of_the_dossier_three_or_more_years_back(basis):
    assert refused(with_row(quarry(), "reference_intensity", basis=basis)) == [("own_reference_year", "basis")]
    assert refused(by_basis(quarry(), reference_intensity=basis)) == [("own_reference_year", "basis")]


def test_a_year_between_is_none_to_be_chosen():
    case = mines.with_years(quarry(), y2022=1.5)  # a bad year: its intensity would raise the score
    assert refused(by_basis(case, reference_intensity="own:2022")) == [("own_reference_year", "basis")]


# --- references and caps that are left to their basis ---------------------------------------------------------------

def by_basis(case, year=2024, **bases):
    """The case whose figures are left to their basis."""
    kept = [row for row in case.dossier.metrics if row.metric not in bases or row.year != year]
    return mines.with_dossier(case, metrics=kept, bases=[BasisRow(year, metric, basis, 22 + line) for line, (
        metric, basis) in enumerate(bases.items())])


def test_an_own_reference_without_a_value_is_computed_from_the_account_of_its_year():
    # 296,000 t mined in 2023, 14,000 t of waste; energy and diesel as above
    case = by_basis(quarry(), reference_intensity="own:2023", reference_energy_intensity="own:2023",
                    reference_waste_intensity="own:2023")
    found = cnm.evaluate(case)
    used = {name: found.indicators[name].value.inputs["reference"] for name in ("E1.2", "E2.2", "E3.3")}
    assert float(used["E1.2"]) == pytest.approx(float(found.accounts[2023].emissions()) * 1000 / 296_000)
    assert float(used["E2.2"]) == pytest.approx(ENERGY_2023 * 1000 / 296_000)
    assert float(used["E3.3"]) == pytest.approx(14_000 / 296_000)
    assert {found.indicators[name].most.value for name in used} == {80.0}
    (mined,) = [one for one in used["E3.3"].chain() if one.name == "production"]
    assert (mined.datum.file, mined.datum.given) == ("metrics.csv", "296000")


def test_last_years_own_value_scores_as_any_inflated_figure_does():
    inflated = cnm.evaluate(with_row(quarry(), "reference_intensity", 500.0)).indicators["E1.2"]
    own = cnm.evaluate(by_basis(quarry(), reference_intensity="own:2023")).indicators["E1.2"]
    assert (own.score, own.most.value) == (inflated.score, 80.0)


def test_an_own_reference_three_years_back_scores_at_most_80():
    case = by_basis(mines.with_years(quarry(), y2021=3.0), reference_intensity="own:2021")
    one = cnm.evaluate(case).indicators["E1.2"]
    assert (float(one.value) < 0.7, float(one.score)) == (True, 80.0)


def test_in_a_first_year_the_year_itself_stands_in_and_scores_60():
    base = quarry().dossier.mine.base_year.model_copy(update={"year": 2024, "documented_first_year": True})
    now = {table: [row for row in getattr(quarry().dossier, table) if row.year == 2024]
           for table in ("activity", "metrics")}
    first = mines.with_mine(mines.with_dossier(quarry(), **now), base_year=base)
    one = cnm.evaluate(by_basis(first, reference_intensity="own:2024")).indicators["E1.2"]
    assert (float(one.value), float(one.score)) == (pytest.approx(1.0), pytest.approx(60.0))
    assert refused(by_basis(first, reference_intensity="own:2023")) == [("own_reference_year", "basis")]


def test_an_own_reference_needs_the_figures_of_its_year():
    case = mines.with_dossier(quarry(), metrics=[row for row in quarry().dossier.metrics if (
        row.metric, row.year) != ("solid_waste_generated", 2023)])
    assert refused(by_basis(case, reference_waste_intensity="own:2023")) == [("missing_metric", "metric")]


def test_a_limit_without_a_value_is_multiplied_by_production():
    # 9 kgce/t (coal-energy-2023) of 8,000,000 t are 72,000 tce
    cap = cnm.evaluate(by_basis(coal(), energy_cap="coal-energy-2023")).indicators["E2.1"].value.inputs["cap"]
    assert (float(cap.to("tce")), float(cap.inputs["limit"].to("kgce/t"))) == (pytest.approx(72_000), 9.0)
    assert refused(by_basis(quarry(), energy_cap="coal-energy-2023")) == [("unknown_basis", "basis")]
    assert refused(by_basis(coal(), energy_cap="own:2023")) == [("unknown_basis", "basis")]


def test_a_benchmark_without_a_value_is_taken_from_its_list():
    standard = quarry().standard
    peers = standard.benchmarks["coal-energy-2023"].model_copy(update={
        "id": "peers", "indicators": ("E1.2",), "value": 45.0, "unit": "kgCO2e/t", "mines": ("non-metal-opencast",)})
    known = standard.model_copy(update={"benchmarks": {**standard.benchmarks, "peers": peers}})
    one = cnm.evaluate(by_basis(replace(quarry(), standard=known), reference_intensity="peers")).indicators["E1.2"]
    assert (float(one.score), float(one.value.inputs["reference"]), one.most) == (100.0, 45.0, None)
    assert refused(by_basis(quarry(), reference_intensity="nger-nsw")) == [("unknown_basis", "basis")]


def test_a_figure_left_to_its_basis_is_one_row_of_a_year_and_asks_for_nothing_else(tmp_path):
    folder = tmp_path / "quarry"
    shutil.copytree(parameters() / "mines" / "tiny-quarry", folder)
    lines = (folder / "metrics.csv").read_text("utf-8-sig").splitlines()
    head = lines[0].split(",")
    kept = [line for line in lines if not line.startswith("2024,reference_intensity")]

    def opened(*rows):
        cells = [",".join({"year": "2024", "metric": "reference_intensity", **row}.get(name, "") for name in head)
                 for row in rows]
        (folder / "metrics.csv").write_text("\n".join([*kept, *cells]), "utf-8-sig")
        return mc.open_case(folder)

    assert opened({"basis": "Own： 2023"}).dossier.bases == opened({"basis": "own:2023"}).dossier.bases
    twice = ({"basis": "own:2023"}, {"basis": "own:2021"})
    for rows, message in ((twice, "duplicate_row"), (({"basis": "own:2023", "unit": "ha"},), "wrong_dimension")):
        with refused_with(message):
            opened(*rows)
    case = opened({"basis": "own:2023"})
    assert [(row.metric, row.basis) for row in case.dossier.bases] == [("reference_intensity", "own:2023")]
    changed = mc.what_if(case, reference_intensity="3.9 kgCO2e/t")
    assert (changed.dossier.bases, float(changed.figure("reference_intensity"))) == ([], 3.9)


def test_a_quota_cannot_be_computed_and_a_row_without_basis_lacks_its_figure(tmp_path):
    folder = tmp_path / "quarry"
    shutil.copytree(parameters() / "mines" / "tiny-quarry", folder)
    table = (folder / "metrics.csv").read_text("utf-8-sig")
    for row in ("2024,energy_cap,430,", "2024,fresh_water,"):
        (begin,) = [line for line in table.splitlines() if line.startswith(row)]
        cells = begin.split(",")
        cells[2] = ""
        (folder / "metrics.csv").write_text(table.replace(begin, ",".join(cells)), "utf-8-sig")
        with refused_with("missing_figure"):
            mc.open_case(folder)


def test_many_mines_by_their_basis_are_evaluated_as_each_alone():
    case = by_basis(quarry(), reference_intensity="own:2023")
    more = mines.with_metric(case, "production", 250_000.0, 2023)
    found = mc.batch([case, more, quarry()])
    alone = [cnm.evaluate(one).indicators["E1.2"].score for one in (case, more, quarry())]
    assert found["E1.2"].tolist() == pytest.approx([float(one) for one in alone])
    assert mc.draw(case, 50, seed=1).values["E1.2"].max() <= 80.0


# --- greenable area -------------------------------------------------------------------------------------------------

def test_a_greenable_area_under_a_tenth_of_the_mine_is_told():
    assert "greenable_area_small" in told(mines.example("changcun-coal"))  # 230 of 9552 ha
    assert "greenable_area_small" not in told(quarry())  # 7 of 16 ha


def test_a_greenable_area_below_what_was_reclaimed_or_restored_is_told():
    assert "greenable_area_below_restored" in told(mines.example("changcun-coal"))  # 230 of 318 ha reclaimed
    assert "greenable_area_below_restored" not in told(quarry())  # 7 of 4.6 ha


# --- area to be reclaimed ------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("plan", "is_told"), [(4.5, True), (4.6, False)])
def test_a_plan_below_what_was_reclaimed_is_told(plan, is_told):
    case = mines.with_metric(quarry(), "planned_reclamation_area", plan)  # 4.6 ha are reclaimed
    assert ("plan_below_reclaimed" in told(case)) is is_told


def test_o2_2_is_divided_by_what_was_reclaimed_however_small_the_plan():
    case = quarry()
    for year in (2023, 2024):
        case = mines.with_metric(case, "planned_reclamation_area", 0.01, year)
    area = cnm.evaluate(case).indicators["O2.2"].value.origin.inputs["area"]
    assert float(area) == 4.6  # of the parcels restored before the year; 4.2 ha were reclaimed by last year


# --- figures that deny a reason ------------------------------------------------------------------------------------

def left_out(case, **reasons):
    given = {name.replace("_", "."): NotApplicable(reason=reason, text=OwnText(zh="无", en="none"))
             for name, reason in reasons.items()}
    return mines.with_mine(case, not_applicable=given)


@pytest.mark.parametrize(("indicator", "reason", "figure"), [
    ("E3_1", "no_solid_waste", "solid_waste_generated"), ("E3_3", "no_solid_waste", "solid_waste_generated"),
    ("E3_2", "no_mine_water", "mine_water_generated"), ("O2_1", "no_greenable_area", "green_area"),
    ("O1_1", "no_disturbed_land", "reclaimed_area"),
    ("O1_3", "no_restoration_due", "planned_reclamation_area")])
def test_a_reason_that_a_figure_of_the_mine_denies_is_refused(indicator, reason, figure):
    with pytest.raises(BadInput) as caught:
        cnm.evaluate(left_out(coal(), **{indicator: reason}))
    (problem,) = caught.value.problems
    (given,) = [row.quantity for row in coal().dossier.metrics if (row.year, row.metric) == (coal().year, figure)]
    assert (problem.message, problem.details["figure"]) == ("reason_denied", figure)
    assert problem.details["given"] == f"{given.datum.given} {given.unit}"
    assert (problem.details["from"], problem.details["line"]) == ("metrics.csv", given.datum.row)
    assert problem_text(problem, "zh") != problem_text(problem, "en")


def test_parcels_deny_that_no_land_was_disturbed():
    land = ("disturbed_area", "planned_reclamation_area", "reclaimed_area", "quality_met_area")
    bare = mines.without_figures(coal(), *land)
    with pytest.raises(BadInput) as caught:
        cnm.evaluate(left_out(bare, O1_1="no_disturbed_land"))
    assert caught.value.problems[0].details["figure"] == "parcels"
    without = mines.with_dossier(bare, parcels=[])
    assert cnm.evaluate(left_out(without, O1_1="no_disturbed_land", O2_2="no_disturbed_land", O1_3="no_restoration_due")
                        ).indicators["O1.1"].reason == "no_disturbed_land"


def test_a_reason_holds_where_its_figures_are_zero():
    case = mines.without_figures(coal(), "solid_waste_generated", "solid_waste_used")
    assert cnm.evaluate(left_out(case, E3_1="no_solid_waste", E3_3="no_solid_waste")).indicators["E3.1"].score is None


# --- own mine gas (reading R36) -------------------------------------------------------------------------------------

def test_own_gas_stands_outside_the_energy_and_its_power_inside():
    account = cnm.evaluate(coal()).ledger.account
    # 18,500 t of coal, 2,950 t of diesel, 92 t of petrol and 236,000 + 66,300 MWh, by the table of energy
    lines = {line.id: float(line.energy) for line in account.energy_lines}
    gas = lines.pop("mine-gas-use|gas power station|energy")
    assert gas > 20_000
    assert lines["mine-gas-use|gas power station|power"] == pytest.approx(66_300 * 0.1229)
    assert float(account.energy()) == pytest.approx(sum(lines.values()))


def test_a_cap_with_own_gas_in_it_is_lowered_by_last_years_gas():
    found = cnm.evaluate(coal())
    gas = float(found.accounts[2023].energy("gas", ["own-gas"]))
    assert float(found.indicators["E2.1"].value.origin.inputs["cap"]) == pytest.approx(79_000 - gas)


def test_use_of_gas_without_power_or_heat_is_told_and_so_is_a_cap_without_word():
    case = with_row(mines.without(coal(), "mine-gas-use", "power"), "energy_cap", basis="quota")
    assert {"own_gas_without_output", "cap_without_word_on_gas"} <= set(told(case))
    assert not {"own_gas_without_output", "cap_without_word_on_gas"} & set(told(coal()))


def test_more_power_than_the_gas_holds_is_refused():
    rows = [replace(row, quantity=replace(row.quantity, value=400_000.0))
            if (row.source, row.parameter, row.year) == ("mine-gas-use", "power", 2024) else row
            for row in coal().dossier.activity]
    assert refused(mines.with_dossier(coal(), activity=rows)) == [("limit_broken", "quantity")]


def test_every_basis_that_is_none_is_told_at_once():
    case = with_row(quarry(), "energy_cap", basis="as we like")
    case = by_basis(case, reference_intensity="own:2099", reference_energy_intensity="own:abc")
    assert sorted(refused(case)) == [("own_reference_year", "basis"), ("own_reference_year", "basis"),
                                     ("unknown_basis", "basis")]
