"""Tables of a dossier cell by cell: what is said of their columns as data, and what their cells say.

Rule: what a column is stands in the data; here nobody asks which table it is.
"""

from mineco.dossier.cells.columns import (
    column_of,
    columns_file,
    may_lack,
    read_rows,
    tables,
    word_choices,
    word_id,
    word_lists,
)
from mineco.dossier.cells.row import (
    LARGEST,
    SMALLEST,
    Cells,
    document_trouble,
    in_range,
    read_cells,
    shown_limit,
)

__all__ = [
    "LARGEST", "SMALLEST", "Cells", "column_of", "columns_file", "document_trouble", "in_range", "may_lack",
    "read_cells", "read_rows", "shown_limit", "tables", "word_choices", "word_id", "word_lists",
]
