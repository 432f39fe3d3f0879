"""Why emissions changed: by cause, by source, and from year to year."""

from mineco.core.errors import BadInput
from mineco.core.labels import begun, label, problem_text
from mineco.evaluation.tracking.decomposition import EFFECTS, Decomposition
from mineco.evaluation.tracking.found import Track
from mineco.evaluation.tracking.views.figures import causes_by_year, change_by_cause, signed
from mineco.evaluation.tracking.views.trend import source_name
from mineco.report.drawing import Drawing
from mineco.report.tables import Block, show, show_text


def divided(change: Decomposition | BadInput) -> list[Decomposition]:
    """The change alone, or nothing where it cannot be divided: what a notebook counts again by hand."""
    return [] if isinstance(change, BadInput) else [change]


def change_figure(change: Decomposition | BadInput) -> Drawing | Block:
    """From the emissions of one year through each cause to those of another, or why they cannot be divided."""
    if isinstance(change, BadInput):
        return show_text("\n".join([label("not_divided"), *map(problem_text, change.problems)]))
    return change_by_cause(change.first, change.before, {f"effect_{name}": one for name, one in change.effects.items()},
                           change.last, change.after,
                           caption=label("change_by_cause").format(first=change.first, last=change.last))


def by_source(track: Track, change: Decomposition | BadInput) -> Block:
    """What each cause brings, source by source, and together; what is not in it."""
    if isinstance(change, BadInput):
        return show_text(label("not_divided"))
    rows = [{"source": source_name(track, one.source.id, one.key), str(change.first): one.before,
             str(change.last): one.after, **{f"effect_{name}": signed(one.effects[name]) for name in EFFECTS},
             "change": signed(one.change), "activity_measured_by": label(f"by_{one.by}")} for one in change.terms]
    rows.append({"source": begun(label("sum")), str(change.first): change.before, str(change.last): change.after,
                 **{f"effect_{name}": signed(one) for name, one in change.effects.items()},
                 "change": signed(change.change), "activity_measured_by": ""})
    caption = label("causes_by_source").format(first=change.first, last=change.last)
    units = dict.fromkeys((str(change.first), str(change.last)), "tCO2e")
    return show(rows, caption, headers={"change": begun(label("change_axis"))}, units=units, fine=True
                ) + show_text(label("removed_beside"))


def by_year(track: Track) -> Block:
    """What each cause brings from each year to the next; a sentence where fewer than two years can be set so."""
    return show([{"item": _step(one), **{f"effect_{name}": signed(value) for name, value in one.effects.items()},
                  "sum": signed(one.change)} for one in track.changes], "causes_by_year",
                headers={"item": begun(label("year"))})


def by_year_figure(track: Track) -> Drawing | Block:
    """The same as bars above and below zero."""
    if not track.changes:
        return show_text(label("nothing_to_list").format(caption=label("causes_by_year")))
    return causes_by_year({f"effect_{name}": [one.effects[name] for one in track.changes] for name in EFFECTS},
                          [_step(one) for one in track.changes], caption="causes_by_year")


def _step(one: Decomposition) -> str:
    return label("years_from_to").format(first=one.first, last=one.last)
