import {
  type Core,
  type CoreImage,
  createCore,
  type Divergence,
  fieldNamed,
  type Program,
} from 'plasticore/chips';
import { type BrianTrace, brianProgram, weightDrawBits } from './brian.ts';
import { lavaProgram } from './lava.ts';
import { pesFractionBits, pesProgram, pesWeightDrawBits } from './pes.ts';
import type { BrianRun, LavaRun, LearnRun, NengoRun } from './recording.ts';
import { parseRule, variablesIn } from './rule.ts';
import { fixedDraw } from './text.ts';

const preTraces = ['x1', 'x2'] as const;
const postTraces = ['y1', 'y2', 'y3'] as const;
const allTraces = [...preTraces, ...postTraces] as const;

/** The program of a recorded run: its rule as microcode. */
export function programOf(run: LearnRun): Program {
  switch (run.source) {
    case 'lava': {
      const { n_pre: pre, n_post: post, mode, t_epoch: epochSteps, dw, dd, dt, decay_factor } = run.config;
      const read: readonly string[] = variablesIn(
        [dw, dd, dt].flatMap((rule) => (rule === null ? [] : [parseRule(rule)])),
      );
      const traces = allTraces.flatMap((name) => {
        const { tau, impulse } = run.config[name];
        // Without both, a trace stays zero.
        return tau === 0 && impulse === 0 && !read.includes(name)
          ? []
          : [[name, { decay: decay_factor[tau] ?? 0, impulse }] as const];
      });
      return lavaProgram({
        pre,
        post,
        mode,
        epochSteps,
        traces: Object.fromEntries(traces),
        rules: {
          ...(dw !== null && { w: dw }),
          ...(dd !== null && { d: dd }),
          ...(dt !== null && { t: dt }),
        },
      });
    }
    case 'brian2loihi': {
      const { n_pre: pre, n_post: post, mode, bits, dw } = run.config;
      return brianProgram({ pre, post, mode, bits, rule: dw, traces: brianTracesOf(run) });
    }
    case 'nengo_loihi': {
      const {
        n_pre: pre,
        n_post: post,
        decay_factor: decay,
        impulse,
        bits,
        rate_mant,
        rate_exp,
      } = run.config;
      return pesProgram({
        pre,
        post,
        decay,
        impulse,
        bits,
        rate: { mantissa: rate_mant, exponent: rate_exp },
      });
    }
  }
}

/** A core that learns, by the names of its program: events, scalars, fields. */
export class LearningCore {
  readonly #core: Core;

  /** @param onCore told of the core */
  constructor(image: CoreImage, engine: string, onCore?: (core: Core) => void) {
    this.#core = createCore(image, { engine });
    onCore?.(this.#core);
  }

  trigger(event: string, scalars: Readonly<Record<string, number>> = {}): void {
    const { events, eventScalars } = this.#core.image;
    for (const [name, value] of Object.entries(scalars))
      this.#core.event[eventScalars.findIndex((scalar) => scalar.name === name)] = value;
    this.#core.trigger(events.named.findIndex(({ name }) => name === event));
  }

  read(field: string): Float64Array {
    return this.#core.read(fieldNamed(this.#core.image, field));
  }

  write(field: string, values: ArrayLike<number>): void {
    this.#core.write(fieldNamed(this.#core.image, field), values);
  }
}

/** Runs a recording and states where it first differs. */
export function learningDivergence(name: string, run: LearnRun, core: LearningCore): Divergence | undefined {
  const compare = new Comparison(`run ${name}, `);
  switch (run.source) {
    case 'lava':
      return runLava(run, core, compare);
    case 'brian2loihi':
      return runBrian(run, core, compare);
    case 'nengo_loihi':
      return runNengo(run, core, compare);
  }
}

/** Holds what a core has against what is recorded. */
class Comparison {
  readonly #run: string;

  constructor(run: string) {
    this.#run = run;
  }

  /** The first item that differs. Nothing is compared where nothing is recorded. */
  differs(when: string, what: string, expected: readonly number[] | undefined, found: ArrayLike<number>) {
    const at = expected?.findIndex((value, item) => value !== found[item]) ?? -1;
    if (at < 0) return undefined;
    return {
      when: `${this.#run}${when}`,
      what: `${what}[${at}]`,
      expected: String(expected?.[at]),
      found: String(found[at]),
      context: [],
    };
  }
}

function runLava(run: LavaRun, core: LearningCore, compare: Comparison): Divergence | undefined {
  const { config, stimulus, random, expected } = run;
  const { t_epoch: length } = config;
  core.write(
    'synapses.w',
    byPre(config.weights).map((w) => (config.mode === 'mixed' ? 2 * Math.floor(w / 2) : w)),
  );
  core.write('synapses.d', byPre(config.delay));
  core.write('synapses.t', byPre(config.tag));
  for (let step = 0; step < config.steps; step++) {
    const position = (step % length) + 1;
    for (const neuron of stimulus.pre[step] ?? []) core.trigger('preSpike', { neuron, position });
    const within = random.y_within[step] ?? 0;
    for (const neuron of stimulus.post[step] ?? []) core.trigger('postSpike', { neuron, position, within });
    if (config.three_factor) {
      // What post-synaptic neurons send takes the place of their traces.
      for (const name of postTraces) {
        const sent = stimulus[name]?.[step];
        if (sent !== undefined) core.write(`post.${name}`, sent);
      }
    }
    if (position < length) continue;
    const epoch = Math.floor(step / length);
    core.trigger('epoch', {
      epoch: epoch + 1,
      xDecay: fixedDraw(random.x_decay[epoch] ?? 0),
      yDecay: fixedDraw(random.y_decay[epoch] ?? 0),
      xImpulse: random.x_impulse[epoch] ?? 0,
      yImpulse: random.y_impulse[epoch] ?? 0,
      weightDraw: fixedDraw(random.weight[epoch] ?? 0, 7),
    });
    const when = `epoch ${epoch}`;
    const difference =
      allTraces
        .filter((name) => expected[name] !== undefined)
        .map((name) => {
          const side = name.startsWith('x') ? 'pre' : 'post';
          return compare.differs(when, name, expected[name]?.[epoch], core.read(`${side}.${name}`));
        })
        .find((found) => found !== undefined) ??
      compare.differs(
        when,
        'weight',
        expected.weights[epoch]?.flat(),
        byPost(core.read('synapses.w'), config),
      ) ??
      compare.differs(when, 'tag', expected.tag?.[epoch]?.flat(), byPost(core.read('synapses.t'), config)) ??
      compare.differs(
        when,
        'delay',
        expected.delay?.[epoch]?.flat(),
        byPost(core.read('synapses.d'), config),
      );
    if (difference !== undefined) return difference;
  }
  return undefined;
}

/** Synapses by pre-synaptic neuron, as a projection has them, from those by post-synaptic neuron. */
function byPre(rows: readonly (readonly number[])[]): number[] {
  return (rows[0] ?? []).flatMap((_, pre) => rows.map((row) => row[pre] ?? 0));
}

function byPost(
  values: Float64Array,
  { n_pre: pre, n_post: post }: { readonly n_pre: number; readonly n_post: number },
): Float64Array {
  return values.map((_, at) => values[(at % pre) * post + Math.floor(at / pre)] ?? 0);
}

function brianTracesOf({
  config,
}: BrianRun): Partial<Record<BrianTrace, { decay: number; impulse: number }>> {
  return Object.fromEntries(
    allTraces.flatMap((name) => {
      const trace = config[name];
      return trace === undefined ? [] : [[name, { decay: 1 - 1 / trace.tau, impulse: trace.impulse }]];
    }),
  );
}

function runBrian(run: BrianRun, core: LearningCore, compare: Comparison): Divergence | undefined {
  const { config, stimulus, random, expected } = run;
  const traces = allTraces.filter((name) => config[name] !== undefined);
  core.write('synapses.w', byPre(config.weights));
  for (let step = 0; step < config.steps; step++) {
    for (const name of traces)
      core.write(
        `synapses.draw_${name}`,
        (random[name]?.[step] ?? []).map((draw) => fixedDraw(draw)),
      );
    core.write(
      'synapses.draw_w',
      (random.w[step] ?? []).map((draw) => fixedDraw(draw, weightDrawBits)),
    );
    for (const neuron of stimulus.pre[step] ?? []) core.trigger('preSpike', { neuron });
    for (const neuron of stimulus.post[step] ?? []) core.trigger('postSpike', { neuron });
    core.trigger('arrive', { epoch: step });
    const when = `step ${step}`;
    const difference =
      traces
        .map((name) => compare.differs(when, name, expected[name]?.[step], core.read(`synapses.${name}`)))
        .find((found) => found !== undefined) ??
      compare.differs(when, 'weight', expected.weights[step], core.read('synapses.w'));
    if (difference !== undefined) return difference;
    core.trigger('decay');
  }
  return undefined;
}

function runNengo(run: NengoRun, core: LearningCore, compare: Comparison): Divergence | undefined {
  const { config, stimulus, random, expected } = run;
  core.write('synapses.w', config.weights.flat());
  for (let step = 0; step < config.steps; step++) {
    for (const neuron of stimulus.pre[step] ?? []) core.trigger('preSpike', { neuron });
    const passed = step + 1;
    if (passed % config.train_epoch === 0) {
      const epoch = passed / config.train_epoch - 1;
      core.write(
        'pre.draw',
        (random.trace[epoch] ?? []).map((draw) => fixedDraw(draw, pesFractionBits)),
      );
      core.trigger('trace');
      const difference = compare.differs(`step ${step}`, 'trace', expected.trace[epoch], core.read('pre.x1'));
      if (difference !== undefined) return difference;
    }
    if (passed % config.learn_epoch === 0) {
      const epoch = passed / config.learn_epoch - 1;
      const errors = stimulus.error[step] ?? [];
      core.write('post.error', [...errors.map((error) => -error), ...errors]);
      const draws = (random.weight[epoch] ?? []).flat();
      core.write(
        'synapses.draw',
        draws.map((draw) => fixedDraw(draw, pesWeightDrawBits)),
      );
      core.trigger('learn');
      const weights = expected.weights[epoch]?.flat();
      const difference = compare.differs(`step ${step}`, 'weight', weights, core.read('synapses.w'));
      if (difference !== undefined) return difference;
    }
  }
  return undefined;
}
