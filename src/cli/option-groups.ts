/** Options of several commands, by purpose. The others are a command's own, and come first in its help. */
export const optionGroups = [
  {
    title: 'Network and core:',
    names: ['hw', 'chip', 'precision', 'seed', 'seeds', 'vary', 'set', 'weights', 'inference', 'placement'],
  },
  { title: 'Data:', names: ['data', 'encoder', 'epochs', 'limit', 'validate'] },
  { title: 'Where it runs:', names: ['engine', 'threads', 'workers', 'on', 'slurm-args'] },
  {
    title: 'Results:',
    names: [
      'out',
      'json',
      'neurobench',
      'record',
      'keep-states',
      'resume',
      'overwrite',
      'checkpoint-seconds',
    ],
  },
];
const own = 'Options:';

/** As many options are seen at a glance. */
const mostUngrouped = 6;

/** The options of a command under the titles of its help, as its table orders them. */
export function inGroups(options: readonly string[]): ReadonlyMap<string, readonly string[]> {
  if (options.length <= mostUngrouped) return new Map([[own, options]]);
  const titleOf = (option: string) => optionGroups.find(({ names }) => names.includes(option))?.title ?? own;
  const titles = [own, ...optionGroups.map(({ title }) => title)];
  return new Map(titles.map((title) => [title, options.filter((option) => titleOf(option) === title)]));
}
