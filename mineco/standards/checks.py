"""What must hold between the parts of a standard: weights that sum, ids that exist, variants for every mine."""

import itertools
import math
from collections.abc import Collection, Iterable, Iterator, Mapping

from mineco.core.errors import Problems
from mineco.core.labels import has_label
from mineco.standards.files import Home, check_citations, note_unknown
from mineco.standards.indicator import Indicator, UnscoredFigure, Variant
from mineco.standards.limits import read_term
from mineco.standards.parts import Group, Level
from mineco.standards.standard import HOMES, Standard, figure_of, home_of
from mineco.standards.vocabulary import Source

YEARS = ("previous.", "base.", "lowest.")  # before the name of an input: of which year
BENCHMARKED = ("read", "quoted", "derived", "unverified")
TABLE, SOURCES = Home("indicators.yaml", ""), HOMES["sources"]


def check_standard(standard: Standard, problems: Problems) -> None:
    """Note every id that does not exist, every sum that is off, and every mine that a value function leaves out."""
    if standard.judgements:
        check_judgements(standard, problems)
    else:
        check_weights(standard, problems)
    check_grades(standard, problems)
    check_told(standard, problems)
    cited = standard if standard.keeps_account else standard.model_copy(update={"sources": {}})
    check_citations(cited, known_ids(standard), problems, home_of)
    for group in standard.groups.values():
        if group.level not in (known := standard.levels or ("",)):
            note_unknown(TABLE, f"groups.{group.id}.level", group.level, known, problems)
    for act in standard.acts.values():
        for name in filter(None, (act.id, act.within)):
            figure, place = figure_of(name), f"{act.id}"
            if (figure or name) not in (names := standard.metrics if figure else standard.quantities):
                note_unknown(home_of("acts"), place, figure or name, names, problems)
    for indicator in standard.indicators.values():
        for place, part in computed_parts(indicator):
            check_inputs(standard, place, part, problems)
        check_coverage(standard, indicator, problems)
    for source in cited.sources.values():
        check_source(standard, source, problems)


def known_ids(standard: Standard) -> dict[str, Collection[str]]:
    """What ids may name: every list of the standard, and four that are made of several."""
    lists = {name: one for name, one in vars(standard).items() if isinstance(one, dict)}
    return {**lists, "kinds": (*standard.mine_subtypes, *standard.mine_types, "all"),
            "phase_steps": [name for phase in standard.phases.values() for name in phase.steps],
            "figures_or_parcels": (*standard.metrics, "parcels"), "benchmark_statuses": BENCHMARKED,
            "figures_of_years": (*standard.metrics, *(f"previous.{name}" for name in standard.metrics))}


def check_weights(standard: Standard, problems: Problems) -> None:
    """Indicators sum to 100 in their group, groups to their level, levels to 100."""
    sums = [("indicators", group.id, group.clause, 100.0,
             {one.id: one.weight for one in standard.indicators.values() if one.group == group.id})
            for group in standard.groups.values()]
    sums += [("groups", level.id, level.clause, level.weight,
              {one.id: one.weight for one in standard.groups.values() if one.level == level.id})
             for level in standard.levels.values()]
    highest: Iterable[Level | Group] = (standard.levels or standard.groups).values()
    sums.append(("levels" if standard.levels else "groups", standard.id, "A.1", 100.0,
                 {one.id: one.weight for one in highest}))
    for rows, whole, clause, expected, weights in sums:
        total = math.fsum(weights.values())
        if not math.isclose(total, expected, rel_tol=0, abs_tol=1e-9):
            problems.add("weights_do_not_sum", file="indicators.yaml", row=rows, column="weight", value=total,
                         whole=whole, clause=clause, expected=expected,
                         rows=", ".join(f"{name} {weight:g}" for name, weight in weights.items()))
        for name, weight in weights.items():
            if weight <= 0:
                problems.add("weight_not_positive", file="indicators.yaml", row=f"{rows}.{name}", column="weight",
                             value=weight)


def check_judgements(standard: Standard, problems: Problems) -> None:
    """Every stage compares every pair of every level once, and no weight stands beside."""
    levels = {"groups": list(standard.groups),
              **{group: [one.id for one in standard.in_group(group)] for group in standard.groups}}
    weighted: list[Group | Indicator] = [*standard.groups.values(), *standard.indicators.values()]
    for part in weighted:
        if part.weight:
            problems.add("weight_beside_judgements", file="indicators.yaml", row=part.id, column="weight",
                         value=part.weight)
    for stage in sorted(set(standard.stages) ^ set(standard.judgements)):
        problems.add("standard_unknown_id", file="judgements.csv", column="stage", value=stage,
                     known=", ".join(standard.stages))
    for stage, rows in standard.judgements.items():
        pairs: dict[tuple[str, frozenset[str]], int] = {}
        for one in rows:
            pair = (one.level, frozenset((one.row, one.column)))
            if not {one.row, one.column} <= set(levels.get(one.level, ())) or len(pair[1]) < 2:
                problems.add("standard_unknown_id", file="judgements.csv", row=one.line, column="row, column",
                             value=f"{one.row}, {one.column}", known=", ".join(levels.get(one.level, levels)))
            elif pair in pairs:
                problems.add("duplicate_row", file="judgements.csv", row=one.line, value=f"{one.row}, {one.column}",
                             first=pairs[pair])
            pairs.setdefault(pair, one.line)
        for level, items in levels.items():
            for row, column in itertools.combinations(items, 2):
                if (level, frozenset((row, column))) not in pairs:
                    problems.add("stage_pair_missing", file="judgements.csv", value=f"{row}, {column}", stage=stage,
                                 level=level)


def check_grades(standard: Standard, problems: Problems) -> None:
    """Cuts fall from the best grade to the last, and a cut that one grade has, all have."""
    for grade in standard.grades:
        if (grade.offset is None) != (standard.grades[0].offset is None):
            problems.add("standard_key_missing", file="standard.yaml", row=f"grades.{grade.id}", column="offset")
    for column, cuts in (("score", standard.score_cuts), ("offset", standard.offset_cuts)):
        if any(better <= worse for better, worse in itertools.pairwise(cuts)):
            problems.add("cuts_do_not_fall", file="standard.yaml", row="grades", column=column,
                         value=", ".join(f"{cut:g}" for cut in cuts))


def check_told(standard: Standard, problems: Problems) -> None:
    """What a report says of every standard: its edition in words, and the clause of each of its own formulas."""
    _, _, kind = standard.edition.partition("-")
    if kind and not has_label(f"edition_{kind}"):
        problems.add("edition_without_words", file="standard.yaml", column="edition", value=standard.edition, kind=kind)
    for formula in standard.formulas.values():
        if not formula.clause and (standard.keeps_account or formula.id in standard.clauses):
            problems.add("formula_without_clause", file="formulas.yaml", column=f"clauses.{formula.id}")


def computed_parts(indicator: Indicator) -> Iterator[tuple[str, Variant | UnscoredFigure]]:
    """Everything of an indicator that is computed by a formula, with its place in the file."""
    for kind, parts in (("variants", indicator.variants), ("beside", indicator.beside)):
        for part in parts:
            yield f"indicators.{indicator.id}.{kind}.{part.id}", part
    if indicator.bound:
        yield f"indicators.{indicator.id}.bound", indicator.bound


def check_inputs(standard: Standard, place: str, part: Variant | UnscoredFigure, problems: Problems) -> None:
    """The inputs of a variant are the symbols of its formula, each names a known quantity; its choices exist."""
    _check_symbols(standard, Home("indicators.yaml", place), part.formula, part.inputs, problems)
    for symbol, named in part.inputs.items():
        name = next((named.removeprefix(one) for one in YEARS if named.startswith(one)), named)
        kind, _, rest = name.partition(".")
        vocabularies: dict[str, Collection[str]] = {"metric": standard.metrics, "counted": standard.metrics,
                                                    "parameter": standard.parameters}
        known = vocabularies.get(kind, standard.quantities)
        if (rest if kind in vocabularies else name) not in known:
            note_unknown(TABLE, f"{place}.inputs", named, known, problems, column=symbol)
    if isinstance(part, Variant):
        for symbol in part.nothing_done:
            if symbol not in part.inputs:
                note_unknown(TABLE, f"{place}.nothing_done", symbol, part.inputs, problems)
        for name, value in part.when.items():
            allowed = [str(one) for one in standard.options[name].allowed] if name in standard.options else [str(value)]
            if str(value) not in allowed:
                note_unknown(TABLE, f"{place}.when.{name}", str(value), allowed, problems)


def _check_symbols(standard: Standard, home: Home, formula: str, inputs: Mapping[str, str],
                   problems: Problems) -> None:
    known = standard.formulas.get(formula)
    if known and set(known.symbols) != set(inputs):
        problems.add("inputs_not_symbols", file=home.file, row=home.key, value=", ".join(inputs), formula=known.id,
                     known=", ".join(known.symbols))


def check_source(standard: Standard, source: Source, problems: Problems) -> None:
    """What a source names of itself and of other sources: items, results before, options."""
    for limit in source.limits:
        place = f"{source.id}.limits.{limit.id}"
        for term in map(read_term, (*limit.parts, *limit.within)):
            of = standard.sources.get(term.source or source.id)
            if of is None:
                note_unknown(SOURCES, place, term.source, standard.sources, problems)
                continue
            known = (*of.items, *(f"={one.id}" for one in of.results))
            for name in term.names:
                if name not in known:
                    note_unknown(SOURCES, place, name, known, problems)
    inputs = tuple(source.items)
    for result in source.results:
        place = f"{source.id}.{result.id}"
        _check_symbols(standard, Home(SOURCES.file, place), result.formula, result.inputs, problems)
        if result.when and result.when not in (known := (*standard.options, *source.items)):
            note_unknown(SOURCES, place, result.when, known, problems)
        for given in result.inputs.values():
            if given not in inputs:
                note_unknown(SOURCES, f"{place}.inputs", given, inputs, problems)
        inputs += (f"={result.id}",)


def check_coverage(standard: Standard, indicator: Indicator, problems: Problems) -> None:
    """Every subtype of mine finds exactly one variant in every year, whatever is chosen of the options that matter."""
    if not indicator.variants:
        return
    names = sorted({name for variant in indicator.variants for name in variant.when if name in standard.options})
    years = sorted({0, *(variant.from_year for variant in indicator.variants)})
    for values in itertools.product(*(standard.options[name].allowed for name in names)):
        chosen = dict(zip(names, values, strict=True))
        for subtype in standard.mine_subtypes:
            ways = [indicator.ways(standard.kinds(subtype), chosen, year) for year in years]
            matches = next(([one.id for one in found] for found in ways if len(found) != 1), None)
            if matches is not None:
                problems.add("no_single_variant", file="indicators.yaml", row=f"indicators.{indicator.id}.variants",
                             value=subtype, options=str(chosen), found=", ".join(matches))
