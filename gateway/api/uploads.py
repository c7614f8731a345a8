"""Files that are sent: read from the form, and handed to a service in parts."""

import time
from base64 import b64encode
from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import IO, Any
from unicodedata import normalize

from flask import request
from werkzeug.datastructures import FileStorage

from gateway.http.asking import ask_within
from gateway.http.deadlines import BODY_S, LEAST_BYTES_PER_S, in_time
from gateway.http.problems import Problem

FIELD = "file"
# In base64 and with its envelope a part stays below 1 MiB.
PART = 700 * 1024
# What a spreadsheet takes for the beginning of a formula.
FORMULA = ("=", "+", "-", "@")


def form_of(description: str, **further: Mapping[str, Any]) -> dict[str, Any]:
    """Describe a form with a file, and further fields by their schemas."""
    file = {"type": "string", "format": "binary", "description": description}
    schema = {"type": "object", "required": [FIELD], "properties": {FIELD: file, **further}}
    return {"requestBody": {"required": True, "content": {"multipart/form-data": {"schema": schema}}}}


def sent_file(largest: int) -> FileStorage:
    """Return the one file that was sent; Werkzeug keeps a large one on disk.

    Args:
        largest: bytes that it may have.

    Raises:
        Problem: 408, it does not arrive; 422, there is none, or more than one, or it is empty.
    """
    with in_time(BODY_S + (request.content_length or largest) / LEAST_BYTES_PER_S):
        files = request.files.getlist(FIELD)
    if len(files) != 1 or set(request.files) != {FIELD}:
        raise Problem(422, errors={FIELD: ["Send one file in this field."]})
    return files[0]


def name_of(file: FileStorage, *, otherwise: str) -> str:
    """Return what the sender calls a file, no formula to a spreadsheet; `otherwise` when that is nothing."""
    shown = "".join(each for each in file.filename or "" if each.isprintable()).strip()
    while normalize("NFKC", shown).startswith(FORMULA):
        shown = shown[1:]
    return shown[-200:] or otherwise


def measured(stream: IO[bytes]) -> tuple[str, int]:
    """Return the digest of a file, in hexadecimal, and its bytes.

    Raises:
        Problem: 422, it is empty.
    """
    digest, size = sha256(), 0
    for block in _blocks(stream):
        digest.update(block)
        size += len(block)
    if not size:
        raise Problem(422, errors={FIELD: ["The file is empty."]})
    return digest.hexdigest(), size


def hand_over(stream: IO[bytes], id_: str, service: str, *, part: str, end: str) -> Any:
    """Give a service a file in parts.

    Args:
        stream: the file.
        id_: what the service knows it by.
        service: that takes it.
        part: its method for one of them.
        end: its method for when all are there; its answer is returned.
    """
    count = 0
    for count, block in enumerate(_blocks(stream), 1):
        ask_within(service, part, id=id_, part=count - 1, content=b64encode(block).decode())
    return ask_within(service, end, id=id_, parts=count)


def _blocks(stream: IO[bytes]) -> Iterator[bytes]:
    stream.seek(0)
    while block := stream.read(PART):
        yield block
        time.sleep(0)  # lets the worker's other requests go on
