/** A value or a register of a module that is declared in a line of its text. */
const declaration = /^\s*(?:wire|reg)(?: signed)?(?: \[(\d+):0\])? (\w+)(?: =|;)/;

/** The names in a text that it reads. */
export class Reads {
  /** Names of which all bits may be read. */
  readonly #whole = new Set<string>();
  /** By name, the most low bits of it that are read. */
  readonly #low = new Map<string, number>();

  constructor(lines: readonly string[]) {
    for (const text of lines) {
      const line = text.replace(/\/\/.*/, '');
      const declared = declaration.exec(line)?.[2];
      const assigned = /(?:^\s*|\) |else |begin )(\w+) <= /.exec(line)?.[1];
      // A line that declares or assigns a name has it once more.
      const own = [declared, assigned].flatMap((name) => name ?? []);
      for (const [, bits, narrowed, name = narrowed ?? ''] of line.matchAll(
        /(\d+)'\((\w+)\)|([a-zA-Z_]\w*)/g,
      )) {
        const place = own.indexOf(name);
        if (place >= 0) own.splice(place, 1);
        else if (bits === undefined) this.#whole.add(name);
        else this.#low.set(name, Math.max(this.#low.get(name) ?? 0, Number(bits)));
      }
    }
  }

  /** Whether some of so many bits are not read. */
  leaves(name: string, bits: number): boolean {
    return !this.#whole.has(name) && (this.#low.get(name) ?? 0) < bits;
  }

  /** Names that lines declare and of which not all bits are read: microcode may compute what nothing takes. */
  unreadIn(lines: readonly string[]): string[] {
    return lines.flatMap((line) => {
      const [, high = '0', name] = declaration.exec(line) ?? [];
      if (name === undefined || name.includes('unused')) return [];
      return this.leaves(name, Number(high) + 1) ? [name] : [];
    });
  }
}

/** A line that names what is not read, so that tools do not take it for forgotten. */
export function unusedLine(wire: string, names: readonly string[]): string[] {
  return names.length === 0 ? [] : [`wire ${wire} = &{1'b0, ${names.join(', ')}};`];
}
