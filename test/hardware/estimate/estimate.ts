import { type Estimator, estimators, factorAt, type Range } from '../../../src/hardware/index.ts';

export function estimatorNamed(name: string): Estimator {
  const found = estimators.find((estimator) => estimator.name === name);
  if (found === undefined) throw new Error(`there is no estimator '${name}'`);
  return found;
}

export function rangeOf(name: string, input: string): Range {
  const range = estimatorNamed(name).range[input];
  if (range === undefined) throw new Error(`'${name}' has no input '${input}'`);
  return range;
}

/** The figures of a part. */
export function estimate(
  name: string,
  inputs: Readonly<Record<string, number>>,
  kind = '',
): Readonly<Record<string, number>> {
  const { values, kinds } = estimatorNamed(name);
  return values({ temperatureC: 25, ...inputs }, kind === '' ? (kinds?.usual ?? '') : kind);
}

/** A figure, and the factor of its interval. */
export function withFactor(
  name: string,
  figure: string,
  inputs: Readonly<Record<string, number>>,
  kind = '',
): { readonly value: number; readonly source: string; readonly factor: number } {
  const quantity = estimatorNamed(name).figures[figure];
  if (quantity === undefined) throw new Error(`'${name}' has no figure '${figure}'`);
  const { technologyNm = 28, temperatureC = 25 } = inputs;
  const [factor, source] = [factorAt(quantity, { technologyNm, temperatureC }), quantity.source];
  return { value: estimate(name, inputs, kind)[figure] ?? Number.NaN, source, factor };
}
