"""The report's formats as nbconvert exporters: ``jupyter nbconvert --to mineco_pdf``, and JupyterLab's export menu.

Apart from `mineco.report.export`, because importing nbconvert takes longer than making a report.
"""

from typing import Any

from nbconvert.exporters import Exporter
from nbconvert.utils.exceptions import ConversionException
from traitlets import Unicode, default

from mineco.core.errors import BadInput
from mineco.core.labels import set_language
from mineco.report.body import report_body
from mineco.report.export import WRITERS, document_day
from mineco.report.notebook import notebook_language, require_executed


class MinecoExporter(Exporter):
    """A report in the language that the notebook was run in, or in the one configured."""

    format_name = ""
    language = Unicode("", help="zh or en; empty: the language of the parameters cell").tag(config=True)

    @default("file_extension")
    def _file_extension(self) -> str:
        return f".{self.format_name}"

    def from_notebook_node(self, nb: Any, resources: Any = None, **kw: Any) -> tuple[Any, Any]:
        """The report and its resources, as nbconvert asks.

        Raises
        ------
        ConversionException
            With what is wrong in a sentence: a notebook that did not run whole, or that names no language.
        """
        nb_copy, resources = super().from_notebook_node(nb, resources, **kw)
        try:
            language = self.language or notebook_language(nb_copy)
            set_language(language)  # of what is refused, too
            require_executed(nb_copy, resources["metadata"].get("name", ""))
            data = self.written(nb_copy, language)
        except BadInput as error:
            raise ConversionException(str(error)) from None
        return (data.decode() if self.output_mimetype == "text/html" else data), resources

    def written(self, node: Any, language: str) -> bytes:
        """The notebook in this format."""
        return WRITERS[self.format_name](report_body(node, language), document_day())


class MinecoHTMLExporter(MinecoExporter):
    """One HTML file that opens offline."""

    format_name = "html"
    export_from_notebook = "mineco: HTML"
    output_mimetype = "text/html"


class MinecoPDFExporter(MinecoExporter):
    """PDF/A-2b, A4."""

    format_name = "pdf"
    export_from_notebook = "mineco: PDF"
    output_mimetype = "application/pdf"


class MinecoDOCXExporter(MinecoExporter):
    """DOCX, for evaluators who must edit."""

    format_name = "docx"
    export_from_notebook = "mineco: DOCX"
    output_mimetype = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
