"""The parameters of two results, mixed: from which of them each part comes, laid out as a folder and taken in use."""

import shutil
import tempfile
from collections.abc import Collection, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Self

from mineco.core.kit import ARCHIVED_PARAMETERS, kit_files, parameters, parameters_of
from mineco.evaluation.comparison.changes import ADDED, CHANGED, REMOVED, Change
from mineco.evaluation.record.kit_used import digests_of
from mineco.standards.factors import FACETS
from mineco.standards.standard import Standard, home_of

PARTS = {  # what of the parameters belongs to which cause; with which words a dossier is read is this installation's
    "factors": ("factors",), "standard": ("standards",), "weights": ("weighting",),
    "method": ("accounting", "dossier/default_pools.csv", "dossier/legends.csv", "dossier/quality.csv", "units.txt")}
TEXTS = ("accounting/locators.yaml", "accounting/whereabouts.yaml")  # words of the report, on which no number rests


class Kits:
    """The parameters of two results, by their folders, as a ``with`` block; after it those of before are in use.

    A part that is the same in both is never exchanged, and where all parts are those in use nothing is laid out.
    """

    def __init__(self, first: Path, second: Path) -> None:
        self._folders = (first, second)
        self._own = parameters()
        self._digests = [_digests(one) for one in self._folders]
        self._usual = _digests(self._own)
        self._in_use: tuple[Path, ...] | None = None  # the folder of each part; None: those from before
        self._stack, self._entered = ExitStack(), ExitStack()

    def __enter__(self) -> Self:
        self._folder = Path(self._stack.enter_context(tempfile.TemporaryDirectory(prefix="mineco-compare-")))
        self._stack.enter_context(self._entered)
        return self

    def __exit__(self, *trouble: object) -> None:
        self._entered.close()
        self._stack.close()

    def differ(self, cause: str) -> bool:
        """Whether any file of the part of a cause is not the same in both."""
        one, other = (_of_part(digests, cause) for digests in self._digests)
        return one != other

    def places(self, taken: Collection[str]) -> tuple[Path, ...]:
        """The folder of parameters from which each part comes."""
        return tuple(self._place(cause, taken) for cause in PARTS)

    def _place(self, cause: str, taken: Collection[str]) -> Path:
        side = int(cause in taken and self.differ(cause))
        if _of_part(self._digests[side], cause) == _of_part(self._usual, cause):
            return self._own
        return self._folders[side]

    def use(self, taken: Collection[str]) -> None:
        """Take these parts in use, those of the causes ``taken`` from the second."""
        places = self.places(taken)
        wanted = None if all(place == self._own for place in places) else places
        if wanted == self._in_use:
            return
        self._entered.close()
        if wanted is not None:
            self._entered.enter_context(parameters_of(self._laid_out(wanted)))
        self._in_use = wanted

    def _laid_out(self, places: tuple[Path, ...]) -> Path:
        """A folder with the parts from these places; all that is no part is that of this installation."""
        folder = Path(tempfile.mkdtemp(dir=self._folder))
        source = {name: place for names, place in zip(PARTS.values(), places, strict=True) for name in names}
        rest = [name for name in ARCHIVED_PARAMETERS if name not in source]
        for name, place in (dict.fromkeys(rest, self._own) | source | dict.fromkeys(TEXTS, self._own)).items():
            _copy(place / name, folder / name)
        return folder

    def changes(self, cause: str, first: Standard, second: Standard) -> Iterator[Change]:
        """The files of the part of a cause that are not the same and are compared in no other way, one for each."""
        if cause not in PARTS:
            return
        compared = {"factors": {f"factors/{name}" for name in FACETS}, "standard": {
            f"standards/{one.id}/{home_of(field.alias or name).file}" for one in (first, second)
            for name, field in Standard.model_fields.items()}}.get(cause, set())
        ours, theirs = (_of_part(digests, cause) for digests in self._digests)
        for name in sorted(ours.keys() | theirs.keys()):
            foreign = cause == "standard" and not name.startswith((f"standards/{first.id}/", f"standards/{second.id}/"))
            if ours.get(name) != theirs.get(name) and name not in compared and not foreign:
                how = ADDED if name not in ours else REMOVED if name not in theirs else CHANGED
                yield Change(cause=cause, file=name, key=(), how=how)


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target)
    else:
        shutil.copyfile(source, target)


def _digests(folder: Path) -> dict[str, str]:
    """The digest of each file of parameters on which a number may rest."""
    found = digests_of({name.removeprefix("parameters/"): path for name, path in kit_files(folder).items()
                        if name.startswith("parameters/")})
    return {name: one for name, one in found.items() if name not in TEXTS}


def _of_part(digests: dict[str, str], cause: str) -> dict[str, str]:
    return {name: one for name, one in digests.items()
            if any(name == part or name.startswith(f"{part}/") for part in PARTS[cause])}
