"""The serial line of a board, or of one in a simulator."""

import json
import os
import pty
import select
import subprocess
import termios
import threading
import time
import tty
from typing import Any, List

HERE = os.path.dirname(os.path.abspath(__file__))


def described(name: str) -> Any:
    with open(os.path.join(HERE, name), encoding="utf-8") as file:
        return json.load(file)


STREAM = described("stream.json")
SILENCE_S = 60.0


class Trouble(Exception):
    """What a person has to know."""


class SerialLine:
    """A serial line, raw, at the board's speed."""

    def __init__(self, path: str) -> None:
        try:
            self.file = os.open(path, os.O_RDWR | os.O_NOCTTY)
        except OSError as error:
            raise Trouble(f"{path}: {error.strerror}; --port names the board's serial line") from error
        tty.setraw(self.file)
        settings = termios.tcgetattr(self.file)
        speed = getattr(termios, f"B{STREAM['baud']}", None)
        if speed is None:
            raise Trouble(f"this system has no serial line of {STREAM['baud']} baud")
        settings[4] = settings[5] = speed
        settings[2] |= termios.CLOCAL | termios.CREAD
        termios.tcsetattr(self.file, termios.TCSANOW, settings)

    def reset(self) -> None:
        """Holds the line low, which resets the core; generators of a hard-wired one have their seeds again."""
        termios.tcflush(self.file, termios.TCOFLUSH)
        # What the USB chip still holds is on the line in less.
        time.sleep(0.05)
        termios.tcsendbreak(self.file, 0)
        time.sleep(0.05)
        termios.tcflush(self.file, termios.TCIFLUSH)

    def send(self, data: bytes) -> None:
        while data:
            data = data[os.write(self.file, data) :]

    def receive(self, count: int) -> bytes:
        data = b""
        while len(data) < count:
            if not select.select([self.file], [], [], SILENCE_S)[0]:
                raise Trouble(f"the board has said nothing for {SILENCE_S:.0f} s; is it programmed?")
            data += os.read(self.file, count - len(data))
        return data

    def close(self) -> None:
        os.close(self.file)


class SimulatedLine(SerialLine):
    """The other end of a pseudo-terminal is the board in a simulator: a byte, or none, in each time of a byte."""

    def __init__(self, command: List[str]) -> None:
        self.master, slave = pty.openpty()
        tty.setraw(self.master)
        self.board = subprocess.Popen(command, cwd=HERE, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.ended = False
        self.is_held_low = threading.Event()
        self.carrier = threading.Thread(target=self.carry)
        self.carrier.start()
        super().__init__(os.ttyname(slave))
        os.close(slave)

    def turn(self, lines: List[str]) -> bytes:
        """Times of a byte, one for each line; returns what the board sent in them."""
        to_board, from_board = self.board.stdin, self.board.stdout
        assert to_board is not None and from_board is not None
        to_board.write("".join(line + "\n" for line in lines))
        to_board.flush()
        received = []
        times = 0
        while times < len(lines):
            said = from_board.readline().strip()
            if said == ".":
                times += 1
            elif len(said) == 2:
                received.append(int(said, 16))
            else:
                raise Trouble(f"the simulation: {said or 'has ended'}")
        return bytes(received)

    def carry(self) -> None:
        while not self.ended:
            if self.is_held_low.is_set():
                self.turn(["b"])
                self.is_held_low.clear()
            is_there = select.select([self.master], [], [], 0)[0]
            sent = os.read(self.master, 64) if is_there else b""
            received = self.turn([f"{byte:02x}" for byte in sent] or ["-"] * 4)
            if received:
                os.write(self.master, received)

    def reset(self) -> None:
        termios.tcflush(self.file, termios.TCOFLUSH)
        self.is_held_low.set()
        while self.is_held_low.is_set():
            time.sleep(0.01)
        termios.tcflush(self.file, termios.TCIFLUSH)

    def close(self) -> None:
        self.ended = True
        self.carrier.join()
        self.board.communicate("q\n")
        super().close()
