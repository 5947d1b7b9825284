/** The files of `templates/rtl` that go with a hard-wired core. */
const coreNames = [
  'README.txt',
  'core.mk',
  'bench.sv',
  'top_stream.sv',
  'uart.sv',
  'board.sv',
  'bench_board.sv',
  'vivado.tcl',
  'host.py',
  'line.py',
] as const;

/** Those of which a programmable core is made. */
const microNames = [
  'micro/plasticore_core.sv',
  'micro/banks.sv',
  'micro/core.sv',
  'micro/controls.svh',
  'micro/lists.sv',
  'micro/fifo.sv',
  'micro/kept.sv',
  'micro/lane.sv',
  'micro/port.sv',
  'micro/segments.sv',
  'micro/sum.sv',
  'micro/walker.sv',
  'micro/bank.sv',
] as const;

export const templateNames = [...coreNames, ...microNames];

/** Texts by the names of their files. They are the same for every core, but for what they mark. */
export type RtlTemplates = Readonly<Record<(typeof coreNames)[number], string>>;
export type MicroTemplates = Readonly<Record<(typeof microNames)[number], string>>;

/**
 * A template with its marks, `@name@`, filled in. A line that begins with `@name?@` is left out where the name has no
 * value.
 */
export function filled(template: string, values: Readonly<Record<string, string | undefined>>): string {
  return template
    .replace(/^@(\w+)\?@(.*\n)/gm, (_, name: string, line: string) =>
      values[name] === undefined ? '' : line,
    )
    .replace(/@(\w+)@/g, (mark, name: string) => values[name] ?? mark);
}
