"""The digests of parameters and templates, which a release carries in ``parameters/digests.json``.

    python -m tests.digests

Written when a release is made, after the last change of them; a version under way has none.
"""

import json

from mineco import __version__
from mineco.core.kit import kit, kit_files
from mineco.evaluation.record.kit_used import DIGESTS, digests_of


def written(version: str = __version__) -> str:
    """What stands in the file of a release."""
    files = digests_of(kit_files(kit() / "parameters"))
    return json.dumps({"version": version, "files": files}, indent=1) + "\n"


if __name__ == "__main__":
    (kit() / "parameters" / DIGESTS).write_text(written(), encoding="utf-8", newline="\n")
