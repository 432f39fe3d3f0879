"""How far a mine is on its way to carbon neutrality, and how much carbon its restoration binds."""

__version__ = "0.1.0"
