"""Damage to valid files: bytes, blocks, PDF objects, numbers and packed streams, chosen by a random generator."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable
from random import Random

Mutation = Callable[[bytes, Random], bytes]
OBJECT = re.compile(rb"\d+ \d+ obj\b.*?endobj", re.DOTALL)
NUMBER = re.compile(rb"(?<=[\s\[/<])-?\d{1,9}(?:\.\d+)?(?=[\s\]/>])")
PACKED = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
NAME = re.compile(rb"/[A-Za-z]{2,20}")
ODD_NUMBERS = (
    b"0",
    b"-1",
    b"65536",
    b"2147483647",
    b"-2147483648",
    b"4294967296",
    b"1e30",
    b"nan",
    b"0.0000001",
    b"99999999999999999999",
)
ODD_BYTES = (b"\0", b"\xff" * 8, b"(", b")", b"<<", b">>", b"[", b"]", b"endobj", b"stream\n", b"R ", b"%", b"\\", b"%PDF-1.4\n")


def mutate(content: bytes, random: Random) -> bytes:
    """The content after one to four kinds of damage."""
    for _ in range(random.choice((1, 1, 1, 2, 4))):
        content = random.choice(MUTATIONS)(content, random) or content
    return content


def flip_bytes(content: bytes, random: Random) -> bytes:
    """Some bytes are others."""
    changed = bytearray(content)
    for _ in range(random.choice((1, 5, 50, 500))):
        if changed:
            changed[random.randrange(len(changed))] = random.randrange(256)
    return bytes(changed)


def cut(content: bytes, random: Random) -> bytes:
    """The end is missing, or the beginning."""
    at = random.randrange(len(content) + 1)
    return content[:at] if random.random() < 0.8 else content[at:]


def move_block(content: bytes, random: Random) -> bytes:
    """A block is removed, doubled, put elsewhere, or overwritten."""
    size = random.choice((1, 10, 300, 5000))
    first = random.randrange(max(len(content) - size, 1))
    block, rest = content[first : first + size], content[:first] + content[first + size :]
    at = random.randrange(len(rest) + 1)
    return random.choice(
        (
            rest,
            content[:first] + block + content[first:],
            rest[:at] + block + rest[at:],
            content[:first] + bytes(size) + content[first + size :],
        )
    )


def insert_token(content: bytes, random: Random) -> bytes:
    """Something that means something stands in the wrong place."""
    at = random.randrange(len(content) + 1)
    return content[:at] + random.choice(ODD_BYTES) + content[at:]


def change_numbers(content: bytes, random: Random) -> bytes:
    """Some numbers of the file's syntax are odd ones."""
    spans = [found.span() for found in NUMBER.finditer(content)]
    for first, stop in sorted(random.sample(spans, min(len(spans), random.choice((1, 3, 20)))), reverse=True):
        content = content[:first] + random.choice(ODD_NUMBERS) + content[stop:]
    return content


def change_names(content: bytes, random: Random) -> bytes:
    """Names of entries change places."""
    spans = [found.span() for found in NAME.finditer(content)]
    names = [content[first:stop] for first, stop in spans]
    for first, stop in sorted(random.sample(spans, min(len(spans), random.choice((1, 3, 20)))), reverse=True):
        content = content[:first] + random.choice(names) + content[stop:]
    return content


def change_objects(content: bytes, random: Random) -> bytes:
    """An object is removed, doubled, or has the body of another one."""
    spans = [found.span() for found in OBJECT.finditer(content)]
    if len(spans) < 2:
        return flip_bytes(content, random)
    (a, b), (c, d) = sorted(random.sample(spans, 2))
    one, other = content[a:b], content[c:d]
    head = one[: one.index(b"obj") + 3]
    return random.choice(
        (
            content[:a] + content[b:],
            content[:b] + b"\n" + one + content[b:],
            content[:a] + other + content[b:c] + one + content[d:],
            content[:a] + head + other[other.index(b"obj") + 3 :] + content[b:],
        )
    )


def change_packed(content: bytes, random: Random) -> bytes:
    """What a deflated stream says is changed, and packed again."""
    spans = [found.span(1) for found in PACKED.finditer(content)]
    random.shuffle(spans)
    for first, stop in spans[:8]:
        try:
            plain = zlib.decompress(content[first:stop])
        except zlib.error:
            continue
        inner = random.choice((flip_bytes, cut, move_block, insert_token, change_numbers))
        return content[:first] + zlib.compress(inner(plain, random)) + content[stop:]
    return flip_bytes(content, random)


def turn_references(content: bytes, random: Random) -> bytes:
    """Some references point to other objects: cycles, wrong kinds, nothing."""
    spans = [found.span(1) for found in re.finditer(rb"(\d+) 0 R\b", content)]
    targets = [content[first:stop] for first, stop in spans] + [b"0", b"1", b"999999"]
    for first, stop in sorted(random.sample(spans, min(len(spans), random.choice((1, 3, 20)))), reverse=True):
        content = content[:first] + random.choice(targets) + content[stop:]
    return content


MUTATIONS: tuple[Mutation, ...] = (
    flip_bytes,
    cut,
    move_block,
    insert_token,
    change_numbers,
    change_names,
    change_objects,
    change_packed,
    turn_references,
)
