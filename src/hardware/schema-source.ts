import * as z from 'zod';
import { choice, expected, key, strictObject } from '../text/index.ts';
import { text } from './schema-values.ts';
import { sourceKinds } from './source.ts';

const factor = expected('two factors around 1, such as [0.8, 1.25]');
/** The source of figures. */
export const source = strictObject({
  cite: key(
    text('author, title, venue, table or page'),
    'Author, title, venue, and the table or page that has the figure.',
    'M. Horowitz, ISSCC 2014, Figure 1.1.9',
  ),
  kind: key(
    choice(sourceKinds),
    'How the figure was obtained. `measured`: on silicon. `simulated`: from a netlist or layout. `synthesised`: by a synthesis tool or memory compiler. `fitted`: so that a published total comes out. `derived`: scaled or computed from other figures.',
  ),
  checked: key(
    choice(['primary', 'secondary', 'memory']),
    'Where the figure was read. `primary`: in the work cited. `secondary`: in a work that quotes it. `memory`: nowhere; it was written down from memory.',
  ),
  interval: key(
    z.tuple(
      [
        z.number({ error: factor }).min(0, { error: factor }).max(1, { error: factor }),
        z.number({ error: factor }).min(1, { error: factor }).max(1000, { error: factor }),
      ],
      { error: factor },
    ),
    'Two factors: the true value lies between the first times the figure and the second times it. Errors of figures of one source are fully correlated. If absent, its figures are taken as exact.',
    [0.8, 1.25],
  ).optional(),
});
