import { intervalOf, sram, usualTemperatureC } from './estimate/index.ts';
import type { MergedFiles } from './layers.ts';
import type { Bank } from './model.ts';
import type { BankEntry, HwModelFile } from './schema.ts';
import { auto } from './schema-values.ts';

/** Whether the access time of a bank is left to the estimator. */
export function isAccessEstimated({ macros, accessNs, readPj }: BankEntry): boolean {
  return macros === undefined && (accessNs === auto || (accessNs === undefined && readPj === auto));
}

/**
 * Parts that may not keep up with the clock, although they are not refused: a bank whose estimated access time fits a
 * cycle, but whose interval does not, and one without an access time at a clock above that for which its figures were
 * stated.
 */
export function clockRemarks(
  { value, statedWith }: MergedFiles<HwModelFile>,
  banks: readonly Bank[],
): string[] {
  const { clockMhz, technologyNm, temperatureC = usualTemperatureC } = value;
  const periodNs = 1000 / clockMhz;
  const { high } = intervalOf(sram.figures.accessNs, { technologyNm, temperatureC });
  return banks.flatMap(({ name, accessNs }): string[] => {
    const entry = value.banks[name];
    if (accessNs === undefined) {
      const own = clockOf(statedWith(['banks', name, 'readPj']));
      if (own === undefined || clockMhz <= own) return [];
      return [
        `no access time is stated for banks.${name}, whose figures were stated at ${own} MHz: whether it keeps up with ${clockMhz} MHz is not checked`,
      ];
    }
    if (entry === undefined || !isAccessEstimated(entry) || accessNs * high <= periodNs) return [];
    return [
      `an access to banks.${name} takes ${rounded(accessNs)} ns by estimate, up to ${rounded(accessNs * high)} ns by its interval: a cycle at ${clockMhz} MHz has ${rounded(periodNs)} ns`,
    ];
  });
}

function clockOf(model: unknown): number | undefined {
  if (typeof model !== 'object' || model === null || !('clockMhz' in model)) return undefined;
  return typeof model.clockMhz === 'number' ? model.clockMhz : undefined;
}

function rounded(value: number): number {
  return Number(value.toPrecision(3));
}
