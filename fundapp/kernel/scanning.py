"""Asking a virus scanner (clamd) about a file: it is sent in pieces, and the answer is one line."""

from __future__ import annotations

import socket
import struct
from dataclasses import dataclass
from typing import IO

from fundapp.kernel.errors import refuse

PIECE = 64 * 1024
PATIENCE = 30.0  # seconds until a scanner that says nothing is away
LONGEST = 4096  # bytes of an answer


@dataclass(frozen=True, slots=True)
class Scanner:
    """A clamd: "host:port", or the path of its socket. A file that it did not look at is never taken for clean."""

    address: str

    def look(self, file: IO[bytes], name: str) -> None:
        """Have a file looked at; refused when something is found in it, and when nobody could look."""
        try:
            said = self._asked(file)
        except (OSError, UnicodeDecodeError):
            raise refuse("document.scanner-away") from None
        if said.endswith(" FOUND"):
            found = said.removeprefix("stream: ").removesuffix(" FOUND")
            raise refuse("document.infected", name=name, found=found[:100])
        if said != "stream: OK":
            raise refuse("document.scanner-away")

    def _asked(self, file: IO[bytes]) -> str:
        with self._line() as line:
            line.sendall(b"zINSTREAM\0")
            while piece := file.read(PIECE):
                line.sendall(struct.pack(">I", len(piece)) + piece)
            line.sendall(struct.pack(">I", 0))
            said = b""
            while not said.endswith(b"\0") and len(said) < LONGEST and (more := line.recv(LONGEST)):
                said += more
            return said.decode().rstrip("\0\n")

    def _line(self) -> socket.socket:
        host, _colon, port = self.address.rpartition(":")
        if port.isdigit() and host and not self.address.startswith("/"):
            return socket.create_connection((host.strip("[]"), int(port)), PATIENCE)
        line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        line.settimeout(PATIENCE)
        try:
            line.connect(self.address)
        except OSError:
            line.close()
            raise
        return line
