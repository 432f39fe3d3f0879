"""What must hold between the parts of a standard: weights that sum, ids that exist, variants for every mine."""

import itertools
import math
from collections.abc import Collection, Iterable, Iterator, Mapping

from mineco.core.errors import Problems
from mineco.standards.limits import read_term
from mineco.standards.parts import Group, Indicator, Level, Parameter, Source, UnscoredFigure, Variant
from mineco.standards.standard import Standard, figure_of

YEARS = ("previous.", "base.", "lowest.")  # before the name of an input: of which year
BENCHMARKED = ("read", "quoted", "derived", "unverified")


def check_standard(standard: Standard, parameters: Mapping[str, Parameter], clauses: Collection[str],
                   problems: Problems) -> None:
    """Note every id that does not exist, every sum that is off, and every mine that a value function leaves out."""
    if standard.judgements:
        check_judgements(standard, problems)
    else:
        check_weights(standard, problems)
    check_grades(standard, problems)
    for file, place, known, given in standard_citations(standard, parameters, clauses):
        if given not in known:
            problems.add("standard_unknown_id", file=file, row=place, value=given, known=", ".join(list(known)[:40]))
    for indicator in standard.indicators.values():
        for place, variant in computed_parts(indicator):
            check_inputs(standard, place, variant, problems)
        check_coverage(standard, indicator, problems)
    for source in _checked_sources(standard):
        for result in source.results:
            formula = standard.formulas.get(result.formula)
            if formula and set(formula.symbols) != set(result.inputs):
                problems.add("inputs_not_symbols", file="accounting/sources.yaml", row=f"{source.id}.{result.id}",
                             value=", ".join(result.inputs), formula=formula.id, known=", ".join(formula.symbols))


def _checked_sources(standard: Standard) -> Iterable[Source]:
    """The sources of the account, all of which a standard uses that keeps it; another one knows them by name alone."""
    return standard.sources.values() if standard.keeps_account else ()


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


def computed_parts(indicator: Indicator) -> Iterator[tuple[str, Variant | UnscoredFigure]]:
    """Everything of an indicator that is computed by a formula, with its place in the file."""
    for kind, parts in (("variants", indicator.variants), ("beside", indicator.beside)):
        for part in parts:
            yield f"indicators.{indicator.id}.{kind}.{part.id}", part
    if indicator.bound:
        yield f"indicators.{indicator.id}.bound", indicator.bound


def standard_citations(standard: Standard, parameters: Mapping[str, Parameter],
                       clauses: Iterable[str]) -> Iterator[tuple[str, str, Iterable[str], str]]:
    """Every citation of an id: file, place, the ids known there, the id cited."""
    kinds = {*standard.mine_types, *standard.mine_subtypes, "all"}
    for subtype in standard.mine_subtypes.values():
        yield "accounting/mine_kinds.yaml", f"mine_subtypes.{subtype.id}.type", standard.mine_types, subtype.type
    yield "standard.yaml", "source", standard.references, standard.source
    for quantity in standard.quantities.values():
        for figure in quantity.figures:
            yield ("standard.yaml", f"quantities.{quantity.id}.figures", standard.metrics,
                   figure.removeprefix("previous."))
    for place, readings in [*((f"options.{one.id}", one.readings) for one in standard.options.values()),
                            *((f"parameters.{one.id}", one.readings) for one in parameters.values())]:
        for reading in readings:
            yield "standard.yaml", f"{place}.readings", standard.readings, reading
    for parameter in parameters.values():
        if parameter.source:
            yield "standard.yaml", f"parameters.{parameter.id}.source", standard.references, parameter.source
    for lever in standard.levers.values():
        for figure in lever.figures:
            yield "standard.yaml", f"levers.{lever.id}.figures", standard.metrics, figure
        for name in lever.indicators:
            yield "standard.yaml", f"levers.{lever.id}.indicators", standard.indicators, name
    for act in standard.acts.values():
        for name in filter(None, (act.id, act.within)):
            yield ("standard.yaml", f"acts.{act.id}", standard.metrics if figure_of(name) else standard.quantities,
                   figure_of(name) or name)
    for reason in standard.reasons.values():
        for figure in reason.figures:
            yield "standard.yaml", f"not_applicable_reasons.{reason.id}.figures", standard.metrics, figure
        for figure in reason.denied_by:
            yield ("standard.yaml", f"not_applicable_reasons.{reason.id}.denied_by", {*standard.metrics, "parcels"},
                   figure)
        if reason.option:
            yield "standard.yaml", f"not_applicable_reasons.{reason.id}.option", standard.options, reason.option
        if reason.mine_type:
            place = f"not_applicable_reasons.{reason.id}.mine_type"
            yield "standard.yaml", place, standard.mine_types, reason.mine_type
    for group in standard.groups.values():
        yield "indicators.yaml", f"groups.{group.id}.level", standard.levels or ("",), group.level
    for indicator in standard.indicators.values():
        yield from _cited_by_indicator(standard, indicator, kinds)
    for rubric in standard.rubrics.values():
        for reading in rubric.readings:
            yield "rubrics.yaml", f"{rubric.id}.readings", standard.readings, reading
    for benchmark in standard.benchmarks.values():
        yield "benchmarks.csv", f"{benchmark.id} source", standard.references, benchmark.source
        yield "benchmarks.csv", f"{benchmark.id} status", BENCHMARKED, benchmark.status
        for name in benchmark.indicators:
            yield "benchmarks.csv", f"{benchmark.id} indicators", standard.indicators, name
        for kind in benchmark.mines:
            yield "benchmarks.csv", f"{benchmark.id} mines", kinds, kind
    for formula in standard.formulas.values():
        yield "formulas.yaml", f"{formula.id}.source", standard.references, formula.source
    for name in clauses:
        yield "formulas.yaml", "clauses", standard.formulas, name
    for reference in standard.references.values():
        if reference.replaced_by:
            yield "references.yaml", f"{reference.id}.replaced_by", standard.references, reference.replaced_by
    for source in _checked_sources(standard):
        place = f"{source.id}."
        for subtype_id in source.expected_for:
            yield "accounting/sources.yaml", place + "expected_for", standard.mine_subtypes, subtype_id
        for other in source.instead:
            yield "accounting/sources.yaml", place + "instead", standard.sources, other
        for limit in source.limits:
            for term in map(read_term, (*limit.parts, *limit.within)):
                where, of = f"{place}limits.{limit.id}", term.source or source.id
                yield "accounting/sources.yaml", where, standard.sources, of
                if of in standard.sources:
                    known = (*standard.sources[of].items, *(f"={one.id}" for one in standard.sources[of].results))
                    for name in term.names:
                        yield "accounting/sources.yaml", where, known, name
        earlier: list[str] = []
        for result in source.results:
            yield "accounting/sources.yaml", place + result.id, standard.formulas, result.formula
            if result.when:
                yield "accounting/sources.yaml", place + result.id, (*standard.options, *source.items), result.when
            for given in result.inputs.values():
                known = (*source.items, *(f"={name}" for name in earlier))
                yield "accounting/sources.yaml", f"{place}{result.id}.inputs", known, given
            earlier.append(result.id)


def _cited_by_indicator(standard: Standard, indicator: Indicator,
                        kinds: Iterable[str]) -> Iterator[tuple[str, str, Iterable[str], str]]:
    place = f"indicators.{indicator.id}."
    yield "indicators.yaml", place + "group", standard.groups, indicator.group
    if indicator.rubric:
        yield "indicators.yaml", place + "rubric", standard.rubrics, indicator.rubric
    for reading in indicator.readings:
        yield "indicators.yaml", place + "readings", standard.readings, reading
    for reason in indicator.not_applicable:
        yield "indicators.yaml", place + "not_applicable", standard.reasons, reason
    for compared in indicator.compared:
        at = f"{place}compared.{compared.id}"
        for kind in compared.applies_to:
            yield "indicators.yaml", at + ".applies_to", kinds, kind
        for benchmark in compared.benchmarks:
            yield "indicators.yaml", at + ".benchmarks", standard.benchmarks, benchmark
    for at, part in computed_parts(indicator):
        yield "indicators.yaml", at, standard.formulas, part.formula
        for kind in part.applies_to:
            yield "indicators.yaml", at + ".applies_to", kinds, kind
        if isinstance(part, UnscoredFigure):
            for reading in part.readings:
                yield "indicators.yaml", at + ".readings", standard.readings, reading
            continue
        for name, value in part.when.items():
            yield "indicators.yaml", at + ".when", standard.options, name
            if name in standard.options:
                allowed = [str(one) for one in standard.options[name].allowed]
                yield "indicators.yaml", f"{at}.when.{name}", allowed, str(value)
        for symbol in part.nothing_done:
            yield "indicators.yaml", at + ".nothing_done", part.inputs, symbol
        for anchor in part.anchors:
            if anchor.source:
                yield "indicators.yaml", at + ".knots", standard.references, anchor.source
            for benchmark in anchor.benchmarks:
                yield "indicators.yaml", at + ".knots", standard.benchmarks, benchmark


def check_inputs(standard: Standard, place: str, part: Variant | UnscoredFigure, problems: Problems) -> None:
    """The inputs of a variant are the symbols of its formula, and each names a known quantity."""
    formula = standard.formulas.get(part.formula)
    if formula and set(formula.symbols) != set(part.inputs):
        problems.add("inputs_not_symbols", file="indicators.yaml", row=place, value=", ".join(part.inputs),
                     formula=formula.id, known=", ".join(formula.symbols))
    for symbol, named in part.inputs.items():
        name = next((named.removeprefix(one) for one in YEARS if named.startswith(one)), named)
        kind, _, rest = name.partition(".")
        vocabularies: dict[str, Iterable[str]] = {"metric": standard.metrics, "counted": standard.metrics,
                                                  "parameter": standard.parameters}
        known = vocabularies.get(kind, standard.quantities)
        if (rest if kind in vocabularies else name) not in known:
            problems.add("standard_unknown_id", file="indicators.yaml", row=f"{place}.inputs", column=symbol,
                         value=named, known=", ".join(known))


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
