"""What notebooks show of an evaluation, chapter by chapter: the shared views and those of each standard under one name.

No number is made in a view. A chapter is imported when it is asked for.
"""

from mineco.core.lazy import lazy_names

_MINE = "mineco.evaluation.carbon_neutral_mine.views"
_SINK = "mineco.evaluation.restoration_carbon_sink.views"
_AREA = "mineco.evaluation.restoration_area.views"
_TRACK = "mineco.evaluation.tracking.views"
_FOLIO = "mineco.evaluation.portfolio.views"
_VOLUME = "mineco.evaluation.volume"
_SHARED = "mineco.evaluation.views"

__getattr__, __dir__ = lazy_names(__name__, {
    "account": f"{_MINE}.account",
    "accuracy": f"{_AREA}.accuracy",
    "appendix": f"{_SHARED}.appendix",
    "benefit": f"{_AREA}.benefit",
    "base_year": f"{_TRACK}.base_year",
    "by_hand": f"{_SHARED}.step:by_hand",
    "carbon": f"{_AREA}.carbon",
    "case": f"{_SHARED}.case",
    "choice": "mineco.evaluation.restoration_area.choice.views",
    "certificate": f"{_SINK}.certificate",
    "covers": f"{_AREA}.covers",
    "first_zones": f"{_AREA}.first_zones",
    "framed": "mineco.report.tables:framed",
    "forecast": f"{_TRACK}.forecast",
    "grade": f"{_MINE}.grade",
    "headline": f"{_SHARED}.setup:headline",
    "conclusion": f"{_MINE}.conclusion",
    "standing": f"{_AREA}.standing",
    "steps": f"{_VOLUME}.steps",
    "area_pages": f"{_VOLUME}.area",
    "mine_pages": f"{_VOLUME}.mine",
    "sink_pages": f"{_VOLUME}.sink",
    "land": f"{_AREA}.land",
    "located": f"{_SHARED}.setup:located",
    "located_each": f"{_SHARED}.setup:located_each",
    "named": f"{_SHARED}.words:named",
    "pages": f"{_SHARED}.pages",
    "panel": f"{_SHARED}.panel",
    "parcels": "mineco.evaluation.restoration_area.within.shown",
    "parcel_steps": f"{_SHARED}.step:parcel_steps",
    "paths": "mineco.evaluation.path.views",
    "pixel": f"{_AREA}.pixel",
    "plotted": "mineco.report.drawing:plotted",
    "preliminary": f"{_MINE}.preliminary",
    "restored": f"{_TRACK.removesuffix('.views')}.restored.views",
    "refusal": f"{_SHARED}.setup:refusal",
    "result": f"{_SHARED}.result",
    "show_step": f"{_SHARED}.step:show_step",
    "show_steps": f"{_SHARED}.step:show_steps",
    "sensitivity": "mineco.evaluation.sensitivity.views",
    "sink": f"{_SINK}.sink",
    "set_language": "mineco.core.labels:set_language",
    "setup": f"{_SHARED}.setup:setup",
    "supervision": f"{_SINK}.supervision",
    "group": f"{_FOLIO}.group",
    "league": f"{_FOLIO}.league",
    "maps": f"{_FOLIO}.maps",
    "mines": f"{_FOLIO}.overview",
    "peers": f"{_FOLIO}.peers",
    "proposals": f"{_FOLIO}.proposals",
    "spreads": f"{_FOLIO}.spreads",
    "causes": f"{_TRACK}.decomposition",
    "outlook": f"{_TRACK}.outlook",
    "table": "mineco.report.tables:show",
    "targets": f"{_TRACK}.targets",
    "trend": f"{_TRACK}.trend",
    "uncertainty": "mineco.evaluation.uncertainty.views",
    "verdict": f"{_AREA}.verdict",
    "weights": f"{_SHARED}.weights",
    "within": f"{_TRACK}.within",
})
