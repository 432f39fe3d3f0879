"""The templates of a report, ``templates/report/*.html``: what is put into them is escaped."""

import functools
from typing import Any

from mineco.core.kit import templates


@functools.cache
def template(name: str) -> Any:
    """A template of Jinja by the name of its file.

    >>> str(template("blocks.html").module.text(["a <b>"]))
    '<div class="tex2jax_ignore mathjax_ignore"><p>a &lt;b&gt;</p></div>'
    """
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(loader=FileSystemLoader(templates() / "report"), autoescape=True, trim_blocks=True,
                       lstrip_blocks=True, undefined=StrictUndefined).get_template(name)
