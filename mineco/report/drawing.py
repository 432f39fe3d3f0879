"""What figures have in common: one style, a caption, the content in words, marks, and a picture that runs nothing."""

import base64
import functools
import io
import re
import textwrap
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

from mineco.core.calls import argument_problems, complete_call
from mineco.core.errors import BadInput, Problem, Problems
from mineco.core.formatting import format_number, unit_text
from mineco.core.kit import templates
from mineco.core.labels import indexed, label
from mineco.report.pdf_docx import chinese_font
from mineco.report.tables import said

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

INK, QUIET, FAINT, MARK = "#1f2a30", "#5d6b73", "#8a979d", "#93461a"


@dataclass(frozen=True, eq=False)
class Drawing:
    """A figure with its caption below and its content in words; shown as a picture that runs nothing."""

    figure: "Figure"
    caption: str
    alt: str

    def svg(self) -> bytes:
        """The figure as SVG, equal for equal numbers; a character without a glyph is an error."""
        return self._svg

    @functools.cached_property
    def _svg(self) -> bytes:
        with warnings.catch_warnings(), _style():
            warnings.filterwarnings("error", message="Glyph .* missing", category=UserWarning)
            try:
                return _as_svg(self.figure)
            except UserWarning as warning:
                raise BadInput(Problem("missing_glyph", details={"text": str(warning)})) from warning

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        data = base64.b64encode(self.svg()).decode()
        caption = f"<figcaption>{escape(self.caption)}</figcaption>" if self.caption else ""
        return {"text/html": f'<figure><img src="data:image/svg+xml;base64,{data}" alt="{escape(self.alt)}">'
                             f"{caption}</figure>",
                "text/plain": f"{self.caption}\n{self.alt}".strip()}


def styled(draw: Callable[..., Any]) -> Callable[..., Drawing]:
    """A drawing from a function that gives a figure, its content in words, and what its caption adds if anything.

    The drawing also takes a ``caption``, printed below; a report numbers it, "图4-1 …" or "Figure 4-1. …". All of it is
    drawn in the report's style: some settings are read when a text is made, some when it is drawn.
    """
    @functools.wraps(draw)
    def drawn(*arguments: Any, caption: str = "", **options: Any) -> Drawing:
        with _style():
            figure, alt, *more = draw(*arguments, **options)
            shown = said(caption)[:1].upper() + said(caption)[1:] + "".join(more if caption else ())
            return Drawing(figure, shown, alt)
    return drawn


TONES = ("#1f5873", "#b5521a", "#3595be", "#5a3f99", "#a98467", "#5d6b73")  # of series, which differ in stroke as well
STROKES = ("-", "--", "-.", ":", (0, (6, 1, 1, 1, 1, 1)), (0, (1, 2)))
MANY = 12  # bars above which a text tells the tallest and not each


@styled
@complete_call
def plotted(draw: Callable[..., Any], *arguments: Any, height: float = 3.0, levels: Mapping[str, float] | None = None,
            **options: Any) -> Any:
    """A figure that a function of pandas or seaborn draws, in the style of the report and with its content in words.

    What axes and series are called is taken for the id of a label where there is one.

    Parameters
    ----------
    draw : callable             Takes ``ax``, as `DataFrame.plot.line` or `seaborn.histplot`.
    height : float              [inches]
    levels : mapping, optional  Dashed lines across, by name: their place on the upright axis.
    **options                   Those of the function.

    >>> import pandas as pd
    >>> table = pd.DataFrame({"quantity": [0, 640], "score": [68.1, 64.7]})
    >>> plotted(table.plot.line, x="quantity", y="score").alt
    'score by quantity: from 68.1 (0) to 64.7 (640)'
    """
    Problems(argument_problems("draw", draw, Callable[..., Any])).stop()
    from matplotlib import rc_context
    from matplotlib.rcsetup import cycler

    with rc_context({"axes.prop_cycle": cycler(color=TONES, linestyle=STROKES)}):
        figure, axes = new_axes(height)
        draw(*arguments, ax=axes, **options)
    handles, names = axes.get_legend_handles_labels()
    alone = not axes.get_ylabel() and len(names) == 1  # pandas names it in a legend, and no axis
    if alone:
        axes.set_ylabel(names[0])
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_label_text(said(axis.get_label_text()))
    if axes.containers and len(axes.containers[0]) <= MANY:
        axes.set_xticks(axes.get_xticks(), [wrapped(said(tick.get_text())) for tick in axes.get_xticklabels()])
        axes.grid(axis="x", visible=False)
    if (named := axes.get_legend()) is not None:
        named.remove()
        if not alone:
            figure.legend(handles, [said(name) for name in names], loc="outside upper right", ncols=min(len(names), 4))
    told = label("plotted_alt").format(x=axes.get_xlabel(), y=axes.get_ylabel() or label("value"),
                                       rows="; ".join(_series_told(axes)))
    if (low := axes.get_ylim()[0]) < 0 < axes.get_ylim()[1] or not low:
        axes.axhline(0, color=INK, linewidth=1.0)
    for name, level in (levels or {}).items():
        axes.axhline(level, color=MARK, linewidth=0.8, linestyle=(0, (3, 2)))
        write_beside(axes, said(name), (axes.get_xlim()[1], level), right=3, color=MARK)
    return figure, told


def _series_told(axes: "Axes") -> Iterator[str]:
    """What is drawn, a series each: a line by its ends, bars by their heights."""
    for line in axes.get_lines():
        data: Any = line.get_xydata()
        (start, first), (end, last) = ([format_number(float(one)) for one in data[place]] for place in (0, -1))
        told = label("plotted_line").format(first=first, start=start, last=last, end=end)
        yield _of_series(str(line.get_label()), told, len(axes.get_lines()))
    for bars in axes.containers:
        heights = [bar.get_height() for bar in bars]
        if len(heights) > MANY:
            tallest = bars[heights.index(max(heights))]
            ends = [format_number(one) for one in (tallest.get_x(), tallest.get_x() + tallest.get_width())]
            yield label("plotted_tallest").format(low=ends[0], high=ends[1], value=format_number(max(heights)))
        else:
            each = ", ".join(f"{tick.get_text().replace(chr(10), ' ')} {format_number(one)}"
                             for tick, one in zip(axes.get_xticklabels(), heights, strict=True))
            yield _of_series(str(bars.get_label()), each, len(axes.containers))


def _of_series(name: str, told: str, count: int) -> str:
    """What is told of a series, behind its name where there are several that have one."""
    return told if count == 1 or name.startswith("_") else f"{said(name)} {told}"


def new_axes(height: float, width: float = 6.6) -> tuple["Figure", "Axes"]:
    """A figure that no window shows."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height))
    return figure, figure.add_subplot()


def value_axis(axis: Any, text: str, unit: str = "1") -> None:
    """Numbers of an axis as the report writes them, and what they are."""
    from matplotlib.ticker import FuncFormatter

    axis.set_major_formatter(FuncFormatter(lambda value, _: format_number(value)))
    axis.set_label_text(with_unit(text, unit))


def with_unit(text: str, unit: str) -> str:
    """What numbers are, with their unit behind it."""
    return f"{text} ({unit_text(unit)})" if unit_text(unit) else text


def name_rows(axes: "Axes", names: Iterable[str], width: int = 28, above: float = 0.6) -> None:
    """Names beside the rows of a figure, the first on top."""
    shown = [wrapped(name, width) for name in names]
    axes.set_yticks(range(len(shown)), shown)
    axes.set_ylim(len(shown) - 0.4, -above)
    axes.grid(axis="y", visible=False)


def without_frame(axes: "Axes", *sides: str) -> None:
    """No grid, no ticks, and no line on these sides."""
    axes.tick_params(length=0)
    axes.grid(visible=False)
    axes.spines[list(sides)].set_visible(False)


def write_beside(axes: "Axes", text: str, at: tuple[float, float], right: float = 0, up: float = 0,
                 **look: Any) -> None:
    """A text so many points to the right of a place (to the left below 0) or above it."""
    axes.annotate(text, at, xytext=(right, up), textcoords="offset points", **{
        "ha": "left" if right > 0 else "right" if right < 0 else "center",
        "va": "baseline" if up else "center", **look})


# of a text that lines cross
ON_LINES: dict[str, Any] = {"zorder": 4, "bbox": {"facecolor": "white", "edgecolor": "none", "pad": 0.8}}


def stack_bars(axes: "Axes", place: int, parts: Mapping[str, float], looks: Mapping[str, Mapping[str, Any]]) -> float:
    """A bar of parts, each with its look, and their sum behind it; the sum."""
    left = 0.0
    for name, value in parts.items():
        axes.barh(place, value, left=left, height=0.62, edgecolor="white", linewidth=0.6, **looks[name])
        left += value
    write_beside(axes, format_number(left), (left, place), right=4)
    return left


def band_ends(bands: Sequence[tuple[str, float]], most: float = 100.0) -> Iterator[tuple[str, float, float]]:
    """Name, lower and upper end of each band of a scale; ``bands`` are names and lower ends, rising."""
    for (name, low), high in zip(bands, [*(low for _, low in bands[1:]), most], strict=True):
        yield name, low, high


def band_of(value: float, bands: Sequence[tuple[str, float]]) -> str:
    """The band that a value lies in; an edge belongs to the band above it.

    >>> band_of(60.0, [("ungraded", 0.0), ("C", 60.0)])
    'C'
    """
    return [name for name, low in bands if value >= low][-1]


def legend(figure: "Figure", handles: Sequence[Any], **look: Any) -> None:
    """A legend above the figure; none where there is only one thing."""
    if len(handles) > 1:
        figure.legend(handles=handles, loc="outside upper right",
                      **{"ncols": len(handles), "handlelength": 1.4, "columnspacing": 1.2, **look})


def range_text(low: str, high: str) -> str:
    """From one number to another, in words."""
    return label("from_to").format(low=low, high=high)


def wrapped(name: str, width: int = 14) -> str:
    """A name in lines that fit below a bar; Chinese breaks anywhere but before a closing mark, English between words.

    >>> wrapped("移动源燃烧（非道路机械与矿用车）", 30).splitlines()
    ['移动源燃烧（非道路机械与矿用车）']
    """
    name = indexed(name)
    if name.isascii() or " " in name:
        return textwrap.fill(name, width, break_long_words=False, break_on_hyphens=False)
    return "\n".join(re.findall(rf".{{1,{width // 2}}}[），。；：、”]*", name))


def _as_svg(figure: "Figure") -> bytes:
    """A figure as SVG, its layout found and drawn by one renderer, which measures each text once.

    ``savefig`` has a renderer for each, and would draw all of it once more to find the layout.
    """
    from matplotlib.backends.backend_mixed import MixedModeRenderer
    from matplotlib.backends.backend_svg import FigureCanvasSVG, RendererSVG

    class Canvas(FigureCanvasSVG):
        def get_renderer(self) -> Any:
            return renderer

    out, canvas, dpi, engine = io.StringIO(), figure.canvas, figure.dpi, figure.get_layout_engine()
    width, height = figure.get_size_inches()
    per_inch = figure.dpi = FigureCanvasSVG.fixed_dpi
    renderer: Any = MixedModeRenderer(figure, width, height, dpi, RendererSVG(
        width * per_inch, height * per_inch, out, image_dpi=dpi, metadata={"Date": None, "Creator": None}))
    Canvas(figure)
    try:
        if engine is not None:
            engine.execute(figure)
            figure.set_layout_engine("none")
        figure.draw(renderer)
        renderer.finalize()
    finally:
        figure.dpi = dpi
        figure.set_canvas(canvas)
        figure.set_layout_engine(engine)
    return out.getvalue().encode()


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
