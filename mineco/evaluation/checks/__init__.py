"""What an account of a year must hold beside its balances: every source expected, and no emission below zero.

Rule: looks at rows and lines, and computes no emission but the floor of reading R27.
"""

__all__ = ["signs", "sources"]
