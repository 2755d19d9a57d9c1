from typing import Any

from shared.web.schema_names import rename_schemas

REF = "#/components/schemas/"


def document(schemas: dict[str, Any], body: dict[str, Any] | None = None) -> dict[str, Any]:
    return {"paths": {"/": {"post": {"schema": body or {}}}}, "components": {"schemas": schemas}}


def test_the_page_of_a_list_is_named_after_its_items() -> None:
    renamed = rename_schemas(document({"Page_Thing_": {"title": "Page[Thing]"}, "Page_dict_str__Any__": {}}))
    assert renamed["components"]["schemas"] == {"ThingPage": {"title": "ThingPage"}, "ItemPage": {}}


def test_equal_inputs_and_outputs_become_one_even_if_they_refer_to_themselves() -> None:
    schemas = {f"Node-{end}": {"items": {"$ref": f"{REF}Node-{end}"}} for end in ("Input", "Output")}
    renamed = rename_schemas(document(schemas, {"$ref": f"{REF}Node-Output"}))
    assert renamed["components"]["schemas"] == {"Node": {"items": {"$ref": f"{REF}Node"}}}
    assert renamed["paths"]["/"]["post"]["schema"] == {"$ref": f"{REF}Node"}


def test_an_output_that_differs_or_refers_to_one_that_does_keeps_a_name_of_its_own() -> None:
    schemas: dict[str, Any] = {
        "Leaf-Input": {"type": "string"},
        "Leaf-Output": {"type": "integer"},
        "Tree-Input": {"$ref": f"{REF}Leaf-Input"},
        "Tree-Output": {"$ref": f"{REF}Leaf-Output"},
    }
    assert rename_schemas(document(schemas))["components"]["schemas"] == {
        "Leaf": {"type": "string"},
        "LeafOutput": {"type": "integer"},
        "Tree": {"$ref": f"{REF}Leaf"},
        "TreeOutput": {"$ref": f"{REF}LeafOutput"},
    }


def test_definitions_inside_an_operation_become_components() -> None:
    body = {"$ref": f"{REF}Body", "$defs": {"Body": {"$ref": f"{REF}Part"}, "Part": {"type": "string"}}}
    renamed = rename_schemas(document({}, body))
    assert renamed["components"]["schemas"] == {"Body": {"$ref": f"{REF}Part"}, "Part": {"type": "string"}}
    assert renamed["paths"]["/"]["post"]["schema"] == {"$ref": f"{REF}Body"}


def test_the_kinds_of_a_union_are_renamed_too() -> None:
    union = {"discriminator": {"mapping": {"a": f"{REF}A-Input"}}, "oneOf": [{"$ref": f"{REF}A-Input"}]}
    renamed = rename_schemas(document({"A-Input": {"type": "object"}}, union))
    assert renamed["paths"]["/"]["post"]["schema"]["discriminator"]["mapping"] == {"a": f"{REF}A"}
