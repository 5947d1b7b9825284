/** Bits behind the point of decay factors and of the random numbers that round what decays. */
export const fractionBits = 24;

/** A factor below 1 as an integer. Rounded up, so that a product which is whole stays so. */
export function fixedFactor(factor: number): number {
  return Math.ceil(factor * 2 ** fractionBits);
}

/** A random number from 0 to below 1 as an integer of some bits. */
export function fixedDraw(draw: number, bits = fractionBits): number {
  return Math.floor(draw * 2 ** bits);
}

/** A kernel's text. */
export function kernelText(name: string, domain: string, lines: readonly string[]): string {
  return `kernel ${name} over ${domain}\n${lines.map((line) => `  ${line}\n`).join('')}end\n`;
}

/** The largest value of a trace: 7 bits. */
export const largestTrace = 127;

export const traceField = { kind: 'integer', bits: 7, signed: false } as const;

/** An unsigned integer. */
export function unsigned(bits: number) {
  return { kind: 'integer', bits, signed: false } as const;
}

/** A gate on every 2^exponent-th epoch, as a flag in a register. */
export function epochGate(register: string, exponent: number): string[] {
  return [
    `ld ${register}, ev.epoch`,
    `and ${register}, ${register}, ${2 ** exponent - 1}`,
    `cmp.eq ${register}, ${register}, 0`,
  ];
}
