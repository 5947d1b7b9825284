import type { Interval } from '../source.ts';
import type { Fit } from './fit.ts';

/** A published figure. */
export interface Point {
  /** The part, with its shape, node and supply. */
  readonly of: string;
  readonly value: number;
  /** The unit of the value, where it is not that of the quantity. */
  readonly unit?: Quantity['unit'];
  readonly cite: string;
  readonly checked: 'primary' | 'secondary' | 'memory';
}

/** The conditions that all parts of a model share, on which an interval may depend. */
export interface Conditions {
  readonly technologyNm: number;
  readonly temperatureC: number;
  /** Whether nobody says what a hard-wired core is wired for. */
  readonly isProgramUnknown?: boolean;
}

/** The least and the largest value of an input. */
export interface Range {
  readonly unit: string;
  readonly low: number;
  readonly high: number;
}

/** A quantity that an estimator gives, with the published figures behind it. */
export interface Quantity {
  /** Its name among the sources of figures; errors of one quantity's estimates are fully correlated. */
  readonly source: string;
  readonly unit: 'pJ' | 'uW' | 'um2' | 'ns' | 'V';
  /** How it follows from the inputs. */
  readonly law: string;
  /** The assumptions of the law that have no figure of their own. */
  readonly assumes: string;
  /** The inputs in which it reaches less far than its estimator, because its published figures do. */
  readonly range: Readonly<Record<string, Range>>;
  readonly points: readonly Point[];
  /** For each point: published over fitted. */
  readonly ratios: readonly number[];
  /** Two standard deviations to each side: the true value lies between the estimate divided and multiplied by it. */
  readonly factor: number;
  /** Why the factor is larger than the residuals say; undefined if it is not. */
  readonly atLeast: { readonly factor: number; readonly because: string } | undefined;
  /** Where the factor is multiplied by another, because published figures do not reach there. */
  readonly widened: { readonly by: (at: Conditions) => number; readonly because: string } | undefined;
}

/** An input that does not fit the others. */
interface Misfit<Input extends string = string> {
  readonly input: Input;
  readonly expected: string;
}

/** Estimates the figures of one kind of part. Its file has all that it rests on. */
export interface Estimator<Input extends string = string, Figure extends string = string> {
  readonly name: string;
  readonly of: string;
  /** Kinds of the part, if it has several: what they are called, and which counts if none is given. */
  readonly kinds:
    | {
        readonly called: 'operation' | 'flavour';
        readonly usual: string;
        readonly names: readonly string[];
      }
    | undefined;
  /** The inputs and how far the estimator reaches; it refuses to estimate beyond. */
  readonly range: Readonly<Record<Input, Range>>;
  /** Where an input reaches less far because of another. */
  readonly reach?: (inputs: Readonly<Record<Input, number>>) => Readonly<Partial<Record<Input, Range>>>;
  /** Why there is no part of such a shape, though each input is within its range. */
  readonly misfit?: (inputs: Readonly<Record<Input, number>>, kind: string) => Misfit<Input> | undefined;
  /** The quantity that each figure belongs to. */
  readonly figures: Readonly<Record<Figure, Quantity>>;
  readonly values: (
    inputs: Readonly<Record<Input, number>>,
    kind: string,
  ) => Readonly<Record<Figure, number>>;
}

/**
 * How an interval follows from residuals: the only place. The factor is two standard deviations of the residuals'
 * logarithms, and no less than the largest residual; it goes to both sides. Parts of a law that were fitted to figures
 * of their own add up as squares.
 */
function factorOf(...fits: readonly Fit[]): number {
  const spread = Math.sqrt(fits.reduce((sum, { spread: one }) => sum + one ** 2, 0));
  const residuals = fits.flatMap(({ ratios }) => ratios.map((ratio) => Math.abs(Math.log(ratio))));
  return Math.exp(Math.max(2 * spread, ...residuals));
}

/** A quantity whose interval follows from its fits. */
export function fitted(
  parts: Pick<Quantity, 'source' | 'unit' | 'law' | 'assumes'> & {
    readonly fits: readonly (readonly [Fit, readonly Point[]])[];
    readonly range?: Quantity['range'];
    readonly atLeast?: Quantity['atLeast'];
    readonly widened?: Quantity['widened'];
  },
): Quantity {
  const { fits, range = {}, atLeast, widened, ...rest } = parts;
  const factor = factorOf(...fits.map(([fit]) => fit));
  return {
    ...rest,
    range,
    points: fits.flatMap(([, points]) => points),
    ratios: fits.flatMap(([{ ratios }]) => ratios),
    factor: Math.max(factor, atLeast?.factor ?? 1),
    atLeast: atLeast !== undefined && atLeast.factor > factor ? atLeast : undefined,
    widened,
  };
}

/** The factor of the interval, to both sides. */
export function factorAt({ factor, widened }: Quantity, at: Conditions): number {
  return factor * (widened?.by(at) ?? 1);
}

export function intervalOf(quantity: Quantity, at: Conditions): Interval {
  const factor = factorAt(quantity, at);
  return { low: 1 / factor, high: factor };
}
