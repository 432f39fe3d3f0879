"""Weights of experts: judgements, panels, Delphi, and the file that a panel concludes.

Rule: formulas know no dossier and no picture; panels are read as strictly as dossiers.
"""

__all__ = [
    "ahp", "delphi", "expert_weights", "judgements", "panel_rows", "panels", "random_index", "weights_file",
]
