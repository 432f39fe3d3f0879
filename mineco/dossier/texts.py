"""Texts of a mine's own, in Chinese, in English or in both: one language is enough for a report in it."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, model_validator

from mineco.core.labels import CHINESE, LANGUAGES, WORD, own_words
from mineco.standards.vocabulary import Part, Text

EVIDENCE = "evidence/"  # where the files lie that prove something


def by_language(text: str) -> dict[str, str]:
    """A text by the language that it is in; one in both, or in none such as a number or a file, stands for both.

    >>> by_language("某矿"), by_language("名单 / list"), by_language("BH-7")
    ({'zh': '某矿'}, {'zh': '名单', 'en': 'list'}, {'zh': 'BH-7', 'en': 'BH-7'})
    """
    parts = {language: own_words(text, language) for language in LANGUAGES}
    if parts["zh"] != parts["en"] or text.startswith(EVIDENCE):
        return parts
    if CHINESE.search(text):
        return {"zh": text}
    return {"en": text} if WORD.search(text.casefold()) else parts


def is_blank(given: Any) -> bool:
    """Whether nothing stands in a value, or in any part of it: what a form says that nobody filled in.

    >>> is_blank({"zh": "", "en": None}), is_blank({"reason": {"zh": "首次评价"}}), is_blank(False)
    (True, False, False)
    """
    return all(map(is_blank, given.values())) if isinstance(given, Mapping) else given is None or given == ""


class OwnText(Part):
    """A text of the mine's own; where it has only the other language, it is read as it stands.

    >>> OwnText.model_validate("某矿")["en"], OwnText(zh="煤", en="coal")["en"]
    ('某矿', 'coal')
    """

    zh: Annotated[str, BeforeValidator(lambda given: "" if given is None else given)] = ""
    en: Annotated[str, BeforeValidator(lambda given: "" if given is None else given)] = ""

    @model_validator(mode="before")
    @classmethod
    def plain(cls, given: Any) -> Any:
        """A plain text is the text of its language."""
        if isinstance(given, str):
            return by_language(given) if given else {}
        if given is not None and not isinstance(given, Mapping):
            raise ValueError("not_text")
        return given

    @model_validator(mode="after")
    def in_a_language(self) -> "OwnText":
        if not (self.zh or self.en):
            raise ValueError("missing_text")
        return self

    def __getitem__(self, language: str) -> str:
        return {"zh": self.zh or self.en, "en": self.en or self.zh}[language]

    def given(self) -> dict[str, str]:
        """The languages in which it is given, each with its text.

        >>> OwnText(en="coal").given()
        {'en': 'coal'}
        """
        return {name: text for name, text in {"zh": self.zh, "en": self.en}.items() if text}

    def lacks(self, language: str) -> bool:
        """Whether a report in that language shows it in the other one.

        >>> OwnText(zh="煤").lacks("en"), OwnText(zh="DN200").lacks("en")
        (True, False)
        """
        return language not in self.given() and language not in by_language(self[language])


AnyText = Text | OwnText  # of the kit in both languages, or of people's own
MaybeText = Annotated[OwnText | None, BeforeValidator(lambda given: None if is_blank(given) else given)]


class TwoNames:
    """A row of a table with a column for its name in each language, of which one may be blank."""

    name_zh: str
    name_en: str

    @property
    def name(self) -> OwnText:
        """What it is called."""
        return OwnText(zh=self.name_zh, en=self.name_en)


def texts_in(given: Any, path: str = "") -> Iterator[tuple[str, OwnText]]:
    """Every text of a model, with the path of its keys.

    >>> list(texts_in({"name": OwnText(zh="煤"), "year": 2024}))
    [('name', OwnText(zh='煤', en=''))]
    """
    if isinstance(given, OwnText):
        yield path, given
    elif isinstance(given, BaseModel | Mapping | list):
        for name, one in enumerate(given) if isinstance(given, list) else dict(given).items():
            yield from texts_in(one, f"{path}.{name}".lstrip("."))
