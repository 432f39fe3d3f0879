"""The templates of a report, ``templates/report/*.html``, what is put into them is escaped; and the look of a house."""

import functools
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from mineco.core.kit import templates


@dataclass(frozen=True)
class Look:
    """What a house gives its reports: two colours, families of fonts, a logo (kind and bytes) and its name."""

    accent: str = "#1f5873"  # headings, rules
    alert: str = "#7a4a00"  # marks, warnings
    text_fonts: tuple[str, ...] = ()
    heading_fonts: tuple[str, ...] = ()
    logo: tuple[str, bytes] | None = None
    organisation: Mapping[str, str] = field(default_factory=dict)  # by language

    @property
    def families(self) -> tuple[str, ...]:
        """All the fonts that it names."""
        return tuple(dict.fromkeys((*self.text_fonts, *self.heading_fonts)))


@functools.cache
def template(name: str) -> Any:
    """A template of Jinja by the name of its file.

    >>> str(template("blocks.html").module.text(["a <b>"]))
    '<div class="tex2jax_ignore mathjax_ignore"><p>a &lt;b&gt;</p></div>'
    """
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(loader=FileSystemLoader(templates() / "report"), autoescape=True, trim_blocks=True,
                       lstrip_blocks=True, undefined=StrictUndefined).get_template(name)
