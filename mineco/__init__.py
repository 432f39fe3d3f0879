"""How far a mine is on its way to carbon neutrality, and how much carbon its restoration binds."""

from mineco.core.lazy import lazy_names

__version__ = "0.2.0.dev0"

__getattr__, __dir__ = lazy_names(__name__, {"views": "mineco.evaluation.chapters"})
