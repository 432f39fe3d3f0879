"""The picture of the rooms, drawn from the imports of the package: ``docs/rooms.svg``.

    python -m tests.rooms

Boxes stand in the lines of the layers of pyproject.toml. An arrow runs from a room to one that its modules import, and
is left out where a way through other rooms leads there already. Labels are names of folders, in no language.
"""

import tomllib
from dataclasses import dataclass
from itertools import accumulate, pairwise

import grimp

from tests.helpers.places import ROOT

PICTURE = ROOT / "docs" / "rooms.svg"
LINE, BOX, GAP, LETTER, MARGIN = 66, 30, 30, 7.8, 16  # of the picture [px]
SWEEPS = 12  # down and up, in which the places of a line find their order
INK, PAPER, ROOM = "#33475b", "#ffffff", "#e8eef3"

Arrow = tuple[str, str]


@dataclass(frozen=True)
class Bend:
    """Where arrows to a room pass a line on which they do not end."""

    to: str
    line: int


Place = str | Bend
Piece = tuple[Place, Place]


def layers() -> list[list[str]]:
    """The rooms of each line, from the top, as the contract of import-linter has them."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    contract = next(one for one in project["tool"]["importlinter"]["contracts"] if one["containers"] == ["mineco"])
    rooms = [line.replace("|", " ").split() for line in contract["layers"]]
    return [line for line in rooms if (ROOT / "mineco" / line[0]).is_dir()]


def imports() -> set[Arrow]:
    """Room → room that its modules import; what is imported for types alone is left out."""
    graph = grimp.build_graph("mineco", exclude_type_checking_imports=True, cache_dir=None)
    rooms = {room for line in layers() for room in line}
    room_of = {name: room for name in graph.modules for room in rooms if f"{name}.".startswith(f"mineco.{room}.")}
    return {(room, room_of[other]) for name, room in room_of.items()
            for other in graph.find_modules_directly_imported_by(name) if room_of.get(other, room) != room}


def without_detours(arrows: set[Arrow]) -> set[Arrow]:
    """The arrows to rooms that no way through other rooms leads to.

    >>> sorted(without_detours({("runs", "dossier"), ("dossier", "core"), ("runs", "core")}))
    [('dossier', 'core'), ('runs', 'dossier')]
    """
    def all_below(room: str) -> set[str]:
        return {below for one, other in arrows if one == room for below in (other, *all_below(other))}

    return {(room, other) for room, other in arrows
            if not any(other in all_below(between) for one, between in arrows if one == room)}


def pieces(arrows: set[Arrow]) -> list[Piece]:
    """The arrows cut where they pass a line; those to one room meet on their way."""
    line = {room: number for number, rooms in enumerate(layers()) for room in rooms}
    ways: list[list[Place]] = [[room, *(Bend(other, number) for number in range(line[room] + 1, line[other])), other]
                               for room, other in sorted(arrows)]
    return list(dict.fromkeys(piece for way in ways for piece in pairwise(way)))


def lines(joined: list[Piece]) -> list[list[Place]]:
    """The places of each line from left to right, each near the middle of those that it is joined to."""
    bends = dict.fromkeys(one for piece in joined for one in piece if isinstance(one, Bend))
    found: list[list[Place]] = [[*rooms, *(bend for bend in bends if bend.line == number)]
                                for number, rooms in enumerate(layers())]
    for end in [0, 1] * SWEEPS:  # from above, then from below
        for line in found[::1 if end == 0 else -1]:
            at = {place: x for each in found for place, x in centres(each).items()}
            ends = {place: [at[piece[end]] for piece in joined if piece[1 - end] == place] or [at[place]]
                    for place in line}
            line.sort(key=lambda place: sum(ends[place]) / len(ends[place]))
    return found


def width(place: Place) -> float:
    return 0.0 if isinstance(place, Bend) else len(place) * LETTER + 20


def centres(line: list[Place]) -> dict[Place, float]:
    """Where the places of a line stand, side by side around 0."""
    rights = list(accumulate(width(place) + GAP for place in line))
    return {place: right - GAP - width(place) / 2 - (rights[-1] - GAP) / 2
            for place, right in zip(line, rights, strict=True)}


def drawn() -> str:
    """The picture, as SVG."""
    joined = pieces(without_detours(imports()))
    ordered = lines(joined)
    at = {place: (x, number * LINE) for number, line in enumerate(ordered) for place, x in centres(line).items()}
    half = max(x + width(place) / 2 for place, (x, _) in at.items()) + MARGIN
    high = (len(ordered) - 1) * LINE + BOX + 2 * MARGIN
    around = f'x="{-half:.1f}" y="{-MARGIN}" width="{2 * half:.1f}" height="{high}"'
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{-half:.1f} {-MARGIN} {2 * half:.1f} {high}" '
             f'width="{2 * half:.0f}" height="{high}" font-family="monospace" font-size="13">',
             "<title>mineco</title>", f'<rect {around} fill="{PAPER}"/>',
             '<defs><marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" '
             f'orient="auto"><path d="M0,0.5 L8,4 L0,7.5 Z" fill="{INK}"/></marker></defs>']
    parts += [_curve(at, *piece) for piece in joined]
    for place, (x, y) in at.items():
        if isinstance(place, str):
            parts += [f'<rect x="{x - width(place) / 2:.1f}" y="{y}" width="{width(place):.1f}" height="{BOX}" rx="4" '
                      f'fill="{ROOM}" stroke="{INK}"/>',
                      f'<text x="{x:.1f}" y="{y + 19.5:.1f}" text-anchor="middle" fill="{INK}">{place}</text>']
    return "\n".join([*parts, "</svg>"]) + "\n"


def _curve(at: dict[Place, tuple[float, int]], one: Place, other: Place) -> str:
    """A piece of an arrow; a bend is as high as a box, and an arrow that ends has a tip."""
    (x, y), (to_x, to_y) = at[one], at[other]
    top, middle = y + BOX, (y + BOX + to_y) / 2
    way = f"M{x:.1f},{top} C{x:.1f},{middle:.0f} {to_x:.1f},{middle:.0f} {to_x:.1f},{to_y}"
    end = f' V{to_y + BOX}"' if isinstance(other, Bend) else '" marker-end="url(#tip)"'
    return f'<path d="{way}{end} fill="none" stroke="{INK}" stroke-width="1.2"/>'


if __name__ == "__main__":
    PICTURE.write_text(drawn(), encoding="utf-8", newline="\n")
