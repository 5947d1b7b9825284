import jsep from 'jsep';
import { type Place, PlasticoreError } from './error.ts';
import { isReserved, tableOf } from './names.ts';
import { suggest } from './nearest.ts';

/** A number, or an expression over named numbers such as `2 ** (max(weightBits, 8) - 1 + gain)`. */
export type Formula = number | string;

const functions: ReadonlyMap<string, (...values: number[]) => number> = new Map(
  Object.entries({
    abs: Math.abs,
    ceil: Math.ceil,
    floor: Math.floor,
    log2: Math.log2,
    max: Math.max,
    min: Math.min,
    round: Math.round,
  }),
);

/** The longest formula in characters. It bounds how deeply a formula can nest, since evaluation recurses. */
const longestFormula = 1000;

const binary: Readonly<Record<string, (a: number, b: number) => number>> = tableOf({
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '%': (a, b) => a % b,
  '**': (a, b) => a ** b,
  '<': (a, b) => Number(a < b),
  '<=': (a, b) => Number(a <= b),
  '>': (a, b) => Number(a > b),
  '>=': (a, b) => Number(a >= b),
  '==': (a, b) => Number(a === b),
  '!=': (a, b) => Number(a !== b),
});

/**
 * The value of a formula.
 *
 * @param names returns the value of a name in the formula; called once per name, so values can be computed on demand
 * @param known the names that exist, for the hint when one is unknown
 */
export function evaluate(
  formula: Formula,
  names: (name: string) => number | undefined,
  known: readonly string[],
  place: Place = {},
): number {
  if (typeof formula === 'number') return formula;
  if (formula.length > longestFormula) {
    throw new PlasticoreError(
      'invalid-value',
      `a formula of ${formula.length} characters, ${longestFormula} at most: '${formula.slice(0, 20)}...'`,
      { ...place, hint: 'give parts of it names of their own under parameters:' },
    );
  }
  let tree: jsep.Expression;
  try {
    tree = jsep(formula);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new PlasticoreError('syntax', `'${formula}' is not an expression: ${reason}`, place);
  }
  const value = walk(tree);
  if (!Number.isFinite(value)) throw new PlasticoreError('invalid-value', `'${formula}' is ${value}`, place);
  return value;

  function walk(node: jsep.Expression): number {
    if (isA<jsep.Literal>(node, 'Literal') && typeof node.value === 'number') return node.value;
    if (isA<jsep.Identifier>(node, 'Identifier')) {
      const found = isReserved(node.name) ? undefined : names(node.name);
      if (found !== undefined) return found;
      throw new PlasticoreError('invalid-value', `'${formula}': '${node.name}' is not defined`, {
        ...place,
        hint: suggest(node.name, known),
      });
    }
    if (
      isA<jsep.UnaryExpression>(node, 'UnaryExpression') &&
      (node.operator === '-' || node.operator === '+')
    ) {
      return node.operator === '-' ? -walk(node.argument) : walk(node.argument);
    }
    if (isA<jsep.BinaryExpression>(node, 'BinaryExpression')) {
      const operation = binary[node.operator];
      if (operation !== undefined) return operation(walk(node.left), walk(node.right));
    }
    if (isA<jsep.ConditionalExpression>(node, 'ConditionalExpression')) {
      return walk(node.test) !== 0 ? walk(node.consequent) : walk(node.alternate);
    }
    if (isA<jsep.CallExpression>(node, 'CallExpression') && isA<jsep.Identifier>(node.callee, 'Identifier')) {
      const called = functions.get(node.callee.name);
      if (called !== undefined) return called(...node.arguments.map(walk));
      throw new PlasticoreError('invalid-value', `'${formula}': there is no function '${node.callee.name}'`, {
        ...place,
        hint: suggest(node.callee.name, [...functions.keys()]),
      });
    }
    throw new PlasticoreError('syntax', `'${formula}' is not an arithmetic expression`, {
      ...place,
      hint: 'numbers, names, + - * / % **, comparisons, a ? b : c, and min, max, abs, floor, ceil, round, log2',
    });
  }
}

function isA<Node extends jsep.Expression>(node: jsep.Expression, type: Node['type']): node is Node {
  return node.type === type;
}
