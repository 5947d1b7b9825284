import { type HwModel, parsePrecision } from '../hardware/index.ts';
import { enumerated, PlasticoreError } from '../text/index.ts';

/** Widths of shadow and inference weights. */
export interface Precision {
  /**
   * `mp16-8`: 16-bit shadow, 8-bit inference weights; `fp32` on a float32 core; `own` on a core that leaves widths to
   * programs (both widths are then 0).
   */
  readonly name: string;
  readonly shadowBits: number;
  readonly weightBits: number;
}

/**
 * Looks up a precision of a core by name.
 *
 * @throws PlasticoreError `invalid-value` for a width that the core does not offer
 */
export function precisionOf(name: string, hw: HwModel): Precision {
  if (hw.arithmetic === 'float32') {
    if (name !== 'fp32') {
      throw new PlasticoreError(
        'invalid-value',
        `hw-model '${hw.name}' computes in float32: expected precision fp32, found '${name}'`,
      );
    }
    return { ...widthsOf(hw.like ?? ''), name };
  }
  if (name === 'fp32') {
    throw new PlasticoreError(
      'invalid-value',
      `hw-model '${hw.name}' computes with integers and has no precision fp32`,
      {
        hint:
          hw.baseline === undefined
            ? `offered: ${offered(hw).join(', ')}`
            : `its float32 baseline is hw-model '${hw.baseline}'`,
      },
    );
  }
  if (hasOwnWidths(hw)) {
    if (name === own) return { name, shadowBits: 0, weightBits: 0 };
    throw new PlasticoreError(
      'invalid-value',
      `hw-model '${hw.name}' offers no widths to choose from: expected precision ${own}, found '${name}'`,
    );
  }
  const { shadowBits, weightBits } = widthsOf(name, hw);
  for (const [what, bits, widths] of [
    ['shadow weights', shadowBits, hw.precision.shadowBits],
    ['inference weights', weightBits, hw.precision.weightBits],
  ] as const) {
    if (widths.includes(bits)) continue;
    throw new PlasticoreError(
      'invalid-value',
      `precision '${name}': hw-model '${hw.name}' offers ${what} of ${enumerated(widths, 'or')} bits, found ${bits}`,
      {
        hint: `${offerOf(hw)}; for others, an hw-model of your own: extends: ${hw.name}, and precision: {shadowBits: [...], weightBits: [...]}`,
      },
    );
  }
  if (weightBits > shadowBits) {
    throw new PlasticoreError(
      'invalid-value',
      `precision '${name}': inference weights of ${weightBits} bits cannot be cut from ${shadowBits}-bit shadow weights`,
      { hint: offerOf(hw) },
    );
  }
  return { name, shadowBits, weightBits };
}

/** The precision of a core that leaves all widths to the program. */
const own = 'own';

function hasOwnWidths(hw: HwModel): boolean {
  return hw.arithmetic === 'integer' && hw.precision.shadowBits.length === 0;
}

/** The names that a precision defines for a program's formulas. */
export function widthNames({ name, shadowBits, weightBits }: Precision): Record<string, number> {
  return name === own ? {} : { weightBits, shadowBits };
}

/** All precisions that a core offers, by name. */
export function offered(hw: HwModel): string[] {
  if (hw.arithmetic === 'float32') return ['fp32'];
  if (hasOwnWidths(hw)) return [own];
  return hw.precision.shadowBits.flatMap((shadow) =>
    hw.precision.weightBits.filter((weight) => weight <= shadow).map((weight) => `mp${shadow}-${weight}`),
  );
}

/** The precisions of a core and of its baseline, in words. */
function offerOf(hw: HwModel): string {
  const names = [...offered(hw), ...(hw.baseline === undefined ? [] : ['fp32'])];
  return `offered: ${names.join(', ')}`;
}

/**
 * The precision of a core that is nearest to another: the one whose weights differ least in width, then its shadow
 * weights. `fp32` is itself, on the baseline of the core.
 */
export function nearestPrecision(hw: HwModel, wanted: string): string {
  const names = offered(hw);
  if (wanted === 'fp32' || names.includes(wanted)) return wanted;
  const of = parsePrecision(wanted) ?? { shadowBits: 0, weightBits: 0 };
  const distance = (name: string) => precisionDistance(precisionOf(name, hw), of);
  return names.reduce((best, name) => (distance(name) < distance(best) ? name : best), names[0] ?? wanted);
}

type Widths = Pick<Precision, 'shadowBits' | 'weightBits'>;

/** The distance of two precisions: by the widths of their weights, and if these are equal, of their shadow weights. */
export function precisionDistance(one: Widths, other: Widths): number {
  const mostBits = 64;
  return mostBits * Math.abs(one.weightBits - other.weightBits) + Math.abs(one.shadowBits - other.shadowBits);
}

/** @throws PlasticoreError `invalid-value` for what is no name of a precision on any core */
export function checkPrecisionName(name: string): void {
  if (name !== own && name !== 'fp32') widthsOf(name);
}

function widthsOf(name: string, hw?: HwModel): { shadowBits: number; weightBits: number } {
  const widths = parsePrecision(name);
  if (widths === undefined) {
    throw new PlasticoreError(
      'invalid-value',
      `'${name}' is not a precision: expected mpS-W, S-bit shadow and W-bit inference weights`,
      { hint: hw && offerOf(hw) },
    );
  }
  return widths;
}
