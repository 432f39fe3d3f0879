"""Tables of a dossier read row by row, against the words of the standard and of the factors."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from mineco.core.errors import BadInput, Problems
from mineco.core.quantity import Quantity
from mineco.core.reading.tables import Row
from mineco.dossier.cells import Cells, word_choices, word_lists
from mineco.dossier.checks.mine_checks import known_grades
from mineco.dossier.checks.serials import same_text
from mineco.dossier.densities import bridge_of
from mineco.dossier.items import item_parts, lower_limit, units_of_key
from mineco.dossier.names import folded_name, ids_named
from mineco.dossier.periods import UNREAD, join_periods, period_id
from mineco.dossier.rows import (
    ActivityRow,
    DeclaredRow,
    FindingRow,
    MeasureRow,
    MetricRow,
    OffsetRow,
    ParcelRow,
    RatingRow,
)
from mineco.dossier.stated.bases import is_left_to_basis, plain_basis
from mineco.standards.factors import Factors
from mineco.standards.load import standard_ids
from mineco.standards.standard import Standard
from mineco.standards.vocabulary import Source

METHOD_COLUMNS = {  # needed, and allowed beside
    "rate": (("rate_tc_per_ha_yr",), ()),
    "gain-loss": (("growth_tdm_per_ha_yr", "root_shoot_ratio", "loss_tc_per_yr"), ("carbon_fraction",)),
    "stock-difference": (("stock_start_tc_per_ha", "stock_end_tc_per_ha", "stock_years"), ()),
}
PARCEL_SOURCES = "restoration-"  # of restoration.csv: in activity.csv the same tonne would count twice


@dataclass(frozen=True)
class Reader:
    """What every table is read against."""

    folder: Path
    standard: Standard
    factors: Factors
    problems: Problems

    def cells(self, rows: list[Row]) -> Iterator[Cells]:
        """Each row with its cells read; a dossier may hold rows of other standards beside, which are left out."""
        lists = {"standards": standard_ids(), "sources": self.standard.sources, "metrics": self.standard.metrics,
                 "indicators": self.standard.indicators}
        for row in rows:
            cells = Cells(row, self.folder, self.problems, lists)
            of_every = "standard" not in row or (cells.columns["standard"].blank and not row["standard"])
            if of_every or cells["standard"] == self.standard.id:
                yield cells.read()

    # --- activity.csv and metrics.csv ---------------------------------------------------------------------------

    def activity(self, rows: list[Row]) -> Iterator[ActivityRow]:
        """Rows of activity.csv, keys resolved to ids (柴油 is diesel), periods put together to years."""
        yield from join_periods(self._activity_rows(rows), self.standard, self.problems)

    def _activity_rows(self, rows: list[Row]) -> Iterator[ActivityRow]:
        seen: dict[tuple, int] = {}
        stated = {(row["year"], source) for row in rows for source in ids_named(row["source"], self.standard.sources)
                  if "density" in ids_named(item_parts(row["item"])[2] or row["item"],
                                            self.standard.sources[source].items)}
        for cells in self.cells(rows):
            source, item = self.standard.sources.get(cells["source"]), cells["item"]
            if source and source.id.startswith(PARCEL_SOURCES):
                cells.add("belongs_to_parcels", "source")
                continue
            key, parameter = self._item(cells, source, item) if source and item else ("", "")
            if source is None or not parameter:
                continue
            period = self._period(cells)
            if period != UNREAD:
                cells.note_duplicate(seen, (cells["year"], period, source.id, key, parameter), "item")
            known = source.items[parameter]
            name = ".".join(part for part in (source.id, key, parameter) if part)
            own_density = (cells.row["year"], source.id) in stated  # with another one the mass would not come back
            bridge = None if own_density else bridge_of(cells.row["unit"], known, key, self.factors)
            quantity = cells.quantity("quantity", name, cells["kind"], units_of_key(source, parameter, key),
                                      lower_limit(known.units, known.minimum), known.maximum, bridge)
            yield ActivityRow(cells["year"], source.id, key, parameter, quantity, period)

    def _period(self, cells: Cells) -> str:
        """The part of the year, blank for all of it."""
        text = cells.row["period"]
        if text and not period_id(text):
            cells.add("not_in_list", "period", **word_choices("period"))
            return UNREAD
        return period_id(text)

    def metrics(self, rows: list[Row]) -> Iterator[MetricRow]:
        """Rows of metrics.csv that give their figure; of the others see `mineco.dossier.stated.bases`."""
        seen: dict[tuple, int] = {}
        for cells in self.cells([row for row in rows if not is_left_to_basis(row, self.standard.metrics)]):
            metric = self.standard.metrics.get(cells["metric"])
            if metric is None:
                continue
            cells.note_duplicate(seen, (cells["year"], metric.id), "metric")
            minimum = lower_limit(metric.units, metric.minimum)
            quantity = cells.quantity("value", metric.id, cells["kind"], metric.units, minimum, metric.maximum)
            yield cells.made(MetricRow, quantity=quantity, basis=plain_basis(cells["basis"]))

    def _item(self, cells: Cells, source: Source, item: str) -> tuple[str, str]:
        """Key and parameter of an item; the parameter is blank when it could not be read."""
        main = next((name for name, known in source.items.items() if known.main), "")
        key, colon, named = item_parts(item) if source.key else ("", ":", item)
        found = ids_named(named, source.items) if colon else [main]
        if len(found) > 1:
            cells.add("name_of_several", "item", allowed=", ".join(found))
            return key, ""
        if not found or (source.key and not key):
            cells.add("unknown_item", "item", source=source.id, known=", ".join(
                f"<key>:{one}" if one != main else "<key>" for one in source.items) if source.key
                else ", ".join(source.items))
            return key, ""
        parameter = found[0]
        if not source.key:
            return "", parameter
        if source.key == "instance":
            return key, parameter
        try:
            id = self.factors.resolve(source.key, key)
            if not units_of_key(source, parameter, id):  # a gas, and none that the source may lose
                cells.add("gas_not_of_source", "item", source=source.id, known=", ".join(
                    unit.removeprefix("kg") for unit in source.items[parameter].units))
                return id, ""
            return id, parameter
        except BadInput as error:
            cells.add("unknown_key_of_source", "item", source=source.id, facet=source.key,
                      known=error.problems[0].details.get("known", ""))
            return key, ""

    # --- measures.csv and offsets.csv ---------------------------------------------------------------------------

    def measures(self, rows: list[Row]) -> Iterator[MeasureRow]:
        """Rows of measures.csv: no removal, nothing that was sold as a credit (reading R7)."""
        seen: dict[tuple, int] = {}
        for cells in self.cells(rows):
            if cells["removal"] == "yes":
                cells.add("removal_as_abatement", "removal")
            if cells["credits_issued"] == "yes":
                cells.add("abatement_sold", "credits_issued")
            cells.note_duplicate(seen, (cells["id"], cells["year"]), "id")
            source = self.standard.sources.get(cells["source"])
            if source and source.scope not in ("1", "2"):
                cells.add("source_beyond_abatement", "source")
            if cells["since"] and cells["since"] > cells["year"]:
                cells.add("measure_since_after_year", "since", year=cells["year"])
            yield cells.made(MeasureRow, **{
                f"{name}_t_co2e": cells.fixed(f"{name}_t_co2e", f"measure.{cells['id']}.{name}")
                for name in ("baseline", "project")})

    def offsets(self, rows: list[Row]) -> Iterator[OffsetRow]:
        """Rows of offsets.csv; those that will not be counted are read all the same."""
        seen: dict[tuple, int] = {}
        for cells in self.cells(rows):
            serial, vintage, issued, retired = (cells[name] for name in ("serial", "vintage", "issued", "retired"))
            if serial:
                cells.note_duplicate(seen, same_text(serial), "serial", "serial_twice")
            if issued and retired and retired < issued:
                cells.add("retired_before_issue", "retired", issued=issued.isoformat())
            if issued and vintage and issued.year < vintage:
                cells.add("issued_before_vintage", "issued", vintage=vintage)
            quantity = cells.quantity("quantity", f"offset.{serial}", cells["value_kind"], ("tCO2e",), 0, None)
            yield cells.made(OffsetRow, quantity=quantity, beyond_compliance=cells["beyond_compliance"] == "yes")

    # --- restoration.csv ----------------------------------------------------------------------------------------

    def parcels(self, rows: list[Row]) -> Iterator[ParcelRow]:
        """Rows of restoration.csv; a land plot and a pool stand once in a year."""
        seen: dict[tuple, int] = {}
        plots: dict[tuple[int, str], str] = {}
        for cells in self.cells(rows):
            parcel, year, pool = cells["parcel"], cells["year"], cells["pool"]
            cells.note_duplicate(seen, (parcel, year, pool), "parcel", "parcel_twice")
            others = [one for one in seen if one[:2] == (parcel, year) and one[2] != pool]
            if others and "all" in (pool, *(one[2] for one in others)):
                cells.add("pool_within_all", "pool", first=seen[others[0]])
            land_plots = tuple(filter(None, map(str.strip, cells["land_plots"].replace("；", ";").split(";"))))
            for plot in land_plots:
                if plots.setdefault((year, plot), parcel) != parcel:
                    cells.add("plot_in_two_parcels", "land_plots", plot=plot, other=plots[year, plot])
            if cells["year_restored"] > year:
                cells.add("restored_after_year", "year_restored", year=year)
            yield cells.made(ParcelRow, id=parcel, land_plots=land_plots, point=_point(cells),
                             area=cells.fixed("area_ha", f"parcel.{parcel}.area"),
                             inputs=_method_inputs(cells, f"parcel.{parcel}.{pool}"),
                             leakage=cells.fixed("leakage_t_co2e", f"parcel.{parcel}.leakage"))

    # --- ratings.csv, declared.csv, findings.csv ----------------------------------------------------------------

    def ratings(self, rows: list[Row]) -> Iterator[RatingRow]:
        """Rows of ratings.csv: a level of the rubric, or a panel's score of a quantitative indicator."""
        seen: dict[tuple, int] = {}
        for cells in self.cells(rows):
            indicator = self.standard.indicators.get(cells["indicator"])
            if indicator is None:
                continue
            cells.note_duplicate(seen, (indicator.id, cells["rater"]), "rater", "rated_twice")
            points = cells["score"] or 0.0
            column, other = ("level", "score") if indicator.rubric else ("score", "level")
            if not cells.given(column):
                cells.add("rating_without_score", column, indicator=indicator.id)
            if cells.given(other):
                cells.add("rating_in_wrong_column", other, expected=column)
            level = None
            if indicator.rubric and cells.given("level"):
                levels = {str(one.score): one.score for one in self.standard.rubrics[indicator.rubric].levels}
                level = levels.get(cells["level"])
                if level is None:
                    cells.add("not_a_level", "level", indicator=indicator.id, allowed=", ".join(levels))
            yield cells.made(RatingRow, level=level, score=points if level is None else float(level))

    def declared(self, rows: list[Row]) -> Iterator[DeclaredRow]:
        """Rows of declared.csv; two different figures need a reason."""
        seen: dict[tuple, int] = {}
        for cells in self.cells(rows):
            cells.note_duplicate(seen, cells["item"], "item")
            cells.text("initial")
            if cells.given("verified") and cells.row["verified"] != cells.row["initial"] and not cells.given("why"):
                cells.add("difference_without_reason", "why")
            initial, verified = (self._declared(cells, column) for column in ("initial", "verified"))
            yield cells.made(DeclaredRow, initial=initial or "", verified=verified)

    def _declared(self, cells: Cells, column: str) -> Quantity | str | None:
        item = cells["item"]
        if not item or not cells.given(column):
            return None
        if item == "grade":
            if cells.row[column] not in known_grades(self.standard):
                cells.add("not_in_list", column, allowed=", ".join(self.standard.grade_ids))
            return cells.row[column]
        unit = word_lists()["declared_item"][item]["unit"]
        return cells.quantity(column, f"declared.{item}.{column}", "calculated", (unit,), 0.0, None)

    def findings(self, rows: list[Row]) -> Iterator[FindingRow]:
        """Rows of findings.csv; whether their dates and states can be, `mineco.dossier.checks.states` tells."""
        seen: dict[tuple, int] = {}
        for cells in self.cells(rows):
            if cells["id"]:
                cells.note_duplicate(seen, folded_name(cells["id"]), "id", "finding_twice")
            yield cells.made(FindingRow)


def _point(cells: Cells) -> tuple[float, float] | None:
    """Where a parcel lies, given by both coordinates or by none."""
    blank = [column for column in ("lon", "lat") if not cells.given(column)]
    if len(blank) == 1:
        cells.add("half_a_point", blank[0])
    return None if blank else (cells["lon"] or 0.0, cells["lat"] or 0.0)


def _method_inputs(cells: Cells, name: str) -> dict[str, Quantity]:
    """What the method of a pool takes in; what it needs must be there, and nothing of another method."""
    method = cells["method"]
    needed, allowed = METHOD_COLUMNS.get(method, ((), ()))
    every = [column for columns in METHOD_COLUMNS.values() for group in columns for column in group]
    for column in every:
        if method and column in needed and not cells.given(column):
            cells.add("method_needs_column", column, method=method)
        elif method and cells.given(column) and column not in (*needed, *allowed):
            cells.add("column_not_of_method", column, method=method)
    return {column: cells.fixed(column, f"{name}.{column}") for column in every
            if column in (*needed, *allowed) and cells.given(column)}
