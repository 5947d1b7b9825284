import { expect, test } from 'vitest';
import { engineNames } from '../../../../src/engine/index.ts';
import { checkJson, parseJson } from '../../../../src/golden/index.ts';
import { Dice } from '../../../engine/random/dice.ts';
import { drawLava, type PlainLava, plainLava, textOf } from '../../../golden/plain/loihi-learning.ts';
import { replayContext } from '../../replay-context.ts';
import { replayLoihi } from '../replay.ts';
import { loihiSchema } from '../trace-shape.ts';

/** A drawn run as a recording of Lava. */
function recorded(run: PlainLava) {
  const { pre: n_pre, post: n_post, mode, length: t_epoch, traces, rules, start, spikes, random } = run;
  const results = plainLava(run);
  const text = (rule: PlainLava['rules']['w']) => (rule === undefined ? null : textOf(rule));
  return {
    source: 'lava',
    config: {
      ...{ n_pre, n_post, mode, t_epoch, three_factor: false, ...traces },
      ...{ dw: text(rules.w), dt: text(rules.t), dd: text(rules.d) },
      decay_factor: Object.fromEntries(
        Object.values(traces).flatMap(({ tau }) => (tau === 0 ? [] : [[tau, Math.exp(-1 / tau)]])),
      ),
      ...{ steps: spikes.pre.length, weights: start.w, tag: start.t, delay: start.d },
    },
    stimulus: spikes,
    random: {
      ...{
        x_decay: random.xDecay,
        x_impulse: random.xImpulse,
        y_decay: random.yDecay,
        y_impulse: random.yImpulse,
      },
      ...{ weight: random.weight, y_within: random.within },
    },
    expected: {
      ...{
        weights: results.map(({ w }) => w),
        tag: results.map(({ t }) => t),
        delay: results.map(({ d }) => d),
      },
      ...Object.fromEntries(
        (['x1', 'x2', 'y1', 'y2', 'y3'] as const).map((name) => [
          name,
          results.map(({ level }) => level[name]),
        ]),
      ),
    },
  };
}

test.each(engineNames)('random rules learn as an independent model does, on engine %s', (engine) => {
  for (let seed = 1; seed <= 25; seed++) {
    const trace = {
      ...{
        format: 'loihi-golden/1',
        kind: 'learn',
        name: 'drawn',
        runs: { drawn: recorded(drawLava(new Dice(seed))) },
      },
      sources: { brian2loihi: 'plain', nengo_loihi: 'plain', lava: 'plain' },
    };
    const read = checkJson(parseJson(JSON.stringify(trace), 'x.json'), loihiSchema);
    expect(replayLoihi(read, { ...replayContext, engine }), `seed ${seed}`).toMatchObject({ agrees: true });
  }
});
