"""How Sphinx builds the documentation, once for each language: `make docs`.

The pages of both languages lie side by side, `x.md` and `x.zh.md`, and have the same name in their build, so that the
twin of a page is found by its name. Everything that a page shows is part of the build: nothing is fetched.
"""

import sys
from pathlib import Path

from mineco import __version__

here = Path(__file__).parent
sys.path.insert(0, str(here / "_ext"))

chinese = tags.has("zh")  # type: ignore[name-defined]  # noqa: F821 - Sphinx gives it: sphinx-build -t zh

project = "mineco"
author = "mineco contributors"
copyright = "mineco contributors, Apache-2.0"
version = release = __version__
language = "zh_CN" if chinese else "en"
html_title = "mineco 文档" if chinese else "mineco documentation"

extensions = [
    "myst_nb",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "mineco_site",
]
source_suffix = {".zh.md" if chinese else ".md": "myst-nb"}
exclude_patterns = ["_build", *(path.relative_to(here).as_posix() for path in here.rglob("*.md")
                                if path.name.endswith(".zh.md") != chinese)]
root_doc = "index"
templates_path = ["_templates"]
smartquotes = False
default_role = "py:obj"

myst_enable_extensions = ["attrs_block", "attrs_inline", "colon_fence", "deflist", "dollarmath"]
myst_heading_anchors = 3
nb_execution_mode = "off"

autodoc_typehints = "none"  # the docstrings say it
autodoc_member_order = "bysource"
napoleon_google_docstring = False
napoleon_use_rtype = False

html_theme = "pydata_sphinx_theme"
html_math_renderer = "mathml"
html_static_path = ["_static"]
html_css_files = ["mineco.css"]
html_js_files = ["filter.js"]
html_copy_source = html_show_sourcelink = False
html_show_search_summary = False  # a browser fetches nothing from the disk
html_sidebars = {"**": ["sidebar-nav-bs"], "index": [], "search": [], "start": []}
html_context = {"default_mode": "auto"}
html_theme_options = {
    "logo": {"text": "mineco"},
    "navbar_persistent": ["search-button", "twin"],
    "navbar_start": ["navbar-logo"],
    "navbar_align": "left",
    "navbar_end": ["theme-switcher"],
    "header_links_before_dropdown": 8,
    "show_nav_level": 1,
    "navigation_depth": 2,
    "secondary_sidebar_items": ["page-toc"],
    "footer_start": ["copyright"],
    "footer_end": [],
    "search_bar_text": "搜索文档…" if chinese else "Search the documentation…",
    "pygments_light_style": "a11y-high-contrast-light",
    "pygments_dark_style": "a11y-high-contrast-dark",
}
