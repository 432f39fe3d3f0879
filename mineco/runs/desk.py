"""What one does with a workbook, as buttons in a notebook: begin it, choose it, check it, mark it, run it."""

import base64
import datetime
import html
import os
import re
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from mineco.core.errors import BadInput, Problem, file_trouble
from mineco.core.labels import current_language, label, nothing_refused, problem_text, set_language
from mineco.core.reading.files import is_litter
from mineco.evaluation.registry import STANDARD
from mineco.report.tables import Block, note, show_text
from mineco.runs.blanks.new import begin
from mineco.runs.marking import look_through, mark
from mineco.standards.load import load_standard, standard_ids

BOOKS = (".xlsx", ".xlsm")
PERCENT = re.compile(r"(\d+)%")
RUNS = "runs"  # beside the workbooks
REPORTS = ("report.html", "report.pdf")
WIDGET = "application/vnd.jupyter.widget-view+json"
SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def workbooks_in(folder: Path) -> list[str]:
    """The workbooks that lie in a folder, by name.

    >>> workbooks_in(Path("parameters/mines/tiny-quarry"))
    []
    """
    return sorted(one.name for one in folder.iterdir() if one.suffix.lower() in BOOKS and not is_litter(one.name))


class Desk:
    """Buttons over the workbooks of a folder; where no front end shows them, a text that tells the commands.

    >>> Desk("parameters").told.text.partition("\\n")[0]
    'Begin or choose a workbook, check it, mark it, run it'
    """

    def __init__(self, folder: str | Path = ".") -> None:
        self.folder, self.language = Path(folder), current_language()
        commands = [label("desk_how"), "mineco new mine.xlsx --type KIND", "mineco check mine.xlsx --mark",
                    "mineco run mine.xlsx --preliminary", "mineco run mine.xlsx"]
        self.told: Block = note(label("desk"), commands)
        self.box: Any = None
        try:
            import ipywidgets
        except ImportError:  # without the extra lab
            return
        self._lay_out(ipywidgets)

    def _lay_out(self, widgets: Any) -> None:
        names = {one: load_standard(one) for one in standard_ids()}
        titles = [(one.name_zh if self.language == "zh" else one.name_en, name) for name, one in names.items()]
        wide = {"layout": {"width": "auto"}}
        chosen = wide | {"style": {"description_width": "initial"}}
        self.book = widgets.Dropdown(options=workbooks_in(self.folder), description=label("desk_book"), **chosen)
        self.upload = widgets.FileUpload(accept=",".join(BOOKS), description=label("desk_upload"), **wide)
        self.standard = widgets.Dropdown(options=titles, value=STANDARD, description=label("standard"), **chosen)
        kinds = [(one.name[self.language], one.id) for one in names[STANDARD].mine_subtypes.values()]
        self.kind = widgets.Dropdown(options=kinds, description=label("desk_kind"), **chosen)
        self.year = widgets.BoundedIntText(datetime.date.today().year - 1, min=1900, max=2100,
                                           description=label("desk_year"), **chosen)
        self.tongue = widgets.Dropdown(options=[("中文", "zh"), ("English", "en")], value=self.language,
                                       description=label("desk_language"), **chosen)
        self.buttons = {name: widgets.Button(description=label(f"desk_{name}"), **wide) for name in ACTIONS}
        self.bar = widgets.IntProgress(layout={"width": "auto", "visibility": "hidden"})
        self.out = widgets.Output()
        self.upload.observe(self._take, "value")
        for name, button in self.buttons.items():
            button.on_click(lambda _, act=ACTIONS[name]: self._do(act))
        first, *others = self.buttons.values()
        self.box = widgets.VBox([self.standard, widgets.HBox([self.kind, self.year, self.tongue, first]),
                                 widgets.HBox([self.book, self.upload]), widgets.HBox(others), self.bar, self.out])

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        """The buttons for a front end that has them, and the text for any other."""
        shown = {"text/plain": self.told.text, "text/html": self.told.html}
        if self.box is None:
            return shown
        return {WIDGET: self.box._repr_mimebundle_()[WIDGET], **shown}

    @property
    def path(self) -> Path:
        """The workbook that is chosen; the file is looked for when it is asked for."""
        if not self.book.value:
            raise BadInput(Problem("no_workbook_chosen", file=str(self.folder.resolve())))
        return self.folder / self.book.value

    def new(self) -> None:
        """Write a blank workbook of a kind of mine, named like kind and year, and offer it."""
        target = self.folder / f"{self.kind.value}-{self.year.value}.xlsx"
        begin(target, self.standard.value, self.tongue.value, self.kind.value, self.year.value)
        self._list(target.name)
        self._tell(label("desk_begun").format(path=target.name), links=[_download(target)])

    def check(self) -> None:
        """List every problem and notice of the workbook."""
        found = look_through(self.path, self.standard.value, self.language)
        told = [*found.problems, *found.notices]
        verdict = label("desk_refused").format(count=len(found.problems)) if found.problems else (
            nothing_refused(found.notices))
        self._tell(verdict, [problem_text(one) for one in told])

    def mark(self) -> None:
        """Write the copy with comments, and offer it."""
        found = look_through(self.path, self.standard.value, self.language)
        made, lacks = mark(self.path, found, None, self.language)
        self._list(made.name)
        self._tell(label("mark_written").format(path=made.name), [problem_text(one) for one in lacks],
                   [_download(made)])

    def preliminary(self) -> None:
        """Write what can be said of a workbook of which something is missing."""
        self.run("--preliminary")

    def run(self, *more: str) -> None:
        """Evaluate the workbook by the command, and offer the report."""
        command = [sys.executable, "-m", "mineco", "run", str(self.path), "--standard", self.standard.value,
                   "--out", str(self.folder / RUNS), "--lang", self.language, "--formats", "html,pdf", *more]
        status, said, told = self._carried_out(command)
        if status:
            self._tell(label("desk_not_run"), told)
            return
        made = Path(said[0])
        links = [f'<a href="{quote((Path(RUNS) / made.name / name).as_posix())}">{name}</a>' for name in REPORTS]
        self._tell(label("desk_done").format(path=f"{RUNS}/{made.name}"), told, links)

    def _carried_out(self, command: Sequence[str]) -> tuple[int, list[str], list[str]]:
        """Exit status and lines of a command, those on stderr without the bar, which moves that of the desk."""
        places = os.pathsep.join(filter(None, sys.path))
        told = []
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8",
                              errors="replace", creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
                              env=os.environ | {"PYTHONPATH": places, "PYTHONUTF8": "1"}) as process:
            assert process.stdout
            assert process.stderr
            for line in process.stderr:  # each step of the bar comes as a line
                if (step := PERCENT.match(line.strip())):
                    self.bar.value = int(step[1])
                elif line.strip():
                    told.append(line.strip())
            said = process.stdout.read().splitlines()
        return process.returncode, said, told

    def _do(self, act: Callable[["Desk"], None]) -> None:
        """One press of a button, during which no other counts; what is refused is told."""
        set_language(self.language)  # a press comes from outside of the cell, and knows nothing of it
        for button in self.buttons.values():
            button.disabled = True
        self.bar.value, self.bar.layout.visibility = 0, "visible"
        self._tell(label("desk_busy"))
        try:
            act(self)
        except BadInput as error:
            self._tell(label("desk_refused").format(count=len(error.problems)), list(map(problem_text, error.problems)))
        finally:
            self.bar.layout.visibility = "hidden"
            for button in self.buttons.values():
                button.disabled = False

    def _take(self, change: Any) -> None:
        """Put an uploaded workbook beside the others; one of that name stays."""
        set_language(self.language)
        for one in change["new"]:
            target = self.folder / Path(one["name"]).name
            try:
                with target.open("xb") as file:
                    file.write(one["content"])
            except FileExistsError:
                self._tell(problem_text(Problem("out_exists", file=target.name)))
                continue
            except OSError as error:
                self._tell(problem_text(file_trouble(error, target)))
                continue
            self._list(target.name)

    def _list(self, chosen: str) -> None:
        self.book.options = workbooks_in(self.folder)
        self.book.value = chosen

    def _tell(self, head: str, lines: Sequence[str] = (), links: Sequence[str] = ()) -> None:
        """Show what was found in place of what stood there before; links are HTML already."""
        told = note(head, lines) if lines else show_text(head)
        shown = f"<p>{' · '.join(links)}</p>{told.html}" if links else told.html
        self.out.outputs = ({"output_type": "display_data", "metadata": {},
                             "data": {"text/plain": told.text, "text/html": shown}},)


def _download(book: Path) -> str:
    """A link that holds the workbook itself, since JupyterLab would try to show the file."""
    name, content = html.escape(book.name), base64.b64encode(book.read_bytes()).decode()
    return f'<a download="{name}" href="data:{SPREADSHEET};base64,{content}">{name}</a>'


ACTIONS: dict[str, Callable[[Desk], None]] = {  # the first begins a workbook, the others take the one that is chosen
    "new": Desk.new, "check": Desk.check, "mark": Desk.mark, "preliminary": Desk.preliminary, "run": Desk.run}
