import { describe, expect, test } from 'vitest';
import { controlled, MockCores } from './mock.ts';

/** What a controller records when it is sent an input without numbers. */
function recordsOf(shape: object, inputs = 1, cores = new MockCores()) {
  const chip = controlled(shape, cores);
  for (let i = 0; i < inputs; i++) chip.send('go', []);
  return { records: chip.takeRecords(), clock: chip.cycle, counts: chip.counts };
}

describe('cycles', () => {
  test('of the items of an event pass one after the other; a spike delays the next ones', () => {
    const cores = new MockCores();
    cores.potentials[0] = [0, 9, 0, 9, 0, 0, 0, 0];
    const { records, clock } = recordsOf(
      {
        records: { spikes: ['cycle', 'neuron'] },
        inputs: {
          go: {
            do: [
              {
                run: 'all',
                with: { w: 1 },
                items: 8,
                cycles: 2,
                spikes: [{ record: { spikes: ['clock - 1', 'spike'] }, cycles: 6 }],
              },
            ],
          },
        },
      },
      1,
      cores,
    );
    // Neuron 1 in the last of its cycles, 2 and 3; six more, then neurons 2 and 3: 10 to 13. Eight items, two spikes.
    expect(records).toEqual({
      spikes: [
        [3, 1],
        [13, 3],
      ],
    });
    expect(clock).toBe(8 * 2 + 2 * 6);
  });

  test('are a formula of flags that the event has stored', () => {
    const cores = new MockCores();
    cores.potentials[0] = [0, 9, 0, 9, 0, 0, 0, 0];
    const visit = {
      each: { n: 8 },
      run: 'add',
      with: { neuron: 'n', w: 1 },
      cycles: '4 + 3 * neurons.fired[n]',
    };
    expect(recordsOf({ inputs: { go: { do: [visit] } } }, 1, cores).clock).toBe(8 * 4 + 2 * 3);
  });

  test('are those that the core takes, in its own core, and what is added to them', () => {
    const doing = [
      { each: { n: 2 }, run: 'add', with: { neuron: 'n', w: 1 }, cycles: 'took' },
      { run: 'all', core: 1, with: { w: 1 }, cycles: 'took % 2 == 1 ? 2 * took + 5 : 0' },
    ];
    // 3 + 1 for each of two, then 2 x (3 + 8) + 5.
    const { clock } = recordsOf({ cores: 2, inputs: { go: { do: doing } } }, 1, new MockCores(2));
    expect(clock).toBe(2 * 4 + 27);
  });

  test('of the core are those of a whole event, not of each of its items', () => {
    const visit = { run: 'all', with: { w: 1 }, items: 8, cycles: 'took' };
    const wrong = () => controlled({ inputs: { go: { do: [visit] } } });
    expect(wrong).toThrow("'took' is of the whole event");
  });

  test('of the core are those of a visit that runs an event', () => {
    const wrong = () => controlled({ inputs: { go: { do: [{ cycles: 'took' }] } } });
    expect(wrong).toThrow("'took' is not defined");
  });

  test('records are kept up to a limit, in one input, too', () => {
    const chip = controlled({
      records: { rows: ['n'] },
      inputs: { go: { do: [{ each: { n: 8 }, record: { rows: ['n'] } }] } },
    });
    chip.listen(10);
    chip.send('go', []);
    expect(() => chip.send('go', [])).toThrow('controller: records: more than 10 rows of a record');
  });

  test('pass until a time, and not back', () => {
    const { clock } = recordsOf({ inputs: { go: { do: [{ until: 9 }, { until: 4 }, { cycles: 2 }] } } });
    expect(clock).toBe(11);
  });

  test('of what begins together are those of the longest; what is recorded is in the order of the clock', () => {
    const { records, clock } = recordsOf(
      {
        cores: 3,
        registers: { own: { bits: 8 } },
        records: { done: ['cycle', 'core'] },
        inputs: {
          go: {
            do: [
              { cycles: 5 },
              {
                each: { c: 'cores' },
                core: 'c',
                together: true,
                do: [
                  { set: { own: 'own + c' }, cycles: '7 - 2 * own' },
                  { record: { done: ['clock', 'core'] } },
                ],
              },
            ],
          },
        },
      },
      1,
      new MockCores(3),
    );
    // Cores add 0, 1, 2 to their registers, and take 7, 5, 3 cycles.
    expect(records).toEqual({
      done: [
        [8, 2],
        [10, 1],
        [12, 0],
      ],
    });
    expect(clock).toBe(12);
  });
});

describe('registers', () => {
  test('wrap at their width, with a sign or without; all values of a visit are computed first', () => {
    const chip = controlled({
      registers: { a: { bits: 4, initial: 15 }, b: { bits: 4, signed: true, initial: 7 }, c: { bits: 48 } },
      inputs: {
        go: { takes: { n: { bits: 8, signed: true } }, do: [{ set: { a: 'a + n', b: 'b + n', c: 'a' } }] },
      },
    });
    chip.send('go', [2]);
    // 17 mod 16; 9 - 16; a as it was.
    expect(['a', 'b', 'c'].map((name) => chip.read(name, 0))).toEqual([[1], [-7], [15]]);
    chip.send('go', [-10]);
    expect(['a', 'b', 'c'].map((name) => chip.read(name, 0))).toEqual([[7], [-1], [1]]);
    expect(() => chip.send('go', [128])).toThrow("input 'go': n does not hold 128");
  });

  test('a Galois generator of 16 bits, beside one of single bits, visits all 65535 states', () => {
    const chip = controlled({
      registers: { lfsr: { bits: 16, initial: 0xace1 } },
      inputs: {
        go: {
          takes: { times: 17 },
          do: [{ each: { i: 'times' }, set: { lfsr: 'lfsr >> 1 ^ (lfsr & 1) * 0xB400' } }],
        },
      },
    });
    // Taps at 16, 14, 13, 11 from the highest bit: bits 15, 13, 12, 10 flip where a 1 leaves.
    let bits = Array.from({ length: 16 }, (_, bit) => (0xace1 >> bit) & 1);
    for (let i = 0; i < 500; i++) {
      const out = bits[0] ?? 0;
      bits = [...bits.slice(1), 0].map((bit, place) => ([15, 13, 12, 10].includes(place) ? bit ^ out : bit));
      chip.send('go', [1]);
      expect(chip.read('lfsr', 0)).toEqual([bits.reduce((sum, bit, place) => sum + bit * 2 ** place, 0)]);
    }
    chip.send('go', [65535 - 500]);
    expect(chip.read('lfsr', 0)).toEqual([0xace1]);
    chip.send('go', [65534]);
    expect(chip.read('lfsr', 0)).not.toEqual([0xace1]);
  });
});

describe('queues', () => {
  const queue = (extra: object = {}) => ({
    queues: { q: { depth: 3, entry: { a: 8, b: { bits: 4, signed: true } } } },
    records: { seen: ['a', 'b'], lost: ['a'] },
    inputs: {
      push: { takes: { a: 8 }, do: [{ push: 'q', entry: { a: 'a', b: '-a' }, ...extra }] },
      head: { do: [{ record: { seen: ['q.a', 'q.b'] } }, { pop: 'q' }] },
      all: { do: [{ each: { e: 'q' }, record: { seen: ['e.a', 'e.b'] } }, { clear: 'q' }] },
    },
  });

  test('keep the order; what finds no room is lost, and counted', () => {
    const chip = controlled(queue());
    for (const a of [1, 2]) chip.send('push', [a]);
    chip.send('head', []);
    for (const a of [3, 9, 5]) chip.send('push', [a]);
    chip.send('all', []);
    // -9 in four bits is 7.
    expect(chip.takeRecords().seen).toEqual([
      [1, -1],
      [2, -2],
      [3, -3],
      [9, 7],
    ]);
    expect(chip.counts).toEqual({ pushes: 4, pops: 4, drops: 1 });
    expect(() => chip.send('head', [])).toThrow('inputs.head.do.0.record.seen.0: there is no entry 0');
  });

  test('say themselves what happens where there is no room', () => {
    const chip = controlled(queue({ full: [{ record: { lost: ['a'] } }] }));
    for (const a of [1, 2, 3, 4]) chip.send('push', [a]);
    expect(chip.takeRecords().lost).toEqual([[4]]);
    expect(chip.counts.drops).toBe(0);
  });

  test('of slots are a wheel of delays', () => {
    const chip = controlled({
      registers: { step: { bits: 16 } },
      queues: { wheel: { slots: 8, depth: 2, entry: { id: 8 } } },
      records: { seen: ['step', 'id'] },
      inputs: {
        send: {
          takes: { id: 8, delay: 3 },
          do: [{ push: 'wheel[(step + delay) % 8]', entry: { id: 'id' } }],
        },
        step: {
          do: [
            { each: { e: 'wheel[step % 8]' }, record: { seen: ['step', 'e.id'] } },
            { clear: 'wheel[step % 8]' },
            { set: { step: 'step + 1' } },
          ],
        },
      },
    });
    // A list of all that wait, in the order of their sending.
    const waiting: [due: number, id: number][] = [];
    const seen: number[][] = [];
    let drops = 0;
    for (let step = 0; step < 200; step++) {
      for (let i = 0; i < (step * 7) % 4; i++) {
        const [id, delay] = [(step * 13 + i) % 256, (step * 5 + 3 * i) % 8];
        chip.send('send', [id, delay]);
        if (waiting.filter(([due]) => due === step + delay).length < 2) waiting.push([step + delay, id]);
        else drops += 1;
      }
      chip.send('step', []);
      seen.push(...waiting.filter(([due]) => due === step).map(([due, id]) => [due, id]));
    }
    expect(chip.takeRecords().seen).toEqual(seen);
    expect(chip.counts.drops).toBe(drops);
    expect(drops).toBeGreaterThan(0);
  });
});

test('nothing is recorded, nor computed for a record, until somebody listens', () => {
  const cores = new MockCores();
  const chip = controlled(
    {
      records: { seen: ['v'] },
      inputs: { go: { do: [{ record: { seen: ['neurons.v[0]'] }, cycles: 1 }] } },
    },
    cores,
    false,
  );
  for (let i = 0; i < 3; i++) chip.send('go', []);
  expect([cores.reads, chip.cycle, chip.takeRecords()]).toEqual([0, 3, { seen: [] }]);
  chip.listen();
  chip.send('go', []);
  expect([cores.reads, chip.cycle, chip.takeRecords()]).toEqual([1, 4, { seen: [[0]] }]);
});

test('a listener gets the rows of its record alone, as they are made; nothing else is recorded', () => {
  const cores = new MockCores();
  const visits = [
    { record: { seen: ['clock'], read: ['neurons.v[0]'] }, cycles: 2 },
    { record: { seen: ['clock'] } },
  ];
  const chip = controlled(
    { records: { seen: ['c'], read: ['v'] }, inputs: { go: { do: visits } } },
    cores,
    false,
  );
  const rows: number[][] = [];
  chip.hear('seen', (row) => rows.push([...row]));
  chip.send('go', []);
  expect([rows, cores.reads, chip.takeRecords()]).toEqual([[[0], [2]], 0, { seen: [], read: [] }]);
  expect(() => chip.hear('sean', () => undefined)).toThrow("the controller has no record 'sean'");
});

describe('visits', () => {
  test('go through tables, call routines, and take the other way', () => {
    const cores = new MockCores();
    const chip = controlled(
      {
        tables: { routes: { rows: 3, entry: { to: 3, w: { bits: 4, signed: true } } } },
        routines: { add: [{ run: 'add', with: { neuron: 'r.to', w: 'r.w' } }] },
        inputs: {
          go: {
            do: [
              { each: { r: 'routes' }, when: 'r.w != 0', call: 'add', else: [{ set: { 'routes[r].w': 5 } }] },
            ],
          },
        },
      },
      cores,
    );
    chip.write('routes.to', 0, [4, 1, 7]);
    chip.write('routes.w', 0, [-2, 0, 6]);
    chip.send('go', []);
    chip.send('go', []);
    expect(cores.ran).toEqual(['0 add 4 -2', '0 add 7 6', '0 add 4 -2', '0 add 1 5', '0 add 7 6']);
  });

  test('let names stand for numbers as they were, and loops end', () => {
    const { records } = recordsOf({
      registers: { n: { bits: 8, initial: 5 } },
      records: { seen: ['before', 'now'] },
      inputs: {
        go: {
          do: [
            { let: { before: 'n' } },
            { while: 'n > 2', set: { n: 'n - 1' }, do: [{ record: { seen: ['before', 'n'] } }] },
          ],
        },
      },
    });
    expect(records.seen).toEqual([
      [5, 4],
      [5, 3],
      [5, 2],
    ]);
  });

  test.each<[string, object[], string]>([
    [
      'that never ends',
      [{ while: 1 }],
      'inputs.go.do.0: the input has made 16777216 visits and has not ended',
    ],
    [
      'with an address outside',
      [{ set: { 't[4].x': 1 } }],
      'inputs.go.do.0.set.t[4].x: expected an address from 0 to 3, found 4',
    ],
    [
      'with half a cycle',
      [{ cycles: '1 / 2' }],
      'inputs.go.do.0.cycles: expected a whole number of cycles, at least 0, found 0.5',
    ],
    ['of a core that is not there', [{ core: 1 }], 'expected a core from 0 to 0, found 1'],
    [
      'with a scalar out of range',
      [{ run: 'add', with: { w: 8 } }],
      'inputs.go.do.0.with.w: expected -8 to 7, found 8',
    ],
    ['that stops', [{ when: 'clock == 0', stop: 'nothing goes' }], 'inputs.go.do.0.stop: nothing goes'],
    ['of an item that is not there', [{ set: { r: 'neurons.v[8]' } }], 'neurons.v has items 0 to 7, found 8'],
    [
      'of more spikes than items',
      [
        { run: 'all', with: { w: 7 } },
        { run: 'all', items: 4, spikes: [] },
      ],
      'expected one of the 4 items',
    ],
  ])('a visit %s is an error with its place', (_, visits, message) => {
    const chip = controlled({
      registers: { r: { bits: 8 } },
      tables: { t: { rows: 4, entry: { x: 4 } } },
      inputs: { go: { do: visits } },
    });
    expect(() => chip.send('go', [])).toThrow(message);
  });
});
