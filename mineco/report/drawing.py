"""What figures have in common: one style, a caption, the content in words, and a picture that runs nothing."""

import base64
import functools
import io
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

from mineco.core.errors import BadInput, Problem
from mineco.core.formatting import format_number
from mineco.core.kit import templates
from mineco.core.labels import label
from mineco.report.pdf_docx import chinese_font
from mineco.report.tables import CaptionNumber

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


@dataclass(frozen=True, eq=False)
class Drawing:
    """A figure with its caption below and its content in words; shown as a picture that runs nothing."""

    figure: "Figure"
    caption: str
    alt: str

    def svg(self) -> bytes:
        """The figure as SVG, equal for equal numbers; a character without a glyph is an error."""
        out = io.BytesIO()
        with warnings.catch_warnings(), _style():
            warnings.filterwarnings("error", message="Glyph .* missing", category=UserWarning)
            try:
                self.figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
            except UserWarning as warning:
                raise BadInput(Problem("missing_glyph", details={"text": str(warning)})) from warning
        return out.getvalue()

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        data = base64.b64encode(self.svg()).decode()
        caption = f"<figcaption>{escape(self.caption)}</figcaption>" if self.caption else ""
        return {"text/html": f'<figure><img src="data:image/svg+xml;base64,{data}" alt="{escape(self.alt)}">'
                             f"{caption}</figure>",
                "text/plain": f"{self.caption}\n{self.alt}".strip()}


def styled(draw: Callable[..., Drawing]) -> Callable[..., Drawing]:
    """The whole drawing in the report's style: some settings are read when a text is made, some when it is drawn."""
    @functools.wraps(draw)
    def drawn(*arguments: Any, **options: Any) -> Drawing:
        with _style():
            return draw(*arguments, **options)
    return drawn


def new_axes(height: float) -> tuple["Figure", "Axes"]:
    """A figure that no window shows."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(6.6, height))
    return figure, figure.add_subplot()


def _style() -> Any:
    from matplotlib import rc_context

    settings: Any = {**_settings(), "font.family": _families()}
    return rc_context(settings)


@functools.cache
def _settings() -> Any:
    from matplotlib import rc_params_from_file

    return rc_params_from_file(templates() / "mineco.mplstyle", use_default_template=False)


@functools.cache
def _families() -> list[str]:
    """Noto Sans SC, then matplotlib's own font for the few characters that it lacks (indices of gases)."""
    from matplotlib import font_manager

    font_manager.fontManager.addfont(str(chinese_font()))
    return ["Noto Sans SC", "DejaVu Sans"]


def value_axis(axis: Any, text: str) -> None:
    """Numbers of an axis as the report writes them, and what they are."""
    from matplotlib.ticker import FuncFormatter

    axis.set_major_formatter(FuncFormatter(lambda value, _: format_number(value)))
    axis.set_label_text(text)


def caption_text(caption: str, number: CaptionNumber, language: str) -> str:
    """The caption, which begins with a capital, with its number before it, if it has one."""
    caption = caption[:1].upper() + caption[1:]
    return caption if number is None else label("figure_number", language).format(number=number, caption=caption)


def wrapped(name: str, width: int = 14) -> str:
    """A name in lines that fit below a bar; Chinese breaks anywhere, English between words."""
    if name.isascii() or " " in name:
        lines = [""]
        for word in name.split():
            if len(lines[-1]) + len(word) < width:
                lines[-1] = f"{lines[-1]} {word}".strip()
            else:
                lines.append(word)
        return "\n".join(lines)
    return "\n".join(name[start:start + width // 2] for start in range(0, len(name), width // 2))
