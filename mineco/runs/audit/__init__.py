"""Whether a run is what it claims to be.

Rule: nothing of a run's folder is believed, executed or followed: it is read as data and held to what is made here.
"""

__all__ = ["compare", "documents", "found", "held", "pages", "pdf_text", "rerun", "texts", "verify", "versions"]
