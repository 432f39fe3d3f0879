"""The result as sheets of a workbook: accuracy and adjusted areas, carbon, zones, gain year by year, worth.

Rule: what the maps and the draws gave is a number, and what follows from it a formula over cells.
"""

__all__ = ["accuracy", "benefit", "blocks", "carbon", "choice", "parcels", "strata", "workbook", "zones"]
