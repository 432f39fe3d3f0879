"""What the notebook shows: every view in both languages for every example, names as text, and no number made anew."""

import inspect
import re
from html.parser import HTMLParser
from types import UnionType
from typing import get_args

import pytest

from mineco import advise, path, views
from mineco.core import labels
from mineco.dossier.mine import NotApplicable, Prerequisite
from mineco.dossier.rows import RatingRow
from mineco.dossier.texts import OwnText
from mineco.evaluation.carbon_neutral_mine import evaluate as cnm
from mineco.evaluation.case import with_options
from tests.helpers import mines
from tests.helpers.places import ROOT

LANGUAGES = ("zh", "en")
NASTY = {"script": "<script>alert(1)</script>", "formula": "=1+1", "tex": "$x_1$"}


@pytest.fixture(autouse=True)
def chinese_again():
    yield
    labels.set_language("zh")


CHAPTERS = ("case", "account", "result", "grade", "appendix", "conclusion", "pages", "mine_pages", "steps", "paths")


def arguments(evaluation):
    """What the notebook gives the views: parameter → value."""
    case, ledger, score = evaluation.case, evaluation.ledger, evaluation.score
    account, indicators, grade = ledger.account, evaluation.indicators, evaluation.grade
    others, uncertainty = cnm.alternatives(case), cnm.propagate_uncertainty(evaluation, draws=200)
    return {"case": case, "account": account, "ledger": ledger, "evaluation": evaluation, "main": evaluation,
            "indicators": indicators, "score": score, "grade": grade, "others": others,
            "rolled": cnm.consolidate(case, evaluation.ledger.account), "ours": cnm.own_figures(ledger, score, grade),
            "outlook": cnm.grade_outlook(case, indicators, score, ledger),
            "advised": cnm.shortfalls(case, indicators, score), "annex": evaluation, "advice": advise(evaluation),
            "ways": path(evaluation, assumed_costs=True),
            "uncertainty": uncertainty, "sensitivity": cnm.try_changes(evaluation, uncertainty, others)}


def every_view(evaluation):
    """Each public view with the arguments that the notebook gives it: name → function of nothing."""
    case, given = evaluation.case, arguments(evaluation)
    several = {"categories": sorted({one.category for one in case.standard.sources.values()}),
               "group": list(case.standard.groups), "one": list(evaluation.indicators.values())}
    shown = {}
    for called in CHAPTERS:
        chapter = getattr(views, called)
        for name, view in inspect.getmembers(chapter, inspect.isfunction):
            signature = inspect.signature(view)
            wanted = [name for name, one in signature.parameters.items() if one.kind is not one.VAR_POSITIONAL]
            own = view.__module__ == chapter.__name__ and not name.startswith("_")
            told = signature.return_annotation
            given_back = get_args(told) if isinstance(told, UnionType) else (told,)
            shows = all(hasattr(part, "_repr_mimebundle_") for part in given_back)
            if not own or not shows or not set(wanted) <= {*given, *several}:
                continue
            free = [part for part in wanted if part in several]
            for choice in several[free[0]] if free else [None]:
                which = getattr(getattr(choice, "indicator", None), "id", choice)
                parts = [called, name, *([which] if which else [])]
                shown[".".join(parts)] = (view, [choice if part in free else given[part] for part in wanted])
    return shown


def texts(evaluation, language):
    """What each view shows, as (name, HTML or SVG, plain text)."""
    labels.set_language(language)
    for name, (view, arguments) in every_view(evaluation).items():
        bundle = view(*arguments)._repr_mimebundle_()
        yield name, str(bundle.get("text/html") or bundle["image/svg+xml"]), bundle["text/plain"]


class Tags(HTMLParser):
    """The tags and attributes of a piece of HTML, and the text between them."""

    VOID = ("br", "img", "hr", "input", "path", "use", "rect", "circle", "line", "meta")

    def __init__(self):
        super().__init__()
        self.tags, self.attributes, self.text, self.typeset = set(), set(), "", ""
        self.open = []  # of each open element: whether JupyterLab leaves its dollars alone

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag not in self.VOID:
            self.open.append("mathjax_ignore" in (dict(attrs).get("class") or ""))

    def handle_endtag(self, tag):
        if tag not in self.VOID:
            self.open.pop()

    def handle_data(self, data):
        self.text += data
        self.typeset += "" if any(self.open) else data


# --- every view -----------------------------------------------------------------------------------------------------

def test_the_views_that_the_notebook_calls_are_among_those_tried():
    notebook = ROOT / "notebooks" / "zh" / "carbon-neutral-mine.ipynb"
    chapters = "case|account|result|appendix|pages|mine_pages|steps|paths"
    called = set(re.findall(rf"views\.((?:{chapters})\.\w+)\(", notebook.read_text("utf-8")))
    tried = {".".join(name.split(".")[:2]) for name in every_view(mines.evaluated("changcun-coal"))}
    assert len(called) > 40
    assert called - tried == set()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", mines.EXAMPLES)
def test_every_view_of_every_example_says_something_in_both_languages(name, language):
    found = list(texts(mines.evaluated(name), language))
    assert len(found) > 60
    for view, html, text in found:
        assert html.strip(), view
        assert text.strip(), view
        assert not re.search(r"(?:^|[|=:] )None(?: [|]|$)", text, re.MULTILINE), view
        assert not re.search(r"\bnan\b", text), view


def test_english_views_speak_no_chinese_but_what_the_dossier_holds():
    # the copper mine's own words stand in both languages beside each other: only headings are compared
    for view, html, _ in texts(mines.evaluated("example-copper"), "en"):
        heads = re.findall(r"<th[^>]*>(.*?)</th>|<caption>(.*?)</caption>", html)
        assert not re.search(r"[一-鿿]", "".join(map("".join, heads))), view


def test_the_two_languages_differ_in_words_and_agree_in_digits():
    zh, en = ({view: text for view, _, text in texts(mines.evaluated(), language)} for language in LANGUAGES)
    assert zh.keys() == en.keys()
    for view in ("account.scopes_table", "result.score_table", "account.balance_steps", "conclusion.formal_table"):
        assert zh[view] != en[view]
    for view in ("account.scopes_table", "account.emissions_table", "account.energy_table", "account.balance_steps"):
        assert re.findall(r"\d[\d,.]*\d", zh[view].partition("\n")[2]) == re.findall(
            r"\d[\d,.]*\d", en[view].partition("\n")[2]), view


# --- names that would be something else ------------------------------------------------------------------------------

def nasty_mine():
    """The quarry with every word of its own replaced by one that would run, compute or be typeset."""
    case = mines.example()
    word = " ".join(NASTY.values())
    text = OwnText(zh=word, en=word)
    mine = case.dossier.mine
    team = mine.evaluator_team.model_copy(update={"organisation": text})
    case = mines.with_mine(
        case, name=text, legal_entity=text, address=text, notice=text, recommendations=[text], evaluator_team=team,
        client=mine.client.model_copy(update={"name": text}),
        boundary=mine.boundary.model_copy(update={"text": text}),
        objectives=mine.objectives.model_copy(update={"reason": text, "goal": text}),
        prerequisites={name: Prerequisite(met=True, evidence=text) for name in mine.prerequisites})
    rated = [RatingRow("M1.1", word, None, 50.0, word, word, 2)]
    ratings = [row for row in case.dossier.ratings if row.indicator != "M1.1"] + rated
    case = mines.with_dossier(case, ratings=ratings)
    return mines.plus(case, mines.activity("purchased-goods", word, "quantity", 2.0, "t"),
                      mines.activity("purchased-goods", word, "factor", 1.5, "tCO2e/t"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_names_stay_text_in_every_view(language):
    shown = ""
    for view, html, _ in texts(cnm.evaluate(nasty_mine()), language):
        tags = Tags()
        tags.feed(html)
        assert "script" not in tags.tags, view
        assert not {name for name in tags.attributes if name.startswith("on")}, view
        assert NASTY["tex"] not in tags.typeset, view
        shown += tags.text
    assert shown.count(NASTY["script"]) > 8  # the words are there, as words
    assert NASTY["formula"] in shown
    assert NASTY["tex"] in shown


def test_names_never_stand_inside_a_formula():
    for view, html, _ in texts(cnm.evaluate(nasty_mine()), "en"):
        for formula in re.findall(r'<(?:div|span) class="math[^>]*>(.*?)</(?:div|span)>', html, re.DOTALL):
            assert "x_1" not in formula, view
            assert "alert" not in formula, view


# --- what is unusual ------------------------------------------------------------------------------------------------

def shown(view, *arguments, language="en"):
    labels.set_language(language)
    return view(*arguments).text


def test_a_mine_that_misses_a_gate_is_shown_as_such():
    case = mines.example()
    fined = Prerequisite(met=False, evidence=OwnText(zh="处罚", en="a fine"))
    gates = {**case.dossier.mine.prerequisites, "law": fined}
    found = cnm.evaluate(mines.with_mine(case, prerequisites=gates))
    (law,) = [line for line in shown(views.case.gates, found.case).splitlines() if "a fine" in line]
    assert "| no |" in law
    assert list(texts(found, "zh"))
    assert list(texts(found, "en"))


def test_an_indicator_that_does_not_apply_is_shown_with_its_reason():
    why = NotApplicable(reason="no_solid_waste", text=OwnText(zh="全部回填", en="all of it backfilled"))
    none = mines.without_figures(mines.example(), "solid_waste_generated", "solid_waste_used")
    found = cnm.evaluate(mines.with_mine(none, not_applicable={"E3.1": why}))
    text = shown(views.result.group_blocks, found.case, found.indicators, "E3")
    assert "all of it backfilled" in text
    assert "E3.1" in shown(views.appendix.missing, found)
    assert [line for line in shown(views.result.score_table, found.case, found.indicators, found.score).splitlines()
            if "E3.1" in line and "| — | — | —" in line]


def test_ratings_of_an_indicator_that_does_not_apply_are_left_out_of_the_table():
    why = NotApplicable(reason="no_capturable_source", text=OwnText(zh="无", en="none"))
    case = with_options(mines.with_mine(mines.example(), not_applicable={"E2.4": why}), ccs_not_applicable=True)
    found = cnm.evaluate(case)
    text = shown(views.result.ratings_table, case, found.indicators)
    assert "E2.4" not in text
    assert "M1.1" in text


def test_a_panel_is_shown_beside_the_value_it_does_not_replace():
    case = mines.example()
    panel = [RatingRow("E1.2", "rater A", None, 37.5, "a basis", "a record", 20)]
    found = cnm.evaluate(mines.with_dossier(case, ratings=[*case.dossier.ratings, *panel]))
    assert "37.5" in shown(views.result.indicator_block, case, found.indicators["E1.2"])


def test_where_nothing_was_restored_no_formula_of_another_quantity_is_shown():
    found = cnm.evaluate(mines.with_dossier(mines.example(), parcels=[]))
    text = shown(views.result.indicator_block, found.case, found.indicators["O2.2"])
    assert r"\sum" not in text


def test_a_bounded_rubric_shows_the_area_the_mean_and_the_lower_of_the_two():
    found = mines.evaluated("tiny-quarry")
    text = shown(views.result.indicator_block, found.case, found.indicators["O1.3"])
    assert r"\frac{75 + 75}{{2}}" in text
    assert r"\mathrm{min}" in text
    assert "4.6" in text


def test_what_cannot_stand_beside_says_why():
    rows = [mines.activity("gas-loss", "NF3", name, amount, "kgNF3", year) for year in (2023, 2024)
            for name, amount in (("stock_begin", 2.0), ("purchased", 1.0), ("recovered", 0.0), ("stock_end", 2.0))]
    case = mines.plus(mines.example(), *rows)
    for language in LANGUAGES:
        text = shown(views.grade.beside_table, cnm.evaluate(case), cnm.alternatives(case), language=language)
        assert "NF3" in next(line for line in text.splitlines() if "SAR" in line)


def test_all_fifteen_categories_of_scope_3_are_told_with_the_reason_of_those_left_out():
    why = OwnText(zh="没有特许经营", en="there are no franchises")
    case = mines.with_mine(mines.example("example-copper"), excluded_sources={"franchises": why})
    text = shown(views.account.scope3_table, cnm.compute_account(case, case.year))
    *lines, rest = filter(None, text.splitlines()[2:])
    assert [int(line.split()[0]) for line in lines] == [1, 9, 14]
    assert "1,704" in lines[1]  # 156,000 t of concentrate over 210 km at 0.052 kg/(t km): 1703.5 t
    assert why.en in lines[2]
    numbers = [int(one.split()[0]) for one in rest.partition(": ")[2].split(", ")]
    assert sorted([1, 9, 14, *numbers]) == list(range(1, 16))


def test_every_step_names_the_row_or_factor_that_each_number_is_from():
    found = mines.evaluated("tiny-quarry")
    text = shown(views.account.category_steps, found.ledger.account, "combustion")
    diesel = next(row for row in found.case.dossier.activity if (row.source, row.year) == ("mobile-combustion", 2024))
    assert f"activity.csv:{diesel.quantity.datum.row}" in text
    for name in ("NDRC2014.diesel.NCV", "NDRC2014.diesel.CC", "NDRC2014.diesel.OF"):
        assert name in text


# --- the appendices ---------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("name", mines.EXAMPLES)
def test_all_checks_pass_on_the_examples(name):
    text = shown(views.appendix.checks, mines.evaluated(name))
    assert "■ passed" in text
    assert "■ not passed" not in text


def test_a_check_fails_when_the_parts_do_not_add_up():
    assert views.appendix.is_rounding(1e-7, 1000.0)
    assert not views.appendix.is_rounding(1e-5, 1000.0)


def test_a_comparison_in_other_potentials_says_what_could_not_be_converted():
    views.set_language("en")
    found = mines.evaluated("changcun-coal")
    told = views.grade.beside_table(found, cnm.alternatives(found.case)).text
    assert "not known: planned abatement; offsets.csv:2; restoration.csv:3." in told
    assert "not known" not in views.grade.beside_table(found, {}).text


def test_the_market_based_line_says_whose_residual_it_takes():
    for language, whose in (("zh", "全国电力平均排放因子（不含市场化非化石电量） 2023"),
                            ("en", "China, grid average without market-traded non-fossil power 2023")):
        views.set_language(language)
        assert whose in views.account.scopes_table(mines.evaluated("example-copper").account()).text
