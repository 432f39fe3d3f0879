"""Cover, conclusion and the lines that people sign."""

import re

from mineco.report import forms


def test_people_sign_and_the_software_fills_in_nothing():
    for language in ("zh", "en"):
        cells = re.findall(r"<td>(.*?)</td>", forms.signature_block(language=language).html)
        assert len(cells) == 15  # five roles, each with name, signature, date
        assert {cell.replace("<br>", "").strip() for cell in cells} == {""}
