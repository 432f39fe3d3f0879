"""What rows of a dossier must hold together, and what is told of them: balances, serials, wholes, usual sizes.

Rule: looks at what was read and changes nothing; each rule holds for floats and, where it is asked of many mines, for
arrays.
"""

__all__ = [
    "balances", "dates", "handed_on", "mine_checks", "noticed", "parcel_rates", "phase_log", "plausibility", "serials",
    "states", "wholes",
]
