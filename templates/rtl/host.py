#!/usr/bin/env python3
"""Talks to the core on a board: loads its banks, presents samples, reads back what was learnt.

  python3 host.py load            write NAME.memh into the banks
  python3 host.py run             present stimulus.txt, write what the core does to observed.txt
  python3 host.py save FOLDER     read the banks, write FOLDER/NAME.memh
  python3 host.py check           load, run, save into learnt/, and compare with expected.txt

The serial line is /dev/ttyUSB0, or that of --port. With --simulate, the board is bench_board.vvp (make board).
As a module: Core(SerialLine("/dev/ttyUSB0")) has begin, step, read and write.
"""

import argparse
import json
import os
import pty
import select
import subprocess
import sys
import termios
import threading
import time
import tty
from typing import Any, Iterator, List, Optional, Tuple

HERE = os.path.dirname(os.path.abspath(__file__))


def described(name: str) -> Any:
    with open(os.path.join(HERE, name), encoding="utf-8") as file:
        return json.load(file)


STREAM = described("stream.json")
BANKS = described("map.json")["banks"]
GENERATORS = {"name": "generators", "words": STREAM["generators"], "wordBits": 32}
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
        """Holds the line low, which resets the core: its generators have their seeds again."""
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


class Core:
    """The core behind the stream."""

    def __init__(self, line: SerialLine) -> None:
        self.line = line
        self.cycles = 0
        line.reset()

    def send(self, *words: int) -> None:
        self.line.send(b"".join((word & 0xFFFFFFFF).to_bytes(4, "little") for word in words))

    def receive(self) -> int:
        return int.from_bytes(self.line.receive(4), "little")

    def end(self, first: Optional[int] = None) -> None:
        """Takes the two words that end an answer."""
        high = self.receive() if first is None else first
        self.cycles = (high & 0xFFFF) << 32 | self.receive()
        if high >> 24 != STREAM["endOfAnswer"]:
            raise Trouble(f"expected the end of an answer, found {high:08x}")
        for name, bit in STREAM["statusBits"].items():
            if high >> bit & 1:
                raise Trouble(f"the core says: {name} (README.md: The stream)")

    def begin(
        self,
        label: int = 0,
        steps: int = 1,
        learn: bool = False,
        replay: bool = False,
        interval: int = 0,
        ends: int = 0,
    ) -> None:
        """Begins a sample. Bits of ends: the batches that it ends, by their sizes."""
        bits = STREAM["commandBits"]
        first = learn << bits["learn"] | replay << bits["replay"] | ends << bits["ends"] | interval << bits["interval"]
        self.send(STREAM["commands"]["begin"] | first, label, steps)
        self.end()

    def step(self, spikes: List[int]) -> List[Tuple[int, int]]:
        """Runs a step with spikes of the input; returns those of the core: (population, neuron with its value)."""
        self.send(STREAM["commands"]["step"], len(spikes), *spikes)
        found = []
        while (word := self.receive()) >> 24 != STREAM["endOfAnswer"]:
            found.append((word >> 24, word & 0xFFFFFF))
        self.end(word)
        return found

    def access(self, command: str, bank: int, address: int, count: int) -> None:
        self.send(STREAM["commands"][command] | bank << STREAM["commandBits"]["bank"], address, count)

    def write(self, bank: int, address: int, words: List[int]) -> None:
        """Writes words of a bank."""
        beats = beats_of(bank)
        self.access("write", bank, address, len(words))
        for word in words:
            self.send(*(word >> 32 * beat for beat in range(beats)))
        self.end()

    def read(self, bank: int, address: int, count: int) -> List[int]:
        """Reads words of a bank; the generators are one bank more."""
        self.access("read", bank, address, count)
        size = 4 * beats_of(bank)
        words = [int.from_bytes(self.line.receive(size), "little") for _ in range(count)]
        self.end()
        return words


def beats_of(bank: int) -> int:
    bits: int = (BANKS + [GENERATORS])[bank]["wordBits"]
    return -(-bits // 32)


def hexadecimal(word: int, bits: int) -> str:
    return f"{word:0{-(-bits // 4)}x}"


def memory_lines(file: str) -> Tuple[List[str], List[int]]:
    """The comments of a file of memory, and its words."""
    with open(os.path.join(HERE, file), encoding="utf-8") as lines:
        texts = [line.rstrip("\n") for line in lines]
    comments = [text for text in texts if text.startswith("//")]
    return comments, [int(text, 16) for text in texts if text and not text.startswith("//")]


def load(core: Core) -> None:
    for number, bank in enumerate(BANKS):
        if bank["words"]:
            core.write(number, 0, memory_lines(bank["file"])[1])


def save(core: Core, folder: str) -> None:
    os.makedirs(folder, exist_ok=True)
    for number, bank in enumerate(BANKS):
        comments = memory_lines(bank["file"])[0]
        words = core.read(number, 0, bank["words"]) if bank["words"] else []
        with open(os.path.join(folder, bank["file"]), "w", encoding="utf-8") as file:
            for line in comments + [hexadecimal(word, bank["wordBits"]) for word in words]:
                file.write(line + "\n")


def state_lines(core: Core) -> Iterator[str]:
    for number, bank in enumerate(BANKS):
        words = core.read(number, 0, bank["words"]) if bank["words"] else []
        for address, word in enumerate(words):
            yield f"word {number} {address} {hexadecimal(word, bank['wordBits'])}"
    for index, word in enumerate(core.read(len(BANKS), 0, GENERATORS["words"])):
        yield f"generator {index} {hexadecimal(word, 32)}"


def asks_again(core: Core) -> bool:
    """Whether an item is set that asks for the sample again."""
    replay = STREAM["replay"]
    masks = [int(mask, 16) for mask in replay["masks"]]
    words = core.read(replay["bank"], replay["firstWord"], replay["words"])
    return any(word & masks[place % len(masks)] for place, word in enumerate(words))


def observed_lines(core: Core) -> Iterator[str]:
    """Presents stimulus.txt; what the core does, as expected.txt has it."""
    before = core.cycles
    skip = 0
    with open(os.path.join(HERE, "stimulus.txt"), encoding="utf-8") as lines:
        for line in lines:
            command, *numbers = map(int, line.split())
            skipped = skip > 0
            skip = max(0, skip - 1)
            if command == 4:
                skip = 0 if asks_again(core) else numbers[0]
            elif command == 3:
                yield from state_lines(core)
            elif not skipped and command == 1:
                flags, label, steps, interval = numbers
                yield "again" if flags & 2 else "sample"
                core.begin(label, steps, bool(flags & 1), bool(flags & 2), interval, flags >> 2)
            elif not skipped:
                for population, neuron in core.step(numbers[1:]):
                    yield f"spike {population} {neuron}"
                yield f"step {core.cycles - before}"
                before = core.cycles
    yield "end"


def run(core: Core) -> None:
    with open(os.path.join(HERE, "observed.txt"), "w", encoding="utf-8") as file:
        for line in observed_lines(core):
            file.write(line + "\n")


def compare() -> None:
    texts = []
    for name in ("expected.txt", "observed.txt"):
        with open(os.path.join(HERE, name), encoding="utf-8") as file:
            texts.append(file.read().split("\n"))
    expected, observed = texts
    for number, (want, have) in enumerate(zip(expected, observed), 1):
        if want != have:
            raise Trouble(f"line {number} of observed.txt: expected '{want}', found '{have}'")
    if len(expected) != len(observed):
        raise Trouble(f"observed.txt: expected {len(expected)} lines, found {len(observed)}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=["load", "run", "save", "check"])
    parser.add_argument("folder", nargs="?", default="learnt", help="where save writes; learnt/ if absent")
    parser.add_argument("--port", default="/dev/ttyUSB0")
    parser.add_argument("--simulate", action="store_true", help="talk to bench_board.vvp in place of a board")
    options = parser.parse_args()
    line: Optional[SerialLine] = None
    try:
        line = SimulatedLine(["vvp", "-n", "bench_board.vvp"]) if options.simulate else SerialLine(options.port)
        core = Core(line)
        if options.command in ("load", "check"):
            load(core)
        if options.command in ("run", "check"):
            run(core)
        if options.command in ("save", "check"):
            save(core, os.path.join(HERE, options.folder))
        if options.command == "check":
            compare()
            print(f"identical: {core.cycles} cycles")
    except Trouble as trouble:
        print(f"host.py: {trouble}", file=sys.stderr)
        return 1
    finally:
        if line is not None:
            line.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
