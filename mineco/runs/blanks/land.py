"""What a blank dossier holds of the land, and how it is filled in, for a standard that identifies areas on maps."""

from collections.abc import Iterator

from mineco.core import kit
from mineco.dossier.cells import ColumnSpec, tables
from mineco.evaluation.restoration_area.land import FOLDER
from mineco.standards.area import area_standard_ids, load_area_rules


def land_columns(standard_id: str) -> dict[str, dict[str, ColumnSpec]]:
    """The tables of the land with their columns; none where the standard looks at no map.

    >>> list(land_columns("restoration-area-2025"))[:2], land_columns("carbon-neutral-mine-2025")
    (['rasters/layers.csv', 'rasters/classes.csv'], {})
    """
    if standard_id not in area_standard_ids():
        return {}
    return {f"{FOLDER}/{file}": columns for file, columns in tables("rasters").items()}


def blank_settings(standard_id: str) -> dict[str, str]:
    """area.yaml with blanks, and the kinds of land and the measures that it may name.

    >>> "sand-fixing" in blank_settings("restoration-area-2025")["rasters/area.yaml"]
    True
    """
    if standard_id not in area_standard_ids():
        return {}
    rules = load_area_rules(standard_id)
    text = (kit.parameters() / "dossier" / "area.yaml").read_text(encoding="utf-8")
    lands = [f'#   {name}: {{mean: null, spread: null, source: "", status: ""}}    # {one.name_zh} / {one.name_en}'
             for name, one in rules.ecosystems.items()]
    measures = [f"#   {name}: null    # {one.name_zh} / {one.name_en}" for name, one in rules.measures.items()]
    return {f"{FOLDER}/area.yaml": text.replace("{lands}", "\n".join(lands)).replace("{measures}",
                                                                                  "\n".join(measures))}


def land_words(standard_id: str, language: str) -> Iterator[tuple[str, list[list[str]]]]:
    """The ids that tables of the land may name: id of a word of the guide, and rows of id, unit and name."""
    if standard_id not in area_standard_ids():
        return
    rules = load_area_rules(standard_id)
    yield "layers", [[f"`{name}`", one.unit, one.name[language]] for name, one in rules.layers.items()]
    yield "ecosystems", [[f"`{name}`", "", one.name[language]] for name, one in rules.ecosystems.items()]
    yield "land_measures", [[f"`{name}`", "", one.name[language]] for name, one in rules.measures.items()]
