"""The look of a house: read strictly, seen in every format, no number changed, and told when it was forged."""

import base64
import re
import shutil
import struct
import zipfile

import lxml.etree
import pypdf
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from PIL import Image

from mineco.core.kit import kit_files, templates
from mineco.core.labels import colour
from mineco.evaluation.record import kit_used
from mineco.evaluation.restoration_area.views.figures import LAND, PRIORITY
from mineco.report.export import export
from mineco.report.figures import results as figures
from mineco.report.figures.weights import LESS, MORE, judgement_heat_map
from mineco.report.templates import ACCENTED, ALERTED, Look, in_look, luminance
from mineco.runs.audit import verify
from mineco.runs.house_look import LEAST_CONTRAST, LOOK, contrast, copy_look, look_of, read_look
from tests.helpers import forger, report_sample
from tests.helpers.refusals import refused_with, told_in_both

EXAMPLE = templates() / "look"


@pytest.fixture
def house(tmp_path):
    """A copy of the example to be changed."""
    return shutil.copytree(EXAMPLE, tmp_path / "house")


@pytest.mark.parametrize(("text", "told"), [
    ("color: red", "look.yaml 1 color: unknown_key"),
    ("logo: none.png", "none.png: missing_file"),
    ("logo: ../look.yaml", "outside_dossier"),
    ("logo: look.yaml", "look.yaml: look_no_logo"),
    ("colours:\n  accent: red", r"look.yaml 2 colours.accent: look_no_colour \(red\)"),
    ('colours: {alert: "#ffcc00"}', r"look.yaml 1 colours.alert: look_colour_pale \(#ffcc00\)"),
    ('colours: {accent: "#7a1f2b", alert: "#7a1f2b"}', r"look.yaml 1 colours.alert: look_colours_alike \(#7a1f2b\)"),
    ('colours: {accent: "#8a4218"}', r"look.yaml 1 colours.accent: look_colours_alike \(#8a4218\)"),
    ('colours: {alert: "#1f5878"}', r"look.yaml 1 colours.alert: look_colours_alike \(#1f5878\)"),
    ('fonts:\n  text: ["x; } body { color: red"]', "look.yaml 2 fonts.text: look_no_font"),
    ("fonts: {text: 3}", r"look.yaml 1 fonts.text: not_a_list \(3\)"),
])
def test_what_is_wrong_with_a_look_is_told_with_its_line(house, text, told):
    (house / "look.yaml").write_text(text, "utf-8")
    with refused_with(told) as caught:
        read_look(house)
    told_in_both(caught.value.problems)


def test_a_look_may_be_empty_of_all_but_one_key(house):
    (house / "look.yaml").write_text('organisation: 某评价机构', "utf-8")
    found = read_look(house)
    assert found.organisation == {"zh": "某评价机构", "en": "某评价机构"}
    assert (found.accent, found.logo, found.families) == ("#1f5873", None, ())


def test_contrast_is_that_of_the_web():
    # (0.05 + 1) / (0.05 + 0.2126 x ((0.2 + 0.055) / 1.055)^2.4) of #330000 = 1.05 / 0.05704
    assert contrast("#330000") == pytest.approx(18.41, abs=0.01)
    assert contrast("#ffffff") == pytest.approx(1.0)


def test_a_drawing_keeps_nothing_that_acts_or_leads_out_of_it(house):
    (house / "logo.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" onload="a()">'
        '<script>a()</script><image xlink:href="//x"/><foreignObject><p>x</p></foreignObject>'
        '<a href="javascript:a()"><path d="M0 0"/></a><path d="M1 1" fill="url(//x)" style="fill: url(//y)"/>'
        '<circle r="2" fill="url(#own)"/></svg>', "utf-8")
    _, kept = read_look(house).logo
    assert [word for word in (b"script", b"href", b"onload", b"foreign", b"//x", b"//y", b"a()") if word in kept] == []
    assert b"M1 1" in kept
    assert b"url(#own)" in kept


def test_a_picture_of_too_many_pixels_is_refused_and_a_small_one_taken(house):
    (house / "look.yaml").write_text("logo: logo.png", "utf-8")
    for side, taken in ((4000, True), (4001, False)):
        (house / "logo.png").write_bytes(b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", side, 2) + bytes(9))
        if taken:
            assert read_look(house).logo[0] == "png"
        else:
            with refused_with("logo.png: look_no_logo"):
                read_look(house)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_look_is_seen_in_every_format(tmp_path, language):
    look = read_look(EXAMPLE)
    name = look.organisation[language]
    html, pdf, docx = export(report_sample.notebook(language), ["html", "pdf", "docx"], tmp_path, language, look=look)
    page = html.read_text("utf-8")
    assert "--accent: #7a1f2b;" in page
    assert '"仿宋", "FangSong"' in page
    assert f'alt="{name}" class="logo"' in page
    assert name in pypdf.PdfReader(pdf).pages[0].extract_text()
    assert b"0.47843" in pypdf.PdfReader(pdf).pages[0].get_contents().get_data()  # red of the accent: 0x7a / 255
    with zipfile.ZipFile(docx) as packed:
        styles, document = (packed.read(f"word/{part}.xml").decode() for part in ("styles", "document"))
        drawn = [Image.open(packed.open(one)).convert("RGB").getcolors(1 << 20) for one in packed.namelist()
                 if one.endswith(".png")]
    shown = {"#{:02x}{:02x}{:02x}".format(*colour) for picture in drawn for _, colour in picture}
    assert {"#7a1f2b", "#5c4a00"} <= shown  # of bars and marks
    assert not {"#1f5873", "#93461a"} & shown
    drawn = [base64.b64decode(one) for one in re.findall(r"data:image/svg\+xml;base64,([A-Za-z0-9+/=]+)", page)]
    assert any(b"fill: #7a1f2b" in one for one in drawn)
    assert not [one for one in drawn if b"#1f5873" in one or b"#93461a" in one]
    assert "7A1F2B" in styles
    assert "1F5873" not in styles
    assert 'w:eastAsia="仿宋"' in styles
    assert name in document


def test_figures_take_both_colours_and_keep_what_is_no_tone_of_them():
    look = Look(accent="#7a1f2b", alert="#004040")
    plain = figures.waterfall(100.0, {"removals": 20.0}, 80.0, {"offsets": 30.0}, 50.0).svg()
    assert in_look(plain, Look()) is plain
    found = in_look(plain, look)
    assert b"fill: #004040" in found  # emissions
    assert colour("removals").encode() not in found
    assert all(colour(name).encode() in found for name in ("residual", "offsets", "net"))
    assert re.sub(rb"#[0-9a-f]{6}", b"", found) == re.sub(
        rb"#[0-9a-f]{6}", b"", lxml.etree.tostring(lxml.etree.fromstring(plain).getroottree()))


def test_cells_of_a_scale_keep_their_colours():
    # 9 and 1/9 are the ends of the scale, one of them of the colour of removals
    plain = judgement_heat_map([[1, 9], [1 / 9, 1]], ["air", "water"], (0, 1)).svg()
    found = in_look(plain, Look(accent="#7a1f2b", alert="#004040"))
    assert {MORE, LESS} <= set(re.findall("#[0-9a-f]{6}", found.decode()))
    assert b"#004040" in found  # the mark around the worst cell


def test_no_kind_of_land_and_no_class_of_priority_has_a_colour_that_gives_way():
    assert not {*LAND.values(), *PRIORITY} & {colour(name) for name in (*ACCENTED, *ALERTED)}


@given(st.tuples(*[st.integers(0, 255)] * 3))
def test_tones_of_a_house_are_as_light_as_what_gives_way_so_that_texts_on_them_are_read(parts):
    accent = "#{:02x}{:02x}{:02x}".format(*parts)
    assume(contrast(accent) >= LEAST_CONTRAST)
    tones = Look(accent=accent, alert="#004040").tones
    assert tones[colour("AAA")] == accent
    for plain, own in tones.items():
        if plain not in (colour("AAA"), colour("emissions")):
            assert luminance(own) == pytest.approx(luminance(plain), abs=0.006)
    ramp = [luminance(tones[colour(grade)]) for grade in ("C", "B", "A", "AA", "AAA")]
    assert ramp == sorted(ramp, reverse=True)


def test_what_a_run_keeps_of_a_look_is_the_look(tmp_path):
    copy_look(EXAMPLE, tmp_path)
    assert look_of(tmp_path) == read_look(EXAMPLE)
    assert sorted(path.name for path in (tmp_path / LOOK).iterdir()) == ["fonts.txt", "logo.svg", "look.yaml"]
    assert look_of(tmp_path / "nowhere").logo is None


@pytest.mark.slow
def test_a_look_changes_no_number_is_made_again_and_a_forged_one_differs(quarry_runs, tmp_path, monkeypatch):
    from mineco.core.kit import parameters
    from mineco.runs.run import run

    own = kit_used.digests_of(kit_files())
    monkeypatch.setattr(kit_used, "of_this_version", lambda: (own, False))
    made = run(parameters() / "mines" / "tiny-quarry", out=tmp_path, formats=("html",), language="en", look=EXAMPLE)
    for name in ("results.json", "trace.json"):
        assert (made / name).read_bytes() == (quarry_runs[0] / name).read_bytes()
    assert (made / "report.html").read_bytes() != (quarry_runs[0] / "report.html").read_bytes()
    assert verify.verify(made).problems == []
    look = made / LOOK / "look.yaml"
    look.write_text(look.read_text("utf-8").replace("#7a1f2b", "#1f2b7a"), "utf-8", newline="\n")
    forger.seal(made)
    told = [(one.message, one.file) for one in verify.verify(made).problems]
    assert told == [("text_differs", "report.html")]  # of its style
