"""Reading what a user hands in, refused rather than misread: files, strict tables, numbers and dates in their cells."""

__all__ = ["cells", "decoding", "files", "tables"]
