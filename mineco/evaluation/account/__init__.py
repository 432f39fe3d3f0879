"""The greenhouse-gas and energy account of one year: rows of the dossier, factors and formulas, brought together.

Rule: which formula serves which source, and which factor stands in for what a mine did not measure, is data
(``parameters/accounting/sources.yaml``); these modules only walk it.
"""

from mineco.evaluation.account.compute import compute_account, gather_account
from mineco.evaluation.account.lines import NOT_COUNTED, Account, EnergyLine, GasLine, sum_co2e
from mineco.evaluation.account.signs import DUST, carrier_of, netted_with
from mineco.evaluation.account.source import OWN_GRID_FACTOR, SourceAccount, account_source, values_behind

__all__ = [
    "DUST", "NOT_COUNTED", "OWN_GRID_FACTOR", "Account", "EnergyLine", "GasLine", "SourceAccount", "account_source",
    "carrier_of", "compute_account", "gather_account", "netted_with", "sum_co2e", "values_behind",
]
