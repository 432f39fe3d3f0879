"""What a notebook beside those of the standards is run on: a dossier, several runs or dossiers, or a batch.

Rule: a notebook says by itself what it is made for, in the cell tagged ``parameters``, and no program lists it.

``mineco run TARGET… --notebook NAME`` runs ``notebooks/{zh,en}/NAME.ipynb`` where it declares ``language``,
``standard`` (whose default names the standard that it is made for), ``results``, and one of

``dossier``
    The folder of one dossier; in a run ``inputs``.
``runs``
    Folders of runs and of dossiers as one text, ``; `` between them; in a run ``inputs/NAME; inputs/NAME``, in the
    order given. Of a run are kept its manifest, results, parameters, environment, trace, weights and inputs
    (`listed.KEPT`), each as its manifest says; `mineco.views.located_each` makes a list of the text.
``batch``
    The folder of a batch; in a run ``inputs``, with its ``summary.parquet``, and ``group.csv`` where there is
    one (`batches.KEPT`).

It may declare ``weights`` (a file of a panel's weights; empty: none), ``date`` (day of the report; empty: today, in a
run the day on which it was made) and anything else: options of the standard, which are None where they are not chosen,
and numbers of its own such as ``draws``. These are set by ``--option NAME=VALUE``. What is not declared is refused.

A cell shows `mineco.views.pages.subject`, which the cover of the report takes: whom and what it is of. Its last cell
is tagged ``record`` and calls `mineco.evaluation.record.notebooks.write_found`, which writes results.json with the
``kind`` of the notebook, its name, and what it has ``found``; on one dossier also the results of the evaluation that
it begins from, and their trace. Where nothing is evaluated there is no trace. The form of ``found`` is a class of the
notebook's own room, named by a line of `FORMS` there: from it come the schema, what is refused before a run begins
(`Found.refuse`), and the lines with which a run ends (`Found.told`).
"""

__all__ = ["batches", "copying", "listed", "made_for", "taking"]
