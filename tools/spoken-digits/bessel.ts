/**
 * Bessel functions of the orders 0 and 1. Power series where the argument is small, Hankel's asymptotic expansion
 * elsewhere: M. Abramowitz, I. A. Stegun, "Handbook of Mathematical Functions", 9.1.10 to 9.1.13 and 9.2.7 to 9.2.10.
 */

/** A complex number. */
export type Complex = readonly [re: number, im: number];

const eulersConstant = 0.5772156649015329;
/** At this magnitude, both expansions are right to nine digits. */
const largestInSeries = 10;

/** The Hankel function of the first kind and order 0, of an argument whose imaginary part is not negative. */
export function hankel0(re: number, im: number): Complex {
  return Math.hypot(re, im) < largestInSeries ? bySeries(re, im) : byExpansion(re, im);
}

/** J0 + i Y0, with Y0 = 2/pi ((ln(z/2) + C) J0 + sum of (-1)^(k+1) H(k) (z^2/4)^k / (k!)^2). */
function bySeries(re: number, im: number): Complex {
  // Minus a quarter of the square.
  const [qRe, qIm] = [(im * im - re * re) / 4, (-re * im) / 2];
  let [termRe, termIm] = [1, 0];
  let [jRe, jIm, sumRe, sumIm] = [1, 0, 0, 0];
  let harmonic = 0;
  for (let k = 1; k < 60; k++) {
    const square = k * k;
    [termRe, termIm] = [(termRe * qRe - termIm * qIm) / square, (termRe * qIm + termIm * qRe) / square];
    harmonic += 1 / k;
    jRe += termRe;
    jIm += termIm;
    sumRe -= harmonic * termRe;
    sumIm -= harmonic * termIm;
    if (Math.abs(termRe) + Math.abs(termIm) < 1e-18) break;
  }
  const logRe = Math.log(Math.hypot(re, im) / 2) + eulersConstant;
  const logIm = Math.atan2(im, re);
  const yRe = (2 / Math.PI) * (logRe * jRe - logIm * jIm + sumRe);
  const yIm = (2 / Math.PI) * (logRe * jIm + logIm * jRe + sumIm);
  return [jRe - yIm, jIm + yRe];
}

/** sqrt(2 / (pi z)) exp(i (z - pi/4)) times a sum of powers of i/z, to its smallest term. */
function byExpansion(re: number, im: number): Complex {
  const size = re * re + im * im;
  // i / z.
  const [turnRe, turnIm] = [im / size, re / size];
  let [termRe, termIm] = [1, 0];
  let [sumRe, sumIm] = [1, 0];
  let last = 1;
  for (let k = 1; k < 30; k++) {
    const factor = -((2 * k - 1) ** 2) / (8 * k);
    const nextRe = factor * (termRe * turnRe - termIm * turnIm);
    const nextIm = factor * (termRe * turnIm + termIm * turnRe);
    const magnitude = Math.abs(nextRe) + Math.abs(nextIm);
    if (magnitude > last || magnitude < 1e-17) break;
    [termRe, termIm, last] = [nextRe, nextIm, magnitude];
    sumRe += termRe;
    sumIm += termIm;
  }
  const scale = Math.sqrt(2 / (Math.PI * Math.sqrt(size))) * Math.exp(-im);
  const phase = re - Math.PI / 4 - Math.atan2(im, re) / 2;
  const [cos, sin] = [scale * Math.cos(phase), scale * Math.sin(phase)];
  return [sumRe * cos - sumIm * sin, sumRe * sin + sumIm * cos];
}

/** J and Y of the orders 0 and 1, of a positive argument below {@link largestInSeries}. */
export function besselOf(x: number): {
  readonly j0: number;
  readonly j1: number;
  readonly y0: number;
  readonly y1: number;
} {
  if (!(x > 0 && x <= largestInSeries)) throw new RangeError(`no argument of the series: ${x}`);
  const [j0, y0] = bySeries(x, 0);
  const q = -(x * x) / 4;
  let term = x / 2;
  let j1 = term;
  // psi(k + 1) + psi(k + 2) = H(k) + H(k + 1) - 2 C.
  let harmonic = 1 - 2 * eulersConstant;
  let sum = harmonic * term;
  for (let k = 1; k < 60; k++) {
    term *= q / (k * (k + 1));
    harmonic += 1 / k + 1 / (k + 1);
    j1 += term;
    sum += harmonic * term;
    if (Math.abs(term) < 1e-18) break;
  }
  const y1 = (2 / Math.PI) * Math.log(x / 2) * j1 - 2 / (Math.PI * x) - sum / Math.PI;
  return { j0, j1, y0, y1 };
}
