"""Slides as an nbconvert exporter: ``jupyter nbconvert --to mineco_slides``, and JupyterLab's export menu."""

from typing import Any

from traitlets import default

from mineco.report.exporters import MinecoExporter
from mineco.runs.course.slides import slides_html


class MinecoSlidesExporter(MinecoExporter):
    """The slides of a lesson: one HTML file that opens offline."""

    export_from_notebook = "mineco: HTML slides"
    output_mimetype = "text/html"

    @default("file_extension")
    def _file_extension(self) -> str:
        return ".slides.html"

    def written(self, node: Any, language: str) -> bytes:
        """The notebook as slides."""
        return slides_html(node, language).encode()
