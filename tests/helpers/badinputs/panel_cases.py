"""Malformed panels as data: a file, a line of it that is replaced (0: added at the end), and the answer wanted."""

from dataclasses import dataclass

J, S, E, P = "judgements.csv", "scores.csv", "experts.csv", "panel.yaml"
Q = "questionnaires/A.csv"
SQUARE = "item,E1,E2,E3,M1,O1,O2\n"
FULL = SQUARE + "E1,1,2,3,4,5,6\nE2,,1,2,3,4,5\nE3,,,1,2,3,4\nM1,,,,1,2,3\nO1,,,,,1,2\nO2,,,,,,1\n"
END = 0


@dataclass(frozen=True)
class BadPanel:
    """What is wrong, where it is put, and the problem that tells it."""

    name: str
    file: str
    line: int  # as a message counts it; END: added; -1: the whole file; -2: the file is removed
    text: str
    message: str
    row: int | str = ""
    column: str = ""
    value: object = ""
    where: str = ""  # the file told, where it is another


def judged(name: str, text: str, message: str, column: str = "", value: object = "", line: int = 2) -> BadPanel:
    return BadPanel(name, J, line, text, message, line, column, value)


def settled(name: str, line: int, text: str, message: str, column: str = "") -> BadPanel:
    return BadPanel(name, P, line, text, message, column=column)


# The first row of judgements.csv is A,groups,E1,E2,1, and experts.csv begins with A; panel.yaml is told by its keys.
PANEL_CASES = [
    # judgements
    judged("zero", "A,groups,E1,E2,0,", "judgement_not_positive", "E1 : E2", "0"),
    judged("negative", "A,groups,E1,E2,-3,", "judgement_not_positive", "E1 : E2", "-3"),
    judged("words", "A,groups,E1,E2,much more,", "judgement_not_a_number", "E1 : E2", "much more"),
    judged("infinite", "A,groups,E1,E2,inf,", "judgement_not_a_number", "E1 : E2", "inf"),
    judged("not-a-number", "A,groups,E1,E2,nan,", "judgement_not_a_number", "E1 : E2", "nan"),
    judged("decimal-comma", 'A,groups,E1,E2,"0,5",', "judgement_not_a_number", "E1 : E2", "0,5"),
    judged("division-by-zero", "A,groups,E1,E2,1/0,", "judgement_not_a_number", "E1 : E2", "1/0"),
    judged("double-fraction", "A,groups,E1,E2,1/2/3,", "judgement_not_a_number", "E1 : E2", "1/2/3"),
    judged("negative-fraction", "A,groups,E1,E2,-1/3,", "judgement_not_positive", "E1 : E2", "-1/3"),
    judged("beyond-the-scale", "A,groups,E1,E2,33,", "judgement_off_scale", "E1 : E2", "33"),
    judged("below-the-scale", "A,groups,E1,E2,1/33,", "judgement_off_scale", "E1 : E2", "1/33"),
    judged("hardly-below-the-scale", "A,groups,E1,E2,0.10,", "judgement_off_scale", "E1 : E2", "0.10"),
    judged("blank", "A,groups,E1,E2,,", "missing_value", "value"),
    judged("no-expert", ",groups,E1,E2,1,", "missing_value", "expert"),
    judged("no-level", "A,,E1,E2,1,", "missing_value", "level"),
    judged("no-row", "A,groups,,E2,1,", "missing_value", "row"),
    judged("no-column", "A,groups,E1,,1,", "missing_value", "column"),
    judged("stranger", "G,groups,E1,E2,1,", "unknown_expert", "expert", "G"),
    judged("unknown-level", "A,E9,E1,E2,1,", "unknown_level", "level", "E9"),
    judged("unknown-row", "A,groups,E9,E2,1,", "unknown_panel_item", "row", "E9"),
    judged("unknown-column", "A,groups,E1,E2.1,1,", "unknown_panel_item", "column", "E2.1"),
    judged("item-of-another-level", "A,E1,E1,E1.2,1,", "unknown_panel_item", "row", "E1"),
    judged("itself", "A,groups,E1,E1,3,", "compared_with_itself", "E1 : E1", "3"),
    BadPanel("pair-twice", J, END, "A,groups,E1,E2,1,", "duplicate_judgement", 91, "E1 : E2", "1"),
    BadPanel("pair-twice-otherwise", J, END, "A,groups,E1,E2,2,", "duplicate_judgement", 91, "E1 : E2", "2"),
    BadPanel("both-ways-the-same", J, END, "A,groups,E3,E1,2,", "directions_disagree", 3, "E1 : E3", "2"),
    BadPanel("both-ways-not-reciprocal", J, END, "A,groups,E3,E1,1/3,", "directions_disagree", 3, "E1 : E3", "2"),
    BadPanel("badly-rounded", J, END, "A,groups,M1,E1,0.34,", "directions_disagree", 4, "E1 : M1", "3"),
    BadPanel("disconnected", J, END, "A,E1,E1.1,E1.2,2,\nA,E1,E1.3,E1.4,2,", "comparisons_not_connected", "", "E1",
             "A"),
    BadPanel("one-item-left-out", J, END, "B,E1,E1.1,E1.2,2,\nB,E1,E1.1,E1.3,2,", "comparisons_not_connected", "", "E1",
             "B"),
    BadPanel("no-such-column", J, 1, "expert,level,row,column,worth,note", "missing_column", 1, "value"),
    BadPanel("a-cell-too-many", J, 2, "A,groups,E1,E2,1,,", "field_count", 2, "", 7),
    # square tables
    BadPanel("square-of-a-stranger", "questionnaires/G.csv", -1, FULL, "unknown_expert", "", "", "G"),
    BadPanel("square-of-no-level", "questionnaires/A.X.csv", -1, FULL, "unknown_level", "", "", "X"),
    BadPanel("square-twice-told", Q, -1, FULL, "duplicate_judgement", 2, "E1 : E2", "2"),
    BadPanel("square-header", Q, -1, FULL.replace("item", "what"), "questionnaire_header", 1, "", "what"),
    BadPanel("square-unknown-item", Q, -1, FULL.replace("O2", "O9"), "unknown_panel_item", 1, "O9", "O9"),
    BadPanel("square-column-twice", Q, -1, "item,E1,E1\nE1,1,1\n", "duplicate_column", 1, "E1", where="A.csv"),
    BadPanel("square-row-twice", Q, -1, FULL + "O2,,,,,,1\n", "questionnaire_row_twice", 7, "item", "O2"),
    BadPanel("square-not-square", Q, -1, FULL.rpartition("O2,")[0], "questionnaire_not_square", "", "", "O2"),
    BadPanel("square-diagonal", Q, -1, FULL.replace("E1,1,", "E1,2,"), "compared_with_itself", 2, "E1 : E1", "2"),
    BadPanel("square-negative", Q, -1, FULL.replace("M1,,,,1,2,3", "M1,,,,1,-2,3"), "judgement_not_positive", 5,
             "M1 : O1", "-2"),
    # experts
    BadPanel("expert-twice", E, END, "A,甲,a,mine,1,,,", "duplicate_expert", 8, "expert", "A"),
    BadPanel("silent-expert", E, END, "G,甲,a,mine,1,,,", "expert_without_answers", "", "expert", "G"),
    BadPanel("weight-zero", E, 2, "A,甲,a,mine,0,,,", "expert_weight_not_positive", 2, "weight", "0"),
    BadPanel("weight-negative", E, 2, "A,甲,a,mine,-1,,,", "expert_weight_not_positive", 2, "weight", "-1"),
    BadPanel("weight-missing", E, 2, "A,甲,a,mine,,,,", "missing_value", 2, "weight"),
    BadPanel("weight-in-words", E, 2, "A,甲,a,mine,one,,,", "not_a_number", 2, "weight", "one"),
    BadPanel("basis-above-one", E, 2, "A,甲,a,mine,1,1.2,,", "out_of_range", 2, "judgement_basis", "1.2"),
    BadPanel("familiarity-below-zero", E, 2, "A,甲,a,mine,1,,-0.1,", "out_of_range", 2, "familiarity", "-0.1"),
    BadPanel("no-role", E, 2, "A,,,mine,1,,,", "missing_value", 2, "role_zh"),
    BadPanel("path-for-an-expert", E, 2, "../A,甲,a,mine,1,,,", "bad_expert_id", 2, "expert", "../A"),
    BadPanel("no-experts", E, -2, "", "missing_file"),
    BadPanel("nobody", E, -1, "expert,role_zh,role_en,organisation,weight,judgement_basis,familiarity,note\n",
             "panel_without_experts"),
    # scores
    BadPanel("score-above", S, 2, "1,A,groups,E1,10,", "score_off_scale", 2, "score", "10"),
    BadPanel("score-below", S, 2, "1,A,groups,E1,0,", "score_off_scale", 2, "score", "0"),
    BadPanel("score-in-words", S, 2, "1,A,groups,E1,high,", "not_a_number", 2, "score", "high"),
    BadPanel("score-missing", S, 2, "1,A,groups,E1,,", "missing_value", 2, "score"),
    BadPanel("score-twice", S, END, "2,A,groups,E1,8,", "duplicate_score", 73, "item", "E1"),
    BadPanel("score-of-a-stranger", S, END, "2,G,groups,E1,8,", "unknown_expert", 73, "expert", "G"),
    BadPanel("score-of-nothing", S, END, "2,A,groups,E9,8,", "unknown_panel_item", 73, "item", "E9"),
    BadPanel("round-zero", S, END, "0,A,groups,E1,8,", "not_a_round", 73, "round", "0"),
    BadPanel("round-in-words", S, END, "first,A,groups,E1,8,", "not_a_round", 73, "round", "first"),
    BadPanel("round-left-out", S, END, "4,A,groups,E1,8,", "round_missing", "", "round", 3),
    # panel.yaml
    settled("no-standard", 4, "standard: carbon-neutral-mine-1999", "unknown_standard", "standard"),
    settled("neither-items-nor-standard", 4, "", "items_or_standard"),
    settled("no-table", 10, "random_index: saaty-1066", "not_in_list", "random_index"),
    settled("no-method", 6, "method: guess", "not_in_list", "method"),
    settled("no-scale", 12, "", "scale_missing", "scale"),
    settled("scale-upside-down", 12, "scale: [9, 1]", "scale_not_rising"),
    settled("illustrative-in-words", 5, "illustrative: perhaps", "not_true_or_false", "illustrative"),
    settled("unknown-key", 5, "illustrative: true\nauthor: somebody", "unknown_key", "author"),
    BadPanel("no-settings", P, -2, "", "missing_file"),
    # the folder
    BadPanel("misspelt-file", "judgments.csv", -1, "x", "unknown_panel_file"),
    BadPanel("questionnaire-elsewhere", "questionnaires/old/A.csv", -1, FULL, "unknown_panel_file"),
]
