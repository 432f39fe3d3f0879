"""What a run keeps and nobody reads is told; what a table or area.yaml names is read, with its parts."""

from mineco.runs.audit.held import _unread


def test_the_parts_of_a_shapefile_that_area_yaml_names_are_read(tmp_path):
    rasters = tmp_path / "inputs" / "rasters"
    rasters.mkdir(parents=True)
    (rasters / "area.yaml").write_text("boundary: 研究区.shp\nparcels: {file: villages.geojson, id: id}\n", "utf-8")
    (rasters / "layers.csv").write_text("layer,file\nndvi,ndvi.tif\n", "utf-8")
    named = ["研究区.shp", "研究区.shx", "研究区.dbf", "研究区.prj", "研究区.cpg", "villages.geojson", "ndvi.tif"]
    stray = ["old.dbf", "old.shp", "towns.geojson"]
    ours = {f"inputs/rasters/{name}" for name in [*named, *stray, "area.yaml", "layers.csv"]}
    assert _unread(tmp_path, tmp_path / "inputs", ours) == [f"inputs/rasters/{name}" for name in stray]
