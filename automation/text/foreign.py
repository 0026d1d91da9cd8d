"""
What others say that stands in our messages: systems about files and networks, Python about TOML and JSON.

Nothing calls these. They are here for the catalogue, where a sentence that is told in another language finds them.
"""

from __future__ import annotations

from automation.text.catalogue import N_

OF_SYSTEMS = (
    N_("No such file or directory"),
    N_("Permission denied"),
    N_("Operation not permitted"),
    N_("Is a directory"),
    N_("Not a directory"),
    N_("Directory not empty"),
    N_("File exists"),
    N_("File name too long"),
    N_("Read-only file system"),
    N_("No space left on device"),
    N_("Disk quota exceeded"),
    N_("Input/output error"),
    N_("Too many open files"),
    N_("Too many levels of symbolic links"),
    N_("Device or resource busy"),
    N_("Resource temporarily unavailable"),
    N_("Invalid argument"),
    N_("Connection refused"),
    N_("Connection reset by peer"),
    N_("Connection timed out"),
    N_("Network is unreachable"),
    N_("No route to host"),
    N_("Name or service not known"),
    N_("Temporary failure in name resolution"),
    N_("Exec format error"),
    N_("[Errno %(number)s] %(text)s: '%(file)s'"),
    N_("[Errno %(number)s] %(text)s"),
)
OF_TOML = (
    N_("Cannot overwrite a value"),
    N_("Escaped character is not a Unicode scalar value"),
    N_("Expected '=' after a key in a key/value pair"),
    N_("Expected ']' at the end of a table declaration"),
    N_("Expected ']]' at the end of an array declaration"),
    N_("Expected %(what)s"),
    N_("Expected newline or end of document after a statement"),
    N_("Invalid date or datetime"),
    N_("Invalid hex value"),
    N_("Invalid initial character for a key part"),
    N_("Invalid statement"),
    N_("Invalid value"),
    N_("Unclosed array"),
    N_("Unclosed inline table"),
    N_("Unescaped '\\' in a string"),
    N_("Unterminated string"),
    N_("Cannot declare %(key)s twice"),
    N_("Cannot mutate immutable namespace %(key)s"),
    N_("Cannot redefine namespace %(key)s"),
    N_("Duplicate inline table key %(key)s"),
    N_("Found invalid character %(character)s"),
    N_("Illegal character %(character)s"),
    N_("%(text)s (at line %(line)s, column %(column)s)"),
    N_("%(text)s (at end of document)"),
)
OF_JSON = (
    N_("%(text)s: line %(line)s column %(column)s (char %(character)s)"),
    N_("Expecting value"),
    N_("Expecting property name enclosed in double quotes"),
    N_("Expecting ',' delimiter"),
    N_("Expecting ':' delimiter"),
    N_("Extra data"),
    N_("Illegal trailing comma before end of object"),
    N_("Illegal trailing comma before end of array"),
    N_("Unterminated string starting at"),
    N_("Invalid control character at"),
    N_("Invalid \\escape"),
    N_("Invalid \\uXXXX escape"),
)
