"""What a notebook shows is what it records: each variable that its cells walk reaches conclusion and results."""

import ast
import json
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, replace
from fractions import Fraction
from itertools import combinations
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pytest
import rasterio
from shapely import box

from mineco.core import kit, labels
from mineco.core.errors import BadInput
from mineco.evaluation import ledgers
from mineco.evaluation.advice import steps as steps_of_advice
from mineco.evaluation.carbon_neutral_mine import evaluate as cnm
from mineco.evaluation.path import search
from mineco.evaluation.path.found import Route
from mineco.evaluation.places import quantities_of
from mineco.evaluation.restoration_area import evaluate as rea
from mineco.evaluation.restoration_area.windows import steps
from mineco.evaluation.restoration_carbon_sink import evaluate as rcs
from mineco.evaluation.restoration_carbon_sink.views import advice as sink_advice
from mineco.runs.blanks.panel import new_panel
from mineco.weighting.expert_weights import weigh, weights_document
from mineco.weighting.panels import read_panel
from mineco.weighting.weights_file import weights_text

Scope = dict[str, Any]
MINE, SINK, AREA, TOUR = ("carbon-neutral-mine", "restoration-carbon-sink", "restoration-area", "00-start-here")
EVALUATIONS = {MINE: (cnm, "tiny-quarry"), SINK: (rcs, "example-closed-quarry"),
               AREA: (rea, "example-restoration-area")}
HELPERS = {"workers", "others", "advice", "ways"}  # who does the windows; what stands beside; what to do next
BESIDE_THE_RECORD = {"parameters", "setup", "by-hand"}  # tags of cells whose variables no other cell takes up


# --- each variable with a value in it altered -----------------------------------------------------------------------

def scaled(quantity: Any, factor: float = 1.5) -> Any:
    return replace(quantity, value=quantity.value * factor)


def other_account(account: Any, factor: float = 1.5) -> Any:
    return replace(account, lines=tuple(replace(one, mass=scaled(one.mass, factor)) for one in account.lines),
                   energy_lines=tuple(replace(one, energy=scaled(one.energy, factor)) for one in account.energy_lines))


def other_ledger(ledger: Any) -> Any:
    return replace(ledger, offset_ratio=scaled(ledger.offset_ratio, 0.0))


def other_indicators(indicators: Any) -> Any:
    scored = [name for name, one in indicators.items() if one.score is not None and one.score < 100]
    return {name: replace(one, score=100.0) if name in scored[:3] else one for name, one in indicators.items()}


def other_score(score: Any) -> Any:
    return replace(score, total=scaled(score.total, 0.5))


def other_factors(measured: Any) -> Any:
    first, *rest = measured.factors.values()
    turned = replace(first, sound=first.degraded, degraded=first.sound)
    return replace(measured, factors={one.id: one for one in (turned, *rest)})


def other_weighing(weighing: Any) -> Any:
    level = weighing.levels["groups"]
    values = moved({name: one.value for name, one in level.weights.items()})
    turned = {name: replace(one, value=values[name]) for name, one in level.weights.items()}
    given = {name: one for other in weighing.levels.values() for name, one in other.weights.items()} | turned
    return replace(weighing, case=replace(weighing.case, standard=weighing.case.standard.with_weights(given)),
                   levels={**weighing.levels, "groups": replace(level, weights=turned)})


def moved(shares: dict[str, float]) -> dict[str, float]:
    """Most of the first goes to the last."""
    first, *_, last = shares
    return shares | {first: shares[first] * 0.2, last: shares[last] + shares[first] * 0.8}


def other_case(case: Any) -> Any:
    rows = [replace(row, score=0.0) for row in case.dossier.ratings]
    return replace(case, dossier=replace(case.dossier, ratings=rows))


def other_carbon(carbon: Any) -> Any:
    return replace(carbon, end=replace(carbon.end, value=carbon.end.value * 1.5))


def other_intervals(found: Any) -> Any:
    return replace(found, mean=found.mean * 1.5)


def other_rules(rules: Any) -> Any:
    top = list(rules.classes)[-1]
    higher = rules.classes[top].model_copy(update={"at_least": rules.classes[top].at_least + 0.02})
    return rules.model_copy(update={"classes": {**rules.classes, top: higher}})


def other_data(data: Any) -> Any:
    return replace(data, settings=data.settings.model_copy(update={"leakage_share": 0.5}))


def other_verdicts(accuracy: Any) -> Any:
    return replace(accuracy, verdicts={name: replace(one, low=one.low / 2) for name, one in accuracy.verdicts.items()})


def one_rating_each(experts: Any) -> Any:
    return replace(experts, counted=tuple({one.indicator: one for one in experts.counted}.values()))


def other_gate(gate: Any) -> Any:
    return replace(gate, gates=dict.fromkeys(gate.gates, False))


@dataclass(frozen=True)
class Altered:
    """A change of a variable, the row of the conclusion page that tells of it, and the place in results.json.

    No row: the page tells nothing of it.
    """

    change: Callable[[Any], Any]
    row: str
    place: str


def scored_less(row: str, place: str) -> list[Altered]:
    return [Altered(lambda found: replace(found, score=other_score(found.score)), row, place)]


OF_MINE = {
    "accounts": [Altered(lambda found: {year: other_account(one) for year, one in found.items()},
                         "total emissions (graded)", "outcome.ledger.emissions_t_co2e"),
                 Altered(lambda found: {year: one if year == max(found) else other_account(one, 1000.0)
                                        for year, one in found.items()},
                         "near-zero emissions", "outcome.grade.near_zero")],
    "account": [Altered(other_account, "total emissions (graded)", "outcome.ledger.emissions_t_co2e")],
    "ledger": [Altered(other_ledger, "offset ratio", "outcome.ledger.offset_ratio")],
    "indicators": [Altered(other_indicators, "total score", "outcome.score.indicators")],
    "score": [Altered(other_score, "total score", "outcome.score.total")],
    "grade": [Altered(lambda found: replace(found, final="AA"), "grade", "outcome.grade.final")],
}
BESIDE = {"annex": scored_less("", "outcome.annex.score"),
          "variations": [Altered(lambda found: found[:-1], "", "weights.sensitivity")]}
SURE = {"uncertainty": [Altered(lambda found: replace(found, grades={**found.grades, "AAA": 0.5}), "",
                                "uncertainty.grades.AAA")],
        "sensitivity": [Altered(lambda found: replace(found, changes=found.changes[:-1]), "", "sensitivity.tried")]}
OF_EVALUATION = {"evaluation": scored_less("total score", "outcome.score.total")}
ALTERED: dict[str, dict[str, list[Altered]]] = {
    MINE: OF_MINE | OF_EVALUATION | BESIDE | SURE,
    SINK: OF_EVALUATION | BESIDE | {
        "weighing": [Altered(other_weighing, "total score", "outcome.weighing.levels")],
        "gate": [Altered(other_gate, "Prerequisites", "outcome.eligibility.gates")],
        "experts": [Altered(one_rating_each, "total score", "outcome.experts.ratings_counted")],
        "rated_case": [Altered(other_case, "total score", "outcome.score.indicators")],
        "effect": [Altered(lambda found: replace(found, gain=scaled(found.gain)), "gain over the baseline",
                           "outcome.removals.project_gain_t_co2e")],
        "indicators": OF_MINE["indicators"],
        "score": OF_MINE["score"],
        "uncertainty": [Altered(lambda found: replace(found, gain=other_intervals(found.gain)), "",
                                "uncertainty.project_gain_t_co2e")],
        "grade": [Altered(lambda found: replace(found, final="G1"), "grade", "outcome.grade.final")],
        "standing": [Altered(lambda found: replace(found, state="not_applied"), "Standing on the day of the report",
                             "outcome.standing.state")],
    },
    AREA: {
        "walk": [Altered(lambda found: found | {"cover": lambda land: 1 - steps.cover(land)}, "land to restore",
                         "outcome.classes_ha")],
        "measured": [Altered(other_factors, "land to restore", "outcome.classes_ha")],
        "ranked": [Altered(lambda found: replace(found, ranking=replace(found.ranking, least_pixels=500)),
                           "land to restore", "outcome.zones")],
        "rules": [Altered(other_rules, "land to restore", "outcome.classes_ha")],
        "data": [Altered(other_data, "additional gain over 20 years", "outcome.benefit.leakage")],
        "weighing": [Altered(other_weighing, "land to restore", "outcome.weighing.groups")],
        "shares": [Altered(moved, "land to restore", "outcome.classes_ha")],
        "weight_draws": [Altered(  # D4, the slope, alone
            lambda found: np.eye(found.shape[1])[np.full(len(found), 3)], "", "outcome.zones")],
        "identified": [Altered(lambda found: replace(found, zones=tuple(
            replace(one, area_ha=2 * one.area_ha) for one in found.zones)), "land to restore", "outcome.zones")],
        "accuracy": [Altered(other_verdicts, "Accuracy of identification", "outcome.verdicts.identified_overall")],
        "carbon": [Altered(other_carbon, "carbon stock of 2024", "outcome.carbon.end_tc")],
        "rates": [Altered(lambda found: replace(found, yearly=found.yearly * 1.5), "additional gain over 20 years",
                          "outcome.zones")],
        "potential": [Altered(lambda found: replace(found, project=found.project * 1.5),
                              "additional gain over 20 years", "outcome.benefit.project"),
                      Altered(lambda found: replace(found, plans=tuple(
                          replace(one, chosen="") for one in found.plans)), "cost of the measures", "outcome.zones")],
        "benefit": [Altered(lambda found: replace(found, cumulated=other_intervals(found.cumulated)),
                            "additional gain over 20 years", "outcome.benefit.cumulated")],
        "choice": [Altered(lambda found: replace(found, curve=found.curve[:-1]), "", "outcome.choice.curve")],
        "parcels": [Altered(lambda found: replace(found, parcels=tuple(
            replace(one, cover=one.cover / 2) for one in found.parcels)), "", "outcome.parcels")],
        "evaluation": [Altered(lambda found: replace(found, carbon=other_carbon(found.carbon)), "carbon stock of 2024",
                               "outcome.carbon.end_tc")],
        "annex": [Altered(lambda found: replace(found, identified=replace(found.identified, classes_ha={})), "",
                          "outcome.annex.classes_ha")],
    },
    TOUR: OF_MINE | {"more": scored_less("", "")},
}


# --- notebooks read statement by statement --------------------------------------------------------------------------

@dataclass(frozen=True)
class Statement:
    """A statement of a code cell."""

    cell: str
    tags: frozenset[str]
    node: ast.stmt

    @property
    def names(self) -> list[str]:
        """The variables that it assigns, those of the first two cells, of imports and of sums by hand left out."""
        if self.tags & BESIDE_THE_RECORD:
            return []
        return [one.id for one in ast.walk(self.node)
                if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store) and one.id not in HELPERS]

    @property
    def calls(self) -> list[ast.Call]:
        return [one for one in ast.walk(self.node) if isinstance(one, ast.Call)]

    def is_call_of(self, *functions: str) -> bool:
        """Whether it shows or writes what one of these functions returns."""
        return isinstance(self.node, ast.Expr) and any(called(one) in functions for one in self.calls)

    def run(self, scope: Scope) -> Any:
        """Execute it, and answer what a cell would show."""
        if isinstance(self.node, ast.Expr):
            return eval(compile(ast.Expression(self.node.value), self.cell, "eval"), scope)
        exec(compile(ast.Module([self.node], []), self.cell, "exec"), scope)
        return None


def called(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def cells(name: str) -> list[dict[str, Any]]:
    notebook = json.loads((kit.notebooks() / "en" / f"{name}.ipynb").read_text(encoding="utf-8"))
    return [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]


def statements(name: str) -> list[Statement]:
    return [Statement(cell["id"], frozenset(cell["metadata"].get("tags", [])), node)
            for cell in cells(name) for node in ast.parse("".join(cell["source"])).body]


def walked(name: str) -> list[str]:
    """The variables that the cells of a notebook assign, in order."""
    return [variable for one in statements(name) for variable in one.names]


def text_of(shown: Any) -> str:
    return str(getattr(shown, "text", None) or getattr(shown, "alt", shown))


@dataclass(frozen=True)
class Told:
    """What a notebook tells in the end: its conclusion page, results.json and trace.json.

    No results: they were refused, because sums that must agree did not.
    """

    page: str
    results: dict[str, Any]
    trace: dict[str, Any]

    def row(self, words: str) -> list[str]:
        """The rows of the conclusion page that begin with some words, the first of them with a capital."""
        begun = words[:1].upper() + words[1:]
        return [line for line in self.page.splitlines() if line.partition(" | ")[2].startswith(begun)]

    def at(self, place: str) -> Any:
        """What stands at a place of results.json."""
        found: Any = self.results
        for name in place.split("."):
            found = found[name]
        return found


class Walk:
    """A notebook, executed once as it stands; then with one variable altered where it was assigned."""

    def __init__(self, name: str, **given: object) -> None:
        self.name, self.statements = name, statements(name)
        self.known: list[Scope] = []  # after each statement
        scope: Scope = {}
        page = []
        for one in self.statements:
            shown = one.run(scope)
            page += [text_of(shown)] if self.concludes(one) else []
            if "parameters" in one.tags:
                scope |= given
            self.known.append(dict(scope))
        self.told = told(page, scope)

    def concludes(self, one: Statement) -> bool:
        """Whether a statement shows the conclusion: the page of that name; of the tour, whatever it shows."""
        return isinstance(one.node, ast.Expr) if self.name == TOUR else one.is_call_of("conclusion")

    def with_altered(self, variable: str, change: Callable[[Any], Any]) -> Told:
        """What is told when a variable is altered; views between, which only show, are passed over."""
        place = next(number for number, one in enumerate(self.statements) if variable in one.names)
        scope = dict(self.known[place])
        scope[variable] = change(scope[variable])
        page = []
        for one in self.statements[place + 1:]:
            if one.is_call_of("write_results"):
                try:
                    one.run(scope)
                except BadInput as refused:
                    if {problem.message for problem in refused.problems} != {"check_failed"}:
                        raise
                    del scope["results"]
            elif not isinstance(one.node, ast.Expr) or self.concludes(one):
                shown = one.run(scope)
                page += [text_of(shown)] if self.concludes(one) else []
        # what stands above the altered variable cannot follow it
        return told(page, scope)


def told(page: list[str], scope: Scope) -> Told:
    if "results" not in scope:
        return Told("\n".join(page), {}, {})
    results, trace = (json.loads(Path(scope["results"]).with_name(name).read_text(encoding="utf-8"))
                      for name in ("results.json", "trace.json"))
    return Told("\n".join(page), results, trace)


def weights_of_a_panel(folder: Path, standard: str) -> Path:
    """The weights of a panel, as the file that a run takes; of two experts who agree where the kit has no panel."""
    strengths = {rcs.STANDARD: {"SM": 1, "SA": 2, "SE": 4},
                 rea.STANDARD: {"D1": 4, "D2": 4, "D3": 4, "D4": 1, "D5": 2}}.get(standard)
    panel = kit.parameters() / "panels" / "example-groups"
    if strengths is not None:
        panel = folder / "panel"
        new_panel(panel, standard, ("groups",), "en")
        head = "expert,role_zh,role_en,organisation,weight,judgement_basis,familiarity,note"
        (panel / "experts.csv").write_text(f"{head}\nA,生态,ecology,one,1,,,\nB,碳汇,sink,two,1,,,\n", "utf-8")
        rows = ["expert,level,row,column,value,note\n"]
        for expert in "AB":
            for one, other in combinations(strengths, 2):
                value = Fraction(strengths[one], strengths[other])
                rows.append(f"{expert},groups,{one},{other},{value},\n")
        (panel / "judgements.csv").write_text("".join(rows), "utf-8")
    path = folder / "weights.yaml"
    path.write_text(weights_text(weights_document(weigh(read_panel(panel), draws=50))), encoding="utf-8")
    return path


def with_parcels(mine: Path, folder: Path) -> Path:
    """A copy of an example of land that lies in two parcels, so that results by parcel are walked too."""
    copy = Path(shutil.copytree(mine, folder / "dossier"))
    with rasterio.open(copy / "rasters" / "ndvi.tif") as file:
        (west, south, east, north), crs = file.bounds, file.crs
    halves = [box(west, south, (west + east) / 2, north), box((west + east) / 2, south, east, north)]
    geopandas.GeoDataFrame({"id": ["W", "E"]}, geometry=halves, crs=crs).to_file(copy / "rasters" / "parcels.gpkg")
    with (copy / "rasters" / "area.yaml").open("a", encoding="utf-8") as file:
        file.write("parcels: {file: parcels.gpkg, id: id}\n")
    return copy


@pytest.fixture(scope="module")
def walks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Walk]]:
    """Every notebook on its smallest example; the evaluations under a panel, so that an annex stands beside."""
    made = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(kit.notebooks() / "en")
        for name, (composition, mine) in EVALUATIONS.items():
            folder = tmp_path_factory.mktemp(name)
            path = kit.parameters() / "mines" / mine
            path = with_parcels(path, folder) if name == AREA else path
            given = {"dossier": str(path), "results": str(folder / "results.json"),
                     "weights": str(weights_of_a_panel(folder, composition.STANDARD))}
            made[name] = Walk(name, **given, **({"draws": 50} if name == SINK else {}))
        made[TOUR] = Walk(TOUR)
        yield made


@pytest.fixture(autouse=True)
def english(language_of_test: None) -> None:
    """The notebooks were walked in English, and a walk that is taken up again goes on in it."""
    labels.set_language("en")


# --- every variable is recorded ---------------------------------------------------------------------------------------

@pytest.mark.parametrize("name", [MINE, SINK, AREA])
def test_what_is_computed_by_hand_is_taken_up_nowhere_else(name):
    own = {one.id for statement in statements(name) if "by-hand" in statement.tags for one in ast.walk(statement.node)
           if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store)}
    read = {one.id for statement in statements(name) if "by-hand" not in statement.tags
            for one in ast.walk(statement.node) if isinstance(one, ast.Name)}
    assert own & read == set()


@pytest.mark.parametrize("name", ALTERED)
def test_each_variable_is_assigned_once_and_this_test_knows_how_to_alter_it(name):
    assert sorted(walked(name)) == sorted(ALTERED[name])  # one more is either recorded, and listed here, or not walked


@pytest.mark.parametrize(("name", "variable", "altered"), [
    (name, variable, one) for name in EVALUATIONS for variable, several in ALTERED[name].items() for one in several])
def test_an_altered_variable_is_found_on_the_conclusion_page_and_in_the_results(walks, name, variable, altered):
    before, after = walks[name].told, walks[name].with_altered(variable, altered.change)
    assert not after.results or after.at(altered.place) != before.at(altered.place)
    if altered.row:
        assert after.row(altered.row) != before.row(altered.row)
    else:
        assert after.page == before.page


@pytest.mark.parametrize(("variable", "altered"), [
    (variable, one) for variable, several in ALTERED[TOUR].items() for one in several])
def test_an_altered_variable_of_the_tour_is_found_in_what_it_shows_below(walks, variable, altered):
    assert not walks[TOUR].told.page.endswith(walks[TOUR].with_altered(variable, altered.change).page)


@pytest.mark.parametrize("name", EVALUATIONS)
def test_the_record_is_made_of_the_walked_variables_themselves(walks, name):
    scope = walks[name].known[-1]
    own = [scope[variable] for variable in ("case", *walked(name))]
    own += [scope["weighing"].case] if "weighing" in scope else []
    evaluation = scope["evaluation"]
    made = {one.name: value for one in fields(evaluation) if (value := getattr(evaluation, one.name)) not in (None, {})}
    assert [variable for variable, value in made.items() if not any(value is one for one in own)] == []


@pytest.mark.parametrize("name", EVALUATIONS)
def test_every_step_of_the_trace_has_the_one_cell_that_makes_it(walks, name):
    steps = {one["step"] for one in walks[name].told.trace["results"].values()}
    tags = Counter(tag for cell in cells(name) for tag in cell["metadata"].get("tags", []))
    assert {step: tags[f"step-{step}"] for step in steps} == dict.fromkeys(steps, 1)
    assert len(steps) >= 5


@pytest.mark.parametrize("name", EVALUATIONS)
def test_no_cell_of_an_evaluation_evaluates_anew(name):
    assert [one.cell for one in statements(name) for call in one.calls if called(call) in ("evaluate", "check")] == []


def test_the_tour_evaluates_anew_what_it_supposes_and_nothing_else():
    (call,) = [call for one in statements(TOUR) for call in one.calls if called(call) in ("evaluate", "check")]
    assert [called(one) for one in ast.walk(call) if isinstance(one, ast.Call)] == ["evaluate", "what_if"]


# --- and computed once ------------------------------------------------------------------------------------------------

class Calls:
    """Counts calls of functions of a module, by name and a key of the arguments."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.patch, self.counted = patch, Counter()

    def count(self, module: Any, name: str, key: Callable[..., object] = lambda *_: "") -> None:
        function = getattr(module, name)

        def counting(*given: Any, **named: Any) -> Any:
            self.counted[name, key(*given)] += 1
            return function(*given, **named)

        self.patch.setattr(module, name, counting)


def options_of(case: Any, *_: object) -> tuple[object, ...]:
    return tuple(one.value for one in case.options.values())


def options_and_size(case: Any, *_: object) -> tuple[Any, int]:
    """The options of a case, and how many cases its arrays hold."""
    return options_of(case), max(np.size(one.value) for one in quantities_of(case))


def other_choices(case: Any, compared: tuple[str, ...]) -> int:
    """How many results stand beside: one for each value that was not chosen."""
    options = [case.standard.options[name] for name in compared]
    return sum(len(one.allowed) + len(one.beside) - 1 for one in options)


def walk_counted(name: str, folder: Path, calls: Calls, **given: object) -> Scope:
    mine = kit.parameters() / "mines" / EVALUATIONS[name][1]
    calls.patch.chdir(kit.notebooks() / "en")
    return Walk(name, dossier=str(mine), results=str(folder / "results.json"), **given).known[-1]


def advised_and_tried_before(patch: pytest.MonkeyPatch) -> None:
    """Nothing is counted that evaluates each measure, each set of them, or each change."""
    evaluation = cnm.evaluate(cnm.open_case(kit.parameters() / "mines" / EVALUATIONS[MINE][1]))
    advice, sensitivity = steps_of_advice.advise(evaluation), cnm.try_changes(evaluation)
    ways = search.path(evaluation)
    held = [one.stages for one in ways.routes if one.reached]  # they are kept where they were asked for
    patch.setattr(Route, "chance", lambda _: 1.0 / len(held))
    patch.setattr(steps_of_advice, "advise", lambda _: advice)
    patch.setattr(search, "path", lambda _: ways)
    patch.setattr(cnm, "try_changes", lambda *_: sensitivity)


def test_an_account_is_kept_once_for_each_year_and_option_and_an_evaluation_made_once(tmp_path, monkeypatch):
    advised_and_tried_before(monkeypatch)
    calls = Calls(monkeypatch)
    for module in (cnm, ledgers):
        calls.count(module, "compute_account", lambda case, year: (year, options_and_size(case)))
    for name in ("evaluate", "compute_ledger", "measure_indicators"):
        calls.count(cnm, name, options_and_size)
    scope = walk_counted(MINE, tmp_path, calls)
    case = scope["case"]
    assert len(case.years) == 2
    assert set(calls.counted.values()) == {1}
    assert {year for name, key in calls.counted if name == "compute_account" for year in [key[0]]} == set(case.years)
    assert ("evaluate", options_and_size(case)) not in calls.counted
    of_arrays = [key[1] for name, key in calls.counted if name == "evaluate" and key[1] > 1]
    assert sorted(of_arrays) == [1 + 2 * len(scope["uncertainty"].inputs), cnm.DRAWS]  # each moved, and all drawn
    assert sum(name == "evaluate" for name, _ in calls.counted) == other_choices(case, cnm.COMPARED_OPTIONS) + 2


def test_the_annex_is_made_once_and_each_variation_once(tmp_path, monkeypatch):
    advised_and_tried_before(monkeypatch)
    calls = Calls(monkeypatch)
    calls.count(cnm.Evaluation, "with_weights_of")
    scope = walk_counted(MINE, tmp_path, calls, weights=str(weights_of_a_panel(tmp_path, cnm.STANDARD)))
    assert calls.counted["with_weights_of", ""] == len(scope["variations"]) - 1  # the first is the result itself


def test_restoration_is_evaluated_once_for_each_option_and_once_for_all_draws(tmp_path, monkeypatch):
    steps = sink_advice.next_steps(rcs.check(kit.parameters() / "mines" / EVALUATIONS[SINK][1]))
    monkeypatch.setattr(sink_advice, "next_steps", lambda _: steps)  # each of which is evaluated
    calls = Calls(monkeypatch)
    calls.count(rcs, "evaluate")
    calls.count(rcs, "compute_effect")
    scope = walk_counted(SINK, tmp_path, calls, draws=50)
    others = other_choices(scope["case"], rcs.COMPARED_OPTIONS)
    assert scope["uncertainty"] is not None
    assert calls.counted == {("evaluate", ""): others + 1, ("compute_effect", ""): others + 2}


def test_land_is_measured_once_and_ranked_once_more_under_the_weights_that_stand_beside(tmp_path, monkeypatch):
    calls = Calls(monkeypatch)
    for name in ("evaluate", "measure", "rank", "join_zones", "project_gains", "choose_measures"):
        calls.count(rea, name)
    walk_counted(AREA, tmp_path, calls)
    once = dict.fromkeys([("measure", ""), ("rank", ""), ("join_zones", ""), ("project_gains", "")], 1)
    other = {("choose_measures", ""): 1}  # by the option that was not chosen, of the gains that are known
    assert calls.counted == once | other
    calls.counted.clear()
    walk_counted(AREA, tmp_path, calls, weights=str(weights_of_a_panel(tmp_path, rea.STANDARD)))
    assert calls.counted == dict.fromkeys(once, 2) | {("measure", ""): 1} | other
