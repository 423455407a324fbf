"""A fast verdict on records: sound, or to be looked at with care.

jsonschema-rs answers “is this record valid?” a hundred times faster than jsonschema says what is wrong with one. So
every record meets it first, and only those that fail meet :func:`kakuyaku.contract.check_record`'s second look, which
alone makes findings. That gives the same findings as the second look alone as long as the first accepts nothing that
the second refuses. Three things see to it: integers are those of draft 4, where 3.0 is none; formats are asserted by
the second look's own functions; a record that the first cannot read at all goes to the second.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

_DRAFT_4 = "http://json-schema.org/draft-04/schema#"


def fast_verdict(schema: Mapping[str, Any], formats: Mapping[str, Callable[[Any], bool]]) -> Callable[[Any], bool]:
    """A function that says whether a record is valid; False also for what is no JSON value.

    Args:
        schema: a JSON Schema 2020-12 without references to other documents.
        formats: what asserts each ``format`` that the schema uses.
    """
    import jsonschema_rs

    exact: dict[str, Any] = {}
    copy = _with_exact_integers(schema, exact)
    validator = jsonschema_rs.Draft202012Validator(
        copy,
        formats=dict(formats),
        validate_formats=True,
        pattern_options=jsonschema_rs.RegexOptions(),  # linear in the length of the value, whatever the pattern
        registry=jsonschema_rs.Registry(list(exact.items())) if exact else None,
        offline=True,
    )

    def verdict(record: Any) -> bool:
        try:
            return bool(validator.is_valid(record))
        except (ValueError, TypeError):  # a lone surrogate, or an object that JSON does not have
            return False

    return verdict


def used_formats(node: Any) -> Iterator[str]:
    """Every ``format`` of a schema."""
    if isinstance(node, Mapping):
        if isinstance(node.get("format"), str):
            yield node["format"]
        for value in node.values():
            yield from used_formats(value)
    elif isinstance(node, list):
        for value in node:
            yield from used_formats(value)


def _with_exact_integers(node: Any, exact: dict[str, Any]) -> Any:
    """A copy of a schema whose integer types are references to schemas of draft 4, which go into ``exact``."""
    if isinstance(node, list):
        return [_with_exact_integers(value, exact) for value in node]
    if not isinstance(node, Mapping):
        return node
    copy = {key: _with_exact_integers(value, exact) for key, value in node.items()}
    wanted = node.get("type")
    types = [wanted] if isinstance(wanted, str) else wanted if isinstance(wanted, list) else []
    if "integer" in types and "$ref" not in node:
        copy["$ref"] = f"urn:kakuyaku:type:{'-or-'.join(types)}"
        exact[copy["$ref"]] = {"$schema": _DRAFT_4, "type": types}
    return copy
