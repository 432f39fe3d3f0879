"""What the notebook shows of an evaluation, chapter by chapter: no number is made here."""

from mineco.labels import speak
from mineco.views import (
    account,
    accuracy,
    appendix,
    benefit,
    carbon,
    case,
    certificate,
    front,
    land,
    panel,
    result,
    sink,
    supervision,
    verdict,
    weights,
)
from mineco.views.refusal import refusal
from mineco.views.step import show_step, show_steps

__all__ = ["account", "accuracy", "appendix", "benefit", "carbon", "case", "certificate", "front", "land", "panel",
           "refusal", "result", "show_step", "show_steps", "sink", "speak", "supervision", "verdict", "weights"]
