"""
What a JSON Schema says of a document.

`jsonschema` is imported where it is asked: that takes most of a second, and every worker reads every file of tests.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def follow(document: object, schema: Mapping[str, Any]) -> None:
    """
    Go through a document, formats of dates and addresses included.

    Raises:
        ValueError: what is wrong with it, and where.
    """
    from jsonschema import ValidationError, validators

    dialect = validators.validator_for(schema)
    try:
        dialect(schema, format_checker=dialect.FORMAT_CHECKER).validate(document)
    except ValidationError as fault:
        raise ValueError(fault.json_path + ": " + fault.message) from fault


def be_a_schema(schema: Mapping[str, Any]) -> None:
    """
    Go through a schema by the dialect that it names.

    Raises:
        ValueError: what is wrong with it.
    """
    from jsonschema import SchemaError, validators

    try:
        validators.validator_for(schema).check_schema(schema)
    except SchemaError as fault:
        raise ValueError(fault.message) from fault
