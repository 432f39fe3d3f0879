"""A made-up executed notebook in both languages, with every kind of content a report has, and with hostile names."""

import re

from mineco.core import formatting
from mineco.core.labels import label, set_language
from mineco.evaluation.carbon_neutral_mine.figures import two_keys
from mineco.report import forms, steps, tables
from mineco.report.figures import results as figures

HOSTILE = ["<script>alert(1)</script>", "=1+1", "$x_1$", "$$", "#let x", "[a](javascript:1)", "|a|b|", "*b*", "\\frac{"]
NAMES = {"zh": "青石岭煤矿（样例）", "en": "Qingshiling coal mine (sample)"}
TITLES = {"zh": f"{NAMES['zh']}2024年度碳中和矿山评价报告", "en": f"{NAMES['en']}: carbon-neutral mine, 2024"}
BANDS = [("ungraded", 0.0), ("C", 60.0), ("B", 70.0), ("A", 85.0), ("AA", 90.0), ("AAA", 95.0)]
SHARES = [("ungraded", 0.0), ("C", 0.6), ("B", 0.8), ("A", 0.9), ("AA", 0.95), ("AAA", 1.0)]
EMISSIONS = {
    "fugitive": {"CH4_fossil": 148210.4, "CO2": 1830.2},
    "combustion": {"CO2": 12964.1},
    "process": {"CO2": 312.6},
    "purchased-energy": {"CO2": 41873.0},
    "waste": {"CH4_nonfossil": 88.3},
}
INDICATORS = [
    ("E1.1", "碳排放总量", "total emissions", 100.0),
    ("E1.2", "碳排放强度", "emission intensity", 71.2),
    ("E1.3", "碳排放强度下降率", "fall of the intensity", 83.4),
    ("E2.1", "能源消费总量", "energy use", 64.0),
    ("E2.2", "可再生能源占比", "renewable share", 38.5),
    ("R1.1", "矿井填充固碳量", "filled CO₂", 0.0),
    ("R2.1", "生态修复固碳量", "restoration removals", 91.7),
    ("M1.1", "碳管理体系", "carbon management", None),
]
COMBUSTION = (
    r"E_{\mathrm{CO_2}} = {FC} \cdot {\mathrm{NCV}} \cdot {\mathrm{CC}} \cdot {\mathrm{OF}} \cdot \frac{44}{12}"
)
COMBUSTION_NUMBERS = r"{1\,250.5} \cdot {42.652} \cdot {0.0202} \cdot {0.98} \cdot \frac{44}{12}"
METHANE = (
    r"E_{\mathrm{CH_4}} = \sum_{k \in \mathrm{shafts}} \mathopen{}\left({Q}_{k} \cdot {c}_{k} \cdot {\rho}"
    r"\mathclose{}\right) \cdot {\mathrm{GWP}} - \mathrm{max}\left( {0}, {R} \right)"
)
METHANE_NUMBERS = " + ".join(
    rf"{q}\cdot {c} \cdot 0.67"
    for q, c in [(21.5, 0.31), (18.2, 0.42), (9.7, 0.28), (30.1, 0.12), (12.4, 0.55), (7.3, 0.61)]
)


def notebook(language, repeats=1):
    """The notebook as it would be saved after a run in that language; ``repeats`` makes it longer."""
    set_language(language)
    cells = [
        code(f'language = "{language}"\ndossier = "examples/mine"', ["parameters"]),
        code("from mineco import case", ["setup"]),
        code(
            "cover(case)",
            ["front"],
            forms.cover(
                {
                    "evaluated_mine": NAMES[language],
                    "report_number": "CNM-2025-001",
                    "evaluation_year": "2024",
                    "evaluator": "",
                    "issue_date": "",
                },
                TITLES[language],
                {"zh": "依据《碳中和矿山评价》（草案）", "en": "After the draft standard Carbon-Neutral Mine"}[
                    language
                ]
            ),
        ),
        code("conclusion(case)", ["front"], front(language)),
        *twins(
            "# 碳中和矿山评价\n\n这座矿离碳中和还有多远？",
            "# Carbon-neutral mine\n\nHow far is this mine from neutrality?",
        ),
    ]
    for part in range(repeats):
        cells += chapter(language, part)
    for place, cell in enumerate(cells):
        cell["id"] = f"cell-{place}"
    return {
        "nbformat": 4,
        "nbformat_minor": 5,
        "cells": cells,
        "metadata": {"language_info": {"name": "python"}, "papermill": {"duration": 3.2, "start_time": "now"}},
    }


def front(language):
    rows = {
        "zh": [
            ("被评价矿山", NAMES["zh"]),
            ("是否独立法人", {"是": True, "否": False}),
            ("综合得分", "78.6 分，按得分为 B 级"),
            ("抵消比例", "96.2 %，按抵消为 AA 级"),
            ("最终等级", "B 级，由得分决定"),
            ("先决条件", {"全部满足": True, "有不满足项": False}),
            ("是否达到碳中和", {"是": False, "否": True}),
        ],
        "en": [
            ("Mine evaluated", NAMES["en"]),
            ("Legal entity", {"yes": True, "no": False}),
            ("Score", "78.6 points, grade B by score"),
            ("Offset ratio", "96.2 %, grade AA by offset"),
            ("Final grade", "B, set by the score"),
            ("Prerequisites", {"all met": True, "some not met": False}),
            ("Carbon neutral", {"yes": False, "no": True}),
        ],
    }[language]
    declared = tables.show(
        [
            {
                "item": label("emissions", language),
                "declared": 203000.0,
                "recomputed": 205278.6,
                "difference_reason": {"zh": "购入电力改用省级因子", "en": "provincial grid factor"}[language],
            }
        ],
        {"zh": "自报值与复算值", "en": "Declared and recomputed"}[language],
        units={"declared": "tCO2e", "recomputed": "tCO2e"},
    )
    return forms.page(
        "conclusion_title",
        forms.conclusion(rows),
        declared,
        forms.signature_block(),
        forms.commitment(),
    )


def chapter(language, part):
    zh = language == "zh"
    sources = [
        {
            "symbol": "FC",
            "name": "柴油消耗量" if zh else "diesel burnt",
            "value": 1250.5,
            "unit": "t",
            "kind": "measured",
            "status": "",
            "source": "activity.csv 第 12 行，地磅月报" if zh else "activity.csv row 12, weighbridge",
        },
        {
            "symbol": r"\mathrm{NCV}",
            "name": "低位发热量" if zh else "net calorific value",
            "value": 42.652,
            "unit": "GJ/t",
            "kind": "default",
            "status": "quoted",
            "source": "NDRC2014",
        },
        {
            "symbol": r"\mathrm{CC}",
            "name": "单位热值含碳量" if zh else "carbon content",
            "value": 0.0202,
            "unit": "tC/GJ",
            "kind": "default",
            "status": "quoted",
            "source": "NDRC2014",
        },
        {
            "symbol": r"\mathrm{OF}",
            "name": "碳氧化率" if zh else "oxidation rate",
            "value": 0.98,
            "unit": "1",
            "kind": "assumed",
            "status": "unverified",
            "source": "IPCC 2006 vol. 2",
        },
    ]
    activity = [
        {
            "number": place,
            "name": name,
            "quantity": 1234.5678 * (place + 1),
            "unit": "t",
            "kind": "实测" if zh else "measured",
            "data_source": "台账" if zh else "ledger",
            "method": "地磅" if zh else "weighbridge",
            "frequency": "每月" if zh else "monthly",
            "meter": "XK3190",
            "verified_by": None,
        }
        for place, name in enumerate(HOSTILE)
    ]
    return [
        *twins(
            f"## {part + 1} 评价范围\n\n核算边界为矿山运营控制权范围内的开采、选煤和生态修复，"
            "时间为 2024 年 1 月 1 日至 12 月 31 日。"
            "边界内的每一个排放源，要么给出数据，要么说明排除的理由。"
            "\n\n- 范围一：固定源与移动源燃烧、井工瓦斯逸散\n- 范围二：购入电力",
            f"## {part + 1} Boundary\n\nThe account covers mining, preparation and restoration under operational "
            "control, from "
            "1 January to 31 December 2024. Every source inside is either given or excluded with a reason.\n\n"
            "- Scope 1: combustion, coal-mine methane\n- Scope 2: purchased electricity",
        ),
        code(
            "show(activity)",
            [],
            tables.show(
                activity,
                "活动数据" if zh else "Activity data",
                units={"quantity": "t"},
            ),
        ),
        *twins(
            f"## {part + 2} 评价过程\n\n### {part + 2}.1 燃料燃烧\n\n"
            "燃料燃烧的排放量由消耗量、低位发热量 $q$、含碳量和氧化率相乘得到：\n\n"
            "$$\n" + COMBUSTION + r"\tag{1}" + "\n$$\n\n其中 $44/12$ 是二氧化碳与碳的摩尔质量之比。",
            f"## {part + 2} Account\n\n### {part + 2}.1 Combustion\n\n"
            "Fuel burnt, calorific value $q$, carbon content and oxidation "
            "multiply to the emissions:\n\n$$\n"
            + COMBUSTION
            + r"\tag{1}"
            + "\n$$\n\nwhere $44/12$ is the ratio of molar masses.",
        ),
        code(
            'co2 = step("combustion_co2", fuel=diesel)\nshow_step(co2)',
            [],
            steps.formula_block(
                COMBUSTION,
                COMBUSTION_NUMBERS,
                formatting.format_number(3871.4, "tCO2"),
                "7.1 a",
                sources
            ),
        ),
        *twins(
            f"### {part + 2}.2 瓦斯逸散\n\n各井口的甲烷量按浓度和风量逐口计算，再相加。",
            f"### {part + 2}.2 Methane\n\nMethane is computed for each shaft from flow and concentration, then added.",
        ),
        code(
            "show_step(methane)",
            [],
            steps.formula_block(
                METHANE,
                METHANE_NUMBERS,
                formatting.format_number(148210.4, "tCO2e"),
                "7.1 b",
                sources[:2]
            ),
        ),
        code(
            "emissions_by_source(ledger)",
            [],
            figures.emissions_by_source(
                EMISSIONS, caption="各排放源的排放量" if zh else "Emissions by source"
            ),
        ),
        *twins(
            "从排放量减去移除量，得到剩余排放量；再减去抵消量，得到净排放量。",
            "Emissions less removals are the residual; less offsets, the net emissions.",
        ),
        code(
            "waterfall(ledger)",
            [],
            figures.waterfall(
                205278.6,
                {"restoration_removals": 18240.0, "filled_co2": 6100.0},
                180938.6,
                {"offsets": 174063.0},
                6875.6,
                caption="从排放到净排放" if zh else "From emissions to net"
            ),
        ),
        code(
            "note(assumptions)",
            [],
            tables.note(
                "假定与缺失数据" if zh else "Assumptions and missing data",
                [
                    "碳氧化率取缺省值，未核实" if zh else "oxidation rate: default, unverified",
                    f"⟨{HOSTILE[0]}⟩".replace("⟨", "“").replace("⟩", "”"),
                ],
            ),
        ),
        *twins(
            f"## {part + 3} 评价结果\n\n| 一级指标 | 权重 | 得分 |\n|---|---:|---:|\n"
            "| 碳排放总量 | 60 | 78.1 |\n| 移除与抵销 | 20 | 81.0 |\n",
            f"## {part + 3} Result\n\n| level 1 | weight | score |\n|---|---:|---:|\n"
            "| emissions | 60 | 78.1 |\n| removals | 20 | 81.0 |\n",
        ),
        code(
            "scores_against_anchors(scores)",
            [],
            figures.scores_against_anchors(
                [
                    {"id": one, "name": name_zh if zh else name_en, "score": score}
                    for one, name_zh, name_en, score in INDICATORS
                ],
                caption="指标得分" if zh else "Scores of the indicators"
            ),
        ),
        code(
            "two_keys(grade)",
            [],
            two_keys(
                78.6,
                0.962,
                BANDS,
                SHARES,
                "score",
                caption="等级的两把钥匙" if zh else "The two keys of the grade"
            ),
        ),
        code("print(total)", [], "205278.6\n"),
        code("show_text(name)", ["appendix"], *[tables.show_text(name) for name in HOSTILE]),
        code("Markdown(...)", [],
             {"text/markdown": "**" + "** **".join(map(as_references, HOSTILE)) + "**"}),
    ]


def as_references(text):
    """Text that Markdown leaves alone: every mark as a character reference."""
    return re.sub(r"[!-/:-@\[-`{-~]", lambda mark: f"&#{ord(mark[0])};", text)


def twins(zh, en):
    return [
        {"cell_type": "markdown", "metadata": {"tags": [f"lang-{language}"]}, "source": text}
        for language, text in (("zh", zh), ("en", en))
    ]


def code(source, tags, *shown):
    outputs = []
    for one in shown:
        if isinstance(one, str):
            outputs.append({"output_type": "stream", "name": "stdout", "text": one})
        else:
            data = one if isinstance(one, dict) else one._repr_mimebundle_()
            outputs.append({"output_type": "display_data", "metadata": {}, "data": data})
    return {"cell_type": "code", "metadata": {"tags": tags}, "source": source, "execution_count": 1, "outputs": outputs}
