import * as z from 'zod';
import { count, shareSchema } from './schema-parts.ts';

const accuracy = shareSchema.nullable();

const costs = {
  updates: count.describe('Weight updates'),
  sops: count.describe('Synaptic operations'),
  cycles: count.describe('Clock cycles'),
  energyPj: count.nullable().describe('null where nobody knows it'),
  latencyNs: count,
};
const lifeCostsSchema = z.strictObject(costs);

const lifeStageSchema = z.strictObject({
  name: z.string(),
  frozen: z.literal(true).exactOptional().describe('Only where its samples were presented and not learned'),
  passes: count,
  samples: count.describe('In each pass'),
  tasks: z.array(count).describe('The tasks that it teaches, by index; none where it is frozen'),
  newClasses: count.describe('Classes that no stage before it has taught'),
  classes: count.describe('Classes taught by the end of it'),
  bitsPerClass: count.nullable().describe('Memory that learning needs, over the classes taught so far'),
  costs: lifeCostsSchema.describe('Of all its passes, without tests'),
  perSample: lifeCostsSchema
    .nullable()
    .describe('The same for each sample that was presented; null without any'),
  perClass: lifeCostsSchema.nullable().describe('The same for each new class; null without any'),
});

const lifeTestSchema = z.strictObject({
  stage: z.int().describe('The stage that it follows, from 0; -1 before the first one'),
  accuracy: accuracy.describe('On all that was tested'),
  byTask: z.array(accuracy).describe('On each task; null where it was not tested'),
  met: accuracy.describe('On the tasks met so far, sample for sample'),
  old: accuracy.describe('On the tasks taught in stages before'),
  new: accuracy.describe('On the tasks that the stage has taught first'),
});

/** Learning over a lifetime: what was learned in each stage, at what cost, and what became of it. */
export const lifeSchema = z.strictObject({
  joint: z
    .literal(true)
    .exactOptional()
    .describe('Only where the samples of all stages were presented together, in random order'),
  tasks: z
    .array(z.strictObject({ name: z.string(), samples: count }))
    .describe('Parts of the test set, each the part of a stage'),
  stages: z.array(lifeStageSchema),
  tests: z.array(lifeTestSchema).describe('In order; `byTask` of all of them is the accuracy matrix'),
  averageAccuracy: accuracy.describe('After the last stage: mean over the tasks met'),
  incrementalAccuracy: accuracy.describe('Mean over the tests after stages of the accuracy on the tasks met'),
  forgetting: z
    .number()
    .nullable()
    .describe(
      'Mean over the tasks taught before the last stage: the best accuracy since the task was taught, before the last test, less that in the last test (Chaudhry et al., ECCV 2018); null without such tasks',
    ),
  backwardTransfer: z
    .number()
    .nullable()
    .describe(
      'Mean over the same tasks: accuracy in the last test less that right after the task was taught (Lopez-Paz and Ranzato, NeurIPS 2017)',
    ),
  forwardTransfer: z
    .number()
    .nullable()
    .describe(
      'Mean over the tasks taught after the first stage: accuracy just before the task is taught, less that before the first stage (same source); null unless stages test `all`',
    ),
});
