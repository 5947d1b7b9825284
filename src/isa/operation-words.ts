import type { KindPattern, OperandShape, Operation } from './operation.ts';

/** An operation in words, for the reference page and for editors. */
export interface OperationWords {
  /** `mul rd, a, b`. */
  readonly syntax: string;
  /** The operands that each source accepts: `a, b values`. */
  readonly operands: string;
  /** Kinds of the result and the sources: `N ← N, N`. */
  readonly kinds: string;
  /** Classes of work, for which a hw-model has units and prices: `add, compare`. */
  readonly cost: string;
}

export function operationWords(operation: Operation): OperationWords {
  return {
    syntax: syntaxOf(operation),
    operands: operandsOf(operation),
    kinds: kindsOf(operation),
    cost: costOf(operation),
  };
}

/** The sources of an operation, as its meaning calls them. */
function sourcesOf({ operands, kinds }: Operation): { name: string; shape: OperandShape }[] {
  const letters = ['a', 'b', 'c'];
  const sources = operands.map((shape, index) => ({ shape, kind: kinds[index] }));
  return sources
    .filter(({ shape }) => shape !== 'result')
    .map(({ shape, kind }) => ({
      shape,
      name: shape === 'field' ? 'role.field' : kind === '-' ? 'n' : (letters.shift() ?? ''),
    }));
}

function syntaxOf(operation: Operation): string {
  const result = operation.operands[0] === 'result' ? ['rd'] : [];
  return `${operation.mnemonic} ${[...result, ...sourcesOf(operation).map(({ name }) => name)].join(', ')}`;
}

function operandsOf(operation: Operation): string {
  const sources = sourcesOf(operation).filter(({ shape }) => shape !== 'field');
  const shapes = [...new Set(sources.map(({ shape }) => shape))];
  return shapes
    .map((shape) => {
      const names = sources.filter((source) => source.shape === shape).map(({ name }) => name);
      return `${names.join(', ')} ${shape}${names.length > 1 ? 's' : ''}`;
    })
    .join('; ');
}

function kindsOf({ kinds, operands }: Operation): string {
  const words = (patterns: readonly KindPattern[]): string => patterns.join(', ');
  return operands[0] === 'result' ? `${kinds[0]} ← ${words(kinds.slice(1))}` : words(kinds);
}

function costOf({ cost, effect }: Operation): string {
  const classes = Object.entries(cost).map(([name, count]) => (count === 1 ? name : `${count} ${name}`));
  if (['load', 'store', 'reduce', 'correlate'].includes(effect.does)) classes.push('words');
  if (effect.does === 'emit') classes.push('FIFO push');
  return classes.join(', ');
}
