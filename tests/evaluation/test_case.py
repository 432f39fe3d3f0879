"""A case: who set each option, what a choice in mine.yaml must serve, and which years are compared."""


import pytest

from mineco.core.errors import BadInput, Problems
from mineco.core.kit import parameters
from mineco.core.labels import problem_text
from mineco.evaluation.case import gather_case, open_case, resolve_options, with_options
from mineco.standards.load import load_standard
from tests.helpers import mines

STANDARD = load_standard("carbon-neutral-mine-2025")


def written(folder, *changes):
    """A copy of the tiny quarry's dossier with other words in mine.yaml."""
    source = parameters() / "mines" / "tiny-quarry"
    for file in source.iterdir():
        (folder / file.name).write_bytes(file.read_bytes())
    text = (folder / "mine.yaml").read_text("utf-8")
    for old, new in changes:
        assert text.count(old) == 1
        text = text.replace(old, new)
    (folder / "mine.yaml").write_text(text, "utf-8")
    return folder


def problems_of(act, *arguments, **named):
    with pytest.raises(BadInput) as caught:
        act(*arguments, **named)
    for problem in caught.value.problems:
        assert problem_text(problem, "zh")
        assert problem_text(problem, "en")
    return caught.value.problems


# --- figures --------------------------------------------------------------------------------------------------------

def test_a_figure_that_the_mine_does_not_give_is_none_and_a_misspelt_one_is_refused_with_the_nearest():
    case = open_case(parameters() / "mines" / "tiny-quarry")
    unstated = next(name for name in STANDARD.metrics if name not in case.figures())
    assert case.figure(unstated) is None
    assert case.figure("production", 1999) is None
    [problem] = problems_of(case.figure, "prodction")
    assert (problem.message, problem.value) == ("unknown_metric", "prodction")
    assert "Do you mean production?" in problem_text(problem, "en")
    assert problems_of(case.figure, ["production"])[0].message == "argument_not_text"


# --- options --------------------------------------------------------------------------------------------------------

def test_the_command_line_goes_before_mine_yaml_and_mine_yaml_before_the_standard(tmp_path):
    folder = written(tmp_path, ("options: {}", "options: {gwp: AR5, scope2_basis: market}"))
    case = open_case(folder, gwp="AR4", count_allowances=None)
    shown = {name: (one.value, one.origin) for name, one in case.options.items()}
    assert shown["gwp"] == ("AR4", "command-line")
    assert shown["scope2_basis"] == ("market", "mine.yaml")
    assert shown["count_allowances"] == (True, "standard")
    assert set(shown) == set(STANDARD.options)


def test_every_wrong_option_is_told_at_once_with_what_is_allowed():
    found = problems_of(resolve_options, STANDARD, {"colour": "green"}, {"gwp": "AR7", "scope2_basis": "both"})
    assert [(one.message, one.file, one.column) for one in found] == [
        ("unknown_option", "mine.yaml", "colour"), ("option_not_allowed", "command-line", "gwp"),
        ("option_not_allowed", "command-line", "scope2_basis")]
    assert found[1].details["allowed"] == "AR6, AR5, AR4, SAR"


@pytest.mark.parametrize(("value", "message"), [
    ("AR6 GWP20", "option_only_beside"), ("ar6 gwp20", "option_only_beside"), ("AR5 GWP20", "option_not_allowed")])
def test_a_set_that_stands_beside_is_refused_as_one_that_cannot_grade(value, message):
    for dossier, chosen in (({"gwp": value}, {}), ({}, {"gwp": value})):
        (problem,) = problems_of(resolve_options, STANDARD, dossier, chosen)
        assert (problem.message, problem.details["allowed"]) == (message, "AR6, AR5, AR4, SAR")


@pytest.mark.parametrize("value", [1, 1.0, "true", "yes"])
def test_only_true_is_true(value):
    (problem,) = problems_of(resolve_options, STANDARD, {}, {"combustion_ch4_n2o": value})
    assert problem.message == "option_not_allowed"


def test_another_option_beside_leaves_the_case_as_it_was():
    case = mines.example()
    other = with_options(case, gwp="AR4")
    assert (other.option("gwp"), other.options["gwp"].origin) == ("AR4", "beside")
    assert case.option("gwp") == "AR6"
    assert [one.message for one in problems_of(with_options, case, gwp="AR9")] == ["option_not_allowed"]
    assert [one.message for one in problems_of(with_options, case, taste="sweet")] == ["unknown_option"]


# --- years (reading R21) --------------------------------------------------------------------------------------------

def test_the_years_are_base_previous_and_reporting_each_once():
    case = mines.example()
    assert case.years == (2023, 2024)  # the base year is the previous one
    older = mines.with_mine(case, base_year=case.dossier.mine.base_year.model_copy(update={"year": 2020}))
    assert older.years == (2020, 2023, 2024)


def test_a_documented_first_year_stands_alone(tmp_path):
    folder = written(tmp_path, ("base_year:\n  year: 2023", "base_year:\n  year: 2024\n  documented_first_year: true"))
    keep_activity(folder, lambda year: year == 2024)
    assert open_case(folder).years == (2024,)


def test_a_documented_first_year_is_refused_while_the_dossier_holds_an_earlier_one(tmp_path):
    folder = written(tmp_path, ("base_year:\n  year: 2023", "base_year:\n  year: 2024\n  documented_first_year: true"))
    (problem,) = problems_of(open_case, folder)
    assert (problem.message, problem.file, problem.row, problem.value) == (
        "first_year_with_earlier_rows", "activity.csv", 2, 2023)


def keep_activity(folder, kept, *more):
    """Only the rows of activity.csv whose year is wanted, and some rows more."""
    header, *rows = (folder / "activity.csv").read_text("utf-8-sig").splitlines()
    rows = [row for row in rows if kept(int(row.split(",")[0]))]
    (folder / "activity.csv").write_text("\n".join([header, *rows, *more]) + "\n", encoding="utf-8")


@pytest.mark.parametrize(("oldest", "refused"), [(2021, ["base_year_too_young"]), (2022, [])])
def test_a_base_year_last_year_is_refused_where_the_dossier_holds_one_three_years_back(tmp_path, oldest, refused):
    # reading R29: 2024 - 3 = 2021 is old enough, 2022 is not
    folder = written(tmp_path)
    _, first, *_ = (folder / "activity.csv").read_text("utf-8-sig").splitlines()
    keep_activity(folder, lambda year: True, first.replace("2023", str(oldest), 1))
    problems = Problems()
    gather_case(folder, "carbon-neutral-mine-2025", {}, problems)
    assert [one.message for one in problems] == refused


def test_a_first_year_that_has_an_earlier_base_year_is_refused(tmp_path):
    folder = written(tmp_path, ("base_year:\n  year: 2023", "base_year:\n  year: 2023\n  documented_first_year: true"))
    keep_activity(folder, lambda year: year == 2024)
    assert "first_year_or_base_year" in [one.message for one in problems_of(open_case, folder)]


def test_a_base_year_that_is_the_reporting_year_is_refused_without_the_proof_of_a_first_year(tmp_path):
    folder = written(tmp_path, ("base_year:\n  year: 2023", "base_year:\n  year: 2024"))
    assert [one.message for one in problems_of(open_case, folder)] == ["first_year_or_base_year"]


# --- factors chosen by name -----------------------------------------------------------------------------------------

def test_a_factor_chosen_by_name_is_taken_over(tmp_path):
    folder = written(tmp_path, ("factors: {}", 'factors: {"diesel:oxidation": NDRC2014.gasoline.OF}'))
    assert open_case(folder).dossier.mine.factors == {"diesel:oxidation": "NDRC2014.gasoline.OF"}


@pytest.mark.parametrize("name", ["disel:oxidation", "diesel:oxydation", "oxidation", "diesel:quantity"])
def test_a_factor_chosen_for_a_parameter_that_nothing_asks_for_is_refused(tmp_path, name):
    folder = written(tmp_path, ("factors: {}", f'factors: {{"{name}": NDRC2014.gasoline.OF}}'))
    (problem,) = problems_of(open_case, folder)
    assert (problem.message, problem.row) == ("choice_without_use", f"factors.{name}")
    assert "diesel:oxidation" in problem.details["known"]
