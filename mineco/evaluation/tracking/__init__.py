"""A mine over years: what its dossier tells of each, and what comes if nothing changes."""

__all__ = ["forecast", "views"]
