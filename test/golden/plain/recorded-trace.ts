// The format `plasticore-controller-trace/1` (docs/traces.md), as far as recordings of ODIN and ReckOn use it.

/** For each core, numbers by name. */
export type Memories = Record<string, readonly number[]>[];

interface BankWords {
  readonly name: string;
  readonly wordsRead: number;
  readonly wordsWritten: number;
}

export interface RecordedTrace {
  readonly format: 'plasticore-controller-trace/1';
  readonly name: string;
  readonly description: string;
  readonly program: string;
  readonly hwModel: string;
  readonly settings?: { readonly program: Readonly<Record<string, number>> };
  readonly memories: Memories;
  readonly inputs: [name: string, ...numbers: number[]][];
  readonly expected: {
    readonly inputs: {
      readonly cycles?: number;
      readonly records?: Record<string, number[][]>;
      readonly banks?: BankWords[];
    }[];
    readonly states?: Memories;
    readonly contents?: Record<string, readonly string[]>[];
    readonly banks?: BankWords[];
  };
}

export function numbersOf(memory: Memories[number], name: string): number[] {
  return [...(memory[name] ?? [])];
}

/** Items in rows of a length. */
export function rowsOf<T>(items: readonly T[], length: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / length) }, (_, row) =>
    items.slice(row * length, (row + 1) * length),
  );
}
