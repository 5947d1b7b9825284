/** Nodes of small networks in NIR, for chips that map them. */

export type Parameters = Readonly<Record<string, readonly [readonly number[], readonly number[]]>>;
export const linear = (rows: readonly (readonly number[])[]): readonly ['Linear', Parameters] => [
  'Linear',
  { weight: [[rows.length, rows[0]?.length ?? 0], rows.flat()] },
];
export const all = (size: number, value: number): readonly [readonly number[], readonly number[]] => [
  [size],
  new Array<number>(size).fill(value),
];
export const integrate = (
  size: number,
  threshold: number,
  more: Parameters = {},
): readonly ['IF', Parameters] => [
  'IF',
  { r: all(size, 1), v_threshold: all(size, threshold), v_reset: all(size, 0), ...more },
];
export const leaky = (
  size: number,
  tau: number,
  threshold: number,
  more: Parameters = {},
): readonly ['LIF', Parameters] => [
  'LIF',
  {
    tau: all(size, tau),
    r: all(size, tau),
    v_leak: all(size, 0),
    v_threshold: all(size, threshold),
    v_reset: all(size, 0),
    ...more,
  },
];
export const ends = (inputs: number, outputs: number) =>
  ({
    input: ['Input', { shape: [[1], [inputs]] }],
    output: ['Output', { shape: [[1], [outputs]] }],
  }) as const;
