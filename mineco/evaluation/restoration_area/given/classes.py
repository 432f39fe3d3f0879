"""Classes of the maps of land cover: of a known product, or of classes.csv."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import Path

from mineco.core.errors import Problems
from mineco.core.labels import LANGUAGES
from mineco.dossier.cells import read_cells, read_rows
from mineco.dossier.texts import OwnText
from mineco.evaluation.restoration_area.given.pools import PoolTable
from mineco.geo.layers import LayerFacts
from mineco.geo.legends import legends
from mineco.standards.area import AreaRules
from mineco.standards.vocabulary import Text


@dataclass(frozen=True)
class LandClass:
    """A class of the maps of land cover."""

    code: int
    ecosystem: str
    name: OwnText
    kind: Text | None = None  # the name of its ecosystem


def read_classes(folder: Path, rules: AreaRules, legend: str, problems: Problems) -> tuple[LandClass, ...]:
    """The classes of a legend, of which classes.csv may say otherwise; without a legend those of classes.csv."""
    product = legends().get(legend)
    found = {one.code: LandClass(one.code, one.ecosystem, OwnText(zh=one.name_zh, en=one.name_en))
             for one in product.classes} if product else {}
    seen: dict[int, int] = {}
    own, known = not product or has_rows(folder, "classes.csv"), {"ecosystems": rules.ecosystems}
    for cells in read_cells(folder, "classes.csv", problems, known, "rasters") if own else ():
        code = int(cells["code"])
        cells.note_duplicate(seen, code, "code")
        names = {language: cells[f"name_{language}"] for language in LANGUAGES}
        if any(names.values()):
            found[code] = cells.made(LandClass, code=code, name=OwnText(**names))
    return tuple(replace(one, kind=rules.ecosystems[one.ecosystem].name) if one.ecosystem in rules.ecosystems else one
                 for _, one in (sorted(found.items()) if own else found.items()))


def require_classes(layer: LayerFacts, classes: Collection[LandClass], pools: PoolTable | None, legend: str,
                     pixel_ha: float, problems: Problems) -> None:
    """Note every value of a map that is no class of land, and every class without pools."""
    named, blank = {one.code for one in classes}, legends()[legend].no_data if legend else frozenset()
    for code in sorted(set(layer.histogram) - named):
        problems.add("class_is_no_data" if code in blank else "class_without_name", file=layer.file, value=code,
                     pixels=layer.histogram[code], area=f"{layer.histogram[code] * pixel_ha:.2f}",
                     table=legend or "classes.csv")
    if pools:
        with problems.collect():
            pools.require({code: pixels for code, pixels in layer.histogram.items() if code not in blank - named},
                          pixel_ha, layer.file)


def has_rows(folder: Path, file: str) -> bool:
    """Whether a table that need not be there is, and holds more than its header."""
    return (folder / file).exists() and (not file.endswith(".csv") or bool(read_rows(folder, file, "rasters")))
