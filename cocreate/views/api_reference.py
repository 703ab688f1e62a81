"""The reference page of the API, drawn from the same description that machines read."""

from functools import lru_cache

from django.shortcuts import render
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator


@lru_cache(maxsize=1)
def described():
    """The OpenAPI description of the API, as plain values; the same for everybody."""
    return SchemaGenerator(api_version="v1").get_schema(request=None, public=True)


def operations(description):
    """[{name, id, rows}] by resource: each row a method, a path, what it is for, parameters and answer's fields."""
    resources = {}
    for path, methods in sorted(description["paths"].items()):
        for method, operation in methods.items():
            name = operation["tags"][0]
            resources.setdefault(name, []).append(
                {
                    "method": method.upper(),
                    "path": path,
                    "about": operation.get("description", ""),
                    "parameters": operation.get("parameters", []),
                    "schema": _schema_of(operation),
                }
            )
    return [{"name": name, "rows": rows} for name, rows in resources.items()]


def _schema_of(operation):
    answer = operation["responses"].get("200", {}).get("content", {}).get("application/json", {})
    return answer.get("schema", {}).get("$ref", "").rsplit("/", 1)[-1]


def schemas(description):
    """[{name, fields}] of what the answers hold: each field its name, type and description."""
    found = []
    for name, schema in sorted(description["components"]["schemas"].items()):
        fields = [
            {"name": key, "type": _type_of(field), "about": field.get("description", "")}
            for key, field in schema.get("properties", {}).items()
        ]
        if fields:
            found.append({"name": name, "fields": fields})
    return found


def _type_of(field):
    if "$ref" in field:
        return field["$ref"].rsplit("/", 1)[-1]
    parts = [_type_of(option) for key in ("allOf", "oneOf", "anyOf") for option in field.get(key, [])]
    if parts:
        return " | ".join(part for part in parts if part)
    if field.get("type") == "array":
        return f"[{_type_of(field.get('items', {}))}]"
    return " ".join(part for part in (field.get("type", ""), field.get("format", "")) if part)


@require_safe
def api_reference(request):
    """Resources, their addresses and their fields, readable by a person."""
    description = described()
    context = {"resources": operations(description), "schemas": schemas(description)}
    return render(request, "cocreate/api_reference.html", context)
