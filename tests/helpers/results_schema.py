"""The JSON schema of results.json, for other programs: what ``docs/results.schema.json`` holds."""

import inspect
from importlib import import_module
from typing import Any

from pydantic.json_schema import GenerateJsonSchema, models_json_schema

from mineco.evaluation.record.form import SCHEMA_ID, Results
from mineco.evaluation.record.notebooks import PART, NotebookResults, notebook_forms
from mineco.evaluation.registry import COMPOSITIONS, PRELIMINARY


class Untitled(GenerateJsonSchema):
    """A schema whose keys are not repeated as titles."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False


def results_schema() -> dict[str, Any]:
    """The JSON schema of results.json under each standard, made of its models."""
    forms = {one: import_module(place).Evaluation.results for one, place in COMPOSITIONS.items()}
    ranges, kinds = {one: import_module(COMPOSITIONS[one]).Preliminary.results for one in PRELIMINARY}, notebook_forms()
    references, parts = models_json_schema(
        [(form, "validation") for form in (*forms.values(), *ranges.values(), *kinds.values(), NotebookResults)],
        schema_generator=Untitled)

    def told(form: Any, of: dict[str, Any], *lacks: str) -> dict[str, Any]:
        other = {"not": {"anyOf": [{"required": [one]} for one in lacks]}} if lacks else {}
        inner = {} if lacks else {"properties": {PART: {"$ref": "#"}}}  # of a kind: which is such a document by itself
        return {"if": {**of, **other}, "then": {**references[form, "validation"], **inner}}

    def kind(which: dict[str, Any]) -> dict[str, Any]:
        return {"properties": {"kind": which}, "required": ["kind"]}

    def under(standard: str) -> dict[str, Any]:
        return {"properties": {"standard": {"pattern": f"^{standard}-[0-9]"}}}

    return {"$schema": Untitled.schema_dialect, "title": SCHEMA_ID, "description": inspect.getdoc(Results),
            "type": "object", "required": ["standard"],
            "properties": {"standard": {"pattern": f"^({'|'.join(forms)})-[0-9]"}},
            "allOf": [*(told(form, under(one), "kind", *(["status"] if one in ranges else []))
                        for one, form in forms.items()),
                      *(told(form, {**under(one), "required": ["status"]}, "kind") for one, form in ranges.items()),
                      *(told(form, kind({"const": one})) for one, form in kinds.items()),
                      told(NotebookResults, kind({"not": {"enum": [*kinds]}}))], **parts}
