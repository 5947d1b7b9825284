import { type MergedFiles, type Path, type Place, PlasticoreError, rounded } from '../text/index.ts';
import { intervalOf, sram, usualTemperatureC } from './estimate/index.ts';
import { auto } from './values.ts';

/** What a model says of the time that an access to a bank takes. */
interface TimedEntry {
  readonly macros?: string | undefined;
  readonly accessNs?: number | typeof auto | undefined;
  readonly readPj?: number | typeof auto | undefined;
}

/** The clock that banks keep up with, and what their access times are estimated from. */
interface TimedFile {
  readonly banks: Readonly<Record<string, TimedEntry>>;
  readonly technologyNm: number;
  readonly temperatureC?: number | undefined;
  readonly clockMhz: number;
}

/**
 * An access takes a cycle.
 *
 * @throws PlasticoreError `fit` if it takes longer
 */
export function checkAccess(
  accessNs: number | undefined,
  bank: Path,
  { value: { clockMhz }, locate }: MergedFiles<TimedFile>,
): void {
  const periodNs = 1000 / clockMhz;
  if (accessNs === undefined || accessNs <= periodNs) return;
  const place: Place = locate([...bank, 'accessNs']);
  throw new PlasticoreError(
    'fit',
    `${bank.join('.')}: an access takes ${rounded(accessNs)} ns, a cycle at ${rounded(clockMhz)} MHz ${rounded(periodNs)} ns`,
    {
      ...place,
      hint: `it fits a clock of at most ${rounded(Math.floor(1e6 / accessNs) / 1000)} MHz; a smaller bank or a higher supply is faster`,
    },
  );
}

/** Whether the access time of a bank is left to the estimator. */
export function isAccessEstimated({ macros, accessNs, readPj }: TimedEntry): boolean {
  return macros === undefined && (accessNs === auto || (accessNs === undefined && readPj === auto));
}

/**
 * Parts that may not keep up with the clock, although they are not refused: a bank whose estimated access time fits a
 * cycle, but whose interval does not, and one without an access time at a clock above that for which its figures were
 * stated.
 */
export function clockRemarks(
  { value, statedWith }: MergedFiles<TimedFile>,
  banks: readonly { readonly name: string; readonly accessNs: number | undefined }[],
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
      `an access to banks.${name} takes ${rounded(accessNs, 3)} ns by estimate, up to ${rounded(accessNs * high, 3)} ns by its interval: a cycle at ${clockMhz} MHz has ${rounded(periodNs, 3)} ns`,
    ];
  });
}

function clockOf(model: unknown): number | undefined {
  if (typeof model !== 'object' || model === null || !('clockMhz' in model)) return undefined;
  return typeof model.clockMhz === 'number' ? model.clockMhz : undefined;
}
