import type { SourceFile } from '../emit/verilog.ts';

/** Cycles that are recorded at a stretch. */
const stretch = 32;

/** The dump of a netlist's bench. */
export const dumpFile = 'window.vcd';

/**
 * A module beside the bench that records all signals of the core, in stretches that lie evenly in the cycles in which
 * it works. There is room for its spikes at all times, so that it never waits.
 *
 * @param cycles about as many as are to be recorded
 * @param all as many as there are
 */
export function windowFile(cycles: number, all: number): SourceFile {
  const period = Math.max(stretch, Math.floor((stretch * all) / cycles));
  return [
    'window.sv',
    [
      '// Records the core while it works, from quarter to quarter of the clock, where nothing moves.',
      '`timescale 1ns/1ps',
      'module window;',
      '  integer cycle = 0;',
      '  initial begin',
      "    force bench.m_ready = 1'b1;",
      `    $dumpfile("${dumpFile}");`,
      '    $dumpvars(0, bench.core);',
      '    #1 $dumpoff;',
      '  end',
      '  always @(negedge bench.clk) if (bench.busy) begin',
      '    #(2 * bench.SETTLE);',
      `    if (cycle % ${period} == 0) $dumpon;`,
      ...(period > stretch ? [`    if (cycle % ${period} == ${stretch}) $dumpoff;`] : []),
      '    cycle = cycle + 1;',
      '  end',
      'endmodule',
      '',
    ].join('\n'),
  ];
}

/** A variable of a value change dump: a signal of a simulated module. Several that are one net share an `id`. */
export interface DumpVariable {
  /** Names of instances from the top, and of the signal, joined by dots: `bench.core.k0._12_.A`. */
  readonly path: string;
  readonly id: number;
}

/** What is told of a dump while it is read. Unknown values are undefined; times are in units of the dump. */
export interface DumpListener {
  /** Once, before all else. */
  variables(all: readonly DumpVariable[], ids: number): void;
  /** A value as the record finds it, without a change: at the start of the record, and of each of its parts. */
  starts(id: number, value: 0 | 1 | undefined): void;
  changes(id: number, value: 0 | 1 | undefined): void;
  /** What follows happens at this time. */
  time(now: number): void;
  /** The record pauses, or goes on. */
  records(isOn: boolean): void;
}

/**
 * Reads a value change dump (IEEE 1364-2005, clause 18) piece by piece, since dumps are larger than texts may be. Of
 * words, only single bits are told.
 *
 * @returns takes the next piece of the text
 */
export function dumpReader(listener: DumpListener): (piece: string) => void {
  let isHead = true;
  let rest = '';
  // Values within `$dumpvars ... $end` and its like are no changes.
  let isListed = false;
  const ids = new Map<string, number>();
  const header = (text: string): void => {
    const variables: DumpVariable[] = [];
    const scopes: string[] = [];
    for (const [, what, inner = ''] of text.matchAll(/\$(\w+)\s+([\s\S]*?)\s*\$end/g)) {
      const words = inner.split(/\s+/);
      if (what === 'scope') scopes.push(words[1] ?? '');
      else if (what === 'upscope') scopes.pop();
      else if (what === 'var' && words[1] === '1') {
        const code = words[2] ?? '';
        const id = ids.get(code) ?? ids.size;
        ids.set(code, id);
        variables.push({ path: [...scopes, words[3]].join('.'), id });
      }
    }
    listener.variables(variables, ids.size);
  };
  const line = (text: string): void => {
    const first = text[0];
    if (first === '#') listener.time(Number(text.slice(1)));
    else if (first === '$') {
      if (text.startsWith('$end')) isListed = false;
      else if (text.startsWith('$dump')) {
        isListed = true;
        if (text.startsWith('$dumpo')) listener.records(text.startsWith('$dumpon'));
      }
    } else if (first === '0' || first === '1' || first === 'x' || first === 'z') {
      const id = ids.get(text.slice(1));
      if (id === undefined) return;
      const value = first === '0' ? 0 : first === '1' ? 1 : undefined;
      if (isListed) listener.starts(id, value);
      else listener.changes(id, value);
    }
  };
  return (piece) => {
    let text = rest + piece;
    if (isHead) {
      const end = text.indexOf('$enddefinitions');
      const after = text.indexOf('$end', end + 1);
      if (end < 0 || after < 0) {
        rest = text;
        return;
      }
      header(text.slice(0, end));
      isHead = false;
      text = text.slice(after + '$end'.length);
    }
    let from = 0;
    for (let to = text.indexOf('\n'); to >= 0; to = text.indexOf('\n', from)) {
      line(text.slice(from, to));
      from = to + 1;
    }
    rest = text.slice(from);
  };
}
