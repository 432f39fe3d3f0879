"""The what-if page as widgets: controls on one side, and beside them what their last good input comes to."""

import math
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from IPython.display import Javascript

from mineco.core.errors import BadInput, Problem
from mineco.core.formatting import unit_text
from mineco.core.labels import current_language, label, problem_text, set_language
from mineco.evaluation.carbon_neutral_mine.evaluate import evaluate
from mineco.evaluation.carbon_neutral_mine.views.grade import grade_text
from mineco.evaluation.case import Case, open_case
from mineco.evaluation.path.search import path as cheapest_path
from mineco.evaluation.registry import STANDARD
from mineco.evaluation.views.setup import located
from mineco.evaluation.views.words import named, value_name
from mineco.report.tables import Block, note
from mineco.runs.app import views
from mineco.runs.app.controls import Control, controls_of
from mineco.runs.app.state import Asked, own_weights

WIDGET = "application/vnd.jupyter.widget-view+json"
OPTIONS = ("gwp", "scope2_basis")
WEIGHTS = "weights"
WEIGHT_STEP = 0.5  # per cent
NEAREST = 0.51  # of a step: as far as one is that lies half way between two, beside binary noise


def page_of(dossier: str | Path) -> "Page | Block":
    """The page of a mine; of one that cannot be evaluated what is wrong with it, in the sentences of the package.

    >>> print(page_of("no-such-mine").text.partition("\\n")[0])
    Nothing can be moved yet. Mend the dossier, then open this page anew:
    """
    try:
        return Page(dossier)
    except BadInput as error:
        return note(label("app_refused"), list(dict.fromkeys(map(problem_text, error.problems))))


class Page:
    """Sliders around what a mine reported; where no front end shows them, a text that says how else.

    >>> Page("parameters/mines/tiny-quarry").told.text.partition("\\n")[0]
    'What if?'
    """

    def __init__(self, dossier: str | Path) -> None:
        self.language = current_language()
        self.dossier = str(dossier if Path(dossier).is_file() else located(dossier))
        self.case: Case = open_case(self.dossier, STANDARD)
        self.before = self.now = evaluate(self.case)
        self.asked = Asked(self.case)
        self.evaluations = 0  # made since the page was opened
        self.told = note(label("app_title"), [label("app_how"), self.asked.as_call(self.dossier)]) + grade_text(
            self.case, self.now.grade, self.now.score, self.now.ledger)
        self.moves: dict[str, _Move] = {}
        self.places: dict[tuple[str, Any], str] = {}
        self.last = ""
        self.busy = False
        self.box: Any = None
        try:
            import ipywidgets
        except ImportError:  # without the extra lab or app
            return
        self._lay_out(ipywidgets)
        self._show(former=False)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        """The page for a front end that has widgets, and the text for any other."""
        shown = {"text/plain": self.told.text, "text/html": self.told.html}
        if self.box is None:
            return shown
        return {WIDGET: self.box._repr_mimebundle_()[WIDGET], **shown}

    # --- what is laid out -------------------------------------------------------------------------------------------

    def _lay_out(self, widgets: Any) -> None:
        sections: dict[str, list[Any]] = {}
        for control in controls_of(self.case):
            move = _Move(widgets, control.name, control.unit, control.reported, control.most, control.step,
                         self._mover(control))
            self._add(sections, control.section, move, ".".join(control.path))
            file, rows = control.place
            self.places |= {(file, row): ".".join(control.path) for row in (rows, *_lines(rows))}
        for group, weight in own_weights(self.case).items():
            move = _Move(widgets, f"{group} {named(self.case.standard.groups[group])}", "%", weight, 100.0,
                         WEIGHT_STEP, self._weigher(group), "app_of_standard")
            self._add(sections, WEIGHTS, move, f"{WEIGHTS}.{group}")
            self.places["", f"{WEIGHTS}.{group}"] = f"{WEIGHTS}.{group}"
        for name in OPTIONS:
            self._add(sections, "rules", _Choice(widgets, self.case, name, self._chooser(name)), f"options.{name}")
        notes = {"mine_gas": label("app_gas_note"), WEIGHTS: label("app_weights_note")}
        told = [widgets.HTML(views.section(name, notes.get(name, ""))) for name in sections]
        controls = [_classed(widgets.VBox([head, *boxes]), "mineco-section")
                    for head, boxes in zip(told, sections.values(), strict=True)]
        self.buttons = {name: _classed(widgets.Button(description=label(f"app_{name}_button")), "mineco-button")
                        for name in ("reset", "call", "path")}
        for name, act in (("reset", self.reset), ("call", self.write_call), ("path", self.find_path)):
            self.buttons[name].on_click(self._pressed(act))
        self.headline, self.result, self.call, self.path = (widgets.HTML() for _ in range(4))
        buttons = _classed(widgets.HBox(list(self.buttons.values())), "mineco-buttons")
        left = _classed(widgets.VBox([*controls]), "mineco-controls")
        right = _classed(widgets.VBox([self.result, buttons, self.call, self.path]), "mineco-results")
        self.box = _classed(widgets.VBox([
            widgets.HTML(views.style()), widgets.HTML(views.opening(self.case)),
            _classed(self.headline, "mineco-sticky"), _classed(widgets.Box([left, right]), "mineco-columns"),
            _named_sliders(widgets)]), "mineco-app")

    def _add(self, sections: dict[str, list[Any]], section: str, move: Any, name: str) -> None:
        self.moves[name] = move
        sections.setdefault(section, []).append(move.box)

    # --- what moves -------------------------------------------------------------------------------------------------

    def _mover(self, control: Control) -> Callable[[float], None]:
        name = ".".join(control.path)
        return lambda value: self._ask(name, self.asked.with_value(control, value))

    def _weigher(self, group: str) -> Callable[[float], None]:
        return lambda value: self._ask(f"{WEIGHTS}.{group}", self.asked.with_weight(group, value))

    def _chooser(self, option: str) -> Callable[[Any], None]:
        return lambda value: self._ask(f"options.{option}", self.asked.with_option(option, value))

    def _ask(self, name: str, asked: Asked) -> None:
        """One move: evaluate, and show the result, or why there is none beside the control that it is about."""
        if self.busy:  # a control that this page itself has set
            return
        set_language(self.language)  # a move comes from outside of the cell, and knows nothing of it
        self.asked, self.last = asked, name
        with self._setting():
            for group, weight in asked.all_weights.items():
                self.moves[f"{WEIGHTS}.{group}"].set(weight)
        self._evaluate()

    def _evaluate(self) -> None:
        self.evaluations += 1
        for move in self.moves.values():
            move.tell("")
        try:
            self.now = self.asked.evaluated()
        except BadInput as error:
            for name, problems in self._by_control(error).items():
                self.moves[name].tell(views.refused(BadInput(problems)))
            self._show(former=True)
            return
        self.path.value = self.call.value = ""  # of what was asked before
        self._show(former=False)

    def _by_control(self, error: BadInput) -> Mapping[str, list[Problem]]:
        """Problems by the control whose figure they are about; any other by the one that was moved last."""
        told: dict[str, list[Problem]] = {}
        for one in error.problems:
            told.setdefault(self.places.get((one.file, one.row), self.last), []).append(one)
        return told

    def _show(self, former: bool) -> None:
        self.headline.value = views.headline(self.now, self.before, former)
        if not former:
            self.result.value = views.result(self.now, self.before)
        for button in ("call", "path"):
            self.buttons[button].disabled = former

    # --- what is pressed --------------------------------------------------------------------------------------------

    def reset(self) -> None:
        """Everything as the mine reported it."""
        self.asked = Asked(self.case)
        with self._setting():
            for move in self.moves.values():
                move.set(move.first)
        self._evaluate()

    def write_call(self) -> None:
        """Write down what was changed, so that anybody can make the result again."""
        self.call.value = views.call(self.asked.as_call(self.dossier))

    def find_path(self) -> None:
        """The cheapest way up from what is asked."""
        try:
            self.path.value = views.way_up(cheapest_path(self.now))
        except BadInput as error:
            self.path.value = views.refused(error)

    def _pressed(self, act: Callable[[], None]) -> Callable[[Any], None]:
        def press(_: Any) -> None:
            set_language(self.language)
            act()
        return press

    @contextmanager
    def _setting(self) -> Iterator[None]:
        self.busy = True
        try:
            yield
        finally:
            self.busy = False


class _Move:
    """A number to type with its slider, what was reported, and why the number is refused."""

    def __init__(self, widgets: Any, name: str, unit: str, first: float, most: float, step: float,
                 moved: Callable[[float], None], whose: str = "app_reported") -> None:
        self.first = first
        self.decimals = max(0, -math.floor(math.log10(step)))  # beyond which a slider tells binary noise
        described = f"{name} ({unit_text(unit)})"
        self.number = widgets.FloatText(first, description=described, step=step)
        self.slider = widgets.FloatSlider(min(first, most), min=0.0, max=most, step=step, readout=False)
        self.problem = widgets.HTML()
        self.box = _classed(widgets.VBox([_classed(self.number, "mineco-number"),
                                          _classed(self.slider, "mineco-slider"),
                                          widgets.HTML(views.reported(first, unit, whose)), self.problem]),
                            "mineco-control")
        self.at = first  # where the slider was put by its number or moved to
        self.own = False  # whether the slider is set by its number
        self.slider.observe(self._slid, "value")
        self.number.observe(lambda change: self._typed(change["new"], moved), "value")

    def _slid(self, change: Mapping[str, Any]) -> None:
        """Take over a move; not that a front end puts a slider by itself on the nearest of its steps."""
        if self.own:
            return
        before, self.at = self.at, change["new"]
        if abs(self.at - before) > self.slider.step * NEAREST:
            self.number.value = round(self.at, self.decimals)

    def _typed(self, value: float, moved: Callable[[float], None]) -> None:
        self._follow(value)
        moved(value)

    def _follow(self, value: float) -> None:
        """Set the slider, which ends where a number that is typed need not."""
        self.own = True
        try:
            self.slider.value = self.at = min(max(value, self.slider.min), self.slider.max)
        finally:
            self.own = False

    def set(self, value: float) -> None:
        """Set the number and its slider."""
        self.number.value = value

    def tell(self, html: str) -> None:
        """Say why the number is refused, or nothing."""
        self.problem.value = html


class _Choice:
    """An option of the standard."""

    def __init__(self, widgets: Any, case: Case, name: str, chosen: Callable[[Any], None]) -> None:
        self.first = case.option(name)
        known = case.standard.options[name]
        self.drop = widgets.Dropdown(options=[(value_name(one), one) for one in known.allowed], value=self.first,
                                     description=named(known))
        self.problem = widgets.HTML()
        self.box = _classed(widgets.VBox([_classed(self.drop, "mineco-number"), self.problem]), "mineco-control")
        self.drop.observe(lambda change: chosen(change["new"]), "value")

    def set(self, value: Any) -> None:
        self.drop.value = value

    def tell(self, html: str) -> None:
        """Say why the choice is refused, or nothing."""
        self.problem.value = html


def _lines(rows: Any) -> list[int]:
    """The lines of a figure that stands in several, one for each period."""
    return [int(row) for row in str(rows).split("+") if row.isdigit()]


def _named_sliders(widgets: Any) -> Any:
    """A script that names every slider by its number: by itself it has no name for those who do not see it."""
    script = widgets.Output()
    script.append_display_data(Javascript(views.script()))
    return script


def _classed(widget: Any, name: str) -> Any:
    widget.add_class(name)
    return widget
