import { joinSettings, noSettings, pathSetting, type Settings } from '../../experiment/index.ts';
import { parsePrecision } from '../../hardware/index.ts';
import { sha256 } from '../../random/index.ts';
import { type Axis, type DesignKey, type ObjectiveName, shownValue } from '../../report/index.ts';
import { at, evaluate, type Formula, type Place, PlasticoreError, suggest } from '../../text/index.ts';
import { axisPath, checkAxis, precisionPath, type SpaceSource, type SweptAxis } from './load.ts';

/** An axis of a space. */
export interface SpaceAxis extends SweptAxis {
  /** In formulas. */
  readonly name: string;
  /** It sets nothing by itself: its path is its name, and formulas know it. */
  readonly isFree?: true;
}

/** For each axis, the position of the chosen value. */
export type Choice = readonly number[];

/** A design of a space: its choices, and their consequences. */
export interface SpaceDesign extends DesignKey {
  readonly choice: Choice;
  /** `mp16-8_lanes=8`. */
  readonly name: string;
  /** The values of all axes except `precision`, and all that depend on them, as settings. */
  readonly settings: Settings;
}

/** The designs that an experiment may become. */
export class Space {
  /** `precision` among them, if it is one. */
  readonly axes: readonly SpaceAxis[];
  readonly objectives: readonly ObjectiveName[];
  readonly constraints: readonly { readonly formula: string; readonly place: Place }[];
  /** Where the conditions are written. */
  readonly conditionsPlace: Place;
  readonly #conditions: readonly { readonly formula: Formula; readonly place: Place }[];
  readonly #follows: readonly { readonly path: string; readonly formula: Formula; readonly place: Place }[];
  readonly #precision: string;
  readonly #nameOf: (design: DesignKey) => string;

  /**
   * @param pinned settings of the command line, which no axis may undo
   * @param precision if it is not an axis
   * @throws PlasticoreError for an invalid axis, and a formula that cannot be evaluated
   */
  constructor({ spec, locate }: SpaceSource, pinned: Settings, precision: string) {
    const axes = Object.entries(spec.axes).map(([name, written]): SpaceAxis => {
      const isNamed = !Array.isArray(written);
      const place = locate(['axes', name]);
      if (isNamed && written.path === undefined)
        return { name, path: name, values: written.values, place, isFree: true };
      return isNamed
        ? { name, path: axisPath(written.path ?? name), values: written.values, place }
        : { name: name.split('.').at(-1) ?? name, path: axisPath(name), values: written, place };
    });
    for (const [index, axis] of axes.entries()) {
      checkName(axis, axes.slice(0, index));
      if (axis.path === precisionPath) checkPrecisions(axis);
      else if (axis.isFree) checkFree(axis);
      else checkAxis(axis, pinned);
    }
    const swept = axes.filter(({ path }) => path !== precisionPath);
    this.axes = axes;
    this.objectives = [...new Set(spec.objectives)];
    this.constraints = spec.constraints.map((formula, index) => ({
      formula,
      place: locate(['constraints', index]),
    }));
    this.conditionsPlace = locate(['conditions']);
    this.#conditions = spec.conditions.map((formula, index) => ({
      formula,
      place: locate(['conditions', index]),
    }));
    this.#follows = Object.entries(spec.set).map(([path, formula]) => ({
      path,
      formula,
      place: locate(['set', path]),
    }));
    for (const { path, place } of this.#follows) {
      const axis = axes.find((one) => isWithin(one.path, path) || isWithin(path, one.path));
      if (axis === undefined) continue;
      throw new PlasticoreError('invalid-value', `sets '${path}', which axis '${axis.name}' chooses`, {
        ...place,
        hint: `let the axis set something else, or leave '${path}' out of set`,
      });
    }
    this.#precision = precision;
    // Designs are called by the names of the axes.
    const nameOf = designNames(swept.map(({ name, values }) => ({ path: name, values })));
    this.#nameOf = ({ precision: at, values }) =>
      nameOf({
        precision: at,
        values: Object.fromEntries(swept.map(({ name, path }) => [name, values[path]])),
      });
    this.designAt(axes.map(() => 0));
  }

  /** How many combinations of values there are, whether or not they meet the conditions. */
  get combinations(): number {
    return this.axes.reduce((product, { values }) => product * values.length, 1);
  }

  /** The choice at a position in the order of all combinations: the last axis varies fastest. */
  choiceAt(position: number): Choice {
    let rest = position;
    return this.axes
      .toReversed()
      .map(({ values }) => {
        const index = rest % values.length;
        rest = Math.floor(rest / values.length);
        return index;
      })
      .reverse();
  }

  /** Whether a choice meets all conditions. */
  allows(choice: Choice): boolean {
    return this.#conditions.every(
      ({ formula, place }) => this.#evaluate(formula, this.#numbers(choice), place) !== 0,
    );
  }

  /** The choices one step from another along each axis. */
  neighboursOf(choice: Choice): Choice[] {
    return this.axes.flatMap(({ values }, axis) =>
      [-1, 1].flatMap((step) => {
        const position = at(choice, axis) + step;
        const moved = choice.map((value, index) => (index === axis ? position : value));
        return position < 0 || position >= values.length || !this.allows(moved) ? [] : [moved];
      }),
    );
  }

  designAt(choice: Choice): SpaceDesign {
    const chosen = this.axes.map((axis, index) => ({ axis, value: axis.values[choice[index] ?? 0] }));
    const precision = this.#precisionOf(choice);
    const others = chosen.filter(({ axis }) => axis.path !== precisionPath);
    const values = Object.fromEntries(others.map(({ axis, value }) => [axis.path, value]));
    const numbers = this.#follows.length === 0 ? new Map<string, number>() : this.#numbers(choice);
    const settings = joinSettings(
      noSettings,
      ...others.flatMap(({ axis, value }) =>
        axis.isFree ? [] : [pathSetting(axis.path, value, axis.place)],
      ),
      ...this.#follows.map(({ path, formula, place }) =>
        pathSetting(path, this.#evaluate(formula, numbers, place), place),
      ),
    );
    return { choice, precision, values, name: this.#nameOf({ precision, values }), settings };
  }

  #precisionOf(choice: Choice): string {
    const index = this.axes.findIndex(({ path }) => path === precisionPath);
    const value = this.axes[index]?.values[choice[index] ?? 0];
    return typeof value === 'string' ? value : this.#precision;
  }

  /** The numbers that formulas know, by name. */
  #numbers(choice: Choice): Map<string, number> {
    const { weightBits, shadowBits } = parsePrecision(this.#precisionOf(choice)) ?? floatBits;
    const numbers = new Map(Object.entries({ weightBits, shadowBits }));
    for (const [index, { name, values }] of this.axes.entries()) {
      const value = values[choice[index] ?? 0];
      if (typeof value === 'number') numbers.set(name, value);
    }
    return numbers;
  }

  #evaluate(formula: Formula, numbers: ReadonlyMap<string, number>, place: Place): number {
    return evaluate(formula, (name) => numbers.get(name), [...numbers.keys()], place);
  }
}

/** The baseline has one width for all. */
const floatBits = { weightBits: 32, shadowBits: 32 };

/** Whether a path is, or lies within, another one. */
function isWithin(path: string, outer: string): boolean {
  return path === outer || path.startsWith(`${outer}.`);
}

function checkName({ name, path, place }: SpaceAxis, before: readonly SpaceAxis[]): void {
  if (before.some((other) => other.path === path))
    throw new PlasticoreError('invalid-value', `'${path}' is an axis twice`, place);
  const isTaken = before.some((other) => other.name === name) || ['weightBits', 'shadowBits'].includes(name);
  if (isTaken)
    throw new PlasticoreError('invalid-value', `two things are called '${name}' in formulas`, {
      ...place,
      hint: 'give the axis another name: NAME: {path: ..., values: [...]}',
    });
}

/** Formulas know numbers alone. */
function checkFree({ name, values, place }: SpaceAxis): void {
  const other = values.find((value) => typeof value !== 'number');
  if (other === undefined) return;
  throw new PlasticoreError(
    'invalid-value',
    `axis '${name}' has no path, so its values are for formulas: expected numbers, found ${JSON.stringify(other)}`,
    place,
  );
}

function checkPrecisions({ values, place }: SpaceAxis): void {
  for (const value of values) {
    if (value === 'fp32' || value === 'own') continue;
    if (typeof value === 'string' && parsePrecision(value) !== undefined) continue;
    const found = typeof value === 'string' ? value : JSON.stringify(value);
    throw new PlasticoreError(
      'invalid-value',
      `expected a precision such as mp16-8, or fp32, found ${found}`,
      {
        ...place,
        hint: suggest(String(value), ['mp8-4', 'mp8-8', 'mp16-4', 'mp16-8', 'mp16-12', 'mp16-16', 'fp32']),
      },
    );
  }
}

/** Length of the longest value that a name spells out. */
const longestValue = 24;

/**
 * Names of designs and cells that are valid folder names on any file system: `mp16-8_gain=2_lanes=8`, or with
 * a seed `mp16-8_gain=2_lanes=8_seed=1`.
 *
 * An axis is named by the last part of its path, or by as many parts as distinguish it from the other axes. A
 * value that is not a short plain word or number is shortened, and a part of its SHA-256 is appended:
 * `hiddenRate=value-6-1f0c55`. A name does not depend on the other values of an axis, so names stay the same
 * when a sweep is extended.
 */
function designNames(axes: readonly Axis[]): (design: DesignKey) => string {
  const heads = axes.map(({ path }) => shortPath(path, axes));
  return ({ precision, values }) =>
    [precision, ...axes.map(({ path }, index) => `${heads[index]}=${valueLabel(values[path])}`)].join('_');
}

/** Names a design's cell, or a run of the store, with its seed. */
export function cellName(design: string, seed: number): string {
  return `${design}_seed=${seed}`;
}

function shortPath(path: string, axes: readonly Axis[]): string {
  const parts = path.split('.');
  for (let length = 1; length < parts.length; length++) {
    const tail = parts.slice(-length).join('.');
    const isAlone = axes.every((other) => other.path === path || !`.${other.path}`.endsWith(`.${tail}`));
    if (isAlone) return plain(tail);
  }
  return plain(path);
}

function valueLabel(value: unknown): string {
  const text = shownValue(value);
  // Some file systems ignore case, and the text of true is the same as that of 'true'.
  const isPlain = /^[\da-z.+-]+$/.test(text) && text.length <= longestValue;
  const isItself = typeof value !== 'string' || !isScalar(text);
  if (isPlain && isItself) return text;
  const digest = sha256([new TextEncoder().encode(JSON.stringify(value ?? null))]).slice(0, 6);
  const short = text.replaceAll(/[^\w.+]+/g, '-').replaceAll(/^[-.]+|[-.]+$/g, '');
  return `${short.slice(0, longestValue)}-${digest}`.replace(/^-/, '');
}

/** Whether a text looks like a number, a boolean or null. */
function isScalar(text: string): boolean {
  return ['true', 'false', 'null'].includes(text) || String(Number(text)) === text;
}

function plain(text: string): string {
  return text.replaceAll(/[^\w.+-]/g, '-');
}
