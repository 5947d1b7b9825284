import type { CoreImage, ImageOperand } from '../../image/index.ts';
import { integerRange, valueRange } from '../../isa/index.ts';
import { at } from '../../text/index.ts';
import type { LaneText, Wire } from './lane-text.ts';
import type { Taps } from './taps.ts';
import { indented, vector } from './text.ts';

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
  readonly #image: CoreImage;
  readonly #taps: Taps;
  readonly #lanes: LaneText;
  readonly #shared: string[];
  /** By generator, for each phase that draws: the name of the state after its draws. */
  readonly #after = new Map<number, Map<number, string>>();

  constructor(image: CoreImage, taps: Taps, lanes: LaneText, shared: string[]) {
    this.#image = image;
    this.#taps = taps;
    this.#lanes = lanes;
    this.#shared = shared;
  }

  /** @returns what it draws */
  draw({ line, phase, operand, predicate }: DeclaredDraw): Wire {
    if (operand?.is !== 'generator') throw new Error('a draw from no generator');
    const {
      lanes: served,
      far,
      near,
      wordBits,
      words,
      bitsPerAdvance,
    } = at(this.#image.generators, operand.generator);
    const { lanes } = this.#image.core;
    const index = operand.generator;
    const name = `g${index}_${line + 1}`;
    const known = this.#after.get(index) ?? new Map<number, string>();
    this.#after.set(index, known);
    const before = known.get(phase) ?? this.#state(index);
    const items = this.#taps.items(2 + phase);
    const asked = predicate === undefined ? undefined : this.#taps.packed(`${name}_where`, 1);
    if (asked !== undefined && predicate !== undefined)
      this.#lanes.lines.push(`assign ${asked}[l] = ${this.#lanes.isSet(predicate)};`);
    const taken = `${name}_bits`;
    this.#shared.push(
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
    return this.#lanes.wire(isFull ? integerRange(32, true) : valueRange(0, 2 ** wordBits - 1), () =>
      isFull ? `$signed(${word})` : `$signed({1'b0, ${word}})`,
    );
  }

  /** Hands back the states of the generators from which the kernel has drawn. */
  finish(): void {
    for (const [index, phases] of this.#after) {
      const all = [...phases];
      const valid = (phase: number): string => this.#taps.valid(2 + phase);
      const [, last = ''] = all[0] ?? [];
      this.#taps.output(
        `generator_${index}_step`,
        1,
        { does: 'generator-step', generator: index },
        all.map(([phase]) => valid(phase)).join(' | '),
      );
      this.#taps.output(
        `generator_${index}_next`,
        at(this.#image.generators, index).far,
        { does: 'generator-next', generator: index },
        all.slice(1).reduce((others, [phase, name]) => `${valid(phase)} ? ${name} : ${others}`, last),
      );
    }
  }

  #state(generator: number): string {
    const { far } = at(this.#image.generators, generator);
    return this.#taps.input(`generator_${generator}`, far, '', { does: 'generator', generator });
  }
}
