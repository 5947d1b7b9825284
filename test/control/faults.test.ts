import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { loadHwModel } from '../../src/hardware/index.ts';
import { files, placeOf, tiny } from '../hardware/tiny.ts';
import { failureOf } from '../support/errors.ts';

const controller = `controller:
  constants: {served: 4}
  registers: {step: {bits: 8}}
  queues:
    wheel: {depth: 4, slots: 8, entry: {target: 3}}
    plain: {depth: 4, entry: {target: 3}}
  tables: {routes: {rows: served, entry: {to: 3}}}
  records: {spikes: [cycle, neuron]}
  routines:
    send: [{push: plain, entry: {target: 1}}]
  inputs:
    go:
      takes: {neuron: 3}
      do:
        - {run: hit, with: {neuron: neuron}, cycles: 2, spikes: [{record: {spikes: [clock, spike]}}]}
        - {each: {e: 'wheel[step % 8]'}, set: {step: step + 1}}
        - call: send
`;

const load = (text: string) => loadHwModel(tiny + text, 'model.yaml', files({}));

test('a controller as data has the name of its hw-model', () => {
  expect(load(controller)).toMatchObject({
    controller: 'tiny',
    controllerData: { constants: { served: 4 } },
  });
});

describe('what is wrong is told with its line and column', () => {
  test.each<[string, part: string, wrong: string, place: string, message: string]>([
    ['a key', 'cycles: 2', 'cycle: 2', 'cycle: 2', "unknown key 'cycle'; did you mean 'cycles'?"],
    [
      'a name',
      'step + 1',
      'stop + 1',
      'stop + 1',
      "'stop + 1': 'stop' is not defined\n  did you mean 'step'?",
    ],
    ['no formula', 'clock, spike', 'clock +, spike', 'clock +', "'clock +' is not an expression"],
    ['a record', '{record: {spikes:', '{record: {spike:', '[clock, spike]', "there is no record 'spike'"],
    [
      'values of a record',
      '[clock, spike]',
      '[clock]',
      '[clock]',
      'expected 2 values (cycle, neuron), found 1',
    ],
    ['a routine', 'call: send', 'call: sent', 'sent', "there is no routine 'sent'"],
    [
      'a routine that nothing calls',
      '- call: send',
      '- cycles: 1',
      '[{push: plain',
      'routines.send: is called nowhere',
    ],
    [
      'a routine that calls itself',
      '[{push: plain, entry: {target: 1}}]',
      '[{call: send}]',
      'send}]',
      'a routine cannot call itself: send calls send',
    ],
    ['a queue without its slot', "'wheel[step % 8]'", 'wheel', 'wheel}', 'expected a slot: wheel[...]'],
    [
      'a slot of a queue that has none',
      'push: plain',
      "push: 'plain[1]'",
      "'plain[1]'",
      "queue 'plain' has no slots",
    ],
    [
      'a field of an entry',
      'entry: {target: 1}',
      'entry: {targets: 1}',
      '1}}]',
      "an entry has no field 'targets'",
    ],
    [
      'a queue of depth 0',
      'plain: {depth: 4,',
      'plain: {depth: 0,',
      '0, entry',
      'expected a number of entries (a whole number, 1 to 1048576), found 0',
    ],
    [
      'a table of no rows',
      'served: 4',
      'served: 0',
      'served, entry',
      'tables.routes.rows: expected a whole number from 1 to 16777216, found 0',
    ],
    [
      'a table of too many rows',
      'rows: served, entry: {to: 3}',
      'rows: 16777216, entry: {to: 3, from: 3}',
      '{rows: 16777216',
      'tables.routes: queues and tables hold at most 16777216 numbers',
    ],
    ['a size that nothing states', 'rows: served', 'rows: serve', 'serve, entry', "'serve' is not defined"],
    [
      'two actions',
      '- call: send',
      '- {call: send, until: 4}',
      '{call: send, until',
      'expected one of let, run, push, pop, clear, set, until, record, call, stop, found until and call',
    ],
    [
      'a key without what it belongs to',
      '- call: send',
      '- {call: send, items: 777}',
      '777}',
      "'items' belongs to 'run'",
    ],
    [
      'a name of what an event has taken',
      'constants: {served: 4}',
      'constants: {served: 4, took: 1}',
      '{served',
      "'took' has a meaning already",
    ],
    [
      'the name of a spike',
      'constants: {served: 4}',
      'constants: {served: 4, value: 1}',
      '{served',
      "'value' has a meaning already",
    ],
    ['a name that has a meaning', 'each: {e:', 'each: {step:', "'wheel[", "'step' has a meaning already"],
    [
      'a name of two things',
      'constants: {served: 4}',
      'constants: {served: 4, step: 1}',
      '{step: {bits',
      "'step' has a meaning already",
    ],
    ['what is set', 'set: {step:', 'set: {served:', 'step + 1', 'expected a register, or a field of a table'],
    [
      'a width',
      'step: {bits: 8}',
      'step: {bits: 49}',
      '49',
      'expected a number of bits (a whole number, 1 to 48), found 49',
    ],
    [
      'a controller that is a list',
      controller,
      'controller: [1]\n',
      '[1]',
      'expected the name of a controller',
    ],
  ])('%s', (_, part, wrong, place, message) => {
    const text = controller.replace(part, () => wrong);
    expect(text).not.toBe(controller);
    const { line, column } = placeOf(tiny + text, place);
    const described = failureOf(() => load(text)).describe();
    expect(described).toContain(`model.yaml:${line}:${column}`);
    expect(described).toContain(message);
  });
});

test('the example of the documentation is a controller', () => {
  const page = readFileSync(new URL('../../docs/chips.md', import.meta.url), 'utf8');
  const example = /```yaml\n([\s\S]*?)```/.exec(page)?.[1] ?? '';
  expect(load(example).controllerData?.inputs).toHaveProperty('step');
});
