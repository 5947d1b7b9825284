import { PlasticoreError } from 'plasticore/chips';

/** The values that a rule may read: the traces of both sides, the weight, the delay and the tag of the synapse. */
const variables = ['x1', 'x2', 'y1', 'y2', 'y3', 'w', 'd', 't'] as const;
export type Variable = (typeof variables)[number];

/** When a product counts: at a spike of either side, or in every 2^exponent-th epoch. */
export type Gate =
  | { readonly by: 'x0' | 'y0' }
  | {
      readonly by: 'epoch';
      /** Every 2^exponent-th. */
      readonly exponent: number;
    };

/** A variable and what is added to it. */
interface Factor {
  readonly variable: Variable;
  readonly constant: number;
}

/** One product of a rule. It counts where its gate is open. */
interface Product {
  readonly gate: Gate;
  readonly factors: readonly Factor[];
  /** With its sign. */
  readonly mantissa: number;
  readonly exponent: number;
}

/** A change of a synapse: a sum of products. */
export type Rule = readonly Product[];

const token =
  /\s*(2\^(-?\d+)|(\d+)|([xy]0)|u(\d)|([xy][12]|y3|[wdt])|\(\s*([xy][12]|y3|[wdt])\s*([+-])\s*(\d+)\s*\))\s*/y;

/**
 * Reads a rule as Loihi's programs state it: products of powers of two, gates (`x0`, `y0`, `u2`: every 2^2-th epoch),
 * variables, and sums of a variable and a constant. A product has one gate.
 *
 * @example
 * parseRule('2^-6*y0*(x1-3)*y2 - 3*2^-3*x0')
 * @throws PlasticoreError `data` with the position of what is not understood
 */
export function parseRule(text: string): Rule {
  const products: Product[] = [];
  let at = 0;
  while (at < text.length) {
    const sign = /\s*([+-])?\s*/y;
    sign.lastIndex = at;
    const [all = '', written] = sign.exec(text) ?? [];
    if (written === undefined && products.length > 0) throw wrong('+ or - between products');
    at += all.length;
    products.push(product(written === '-' ? -1 : 1));
  }
  if (products.length === 0) throw wrong('a product, such as 2^-3*x1*y0');
  return products;

  function product(sign: number): Product {
    const start = at;
    let gate: Gate | undefined;
    const factors: Factor[] = [];
    let [mantissa, exponent] = [sign, 0];
    do {
      token.lastIndex = at;
      const found = token.exec(text);
      if (found === null)
        throw wrong('a power of two, a number, x0, y0, u0, a variable, or (variable + constant)');
      const [all, , power, number, spike, epoch, variable, inSum, operator, constant] = found;
      if (power !== undefined) exponent += Number(power);
      else if (number !== undefined) mantissa *= Number(number);
      else if (spike !== undefined || epoch !== undefined) {
        if (gate !== undefined) throw wrong('a product with one gate');
        gate = spike === 'x0' || spike === 'y0' ? { by: spike } : { by: 'epoch', exponent: Number(epoch) };
      } else if (isVariable(variable)) factors.push({ variable, constant: 0 });
      else if (isVariable(inSum))
        factors.push({ variable: inSum, constant: Number(`${operator}${constant}`) });
      at += all.length;
    } while (text[at] === '*' && ++at);
    if (gate === undefined) {
      at = start;
      throw wrong('a product with a gate (x0, y0, or u0 to u9)');
    }
    return { gate, factors, mantissa, exponent };
  }

  function wrong(what: string): PlasticoreError {
    const rest = text.slice(at).trim();
    return new PlasticoreError(
      'data',
      `rule '${text}': expected ${what} at character ${at + 1}, found ${rest === '' ? 'its end' : `'${rest}'`}`,
    );
  }
}

function isVariable(name: string | undefined): name is Variable {
  return variables.some((variable) => variable === name);
}

/** The variables of some rules, in the order of {@link variables}. */
export function variablesIn(rules: readonly Rule[]): Variable[] {
  const used = new Set(
    rules.flatMap((rule) => rule.flatMap(({ factors }) => factors.map((factor) => factor.variable))),
  );
  return variables.filter((variable) => used.has(variable));
}
