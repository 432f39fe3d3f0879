"""A notebook in memory and as a file is to the byte what nbformat makes of it."""

import json
from typing import Any

import nbformat
from hypothesis import given
from hypothesis import strategies as st
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from mineco.core.kit import notebooks
from mineco.runs.notebook.files import in_file, in_memory

texts = st.text("ab 煤\n\r\t\"\\\x0b\x1c\u2028")
outputs = st.one_of(
    st.builds(lambda text, name: new_output("stream", name=name, text=text), texts,
              st.sampled_from(["stdout", "stderr"])),
    st.builds(lambda text, kind: new_output("display_data", {kind: text, "application/json": {"a": text}}), texts,
              st.sampled_from(["text/html", "text/plain", "image/svg+xml", "image/png", "application/javascript"])),
    st.builds(lambda text: new_output("execute_result", {"text/plain": text}, execution_count=1), texts),
    st.builds(lambda text: new_output("error", ename="E", evalue=text, traceback=[text]), texts),
)


@given(st.lists(st.tuples(texts, st.lists(outputs, max_size=3)), max_size=3), texts)
def test_a_file_is_what_nbformat_writes(cells: list[tuple[str, list[Any]]], prose: str) -> None:
    made = new_notebook(cells=[*(new_code_cell(source, outputs=shown) for source, shown in cells),
                               new_markdown_cell(prose)])
    assert in_file(json.loads(json.dumps(made))) == nbformat.writes(made)


def test_a_notebook_of_the_kit_is_read_and_written_as_nbformat_does() -> None:
    for path in sorted(notebooks().rglob("*.ipynb")):
        text = path.read_text("utf-8")
        read = nbformat.reads(text, as_version=4)
        assert in_memory(json.loads(text)) == read, path
        assert in_file(in_memory(json.loads(text))) == nbformat.writes(read), path
