#!/usr/bin/env python3
"""Talks to the core on a board: loads its banks, presents samples, reads back what was learnt.

  python3 host.py load            write NAME.memh into the banks
  python3 host.py run             present stimulus.txt, write what the core does to observed.txt
  python3 host.py save FOLDER     read the banks, write FOLDER/NAME.memh
  python3 host.py check           load, run, save into learnt/, and compare with expected.txt

A programmable core takes any program, one after the other:

  python3 host.py load FILE       write microcode.json, or FILE of compile --microcode, into all memories
  python3 host.py run FOLDER      run and check with stimulus.txt and microcode.json of another folder

The serial line is /dev/ttyUSB0, or that of --port. With --simulate, the board is a simulation (make board).
As a module: Core(SerialLine("/dev/ttyUSB0")) has begin, step, read and write.
"""

import argparse
import os
import sys
from typing import Any, Dict, Iterator, List, NamedTuple, Optional, Tuple

from line import HERE, STREAM, SerialLine, SimulatedLine, Trouble, described

# By number: the banks, the generators, and, of a programmable core, what holds its program.
MEMORIES = STREAM["memories"]
GENERATORS = STREAM["banks"]
# What make board has built: by Icarus Verilog, or of a programmable core by Verilator.
SIMULATION = ["./obj_board/bench_board"] if "valueShift" in STREAM else ["vvp", "-n", "bench_board.vvp"]


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
    bits: int = MEMORIES[bank]["wordBits"]
    return -(-bits // 32)


def hexadecimal(word: int, bits: int) -> str:
    return f"{word:0{-(-bits // 4)}x}"


class Memory(NamedTuple):
    """What is loaded into a memory, and the comments of its file."""

    name: str
    word_bits: int
    words: List[int]
    comments: List[str]


def program_of(path: str) -> List[Memory]:
    """What is loaded, by the numbers of the memories: a file of microcode, or what a folder has."""
    file = path if os.path.isfile(path) else os.path.join(path, "microcode.json")
    try:
        return microcode(file) if "valueShift" in STREAM else banks_of(path)
    except (OSError, ValueError, TypeError, KeyError) as fault:
        raise Trouble(f"{path} holds no program for this core: {type(fault).__name__}: {fault}") from fault


def banks_of(folder: str) -> List[Memory]:
    memories = []
    for bank in described(os.path.join(folder, "map.json"))["banks"]:
        texts = []
        if bank["words"]:
            with open(os.path.join(folder, bank["file"]), encoding="utf-8") as lines:
                texts = [line.rstrip("\n") for line in lines]
        comments = [text for text in texts if text.startswith("//")]
        words = [int(text, 16) for text in texts if text and not text.startswith("//")]
        memories.append(Memory(bank["name"], bank["wordBits"], words, comments))
    own = [(name, bits) for name, bits, _, _ in memories]
    shapes = [(bank["name"], bank["wordBits"]) for bank in MEMORIES[: len(own)]]
    if own != shapes:
        raise Trouble(f"{folder} is for a core with banks {own}; this core has banks {shapes}")
    return memories


def microcode(file: str) -> List[Memory]:
    program = described(file)
    shapes = [(bank["name"], bank["wordBits"]) for bank in MEMORIES]
    own = [(bank["name"], bank["wordBits"]) for bank in program["banks"]]
    lanes = len(program["generators"])
    if own != shapes[:GENERATORS] or lanes != STREAM["generators"]:
        raise Trouble(
            f"{file} is for {program['hwModel']} with {lanes} lanes and banks {own}; "
            f"this core has {STREAM['generators']} lanes and banks {shapes[:GENERATORS]}"
        )
    words = [bank["words"] for bank in program["banks"]] + [program[name] for name, _ in shapes[GENERATORS:]]
    return [Memory(*shape, [int(word, 16) for word in own], []) for shape, own in zip(shapes, words)]


def load(core: Core, program: List[Memory]) -> None:
    for number, memory in enumerate(program):
        if memory.words:
            core.write(number, 0, memory.words)


def save(core: Core, program: List[Memory], folder: str) -> None:
    os.makedirs(folder, exist_ok=True)
    for number, (name, bits, words, comments) in enumerate(program[:GENERATORS]):
        learnt = core.read(number, 0, len(words)) if words else []
        with open(os.path.join(folder, name + ".memh"), "w", encoding="utf-8") as file:
            for line in comments + [hexadecimal(word, bits) for word in learnt]:
                file.write(line + "\n")


def state_lines(core: Core, program: List[Memory]) -> Iterator[str]:
    for number, (_, bits, words, _) in enumerate(program[:GENERATORS]):
        for address, word in enumerate(core.read(number, 0, len(words)) if words else []):
            yield f"word {number} {address} {hexadecimal(word, bits)}"
    for index, word in enumerate(core.read(GENERATORS, 0, STREAM["generators"])):
        yield f"generator {index} {hexadecimal(word, 32)}"


def asks_again(core: Core, replay: Dict[str, Any]) -> bool:
    """Whether an item is set that asks for the sample again."""
    masks = [int(mask, 16) for mask in replay["masks"]]
    words = core.read(replay["bank"], replay["firstWord"], replay["words"])
    return any(word & masks[place % len(masks)] for place, word in enumerate(words))


class Carried(NamedTuple):
    """The value that a spike carries, in a program: above so many bits of its neuron."""

    bits: int
    is_signed: bool
    shift: int

    def enters(self, address: int) -> int:
        """A spike as a programmable core takes it, whose values have a place of their own."""
        value = address >> self.shift & (1 << self.bits) - 1
        if self.is_signed and value >> self.bits - 1:
            value -= 1 << self.bits
        place: int = STREAM["valueShift"]
        return (value << place | address & (1 << self.shift) - 1) & 0xFFFFFF

    def leaves(self, spike: int) -> int:
        place: int = STREAM["valueShift"]
        value = spike >> place & (1 << self.bits) - 1
        return value << self.shift | spike & (1 << place) - 1


class Stimulus:
    """The lines of stimulus.txt, one after the other; what the core does, as expected.txt has it."""

    def __init__(self, core: Core, program: List[Memory]) -> None:
        self.core = core
        self.program = program
        self.before = core.cycles
        self.skip = 0
        self.has_begun = False
        # Of a programmable core, the stimulus says what the program is like.
        self.replay = STREAM.get("replay")
        self.carried: Dict[int, Carried] = {}
        self.entering: Optional[Carried] = None

    def observed(self, line: str) -> Iterator[str]:
        command, *texts = line.split()
        skipped = self.skip > 0 and command in "12"
        self.skip -= skipped
        if command == "6":
            self.put(texts[1:])
        elif command == "10":
            bank, first, words = map(int, texts[:3])
            self.replay = {"bank": bank, "firstWord": first, "words": words, "masks": texts[4:]}
        elif command == "9":
            population, bits, is_signed, shift, is_input = map(int, texts)
            self.carried[population] = Carried(bits, is_signed == 1, shift)
            if is_input:
                self.entering = self.carried[population]
        elif command == "4":
            self.skip = 0 if asks_again(self.core, self.replay) else int(texts[0])
        elif command == "3":
            yield from state_lines(self.core, self.program)
        elif command in "12" and not skipped:
            yield from self.presented(command, [int(text) for text in texts])

    def put(self, texts: List[str]) -> None:
        """Words of memories. Those of banks and generators are loaded before the first sample, and then learnt."""
        for bank, address, word in zip(texts[0::3], texts[1::3], texts[2::3]):
            if self.has_begun or int(bank) > GENERATORS:
                self.core.write(int(bank), int(address), [int(word, 16)])

    def presented(self, command: str, numbers: List[int]) -> Iterator[str]:
        core = self.core
        self.has_begun = True
        if command == "1":
            flags, label, steps, interval = numbers
            yield "again" if flags & 2 else "sample"
            # What changes with intervals is written into a programmable core.
            interval = 0 if "valueShift" in STREAM else interval
            core.begin(label, steps, bool(flags & 1), bool(flags & 2), interval, flags >> 2)
            return
        entering = self.entering
        for population, spike in core.step([entering.enters(spike) if entering else spike for spike in numbers[1:]]):
            carried = self.carried.get(population)
            yield f"spike {population} {carried.leaves(spike) if carried else spike}"
        yield f"step {core.cycles - self.before}"
        self.before = core.cycles


def run(core: Core, program: List[Memory], folder: str) -> None:
    stimulus = Stimulus(core, program)
    with open(os.path.join(folder, "stimulus.txt"), encoding="utf-8") as lines:
        with open(os.path.join(folder, "observed.txt"), "w", encoding="utf-8") as file:
            for line in lines:
                for text in stimulus.observed(line):
                    file.write(text + "\n")
            file.write("end\n")


def compare(folder: str) -> None:
    texts = []
    for name in ("expected.txt", "observed.txt"):
        with open(os.path.join(folder, name), encoding="utf-8") as file:
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
    parser.add_argument("path", nargs="?", help="where save writes, or another program than that of this folder")
    parser.add_argument("--port", default="/dev/ttyUSB0")
    parser.add_argument("--simulate", action="store_true", help="talk to a simulation in place of a board")
    options = parser.parse_args()
    line: Optional[SerialLine] = None
    try:
        command = options.command
        folder = HERE if options.path is None or command == "save" else os.path.abspath(options.path)
        if command in ("run", "check") and not os.path.isfile(os.path.join(folder, "stimulus.txt")):
            raise Trouble(f"{folder}: expected a folder with the samples of stimulus.txt")
        program = program_of(folder)
        line = SimulatedLine(SIMULATION) if options.simulate else SerialLine(options.port)
        core = Core(line)
        if command in ("load", "check"):
            load(core, program)
        if command in ("run", "check"):
            run(core, program, folder)
        if command == "check":
            save(core, program, os.path.join(folder, "learnt"))
            compare(folder)
            print(f"identical: {core.cycles} cycles")
        elif command == "save":
            save(core, program, os.path.join(HERE, options.path or "learnt"))
    except Trouble as trouble:
        print(f"host.py: {trouble}", file=sys.stderr)
        return 1
    finally:
        if line is not None:
            line.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
