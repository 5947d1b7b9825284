import { describe, expect, it } from 'vitest';
import { engineNames } from '../../../src/engine/index.ts';
import { failure } from '../../hardware/tiny.ts';
import { imageOf, spikeTrain } from '../../support/core.ts';
import { run, start, valuesIn } from './driver.ts';

/** Two inputs; each of their spikes adds 1 + the label to the three neurons that answer. */
const program = `format: plasticore/program/1
name: inputs
steps: 2
input: in
populations: {in: {size: 2}, out: {size: 3, fields: {x: {kind: integer, bits: 8}}}}
projections: {p: {from: in, to: out}}
microcode: {rule: rule.uc}
events: {tick: [{deliver: in}], spike: {in: [{run: count, over: p}]}}
readout: out.x
`;

const microcode = `kernel count over row
  ld  r0, host.label
  ld  r1, post.x
  add r1, r1, r0
  add r1, r1, 1
  st  r1, post.x
end`;

const image = imageOf(program, microcode);

describe.each(engineNames)('the %s engine', (name) => {
  it('delivers an input as often as it is listed, even more often than there are neurons', () => {
    const engine = start(name, image);
    run(engine, [[1, 0, 1, 1, 0], []]);
    expect(valuesIn(engine, 'out.x')).toEqual([5, 5, 5]);
    const { pushes, pops, spikes } = engine.counters();
    expect({ pushes, pops, spikes }).toEqual({ pushes: 5, pops: 5, spikes: [5, 0] });
  });

  it('delivers what it has received beside the spikes of a sample, whose list has to grow', () => {
    // 20 000 spikes beside one: more than the list of those received has room for.
    const engine = start(name, image);
    const many = 20_000;
    const spikes = { steps: 1, offsets: Uint32Array.of(0, many), indices: new Uint32Array(many) };
    engine.begin({ label: 0, learn: false, steps: 1, spikes });
    engine.receive(0, [1]);
    engine.finish();
    const { pushes, spikes: counted } = engine.counters();
    expect({ pushes, counted }).toEqual({ pushes: many + 1, counted: [many + 1, 0] });
  });

  it('refuses inputs that the population does not have', () => {
    for (const neuron of [2, 65535]) {
      const error = failure(() => run(start(name, image), [[0], [neuron]]));
      expect(error.code).toBe('data');
      expect(error.message).toBe(`in: expected neurons 0 to 1, found ${neuron}`);
    }
    const engine = start(name, image);
    engine.begin({ label: 0, learn: false, steps: 1 });
    for (const neuron of [-1, 0.5, Number.NaN])
      expect(failure(() => engine.receive(0, [neuron])).message).toContain(`found ${neuron}`);
  });

  it('goes on with its sample where another one is refused', () => {
    const engine = start(name, image);
    const sample = { label: 0, learn: false, steps: 2 };
    engine.begin({ ...sample, spikes: spikeTrain([0], [1, 1]) });
    engine.step();
    expect(failure(() => engine.begin({ ...sample, spikes: spikeTrain([1], [0, 2, 0]) })).code).toBe('data');
    expect([...engine.spikesOf(0)]).toEqual([0]);
    engine.step();
    expect([...engine.spikesOf(0)]).toEqual([1, 1]);
    expect(valuesIn(engine, 'out.x')).toEqual([3, 3, 3]);
  });

  it('keeps what it has received for a step through the events that are triggered before', () => {
    // Programs have events of one sort or the other; an engine may have both.
    const [actions = []] = image.events.spike;
    const named = [{ name: 'more', actions, mostEmitted: 0 }];
    const engine = start(name, { ...image, events: { ...image.events, named } });
    engine.begin({ label: 0, learn: false, steps: 2 });
    engine.receive(0, [1]);
    engine.triggerEach(0, [0, 1, 0]);
    expect(valuesIn(engine, 'out.x')).toEqual([3, 3, 3]);
    engine.step();
    expect([...engine.spikesOf(0)]).toEqual([1]);
    expect(valuesIn(engine, 'out.x')).toEqual([4, 4, 4]);
  });

  it('finds the neuron that the population does not have at every place of a sample', () => {
    const engine = start(name, image);
    for (let place = 0; place < 37; place++) {
      for (const wrong of [2, 2 ** 31, 2 ** 32 - 1]) {
        const indices = new Uint32Array(37);
        indices[place] = wrong;
        const spikes = { steps: 2, offsets: Uint32Array.of(0, 5, 37), indices };
        const sample = { label: 0, learn: false, steps: 2, spikes };
        expect(failure(() => engine.begin(sample)).message).toContain(`found ${wrong}`);
        // What lies behind the last spike is of no sample.
        engine.begin({ ...sample, spikes: { ...spikes, offsets: Uint32Array.of(0, 0, place) } });
      }
    }
  });

  it('takes a label for each item of the readout, and no other', () => {
    const engine = start(name, image);
    run(engine, [[0, 1]], 2);
    expect(valuesIn(engine, 'out.x')).toEqual([6, 6, 6]);
    for (const label of [3, -1, 0.5, Number.NaN]) {
      const error = failure(() => run(engine, [[0]], label));
      expect(error.code).toBe('data');
      expect(error.message).toBe(`out.x: expected labels 0 to 2, found ${label}`);
    }
  });
});

describe.each(engineNames)('the state of the %s engine', (name) => {
  it('is refused where it is of another image', () => {
    const engine = start(name, image);
    const state = engine.save();
    const [first = new Uint32Array(), ...others] = state.banks;
    const longer = { ...state, banks: [new Uint32Array(first.length + 1), ...others] };
    expect(failure(() => engine.restore(longer)).message).toContain('expected banks of');
    expect(failure(() => engine.restore({ ...state, banks: others })).code).toBe('data');
    const fewer = { ...state, generators: state.generators.slice(1) };
    expect(failure(() => engine.restore(fewer)).message).toBe('expected 4 generators, found 3');
    engine.restore(state);
  });
});
