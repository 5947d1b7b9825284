import { describe, expect, it } from 'vitest';
import { compileCore } from '../../src/compiler/index.ts';
import { createCore, engineNames } from '../../src/engine/index.ts';
import { edit, failure, load } from '../hardware/tiny.ts';
import { imageOf, programOf, roundCore, spikeTrain, valuesOf } from '../support/core.ts';
import { eventCore, eventProgram, eventRules } from '../support/event-core.ts';

const refusal = (program: string, rules = eventRules, core = eventCore, precision = 'own') =>
  failure(() => imageOf(program, rules, core, { precision }));

describe('a core without widths to choose from', () => {
  it('has the precision own, and no other', () => {
    expect(refusal(eventProgram, eventRules, eventCore, 'mp16-8').message).toContain(
      'expected precision own',
    );
    expect(imageOf(eventProgram, eventRules, eventCore, { precision: 'own' }).core.precision).toBe('own');
  });

  it('takes no projection with weights of the precision', () => {
    const { message, hint } = refusal(edit(eventProgram, '    weights: none\n', ''));
    expect(message).toContain('offers no widths for weights');
    expect(hint).toContain('weights: none');
  });
});

describe('a projection without weights', () => {
  it('has its own fields, or none where named events choose its synapses or a kernel runs over them', () => {
    const pairs = edit(eventProgram, 'microcode:', '  pairs: {from: n, to: n, weights: none}\nmicrocode:');
    const image = imageOf(pairs, eventRules, eventCore, { precision: 'own' });
    expect(image.projections[1]).toMatchObject({ name: 'pairs' });
    const { layouts } = imageOf(eventProgram, eventRules, eventCore, { precision: 'own' });
    expect(image.layouts).toEqual(layouts);

    const sampled = `format: plasticore/program/1
name: sampled
input: n
populations: {n: {size: 6}, m: {size: 6, fields: {v: {kind: integer, bits: 6}}}}
projections: {p: {from: n, to: m, weights: none}}
microcode: {rule: rule.uc}
events: {spike: {n: [{run: deliver, over: p}]}, tick: [{deliver: n}]}
readout: m.v
`;
    const rule = 'kernel deliver over row\n  ldi r0, 1\n  st r0, post.v\nend\n';
    const core = edit(eventCore, 'controller: test\n', '');
    for (const engine of engineNames) {
      const machine = createCore(imageOf(sampled, rule, core, { precision: 'own' }), { engine });
      machine.begin({ label: 0, learn: false, steps: 1, spikes: spikeTrain([2]) });
      machine.finish();
      expect(valuesOf(machine, 'm.v')).toEqual([1, 1, 1, 1, 1, 1]);
    }
    const unused = edit(edit(sampled, '{n: [{run: deliver, over: p}]}', '{n: []}'), '{rule: rule.uc}', '{}');
    expect(refusal(unused, rule, core).message).toContain("'p' has neither weights nor fields");
  });

  it('counts what leads to a neuron as a synaptic operation, and other changes as updates', () => {
    const { kernels } = imageOf(eventProgram, eventRules, eventCore, { precision: 'own' });
    const counts = kernels.map(({ name, domain, counts }) => `${name} ${domain} ${counts}`);
    expect(counts).toEqual([
      'deliver row sop',
      'deliver synapse sop',
      'poke neuron undefined',
      'decay neurons undefined',
      'decay neuron undefined',
      'forget synapses update',
      'gather row undefined',
      'gather synapse undefined',
      'forget row update',
    ]);
  });

  it.each([
    ['operations', 'sop'],
    ['updates', 'update'],
    ['neither', 'undefined'],
  ])('counts as the projection says: %s', (stated, counted) => {
    const program = edit(eventProgram, '    weights: none\n', `    weights: none\n    countsAs: ${stated}\n`);
    const { kernels } = imageOf(program, eventRules, eventCore, { precision: 'own' });
    const over = kernels.filter(({ projection }) => projection !== undefined);
    expect(new Set(over.map(({ counts }) => `${counts}`))).toEqual(new Set([counted]));
  });
});

describe('fields', () => {
  it('do not overlap in their record', () => {
    const { message, line } = refusal(edit(eventProgram, 'at: 20', 'at: 6'));
    expect(message).toBe('n.v has bits 6 to 11 of its record, n.threshold has bits 3 to 6');
    expect(line).toBe(8);
  });

  it('name a bank that the core has', () => {
    const { message, hint } = refusal(edit(eventProgram, 'bank: registers', 'bank: register'));
    expect(message).toBe("hw-model 'event-round' has no bank 'register'");
    expect(hint).toContain('registers');
  });

  it('of a record are in one bank', () => {
    const split = edit(eventProgram, 'record: word, at: 20', 'record: word, at: 20, bank: registers');
    expect(refusal(split).message).toContain("n.v is in bank 'registers'");
  });

  it('have a bit only in a record', () => {
    expect(refusal(edit(eventProgram, 'bank: registers', 'at: 3')).message).toContain(
      "'at' is a bit of a record",
    );
  });
});

describe('named events', () => {
  it('need a core with a controller', () => {
    const core = edit(eventCore, 'controller: test\n', '');
    expect(refusal(eventProgram, eventRules, core).message).toContain('has no controller');
  });

  it('are all that such a core runs', () => {
    const ticked = edit(eventProgram, '  on:\n', '  tick: [{run: decay, over: n}]\n  on:\n');
    expect(refusal(ticked).message).toContain('runs on samples and steps');
  });

  it('alone bring scalars and single synapses', () => {
    const clocked = (list: string) =>
      `${eventProgram.slice(0, eventProgram.indexOf('events:\n'))}input: n\nreadout: n.v\nevents:\n  spike: {n: [${list}]}\n`;
    const core = edit(
      roundCore.replaceAll('wordBits: 16', 'wordBits: 32'),
      'placement:',
      '  registers: {capacityBits: 1024, wordBits: 1, ports: {shared: 1}, bitMask: true, readPj: 0, writePj: 0, leakUw: 0, areaUm2: 1, source: guess}\nplacement:',
    );
    const refused = (list: string) => refusal(clocked(list), eventRules, core, 'mp16-8').message;
    expect(refused('{run: deliver, over: p}')).toContain('uses ev.gain, which only named events supply');
    expect(refused('{run: forget, over: p, only: synapse}')).toContain('ev.keep');
  });

  it('know their scalars', () => {
    const { message, hint, file } = refusal(eventProgram, edit(eventRules, 'ev.keep', 'ev.kepe'));
    expect(message).toContain("no event scalar 'kepe'");
    expect(hint).toContain('keep');
    expect(file).toBe('rule.uc');
    expect(refusal(edit(eventProgram, 'gain: {bits: 3}', 'gain: {}')).message).toContain('expected its bits');
    expect(refusal(edit(eventProgram, 'gain: {bits: 3}', 'post: {bits: 3}')).message).toContain('already');
  });

  it('select only parts of a kernel’s domain', () => {
    const pictures = eventProgram
      .replace('size: 6', 'shape: [6, 1, 1]')
      .replace('weights: none', 'weights: none\n    connect: {convolution: {window: 1}}');
    expect(refusal(pictures).message).toContain("'p' is not dense");
    const odd = edit(eventProgram, 'poke: [{run: poke, over: n}]', 'poke: [{run: poke, over: n, only: row}]');
    expect(refusal(odd).message).toBe("kernel 'poke' is over neuron, which contains no single row");
  });
});

describe('a program without named events', () => {
  it('needs input and readout', () => {
    const text = (without: string) =>
      'format: plasticore/program/1\nname: a\npopulations: {n: {size: 2, fields: {v: {bits: 8}}}}\nmicrocode: {}\nevents: {tick: []}\ninput: n\nreadout: n.v\n'.replace(
        without,
        '',
      );
    expect(failure(() => programOf(text('input: n\n'), {})).message).toBe(
      'input: expected the name of a population, found nothing',
    );
    expect(failure(() => programOf(text('readout: n.v\n'), {})).message).toContain(
      'readout: expected a field',
    );
  });
});

describe('stated costs of a kernel', () => {
  it('stand for its interval and its operations', () => {
    const core = edit(
      eventCore,
      'banks:\n',
      'kernels:\n  deliver: {cyclesPerItem: 2, energyPjPerItem: 7, source: paper}\n  forget: {cyclesPerTile: 3, energyPjPerTile: 5, source: guess}\nclockPower: {uwPerMhz: 2, source: guess}\nbanks:\n',
    );
    const { costs } = compileCore(programOf(eventProgram, { 'rule.uc': eventRules }), load(core), {
      precision: 'own',
      seed: 1,
    });
    expect(costs.work[0]?.stated).toEqual({
      cyclesPerItem: 2,
      cyclesPerTile: 0,
      energyPjPerItem: 7,
      energyPjPerTile: 0,
      source: 'paper',
    });
    expect(costs.work[0]?.perSlot).toEqual([]);
    expect(costs.work[2]?.stated).toBeUndefined();
    expect(costs.clockPower).toEqual({ uwPerMhz: 2, source: 'guess' });
  });
});
