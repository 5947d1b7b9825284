/** Operations on numbers; those of bits by BigInt. */
export function apply(op: string, args: readonly (() => number)[]): number {
  const [first = () => 0, second = () => 0, third = () => 0] = args;
  if (op === '?:') return first() !== 0 ? second() : third();
  if (op === '&&') return first() !== 0 && second() !== 0 ? 1 : 0;
  if (op === '||') return first() !== 0 || second() !== 0 ? 1 : 0;
  const a = first();
  if (op === '!') return a === 0 ? 1 : 0;
  if (op === 'abs') return a < 0 ? -a : a;
  const b = second();
  switch (op) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '%':
      return Number.isInteger(a) ? Number(BigInt(a) % BigInt(b)) : a % b;
    case '<':
      return a < b ? 1 : 0;
    case '<=':
      return a <= b ? 1 : 0;
    case '==':
      return a === b ? 1 : 0;
    case '!=':
      return a === b ? 0 : 1;
    case 'min':
      return Math.min(a, b);
    case 'max':
      return Math.max(a, b);
    default:
      return bitwise(op, low32(a), low32(b));
  }
}

/** The lowest 32 bits of the whole part. */
function low32(value: number): bigint {
  return BigInt.asIntN(32, Number.isFinite(value) ? BigInt(Math.trunc(value)) : 0n);
}

function bitwise(op: string, a: bigint, b: bigint): number {
  const shift = BigInt.asUintN(5, b);
  const results: Readonly<Record<string, bigint>> = {
    '&': a & b,
    '|': a | b,
    '^': a ^ b,
    '<<': a << shift,
    '>>': a >> shift,
  };
  const result = results[op];
  if (result === undefined) throw new Error(`no operation ${op}`);
  return Number(BigInt.asIntN(32, result));
}
