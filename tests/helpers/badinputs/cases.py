"""Malformed dossiers as data: which file, what is changed, and the message, file, row and column of the answer."""

from tests.helpers.badinputs.edits import (
    Bad,
    after,
    both,
    bound_socket,
    cell,
    cells,
    encoded_line,
    everywhere,
    folder,
    link,
    new_file,
    pipe,
    raw,
    recode,
    remove,
    repeat,
    row,
    scale,
    sparse,
    swap,
)

A, M, MINE, OFF, R, P, E, D, S = ("activity.csv", "metrics.csv", "mine.yaml", "offsets.csv", "ratings.csv",
                                  "restoration.csv", "events.csv", "declared.csv", "measures.csv")
COAL = "changcun-coal"
HEADER = b"year,source,item,quantity,unit,kind,quality,data_source,frequency,meter,verified_by,uncertainty_pct,note\n"
ROW = "2024,mobile-combustion,{},1,t,calculated,high,x,yearly,,x,,\n"


def at(message: str, file: str, row: int | str = "", column: str = "") -> tuple[tuple[str, str, int | str, str], ...]:
    return ((message, file, row, column),)


def in_cell(name: str, text: str, message: str = "not_a_number", file: str = A, row: int = 11,
            column: str = "quantity", by_command: bool = False) -> Bad:
    return Bad(name, file, cell(row, column, text), at(message, file, row, column), by_command=by_command)


def in_mine(name: str, old: str, new: str, message: str, row: int | str, column: str = "", more: bool = False,
            by_command: bool = False) -> Bad:
    return Bad(name, MINE, swap(old, new), at(message, MINE, row, column), more=more, by_command=by_command)


def bomb() -> str:
    levels = "".join(f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join(['*' + chr(97 + n)] * 9)}]\n" for n in range(9))
    return f"a: &a [x]\n{levels}"


ENCODINGS = [
    Bad("raw coal in GB18030 that is valid UTF-8, beside plain UTF-8", A,
        swap("2024,mobile-combustion,柴油".encode(), b"2024,mobile-combustion," + "原煤".encode("gb18030")),
        at("unknown_key_of_source", A, 11, "item"), by_command=True),
    Bad("a table all ASCII but for raw coal in GB18030", A,
        raw(HEADER + ROW.format("").encode().replace(b",,1,t", b",,1,t") + b"2024,mobile-combustion,"
            + "原煤".encode("gb18030") + b",1,t,calculated,high,x,yearly,,x,,\n"),
        at("missing_value", A, 2, "item"), more=True),
    Bad("UTF-16 with its mark", A, recode("utf-16"), at("unknown_encoding", A), by_command=True),
    Bad("UTF-16 without a mark", A, recode("utf-16-le"), at("unknown_encoding", A)),
    Bad("UTF-32", M, recode("utf-32"), at("unknown_encoding", M)),
    Bad("UTF-16 of ASCII, which is valid UTF-8 full of NUL", OFF,
        raw("kind,programme\ncredit,x\n".encode("utf-16-be")), at("control_character", OFF, 1), more=True),
    Bad("one line of GB18030 in a UTF-8 table", A, encoded_line(14, "gb18030"), at("unknown_encoding", A)),
    Bad("one line of UTF-8 in a GB18030 table", A, both(recode("gb18030"), after(
        "2024,explosives,铵油炸药,1,t,calculated,high,账,yearly,,核,,\n".encode())),
        at("unknown_encoding", A), more=True),
    Bad("Big5", R, raw("standard,indicator,rater\n煤礦,產量,評\n".encode("big5")), at("unknown_encoding", R)),
    Bad("Latin-1", M, raw("year,metric\n2024,Größe\n".encode("latin-1")), at("unknown_encoding", M)),
    Bad("reads both ways", D, raw("item,initial,verified,unit,why,note\ngrade,C,C,,,café\n".encode()),
        at("ambiguous_encoding", D)),
    Bad("a byte-order mark in the middle", A, swap("\n2024,explosives", "\n\ufeff2024,explosives"),
        at("control_character", A, 14)),
    Bad("two byte-order marks", A, lambda path: path.write_bytes(b"\xef\xbb\xbf" * 2 + path.read_bytes()),
        at("control_character", A, 1)),
    Bad("cut in the middle of a character", A, after("矿".encode()[:2]), at("unknown_encoding", A)),
    Bad("the mark of a lost character", A, cell(11, "note", "\ufffd"), at("control_character", A, 11)),
    Bad("a picture named as a table", S, raw(b"\x89PNG\r\n\x1a\n" + bytes(range(256))), at("unknown_encoding", S)),
    Bad("a workbook named as a table", A, raw(b"PK\x03\x04" + bytes(range(256)) * 4), at("unknown_encoding", A)),
    Bad("mine.yaml in UTF-16", MINE, recode("utf-16"), at("unknown_encoding", MINE), by_command=True),
]

MARKS = [
    Bad(f"{name} in a {kind}", file, edit, at("control_character", file, place))
    for name, mark in {"NUL": "\0", "a bell": "\a", "escape": "\x1b[2J", "delete": "\x7f", "BIDI override": "\u202e",
                       "zero width space": "\u200b", "line separator": "\u2028", "private use": "\ue000"}.items()
    for kind, file, edit, place in (
        ("table", A, cell(12, "note", f"a{mark}b"), 12),
        ("mine.yaml", MINE, swap("小采石场, en", f"小采{mark}石场, en"), 5))
]

FORMS = [
    Bad("semicolons", A, everywhere(",", ";"), at("wrong_separator", A, 1), by_command=True),
    Bad("tabs", M, everywhere(",", "\t"), at("wrong_separator", M, 1)),
    Bad("Chinese commas", OFF, everywhere(",", "，"), at("wrong_separator", OFF, 1)),
    Bad("bars", D, everywhere(",", "|"), at("wrong_separator", D, 1)),
    Bad("no header", M, row(1, lambda cells: ["2023", "production", "1"]), at("no_header", M, 1)),
    Bad("an empty file", S, raw(b""), at("no_header", S, 1)),
    Bad("blank lines alone", S, raw(b"\n\n\n"), at("no_header", S, 1)),
    Bad("a column missing", A, everywhere("unit,", "", ), at("missing_column", A, 1, "unit"), more=True),
    Bad("a column too many", A, swap(",note\n", ",note,unit_2\n"), at("unknown_column", A, 1, "unit_2"), more=True),
    Bad("a column twice", A, swap(",note\n", ",unit\n"), at("duplicate_column", A, 1, "unit"), more=True),
    Bad("names of columns in Chinese", A, swap("year,source", "年份,排放源"),
        at("missing_column", A, 1, "year"), more=True),
    Bad("a column in capitals", A, swap("year,source", "Year,source"), at("missing_column", A, 1, "year"), more=True),
    Bad("a field too many", A, swap("219,t,", "219,,t,"), at("field_count", A, 2), more=True),
    Bad("a field too few", A, swap("219,t,", "219 t,"), at("field_count", A, 2), more=True),
    Bad("thousands unquoted", M, swap("296000", "296,000"), at("field_count", M, 2), by_command=True, more=True),
    Bad("a row shifted by one to the right", A, row(12, lambda cells: ["", *cells[:-1]]),
        at("unknown_source", A, 12, "source"), more=True, by_command=True),
    Bad("a row shifted by one to the left", A, row(12, lambda cells: [*cells[1:], ""]),
        at("unknown_source", A, 12, "source"), more=True),
    Bad("value and unit changed places", A, row(13, lambda c: [*c[:3], c[4], c[3], *c[5:]]),
        (("unknown_unit", A, 13, "unit"), ("not_a_number", A, 13, "quantity"))),
    Bad("a quote that is not closed", A, swap("2024,explosives", '2024,"explosives'), at("bad_quotes", A, 14),
        more=True),
    Bad("a quote inside a cell", A, cell(11, "note", 'the "big" tank'), (), more=True, notice=True),
    Bad("a word after a closing quote", A, swap("2024,explosives,", '2024,"explosives"x,'), at("bad_quotes", A, 14),
        more=True),
    Bad("a line break in a cell", A, cell(12, "note", "one\ntwo"), at("line_break_in_cell", A, 12, "note"), more=True),
    Bad("a cell of 6,000 characters", A, cell(11, "note", "x" * 6000), at("cell_too_long", A, 11, "note")),
    Bad("a cell of a million characters", A, cell(11, "note", "x" * 1_000_000), at("cell_too_long", A, 11), more=True),
    Bad("too many lines", A, after("\n" * 30_000), at("too_many_lines", A)),
    Bad("a million commas", A, after("x" + "," * 1_000_000), at("field_count", A, 20), more=True),
    Bad("15,000 wrong rows", A, repeat(11, 15_000), at("duplicate_row", A, 20, "item"), more=True, by_command=True),
    Bad("15,000 rows of another width", M, after("1,2\n" * 15_000), at("field_count", M, 36), more=True),
    Bad("a table in place of another", M, lambda path: path.write_bytes((path.parent / A).read_bytes()),
        at("missing_column", M, 1, "metric"), more=True),
    Bad("8 MB of Chinese in UTF-8", A, raw("原煤".encode() * 1_300_000), at("no_header", A, 1)),
    Bad("8 MB of Chinese in GB18030", A, raw(("原煤" * 200 + "\n").encode("gb18030") * 9_900), at("no_header", A, 1)),
    Bad("8 MB of NUL", A, raw(bytes(7_900_000)), at("control_character", A, 1)),
    Bad("8 MB of quotes", A, raw(b'"' * 7_900_000), at("no_header", A, 1)),
    Bad("15,000 units that nobody knows", A, after("".join(
        f"2024,electricity,purchased,1,furlong{number},calculated,high,x,yearly,,x,,\n" for number in range(15_000))),
        at("unknown_unit", A, 20, "unit"), more=True),
    Bad("15,000 sources that nobody knows", A, after("".join(
        f"2024,mobile{number},x,1,t,calculated,high,x,yearly,,x,,\n" for number in range(15_000))),
        at("unknown_source", A, 20, "source"), more=True),
    Bad("HTML in place of a table", A, raw(b"<html><body>404 Not Found</body></html>\n"), at("no_header", A, 1)),
    Bad("JSON in place of a table", A, raw(b'{"year": 2024}\n'), at("no_header", A, 1)),
]

NUMBERS = [
    in_cell("a decimal comma", "1,5", by_command=True), in_cell("points for thousands", "1.234.567"),
    in_cell("German thousands", "1.234,5"), in_cell("Indian thousands", "1,23,456"),
    in_cell("blanks for thousands", "1 234"),
    in_cell("an apostrophe for thousands", "1'234"), in_cell("a lower line for thousands", "1_234"),
    in_cell("full-width letters", "２０Ｏ"), in_cell("full-width and a unit", "２０７吨"),
    in_cell("Chinese numerals", "二百零七"), in_cell("Arabic-Indic digits", "٢٠٧"), in_cell("a Roman numeral", "Ⅻ"),
    in_cell("a superscript", "20²"), in_cell("a fraction", "1/2"), in_cell("a fraction mark", "½"),
    in_cell("a range", "200-210"),
    in_cell("about", "约207"), in_cell("more than", ">207"), in_cell("with error", "207±5"),
    in_cell("two signs", "--207"),
    in_cell("a bookkeeper's minus", "(207)"), in_cell("a minus behind", "207-"), in_cell("a currency", "¥207"),
    in_cell("a word for none", "无"), in_cell("NA", "NA"), in_cell("NaN", "NaN"), in_cell("infinity", "inf"),
    in_cell("infinity in signs", "∞"), in_cell("beyond all numbers", "1e999"), in_cell("hexadecimal", "0xCF"),
    in_cell("a complex number", "1j"), in_cell("sixty digits", "9" * 61), in_cell("a letter for zero", "2O7"),
    in_cell("a date for a quantity", "2024-05-01"), in_cell("true", "TRUE"), in_cell("null", "null"),
    in_cell("a percentage of tonnes", "20%", "percent_not_share"), in_cell("per mille", "20‰"),
    in_cell("negative", "-207", "out_of_range"), in_cell("beyond every mine", "1e300", "out_of_range"),
    in_cell("division by zero of a spreadsheet", "#DIV/0!", by_command=True),
    in_cell("no value of a spreadsheet", "#N/A"),
    in_cell("a lost reference", "#REF!"), in_cell("a name of a spreadsheet", "#NAME?"),
    in_cell("a formula", "=1+1", by_command=True), in_cell("a formula with plus", "+cmd|' /C calc'!A0"),
    in_cell("a formula with at", "@SUM(A1:A9)"), in_cell("a formula with minus", "-1+1"),
    in_cell("an import of Python", "__import__('os')"), in_cell("a brace", "{value!r}"),
    in_cell("a percent sign alone", "%"),
    in_cell("year in two digits", "24", "not_a_year", column="year"),
    in_cell("year with a point", "2024.0", "not_a_year", column="year"),
    in_cell("full-width year", "２０２４", "not_a_year", column="year"),
    in_cell("year with its word", "2024年", "not_a_year", column="year"),
    in_cell("year in the far future", "9999", "not_a_year", column="year"),
    in_cell("uncertainty below zero", "-1", "out_of_range", column="uncertainty_pct"),
    in_cell("uncertainty in words", "small", column="uncertainty_pct"),
]

UNITS = [
    in_cell("no unit", "", "missing_unit", column="unit"), in_cell("an unknown unit", "furlong",
    "unknown_unit", column="unit"),
    in_cell("of another dimension", "MWh", "wrong_dimension", column="unit"),
    in_cell("carbon dioxide for fuel", "tCO2", "wrong_dimension", column="unit"),
    in_cell("divided by zero", "t/0", "unknown_unit", column="unit", by_command=True),
    in_cell("nothing at all", "0 t", "unknown_unit", column="unit"),
    in_cell("a quantity as unit", "5 t", "unknown_unit", column="unit"),
    in_cell("a power beyond all numbers", "10^400 t", "unknown_unit", column="unit"),
    in_cell("a tower of powers", "9**9**9**9", "unknown_unit", column="unit"),
    in_cell("a power of a unit", "t**9999999999", "unknown_unit", column="unit"),
    in_cell("Python as unit", "__import__('os').getcwd()", "unknown_unit", column="unit"),
    in_cell("brackets without end", "(" * 500 + "t" + ")" * 500, "unknown_unit", column="unit"),
    in_cell("a unit of 5,000 characters", "t " * 2400, "unknown_unit", column="unit"),
    in_cell("an ambiguous division", "GJ/t t", "unknown_unit", column="unit"),
    in_cell("a superscript two alone", "²", "unknown_unit", column="unit"),
]

SLIPS = [  # a power of ten: possible, so that it is told of and not refused
    Bad("t for 万t in one year", M, scale("value", 1e-4, 19), at("changed_manifold", M, 19, "value"), more=True,
        notice=True,
        by_command=True),
    Bad("ten times in one year", A, scale("quantity", 10, 11), at("changed_manifold", A, 11, "quantity"),
        more=True, notice=True),
    Bad("a tenth in one year", A, scale("quantity", 0.1, 12), at("changed_manifold", A, 12, "quantity"),
        more=True, notice=True),
    Bad("a thousand times in all years", A, scale("quantity", 1000, 3, 12),
        at("unusual_ratio", A, 3, "quantity"), more=True,
        notice=True),
    Bad("kWh for MWh in all years", A, scale("quantity", 1e-3, 3, 12), at("unusual_ratio", A, 12, "quantity"),
        more=True,
        notice=True),
    Bad("production in kg called t", M, scale("value", 1000, 2, 19), at("unusual_ratio", M, 3, "value"), more=True,
        notice=True),
    Bad("output value in yuan called 万元", M, scale("value", 1e4, 3, 20), at("unusual_ratio", M, 20, "value"),
        more=True, notice=True),
    Bad("water in 万m3 called m3", M, scale("value", 1e-4, 12, 29), at("unusual_ratio", M, 12, "value"),
        more=True, notice=True),
    Bad("methane a hundredfold", A, scale("quantity", 100, 5, 28),
        at("unusual_ratio", A, 5, "quantity"), base=COAL, more=True,
        notice=True),
    Bad("a calorific value in MJ/t called GJ/t", A, after(
        "2024,mobile-combustion,柴油:ncv,42652,GJ/t,calculated,high,x,yearly,,x,,\n"),
        at("beyond_factors", A, 20, "quantity")),
    Bad("a calorific value of a tenth", A, after(
        "2024,mobile-combustion,柴油:ncv,4.27,GJ/t,calculated,high,x,yearly,,x,,\n"),
        at("beyond_factors", A, 20, "quantity")),
    Bad("a calorific value of a half", A, after(
        "2024,mobile-combustion,柴油:ncv,21.3,GJ/t,calculated,high,x,yearly,,x,,\n"),
        at("far_from_factors", A, 20, "quantity"), notice=True),
]

TWICE = [
    Bad("a row twice", A, repeat(11), at("duplicate_row", A, 20, "item"), by_command=True),
    Bad("a row twice under two names", A, after(ROW.format("diesel")), at("duplicate_row", A, 20, "item")),
    Bad("a metric twice", M, repeat(19), at("duplicate_row", M, 36, "metric")),
    Bad("twelve months in place of a year", A, repeat(11, 11), tuple(
        ("duplicate_row", A, line, "item") for line in range(20, 31))),
    Bad("a serial twice", OFF, repeat(2), at("serial_twice", OFF, 3, "serial")),
    Bad("a parcel twice", P, repeat(2), at("parcel_twice", P, 3, "parcel")),
    Bad("a rating twice", R, repeat(2), at("rated_twice", R, 14, "rater")),
    Bad("a measure twice", S, repeat(2), at("duplicate_row", S, 3, "id")),
    Bad("a declared figure twice", D, repeat(2), at("duplicate_row", D, 6, "item")),
]

WORDS = [
    in_cell("NA as the name of a source", "NA", "unknown_source", column="source"),
    in_cell("NA as the name of a fuel", "NA", "unknown_key_of_source", column="item"),
    in_cell("null as the name of a fuel", "null", "unknown_key_of_source", column="item"),
    in_cell("a fuel of 4,000 characters", "柴油" * 2000, "unknown_key_of_source", column="item"),
    in_cell("a source of 4,000 characters", "mobile-combustion" * 250, "unknown_source", column="source"),
    in_cell("a fuel misspelt", "dieesel", "unknown_key_of_source", column="item"),
    in_cell("a parameter misspelt", "diesel:ncw", "unknown_item", column="item"),
    in_cell("a parameter without its key", ":ncv", "unknown_item", column="item"),
    in_cell("two colons", "diesel:ncv:ncv", "unknown_item", column="item"),
    in_cell("a kind that is none", "guessed", "not_in_list", column="kind"),
    in_cell("no kind", "", "missing_description", column="kind"),
    in_cell("no year", "", "missing_value", column="year"),
    in_cell("no quantity", "", "missing_figure"),
    in_cell("no source", "", "missing_description", column="data_source"),
    in_cell("blanks of a Chinese keyboard for a quantity", "\u3000\u3000", "missing_figure"),
    Bad("NA as a metric", M, cell(20, "metric", "NA"), at("unknown_metric", M, 20, "metric"), more=True),
    Bad("a rater's score of 101", R, cell(2, "level", "101"), at("not_a_level", R, 2, "level"), more=True),
    Bad("an indicator of another standard", R, cell(2, "indicator", "Z9.9"),
        at("unknown_indicator", R, 2, "indicator"), more=True),
    Bad("a standard that is none", R, cell(2, "standard", "NA"), at("unknown_standard", R, 2, "standard"), more=True),
    Bad("a step that is none", E, cell(2, "step", "=1+1"), at("unknown_step", E, 2, "step")),
    Bad("a date of a spreadsheet", E, cell(2, "date", "45662"), at("not_a_date", E, 2, "date")),
    Bad("a date with slashes", E, cell(2, "date", "2025/01/06"), at("not_a_date", E, 2, "date")),
    Bad("the 30th of February", E, cell(2, "date", "2025-02-30"), at("not_a_date", E, 2, "date")),
    Bad("a digest of the entry before that is another's", E, cell(3, "previous", "0" * 64),
        at("chain_broken", E, 3, "previous")),
    Bad("a digest of an entry before the first", E, cell(2, "previous", "0" * 64),
        at("chain_begins_late", E, 2, "previous")),
    Bad("a result of a step that has none", E, cell(2, "result", "passed"), at("result_not_asked", E, 2, "result")),
    Bad("a date and a time", E, cell(2, "date", "2025-01-06T00:00"), at("not_a_date", E, 2, "date")),
    Bad("a credit in tonnes of carbon", OFF, cell(2, "unit", "tC"), at("wrong_dimension", OFF, 2, "unit")),
    Bad("a restored parcel larger than the mine", P, cell(2, "area_ha", "46"),
        at("parcels_exceed_mine", P, "", "area_ha")),
    Bad("mu called ha", P, cell(2, "area_ha", "69"), at("parcels_exceed_mine", P, "", "area_ha")),
]

YAML = [
    Bad("an alias bomb", MINE, raw(bomb().encode()), at("yaml_anchor", MINE, 1), more=True, by_command=True),
    Bad("60,000 aliases", MINE, raw(("a: &a x\nb: [" + "*a," * 60_000 + "]\n").encode()),
        at("yaml_anchor", MINE, 1), more=True),
    Bad("an anchor", MINE, swap("stage: producing", "stage: &s producing"), at("yaml_anchor", MINE, 10)),
    Bad("a merge of an alias", MINE, after("x: &x {a: 1}\ny: {<<: *x}\n"), at("yaml_anchor", MINE, 71), more=True),
    Bad("a merge key", MINE, after("<<: {stage: closed}\n"), at("unknown_key", MINE, 71, "<<")),
    Bad("an object of Python", MINE, after("x: !!python/object/apply:os.system [ls]\n"), at("yaml_tag", MINE, 71),
        by_command=True),
    Bad("a name of Python", MINE, after("x: !!python/name:os.system\n"), at("yaml_tag", MINE, 71)),
    Bad("binary", MINE, swap("province: 浙江", "province: !!binary 5rWZ5rGf"), at("yaml_tag", MINE, 11)),
    Bad("a set", MINE, after("x: !!set {a}\n"), at("yaml_tag", MINE, 71)),
    Bad("a tag of its own", MINE, after("x: !mine {a: 1}\n"), at("yaml_tag", MINE, 71)),
    Bad("a tag for text", MINE, swap("stage: producing", "stage: !!str producing"), at("yaml_tag", MINE, 10)),
    Bad("a directive", MINE, lambda path: path.write_bytes(b"%YAML 1.1\n---\n" + path.read_bytes()),
        at("yaml_directive", MINE, 1)),
    Bad("a directive of tags", MINE, lambda path: path.write_bytes(b"%TAG ! tag:x,2000:\n---\n" + path.read_bytes()),
        at("yaml_directive", MINE, 1)),
    Bad("two documents", MINE, after("---\nid: other\n"), at("several_documents", MINE, 71)),
    Bad("a key twice", MINE, after("stage: closed\n"), at("duplicate_key", MINE, 71)),
    Bad("a number as key", MINE, after("2024: x\n"), at("key_not_text", MINE, 71)),
    Bad("a list as key", MINE, after("? [a, b]\n: x\n"), at("key_not_text", MINE, 71)),
    Bad("200,000 values", MINE, after("x: [" + "a," * 200_000 + "]\n"), at("unknown_key", MINE, 71, "x")),
    Bad("40,000 keys", MINE, after("".join(f"k{number}: 1\n" for number in range(40_000))),
        at("unknown_key", MINE, 71, "k0"), more=True),
    Bad("30 brackets", MINE, after("x: " + "[" * 30 + "]" * 30 + "\n"), at("yaml_too_deep", MINE, 71)),
    Bad("100,000 brackets", MINE, after("x: " + "[" * 100_000), at("yaml_too_deep", MINE, 71), by_command=True),
    Bad("100,000 braces", MINE, after("x: " + "{a: " * 100_000), at("yaml_too_deep", MINE, 71)),
    Bad("an octal year", MINE, swap("reporting_year: 2024", "reporting_year: 02024"), at("unquoted_number", MINE, 25)),
    Bad("a year as text", MINE, swap("reporting_year: 2024", 'reporting_year: "2024"'),
        at("not_a_whole_number", MINE, 25, "reporting_year")),
    Bad("a year with a point", MINE, swap("reporting_year: 2024", "reporting_year: 2024.5"),
        at("not_a_whole_number", MINE, 25, "reporting_year")),
    Bad("a year of 5,000 digits", MINE, swap("reporting_year: 2024", "reporting_year: " + "2" * 5000),
        at("not_a_number", MINE, 25), more=True),
    Bad("a year of 39 digits", MINE, swap("reporting_year: 2024", "reporting_year: " + "2" * 39),
        at("out_of_range", MINE, 25, "reporting_year")),
    Bad("infinity in YAML", MINE, swap("structural_change_pct: 0", "structural_change_pct: .inf"),
        at("unquoted_number", MINE, 29)),
    Bad("an exponent beyond all numbers", MINE, swap("structural_change_pct: 0", "structural_change_pct: 1e999"),
        at("unquoted_number", MINE, 29)),
    Bad("NO for false", MINE, swap("recalculated: false", "recalculated: NO"),
        at("not_true_or_false", MINE, 30, "base_year.recalculated")),
    Bad("a date that YAML would read", MINE, swap('report_date: "2025-03-31"', "report_date: 2025-3-31"),
        at("not_a_date", MINE, 26, "report_date")),
    Bad("a number for a name", MINE, swap('en: "Tiny quarry"}', "en: 12}"), at("not_text", MINE, 5, "name.en")),
    Bad("an id that leads elsewhere", MINE, swap("id: tiny-quarry", "id: ../../tmp/x"), at("bad_id", MINE, 4, "id")),
    Bad("an id with a line break", MINE, swap("id: tiny-quarry", 'id: "tiny\\nquarry"'), at("bad_id", MINE, 4, "id")),
    Bad("an id with an escaped NUL", MINE, swap("id: tiny-quarry", 'id: "tiny\\0"'), at("escaped_character", MINE, 4)),
    Bad("a name with an escaped BIDI override", MINE, swap('en: "Tiny quarry"', 'en: "Tiny \\u202e quarry"'),
        at("escaped_character", MINE, 5)),
    Bad("half a surrogate pair", MINE, swap('en: "Tiny quarry"', 'en: "Tiny \\ud800"'), at("not_yaml", MINE, 5),
        more=True),
    Bad("an option that runs code", MINE, swap("options: {}", "options: {gwp: \"'; import os\"}"),
        at("option_not_allowed", "mine.yaml", "options", "gwp")),
    Bad("an option that is a list", MINE, swap("options: {}", "options: {gwp: [AR6]}"),
        at("not_text", MINE, 62, "options.gwp")),
    Bad("a parameter of the notebook as option", MINE, swap("options: {}", "options: {results: /tmp/x}"),
        at("unknown_option", "mine.yaml", "options", "results")),
    Bad("an indent of tabs", MINE, swap("  text:\n", "\ttext:\n"), at("not_yaml", MINE, 17)),
    Bad("a bracket that is not closed", MINE, after("x: [1, 2\n"), at("not_yaml", MINE, 72)),
    Bad("a list at the top", MINE, raw(b"- id: x\n"), at("not_a_mapping", MINE, 1)),
    Bad("no content", MINE, raw(b""), at("not_a_mapping", MINE, 1)),
    Bad("a word alone", MINE, raw(b"hello\n"), at("not_a_mapping", MINE, 1)),
    Bad("JSON with a comma too many", MINE, raw(b'{"id": "x",,}'), at("not_yaml", MINE, 1)),
    Bad("full-width colons", MINE, everywhere(": ", "："), at("not_yaml", MINE, 12), more=True),
]

FILES = [
    Bad("1 GB claimed by a table", A, sparse(1_000_000_000), at("file_too_large", A), by_command=True),
    Bad("1 GB claimed by mine.yaml", MINE, sparse(1_000_000_000), at("file_too_large", MINE)),
    Bad("1 TB claimed by evidence", "evidence/scan.pdf", sparse(10**12),
        at("file_too_large", "evidence/scan.pdf"), by_command=True),
    Bad("1 GB claimed by a note", "README.md", sparse(1_000_000_000), at("file_too_large", "README.md")),
    Bad("a mine.yaml of a megabyte", MINE, after("# " + "x" * 1_000_000 + "\n"), at("file_too_large", MINE)),
    Bad("6,000 files", "evidence", lambda path: [new_file()(path / str(number)) for number in range(6000)],
        at("too_many_files", "dossier")),
    Bad("no mine.yaml", MINE, remove, at("missing_file", MINE)), Bad("no table", A, remove, at("missing_file", A)),
    Bad("a folder for a table", A, folder, at("not_a_file", A)),
    Bad("a link to a file of the system", A, link("/etc/passwd"), at("not_a_file", A), by_command=True),
    Bad("a link to a device without end", A, link("/dev/zero"), at("not_a_file", A), by_command=True),
    Bad("a link to itself", A, link(A), at("not_a_file", A)),
    Bad("a link to nothing", A, link("nowhere"), at("not_a_file", A)),
    Bad("a link inside the dossier", A, link(M), at("not_a_file", A)),
    Bad("a link upwards as evidence", "evidence/all", link(".."), at("not_a_file", "evidence/all")),
    Bad("a link to a device as mine.yaml", MINE, link("/dev/random"), at("not_a_file", MINE)),
    Bad("a pipe that nobody writes to", A, pipe, at("not_a_file", A), by_command=True),
    Bad("a pipe as evidence", "evidence/pipe", pipe, at("not_a_file", "evidence/pipe")),
    Bad("a socket", A, bound_socket, at("not_a_file", A)),
    Bad("a misspelt table", "measure.csv", new_file(), at("unknown_file", "measure.csv")),
    Bad("a table in capitals", "Activity.CSV", new_file(), at("unknown_file", "Activity.CSV")),
    Bad("a workbook", "data.xlsx", new_file(b"PK"), at("unknown_file", "data.xlsx")),
    Bad("a script", "setup.py", new_file(b"raise SystemExit"), at("unknown_file", "setup.py")),
]

PATHS = [
    Bad(f"{name} as evidence", R, cell(2, "evidence", text), at(message, R, 2, "evidence"))
    for name, text, message in (
        ("a path upwards", "../secret.pdf", "outside_dossier"),
        ("a path upwards through the folder", "evidence/../../secret.pdf", "outside_dossier"),
        ("an absolute path", "/etc/passwd", "outside_dossier"),
        ("a path of Windows", "C:\\mine\\a.pdf", "outside_dossier"),
        ("a shared folder", "\\\\server\\share\\a.pdf", "outside_dossier"), ("a home", "~/a.pdf", "outside_dossier"),
        ("an address of a file", "file:///etc/passwd", "outside_dossier"),
        ("backslashes upwards", "evidence\\..\\..\\a.pdf", "outside_dossier"),
        ("a file that is not there", "evidence/none.pdf", "missing_file"), ("a folder", "evidence/", "missing_file"),
        ("a name of 4,000 characters", "evidence/" + "x" * 4000, "missing_file"),
        ("a path of 2,000 folders", "evidence/" + "x/" * 2000 + "a", "missing_file"))
] + [
    Bad("a hash that is none", E, cells(2, evidence="evidence/a", hash="123"),
        (("not_a_hash", E, 2, "hash"), ("missing_file", E, 2, "evidence"))),
]

CASES = [*ENCODINGS, *MARKS, *FORMS, *NUMBERS, *UNITS, *SLIPS, *TWICE, *WORDS, *YAML, *FILES, *PATHS]
