import type { ImageOperand } from '../../image/index.ts';
import { integerRange, valueRange } from '../../isa/index.ts';
import { at } from '../../text/index.ts';
import type { KernelBody } from './kernel-body.ts';
import type { Wire } from './lane-text.ts';
import { extended, indented, vector } from './verilog.ts';

/** A draw of a kernel's line from a generator that the hw-model declares. */
interface DeclaredDraw {
  readonly line: number;
  readonly phase: number;
  readonly operand: ImageOperand | undefined;
  /** Where it is not zero in the first item of a group of lanes, the generator advances for the group. */
  readonly predicate: Wire | undefined;
}

/**
 * Draws from generators that the hw-model declares. A generator serves its lanes group by group: the words of a group
 * are bits of one advance, and the next group that holds an item has those of the next advance.
 */
export class DeclaredDraws {
  readonly #body: KernelBody;
  /** By generator, for each phase that draws: the name of the state after its draws. */
  readonly #after = new Map<number, Map<number, string>>();

  constructor(body: KernelBody) {
    this.#body = body;
  }

  /** @returns what it draws */
  draw({ line, phase, operand, predicate }: DeclaredDraw): Wire {
    if (operand?.is !== 'generator') throw new Error('a draw from no generator');
    const { image, taps, lanes: code, shared } = this.#body;
    const { generator } = operand;
    const { lanes: served, far, near, wordBits, words, bitsPerAdvance } = at(image.generators, generator);
    const { lanes } = image.core;
    const name = `g${generator}_${line + 1}`;
    const known = this.#after.get(generator) ?? new Map<number, string>();
    this.#after.set(generator, known);
    const state = `generator_${generator}`;
    const before = known.get(phase) ?? taps.input(state, far, state);
    const items = taps.at('items', 2 + phase);
    const asked = predicate && taps.packed(`${name}_where`, 1);
    if (asked !== undefined && predicate !== undefined)
      code.lines.push(`assign ${asked}[l] = ${code.isSet(predicate)};`);
    const taken = `${name}_bits`;
    shared.push(
      `// line ${line + 1}: bits of the generator's sequence, those of its state first`,
      `reg ${vector(wordBits * lanes)} ${name}_words;`,
      `reg ${vector(far)} ${name}_state;`,
      `reg ${vector(far + bitsPerAdvance)} ${taken};`,
      `reg ${vector(served)} ${name}_group;`,
      `integer ${name}_i;`,
      'always_comb begin',
      `  ${name}_state = ${before};`,
      `  ${name}_words = {${wordBits * lanes}{1'b0}};`,
      ...indented(
        Array.from({ length: Math.ceil(lanes / served) }, (_, group) => group * served).flatMap((first) => {
          const own = Math.min(served, lanes - first);
          // The first item of a group is its lowest lane that holds one.
          const firstItem = `${name}_group & (~${name}_group + ${served}'d1)`;
          const isAsked =
            asked === undefined
              ? `|${name}_group`
              : `|(${firstItem} & ${served}'(${asked}[${first} +: ${own}]))`;
          return [
            `${taken} = {${bitsPerAdvance + far}{1'b0}};`,
            `${taken}[0 +: ${far}] = ${name}_state;`,
            `for (${name}_i = ${far}; ${name}_i < ${far + bitsPerAdvance}; ${name}_i = ${name}_i + 1)`,
            `  ${taken}[${name}_i] = ${taken}[${name}_i - ${near}] ^ ${taken}[${name}_i - ${far}];`,
            `${name}_group = ${served}'(${items}[${first} +: ${own}]);`,
            `if (${isAsked}) begin`,
            `  for (${name}_i = 0; ${name}_i < ${own}; ${name}_i = ${name}_i + 1)`,
            `    ${name}_words[(${first} + ${name}_i) * ${wordBits} +: ${wordBits}] = ${taken}[${far} + (${name}_i % ${words}) * ${wordBits} +: ${wordBits}];`,
            `  ${name}_state = ${taken}[${bitsPerAdvance} +: ${far}];`,
            'end',
          ];
        }),
      ),
      'end',
    );
    known.set(phase, `${name}_state`);
    const isFull = wordBits === 32;
    const word = `${name}_words[l * ${wordBits} +: ${wordBits}]`;
    const range = isFull ? integerRange(32, true) : valueRange(0, 2 ** wordBits - 1);
    return code.wire(range, () => extended(word, isFull));
  }

  /** Hands back the states of the generators from which the kernel has drawn. */
  finish(): void {
    const { image, taps } = this.#body;
    for (const [generator, phases] of this.#after) {
      const { steps, next } = taps.ofPhases(phases);
      taps.output(`generator_${generator}_step`, undefined, steps);
      taps.output(`generator_${generator}_next`, at(image.generators, generator).far, next);
    }
  }
}
