import { percent } from './text/format.ts';

/*
 * The changes that an architect would try next, from the bounds a design and where its energy goes.
 */

/** Shares of the cycles by what binds the kernels that take them. */
export type BindingShares = Readonly<Record<string, number>>;

/** Less than this is not worth a sentence. */
const telling = 0.15;

/** Parts of a whole, the largest first. */
function ranked(parts: Readonly<Record<string, number>>): [name: string, amount: number][] {
  return Object.entries(parts).sort(([, a], [, b]) => b - a);
}

/** What binds most cycles, with its share of them: `issue, 83 %`; undefined where there are none. */
export function mostOf(bound: BindingShares): string | undefined {
  const [most] = ranked(bound);
  return most && `${most[0]}, ${percent(most[1], 0)}`;
}

/**
 * What binds, in words, and what would help: "Inference is bound by issue for 83 % of its cycles: more lanes help, more
 * ports do not."
 *
 * @param work whose cycles they are: Inference, Training
 */
export function bindingAdvice(work: string, bound: BindingShares): string[] {
  const [first, second] = ranked(bound).filter(([, share]) => share > 0);
  if (first === undefined) return [];
  const also =
    second !== undefined && second[1] >= telling
      ? [`${percent(second[1], 0)} are bound by ${remedyOf(second[0]).name}: ${remedyOf(second[0]).help}.`]
      : [];
  return [boundBy(work, first[0], [first[1]]), ...also];
}

/** The same of several designs that one thing binds. */
export function boundBy(work: string, what: string, shares: readonly number[]): string {
  const { name, help } = remedyOf(what);
  return `${work} is bound by ${name} for ${rangeOf(shares)} of its cycles: ${help}.`;
}

function rangeOf(shares: readonly number[]): string {
  const [low, high] = [Math.min(...shares), Math.max(...shares)].map((share) => percent(share, 0));
  return low === high ? `${low}` : `${low?.replace(' %', '')} to ${high}`;
}

function remedyOf(resource: string): { readonly name: string; readonly help: string } {
  if (resource === 'issue') return { name: 'issue', help: 'more lanes help, more ports do not' };
  if (resource === 'stated')
    return {
      name: 'what the hw-model states for its kernels',
      help: 'only other stated cycles, or a faster clock, help',
    };
  const [, bank, kind = ''] = /^(.+) bank (?:(read|write) )?ports$/.exec(resource) ?? [];
  if (bank !== undefined) {
    const port = kind === '' ? 'port' : `${kind} port`;
    return {
      name: `the ${port}s of the ${bank} bank`,
      help: `wider words or another ${port} help, more lanes do not`,
    };
  }
  const [, returned] = /^(.+) bank returns$/.exec(resource) ?? [];
  if (returned !== undefined)
    return {
      name: `rows that return to what they have stored in the ${returned} bank`,
      help: 'lists that name each target of a row once help, more lanes do not',
    };
  if (resource === 'order of draws')
    return { name: 'the order of its draws', help: 'fewer draws in a kernel help, more ports do not' };
  const [, unit = resource] = /^(?:integer|float32) (.+)$/.exec(resource) ?? [];
  return {
    name: `its units of class ${unit}`,
    help: `another such unit a lane, or more lanes, help; more ports do not`,
  };
}

/**
 * Where the energy goes, in words, and what would save some.
 *
 * @param work whose energy it is: an inference, a training sample
 */
export function energyAdvice(work: string, byUnit: Readonly<Record<string, number>>): string[] {
  const total = Object.values(byUnit).reduce((sum, energyPj) => sum + energyPj, 0);
  const [largest] = ranked(byUnit);
  if (largest === undefined || total <= 0 || largest[1] / total < 2 * telling) return [];
  const [unit, energyPj] = largest;
  return [energyIn(work, unit, [energyPj / total])];
}

/** The same of several designs with the same largest unit. */
export function energyIn(work: string, unit: string, shares: readonly number[]): string {
  return `${rangeOf(shares)} of the energy of ${work} is ${placeOf(unit)}.`;
}

function placeOf(unit: string): string {
  const [, bank] = /^(.+) bank$/.exec(unit) ?? [];
  if (bank !== undefined)
    return `in the ${bank} bank: narrower items, or words that hold more of what is used, save there`;
  if (unit === 'leakage' || unit === 'static')
    return `${unit === 'static' ? 'static power' : 'leakage'}: smaller banks, or less time, save it`;
  if (unit === 'wires')
    return 'in wires between banks and lanes: narrower words and a smaller core save there';
  if (unit === 'clock') return 'in the clock: fewer registers, or less time, save it';
  if (unit === 'network')
    return 'in the network between cores: neurons that talk to each other belong on one core';
  if (unit === 'fetch' || unit === 'control')
    return `in ${unit}: shorter kernels save there, or more lanes that share each instruction`;
  if (unit === 'router') return 'in the router: fewer spikes save there';
  return `in ${unit}: fewer or narrower operations save there`;
}
