"""Cover, conclusion and the lines that people sign."""

import re

from mineco.core.labels import set_language
from mineco.report import forms


def test_people_sign_and_the_software_fills_in_nothing():
    for language in ("zh", "en"):
        set_language(language)
        cells = re.findall(r"<td[^>]*>(.*?)</td>", forms.signature_block().html)
        assert len(cells) == 15  # five roles, each with name, signature, date
        assert {cell.replace("<br>", "").strip() for cell in cells} == {""}
