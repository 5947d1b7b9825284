/** What a line declares: an input, wires, registers, or memories. */
const declaration =
  /(?:^|; )\s*(?:\(\*.*?\*\) )?(input wire|wire|reg)(?: signed)?(?: \[(\d+):0\])? (\w+(?: \[0:[^\]]+\])?(?:, \w+(?: \[0:[^\]]+\])?)*)(?=(;| =|,?$))/g;

/** What a statement assigns, at its beginning. */
const target = /(^\s*|\bbegin |\belse |\) |; |: )(?:assign )?([A-Za-z_]\w*)(?=(?:\[.*?\])? <?= )/g;

/** A name that is read: low bits of it, or the whole, or what an index says. It may be all that a port has. */
const use =
  /(\.\w+\()?(?:\b(\d+)'\((?:\$signed\()?(\w+)\)|(?<![.\w'$])([A-Za-z_]\w*))(?=(\)?)(?:\[([^\]]*))?)/g;

/** So many bits that are set. */
const ones = (bits: number): bigint => (1n << BigInt(bits)) - 1n;

function declaredIn(line: string) {
  return [...line.matchAll(declaration)].flatMap(([, kind, high = '0', names = '', end]) =>
    names.split(', ').map((declared) => {
      const [name = '', isMemory] = declared.split(' ');
      const isUndriven = kind === 'wire' && end !== ' =';
      return { name, bits: Number(high) + 1, isMemory: isMemory !== undefined, isUndriven };
    }),
  );
}

/**
 * What the text of a module reads of what it declares. Tools take names for forgotten that nothing reads, or not all
 * their bits.
 */
export class Reads {
  /** Names of which all bits may be read. */
  readonly #whole = new Set<string>();
  /** By name, the bits of it that are read. */
  readonly #bits = new Map<string, bigint>();

  constructor(lines: readonly string[]) {
    const code = lines.map((line) => line.replace(/\/\/.*|"[^"]*"/g, ''));
    const assigned = new Set(code.flatMap((line) => [...line.matchAll(target)].map(([, , name]) => name)));
    const outputs = new Set(
      code
        .flatMap(declaredIn)
        .flatMap(({ name, isUndriven }) => (isUndriven && !assigned.has(name) ? [name] : [])),
    );
    for (const line of code) {
      const read = line.replace(declaration, ';').replace(target, '$1');
      for (const [, port, bits, low, name = low ?? '', ends, index] of read.matchAll(use)) {
        // Where nothing else drives a wire, the output does to which it is connected.
        const isDriven = port !== undefined && ends !== '' && outputs.has(name);
        if (!isDriven) this.#note(name, bits === undefined ? index : `0 +: ${bits}`);
      }
    }
  }

  /** Notes a name that is read, with its index. A place that a signal gives may be any; lanes, `l`, may leave some. */
  #note(name: string, index: string | undefined): void {
    const known = this.#bits.get(name) ?? 0n;
    const [, high, low = high, count] = /^(\d+)(?::(\d+)| \+: (\d+))?$/.exec(index ?? '') ?? [];
    const isAny = index === undefined || /(?<!['\w])(?!l\b)[A-Za-z_]/.test(index);
    if (isAny) this.#whole.add(name);
    else if (high === undefined) this.#bits.set(name, known);
    else {
      const width = count === undefined ? Number(high) - Number(low) + 1 : Number(count);
      this.#bits.set(name, known | (ones(width) << BigInt(low ?? 0)));
    }
  }

  /** Names that lines declare and of which not all bits are read. */
  unreadIn(lines: readonly string[]): string[] {
    return lines.flatMap(declaredIn).flatMap(({ name, bits, isMemory }) => {
      const read = this.#bits.get(name);
      if (this.#whole.has(name) || (isMemory ? read !== undefined : read === ones(bits))) return [];
      return name.startsWith('unused') ? [] : [isMemory ? `${name}[0]` : name];
    });
  }
}
