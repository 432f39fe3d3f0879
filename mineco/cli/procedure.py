"""The command ``mineco procedure``: where a case stands, what is due next, and one more event in its log."""

import datetime
from pathlib import Path

import click

from mineco.cli.options import print_blocks, report_bad_input
from mineco.core.errors import BadInput, Problem


@click.command()
@click.argument("dossier", type=click.Path(path_type=Path))
@click.option("--standard", "standard_id", metavar="ID",
              help="标准编号；只有一个标准有程序时可省略 / which standard; may be left out if only one fits")
@click.option("--on", metavar="DATE", help="截至哪一天（YYYY-MM-DD），缺省今天 / up to which day; default today")
@click.option("--record", "record_file", metavar="FILE", type=click.Path(path_type=Path),
              help="登记一条：YAML，含 date、step、actor、role、result、evidence、note / one more event")
@click.option("--head", metavar="HASH",
              help="以前抄录的末条散列值，须仍在日志中 / digest noted down earlier: still in the log?")
@report_bad_input
def procedure(dossier: Path, standard_id: str | None, on: str | None, record_file: Path | None, head: str | None,
              language: str) -> None:
    """评价程序走到哪一步，下一步由谁、在何时之前办理；或登记一条新记录。
    Where a case stands, what is due next, when and by whom; or one more event, checked and appended.

    \b
    示例 / Example:
      mineco procedure my-mine --on 2025-06-30
      mineco procedure my-mine --record event.yaml --lang en
    """
    from mineco.core.labels import label, set_language
    from mineco.dossier.event_log import read_log, require_head
    from mineco.evaluation.restoration_carbon_sink.procedure import replay_events, standing_on
    from mineco.evaluation.restoration_carbon_sink.views.supervision import due_steps, entries, standing_on_day
    from mineco.runs.recording import record_event
    from mineco.standards.load import load_standard
    from mineco.standards.procedure import load_procedure

    set_language(language)
    today = datetime.date.today()
    day = today if on is None else _day(on)
    standard_id = chosen_standard(dossier, standard_id)
    rules, standard = load_procedure(standard_id), load_standard(standard_id)
    events = read_log(dossier, standard_id)
    replay_events(events, rules, standard.grade_ids)
    require_head(events, head)
    if record_file is not None:
        record_event(dossier, standard_id, record_file, min(day, today))
        click.echo(label("procedure_recorded") + "\n")
        events = read_log(dossier, standard_id)
    standing = standing_on(events, rules, standard.grade_ids, day)
    told = [standing_on_day(standing, rules, standard, day), due_steps(standing, rules, day, with_ids=True)]
    print_blocks([*told, entries(standing, rules, standard)] if standing.history else told)


def chosen_standard(dossier: Path, given: str | None) -> str:
    """The standard asked for, else the only one that keeps a procedure, else the only one of them in the log."""
    from mineco.dossier.event_log import log_rows
    from mineco.standards.procedure import procedure_ids

    known = procedure_ids()
    if given is not None or len(known) == 1:
        return given or known[0]
    logged = [one for one in known if any(row["standard"] == one for row in log_rows(dossier))]
    if len(logged) != 1:
        raise BadInput(Problem("standard_to_be_named", column="--standard", details={"known": ", ".join(known)}))
    return logged[0]


def _day(text: str) -> datetime.date:
    from mineco.core.reading.cells import read_date

    try:
        return read_date(text)
    except BadInput:
        raise BadInput(Problem("not_a_date", column="--on", value=text)) from None
