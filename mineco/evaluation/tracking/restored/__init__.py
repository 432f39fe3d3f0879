"""One mine's restored land over the years: what it binds and why that changed, points, and where its case stands.

Rule: a year is told by the dossier, or the run, whose reporting year it is, evaluated by the whole chain, or left out
with its reason; a log that an earlier dossier holds has to go on in the later one.
"""

__all__ = ["course", "form", "views"]
