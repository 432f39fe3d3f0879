"""The metadata of a run for other archives and programs: an RO-Crate after the Workflow Run profile."""

import mimetypes
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from mineco.evaluation.record.results import as_json

NAME = "ro-crate-metadata.json"
VERSION = "1.1"
PROFILES = {
    "https://w3id.org/ro/wfrun/process/0.5": "Process Run Crate",
    "https://w3id.org/ro/wfrun/workflow/0.5": "Workflow Run Crate",
    "https://w3id.org/workflowhub/workflow-ro-crate/1.0": "Workflow RO-Crate",
}
CONTEXT = "https://w3id.org/ro/terms/workflow-run/context"
FORMAL_PARAMETER = "https://bioschemas.org/profiles/FormalParameter/1.0-RELEASE"
TYPES = {str: "Text", bool: "Boolean", int: "Integer", float: "Float"}
MEDIA_TYPES = {".ipynb": "application/x-ipynb+json", ".yaml": "application/yaml", ".csv": "text/csv",
               ".json": "application/json", ".txt": "text/plain", ".md": "text/markdown",
               ".tif": "image/tiff; application=geotiff; profile=cloud-optimized",
               ".gpkg": "application/geopackage+sqlite3",
               ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document"}
NOTEBOOK_LANGUAGE = {"@type": "ComputerLanguage", "name": "Jupyter Notebook", "url": "https://jupyter.org"}
HANDED_IN = ("inputs/", "kit/", "weights.yaml")
RIGHTS = "The dossier belongs to the mine that handed it in; ask before passing it on."


def write_crate(folder: Path, workflow: str, parameters: Mapping[str, Any], environment: Mapping[str, Any],
                results: Mapping[str, Any]) -> None:
    """Write ``ro-crate-metadata.json`` over the files of a run, which is complete but for this file and the manifest.

    The workflow is the source notebook, as a path within the folder; the parameters are what it was given.
    """
    from rocrate.model.computerlanguage import ComputerLanguage
    from rocrate.model.contextentity import ContextEntity
    from rocrate.rocrate import ROCrate

    crate = ROCrate(version=VERSION)
    crate.metadata.extra_contexts.append(CONTEXT)
    names = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    language = crate.add(ComputerLanguage(crate, "#jupyter", properties=dict(NOTEBOOK_LANGUAGE)))
    main = crate.add_workflow(dest_path=workflow, main=True, lang=language, properties={
        "name": Path(workflow).stem, "encodingFormat": _media_type(workflow), "license": {
            "@id": "https://spdx.org/licenses/Apache-2.0"}})
    files = {name: crate.add_file(dest_path=name, properties={
        "name": name, "encodingFormat": _media_type(name), "contentSize": str((folder / name).stat().st_size)})
        for name in names if name != workflow}
    slots = {name: crate.add(ContextEntity(crate, f"#slot-{name}", {
        "@type": "FormalParameter", "name": name, "additionalType": TYPES[type(value)],
        "conformsTo": {"@id": FORMAL_PARAMETER}})) for name, value in parameters.items()}
    values = [crate.add(ContextEntity(crate, f"#value-{name}", {
        "@type": "PropertyValue", "name": name, "value": value, "exampleOfWork": {"@id": f"#slot-{name}"}}))
        for name, value in parameters.items()]
    main["input"] = list(slots.values())
    tool = crate.add(ContextEntity(crate, "#mineco", {
        "@type": "SoftwareApplication", "name": "mineco", "softwareVersion": environment["mineco"]["version"]}))
    action = crate.add(ContextEntity(crate, "#run", {
        "@type": "CreateAction", "name": environment["command"], "startTime": environment["start"],
        "endTime": environment["end"], "actionStatus": {"@id": "http://schema.org/CompletedActionStatus"}}))
    action["instrument"] = main
    action["object"] = [*_of(files, HANDED_IN), *values]
    action["result"] = [one for name, one in files.items() if not name.startswith(HANDED_IN)]
    main["softwareRequirements"] = tool
    _describe(crate, results, environment["end"])
    crate.root_dataset["mentions"] = action
    crate.root_dataset["conformsTo"] = [crate.add(ContextEntity(crate, url, {
        "@type": "CreativeWork", "name": name, "version": url.rpartition("/")[2]})) for url, name in PROFILES.items()]
    (folder / NAME).write_bytes(as_json(crate.metadata.generate()))


def _describe(crate: Any, results: Mapping[str, Any], end: str) -> None:
    mine = results["mine"]
    crate.name = f"{mine.get('name_en') or mine['id']}, {results['year']}"
    crate.description = (f"Evaluation of {mine['id']} for {results['year']}: inputs, parameters, notebook, results and "
                         "report. Based on a draft standard; not a certification.")
    crate.datePublished = end
    crate.license = RIGHTS


def _of(files: Mapping[str, Any], starts: tuple[str, ...]) -> Iterable[Any]:
    return [one for name, one in files.items() if name.startswith(starts)]


def _media_type(name: str) -> str:
    ending = Path(name).suffix.lower()
    return MEDIA_TYPES.get(ending) or mimetypes.guess_type(name)[0] or "application/octet-stream"
