"""Every factor with value, unit, source and status, and the documents that they come from."""

from docutils import nodes

from mineco.core.formatting import DASH, format_exact, unit_text
from mineco.core.kit import parameters
from mineco.core.labels import label
from mineco.core.reading.tables import read_table
from mineco.evaluation.views.words import document_text, spoken
from mineco.standards.factors import AFTER, BEFORE, FACETS, OPTIONAL, load_factors
from mineco.standards.load import load_standard, standard_ids
from mineco.standards.vocabulary import Reference
from mineco_site.make import code, section, table
from mineco_site.texts import headings, text


def references() -> dict[str, Reference]:
    """The documents of the account and of all standards."""
    return {name: one for standard in map(load_standard, standard_ids()) for name, one in standard.references.items()}


def factors(language: str) -> list[nodes.Node]:
    """A table for each file of ``parameters/factors``."""
    known, titles = load_factors(), references()
    made = []
    for file, facets in FACETS.items():
        ids = [row["id"] for row in read_table(parameters() / "factors" / file, (*BEFORE, *facets, *AFTER), OPTIONAL)]
        rows = []
        for one in map(known.by_id, ids):
            document, _, place = one.source.partition(", ")
            edition = " ".join(filter(None, (one.edition, str(one.data_year or "")))) or DASH
            rows.append([[one.name_zh if language == "zh" else one.name_en, nodes.Text(" "), code(one.id)],
                         format_exact(one.value), unit_text(one.unit) or "1", edition,
                         document_text(spoken(titles[document].title), place), label(one.status)])
        made.append(section(file, text(language, file, "tables"), table(
            headings(language, "name", "value", "unit", "edition", "source", "status"), rows, ids, "filtered")))
    return made


def documents(language: str) -> list[nodes.Node]:
    """The documents that numbers and formulas come from, and what became of them."""
    rows = [[spoken(one.title), one.edition or DASH, text(language, one.standing, "standings"), label(one.status),
             spoken(one.note) or DASH] for one in references().values()]
    return [table(headings(language, "title", "edition", "standing", "status", "note"), rows, list(references()),
                  "filtered")]
