"""HTML that a report can hold, as a tree: no script, no foreign address, pictures set apart."""

import base64
import re
from dataclasses import dataclass
from html import escape
from typing import Any
from urllib.parse import unquote

import lxml.html
import nh3
from lxml import etree

TAGS = {"h1", "h2", "h3", "h4", "h5", "h6", "p", "div", "span", "section", "table", "caption", "colgroup", "col",
        "thead", "tbody", "tfoot", "tr", "th", "td", "ul", "ol", "li", "dl", "dt", "dd", "strong", "b", "em", "i", "u",
        "s", "del", "sub", "sup", "code", "pre", "blockquote", "br", "hr", "img", "figure", "figcaption", "a", "small",
        "details", "summary"}
DROPPED_WITH_CONTENT = {"script", "style", "iframe", "object", "template", "noscript", "svg", "math", "title",
                        "textarea", "select", "video", "audio", "canvas"}
ATTRIBUTES = {"class", "colspan", "rowspan", "scope", "alt", "src", "href", "style", "start"}
SAFE = {"href": re.compile(r"(https?://|mailto:|#).*", re.IGNORECASE), "class": re.compile(r"[\w -]*"),
        "style": re.compile(r"text-align: ?(right|center);?")}  # left is how a report sets what says nothing else
PICTURE = re.compile(r"data:image/(png|jpeg|svg\+xml);base64,(?=.)", re.DOTALL)
ENDINGS = {"png": "png", "jpeg": "jpg", "svg+xml": "svg"}
_PARSER = lxml.html.HTMLParser()
_PARSER.set_element_class_lookup(etree.ElementDefaultClassLookup(element=lxml.html.HtmlElement))  # no form among them

Tree = Any  # an element of lxml, which tells no types


@dataclass(frozen=True)
class Picture:
    """A picture of the report: its kind (png, jpg or svg) and its bytes."""

    ending: str
    data: bytes


def safe_html(html: str, pictures: list[Picture]) -> str:
    """HTML reduced to what a report needs: no script, no style but alignment, no address outside the file.

    Pictures given as data are collected, and referred to by their place.

    >>> safe_html("<p onclick='x()'>a<script>alert(1)</script> &lt;b&gt; <img src='http://x/y.png'>", [])
    '<p>a &lt;b&gt; </p>'
    """
    def kept(tag: str, name: str, value: str) -> str | None:
        if name == "src":
            found = PICTURE.match(value)
            if tag != "img" or not found:
                return None
            coded = "".join(unquote(value[found.end():]).split())
            try:
                pictures.append(Picture(ENDINGS[found[1]], base64.b64decode(coded, validate=True)))
            except ValueError:  # broken data are no picture; nh3 would swallow the error
                return None
            return str(len(pictures) - 1)
        return value if name not in SAFE or SAFE[name].fullmatch(value.strip()) else None

    clean = tree(nh3.clean(html, tags=TAGS, clean_content_tags=DROPPED_WITH_CONTENT, attributes={"*": ATTRIBUTES},
                           attribute_filter=kept, link_rel=None, url_schemes={"http", "https", "mailto", "data"}))
    for image in clean.xpath(".//img[not(@src)]"):
        image.drop_tree()
    return written(clean)


def tree(html: str) -> Tree:
    """Safe HTML as a tree in a ``<div>``."""
    return lxml.html.fragment_fromstring(html, create_parent=True, parser=_PARSER)


def written(element: Tree) -> str:
    """What a tree holds, as HTML."""
    return escape(element.text or "", quote=False) + "".join(
        lxml.html.tostring(child, encoding="unicode") for child in element)
