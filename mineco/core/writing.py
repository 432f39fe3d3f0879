"""Tables as CSV that Excel reads, entries as YAML that is read back as such, and the room of a text in columns."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any
from unicodedata import east_asian_width


def table_text(columns: Sequence[str], rows: Iterable[Mapping[str, str]], end: str = "\r\n") -> str:
    """CSV text with a header; a column that a row lacks is blank.

    >>> table_text(["year", "item"], [{"year": "2024", "item": "coal, raw"}])
    'year,item\\r\\n2024,"coal, raw"\\r\\n'
    """
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, restval="", lineterminator=end)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def table_bytes(columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> bytes:
    """The same with the mark by which Excel knows UTF-8, each line ended by a line feed.

    >>> table_bytes(["year"], [{"year": "2024"}])
    b'\\xef\\xbb\\xbfyear\\n2024\\n'
    """
    return table_text(columns, rows, "\n").encode("utf-8-sig")


def yaml_text(entries: Mapping[str, Any]) -> str:
    """Entries as YAML that is read back as the same; a text that begins like a number is quoted.

    >>> print(yaml_text({"number": "1e3", "year": 2024}), end="")
    number: "1e3"
    year: 2024
    """
    import yaml

    from mineco.core.yaml_reading import BEGINS_A_NUMBER

    class Dumper(yaml.SafeDumper):
        """Writes no anchors."""

        def ignore_aliases(self, data: Any) -> bool:
            return True

    Dumper.add_representer(str, lambda dumper, text: dumper.represent_scalar(
        "tag:yaml.org,2002:str", text, style='"' if BEGINS_A_NUMBER.match(text) else None))
    return str(yaml.dump(dict(entries), Dumper=Dumper, allow_unicode=True, sort_keys=False, width=120))


def text_width(text: str) -> int:
    """Columns that a text takes in a terminal or a cell: a Chinese character takes two.

    >>> text_width("煤 coal")
    7
    """
    return sum(2 if east_asian_width(mark) in "WF" else 1 for mark in text)


def write_files(files: Mapping[str, bytes], folder: Path) -> None:
    """Write files by their names, which may lie in folders, into a folder that is made for them.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as place:
    ...     write_files({"mine.yaml": b"id: a", "evidence/bill.txt": b"1"}, Path(place))
    ...     (Path(place) / "evidence" / "bill.txt").read_bytes()
    b'1'
    """
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
