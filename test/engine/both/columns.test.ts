import { describe, expect, it } from 'vitest';
import { type Core, createCore, engineNames, triggerEvent } from '../../../src/engine/index.ts';
import { BitGenerator } from '../../golden/plain/bit-generator.ts';
import { failure } from '../../hardware/tiny.ts';
import { columnCore, columnProgram, columnRules } from '../../support/column-core.ts';
import { imageOf, indexOfField, workIndex } from '../../support/core.ts';

const rows = 5;
/** Rows 1 and 3 have a trace; a neuron of the second tile has a g. */
const t = [0, 3, 0, 1, 0, 0, 0, 0];
const g = [0, 0, 0, 0, 0, 2, 0, 0];
/** One for each word of three neurons. */
const gain = [10, 10, 10, 20, 20, 20, 30, 30];
const weights = Array.from({ length: 64 }, (_, s) => s);

const specs = {
  wide: { a: 3, b: 25, perAdvance: 128, wordBits: 32, lanes: 4, words: 4 },
  pairs: { a: 1, b: 15, perAdvance: 7, wordBits: 3, lanes: 2, words: 2 },
};
type Name = keyof typeof specs;

/** A generator whose state has bits 0 to far - 1 of `state`, as the test's own. */
function plain(name: Name, state: number): BitGenerator {
  const { a, b, perAdvance } = specs[name];
  const start = new Map(Array.from({ length: b }, (_, i) => [i - b, Math.floor(state / 2 ** i) % 2]));
  return new BitGenerator({ a, b, perAdvance, start });
}

const states: Readonly<Record<Name, number>> = { wide: 0x1234567, pairs: 0x4321 };

describe.each(engineNames)('on the %s engine', (engineName) => {
  function start(columns: number, weightBits = 8): Core {
    const image = imageOf(columnProgram(columns, weightBits), columnRules, columnCore, {
      precision: 'own',
    });
    const engine = createCore(image, { engine: engineName });
    const set = (name: string, values: readonly number[]): void =>
      engine.write(indexOfField(image, name), values);
    set('n.t', t);
    set('n.g', g);
    set('n.gain', gain);
    set('p.w', weights);
    const state = engine.save();
    state.generators.set([states.wide, states.pairs], image.core.lanes);
    engine.restore(state);
    return engine;
  }
  const values = (engine: Core, name: string): number[] => [...engine.read(indexOfField(engine.image, name))];

  /** Tile by tile, all rows; a tile without a reason neither draws nor writes. */
  function expected(name: Name, columns: number): { weights: number[]; visits: number; state: BitGenerator } {
    const { wordBits, lanes, words } = specs[name];
    const generator = plain(name, states[name]);
    const found = [...weights];
    let visits = 0;
    for (let first = 0; first < columns; first += 4) {
      const tile = [0, 1, 2, 3].map((lane) => first + lane).filter((column) => column < columns);
      for (let row = 0; row < rows; row++) {
        const trace = t[row] ?? 0;
        if (trace === 0 && tile.every((column) => g[column] === 0)) continue;
        visits += 1;
        for (const column of tile) {
          const lane = column % lanes;
          if (lane === 0 && column > first) generator.advance();
          const random = generator.word(wordBits * (lane % words), wordBits) % 8;
          found[8 * row + column] = (found[8 * row + column] ?? 0) + random + (gain[column] ?? 0) + trace;
        }
        generator.advance();
      }
    }
    return { weights: found, visits, state: generator };
  }

  // Two whole tiles are vectors where a word is a lane's; three columns of the second are not, nor are words of 3 bits.
  it.each([
    ['wide', 'learnWide', 8],
    ['wide', 'learnWide', 7],
    ['pairs', 'learnPairs', 8],
    ['pairs', 'learnPairs', 7],
    ['pairs', 'learnPairs', 2],
  ] as const)('a kernel by columns draws from %s (%s, %i columns)', (name, event, columns) => {
    const engine = start(columns);
    triggerEvent(engine, event);
    const { weights: want, visits } = expected(name, columns);
    expect(values(engine, 'p.w')).toEqual(want);
    const { image } = engine;
    const bank = (which: string): number => image.banks.findIndex((candidate) => candidate.name === which);
    const counted = engine.counters().work[workIndex(image, `${event}(p)`)];
    const tiles = Math.ceil(columns / 4);
    expect(counted).toMatchObject({ runs: 1, passes: tiles, tiles: tiles * rows, items: columns * rows });
    // Each tile of each row is read, a word of four weights; those with a reason are written.
    expect(counted?.reads[bank('shadow')]).toBe(tiles * rows);
    expect(counted?.writes[bank('shadow')]).toBe(visits);
    // Three neurons to a word: rows 0 to 4 lie in two, columns 0 to 3 in two, 4 to 6 or 7 in two.
    const ofColumns = columns === 2 ? 1 : 2;
    expect(counted?.reads[bank('state')]).toBe(tiles * (2 + ofColumns));
    expect(counted?.writes[bank('state')]).toBe(0);
  });

  it('counts the words that a tile at the end has', () => {
    const engine = start(6, 16);
    triggerEvent(engine, 'learnWide');
    const bank = engine.image.banks.findIndex(({ name }) => name === 'shadow');
    const counted = engine.counters().work[workIndex(engine.image, 'learnWide(p)')];
    // Two weights to a word: two words of the first tile and one of the second. Rows 1 and 3 of the first, all of the
    // second.
    expect(counted?.reads[bank]).toBe(5 * (2 + 1));
    expect(counted?.writes[bank]).toBe(2 * 2 + 5 * 1);
  });

  it('continues drawing where it stopped, over thousands of advances, and from a saved state', () => {
    const engine = start(8);
    const generator = plain('pairs', states.pairs);
    const other = createCore(engine.image, { engine: engineName });
    for (let run = 0; run < 400; run++) {
      triggerEvent(engine, 'draw', { from: 0 });
      const want = Array.from({ length: 8 }, (_, neuron) => {
        if (neuron % 2 === 0 && (run > 0 || neuron > 0)) generator.advance();
        return 1 + generator.word(3 * (neuron % 2), 3);
      });
      expect(values(engine, 'n.drawn')).toEqual(want);
      if (run !== 200) continue;
      other.restore(engine.save());
      expect(other.save()).toEqual(engine.save());
    }
    for (let run = 201; run < 400; run++) triggerEvent(other, 'draw', { from: 0 });
    expect(values(other, 'n.drawn')).toEqual(values(engine, 'n.drawn'));
    expect(other.save()).toEqual(engine.save());
  });

  it('does not advance where the first item of a group does not ask, nor for groups without items', () => {
    const engine = start(7);
    // Neuron 3 asks, but neuron 2 of its pair does not; 4 and 5, and 6 alone, do.
    triggerEvent(engine, 'draw', { from: 3 });
    const generator = plain('pairs', states.pairs);
    const pair = [generator.word(0, 3), generator.word(3, 3)];
    generator.advance();
    expect(values(engine, 'n.drawn')).toEqual([
      1,
      1,
      1,
      1,
      ...pair.map((w) => w + 1),
      generator.word(0, 3) + 1,
      0,
    ]);
    // A kernel over one neuron is a group of one, which takes its lane's word.
    generator.advance();
    triggerEvent(engine, 'drawOne', { neuron: 1, from: 0 });
    expect(values(engine, 'n.drawn')[1]).toBe(1 + generator.word(3, 3));
  });

  it('holds the last value read', () => {
    const engine = start(8);
    engine.write(indexOfField(engine.image, 'n.drawn'), [9, 8, 7, 6, 5, 0, 0, 0]);
    triggerEvent(engine, 'hold');
    expect(values(engine, 'n.t')).toEqual([0, 3, 0, 1, 0, 1, 0, 1]);
    expect(values(engine, 'n.drawn')).toEqual([9, 8, 7, 6, 5, 6, 5, 6]);
  });

  it('keeps one value for each word, and refuses two', () => {
    const engine = start(8);
    expect(values(engine, 'n.gain')).toEqual(gain);
    const layout =
      engine.image.layouts[engine.image.fields[indexOfField(engine.image, 'n.gain')]?.layout ?? -1];
    expect(layout).toMatchObject({ itemBits: 8, itemsPerWord: 3, wordsPerRow: 3 });
    // Bits 24 to 31 of the first word are the gain; 8 bits for each of three neurons below.
    const bank = engine.image.banks.findIndex(({ name }) => name === 'state');
    expect(engine.save().banks[bank]?.[0]).toBe(10 * 2 ** 24 + 3 * 2 ** 8);
    const other = gain.map((value, neuron) => (neuron === 4 ? 21 : value));
    const { message } = failure(() => engine.write(indexOfField(engine.image, 'n.gain'), other));
    expect(message).toBe('n.gain: item 4 cannot be 21 where item 3 of its word is 20');
  });
});
