"""How far a mine is on its way to carbon neutrality, and how much carbon its restoration binds.

>>> import mineco as mc
>>> evaluation = mc.evaluate("parameters/mines/tiny-quarry")
>>> evaluation.grade.final
'C'

From a dossier to a grade: `open_case`, `evaluate`, `check`; to a range where data are missing: `preliminary`. What
would be: `what_if`, `scenarios`, `draw`; how sure it is: `uncertainty`; what would change the grade: `sensitivity`;
what to do next: `advise`, and the cheapest way up: `path`; what to restore under a budget: `choose`; one mine over the
years: `track`; many mines beside each other: `portfolio`. Kept and checked: `run`, `verify`, `batch`; what changed
from one run to another: `compare`. What it rests on: `load_standard`, `load_factors`, `read_panel`, `weigh`. Numbers:
`Quantity`, `convert`. Formulas: `accounting`, `restoration`, `scoring`, `ahp`, `delphi`. Shown: `views`,
`set_language`. What is wrong with an input: `BadInput`.
"""

from mineco.core.lazy import LazyModule, Shown, lazy_names

TYPE_CHECKING = False
if TYPE_CHECKING:  # the same names for whoever reads types
    from mineco import accounting as accounting
    from mineco import restoration as restoration
    from mineco import scoring as scoring
    from mineco.core.errors import BadInput as BadInput
    from mineco.core.labels import set_language as set_language
    from mineco.core.quantity import Quantity as Quantity
    from mineco.core.units import convert as convert
    from mineco.evaluation import chapters as views  # noqa: F401
    from mineco.evaluation.advice.steps import advise as advise
    from mineco.evaluation.case import Case as Case
    from mineco.evaluation.case import open_case as open_case
    from mineco.evaluation.path.search import path as path
    from mineco.evaluation.portfolio.portfolio import portfolio as portfolio
    from mineco.evaluation.registry import check as check
    from mineco.evaluation.registry import evaluate as evaluate
    from mineco.evaluation.registry import preliminary as preliminary
    from mineco.evaluation.registry import uncertainty as uncertainty
    from mineco.evaluation.restoration_area.choice.ask import choose as choose
    from mineco.evaluation.tracking.track import track as track
    from mineco.evaluation.variants.draw import draw as draw
    from mineco.evaluation.variants.many_scenarios import scenarios as scenarios
    from mineco.evaluation.variants.sensitivity import sensitivity as sensitivity
    from mineco.evaluation.variants.what_if import what_if as what_if
    from mineco.runs.audit.compare import compare as compare
    from mineco.runs.audit.verify import verify as verify
    from mineco.runs.batch.many import batch as batch
    from mineco.runs.run import run as run
    from mineco.standards.factors import load_factors as load_factors
    from mineco.standards.load import load_standard as load_standard
    from mineco.weighting import ahp as ahp
    from mineco.weighting import delphi as delphi
    from mineco.weighting.expert_weights import weigh as weigh
    from mineco.weighting.panels import read_panel as read_panel

__version__ = "0.2.0"

Shown._display = LazyModule("mineco.evaluation.display")

__getattr__, __dir__ = lazy_names(__name__, {
    "BadInput": "mineco.core.errors:BadInput",
    "Case": "mineco.evaluation.case:Case",
    "Quantity": "mineco.core.quantity:Quantity",
    "accounting": "mineco.accounting",
    "advise": "mineco.evaluation.advice.steps:advise",
    "ahp": "mineco.weighting.ahp",
    "batch": "mineco.runs.batch.many:batch",
    "check": "mineco.evaluation.registry:check",
    "choose": "mineco.evaluation.restoration_area.choice.ask:choose",
    "compare": "mineco.runs.audit.compare:compare",
    "convert": "mineco.core.units:convert",
    "delphi": "mineco.weighting.delphi",
    "draw": "mineco.evaluation.variants.draw:draw",
    "evaluate": "mineco.evaluation.registry:evaluate",
    "load_factors": "mineco.standards.factors:load_factors",
    "load_standard": "mineco.standards.load:load_standard",
    "open_case": "mineco.evaluation.case:open_case",
    "path": "mineco.evaluation.path.search:path",
    "portfolio": "mineco.evaluation.portfolio.portfolio:portfolio",
    "preliminary": "mineco.evaluation.registry:preliminary",
    "read_panel": "mineco.weighting.panels:read_panel",
    "restoration": "mineco.restoration",
    "run": "mineco.runs.run:run",
    "scenarios": "mineco.evaluation.variants.many_scenarios:scenarios",
    "scoring": "mineco.scoring",
    "sensitivity": "mineco.evaluation.variants.sensitivity:sensitivity",
    "set_language": "mineco.core.labels:set_language",
    "track": "mineco.evaluation.tracking.track:track",
    "uncertainty": "mineco.evaluation.registry:uncertainty",
    "verify": "mineco.runs.audit.verify:verify",
    "views": "mineco.evaluation.chapters",
    "weigh": "mineco.weighting.expert_weights:weigh",
    "what_if": "mineco.evaluation.variants.what_if:what_if",
}, "__version__")
