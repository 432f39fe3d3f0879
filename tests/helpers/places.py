"""Where tests find what lies outside the package."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PUBLISHED = ROOT / "tests" / "cases"  # published cases
SHARED = ROOT.parent / "shared" / "data"  # real data beside this checkout; tests that want it skip where it is absent
